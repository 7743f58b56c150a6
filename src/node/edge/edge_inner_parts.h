/**
 * What Expressway-C's side of the HTTP lane is made of: for edge_inner*.c alone.
 */
#ifndef CW_NODE_EDGE_EDGE_INNER_PARTS_H
#define CW_NODE_EDGE_EDGE_INNER_PARTS_H

#include "node/edge/edge_inner.h"
#include "node/edge/edge_pool.h"
#include "node/edge/edge_relay.h"
#include "node/edge/edge_uds.h"

#define CW_EDGE_INNER_KEY_SIZE 32
#define CW_EDGE_INNER_KNOWN_MAX 1024
/* Who is known goes on being known so long without asking, and a failure no longer than that: a server that comes back is
 * used at once. */
#define CW_EDGE_INNER_KNOWN_SECONDS 300
#define CW_EDGE_INNER_FAILED_SECONDS 5

/* A server inside, as it was asked for. */
struct cw_edge_inner_target {
	bool is_https;
	char host[CW_EDGE_UDS_HOST_SIZE];
	unsigned port;
};

/* --- edge_inner_dial.c: a connection to a server --- */

/* Exactly one of stream and fault. Called once, now or later; the dial is gone then, and its owner forgets it. */
struct cw_edge_inner_dial_owner {
	void (*done)(void *context, struct cw_edge_stream *stream, enum cw_edge_fault fault);
	void *context;
};

struct cw_edge_inner_dial {
	struct cw_edge_inner *inner;
	unsigned id;
	struct cw_edge_inner_target target;
	struct cw_edge_inner_dial_owner owner;
	bool has_link;
	struct cw_link like;	       /* whose question is asked, with `host` as its address */
	struct cw_edge_stream *stream; /* in its handshake */
	struct cw_snapshot_answer answer;
	char subject[200];
	struct event *timer;
	struct cw_edge_inner_dial *next, **place;
};

/** `*ret` is written before `done` is called. */
void cw_edge_inner_dial(struct cw_edge_inner *inner, const struct cw_edge_inner_target *target,
	const struct cw_edge_inner_dial_owner *owner, struct cw_edge_inner_dial **ret);
/** Without a word to its owner. NULL is fine. */
void cw_edge_inner_dial_free(struct cw_edge_inner_dial *dial);

/** "https://cucm.acme.test:8443 7": the name of its kept connections, which were judged by this snapshot. */
void cw_edge_inner_name(const struct cw_edge_inner *inner, const struct cw_edge_inner_target *target,
	char ret[CW_EDGE_POOL_NAME_SIZE]);
/** The snapshot is another one: those that are on their way ask by it. */
void cw_edge_inner_dial_refresh(struct cw_edge_inner *inner);

/** A server that was talked to broke off: told to the owner. In TLS 1.3 that is how its refusal of this node shows. */
void cw_edge_inner_tell_broken(
	struct cw_edge_inner *inner, const struct cw_edge_inner_target *target, const char *reason);

/* --- edge_inner_fetch.c: one GET of this node's own --- */

struct cw_edge_inner_fetch;

/* Called once, later or now; the fetch is gone then, and its owner forgets it. `status` 0: there is no answer, for that
 * fault. */
struct cw_edge_inner_fetch_owner {
	void (*done)(void *context, unsigned status, const struct cw_buffer *body, enum cw_edge_fault fault);
	void *context;
};

/** `credentials`: of an Authorization field, or NULL. `*ret` is written before `done` is called. */
void cw_edge_inner_fetch(struct cw_edge_inner *inner, const struct cw_edge_inner_target *target,
	const char *path, const char *credentials, const struct cw_edge_inner_fetch_owner *owner,
	struct cw_edge_inner_fetch **ret);
void cw_edge_inner_fetch_free(struct cw_edge_inner_fetch *fetch);

/* --- edge_inner_sign_in.c: get_edge_config --- */

struct cw_edge_inner_client;

/* What is remembered of a sign-in, under a keyed hash of user and password. */
struct cw_edge_inner_known {
	uint8_t hash[CW_EDGE_INNER_KEY_SIZE];
	cw_time until;
	enum cw_edge_fault fault; /* NOTHING: good */
	char home[CW_EDGE_UDS_HOST_SIZE];
};

/** Begins; the client's relay is answered, now or later. */
void cw_edge_inner_sign_in_begin(struct cw_edge_inner_client *client, const struct cw_edge_gate_answer *gate);
/** Gives it up. */
void cw_edge_inner_sign_in_free(struct cw_edge_inner_client *client);

/* --- edge_inner.c --- */

cw_time cw_edge_inner_now(const struct cw_edge_inner *inner);

struct cw_edge_inner_sign_in_state;

/* A stream of the tunnel. */
struct cw_edge_inner_client {
	struct cw_edge_inner *inner;
	struct cw_edge_relay *relay;
	struct cw_edge_inner_dial *dial;
	struct cw_edge_inner_target target; /* of the request that is forwarded */
	char edge[256];			    /* the Expressway-E whose tunnel it came through */
	struct cw_edge_inner_sign_in_state *sign_in;
	struct cw_edge_inner_client *next, **place;
};

struct cw_edge_inner {
	struct cw_edge_inner_setup setup;
	const struct cw_snapshot *snapshot;
	struct cw_strings domains;
	SSL_CTX *tls;
	struct cw_edge_streams streams;
	struct cw_edge_pool *pool;
	struct cw_edge_key_signer signer;
	struct cw_edge_key_ring ring;
	uint8_t key[CW_EDGE_INNER_KEY_SIZE];
	struct cw_edge_inner_known known[CW_EDGE_INNER_KNOWN_MAX];
	struct cw_edge_inner_client *clients;
	size_t client_count, came, requests, refused;
	char last[300];
	struct cw_edge_inner_dial *dials;
	unsigned next_id;
};

#endif
