/**
 * Which links a deployment has: who connects to whom, by which address and port (docs/rules.md).
 *
 * Derives, and judges nothing. Private to the deploy layer; results in check.h.
 */
#ifndef CW_CHECK_LINKS_H
#define CW_CHECK_LINKS_H

#include "check/check.h"

/** Fills check->links, in the order of the table of docs/rules.md, each with an id that never repeats. */
CW_MUST_USE bool cw_links_derive(struct cw_check *check, struct cw_error *error);

/** The ends of the link, for the link table. */
struct cw_link_ends cw_link_ends(const struct cw_link *link);

/**
 * A link with the same ends, address and zone as `link`, of which nothing is known yet: no questions, no
 * complaints, verdict pass. The caller frees it (cw_link_free). NULL: no memory.
 */
CW_MUST_USE struct cw_link *cw_link_bare(const struct cw_link *link);
void cw_link_free(struct cw_link *link);
CW_DEFINE_AUTO(struct cw_link *, cw_link_free)

#endif
