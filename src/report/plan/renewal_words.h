/**
 * The words of a renewal, for text and page alike: what cannot be kept up, who waits, what a state between two steps is
 * like. Marked text (report/text/layout.h) without line breaks.
 */
#ifndef CW_REPORT_PLAN_RENEWAL_WORDS_H
#define CW_REPORT_PLAN_RENEWAL_WORDS_H

#include "base/buffer.h"
#include "plan/renewal.h"

#define CW_RENEWAL_WORDS_STATES "Judged between the steps"
#define CW_RENEWAL_WORDS_FINDINGS "What is wrong with the new certificates"
#define CW_RENEWAL_WORDS_LATER "Later, after some days"
#define CW_RENEWAL_WORDS_TIDY "what is of no use any more: causeway trust tidy; until then it is the way back"
#define CW_RENEWAL_WORDS_LEGEND \
	"up: all of that kind that work now; wait: down while the box of that step restarts; down: refused by a judge."

/** Whether every link that works is kept up. Nothing where all is installed already. */
void cw_renewal_words_headline(struct cw_buffer *ret, const struct cw_renewal *renewal);
/** A link that is down, between which steps, and why. */
void cw_renewal_words_break(struct cw_buffer *ret, const struct cw_renewal_break *found);
/** Nobody signs in while this box restarts. */
void cw_renewal_words_alone(struct cw_buffer *ret, const char *node);
/** "e1.acme.test server": nothing is planned for it. */
void cw_renewal_words_installed(struct cw_buffer *ret, const char *which);
/** A finding about a new certificate. */
void cw_renewal_words_finding(struct cw_buffer *ret, const struct cw_renewal_finding *found);
/** One reason on two links is told once: it was told with an earlier finding. Programs get each. */
bool cw_renewal_words_told(const struct cw_renewal *renewal, size_t index);

/** The kinds of links that there are: the columns of the table of states. */
struct cw_renewal_columns {
	enum cw_link_kind kinds[CW_LINK_KIND_COUNT];
	size_t count;
};
struct cw_renewal_columns cw_renewal_words_columns(const struct cw_check *check);
/** "now", "after 3", "in step 4". */
void cw_renewal_words_state(struct cw_buffer *ret, const struct cw_renewal_state *state);
/** "up", "2 down", "14 wait": what of this kind worked before. */
void cw_renewal_words_cell(
	struct cw_buffer *ret, const struct cw_renewal_state *state, enum cw_link_kind kind);

#endif
