/**
 * A network of its own on the loopback interface: 127.x.y.0/24, taken by one rehearsal at a time.
 *
 * Two rehearsals on one machine never meet: the lock is a name in the kernel's abstract socket namespace,
 * which goes away with its process, however that ends, and takes no port from anybody. Nothing here leaves
 * 127.0.0.0/8.
 */
#ifndef CW_NET_LOOPBACK_H
#define CW_NET_LOOPBACK_H

#include "base/error.h"

#include <netinet/in.h>
#include <stddef.h>

/* Addresses 1..250 are for nodes; more nodes than that share them, with other ports. */
#define CW_LOOPBACK_HOSTS 250

struct cw_loopback {
	int lock; /* -1: not taken */
	unsigned x, y;
};

/** Takes a network that nobody has. CW_E_NETWORK where none was found. */
CW_MUST_USE bool cw_loopback_take(struct cw_loopback *ret, struct cw_error *error);
/** Takes 127.x.y.0/24. CW_E_NETWORK where another rehearsal has it. */
CW_MUST_USE bool cw_loopback_take_at(unsigned x, unsigned y, struct cw_loopback *ret, struct cw_error *error);
void cw_loopback_release(struct cw_loopback *loopback);

/** The address of the node at `place`, from 0. */
struct sockaddr_in cw_loopback_address(const struct cw_loopback *loopback, size_t place, unsigned port);

#define CW_LOOPBACK_TEXT_SIZE 32
/** "127.12.34.1:7001" */
const char *cw_loopback_text(const struct sockaddr_in *address, char text[CW_LOOPBACK_TEXT_SIZE]);

#endif
