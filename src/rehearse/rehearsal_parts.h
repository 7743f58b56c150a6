/**
 * What a rehearsal is made of: for the files that run it, for nobody else.
 */
#ifndef CW_REHEARSE_REHEARSAL_PARTS_H
#define CW_REHEARSE_REHEARSAL_PARTS_H

#include "net/accept.h"
#include "net/loopback.h"
#include "rehearse/exchange.h"
#include "rehearse/rehearsal.h"
#include "rehearse/rehearsal_tunnels.h"

/* A node or an endpoint, at its address. */
struct cw_rehearsal_party {
	const char *name;
};

struct cw_rehearsal_listener {
	struct cw_rehearsal *rehearsal;
	size_t party;
	unsigned port;		    /* of the deployment */
	struct sockaddr_in address; /* where it really listens */
	struct cw_accept *accept;
};

struct cw_rehearsal {
	const struct cw_check *check;
	struct cw_rehearsal_options options;
	struct cw_stand_in_keys *keys;
	struct cw_stand_ins *stand_ins;
	struct cw_loopback loopback;
	struct event_base *base;
	struct cw_rehearsal_party *parties;
	size_t party_count, party_capacity;
	struct cw_exchange_user_answer *answers;
	size_t answer_count, answer_capacity;
	struct cw_rehearsal_listener **listeners;
	size_t listener_count, listener_capacity;
	/* a connection from none of the exchanges; false: not wanted. NULL: nobody is */
	bool (*on_outside_client)(
		void *context, const struct cw_rehearsal_listener *listener, evutil_socket_t socket);
	void *outside_context;
	struct cw_observed_set observed; /* its items are owned */
	struct cw_exchange *running;
	size_t running_count;
	struct cw_rehearsal_tunnels *tunnels;
	size_t tunnels_running;
	bool tunnels_turn; /* every other link has its outcome */
	size_t next, done;
	bool failed;
	struct cw_error error;
};

/** The party's place, from 0; added where it is new. False: no memory. */
CW_MUST_USE bool cw_rehearsal_party(struct cw_rehearsal *rehearsal, const char *name, size_t *ret);
/** Its place where it has one. */
bool cw_rehearsal_find_party(const struct cw_rehearsal *rehearsal, const char *name, size_t *ret);
/** Opens the listener of a link's server, where there is none yet. */
CW_MUST_USE bool cw_rehearsal_listen(
	struct cw_rehearsal *rehearsal, const struct cw_link *link, struct cw_error *error);
/** Where the link's server listens; NULL: nowhere. */
const struct sockaddr_in *cw_rehearsal_server(
	const struct cw_rehearsal *rehearsal, const struct cw_link *link);
/** The listener is that of the link's server. */
bool cw_rehearsal_serves(const struct cw_rehearsal_listener *listener, const struct cw_link *link);
void cw_rehearsal_close(struct cw_rehearsal *rehearsal);

/** Drops every exchange without a word. */
void cw_rehearsal_drop_exchanges(struct cw_rehearsal *rehearsal);

#endif
