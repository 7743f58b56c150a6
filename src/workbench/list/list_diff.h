/**
 * Two trust lists side by side: what one holds and the other lacks, and what stands in another order.
 *
 * The MRA certificates guide: "the trusted CA list is NOT replicated from one peer to another". Order counts: where two entries
 * have one subject, the first decides.
 */
#ifndef CW_WORKBENCH_LIST_LIST_DIFF_H
#define CW_WORKBENCH_LIST_LIST_DIFF_H

#include "report/json.h"
#include "workbench/list/list.h"

struct cw_list_diff {
	bool content; /* one holds what the other lacks, or holds it twice */
	bool order;   /* what both hold stands in another order */
	bool decides; /* the order matters: entries of one subject are the other way round */
};

struct cw_list_diff cw_list_diff(const struct cw_list *a, const struct cw_list *b);

void cw_list_diff_text(struct cw_buffer *ret, const struct cw_list *a, const struct cw_list *b);
/** NULL: no memory. */
json_t *cw_list_diff_json(const struct cw_list *a, const struct cw_list *b);

#endif
