/**
 * What a command that was killed left in the folders of a deployment: told, and never touched.
 *
 * Drafts (base/draft.h), which the next command that changes their folder sweeps; keys and requests that no longer belong
 * together; a new key beside an old certificate. A check reads only, so it says what is there and which command ends it.
 * What another process is at work on is none of it.
 */
#ifndef CW_WORKBENCH_LEFTOVERS_H
#define CW_WORKBENCH_LEFTOVERS_H

#include "base/strings.h"
#include "model/deployment.h"

/** One sentence for each, in the order of the deployment. What cannot be read is not looked at. False: no memory. */
CW_MUST_USE bool cw_leftovers_find(
	const struct cw_deployment *deployment, struct cw_strings *ret, struct cw_error *error);

#endif
