/**
 * Doing on files what a plan says: a copy of the deployment with all done that needs no CA, and PEM files to upload.
 */
#ifndef CW_CLI_CALL_APPLY_H
#define CW_CLI_CALL_APPLY_H

#include "plan/repair.h"

/**
 * Writes `folder`/deployment.yaml and every file that it names, with the steps done that need nothing; the files of
 * what did not change are copied as they are. Files that the deployment names outside its own folder stay where they
 * are. CW_E_USAGE: the folder holds a deployment already. `only`: which of the steps, NULL: all. `*ret_left`: steps
 * of these that wait for a CA.
 */
CW_MUST_USE bool cw_call_apply_plan(const struct cw_deployment *deployment, const struct cw_repair *plan,
	const bool *only, const char *folder, size_t *ret_left, struct cw_error *error);

/** One PEM file for each list that is uploaded to in these steps: `folder`/NODE-STORE.pem. `*ret` counts them. */
CW_MUST_USE bool cw_call_apply_pem(const struct cw_repair *plan, const bool *only, const char *folder,
	size_t *ret, struct cw_error *error);

#endif
