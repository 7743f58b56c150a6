/**
 * Every fault that a client of the edge's HTTP lane meets: one table of faults, each with the status to answer, who says
 * so (the Server field), and what goes with it.
 *
 * The statuses are those of the vendor's boxes where a document has them ("Mobile and Remote Access Through Expressway",
 * Troubleshooting; "Collaboration Edge TC-based Endpoints Configuration Example"); of a refused certificate of CUCM no
 * document has one, and 502 is what Apache Traffic Server, which the boxes run, answers. An answer tells the client nothing
 * of the inside: findings are in the log, the history and the status.
 */
#ifndef CW_NODE_EDGE_EDGE_FAULT_H
#define CW_NODE_EDGE_EDGE_FAULT_H

#include "http/http_head.h"

#include "base/buffer.h"

#define CW_EDGE_FAULT_SERVER_E "CE_E"
#define CW_EDGE_FAULT_SERVER_C "CE_C ECS"

/* What an answer has besides: bits. */
#define CW_EDGE_FAULT_PLAIN 0
#define CW_EDGE_FAULT_REALM 1	 /* WWW-Authenticate, and an empty body in chunks */
#define CW_EDGE_FAULT_RETRY 2	 /* Retry-After */
#define CW_EDGE_FAULT_ALLOW 4	 /* Allow: GET */
#define CW_EDGE_FAULT_DECISION 8 /* it is said to a request that was understood: the connection is kept */

/* Code, name (for logs, stable), status (0: that of the reason), phrase (NULL: the usual), Server, bits, body. */
#define CW_EDGE_FAULTS(X) \
	X(NOTHING, "nothing", 0, NULL, "", CW_EDGE_FAULT_PLAIN, "") \
	X(MALFORMED, "malformed", 0, NULL, CW_EDGE_FAULT_SERVER_E, CW_EDGE_FAULT_PLAIN, "") \
	X(NO_SERVICE, "no-service", 404, NULL, CW_EDGE_FAULT_SERVER_E, CW_EDGE_FAULT_DECISION, \
		"Nothing is here. The first segment of a path names a domain, or a domain and a server.") \
	X(NO_SSO, "no-single-sign-on", 404, NULL, CW_EDGE_FAULT_SERVER_E, CW_EDGE_FAULT_DECISION, \
		"Single sign-on is not offered here. Sign in with user name and password: get_edge_config.") \
	X(METHOD, "method", 405, NULL, CW_EDGE_FAULT_SERVER_E, CW_EDGE_FAULT_DECISION | CW_EDGE_FAULT_ALLOW, \
		"") \
	X(DOMAIN, "domain", 403, NULL, CW_EDGE_FAULT_SERVER_E, CW_EDGE_FAULT_DECISION, "") \
	X(NOT_ALLOWED, "not-allowed", 403, NULL, CW_EDGE_FAULT_SERVER_E, CW_EDGE_FAULT_DECISION, "") \
	X(CLOCKS, "clocks", 403, NULL, CW_EDGE_FAULT_SERVER_E, CW_EDGE_FAULT_DECISION, "") \
	X(NO_SESSION, "no-session", 401, NULL, CW_EDGE_FAULT_SERVER_E, \
		CW_EDGE_FAULT_DECISION | CW_EDGE_FAULT_REALM, "") \
	X(PASSWORD, "password", 401, NULL, CW_EDGE_FAULT_SERVER_C, \
		CW_EDGE_FAULT_DECISION | CW_EDGE_FAULT_REALM, "") \
	X(RATE, "rate", 429, NULL, CW_EDGE_FAULT_SERVER_E, CW_EDGE_FAULT_DECISION | CW_EDGE_FAULT_RETRY, "") \
	X(MAINTENANCE, "maintenance", 503, NULL, CW_EDGE_FAULT_SERVER_E, \
		CW_EDGE_FAULT_DECISION | CW_EDGE_FAULT_RETRY, "") \
	X(BUSY, "busy", 503, NULL, CW_EDGE_FAULT_SERVER_E, CW_EDGE_FAULT_RETRY, "") \
	X(NO_TUNNEL, "no-tunnel", 502, "Next Hop Connection Failed", CW_EDGE_FAULT_SERVER_E, \
		CW_EDGE_FAULT_DECISION, "") \
	X(TUNNEL_BROKE, "tunnel-broke", 502, "Next Hop Connection Failed", CW_EDGE_FAULT_SERVER_E, \
		CW_EDGE_FAULT_PLAIN, "") \
	X(TUNNEL_LATE, "tunnel-late", 504, NULL, CW_EDGE_FAULT_SERVER_E, CW_EDGE_FAULT_PLAIN, "") \
	X(REFUSED, "server-refused", 502, "Could Not Connect", CW_EDGE_FAULT_SERVER_C, \
		CW_EDGE_FAULT_DECISION, "") \
	X(UNREACHED, "server-unreached", 502, "Could Not Connect", CW_EDGE_FAULT_SERVER_C, \
		CW_EDGE_FAULT_DECISION, "") \
	X(SERVER_BROKE, "server-broke", 502, "Bad Gateway", CW_EDGE_FAULT_SERVER_C, CW_EDGE_FAULT_PLAIN, "") \
	X(SERVER_LATE, "server-late", 504, NULL, CW_EDGE_FAULT_SERVER_C, CW_EDGE_FAULT_PLAIN, "") \
	X(NO_SERVER, "no-server", 502, "Could Not Connect", CW_EDGE_FAULT_SERVER_C, CW_EDGE_FAULT_DECISION, \
		"")

enum cw_edge_fault {
#define X(code, name, status, phrase, server, bits, body) CW_EDGE_FAULT_##code,
	CW_EDGE_FAULTS(X)
#undef X
		CW_EDGE_FAULT_COUNT
};

/** To what it is answered. */
struct cw_edge_fault_answer {
	enum cw_edge_fault fault;
	enum cw_http_reason reason; /* of MALFORMED */
	unsigned retry_after;	    /* seconds, where the fault has Retry-After */
	bool is_head;		    /* the answer has no body */
	bool is_http_1_0;	    /* no chunks */
	bool closes;		    /* the connection ends with it */
};

/** The row's name and status; of MALFORMED the status is the reason's. */
const char *cw_edge_fault_name(enum cw_edge_fault fault);
unsigned cw_edge_fault_status(const struct cw_edge_fault_answer *answer);

/** After such an answer the connection may be used again, if its request was read to its end. */
bool cw_edge_fault_keeps(enum cw_edge_fault fault);

/** Appends the whole answer. */
CW_MUST_USE bool cw_edge_fault_write(
	const struct cw_edge_fault_answer *answer, struct cw_buffer *ret, struct cw_error *error);

#endif
