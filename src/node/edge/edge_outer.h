/**
 * Expressway-E's side of the HTTP lane: clients from outside, and the tunnels to Expressway-C.
 *
 * Each client is served over TLS with this node's server certificate; nobody is asked for one. Requests are decided by
 * edge_gate.h with what the zone told (domains, public keys of session cookies), made anew and sent over kept streams of
 * the tunnels. Where no tunnel is active the answer is 502 "Next Hop Connection Failed", at once.
 *
 * Opens no socket: whoever owns it accepts, and opens streams of tunnels.
 */
#ifndef CW_NODE_EDGE_EDGE_OUTER_H
#define CW_NODE_EDGE_EDGE_OUTER_H

#include "node/edge/edge_gate.h"
#include "node/edge/edge_stream.h"
#include "node/snapshot.h"

struct cw_edge_outer;

/* Against clients who use up memory and descriptors; the vendor's largest box has 7,000. */
#define CW_EDGE_OUTER_CLIENTS_MAX 8000
/* Requests on their way to Expressway-C, each until its answer begins; the others wait for their turn. While more than
 * that wait, nobody else is wanted (`crowded`). */
#define CW_EDGE_OUTER_TURNS_MAX 256
/* Milliseconds: a handshake, an answer: longer than Expressway-C takes for its own (edge_inner.h). */
#define CW_EDGE_OUTER_HANDSHAKE_MS 10000
#define CW_EDGE_OUTER_ANSWER_MS 35000

/* Somebody signed in, or tried to. Everything borrowed. */
struct cw_edge_outer_sign_in {
	const char *user, *client; /* "jabber" */
	const char *from;	   /* address */
	unsigned status;
	enum cw_edge_fault fault; /* NOTHING: Expressway-C answered */
};

struct cw_edge_outer_owner {
	/* A stream of a tunnel is wanted: cw_edge_outer_streamed or _unstreamed is called for `id`, now or later. `id` is
	   never used twice. */
	void (*stream)(void *context, unsigned id);
	/* This user signs in: cw_edge_outer_counted is called for `id`, now or later. `id` is never used twice. */
	void (*count)(void *context, unsigned id, const char *user);
	void (*signed_in)(void *context, const struct cw_edge_outer_sign_in *sign_in);
	/* More wait than can be served soon: take nobody else; or not any more. */
	void (*crowded)(void *context, bool crowded);
	void *context;
};

struct cw_edge_outer_setup {
	struct event_base *base;
	FILE *keylog;
	struct cw_edge_outer_owner owner;
};

/** CW_E_MEMORY, CW_E_CRYPTO. `snapshot` is borrowed until the next one. */
CW_MUST_USE bool cw_edge_outer_new(const struct cw_edge_outer_setup *setup,
	const struct cw_snapshot *snapshot, struct cw_edge_outer **ret, struct cw_error *error);
/** Ends everything at once. */
void cw_edge_outer_free(struct cw_edge_outer *outer);
CW_DEFINE_AUTO(struct cw_edge_outer *, cw_edge_outer_free)

/** Another snapshot: who comes from now on is shown its certificate; who is there stays. */
CW_MUST_USE bool cw_edge_outer_set_snapshot(
	struct cw_edge_outer *outer, const struct cw_snapshot *snapshot, struct cw_error *error);

/** The domains that people sign in with; copied. */
CW_MUST_USE bool cw_edge_outer_set_domains(struct cw_edge_outer *outer, const struct cw_strings *domains);
/** What this node knows of the keys of session cookies. */
struct cw_edge_key_ring *cw_edge_outer_ring(struct cw_edge_outer *outer);
/** Tunnels are others than before: kept streams are closed. */
void cw_edge_outer_drop_streams(struct cw_edge_outer *outer);

/** A client has connected, from this address: the socket is the lane's from now on. */
void cw_edge_outer_take(struct cw_edge_outer *outer, evutil_socket_t socket, const char *address);

/** The stream that `stream` asked for; an id that is not known any more closes it. */
void cw_edge_outer_streamed(struct cw_edge_outer *outer, unsigned id, evutil_socket_t socket);
/** There is none. */
void cw_edge_outer_unstreamed(struct cw_edge_outer *outer, unsigned id);

/** The sign-in that `count` asked for goes on; or, where `wait` is not 0, it is refused for so many seconds yet. */
void cw_edge_outer_counted(struct cw_edge_outer *outer, unsigned id, unsigned wait);

/* Since the beginning. */
struct cw_edge_outer_counts {
	size_t clients;			   /* that came */
	size_t requests, refused;	   /* refused here */
	size_t sign_ins, sign_ins_refused; /* answered with 200; with anything else, wherever that was said */
	size_t statuses[600];		   /* of answers; [0]: of none that is one of HTTP */
};
const struct cw_edge_outer_counts *cw_edge_outer_counts(const struct cw_edge_outer *outer);
/** Clients that are there. */
size_t cw_edge_outer_active(const struct cw_edge_outer *outer);
/** Why the last request that was refused here was. */
const char *cw_edge_outer_last(const struct cw_edge_outer *outer);

#endif
