/**
 * The inside of asking a question, for question*.c only.
 */
#ifndef CW_CHECK_QUESTION_PARTS_H
#define CW_CHECK_QUESTION_PARTS_H

#include "check/check.h"
#include "check/links.h"
#include "check/question.h"

struct question_asking {
	const struct cw_question_terms *terms;
	struct cw_link *link;
	struct cw_link_ends ends;
	const struct cw_link_row *row;
	enum cw_link_weight weight;
	const struct cw_party *judge;
	const struct cw_party *subject;
	enum cw_identity_kind kind; /* that is asked about first */
	struct cw_identity *identity;
	struct cw_store *store;
	const struct cw_question_evidence *evidence; /* NULL: the files */
	const struct cw_trust_list *list;	     /* instead of the store's; NULL: that */
	struct cw_error *error;
};

/** One complaint of the link, weighed by its row; what was told already is told once. All can fail for want of memory only. */
CW_MUST_USE bool question_complain(
	const struct question_asking *asking, const struct cw_question *side, struct cw_finding *finding);
/** Each finding of an answer. */
CW_MUST_USE bool question_complain_all(
	const struct question_asking *asking, const struct cw_question *side, struct cw_findings *findings);
/** What nobody can say, and why. */
CW_MUST_USE bool question_complain_not_known(const struct question_asking *asking,
	const struct cw_question *side, const char *format, ...) CW_PRINTF(3, 4);
/** What was read over in an endpoint's list, which has no checks of a box by itself. */
CW_MUST_USE bool question_tell_notes(const struct question_asking *asking, const struct cw_question *side);

#endif
