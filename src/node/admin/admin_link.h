/**
 * The address at which an administrator's first password is set, once and within an hour: written by whoever can write the
 * node's folder, so that there is no default password, and a lost one is no end.
 */
#ifndef CW_NODE_ADMIN_ADMIN_LINK_H
#define CW_NODE_ADMIN_ADMIN_LINK_H

#include "base/buffer.h"
#include "base/time.h"

#define CW_ADMIN_LINK_USER "admin"

/**
 * What a new node's secrets/administrators.json holds, so that `user` can set a password, and the address for that. The file
 * is written with the others of the node (node/node_init.h).
 */
CW_MUST_USE bool cw_admin_link_new(const char *host, const char *user, cw_time now,
	struct cw_buffer *ret_file, struct cw_buffer *ret_address, struct cw_error *error);

/**
 * Makes a link for `user` (with the role read-write where there is no such administrator yet) and appends its address.
 * Name and port are as node.yaml has them, or NODE where it cannot be read: whatever is wrong with certificates does not
 * matter here. A former link is no longer good. A node that runs there takes it at once.
 */
CW_MUST_USE bool cw_admin_link(
	const char *folder, const char *user, cw_time now, struct cw_buffer *ret, struct cw_error *error);

#endif
