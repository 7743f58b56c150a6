/**
 * What a node that was killed in the middle of a change takes back when it starts. For src/node/work alone.
 *
 *     FOLDER/installing    the two files of an upload, while it may be half: certificate, key, a line each
 *     FOLDER/unconfirmed   when a change that could lock its maker out comes back: a time, and the former node.yaml
 *                          is former/unconfirmed.yaml
 */
#ifndef CW_NODE_WORK_WORK_RECOVER_H
#define CW_NODE_WORK_WORK_RECOVER_H

#include "base/time.h"
#include "workbench/node_files.h"

/** Notes an upload before its first file is written. */
CW_MUST_USE bool cw_work_recover_note(
	const char *folder, const struct cw_node_files *files, struct cw_error *error);
/** It is whole. */
CW_MUST_USE bool cw_work_recover_done(const char *folder, struct cw_error *error);

/** Keeps the present node.yaml until `until`, before it is changed. */
CW_MUST_USE bool cw_work_recover_keep(const char *folder, cw_time until, struct cw_error *error);
/** The change counts. */
CW_MUST_USE bool cw_work_recover_confirm(const char *folder, struct cw_error *error);
/** The change does not count: the kept node.yaml stands in its place again. `*ret_undone` false: there is none. */
CW_MUST_USE bool cw_work_recover_undo(const char *folder, bool *ret_undone, struct cw_error *error);

#endif
