/**
 * What a rehearsal is made of: for the files that run it, for nobody else.
 */
#ifndef CW_LIVE_REHEARSAL_PARTS_H
#define CW_LIVE_REHEARSAL_PARTS_H

#include "live/dialog.h"
#include "live/loopback.h"
#include "live/rehearsal.h"

#include <event2/listener.h>

/* A node or an endpoint, at its address. */
struct cw_stage_party {
	const char *name;
};

struct cw_stage_listener {
	struct cw_rehearsal *rehearsal;
	size_t party;
	unsigned port;		    /* of the deployment */
	struct sockaddr_in address; /* where it really listens */
	struct evconnlistener *events;
};

struct cw_play;

/* A Jabber's user said yes to this certificate. */
struct cw_stage_answer {
	const char *endpoint;
	uint8_t sha256[CW_SHA256_SIZE];
};

/* One end of a link that is played. */
struct cw_play_end {
	struct cw_play *play;
	bool is_client;
	SSL_CTX *tls;
	struct cw_dialog dialog;
	struct cw_connection *connection; /* NULL: not begun, or ended */
	bool ended;
};

/* Who wants to hear of a play. */
struct cw_play_watcher {
	/* the last call: the play is off its rehearsal's list, and the watcher's to free */
	void (*over)(struct cw_play *play, void *context);
	/* the client got its good answer; NULL: then it closes */
	void (*answered)(struct cw_play *play, void *context);
	void *context;
};

/* One link while it is played. */
struct cw_play {
	struct cw_play_watcher watcher;
	struct cw_rehearsal *rehearsal;
	struct cw_reality *reality;
	struct cw_play_end client, server;
	struct sockaddr_in from; /* the client's address: by it the server knows the link */
	struct cw_error error;
	bool failed; /* `error` says why */
	bool service_refused;
	struct cw_play *next; /* of those that are played now */
};

struct cw_rehearsal {
	const struct cw_check *check;
	struct cw_rehearsal_options options;
	struct cw_shadow_keys *keys;
	struct cw_twin *twin;
	struct cw_loopback loopback;
	struct event_base *base;
	struct cw_stage_party *parties;
	size_t party_count, party_capacity;
	struct cw_stage_answer *answers;
	size_t answer_count, answer_capacity;
	struct cw_stage_listener **listeners;
	size_t listener_count, listener_capacity;
	/* a connection from none of the plays; false: not wanted. NULL: nobody is */
	bool (*on_guest)(void *context, const struct cw_stage_listener *listener, evutil_socket_t socket);
	void *guest_context;
	struct cw_reality *realities; /* one for each link of the check */
	struct cw_play *playing;
	size_t playing_count;
	size_t next, done;
	bool failed;
	struct cw_error error;
};

/** The party's place, from 0; added where it is new. False: no memory. */
CW_MUST_USE bool cw_stage_party(struct cw_rehearsal *rehearsal, const char *name, size_t *ret);
/** Its place where it has one. */
bool cw_stage_find_party(const struct cw_rehearsal *rehearsal, const char *name, size_t *ret);
/** Opens the listener of a link's server, where there is none yet. */
CW_MUST_USE bool cw_stage_listen(
	struct cw_rehearsal *rehearsal, const struct cw_link *link, struct cw_error *error);
/** Where the link's server listens; NULL: nowhere. */
const struct sockaddr_in *cw_stage_server(const struct cw_rehearsal *rehearsal, const struct cw_link *link);
/** The listener is that of the link's server. */
bool cw_stage_serves(const struct cw_stage_listener *listener, const struct cw_link *link);
void cw_stage_close(struct cw_rehearsal *rehearsal);

/** Begins the link. Where it cannot be played, `reality` says so and `*ret` is NULL. */
CW_MUST_USE bool cw_play_begin(struct cw_rehearsal *rehearsal, struct cw_reality *reality,
	const struct cw_play_watcher *watcher, struct cw_play **ret, struct cw_error *error);
/** Plays the server of the link for a connection from elsewhere. Fails without taking the socket. */
CW_MUST_USE bool cw_play_guest(struct cw_rehearsal *rehearsal, struct cw_reality *reality,
	const struct cw_play_watcher *watcher, evutil_socket_t socket, struct cw_error *error);
/** The client of a link that is up asks once more. */
void cw_play_ask_again(struct cw_play *play);
/** A connection came from the play's client. */
void cw_play_accept(struct cw_play *play, evutil_socket_t socket);
void cw_play_free(struct cw_play *play);

/** Drops every play without a word. */
void cw_rehearsal_drop_plays(struct cw_rehearsal *rehearsal);

/** What both ends are made from: identities, keys, CA names, versions. False with `*why`: not rehearsable. */
CW_MUST_USE bool cw_play_cast(struct cw_play *play, char why[240], struct cw_error *error);
/** The judge of one end. `context` is a struct cw_play_end. */
int cw_play_ask(void *context, struct cw_cert *const *chain, size_t count);
/** A Jabber that would refuse asks its user, once for each certificate, and notes it. False: no memory. */
CW_MUST_USE bool cw_play_prompt(struct cw_play *play, const struct cw_cert *leaf);
/** What is said over the link. */
void cw_play_script(struct cw_play *play);
/** From both ends' reports to what happened. */
CW_MUST_USE bool cw_play_conclude(struct cw_play *play, struct cw_error *error);

#endif
