/**
 * Asks a node of the lab how it is without waiting for it: a node that is stopped keeps nobody else waiting.
 */
#ifndef CW_LABRUN_LAB_ASK_H
#define CW_LABRUN_LAB_ASK_H

#include "base/error.h"

#include <event2/event.h>
#include <jansson.h>

struct cw_lab_ask;

/** The node's status (node/node_status.h), borrowed; NULL: it did not answer within two seconds, or does not run. */
typedef void cw_lab_ask_told(void *context, size_t place, const json_t *status);

/** One that asks the node whose folder this is (borrowed). NULL: no memory. */
CW_MUST_USE struct cw_lab_ask *cw_lab_ask_new(
	struct event_base *base, const char *folder, size_t place, cw_lab_ask_told *told, void *context);
void cw_lab_ask_free(struct cw_lab_ask *ask);

/**
 * Asks; `told` is called, from the loop or at once. While a question is out, its answer is told and then asked again: it may
 * have been made before what the caller heard of.
 */
void cw_lab_ask_now(struct cw_lab_ask *ask);

#endif
