/**
 * From the complaints of a link to its verdict: handshake order, what else the link rests on, who refuses
 * first.
 *
 * Private to the deploy layer.
 */
#ifndef CW_DEPLOY_HANDSHAKE_H
#define CW_DEPLOY_HANDSHAKE_H

#include "deploy/check.h"

/**
 * Adds what no certificate tells (differing credentials, the host name of a tunnel, a refused traversal link
 * under a tunnel), puts the complaints into handshake order, marks what an earlier refusal keeps from being
 * reached, and sets verdict and refused_by. The traversal links of the check must be finished before the
 * tunnels.
 */
CW_MUST_USE bool cw_link_conclude(const struct cw_check *check, struct cw_link *link, struct cw_error *error);

#endif
