/**
 * One link of a rehearsal made for real: two stand-ins on one loop that connect, judge and talk.
 *
 * An exchange chooses what each end is made from (roles.c) and what is said once TLS is up, runs both ends,
 * and tells what happened. Private to the rehearsal.
 */
#ifndef CW_REHEARSE_EXCHANGE_H
#define CW_REHEARSE_EXCHANGE_H

#include "net/connection.h"
#include "observe/observed.h"
#include "traversal/conversation.h"

struct cw_rehearsal;
struct cw_exchange;

/* A Jabber's user said yes to this certificate. */
struct cw_exchange_user_answer {
	const char *endpoint;
	uint8_t sha256[CW_SHA256_SIZE];
};

/* One end of a link while it is made. */
struct cw_exchange_end {
	struct cw_exchange *exchange;
	bool is_client;
	SSL_CTX *tls;
	struct cw_conversation conversation;
	struct cw_connection *connection; /* NULL: not begun, or ended */
	bool ended;
	struct cw_connection_report report; /* once it ended */
};

/* Who wants to hear of an exchange. */
struct cw_exchange_watcher {
	/* the last call: the exchange is off its rehearsal's list, and the watcher's to free */
	void (*over)(struct cw_exchange *exchange, void *context);
	/* the client got its good answer; NULL: then it closes */
	void (*answered)(struct cw_exchange *exchange, void *context);
	void *context;
};

/* One link while it is made. */
struct cw_exchange {
	struct cw_exchange_watcher watcher;
	struct cw_rehearsal *rehearsal;
	struct cw_observed *observed;
	struct cw_exchange_end client, server;
	struct sockaddr_in from; /* the client's address: by it the server knows the link */
	struct cw_error error;
	bool failed;		  /* `error` says why */
	struct cw_exchange *next; /* of those that run now */
};

/** Begins the link. Where it cannot be made, `observed` says so and `*ret` is NULL. */
CW_MUST_USE bool cw_exchange_begin(struct cw_rehearsal *rehearsal, struct cw_observed *observed,
	const struct cw_exchange_watcher *watcher, struct cw_exchange **ret, struct cw_error *error);
/** The server of the link for a connection from elsewhere. Fails without taking the socket. */
CW_MUST_USE bool cw_exchange_with_outside_client(struct cw_rehearsal *rehearsal, struct cw_observed *observed,
	const struct cw_exchange_watcher *watcher, evutil_socket_t socket, struct cw_error *error);
/** The client of a link that is up asks once more. */
void cw_exchange_ask_again(struct cw_exchange *exchange);
/** A connection came from the exchange's client. */
void cw_exchange_accept(struct cw_exchange *exchange, evutil_socket_t socket);
void cw_exchange_free(struct cw_exchange *exchange);

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
