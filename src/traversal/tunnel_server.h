/**
 * Expressway-E's side of the SSH tunnels: one port, an sshd for each connection, a state for each peer.
 *
 * The caller's judge decides, never this: a peer is let in by cw_tunnel_server_allow once its certificate has
 * passed with profile `tunnel`, and put out by cw_tunnel_server_refuse when it no longer does. Letting in is one
 * line of authorized_keys with the certificate's key, the one port that its streams may begin at, and a date;
 * putting out takes the line away first and then cuts every connection with that key, those too that are still
 * authenticating (they come again).
 *
 * This process accepts by itself, switches Nagle's algorithm off (sshd leaves it on where there is no session,
 * and a new stream takes up to 48 ms) and keeps a copy of each socket: shutting that down is the cut. Killing
 * sshd is not, its child goes on forwarding.
 *
 * Has no clock for dates: whoever judges says when to judge again.
 */
#ifndef CW_TRAVERSAL_TUNNEL_SERVER_H
#define CW_TRAVERSAL_TUNNEL_SERVER_H

#include "traversal/tunnel_config.h"
#include "traversal/tunnel_dial.h"
#include "traversal/tunnel_limits.h"
#include "traversal/tunnel_status.h"

struct cw_tunnel_server;

/* Called from the loop. The server may be asked and told anything but to free itself. */
struct cw_tunnel_server_owner {
	/* a zone is up from this address; false: turned away before the first byte of SSH */
	bool (*admit)(void *context, const struct sockaddr_in *from);
	/* the state of a peer is another one */
	void (*changed)(void *context, const char *peer, const struct cw_tunnel_status *status);
	/* something happened that no peer's state shows: one line for the log; NULL: nobody asks */
	void (*told)(void *context, const struct sockaddr_in *from, const char *text);
	void *context;
};

struct cw_tunnel_server_setup {
	struct event_base *base;
	const char *folder; /* as cw_tunnel_folder_open takes it; this server's alone */
	const struct cw_tunnel_account *account;
	const struct cw_tunnel_programs *programs; /* NULL: the default */
	const struct cw_tunnel_limits *limits;	   /* NULL: the default */
	struct sockaddr_in address;		   /* port 0: any */
	EVP_PKEY *key;				   /* of E's certificate, with its private half */
	unsigned algorithms;			   /* of tunnel-key-algorithms, as tunnel_key.h has them */
	bool quick;				   /* as tunnel_config.h has it */
	struct cw_tunnel_server_owner owner;
};

/**
 * Ends what an earlier server left in the folder, writes the configuration, listens. Fails without OpenSSH
 * (CW_E_IO), for a key that SSH or the algorithms leave out (CW_E_KEY), where the port is taken (CW_E_NETWORK),
 * where files cannot be written (CW_E_IO).
 */
CW_MUST_USE bool cw_tunnel_server_open(
	const struct cw_tunnel_server_setup *setup, struct cw_tunnel_server **ret, struct cw_error *error);

/** Cuts everything, without a word to the owner. */
void cw_tunnel_server_free(struct cw_tunnel_server *server);
CW_DEFINE_AUTO(struct cw_tunnel_server *, cw_tunnel_server_free)

/** Where it listens. */
const struct sockaddr_in *cw_tunnel_server_address(const struct cw_tunnel_server *server);

/* A peer whose certificate was passed. */
struct cw_tunnel_peer {
	const char *name;	   /* of the caller's choice, one for each tunnel */
	const EVP_PKEY *key;	   /* of its certificate */
	struct in_addr from;	   /* its zone's address, where several peers share a key; 0.0.0.0: any */
	struct sockaddr_in listen; /* a loopback address of E's; port 0: a free one is chosen */
	const uint8_t *secret;	   /* CW_TUNNEL_SECRET_SIZE bytes, agreed over the zone */
	cw_time expires;	   /* sshd lets nobody in after it; 0: no date */
};

/**
 * Lets the peer in, or changes what it is let in with: another key, port or secret ends the connection that it
 * has. `ret_listen` (or NULL) is where its streams begin. Fails where the port is taken (CW_E_NETWORK), SSH
 * cannot use the key (CW_E_KEY), the line cannot be written (CW_E_IO): then the peer is not let in.
 */
CW_MUST_USE bool cw_tunnel_server_allow(struct cw_tunnel_server *server, const struct cw_tunnel_peer *peer,
	struct sockaddr_in *ret_listen, struct cw_error *error);

/**
 * Puts the peer out: its line, then its connections. `why` (for people) becomes its status. Nothing happens for
 * a name that is not known. Works on a full disk: where the lines cannot be written anew, all are removed, and
 * written again when that can be.
 */
void cw_tunnel_server_refuse(struct cw_tunnel_server *server, const char *name, const char *why);

/** NULL: never heard of. */
const struct cw_tunnel_status *cw_tunnel_server_status(
	const struct cw_tunnel_server *server, const char *name);

/** The sshd that carries the peer's tunnel; 0: none. */
pid_t cw_tunnel_server_process(const struct cw_tunnel_server *server, const char *name);

/** Opens a stream to the peer. CW_E_NETWORK where its tunnel is not active. */
CW_MUST_USE bool cw_tunnel_server_dial(struct cw_tunnel_server *server, const char *name,
	const struct cw_tunnel_dial_owner *owner, struct cw_tunnel_dial **ret, struct cw_error *error);

#endif
