/**
 * Complaints: findings with their place in the deployment. Private to the deploy layer; the struct is in
 * check.h.
 */
#ifndef CW_CHECK_COMPLAINT_H
#define CW_CHECK_COMPLAINT_H

#include "check/check.h"

void cw_complaints_finish(struct cw_complaints *complaints);

/** Takes the finding over (it is empty afterwards) and adds it. NULL: no memory. */
struct cw_complaint *cw_complaints_take(struct cw_complaints *complaints, struct cw_finding *finding);

/**
 * The code is about the judge's list, so that the same cause in two lists is two complaints; all others are
 * told once however many lists were asked.
 */
bool cw_complaint_code_is_about_list(enum cw_code code);

#endif
