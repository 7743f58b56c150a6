/**
 * Tells the service manager how a node is: sd_notify(3), by hand over its socket.
 */
#ifndef CW_NODE_NODE_NOTIFY_H
#define CW_NODE_NODE_NOTIFY_H

/** Sends "READY=1", "STOPPING=1", "WATCHDOG=1", …; nothing where nobody waits (no NOTIFY_SOCKET). */
void cw_node_notify(const char *state);

/** How often the watchdog wants to hear, in milliseconds: half of WATCHDOG_USEC; 0: never. */
unsigned cw_node_notify_interval(void);

#endif
