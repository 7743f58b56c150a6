/**
 * Confines a process to what it needs: files by Landlock, system calls by seccomp.
 *
 * For processes that read bytes from outside, or need no more than one folder: what is not named cannot be opened any
 * more, whoever owns it, by this process and by all that it starts. Cannot be undone. A kernel without Landlock, or
 * without seccomp filters, confines less: the caller is told, and says so. Needs no privilege.
 *
 * Prepared by the parent, entered by the child: cw_confine_enter calls nothing but what may be called between fork and
 * exec.
 */
#ifndef CW_BASE_CONFINE_H
#define CW_BASE_CONFINE_H

#include "base/error.h"

#include <stddef.h>

/* Against endless lists. */
#define CW_CONFINE_PATHS_MAX 16

enum cw_confine_access {
	CW_CONFINE_READ,  /* files and folders below can be read, and programs run */
	CW_CONFINE_WRITE, /* the same, and everything below can be made, changed and removed */
};

struct cw_confine_path {
	const char *path; /* one that is not there is left out */
	enum cw_confine_access access;
};

struct cw_confine {
	int ruleset; /* -1: this kernel has no Landlock */
};
#define CW_CONFINE_NONE ((struct cw_confine){-1})

/** False: CW_E_IO. A kernel without Landlock is no failure: `ruleset` stays -1. The caller frees it. */
CW_MUST_USE bool cw_confine_prepare(
	const struct cw_confine_path *paths, size_t count, struct cw_confine *ret, struct cw_error *error);
void cw_confine_finish(struct cw_confine *confine);

/** From now on this process opens what was named, and nothing else. False: errno says why not. */
CW_MUST_USE bool cw_confine_enter(const struct cw_confine *confine);

/** Programs cannot be run, sockets not be made, other processes not be traced: with EPERM. False: it cannot be had. */
CW_MUST_USE bool cw_confine_calls(void);

/** The same for a process that connects: streams can be made and connected, and nothing be bound. */
CW_MUST_USE bool cw_confine_calls_of_worker(void);

#endif
