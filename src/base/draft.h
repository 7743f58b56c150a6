/**
 * A file in the making: written to under another name in the same folder, and put in its place in one step.
 *
 * Killed at any moment, the old file or the whole new one stands there, never half of one; a temporary file
 * (NAME.XXXXXX) may be left behind. Not for devices and pipes: a rename would take their place
 * (cw_file_is_special).
 */
#ifndef CW_BASE_DRAFT_H
#define CW_BASE_DRAFT_H

#include "base/error.h"

#include <stdio.h>
#include <sys/types.h>

struct cw_draft;

/** Begins a file. CW_E_IO where the folder does not let it. */
CW_MUST_USE bool cw_draft_open(const char *path, struct cw_draft **ret, struct cw_error *error);

/** Where to write to; the draft's own. */
FILE *cw_draft_stream(const struct cw_draft *draft);

/**
 * Puts the file in its place with `mode`: flush, fsync, rename, fsync of the folder. CW_E_IO where anything
 * of that or an earlier write failed: what stood there before still does. The draft is still to be freed.
 */
CW_MUST_USE bool cw_draft_commit(struct cw_draft *draft, mode_t mode, struct cw_error *error);

/** What was not committed is thrown away. */
void cw_draft_free(struct cw_draft *draft);
CW_DEFINE_AUTO(struct cw_draft *, cw_draft_free)

#endif
