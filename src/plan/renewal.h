/**
 * Renewal: new certificates for boxes that work, in an order in which no link that works stops working.
 *
 * Three phases: before (any day: what judges must know of the new CA), the window (box by box: certificates, then what
 * must restart), later (removals: the old chain is the way back, so none is made here). Every state between two steps
 * is judged, and a restart is a state of its own: the links of that box are down in it. Where a list can hold only one
 * CA of a name no order keeps all links up: what cannot be done on any day is done in the window, where the fewest
 * links are down for the fewest steps; those links are named, and between which steps they are down. Writes nothing
 * and chooses no words.
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
	const char *restarts; /* the box that the step restarts, while it does; NULL: no box is down */
	size_t passed, refused;
	struct cw_strings broken;     /* links that worked, and are no fault of a restart */
	struct cw_strings restarting; /* links that are down because the box is */
	size_t broken_kinds[CW_LINK_KIND_COUNT];
	size_t restarting_kinds[CW_LINK_KIND_COUNT];
};

/** A link that is down between two steps whatever the order. */
struct cw_renewal_break {
	char *link;
	size_t from_step, to_step; /* 0: it stays down */
	const char *why;
};

/** What is wrong with a new certificate by itself, or with what presents it when all is done. */
struct cw_renewal_finding {
	const struct cw_complaint *complaint; /* belongs to the plan's check of the state afterwards */
	const struct cw_link *link;	      /* NULL: about the box by itself */
	const struct cw_node *node;	      /* whose certificate it is */
};

struct cw_renewal {
	struct cw_repair plan; /* its steps, in their order; `after` is the check when all is done */
	struct cw_strings
		alone; /* boxes without a peer: whoever signs in over them cannot while they restart */
	struct cw_strings installed; /* "e1.acme.test server": is what the box presents already */
	struct cw_renewal_finding *findings;
	size_t finding_count, finding_capacity;
	struct cw_renewal_state *states;
	size_t state_count, state_capacity;
	struct cw_renewal_break *breaks;
	size_t break_count, break_capacity;
};

void cw_renewal_finish(struct cw_renewal *renewal);
#define AUTO_RENEWAL __attribute__((cleanup(cw_renewal_finish))) struct cw_renewal

/**
 * CW_E_USAGE: nobody is known who could issue one that is not issued yet, or the present one is self-signed. A
 * certificate that is installed already needs nothing: it has no step. `certs` is put in the order of the window.
 */
CW_MUST_USE bool cw_renewal_find(const struct cw_deployment *deployment, struct cw_renewal_cert *certs,
	size_t count, const struct cw_check_options *options, struct cw_renewal *ret, struct cw_error *error);

#endif
