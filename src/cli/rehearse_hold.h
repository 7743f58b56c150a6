/**
 * `rehearse --hold`: a folder with certificates and keys to connect with, and what happens, line by line.
 */
#ifndef CW_CLI_REHEARSE_HOLD_H
#define CW_CLI_REHEARSE_HOLD_H

#include "cli/verb.h"
#include "live/rehearsal.h"

/** Stays until a signal comes; then the folder is removed. */
CW_MUST_USE bool cw_rehearse_hold(
	struct cw_call *call, struct cw_rehearsal *rehearsal, struct cw_error *error);

#endif
