/**
 * The part of the lab's front page that a check knows: "endpoints" of front_screen.h, a row for each endpoint and domain, with the
 * link that decides, its code and what the finding says. Judges nothing: the check is given.
 */
#ifndef CW_ADMIN_PAGE_FRONT_ANSWER_H
#define CW_ADMIN_PAGE_FRONT_ANSWER_H

#include "check/check.h"

#include <jansson.h>

/** An array for json_decref. NULL: no memory. */
json_t *cw_front_answer_endpoints(const struct cw_check *check);

#endif
