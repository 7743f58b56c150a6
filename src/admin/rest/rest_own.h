/**
 * Ours: every operation under /api/causeway/v1/, and the description of all of REST as OpenAPI.
 */
#ifndef CW_ADMIN_REST_REST_OWN_H
#define CW_ADMIN_REST_REST_OWN_H

#include "base/buffer.h"

#include <stdbool.h>

#define CW_REST_OWN_PREFIX "/api/causeway/v1/"

/** There is such an operation (on some node); `*ret_writes`: it changes something. */
bool cw_rest_own_find(const char *operation, bool *ret_writes);

/** The fields of an operation: "store:text sha256:texts try:switch"; NULL: it is in no table (a mistake that a test finds). */
const char *cw_rest_own_fields(const char *operation);

/** Appends docs/openapi.json: every path of every table, OpenAPI 3.1. */
CW_MUST_USE bool cw_rest_own_openapi(struct cw_buffer *ret, struct cw_error *error);

#endif
