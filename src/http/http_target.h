/**
 * The target of a request: origin-form alone (RFC 9112 3.2.1), path and query.
 *
 * A path is taken only where it is its own normal form: no segment . or .., none that a server would make of
 * one
 * ("..;" is one to servlet containers), no hidden slash, backslash, dot or percent sign. So nobody
 * normalises, and a rule about paths compares bytes. Does not decode.
 */
#ifndef CW_HTTP_TARGET_H
#define CW_HTTP_TARGET_H

#include "http/http_reason.h"
#include "http/http_text.h"

/* Against targets as large as whatever is given to them. */
#define CW_HTTP_TARGET_MAX ((size_t)8192)

struct cw_http_target {
	struct cw_http_text path;  /* begins with a slash */
	struct cw_http_text query; /* without its question mark; empty where there is none */
};

/** Splits and checks a target. */
bool cw_http_target_parse(
	struct cw_http_text target, struct cw_http_target *ret, enum cw_http_reason *ret_reason);

#endif
