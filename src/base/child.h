/**
 * Child processes: started with nothing inherited, watched by a descriptor, ended as a group.
 *
 * A child is the leader of a process group of its own, has the three standard descriptors that it was given
 * and no others, an environment of its own, no blocked signals, and is killed when its parent dies, but for one that is to survive it
 * (PR_SET_PDEATHSIG; processes that the child starts are not: whoever starts servers looks for what was left
 * behind). It may give up root for an account before it runs.
 *
 * Does not wait on a loop: `pidfd` becomes readable when the child has ended, and belongs in the caller's
 * event loop. Nothing here runs a shell.
 */
#ifndef CW_BASE_CHILD_H
#define CW_BASE_CHILD_H

#include "base/confine.h"

#include <sys/types.h>

/* What a standard descriptor of the child is, where it is none of the caller's. */
#define CW_CHILD_NULL (-1) /* /dev/null */
#define CW_CHILD_PIPE (-2) /* a pipe; the caller's end is in struct cw_child, and does not block */

struct cw_child_setup {
	const char *const *arguments;	/* the first is the program, an absolute path; ended by NULL */
	const char *const *environment; /* "NAME=value", ended by NULL; NULL: empty */
	int in, out, err;		/* a descriptor of the caller's, CW_CHILD_NULL or CW_CHILD_PIPE */
	bool drops;			/* to `uid` and `gid`, with no other groups; the caller is root */
	uid_t uid;
	gid_t gid;
	const struct cw_confine *confine; /* entered before the program runs; NULL: it is not confined */
	bool survives;			  /* it is not killed when its parent dies: it sees that itself */
};

struct cw_child {
	pid_t pid;	  /* 0: none, or its end was seen */
	int pidfd;	  /* -1: none */
	int in, out, err; /* the caller's ends of pipes; -1: none */
	int status;	  /* once its end was seen: as waitpid(2) has it */
};

/** A child that was never started: what cw_child_finish accepts. */
#define CW_CHILD_NONE ((struct cw_child){0, -1, -1, -1, -1, 0})

/**
 * Starts the program. CW_E_IO names it, what was being done and why it failed, also where the program cannot
 * be executed: then nothing runs.
 */
CW_MUST_USE bool cw_child_start(
	const struct cw_child_setup *setup, struct cw_child *ret, struct cw_error *error);

/** True: it has ended, and `status` says how; what it had started and left behind in its group is killed. Never
 * waits. */
bool cw_child_ended(struct cw_child *child);

/** Sends the signal to the child's whole group; to nobody where its end was seen. */
void cw_child_signal(const struct cw_child *child, int signal);

/** Kills what is left of the group, waits for the child, closes the descriptors. */
void cw_child_finish(struct cw_child *child);

#define CW_CHILD_STATUS_SIZE 64
/** "ended with status 255", "was killed by signal 9 (Killed)". Returns `text`. */
const char *cw_child_status_text(int status, char text[CW_CHILD_STATUS_SIZE]);

#endif
