/**
 * What the makers of a crowd share (edge_load, register_load): a loop, TLS that takes whoever answers, and where to go. They
 * measure; nothing of what they accept is a verdict.
 */
#ifndef CW_BENCH_CROWD_H
#define CW_BENCH_CROWD_H

#include "net/connection.h"

#include <netinet/in.h>

struct crowd {
	struct event_base *base;
	SSL_CTX *tls;
	struct cw_recent_certs *seen;
	struct sockaddr_in at;
};

/** All descriptors that the system lets this process have, a loop, TLS. */
bool crowd_begin(struct crowd *ret);
/** Where to go: false where the text is no IPv4 address. */
bool crowd_set_address(struct crowd *crowd, const char *text, uint16_t port);
/** As cw_connection_setup.judge wants it: everybody is who he should be. */
int crowd_accept(void *context, struct cw_cert *const *chain, size_t count);
void crowd_after(struct event *event, double seconds);
/** Seconds of the monotonic clock. */
double crowd_now(void);
/** SIGKILL to each of "12,34"; the text is cut up. */
void crowd_kill(char *pids);

#endif
