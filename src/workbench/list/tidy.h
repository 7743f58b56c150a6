/**
 * What can go from the trust lists of a deployment, proven by the judge: with it gone nothing is worse, now and at
 * the dates of the next 400 days on which something changes.
 *
 * Proposes what is duplicate, and what has expired and is replaced by its successor; asked for, also what is never
 * found and what no link of this deployment needs: other services may. Keeps what would be the right certificate if
 * it stood in the right place: there the wrong one has to go.
 */
#ifndef CW_WORKBENCH_LIST_TIDY_H
#define CW_WORKBENCH_LIST_TIDY_H

#include "base/buffer.h"
#include "check/check.h"

enum cw_tidy_reason { CW_TIDY_DUPLICATE, CW_TIDY_SHADOWED, CW_TIDY_EXPIRED, CW_TIDY_NOT_NEEDED };

enum cw_tidy_proof {
	CW_TIDY_PROVEN,	    /* judged without it: nothing changes */
	CW_TIDY_NEEDED,	    /* judged without it: `detail` changes */
	CW_TIDY_RIGHT_ONE,  /* shadowed, but it is the one that ought to be found */
	CW_TIDY_UNPROVABLE, /* a link that asks this list is not known in full */
};

struct cw_tidy_row {
	const struct cw_node *node;
	enum cw_store_kind kind;
	size_t place;	      /* in the list, from 1 */
	struct cw_cert *cert; /* referenced */
	enum cw_tidy_reason reason;
	size_t other; /* the place of the entry that makes it duplicate or shadowed */
	enum cw_tidy_proof proof;
	char *detail; /* which link changes how, or NULL */
};

struct cw_tidy {
	struct cw_tidy_row *rows; /* by node, store and place */
	size_t count, capacity;
	size_t links; /* that were compared */
	size_t dates; /* at which, besides now */
};

struct cw_tidy_question {
	const struct cw_node *only; /* its lists only; NULL: those of every box */
	cw_time at;
	bool unused; /* also what is never found, and what no link needs */
};

void cw_tidy_finish(struct cw_tidy *tidy);
#define AUTO_TIDY __attribute__((cleanup(cw_tidy_finish))) struct cw_tidy

/** Looks at every list of the boxes that the question names. */
CW_MUST_USE bool cw_tidy_find(const struct cw_deployment *deployment, const struct cw_tidy_question *question,
	struct cw_tidy *ret, struct cw_error *error);

void cw_tidy_text(struct cw_buffer *ret, const struct cw_tidy *tidy, bool applied);

/** Takes everything that is proven out of the files, each in one step. `*removed` counts. */
CW_MUST_USE bool cw_tidy_apply(const struct cw_deployment *deployment, const struct cw_tidy *tidy,
	struct cw_pool *pool, size_t *removed, struct cw_error *error);

#endif
