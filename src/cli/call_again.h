/**
 * The options of a call that decide which plan is found, written down so that a command of the plan can ask for the
 * same plan again. Runs nothing.
 */
#ifndef CW_CLI_CALL_AGAIN_H
#define CW_CLI_CALL_AGAIN_H

#include "base/buffer.h"
#include "cli/arguments.h"

/** Appends " --at +30d --release 'expressway-c=X15.5'": the moment and the changes, quoted for a shell where needed. */
void cw_call_again_options(const struct cw_arguments *arguments, struct cw_buffer *ret);

#endif
