/**
 * From files to a state of the node: what a change would do, and doing it. For src/node/work alone.
 *
 * What would be is the folder as it stands, read as a snapshot that is nobody's, changed in memory, and judged: no file is
 * written for a try. What is done is written by the workbench, then the node reads its files anew at once.
 */
#ifndef CW_NODE_WORK_WORK_APPLY_H
#define CW_NODE_WORK_WORK_APPLY_H

#include "base/lock.h"
#include "node/work/work_call.h"

/** The folder as it is now. 409 where it is not fit. The caller frees it. */
CW_MUST_USE bool cw_work_apply_read(struct cw_work_call *call, struct cw_snapshot **ret);

/** Judges the changed snapshot, and puts its EFFECT into the answer. */
CW_MUST_USE bool cw_work_apply_try(struct cw_work_call *call, struct cw_snapshot *after);

/** The files are written: the node reads them, and the EFFECT that it had is put into the answer. */
CW_MUST_USE bool cw_work_apply_done(struct cw_work_call *call);

/** Nothing is changed: an EFFECT without anything. */
void cw_work_apply_nothing(struct cw_work_call *call, const char *change);

/** Takes the lock of the folder of a file, at once or not at all (409). */
CW_MUST_USE bool cw_work_apply_lock(struct cw_work_call *call, const char *path, struct cw_locks *locks);
#define AUTO_WORK_LOCKS __attribute__((cleanup(cw_lock_release))) struct cw_locks

/** Copies a file that is to be another into former/ (0600). One that is not there: nothing. */
CW_MUST_USE bool cw_work_apply_keep(struct cw_work_call *call, const char *path);

/** A sentence where the node shows another certificate than the one that is installed; "" where not. */
void cw_work_apply_restart_wanted(const struct cw_node_core *core, struct cw_buffer *ret);
/** The certificate in the identity's file; NULL: none, or none that can be read. The caller frees it. */
struct cw_cert *cw_work_apply_installed(const struct cw_node_core *core, enum cw_identity_kind kind);

#endif
