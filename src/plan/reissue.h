/**
 * What a re-issued certificate must carry: every name of its role and what it has now, and both key purposes.
 *
 * Private to the deploy layer.
 */
#ifndef CW_PLAN_REISSUE_H
#define CW_PLAN_REISSUE_H

#include "check/check.h"

/**
 * Fills names and EKUs of a `reissue`. `identity` is the key in the deployment file ("server"); `wanted` (may
 * be NULL) is a name that was missed. Names by role first, then those that the present certificate has
 * besides, no wildcards.
 */
CW_MUST_USE bool cw_reissue_fill(const struct cw_deployment *deployment, const struct cw_node *node,
	const char *identity, const char *wanted, struct cw_remedy *remedy, struct cw_error *error);

#endif
