/**
 * Starts the program as a process that reads what strangers send: with no file of the node, whoever owns it.
 *
 * It can read what a program needs to begin (libraries) and nothing else (Landlock), gains no rights, and runs as the
 * account of the node's other children where the node is root. A kernel without Landlock: the account alone.
 */
#ifndef CW_NODE_ADMIN_ADMIN_CHILD_H
#define CW_NODE_ADMIN_ADMIN_CHILD_H

#include "base/child.h"
#include "traversal/tunnel_account.h"

/** The program itself, whatever its path has become since it was started. */
#define CW_ADMIN_CHILD_PROGRAM "/proc/self/exe"

/** Runs the program with `word` as its only argument; `in` and `out` are the caller's. As cw_child_start. */
CW_MUST_USE bool cw_admin_child_start(const char *word, const struct cw_tunnel_account *account, int in,
	int out, struct cw_child *ret, struct cw_error *error);

#endif
