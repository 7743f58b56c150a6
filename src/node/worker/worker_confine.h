/**
 * What an edge worker gives up before it is given anything: its account's rights, every file and folder, programs,
 * addresses of its own, other processes.
 *
 * Left are descriptors that are open or come over its channel, memory, time, and streams that it connects.
 */
#ifndef CW_NODE_WORKER_WORKER_CONFINE_H
#define CW_NODE_WORKER_WORKER_CONFINE_H

#include "base/rights.h"

/** Root becomes `user`. CW_E_IO where any of that did not happen: then nothing may be read from a peer. A kernel without
 * Landlock is no failure; the core tells of it. */
CW_MUST_USE bool cw_worker_confine(const struct cw_rights_user *user, struct cw_error *error);

#endif
