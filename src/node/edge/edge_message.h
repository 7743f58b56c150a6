/**
 * Requests and responses of the edge's lane, made anew from what was read: nothing that came from one side goes to the
 * other as it was.
 *
 * A message is a start line, fields, a framing and a body of its own. Fields that belong to one connection are dropped
 * (RFC 9110 7.6.1), and so are those that only this lane may set: X-Forwarded-For, Via, Client-ip, TrackingID and their
 * like from outside. Expressway-E sets
 *
 *     Via: https/1.1 e1.acme.test (Causeway)      X-Forwarded-For: 192.0.2.7      Client-ip: 192.0.2.7
 *
 * and Expressway-C, which believes what comes out of its tunnel,
 *
 *     Via: https/1.1 e1.acme.test (Causeway), http/1.1 c1.acme.test (Causeway)
 *     X-Forwarded-For: 192.0.2.7, 127.0.0.1       Client-ip: 192.0.2.7
 *
 * as the boxes do ("Certificate Renewal in CUCM" shows what arrives). The session cookie ends at Expressway-C: servers see
 * neither it nor its name, and set none. Does no I/O.
 */
#ifndef CW_NODE_EDGE_EDGE_MESSAGE_H
#define CW_NODE_EDGE_EDGE_MESSAGE_H

#include "http/http_head.h"

#include "base/buffer.h"
#include "base/random.h"

/* Of "0123456789abcdef" and its NUL. */
#define CW_EDGE_MESSAGE_TRACKING_BYTES 8
#define CW_EDGE_MESSAGE_TRACKING_SIZE CW_RANDOM_HEX_SIZE(CW_EDGE_MESSAGE_TRACKING_BYTES)

/** What a request is made anew with. Everything borrowed. */
struct cw_edge_message_request {
	const struct cw_http_head *head;
	struct cw_http_text target;
	const char *host;     /* for Host */
	const char *node;     /* this node's name, for Via */
	const char *client;   /* Expressway-E: the client's address; Expressway-C: NULL */
	const char *tracking; /* Expressway-E: of this request; Expressway-C: NULL */
};

/** Appends the head. CW_E_HTTP, CW_E_LIMIT: it cannot be written (too long with what was added). */
CW_MUST_USE bool cw_edge_message_request(
	const struct cw_edge_message_request *request, struct cw_buffer *ret, struct cw_error *error);

struct cw_edge_message_response {
	const struct cw_http_head *head;
	bool from_server; /* Expressway-C: what a server sets for the edge itself is dropped */
	bool is_http_1_0; /* the client's version */
	bool closes;	  /* the connection to the client ends with it */
};

/** Appends the head. */
CW_MUST_USE bool cw_edge_message_response(
	const struct cw_edge_message_response *response, struct cw_buffer *ret, struct cw_error *error);

/**
 * How the body of a response goes on (a request's goes on as it came): one that lasted until its connection ended is
 * chunked, and to HTTP/1.0 one that was chunked lasts until the connection ends.
 */
enum cw_http_framing cw_edge_message_response_framing(const struct cw_http_head *head, bool is_http_1_0);

/** The method changes nothing when it is sent twice (RFC 9110 9.2.2). */
bool cw_edge_message_is_idempotent(enum cw_http_method method);

#endif
