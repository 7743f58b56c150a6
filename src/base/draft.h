/**
 * A file in the making: written to under another name in the same folder, and put in its place in one step.
 *
 * Killed at any moment, the old file or the whole new one stands there, never half of one. The draft has a name
 * with a dot in front and its owner's process number (CW_DRAFT_PREFIX), so that no reader of the folder takes it
 * for an entry, and its owner holds a lock (flock) on it: whoever takes the folder's lock next (base/lock.h)
 * removes it if the owner is gone. Not for devices and pipes: a rename would take their place
 * (cw_file_is_special).
 */
#ifndef CW_BASE_DRAFT_H
#define CW_BASE_DRAFT_H

#include "base/error.h"

#include <stdio.h>
#include <sys/types.h>

#define CW_DRAFT_PREFIX ".causeway-draft-"

struct cw_draft;

/** A file's name (without folder) is that of a draft. */
bool cw_draft_is_name(const char *name);

/**
 * Begins a file. A link is followed: what it names will be replaced, and the link stays. CW_E_IO where the
 * folder does not let it, where a link leads nowhere or is another user's (a planted one), and where something else than a file stands there.
 */
CW_MUST_USE bool cw_draft_open(const char *path, struct cw_draft **ret, struct cw_error *error);

/** Where to write to; the draft's own. */
FILE *cw_draft_stream(const struct cw_draft *draft);

/**
 * Puts the file in its place: flush, owner and mode, fsync, rename, fsync of the folder. A new file has `mode`
 * less the umask; one that replaces another has that one's owner, group and mode, except that a secret (a `mode`
 * that is for its owner alone) never gets a mode that lets everybody read it. CW_E_IO where anything of that or an
 * earlier write failed: what stood there before still does. The draft is still to be freed.
 */
CW_MUST_USE bool cw_draft_commit(struct cw_draft *draft, mode_t mode, struct cw_error *error);

/** The same without waiting for the disk: for many files that can be made again as a whole. */
CW_MUST_USE bool cw_draft_commit_loose(struct cw_draft *draft, mode_t mode, struct cw_error *error);

/**
 * The same for a secret (0600) that replaces another one: the former is overwritten with zeros once the new one
 * stands in its place. CW_E_IO says whether it does.
 */
CW_MUST_USE bool cw_draft_commit_over_secret(struct cw_draft *draft, struct cw_error *error);

/** What was not committed is thrown away. */
void cw_draft_free(struct cw_draft *draft);
CW_DEFINE_AUTO(struct cw_draft *, cw_draft_free)

#endif
