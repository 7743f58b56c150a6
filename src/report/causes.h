/**
 * Causes: all complaints of a check, each reason told once.
 *
 * A CA certificate that nobody uploaded shows on forty links and two nodes; it is one cause, with the places
 * where somebody has to act and the links that suffer. The same reason is the same code about the same
 * certificate (or missing name, or wanted name). `traversal-refused` is no cause: what refuses the traversal
 * link is, and the tunnel is told as what follows.
 */
#ifndef CW_REPORT_CAUSES_H
#define CW_REPORT_CAUSES_H

#include "check/check.h"

/** One complaint with where it was made. Borrowed from the check. */
struct cw_cause_place {
	const struct cw_complaint *complaint;
	const struct cw_link *link; /* NULL: about a node by itself */
	const struct cw_node *node; /* where `link` is NULL */
};

struct cw_cause {
	struct cw_cause_place told;    /* the one that the cause is told by: reached, and worst */
	enum cw_severity severity;     /* the worst */
	bool reached;		       /* on some link, or on a node */
	struct cw_cause_place *places; /* one for each different remedy */
	size_t place_count;
	size_t place_capacity;
	const struct cw_link **links; /* that suffer, in the order of the check */
	size_t link_count;
	size_t link_capacity;
	const struct cw_link *
		*followers; /* tunnels that it refuses only by refusing the traversal link below */
	size_t follower_count;
	size_t follower_capacity;
	size_t weights[CW_SEVERITY_REFUSED + 1]; /* of `links`, by what the cause does to each */
	const struct cw_node **nodes;		 /* that have it by themselves */
	size_t node_count;
	size_t node_capacity;
};

struct cw_causes {
	struct cw_cause *items;
	size_t count;
	size_t capacity;
};

void cw_causes_finish(struct cw_causes *causes);
#define AUTO_CAUSES __attribute__((cleanup(cw_causes_finish))) struct cw_causes

/** Groups every complaint of `check`: refused first, then those of most links, reached before not reached. */
CW_MUST_USE bool cw_causes_find(const struct cw_check *check, struct cw_causes *ret, struct cw_error *error);

/** The index of the cause that this complaint belongs to; `count` where it is none. */
size_t cw_causes_index(const struct cw_causes *causes, const struct cw_complaint *complaint);

/** Both name the same action on the same object, wherever it is done. */
bool cw_causes_same_action(const struct cw_remedy *a, const struct cw_remedy *b);
/** The same, and in the same store of the same node. */
bool cw_causes_same_remedy(const struct cw_remedy *a, const struct cw_remedy *b);

#endif
