/**
 * Renewal: new certificates for boxes that work, in an order in which no link that works stops working.
 *
 * Three phases: before (any day: what judges must know of the new CA), the window (peer by peer: certificate, then
 * restart), later (removals: the old chain is the way back, so none is made here). Every state between two steps is
 * judged. Where a list can hold only one CA of a name no order keeps all links up: those are named, and between
 * which steps they are down. Writes nothing and chooses no words.
 */
#ifndef CW_PLAN_RENEWAL_H
#define CW_PLAN_RENEWAL_H

#include "plan/repair.h"

/** One certificate that is renewed. */
struct cw_renewal_cert {
	const struct cw_node *node;
	enum cw_identity_kind kind;
	struct cw_cert *leaf;	/* the new one; NULL: not issued yet, the same names are asked for */
	struct cw_cert *issuer; /* of one not issued yet; NULL: the CA of the present one */
	const char *from;	/* the file of `leaf`, or NULL */
};

/** After a step (0: before the first): how links fare, and which do not that did. */
struct cw_renewal_state {
	size_t after_step;
	size_t passed, refused;
	struct cw_strings broken;
};

/** A link that is down between two steps whatever the order. */
struct cw_renewal_break {
	char *link;
	size_t from_step, to_step; /* 0: it stays down */
	const char *why;
};

struct cw_renewal {
	struct cw_repair plan; /* its steps, in their order */
	struct cw_renewal_state *states;
	size_t state_count, state_capacity;
	struct cw_renewal_break *breaks;
	size_t break_count, break_capacity;
};

void cw_renewal_finish(struct cw_renewal *renewal);
#define AUTO_RENEWAL __attribute__((cleanup(cw_renewal_finish))) struct cw_renewal

/** CW_E_USAGE: nobody is known who could issue one that is not issued yet. */
CW_MUST_USE bool cw_renewal_find(const struct cw_deployment *deployment, const struct cw_renewal_cert *certs,
	size_t count, const struct cw_check_options *options, struct cw_renewal *ret, struct cw_error *error);

#endif
