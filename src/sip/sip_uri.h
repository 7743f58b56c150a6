/**
 * SIP and SIPS URIs (RFC 3261 §19.1): checked byte for byte by the grammar here, taken apart by osipparser2.
 *
 * osipparser2 undoes escapes where it stands, and "%00" then cuts a user name short (RFC 4475 §3.1.1.4); it
 * takes "sipfoo:" for SIP, and `;` with nothing behind it for a parameter. It is therefore handed only what
 * the grammar allows, with every escape escaped once more: what comes back are the bytes as they were sent.
 * Other schemes are checked and kept whole.
 */
#ifndef CW_SIP_SIP_URI_H
#define CW_SIP_SIP_URI_H

#include "base/buffer.h"
#include "sip/sip_text.h"

struct osip_uri;

struct cw_sip_uri {
	struct cw_sip_text whole;
	struct cw_sip_text scheme; /* without the colon */
	bool sip;		   /* sip or sips: the rest is known */
	bool secure;		   /* sips */
	bool headers;  /* "?Route=…": what it asks to be added to a request (RFC 3261 §19.1.1) */
	unsigned port; /* 0: none */
	struct osip_uri *parts;
};

/**
 * Reads a URI without white space around it; `text` must outlive it. False with `*reason` where it is none,
 * or
 * `*reason` NULL where memory failed; nothing is to be released then.
 */
CW_MUST_USE bool cw_sip_uri_parse(struct cw_sip_text text, struct cw_sip_uri *ret, const char **reason);

void cw_sip_uri_finish(struct cw_sip_uri *uri);

/** Host, an IPv6 address without brackets; NULL for other schemes. */
const char *cw_sip_uri_host(const struct cw_sip_uri *uri);

/** User, escapes as they were sent; NULL for none. */
const char *cw_sip_uri_user(const struct cw_sip_uri *uri);

/** The parameter of that name; its value, escapes as they were sent, or "" where it has none. NULL: not
 * there. */
const char *cw_sip_uri_parameter(const struct cw_sip_uri *uri, const char *name);

/** Appends the bytes with %XX undone, once. They may hold NULs: look at the length. */
void cw_sip_uri_unescape(const char *text, struct cw_buffer *out);

#endif
