/**
 * The inside of judging a changed deployment again, for again*.c only.
 */
#ifndef CW_CHECK_AGAIN_PARTS_H
#define CW_CHECK_AGAIN_PARTS_H

#include "check/again.h"
#include "check/question.h"

/*
 * Both deployments have the same shape, so that nodes are matched by their number, links by their place and zones and
 * endpoints by their index. Links are gone through in the order of the table, so that the traversal links are done
 * before what they carry. Then nodes, where an input of their own checks changed or the path of a link that they take
 * part in is another; then sign-ins, where anything that a route looks at is another.
 */
/* A node's number by its place in memory: open addressing. */
struct again_slot {
	const struct cw_node *node;
	size_t number;
};

struct again_running {
	const struct cw_again *again;
	const struct cw_check *former;
	struct cw_check *check;
	struct cw_question_terms terms;
	const struct cw_check_options *options;
	struct cw_error *error;
	struct cw_node **nodes; /* by number, of the new deployment */
	struct again_slot *slots;
	size_t slot_count; /* a power of two */
	bool *touched;	   /* by number: what its lists are needed for may be other than before */
	bool *carries;	   /* by link: a traversal link that is refused otherwise than before */
	bool carriers_differ, outcomes_differ;
};

/** The former node's number. */
size_t again_number_of(const struct again_running *running, const struct cw_node *former);
/** The node of that number in the new deployment. */
struct cw_node *again_node_now(const struct again_running *running, const struct cw_node *former);
/** The former endpoint's index. */
size_t again_endpoint_number(const struct again_running *running, const struct cw_endpoint *former);
/** Turns a former party into that of the new deployment. */
void again_find_party(const struct again_running *running, struct cw_party *party);
/** Copies them for the new check, without their remedies. False: no memory. */
CW_MUST_USE bool again_copy_complaints(
	const struct again_running *running, const struct cw_complaints *from, struct cw_complaints *to);
/** With other settings links are derived anew. `*ret`: they are the former ones, place by place. */
CW_MUST_USE bool again_derive_links(struct again_running *running, bool *ret);
/** Those whose inputs are the same are taken over, the others asked. */
CW_MUST_USE bool again_do_links(struct again_running *running);
/** Likewise what boxes have by themselves. */
CW_MUST_USE bool again_do_nodes(struct again_running *running);
/** Likewise sign-ins. */
CW_MUST_USE bool again_do_services(struct again_running *running);

#endif
