/**
 * What the tunnels of a rehearsal are made of: for rehearsal_tunnels*.c, for nobody else.
 */
#ifndef CW_REHEARSE_REHEARSAL_TUNNELS_PARTS_H
#define CW_REHEARSE_REHEARSAL_TUNNELS_PARTS_H

#include "base/passing_folder.h"
#include "rehearse/rehearsal_parts.h"
#include "rehearse/rehearsal_tunnels.h"
#include "traversal/tunnel_client.h"
#include "traversal/tunnel_server.h"

/* An Expressway-E's side, for all tunnels to it. */
struct cw_rehearsal_tunnels_server {
	struct cw_rehearsal_tunnels *tunnels;
	const struct cw_node *node;
	char folder[CW_PASSING_FOLDER_PATH + 16];
	EVP_PKEY *key;
	struct cw_tunnel_server *server;
	struct cw_rehearsal_tunnels_server *next;
};

/* One tunnel. */
struct cw_rehearsal_tunnels_one {
	struct cw_rehearsal_tunnels *tunnels;
	struct cw_observed *observed;
	struct cw_rehearsal_tunnels_server *server;
	char folder[CW_PASSING_FOLDER_PATH + 16];
	EVP_PKEY *key; /* C's */
	struct cw_tunnel_client *client;
	uint8_t secret[CW_TUNNEL_SECRET_SIZE];
	struct event *settle; /* ends it outside of its own callbacks; and how long it may take */
	unsigned failures;
	bool over;
	struct cw_rehearsal_tunnels_one *next;
};

struct cw_rehearsal_tunnels {
	struct cw_rehearsal *rehearsal;
	struct cw_rehearsal_tunnels_owner owner;
	bool keep;
	bool tried; /* to make the folder */
	struct cw_passing_folder folder;
	char trouble[480]; /* why no tunnel can be made here; "": none */
	struct cw_tunnel_account account;
	struct cw_tunnel_limits limits;
	struct cw_rehearsal_tunnels_server *servers;
	struct cw_rehearsal_tunnels_one *ones;
	size_t made; /* numbers for folders */
	void (*told)(void *context, const struct cw_link *link, const char *text);
	void *told_context;
};

/** Makes the folder, and removes those of rehearsals that were killed. */
CW_MUST_USE bool cw_rehearsal_tunnels_make_folder(
	struct cw_rehearsal_tunnels *tunnels, struct cw_error *error);

/** The key that goes with a node's stand-in certificate on SSH. The caller frees it. */
CW_MUST_USE bool cw_rehearsal_tunnels_key(struct cw_rehearsal_tunnels *tunnels, const struct cw_link *link,
	bool server, EVP_PKEY **ret, struct cw_error *error);

/** The server of the link's Expressway-E, made where it is new. */
CW_MUST_USE bool cw_rehearsal_tunnels_serve(struct cw_rehearsal_tunnels *tunnels, const struct cw_link *link,
	struct cw_rehearsal_tunnels_server **ret, struct cw_error *error);

/** Dials; `passed`: E's judge passed C's certificate. */
CW_MUST_USE bool cw_rehearsal_tunnels_dial(struct cw_rehearsal_tunnels *tunnels, struct cw_observed *observed,
	bool passed, struct cw_error *error);

/** A server heard of the peer `id`. */
void cw_rehearsal_tunnels_changed(
	struct cw_rehearsal_tunnels *tunnels, const char *id, const struct cw_tunnel_status *status);

#endif
