/**
 * IPv4 addresses of names, and the servers of services (SRV), asked of DNS on the event loop (c-ares): nothing waits.
 *
 * What is answered is not kept here: who dials again asks again, so that a changed record counts with the next try. Asks
 * the system's servers and its hosts file, or the servers that are given and nothing else.
 */
#ifndef CW_NET_RESOLVE_H
#define CW_NET_RESOLVE_H

#include "base/error.h"

#include <event2/event.h>
#include <netinet/in.h>

struct cw_resolve;
struct cw_resolve_query;

/* Against a name with addresses without end. */
#define CW_RESOLVE_ADDRESSES_MAX 16

struct cw_resolve_answer {
	struct in_addr addresses[CW_RESOLVE_ADDRESSES_MAX];
	size_t count;	 /* 0: none, and `why` says why */
	const char *why; /* fixed text */
	bool absent;	 /* DNS says that there is none; else nobody answered, and there may be */
};

/* Against a service with servers without end. */
#define CW_RESOLVE_SERVERS_MAX 16
/* RFC 1035 2.3.4, and its NUL. */
#define CW_RESOLVE_NAME_SIZE 256

/* One SRV record (RFC 2782). */
struct cw_resolve_server {
	char name[CW_RESOLVE_NAME_SIZE];
	unsigned port, priority, weight;
};

struct cw_resolve_servers {
	struct cw_resolve_server
		items[CW_RESOLVE_SERVERS_MAX]; /* lowest priority first, then the highest weight */
	size_t count;			       /* 0: none, and `why` says why */
	const char *why;		       /* fixed text */
	bool absent;			       /* as above */
};

/** `servers` (with ports) may be none: the system's. CW_E_NETWORK, CW_E_MEMORY. The caller frees it. */
CW_MUST_USE bool cw_resolve_new(struct event_base *base, const struct sockaddr_in *servers, size_t count,
	struct cw_resolve **ret, struct cw_error *error);
/** Queries that are out are cancelled: their owners hear nothing more. */
void cw_resolve_free(struct cw_resolve *resolve);
CW_DEFINE_AUTO(struct cw_resolve *, cw_resolve_free)

/**
 * Asks. `answered` is called once, later, from the loop; the query is gone then. NULL: no memory.
 */
CW_MUST_USE struct cw_resolve_query *cw_resolve_ask(struct cw_resolve *resolve, const char *name,
	void (*answered)(void *context, const struct cw_resolve_answer *answer), void *context);
/** The same for the SRV records of a service: "_collab-edge._tls.acme.test". A record with "." as its target (the service
 * is decidedly not there, RFC 2782) is none. */
CW_MUST_USE struct cw_resolve_query *cw_resolve_ask_servers(struct cw_resolve *resolve, const char *service,
	void (*answered)(void *context, const struct cw_resolve_servers *answer), void *context);
/** Its owner hears nothing more. NULL is fine. */
void cw_resolve_cancel(struct cw_resolve_query *query);

#endif
