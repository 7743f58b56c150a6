/**
 * One lock for a folder, for everybody who changes files in it: what is read is what is written back.
 *
 * The lock is flock(2) on the file CW_LOCK_NAME in the folder, which says who holds it and is removed when the lock
 * is released; the kernel releases it with the process, however that ends. Who has to wait says so, and gives up
 * after a while, naming the holder. Whoever has the lock first removes the drafts (base/draft.h) that processes
 * left behind which were killed.
 *
 * Protects against other commands of Causeway, not against an editor. Where two folders are wanted, two commands
 * may wait for each other: the limit ends that.
 */
#ifndef CW_BASE_LOCK_H
#define CW_BASE_LOCK_H

#include "base/error.h"

#define CW_LOCK_NAME ".causeway.lock"
#define CW_LOCK_WAIT_SECONDS 60

struct cw_lock_item;

/* The locks of one command. */
struct cw_locks {
	struct cw_lock_item *items;
	size_t count, capacity;
	const char *who;   /* "trust append": what the others are told; borrowed */
	long wait_seconds; /* before it gives up; 0: CW_LOCK_WAIT_SECONDS, negative: at once */
	/* Gets a sentence: who is waited for, what was swept. NULL: nobody wants to know. */
	void (*tell)(void *context, const char *message);
	void *context;
};

/**
 * Takes the lock of a folder ("": the working folder), which must be there; one that this command has already is
 * taken. CW_E_IO where the folder lets nobody write, and where another command has held it too long.
 */
CW_MUST_USE bool cw_lock_take(struct cw_locks *locks, const char *folder, struct cw_error *error);

/** The lock of the folder in which a file stands; of the file that it names, if it is a link. */
CW_MUST_USE bool cw_lock_take_for(struct cw_locks *locks, const char *path, struct cw_error *error);

/**
 * Removes from a folder what killed commands left unfinished there, and tells. Also without the folder's lock: what
 * has an owner is not touched.
 */
void cw_lock_sweep(const struct cw_locks *locks, const char *folder);

/** The same for the folder of a file that is about to be written, without a word: of many files in one call. */
void cw_lock_sweep_beside(const char *path);

/** How many drafts in a folder have no owner any more, whosever they are. Changes nothing; 0 where it cannot look. */
size_t cw_lock_count_left(const char *folder);

/** Releases them all. */
void cw_lock_release(struct cw_locks *locks);

#endif
