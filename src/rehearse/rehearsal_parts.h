/**
 * What a rehearsal is made of: for the files that run it, for nobody else.
 */
#ifndef CW_REHEARSE_REHEARSAL_PARTS_H
#define CW_REHEARSE_REHEARSAL_PARTS_H

#include "net/loopback.h"
#include "rehearse/conversation.h"
#include "rehearse/rehearsal.h"

#include <event2/listener.h>

/* A node or an endpoint, at its address. */
struct cw_rehearsal_party {
	const char *name;
};

struct cw_rehearsal_listener {
	struct cw_rehearsal *rehearsal;
	size_t party;
	unsigned port;		    /* of the deployment */
	struct sockaddr_in address; /* where it really listens */
	struct evconnlistener *events;
};

struct cw_exchange;

/* A Jabber's user said yes to this certificate. */
struct cw_exchange_user_answer {
	const char *endpoint;
	uint8_t sha256[CW_SHA256_SIZE];
};

/* One end of a link that is played. */
struct cw_exchange_end {
	struct cw_exchange *exchange;
	bool is_client;
	SSL_CTX *tls;
	struct cw_conversation dialog;
	struct cw_connection *connection; /* NULL: not begun, or ended */
	bool ended;
	struct cw_connection_report report; /* once it ended */
};

/* Who wants to hear of a exchange. */
struct cw_exchange_watcher {
	/* the last call: the exchange is off its rehearsal's list, and the watcher's to free */
	void (*over)(struct cw_exchange *exchange, void *context);
	/* the client got its good answer; NULL: then it closes */
	void (*answered)(struct cw_exchange *exchange, void *context);
	void *context;
};

/* One link while it is played. */
struct cw_exchange {
	struct cw_exchange_watcher watcher;
	struct cw_rehearsal *rehearsal;
	struct cw_observed *observed;
	struct cw_exchange_end client, server;
	struct sockaddr_in from; /* the client's address: by it the server knows the link */
	struct cw_error error;
	bool failed; /* `error` says why */
	bool service_refused;
	struct cw_exchange *next; /* of those that are played now */
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

/** Begins the link. Where it cannot be played, `observed` says so and `*ret` is NULL. */
CW_MUST_USE bool cw_exchange_begin(struct cw_rehearsal *rehearsal, struct cw_observed *observed,
	const struct cw_exchange_watcher *watcher, struct cw_exchange **ret, struct cw_error *error);
/** Plays the server of the link for a connection from elsewhere. Fails without taking the socket. */
CW_MUST_USE bool cw_exchange_with_outside_client(struct cw_rehearsal *rehearsal, struct cw_observed *observed,
	const struct cw_exchange_watcher *watcher, evutil_socket_t socket, struct cw_error *error);
/** The client of a link that is up asks once more. */
void cw_exchange_ask_again(struct cw_exchange *exchange);
/** A connection came from the play's client. */
void cw_exchange_accept(struct cw_exchange *exchange, evutil_socket_t socket);
void cw_exchange_free(struct cw_exchange *exchange);

/** Drops every exchange without a word. */
void cw_rehearsal_drop_exchanges(struct cw_rehearsal *rehearsal);

/** What both ends are made from: identities, keys, CA names, versions. False with `*why`: not rehearsable. */
CW_MUST_USE bool cw_exchange_assign_roles(
	struct cw_exchange *exchange, char why[240], struct cw_error *error);
/** The judge of one end. `context` is a struct cw_exchange_end. */
int cw_exchange_ask(void *context, struct cw_cert *const *chain, size_t count);
/** A Jabber that would refuse asks its user, once for each certificate, and notes it. False: no memory. */
CW_MUST_USE bool cw_exchange_prompt_user(struct cw_exchange *exchange, const struct cw_cert *leaf);
/** What is said over the link. */
void cw_exchange_choose_conversation(struct cw_exchange *exchange);
/** From both ends' reports to what happened. */
CW_MUST_USE bool cw_exchange_conclude(struct cw_exchange *exchange, struct cw_error *error);

#endif
