/**
 * The first segment of a path at the edge: who is signed in to, and which server behind is meant.
 *
 *     /dGJ0cC5jb20/get_edge_config/         base64 of the domain: the edge's own services
 *     /aHBjbC5jby5pbi9odHRwLzEwLjE1LjAuMzMvNjk3MA/Autoupdate.xml
 *                                            base64 of domain/protocol/host/port: a server inside, and a path
 * of its own
 *
 * Shapes: "Collaboration Edge TC-based Endpoints Configuration Example" (the first, with and without the
 * slash at its end) and "Jabber for Windows auto-update over MRA" (the second). The base64 is without
 * padding; of bytes that names are made of it never has a digit 62 or 63, so both alphabets are one here.
 * Knows no domains and no servers.
 */
#ifndef CW_HTTP_PREFIX_H
#define CW_HTTP_PREFIX_H

#include "http/http_host.h"
#include "http/http_reason.h"
#include "http/http_target.h"

#include "base/buffer.h"

enum cw_http_prefix_kind { CW_HTTP_PREFIX_EDGE_CONFIG, CW_HTTP_PREFIX_EDGE_SSO, CW_HTTP_PREFIX_SERVER };

/* A domain, "https", a name, a port and their slashes. */
#define CW_HTTP_PREFIX_MAX 544

struct cw_http_prefix {
	enum cw_http_prefix_kind kind;
	struct cw_http_text domain; /* as it was written: names are compared without case */
	/* CW_HTTP_PREFIX_SERVER */
	bool is_https;
	struct cw_http_text host;
	uint16_t port;
	struct cw_http_text
		rest; /* the target for that server: path and query, points into the request's target */

	char decoded[CW_HTTP_PREFIX_MAX]; /* what the other texts point into: do not copy the struct */
};

/** Reads the prefix of a target that cw_http_target_parse took. `ret` points into `target`. */
bool cw_http_prefix_parse(
	struct cw_http_text target, struct cw_http_prefix *ret, enum cw_http_reason *ret_reason);

/** Appends "/" and the base64 of the domain: for the edge's own services. */
void cw_http_prefix_write_domain(struct cw_buffer *buffer, struct cw_http_text domain);

/** Appends "/" and the base64 of domain/protocol/host/port. */
void cw_http_prefix_write_server(struct cw_buffer *buffer, const struct cw_http_prefix *prefix);

#endif
