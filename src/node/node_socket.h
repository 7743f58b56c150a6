/**
 * The Unix sockets in a node's run/ folder: its own user alone can open them.
 */
#ifndef CW_NODE_NODE_SOCKET_H
#define CW_NODE_NODE_SOCKET_H

#include "node/node_folder.h"

#include <jansson.h>

/* Against a stranger on the socket; what a node with six peers says has some 10 kB. */
#define CW_NODE_SOCKET_ANSWER_MAX (1024 * 1024)

/** A socket that listens; what a former run left there is removed. -1: errno says why not. */
int cw_node_socket_listen(const struct cw_node_folder *folder, const char *name);
void cw_node_socket_remove(const struct cw_node_folder *folder, const char *name);

/**
 * Connects to the node that runs on this folder, sends `request` (NULL: nothing) and reads JSON until the end. Waits some
 * seconds at most. CW_E_USAGE where none runs. The caller frees the answer.
 */
CW_MUST_USE bool cw_node_socket_ask(
	const char *folder, const char *name, const char *request, json_t **ret, struct cw_error *error);

#endif
