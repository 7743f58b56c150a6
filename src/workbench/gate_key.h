/**
 * Whose certificate it is: the key of the request in progress, a key that comes with it, the one in use.
 * Private to gate.c.
 */
#ifndef CW_WORKBENCH_GATE_KEY_H
#define CW_WORKBENCH_GATE_KEY_H

#include "workbench/gate.h"

/** Adds what is wrong with the key and sets gate->key. */
CW_MUST_USE bool cw_gate_key_check(
	const struct cw_gate_question *question, struct cw_gate *gate, struct cw_error *error);

#endif
