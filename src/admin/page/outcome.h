/**
 * What is shown after a form was posted: which page, and what its information bar says.
 *
 * What was only tried shows its effect (effect_screen.h). What answers a question (a client certificate test, a traversal test, the
 * lab's CA) is the page again, with this answer. What was done shows the page that it belongs to, which is asked for anew, with the
 * outcome in the bar: "Success: Certificate Uploaded...", or what changed, with the prompt to restart where there is one.
 */
#ifndef CW_ADMIN_PAGE_OUTCOME_H
#define CW_ADMIN_PAGE_OUTCOME_H

#include "admin/page/screens.h"

enum cw_outcome_kind {
	CW_OUTCOME_THIS, /* render `row` with the answer that came */
	CW_OUTCOME_ASK	 /* ask the row's operation (cw_screens_with), render with `notice` */
};

struct cw_outcome {
	enum cw_outcome_kind kind;
	const struct cw_screen_row *row;
	struct cw_screen_notice notice; /* its texts belong to the outcome; `text` NULL: nothing is said */
	struct cw_buffer text;
};

void cw_outcome_finish(struct cw_outcome *outcome);
#define AUTO_OUTCOME __attribute__((cleanup(cw_outcome_finish))) struct cw_outcome

/* What was posted, and what came of it. */
struct cw_outcome_given {
	const char *operation;
	const json_t *with;   /* as it was sent to the operation */
	unsigned status;      /* 200, 202; anything else is a refusal */
	const json_t *answer; /* with "page"; or {"page","error"} */
	unsigned role;	      /* the node's, enum cw_screen_role */
};

/** Always finds something: what no row knows goes back to the overview. The result's texts may point into the answer. */
void cw_outcome_find(const struct cw_outcome_given *given, struct cw_outcome *ret);

#endif
