/**
 * What a server is made of: for the files that run it (tunnel_server*.c), for nobody
 * else.
 */
#ifndef CW_TRAVERSAL_TUNNEL_SERVER_PARTS_H
#define CW_TRAVERSAL_TUNNEL_SERVER_PARTS_H

#include "traversal/tunnel_admission.h"
#include "traversal/tunnel_confine.h"
#include "traversal/tunnel_health.h"
#include "traversal/tunnel_key.h"
#include "traversal/tunnel_process.h"
#include "traversal/tunnel_server.h"

#include <event2/listener.h>

/* A peer that was let in once. */
struct cw_tunnel_guest {
	struct cw_tunnel_server *server;
	char *name, *key; /* as cw_tunnel_key_line has it */
	char fingerprint[CW_TUNNEL_FINGERPRINT_SIZE];
	bool allowed;
	struct in_addr from;
	struct sockaddr_in listen;
	uint8_t secret[CW_TUNNEL_SECRET_SIZE];
	cw_time expires;
	struct cw_tunnel_status status;
	struct cw_tunnel_session *session; /* that carries its tunnel; NULL: none */
	struct cw_tunnel_health health;
	struct cw_tunnel_guest *next;
};

/* A connection and its sshd. */
struct cw_tunnel_session {
	struct cw_tunnel_server *server;
	struct cw_tunnel_process *process;
	evutil_socket_t socket; /* this process's copy */
	struct sockaddr_in from;
	struct cw_tunnel_guest *guest; /* NULL: not let in yet, or put out */
	bool accepted;		       /* sshd let its key in */
	bool cut;
	struct event *timer; /* from the cut on */
	enum cw_tunnel_reason reason;
	char line[CW_TUNNEL_LINE_MAX]; /* that told the reason */
	struct cw_tunnel_session *next, **place;
};

struct cw_tunnel_server {
	struct cw_tunnel_server_setup setup;
	struct cw_tunnel_folder folder;
	struct cw_confine confine; /* of sshd */
	struct cw_tunnel_programs programs;
	struct cw_tunnel_limits limits;
	struct sockaddr_in address;
	struct evconnlistener *listener;
	struct event *pause;
	struct cw_tunnel_admission admission;
	struct cw_tunnel_guest *guests;
	size_t guest_count;
	struct cw_tunnel_session *sessions;
	bool lines_missing; /* they could not be written: nobody is let in before they are */
};

/** Writes authorized_keys from the guests that are allowed; where that fails, removes it. */
CW_MUST_USE bool cw_tunnel_server_write_lines(struct cw_tunnel_server *server, struct cw_error *error);

/** Starts sshd for a connection; the socket is taken, also where it fails. */
void cw_tunnel_server_begin(
	struct cw_tunnel_server *server, evutil_socket_t socket, const struct sockaddr_in *from);
/** Shuts the connection down; what is left of its sshd soon after is killed. */
void cw_tunnel_server_cut(struct cw_tunnel_session *session);
/** Cuts all with this key, and all that are not known yet. */
void cw_tunnel_server_cut_key(struct cw_tunnel_server *server, const char *fingerprint);
void cw_tunnel_server_drop(struct cw_tunnel_session *session);

/** Sets the state and tells the owner, where it is another one. */
void cw_tunnel_server_set_status(struct cw_tunnel_guest *guest, enum cw_tunnel_state state,
	enum cw_tunnel_reason reason, const char *line);

#endif
