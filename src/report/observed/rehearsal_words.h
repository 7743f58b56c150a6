/**
 * What a report of a rehearsal says of one link, the same words in text and HTML.
 */
#ifndef CW_REPORT_OBSERVED_REHEARSAL_WORDS_H
#define CW_REPORT_OBSERVED_REHEARSAL_WORDS_H

#include "base/buffer.h"
#include "observe/observed.h"

/** How: "up, TLSv1.3", "in TLS", "in the zone's digest"; "" where there is nothing to say. */
void cw_rehearsal_words_how(struct cw_buffer *ret, const struct cw_observed *observed);
/** Who refused, why, with which alert; "" where it passed. */
void cw_rehearsal_words_detail(struct cw_buffer *ret, const struct cw_observed *observed);
/** The last sentences: how many links were made, came up, were refused. */
void cw_rehearsal_words_summary(struct cw_buffer *ret, const struct cw_observed_set *set);
/** "PREDICTION AND REALITY DIFFER on …", or that everything went as predicted. */
void cw_rehearsal_words_agreement(struct cw_buffer *ret, const struct cw_observed_set *set);

#endif
