/**
 * The nodes' ports for other machines: a classroom reaches the lab through one address of this one.
 *
 * Each port of each node has a port of its own there, and bytes are passed on as they are: TLS and SSH end at the node.
 * Whoever can reach that address reaches the lab; nothing in it protects anything.
 */
#ifndef CW_LABRUN_LAB_RELAY_H
#define CW_LABRUN_LAB_RELAY_H

#include "base/buffer.h"
#include "labrun/lab_folders.h"

#include <event2/event.h>

/* Against one machine that opens connections for ever. */
#define CW_LAB_RELAY_STREAMS_MAX 500

struct cw_lab_relay;

/**
 * `listen`: an IPv4 address, with a first port or without (20000; port 0: ports that are free). The others follow it.
 * CW_E_USAGE, CW_E_NETWORK where one is taken.
 */
CW_MUST_USE bool cw_lab_relay_begin(struct event_base *base, const char *listen,
	const struct cw_lab_folders *folders, struct cw_lab_relay **ret, struct cw_error *error);
void cw_lab_relay_end(struct cw_lab_relay *relay);
/** Appends a line for each port. */
void cw_lab_relay_tell(const struct cw_lab_relay *relay, struct cw_buffer *ret);

#endif
