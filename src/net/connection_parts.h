/**
 * What a connection is made of: for the two files that run it, for nobody else.
 */
#ifndef CW_NET_CONNECTION_PARTS_H
#define CW_NET_CONNECTION_PARTS_H

#include "base/buffer.h"
#include "net/connection.h"

struct cw_connection {
	struct event_base *base;
	struct cw_limits limits;
	struct cw_connection_owner owner;
	struct cw_tls_judge judge;
	struct cw_connection_report report;
	bool told; /* the report has its end and reason: the first ones count */
	enum cw_connection_step step;
	evutil_socket_t socket;
	SSL *ssl;
	struct event *ready, *timer;
	short waiting; /* what `ready` waits for */
	bool lost;     /* the loop has no memory to wait with: the next call of `ready` ends it */
	struct cw_buffer out;
	size_t sent;	/* of `out` */
	bool over_mark; /* the owner waits for `drained` */
	bool overflowed;
	bool paused;
	bool closing;
	uint64_t received; /* bytes handed to the owner */
	size_t drained;
};

/** Puts the connection on its loop; `step` says whether it is still to be connected. */
CW_MUST_USE bool cw_connection_start(struct cw_connection *connection, struct cw_error *error);
/** Lets the loop come back to the connection: there is something to send. */
void cw_connection_kick(struct cw_connection *connection);
/** How it ended and why; only the first call counts. */
void cw_connection_say(struct cw_connection *connection, enum cw_end end, const char *format, ...)
	CW_PRINTF(3, 4);
/** Tells the owner, frees the connection. */
void cw_connection_finish(struct cw_connection *connection);

#endif
