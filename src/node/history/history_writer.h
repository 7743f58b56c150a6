/**
 * The process that writes the history: reads events from a socket, writes them, says how far it is.
 */
#ifndef CW_NODE_HISTORY_HISTORY_WRITER_H
#define CW_NODE_HISTORY_HISTORY_WRITER_H

#include "base/child.h"
#include "node/history/history_store.h"

/* A message on the socket (SOCK_SEQPACKET): an event, as JSON. */
#define CW_HISTORY_WRITER_MESSAGE_MAX (32 * 1024)

/* What it answers. */
struct cw_history_writer_answer {
	uint64_t number;   /* every event up to this one is on the disk */
	char trouble[200]; /* why the next one is not; "": nothing is wrong */
};

/** Starts it. `ret_socket` is the owner's end. CW_E_IO. */
CW_MUST_USE bool cw_history_writer_start(
	const char *folder, int *ret_socket, struct cw_child *ret_process, struct cw_error *error);

/** Its socket is closed: waits until it has written what it has, and kills it where it takes longer. */
void cw_history_writer_wait(struct cw_child *process, int milliseconds);

/** What that process does (node_process.h). Its exit status. */
int cw_history_writer_run(const char *folder);

#endif
