/**
 * One connection of the edge's lane, whatever it goes over: TLS with a client or a server, or a socket in the clear (a
 * stream of the tunnel, a server's plain port). Bytes in, bytes out, with flow control and an end.
 *
 * Knows no HTTP. The owner can be changed while the connection lives (a pool takes it, somebody else gets it), and an
 * owner that has no more use for it lets it go: it is closed in good order without another word.
 */
#ifndef CW_NODE_EDGE_EDGE_STREAM_H
#define CW_NODE_EDGE_EDGE_STREAM_H

#include "net/connection.h"

/* Of a connection in the clear, as net/connection.h has it for TLS. */
#define CW_EDGE_STREAM_HIGH (256 * 1024)
#define CW_EDGE_STREAM_LOW (64 * 1024)

struct cw_edge_stream;

/* Called from the loop; in `up`, `received` and `drained` the stream may be sent to, closed and let go, not freed. */
struct cw_edge_stream_owner {
	/* through the handshake; NULL: nobody waits for it */
	void (*up)(void *context);
	void (*received)(void *context, const char *data, size_t length);
	/* the output was over its high mark and is below the low one; NULL: nobody waits for it */
	void (*drained)(void *context);
	/* The last call; the stream is freed when it returns. `in_order`: the other side closed, and nothing was cut off. */
	void (*ended)(void *context, bool in_order, const char *reason);
	void *context;
};

/* Streams of one process that nobody owns any more, so that they go with it; all zero: none. */
struct cw_edge_streams {
	struct cw_edge_stream *first;
};

/** Frees all that were begun with it, whoever owns them. */
void cw_edge_streams_finish(struct cw_edge_streams *streams);

struct cw_edge_stream_setup {
	struct event_base *base;
	struct cw_edge_streams *streams; /* outlives the stream */
	struct cw_edge_stream_owner owner;
	unsigned idle; /* milliseconds from the last cw_edge_stream_set_idle, or byte sent, on; 0: for ever */
};

/** Takes over a connected socket (also where it fails) that is talked to in the clear. */
CW_MUST_USE bool cw_edge_stream_plain(const struct cw_edge_stream_setup *setup, evutil_socket_t socket,
	struct cw_edge_stream **ret, struct cw_error *error);
/** What TLS is made with. Everything borrowed, for the time of the call; the judge stays until the handshake is over. */
struct cw_edge_stream_tls {
	SSL_CTX *context;
	struct cw_tls_judge judge;
	const struct cw_limits *limits;
};

/** Takes over a client's socket, also where it fails. */
CW_MUST_USE bool cw_edge_stream_accept(const struct cw_edge_stream_setup *setup,
	const struct cw_edge_stream_tls *tls, evutil_socket_t socket, struct cw_edge_stream **ret,
	struct cw_error *error);
/** TLS as its client over a connected socket, which it takes over, also where it fails. `name` is sent as SNI. */
CW_MUST_USE bool cw_edge_stream_begin(const struct cw_edge_stream_setup *setup,
	const struct cw_edge_stream_tls *tls, evutil_socket_t socket, const char *name,
	struct cw_edge_stream **ret, struct cw_error *error);

/** Frees it at once, without a word to the owner. Never from within one of the stream's own calls. */
void cw_edge_stream_free(struct cw_edge_stream *stream);
CW_DEFINE_AUTO(struct cw_edge_stream *, cw_edge_stream_free)

void cw_edge_stream_set_owner(struct cw_edge_stream *stream, const struct cw_edge_stream_owner *owner);
/** Closes in good order after everything is sent; nobody hears of it any more. NULL is fine. */
void cw_edge_stream_let_go(struct cw_edge_stream *stream);
/** Ends at once and so that the other side sees it was cut; nobody hears of it any more. NULL is fine. */
void cw_edge_stream_cut(struct cw_edge_stream *stream);

/** False: more waits than the high mark, send no more until `drained`. */
bool cw_edge_stream_send(struct cw_edge_stream *stream, const void *data, size_t length);
/** Reads no more, or again. Meanwhile no time runs, unless something waits to be sent. */
void cw_edge_stream_pause(struct cw_edge_stream *stream, bool paused);
/** Closes in good order after everything is sent; `ended` is called. */
void cw_edge_stream_close(struct cw_edge_stream *stream);
/** It has so many milliseconds from now on: what comes does not make them more, only another call and what is sent. */
void cw_edge_stream_set_idle(struct cw_edge_stream *stream, unsigned milliseconds);

/** Nothing came on it that was not read, not even its end: before a kept connection is used. */
bool cw_edge_stream_is_quiet(const struct cw_edge_stream *stream);

#endif
