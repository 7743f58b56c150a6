/**
 * What Expressway-E's side is made of: for node_accept*.c alone.
 */
#ifndef CW_NODE_NODE_ACCEPT_PARTS_H
#define CW_NODE_NODE_ACCEPT_PARTS_H

#include "net/listener.h"
#include "node/node_accept.h"
#include "node/node_document.h"
#include "traversal/conversation.h"
#include "traversal/tunnel_server.h"

/* One Expressway-C whose handshake is done. */
struct cw_node_guest {
	struct cw_node_accept *accept;
	struct cw_node_accept_zone *zone;
	struct cw_listener_peer *peer;
	struct sockaddr_in from;
	char name[INET_ADDRSTRLEN]; /* of its tunnel */
	char subject[200];
	bool active;
	uint16_t carried; /* its number in node/sip/sip_core.h; 0: none */
	cw_time since;
	struct cw_conversation conversation;
	struct cw_buffer document; /* ours, as the conversation borrows it */
	struct cw_node_document own, theirs;
	struct cw_snapshot_answer tunnel_answer;
	uint8_t secret[CW_TUNNEL_SECRET_SIZE];
	struct cw_node_guest *next;
};

/* One zone and its port. */
struct cw_node_accept_zone {
	struct cw_node_accept *accept;
	char *name;
	unsigned number; /* which of the zones it is, from 0 */
	unsigned port;	 /* as its file has it */
	enum cw_tls_versions versions;
	struct cw_listener *listener; /* NULL: it could not be opened */
	char trouble[300];	      /* why */
	/* the last client that was refused */
	char code[64], reason[600];
	cw_time refused;
	bool gone; /* not in the file any more */
	struct cw_node_accept_zone *next;
};

struct cw_node_accept {
	struct cw_node_core *core;
	struct cw_node_accept_zone *zones;
	struct cw_tunnel_server *tunnels;
	EVP_PKEY *tunnel_key; /* that it was opened with, and with which algorithms */
	unsigned tunnel_algorithms;
	char tunnel_trouble[600]; /* why there is no tunnels' server; "": there is one */
	struct cw_node_guest *guests;
	size_t turn; /* which of them the next stream goes to */
};

/** What the port's owner is told; its context is the zone. */
struct cw_listener_owner cw_node_accept_owner(struct cw_node_accept_zone *zone);
/** The zone as the present snapshot has it; NULL: it has none of that name any more. */
const struct cw_zone *cw_node_accept_zone_of(const struct cw_node_accept_zone *zone);
void cw_node_accept_forget(struct cw_node_guest *guest);

/** Opens the tunnels' server, with this node's key. */
void cw_node_accept_open_tunnels(struct cw_node_accept *accept);
/** Judges the guest's certificate for its tunnel, lets it in or puts it out, and writes the document. */
void cw_node_accept_tunnel(struct cw_node_guest *guest);
/** The state of its tunnel; NULL: none. */
const struct cw_tunnel_status *cw_node_accept_tunnel_of(const struct cw_node_guest *guest);

#endif
