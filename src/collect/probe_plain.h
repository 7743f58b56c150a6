/**
 * The words in the clear before TLS, or in place of it: XMPP's STARTTLS, and the banner of an SSH server.
 * Private to the probe.
 *
 * One connection, non-blocking, on an event loop. Nothing is sent to an SSH server.
 */
#ifndef CW_COLLECT_PROBE_PLAIN_H
#define CW_COLLECT_PROBE_PLAIN_H

#include "base/error.h"

#include <event2/event.h>
#include <sys/socket.h>

enum cw_probe_plain_kind { CW_PROBE_PLAIN_XMPP, CW_PROBE_PLAIN_SSH };

struct cw_probe_plain_setup {
	struct event_base *base;
	enum cw_probe_plain_kind kind;
	const struct sockaddr *to;
	socklen_t length;
	const char *domain; /* XMPP: whose stream is asked for */
	unsigned milliseconds;
	/*
	 * The last call. XMPP: `socket` is ready for TLS and the callee's; -1: it never came to that, and
	 * `words` say why. SSH: `socket` is -1; `words` are the banner where `good`, else why there is none.
	 */
	void (*done)(void *context, bool good, evutil_socket_t socket, const char *words);
	void *context;
};

/** Begins. False: nothing was begun, and `done` is not called. `setup` is borrowed for the time of the call. */
CW_MUST_USE bool cw_probe_plain_open(const struct cw_probe_plain_setup *setup, struct cw_error *error);

#endif
