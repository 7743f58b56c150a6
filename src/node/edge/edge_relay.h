/**
 * One connection over which requests come, and where they go: one request at a time, made anew, streamed both ways.
 *
 * The owner decides about each request by its head (edge_gate.h): it answers by itself, or has it forwarded over a
 * connection that is kept (edge_pool.h) or that it dials. Bodies pass in pieces, and whichever side does not take them
 * makes the other wait. The connection that was forwarded over is kept only where the whole request was sent, the whole
 * answer came, the other side said that it keeps it, and nothing stood behind; an error, an early answer, an unread body
 * or a surplus byte ends it. Nothing is ever sent twice: another connection is tried only before the first byte.
 *
 * Both nodes use it: Expressway-E from client to tunnel, Expressway-C from tunnel to server.
 */
#ifndef CW_NODE_EDGE_EDGE_RELAY_H
#define CW_NODE_EDGE_EDGE_RELAY_H

#include "http/http_reader.h"
#include "node/edge/edge_fault.h"
#include "node/edge/edge_pool.h"

struct cw_edge_relay;

/* Against bodies without end: the largest that clients send are problem reports of some 20 MB, and a configuration file or
 * firmware comes down. */
#define CW_EDGE_RELAY_REQUEST_MAX ((uint64_t)64 * 1024 * 1024)
#define CW_EDGE_RELAY_RESPONSE_MAX ((uint64_t)4 * 1024 * 1024 * 1024)

/* Milliseconds: a head that has begun, the next piece of a body, a connection between two requests. */
#define CW_EDGE_RELAY_HEAD_MS 10000
#define CW_EDGE_RELAY_BODY_MS 30000
#define CW_EDGE_RELAY_KEPT_MS 60000

/* Called from the loop. */
struct cw_edge_relay_owner {
	/* A request's head is there. One of answer, reply and forward is called, now or later; until then the head stays. */
	void (*asked)(void *context, const struct cw_http_head *head);
	/* A connection is wanted for what is to be forwarded: dialled or failed is called, now or later. */
	void (*dial)(void *context);
	/* Whoever asked has left before the answer, or waits no longer: what was begun in `asked` or `dial` is given up. */
	void (*gave_up)(void *context);
	/* The answer has begun, from behind: what is left goes as fast as the client takes it. NULL: nobody asks. */
	void (*begun)(void *context);
	/* The request was answered, with this status; the fault is NOTHING where the answer came from behind. */
	void (*answered)(void *context, unsigned status, enum cw_edge_fault fault);
	/* The last call; the relay is freed when it returns. */
	void (*ended)(void *context, const char *reason);
	void *context;
};

struct cw_edge_relay_setup {
	struct event_base *base;
	struct cw_edge_pool *pool;
	bool is_outer;	 /* Expressway-E: its words for faults */
	unsigned answer; /* milliseconds that an answer may take */
	struct cw_edge_relay_owner owner;
};

/** A relay that has no connection yet. NULL: no memory. */
CW_MUST_USE struct cw_edge_relay *cw_edge_relay_new(const struct cw_edge_relay_setup *setup);
/** What the connection of a relay is to be made with. */
struct cw_edge_stream_owner cw_edge_relay_stream_owner(struct cw_edge_relay *relay);
/** The connection over which requests come; it was made with that owner. */
void cw_edge_relay_begin(struct cw_edge_relay *relay, struct cw_edge_stream *stream);
/** Frees it and its connections at once, without a word to the owner; not from within its calls. */
void cw_edge_relay_free(struct cw_edge_relay *relay);
CW_DEFINE_AUTO(struct cw_edge_relay *, cw_edge_relay_free)

/** A fault is answered. */
void cw_edge_relay_answer(struct cw_edge_relay *relay, const struct cw_edge_fault_answer *answer);
/** A whole answer of the owner's own to a request without a body; its status is told to `answered`. */
void cw_edge_relay_reply(struct cw_edge_relay *relay, unsigned status, const struct cw_buffer *bytes);
/** Forwards: `head` is the request's, made anew, and `name` that of the connections that it may go over. */
void cw_edge_relay_forward(struct cw_edge_relay *relay, const char *name, const struct cw_buffer *head);
/** The connection that `dial` asked for; it is the relay's. */
void cw_edge_relay_dialled(struct cw_edge_relay *relay, struct cw_edge_stream *stream);
/** There is none. */
void cw_edge_relay_failed(struct cw_edge_relay *relay, enum cw_edge_fault fault);

/** Why the connection that was forwarded over ended in the middle of it, last; "": it did not. For logs. */
const char *cw_edge_relay_trouble(const struct cw_edge_relay *relay);

/** The request's method; after `asked`. */
enum cw_http_method cw_edge_relay_method(const struct cw_edge_relay *relay);

/** The head of the request that is being answered. */
const struct cw_http_head *cw_edge_relay_request(const struct cw_edge_relay *relay);

#endif
