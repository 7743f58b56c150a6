/**
 * The admin process of a node: reads HTTP from browsers, asks the core, writes pages.
 *
 * Started by the node (node/admin/node_admin.h) with two sockets: standard input brings connected sockets, one a message,
 * with {"connection":N,"address":"..."}; standard output carries frames both ways (node/admin/admin_frame.h). It opens
 * nothing and holds no session, key or password longer than a request; what it may do, the core decides for each frame.
 * Ends where the core ends.
 */
#ifndef CW_ADMIN_FRONT_FRONT_H
#define CW_ADMIN_FRONT_FRONT_H

/** Returns the exit status. */
int cw_front(void);

#endif
