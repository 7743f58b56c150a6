/**
 * What a report of a rehearsal says of one link, the same words in text and HTML.
 */
#ifndef CW_CLI_REHEARSE_WORDS_H
#define CW_CLI_REHEARSE_WORDS_H

#include "base/buffer.h"
#include "live/rehearsal.h"

/** "c1.acme.test -> e1.acme.test (as …):7001" */
void cw_rehearse_ends(struct cw_buffer *ret, const struct cw_link *link);
/** "pass", "refused", "failed", "not rehearsable", "later". */
const char *cw_rehearse_outcome(const struct cw_reality *reality);
/** How: "up, TLSv1.3", "in TLS", "in the zone's digest"; "" where there is nothing to say. */
void cw_rehearse_how(struct cw_buffer *ret, const struct cw_reality *reality);
/** Who refused, why, with which alert; "" where it passed. */
void cw_rehearse_detail(struct cw_buffer *ret, const struct cw_reality *reality);
/** The last sentences: how many links were made, came up, were refused. */
void cw_rehearse_summary(struct cw_buffer *ret, const struct cw_rehearsal *rehearsal);
/** "PREDICTION AND REALITY DIFFER on …", or that everything went as predicted. */
void cw_rehearse_agreement(struct cw_buffer *ret, const struct cw_rehearsal *rehearsal);

#endif
