/**
 * The process of an edge worker: started by exec, so that nothing of the core's memory is in it; confined before it is
 * given anything.
 *
 * Descriptor 0 is the channel to the core. The first frame says whom to become; then the process gives up its account's
 * rights, names no path to Landlock, and refuses to run programs, bind, or look at other processes (seccomp). Then it is
 * ready, and gets the snapshot with the keys. It ends where its channel does.
 */
#ifndef CW_NODE_WORKER_WORKER_RUN_H
#define CW_NODE_WORKER_WORKER_RUN_H

/** The exit status. Never returns to a caller that had any work before. */
int cw_worker_run(void);

#endif
