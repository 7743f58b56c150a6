/**
 * What people want: sign-in with each endpoint for each of its domains, along the links that it rests on.
 *
 * Private to the deploy layer; results in check.h.
 */
#ifndef CW_CHECK_SERVICE_H
#define CW_CHECK_SERVICE_H

#include "check/check.h"

/** Fills check->services. Every link must be concluded. */
CW_MUST_USE bool cw_services_derive(struct cw_check *check, struct cw_error *error);

/** "works", "prompts", "degraded", "unknown", "dead". */
const char *cw_service_state_name(enum cw_service_state state);

#endif
