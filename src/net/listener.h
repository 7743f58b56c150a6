/**
 * A listening port: its identity and its trust list can be replaced while it serves.
 *
 * Every client is judged inside its handshake, by asking the owner, and the judgement stays with its connection. A new list is
 * parsed and judged before it takes the old one's place (a node whose own chain is not in its own list would
 * not be understood by its peers); what cannot be used changes nothing. Connections that are up are judged
 * again, and the owner hears of it; they are not closed here. Whoever is still in its handshake then, and is
 * refused by the new list, does not come in.
 */
#ifndef CW_NET_LISTENER_H
#define CW_NET_LISTENER_H

#include "net/connection.h"
#include "trust/judge.h"

#include <netinet/in.h>

struct cw_listener;
struct cw_listener_peer;

/** What is to be judged. Everything borrowed. */
struct cw_listener_question {
	const struct cw_trust_list *list;
	struct cw_cert *const *chain; /* leaf first */
	size_t chain_count;
	bool own;		/* the node's own certificate, which its own list must hold; else a peer's */
	struct cw_cache *cache; /* of this listener */
};

/* Against peers who use up memory and descriptors. */
#define CW_LISTENER_PEERS_MAX 8000

/* Called from the loop. A peer is there from its handshake on until `left` returns. */
struct cw_listener_owner {
	void (*came)(void *context, struct cw_listener_peer *peer);
	void (*said)(void *context, struct cw_listener_peer *peer, const char *data, size_t length);
	/* also for those who never came in: the report says why */
	void (*left)(void *context, struct cw_listener_peer *peer, const struct cw_connection_report *report);
	/* after a new trust list; NULL: nobody asks */
	void (*judged_again)(void *context, struct cw_listener_peer *peer, enum cw_verdict before);
	/* a peer had more to take than the high mark of its connection, and has taken it; NULL: nobody asks */
	void (*drained)(void *context, struct cw_listener_peer *peer);
	/* too many are there already: this one was closed before the first byte (or, where the listener makes room, the
	 * oldest one in its handshake, of which `left` was told); NULL: nobody asks */
	void (*turned_away)(void *context);
	/* asks the questioner (check/question.h). False: could not be asked */
	bool (*judge)(void *context, const struct cw_listener_question *question, struct cw_judgement *ret,
		struct cw_error *error);
	void *context;
};

/* Everything borrowed, for the time of the call. */
struct cw_listener_setup {
	struct event_base *base;
	const struct sockaddr *address; /* NULL: on `socket` */
	socklen_t length;
	evutil_socket_t socket; /* listens already, and does not block; a copy is made of it */
	struct cw_cert *leaf;
	EVP_PKEY *key;
	const struct cw_trust_list *list;
	enum cw_profile profile; /* of its search for the chain that it sends */
	bool asks;		 /* for the client's certificate */
	bool sends_leaf_only;
	enum cw_tls_versions versions;
	int security_level;
	FILE *keylog;			/* net/tls.h; NULL: none */
	const struct cw_limits *limits; /* NULL: the default */
	size_t peers_max;		/* at once, those in their handshake included; 0: the default */
	bool makes_room;		/* where one more comes, the oldest goes that is in its handshake */
	struct cw_listener_owner owner;
};

/** Listens. The caller frees the listener (cw_listener_free). */
CW_MUST_USE bool cw_listener_open(
	const struct cw_listener_setup *setup, struct cw_listener **ret, struct cw_error *error);
/** Closes the port and drops every peer without a word. */
void cw_listener_free(struct cw_listener *listener);
CW_DEFINE_AUTO(struct cw_listener *, cw_listener_free)

/** The port that it listens on (useful where the setup said 0), and its socket. */
unsigned cw_listener_port(const struct cw_listener *listener);

/**
 * Replaces the trust list by what these bytes hold (PEM, DER, PKCS#7; `data` is followed by a NUL that does
 * not count). On failure the error says why, and the last good list stays. The chain and the CA names sent to
 * later clients change with it.
 */
CW_MUST_USE bool cw_listener_set_trust(
	struct cw_listener *listener, const char *data, size_t length, struct cw_error *error);

/** The same with a list that is there already; it is copied. */
CW_MUST_USE bool cw_listener_set_list(
	struct cw_listener *listener, const struct cw_trust_list *list, struct cw_error *error);

/** Replaces the identity. Refused where the key is another one's or the list does not hold its chain. */
CW_MUST_USE bool cw_listener_set_identity(
	struct cw_listener *listener, struct cw_cert *leaf, EVP_PKEY *key, struct cw_error *error);

/** Calls `each` for everybody who came in. It may close and refuse connections. */
void cw_listener_each(struct cw_listener *listener,
	void (*each)(struct cw_listener_peer *peer, void *context), void *context);

struct cw_connection *cw_listener_peer_connection(const struct cw_listener_peer *peer);
/** From where it came; zeros where that is no IPv4 address. */
struct sockaddr_in cw_listener_peer_from(const struct cw_listener_peer *peer);
/** NULL where it was not judged (the listener does not ask). */
const struct cw_judgement *cw_listener_peer_judgement(const struct cw_listener_peer *peer);
/** The chain that it showed, leaf first; NULL where it showed none. Borrowed; each certificate can be referenced. */
struct cw_cert *const *cw_listener_peer_chain(const struct cw_listener_peer *peer, size_t *ret_count);
/** For the owner's use. */
void cw_listener_peer_set_context(struct cw_listener_peer *peer, void *context);
void *cw_listener_peer_context(const struct cw_listener_peer *peer);

#endif
