/**
 * Finds the remedy of every complaint of a check. Private to the deploy layer; struct cw_remedy is in
 * remedy.h.
 */
#ifndef CW_DEPLOY_REMEDIES_H
#define CW_DEPLOY_REMEDIES_H

#include "deploy/check.h"

CW_MUST_USE bool cw_remedies_find(struct cw_check *check, struct cw_error *error);

#endif
