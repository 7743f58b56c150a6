/**
 * One TLS connection on an event loop: connect, handshake, talk, drain, close, with a time limit on each
 * step.
 *
 * The owner hears three things: that the handshake is done on this side, bytes that came, and how it ended.
 * A handshake that is done on this side does not mean a link that is up: with TLS 1.3 the other side's
 * refusal comes later (docs/design.md). A refusing side drains before it closes, so that its alert is not lost.
 * Whoever hangs, sends garbage, half-closes or floods is dropped, and the report says why.
 */
#ifndef CW_NET_CONNECTION_H
#define CW_NET_CONNECTION_H

#include "net/tls.h"

#include <event2/event.h>
#include <sys/socket.h>

struct cw_connection;

/* Each in milliseconds; a step that takes longer is the end. */
struct cw_limits {
	unsigned connect;
	unsigned handshake;
	unsigned first_byte; /* after the handshake */
	unsigned idle;	     /* between two messages that the owner takes as such */
	unsigned drain;
};
extern const struct cw_limits cw_limits_default;

/* Against floods of records that carry nothing, and endless handshakes: bytes beyond what the owner got. */
#define CW_CONNECTION_OVERHEAD_MAX (512 * 1024)

enum cw_connection_step { CW_STEP_CONNECT, CW_STEP_HANDSHAKE, CW_STEP_TALK, CW_STEP_DRAIN, CW_STEP_OVER };

enum cw_end {
	CW_END_CLOSED,	     /* by this side's owner, with nothing wrong */
	CW_END_PEER_CLOSED,  /* by the other side */
	CW_END_JUDGED,	     /* this side's judge refused the certificate */
	CW_END_NO_CERT,	     /* the other side showed none */
	CW_END_PEER_ALERT,   /* the other side sent an alert */
	CW_END_NO_COMMON,    /* no version, cipher or signature scheme that both sides can use */
	CW_END_GARBAGE,	     /* what came was no TLS, or broke its rules */
	CW_END_FLOOD,	     /* too much came */
	CW_END_TIME,	     /* a step took too long */
	CW_END_NETWORK,	     /* connecting failed, or the connection broke */
	CW_END_MEMORY,	     /* this side ran out of memory: says nothing of the other */
	CW_END_NOT_READ,     /* the other side does not take what is sent to it */
	CW_END_OWNER_REFUSED /* by this side's owner: what came over TLS was not what it should be */
};

struct cw_connection_report {
	enum cw_end end;
	enum cw_connection_step step; /* in which it ended */
	bool handshake_done;
	int alert_sent;	    /* -1: none; close_notify does not count */
	int alert_received; /* -1: none */
	char reason[200];   /* for people */
};

/*
 * What is to be sent and the other side does not take stays in memory, so it is bounded: over the high mark the owner
 * is asked to wait until it is told that the output is below the low one; an owner that does not wait loses the
 * connection at the bound (a peer that asks and never reads).
 */
#define CW_CONNECTION_OUTPUT_HIGH (256 * 1024)
#define CW_CONNECTION_OUTPUT_LOW (64 * 1024)
#define CW_CONNECTION_OUTPUT_MAX (4 * 1024 * 1024)

/* Called from the loop. In `up`, `received` and `drained` the owner may send and close; never free. */
struct cw_connection_owner {
	void (*up)(void *context, struct cw_connection *connection);
	void (*received)(void *context, struct cw_connection *connection, const char *data, size_t length);
	/* The last call; the connection is freed when it returns. */
	void (*ended)(
		void *context, struct cw_connection *connection, const struct cw_connection_report *report);
	/* the output was over its high mark and is below the low one; NULL: nobody waits for it */
	void (*drained)(void *context, struct cw_connection *connection);
	void *context;
};

struct cw_connection_setup {
	struct event_base *base;
	SSL_CTX *tls; /* a reference is taken */
	struct cw_tls_judge judge;
	const struct cw_limits *limits; /* NULL: the default */
	struct cw_connection_owner owner;
};

/** From where to where. Everything borrowed, for the time of the call. */
struct cw_connection_route {
	const struct sockaddr *from; /* NULL: any; of the same length as `to` */
	const struct sockaddr *to;
	socklen_t length;
	const char *server_name; /* sent as SNI where it is a host name; NULL: none */
};

/**
 * Connects from `from` (its port may be 0; NULL: any) to `to`. `server_name` is sent as SNI where it is a
 * host name; NULL: none. Fails where no connection can be begun; afterwards failures are reported.
 */
CW_MUST_USE bool cw_connection_open(const struct cw_connection_setup *setup,
	const struct cw_connection_route *route, struct cw_connection **ret, struct cw_error *error);

/**
 * TLS as its client over a socket that is connected already, after words in the clear (STARTTLS). Takes the
 * socket over, also where it fails. `server_name` as in struct cw_connection_route.
 */
CW_MUST_USE bool cw_connection_begin(const struct cw_connection_setup *setup, evutil_socket_t socket,
	const char *server_name, struct cw_connection **ret, struct cw_error *error);

/** Takes over a socket that was accepted (also where it fails). */
CW_MUST_USE bool cw_connection_accept(const struct cw_connection_setup *setup, evutil_socket_t socket,
	struct cw_connection **ret, struct cw_error *error);

/** Drops the connection without a word to the owner. */
void cw_connection_free(struct cw_connection *connection);
CW_DEFINE_AUTO(struct cw_connection *, cw_connection_free)

/**
 * Bytes to send, as soon as may be. False: there is more output than the high mark, send no more until `drained`.
 * Out of memory, and more than the bound, end the connection.
 */
bool cw_connection_send(struct cw_connection *connection, const void *data, size_t length);
/** Bytes that wait to be sent. */
size_t cw_connection_pending(const struct cw_connection *connection);
/** Reads no more from the other side (for as long as what came from it has nowhere to go), or again. While it does
 * not read and has nothing to send, no time runs. */
void cw_connection_pause(struct cw_connection *connection, bool paused);
/** Closes in good order after everything is sent. */
void cw_connection_close(struct cw_connection *connection);
/** The same, and reports CW_END_OWNER_REFUSED with this reason. */
void cw_connection_refuse(struct cw_connection *connection, const char *reason);
/** A whole message came: the idle limit starts anew. */
void cw_connection_touch(struct cw_connection *connection);
/** From now on the connection may be silent this long (0: for ever). */
void cw_connection_set_idle(struct cw_connection *connection, unsigned milliseconds);

SSL *cw_connection_ssl(const struct cw_connection *connection);
evutil_socket_t cw_connection_socket(const struct cw_connection *connection);

/** "connect", "handshake", "first byte", … for reports. */
const char *cw_connection_step_name(enum cw_connection_step step);

#endif
