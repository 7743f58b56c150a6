/**
 * Expressway-C's side of the HTTP lane: what comes out of the tunnel, and the servers inside.
 *
 * Each stream of the tunnel carries requests (edge_relay.h), decided by edge_gate.h. Signing in (get_edge_config) is asked
 * of the home cluster's User Data Services and answered here, with a session cookie; everything else goes to its server
 * over TLS, whose certificate is judged in the handshake by the link's own question (`tomcat`, `tftp`), or in the clear
 * where the allow list says http. A server that is refused is answered 502, and its finding is told once to the log and
 * the history.
 *
 * Opens no socket: whoever owns it knows where names are, and hands over connected ones. So it can stand in a process that
 * may not dial.
 */
#ifndef CW_NODE_EDGE_EDGE_INNER_H
#define CW_NODE_EDGE_EDGE_INNER_H

#include "net/recent_certs.h"
#include "node/edge/edge_gate.h"
#include "node/edge/edge_stream.h"
#include "node/snapshot.h"

struct cw_edge_inner;

/* Against an Expressway-E that opens streams without end; each of its workers keeps some. */
#define CW_EDGE_INNER_CLIENTS_MAX 4000
/* Milliseconds: a connection to a server, a handshake with it, an answer. */
#define CW_EDGE_INNER_CONNECT_MS 3000
#define CW_EDGE_INNER_HANDSHAKE_MS 10000
#define CW_EDGE_INNER_ANSWER_MS 30000

/* Somebody signed in, or tried to. Everything borrowed. */
struct cw_edge_inner_sign_in {
	const char *user, *client; /* "jabber" */
	const char *agent;	   /* its User-Agent, printable, cut; "" */
	const char *from;	   /* the client's address, as Expressway-E told it */
	const char *edge;	   /* whose tunnel it came through */
	cw_time until;		   /* of its session, where it has one */
	unsigned status;
	enum cw_edge_fault fault;
};

struct cw_edge_inner_owner {
	/* A connection to this host and port is wanted: cw_edge_inner_connected or _unconnected is called for `id`, now or
	   later. `id` is never used twice. */
	void (*connect)(void *context, unsigned id, const char *host, unsigned port);
	/* This node refused a server's certificate, or the server refused to talk. `answer` is NULL for the latter. */
	void (*refused)(void *context, const char *link, const char *host, const char *subject,
		const struct cw_snapshot_answer *answer, const char *reason);
	void (*signed_in)(void *context, const struct cw_edge_inner_sign_in *sign_in);
	void *context;
};

struct cw_edge_inner_setup {
	struct event_base *base;
	struct cw_cache *cache;		/* or NULL */
	struct cw_recent_certs *recent; /* or NULL */
	FILE *keylog;
	cw_time (*clock)(void); /* NULL: the machine's */
	struct cw_edge_inner_owner owner;
};

/** CW_E_MEMORY, CW_E_CRYPTO. `snapshot` is borrowed until the next one. */
CW_MUST_USE bool cw_edge_inner_new(const struct cw_edge_inner_setup *setup,
	const struct cw_snapshot *snapshot, struct cw_edge_inner **ret, struct cw_error *error);
/** Ends everything at once. */
void cw_edge_inner_free(struct cw_edge_inner *inner);
CW_DEFINE_AUTO(struct cw_edge_inner *, cw_edge_inner_free)

/** Another snapshot: kept connections go, so that every server is judged by it. CW_E_CRYPTO: the old TLS stays. */
CW_MUST_USE bool cw_edge_inner_set_snapshot(
	struct cw_edge_inner *inner, const struct cw_snapshot *snapshot, struct cw_error *error);

/** The keys that it signs with (taken over), as text of edge_key.h; and everybody's, its own among them. */
CW_MUST_USE bool cw_edge_inner_set_signer(
	struct cw_edge_inner *inner, const char *text, size_t length, struct cw_error *error);
struct cw_edge_key_ring *cw_edge_inner_ring(struct cw_edge_inner *inner);

/** A stream came out of the tunnel to `edge`: the socket is the lane's from now on. */
void cw_edge_inner_take(struct cw_edge_inner *inner, evutil_socket_t socket, const char *edge);

/** The connected socket that `connect` asked for; an id that is not known any more closes it. */
void cw_edge_inner_connected(struct cw_edge_inner *inner, unsigned id, evutil_socket_t socket);
/** There is none; `why` is for the log. */
void cw_edge_inner_unconnected(struct cw_edge_inner *inner, unsigned id, const char *why);

/** The port of this name's link is one that this node's list lets in at all: for whoever dials by its word. */
bool cw_edge_inner_may_connect(const struct cw_snapshot *snapshot, const char *host, unsigned port);

/** Streams of tunnels that came, requests, and those refused, since the beginning; why the last one was. */
size_t cw_edge_inner_clients(const struct cw_edge_inner *inner);
size_t cw_edge_inner_requests(const struct cw_edge_inner *inner);
size_t cw_edge_inner_refused(const struct cw_edge_inner *inner);
const char *cw_edge_inner_last(const struct cw_edge_inner *inner);

#endif
