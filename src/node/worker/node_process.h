/**
 * Processes of a node besides its core: this very program again, by exec, so that nothing of the core's memory (keys,
 * passwords) is in them.
 *
 * Each is a row of one table: a word on the command line that no verb is, and what it does. Descriptor 0 is its socket to
 * the core.
 */
#ifndef CW_NODE_WORKER_NODE_PROCESS_H
#define CW_NODE_WORKER_NODE_PROCESS_H

#include "base/child.h"

enum cw_node_process { CW_NODE_PROCESS_EDGE_WORKER, CW_NODE_PROCESS_HISTORY_WRITER };

/**
 * Starts one with a new socketpair of that type (SOCK_STREAM, SOCK_SEQPACKET), of which the caller gets its own end, and
 * closes it; it does not block. `argument` may be NULL. CW_E_IO.
 */
CW_MUST_USE bool cw_node_process_start(enum cw_node_process kind, int type, const char *argument,
	struct cw_child *ret, int *ret_socket, struct cw_error *error);

/** Called first of all by a program that starts such processes: where it is one, it never returns. */
void cw_node_process_enter(int count, char **words);

#endif
