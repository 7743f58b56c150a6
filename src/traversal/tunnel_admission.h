/**
 * Who may begin to speak SSH: decided before the first byte, from the address and the clock alone.
 *
 * Each connection costs two processes and a key exchange, so caps and rates come first. Whether a zone is up
 * from the address is the caller's to know.
 */
#ifndef CW_TRAVERSAL_TUNNEL_ADMISSION_H
#define CW_TRAVERSAL_TUNNEL_ADMISSION_H

#include "traversal/tunnel_limits.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define CW_TUNNEL_ADDRESSES_MAX 64

struct cw_tunnel_admission {
	struct cw_tunnel_caller {
		in_addr_t address;
		unsigned left;	  /* connections that it may begin now */
		uint64_t counted; /* when that was true */
	} callers[CW_TUNNEL_ADDRESSES_MAX];
	size_t count;
};

/**
 * NULL: it may begin, and is counted. Otherwise why not, for people. `all` and `same` are how many connections
 * there are now, and how many from this address; `now` is a clock that only goes forward, in milliseconds.
 */
const char *cw_tunnel_admission_ask(struct cw_tunnel_admission *admission,
	const struct cw_tunnel_limits *limits, struct in_addr from, size_t all, size_t same, uint64_t now);

#endif
