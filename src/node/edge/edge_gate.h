/**
 * What becomes of a request at the edge, by its head alone: refused with a fault, or let through.
 *
 * Expressway-E asks first (outer): the first segment decodes, the domain is one of this edge's, the session cookie is
 * good. Who signs in is still to be counted (edge_rate.h), by the node as a whole. Expressway-C asks again (inner): it believes of Expressway-E only
 * where the client came from; the session and the allow list are its own matter. A pure machine: no sockets, no clock.
 */
#ifndef CW_NODE_EDGE_EDGE_GATE_H
#define CW_NODE_EDGE_EDGE_GATE_H

#include "base/strings.h"
#include "config/allow_list.h"
#include "http/http_auth.h"
#include "http/http_prefix.h"
#include "node/edge/edge_cookie.h"
#include "node/edge/edge_fault.h"

/** By what is decided. Everything borrowed. */
struct cw_edge_gate {
	const struct cw_strings *domains; /* that people sign in with */
	const struct cw_edge_key_ring *ring;
	/* outer */
	bool maintenance;
	/* inner */
	const struct cw_allow_list *allow;
};

/** Texts point into the request's head, or into the struct: do not copy it. */
struct cw_edge_gate_answer {
	enum cw_edge_fault fault; /* CW_EDGE_FAULT_NOTHING: it is let through */
	enum cw_http_reason reason;
	unsigned retry_after;
	struct cw_http_prefix prefix;	  /* where it was read */
	enum cw_edge_cookie_end cookie;	  /* of CW_HTTP_PREFIX_SERVER */
	struct cw_edge_session session;	  /* where the cookie was good */
	struct cw_http_auth auth;	  /* of CW_HTTP_PREFIX_EDGE_CONFIG: Basic */
	const struct cw_allow_rule *rule; /* inner: that lets it in */
};

/** Expressway-E. After it, whatever it answered, cw_edge_gate_finish. */
void cw_edge_gate_outer(const struct cw_edge_gate *gate, const struct cw_http_head *head, cw_time now,
	struct cw_edge_gate_answer *ret);

/** Expressway-C. */
void cw_edge_gate_inner(const struct cw_edge_gate *gate, const struct cw_http_head *head, cw_time now,
	struct cw_edge_gate_answer *ret);

/** Wipes the password. */
void cw_edge_gate_finish(struct cw_edge_gate_answer *answer);

#endif
