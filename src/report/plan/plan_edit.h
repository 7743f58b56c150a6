/**
 * What a step that sets a value changes in the deployment file: for those who try a plan on their files first.
 */
#ifndef CW_REPORT_PLAN_PLAN_EDIT_H
#define CW_REPORT_PLAN_PLAN_EDIT_H

#include "base/buffer.h"
#include "plan/repair.h"

/** "demo/deployment.yaml: expressway-e > traversal > tls-verify-name: expc.acme.test"; nothing for other steps. */
void cw_plan_edit_words(
	struct cw_buffer *ret, const struct cw_deployment *deployment, const struct cw_repair_step *step);

#endif
