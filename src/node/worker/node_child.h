/**
 * Starts the program as a process that reads what strangers send: with no file of the node, whoever owns it.
 *
 * It can read what a program needs to begin (libraries) and nothing else (Landlock), gains no rights, and runs as the
 * account of the node's other children where the node is root. A kernel without Landlock: the account alone.
 */
#ifndef CW_NODE_NODE_CHILD_H
#define CW_NODE_NODE_CHILD_H

#include "base/child.h"
#include "traversal/tunnel_account.h"

/** The program itself, whatever its path has become since it was started. */
#define CW_NODE_CHILD_PROGRAM "/proc/self/exe"

struct cw_node_child_setup {
	const char *word; /* the program's only argument */
	const struct cw_tunnel_account *account;
	int in, out;   /* the caller's, or CW_CHILD_PIPE */
	bool resolves; /* it reads how hosts are found, too */
};

/** As cw_child_start. */
CW_MUST_USE bool cw_node_child_start(
	const struct cw_node_child_setup *setup, struct cw_child *ret, struct cw_error *error);

#endif
