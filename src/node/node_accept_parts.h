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
	struct cw_listener_peer *peer;
	struct sockaddr_in from;
	char name[INET_ADDRSTRLEN]; /* of its tunnel */
	char subject[200];
	bool active;
	cw_time since;
	struct cw_conversation conversation;
	struct cw_buffer document; /* ours, as the conversation borrows it */
	struct cw_node_document own, theirs;
	struct cw_snapshot_answer tunnel_answer;
	uint8_t secret[CW_TUNNEL_SECRET_SIZE];
	struct cw_node_guest *next;
};

struct cw_node_accept {
	struct cw_node_core *core;
	struct cw_listener *listener;
	struct cw_tunnel_server *tunnels;
	EVP_PKEY *tunnel_key;
	char tunnel_trouble[600]; /* why there is no tunnels' server; "": there is one */
	struct cw_node_guest *guests;
	/* the last client that was refused */
	char code[64], reason[600];
	cw_time refused;
};

/** Opens the tunnels' server, with this node's key. */
void cw_node_accept_open_tunnels(struct cw_node_accept *accept);
/** Judges the guest's certificate for its tunnel, lets it in or puts it out, and writes the document. */
void cw_node_accept_tunnel(struct cw_node_guest *guest);
/** The state of its tunnel; NULL: none. */
const struct cw_tunnel_status *cw_node_accept_tunnel_of(const struct cw_node_guest *guest);

#endif
