/**
 * The administrators' side of a running node: the TLS port, who may log in, the process that serves the pages.
 *
 *     browser -- TLS -- core (here): judged, sessions, roles -- plain bytes over a socket -- admin process
 *                                ^---------------------- frames (admin_frame.h) ----------------'
 *
 * The admin process reads HTTP and writes pages. It has no key, no password, no file of the node (another user where the
 * node runs as root; Landlock without certs/ and secrets/; seccomp), and the core believes nothing of what it says: who
 * asks is looked up by the session's token for each frame, and so is the role. Where the process ends, it is started
 * again. What is done to the node does src/node/work.
 */
#ifndef CW_NODE_ADMIN_NODE_ADMIN_H
#define CW_NODE_ADMIN_NODE_ADMIN_H

#include "node/node_core.h"

/* The word by which the program becomes the admin process: its only argument. */
#define CW_NODE_ADMIN_WORD "admin-process"

struct cw_node_admin;

/** Opens the port and starts the process. A port that cannot be opened is an alarm, and the node goes on. */
CW_MUST_USE bool cw_node_admin_begin(
	struct cw_node_core *core, struct cw_node_admin **ret, struct cw_error *error);
void cw_node_admin_end(struct cw_node_admin *admin);
CW_DEFINE_AUTO(struct cw_node_admin *, cw_node_admin_end)

/** Another snapshot: identity, list, addresses. NULL: nothing is done. */
void cw_node_admin_reload(struct cw_node_admin *admin, const struct cw_snapshot *before);
/** Tells what is wrong as alarms. */
void cw_node_admin_look(struct cw_node_admin *admin);

#endif
