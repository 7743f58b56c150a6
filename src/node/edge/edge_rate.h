/**
 * How often each user may sign in: so many times in a period, then no more until it is over.
 *
 * Counts by a keyed hash of the name in any case of its letters, in a table that does not grow: against floods of names.
 * In a full bucket the oldest count gives way, so that a flood may let a user in more often, and never shuts one out. Does
 * not know passwords. The core has one for all its workers, so that several let nobody in more often; of several
 * Expressway-E peers each counts by itself.
 */
#ifndef CW_NODE_EDGE_EDGE_RATE_H
#define CW_NODE_EDGE_EDGE_RATE_H

#include "http/http_text.h"

#include "base/time.h"

#define CW_EDGE_RATE_BUCKETS 2048
#define CW_EDGE_RATE_WAYS 4

struct cw_edge_rate;

/** NULL: no memory, or no random bytes. */
CW_MUST_USE struct cw_edge_rate *cw_edge_rate_new(void);
void cw_edge_rate_free(struct cw_edge_rate *rate);
CW_DEFINE_AUTO(struct cw_edge_rate *, cw_edge_rate_free)

/** Counts one more. False: that is too many, and `*ret_wait` says for how many seconds yet. */
bool cw_edge_rate_take(struct cw_edge_rate *rate, struct cw_http_text user, unsigned most, unsigned period,
	cw_time now, unsigned *ret_wait);

#endif
