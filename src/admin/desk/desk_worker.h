/**
 * The process of one session of the desk: everything that was dropped is read here, and nowhere else.
 *
 * Started by the desk with a socket as standard input (desk_frame.h). It has a file system of its own in memory, which
 * goes with it (a mount namespace; where a system gives none, a folder in /dev/shm that is removed at its end, and by
 * the next session where it was killed). It opens nothing outside of it but the system's libraries and CA list
 * (Landlock), makes no sockets and runs no programs (seccomp). Each verb runs in a child of its own with limits on
 * memory, time and descriptors: a file that breaks a reader, or keeps it for ever, ends that child and nothing else.
 */
#ifndef CW_ADMIN_DESK_DESK_WORKER_H
#define CW_ADMIN_DESK_DESK_WORKER_H

#include <stddef.h>
#include <stdio.h>

/* The word on the command line by which the program becomes this process; no verb. */
#define CW_DESK_WORKER_WORD ".desk-session"

/* What one session may hold, in bytes; what one verb may take. */
#define CW_DESK_WORKER_FOLDER "2g"
#define CW_DESK_WORKER_MEMORY (1536UL * 1024 * 1024)
#define CW_DESK_WORKER_SECONDS 120
#define CW_DESK_WORKER_DESCRIPTORS 128

/** A verb of this program, given as it would be typed; its exit status. */
typedef int cw_desk_worker_run(char *const *words, size_t count, FILE *out, FILE *err);

/** Serves until the desk goes. Returns the exit status. */
int cw_desk_worker(cw_desk_worker_run *run);

#endif
