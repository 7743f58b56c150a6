/**
 * One address that Expressway-C dials: for node_dial*.c alone.
 */
#ifndef CW_NODE_NODE_DIAL_PARTS_H
#define CW_NODE_NODE_DIAL_PARTS_H

#include "net/connection.h"
#include "node/node_dial.h"
#include "node/node_document.h"
#include "node/node_find.h"
#include "traversal/conversation.h"
#include "traversal/tunnel_client.h"
#include "traversal/zone.h"

struct cw_node_dial {
	struct cw_node_core *core;
	char *zone_name;
	char *address;	/* as typed */
	unsigned place; /* its tunnel's folder is run/cPLACE */
	bool gone;	/* not in `peers` any more */
	struct cw_node_find find;
	struct in_addr at; /* where it was dialled last */
	struct cw_zone_status status;
	uint16_t carried; /* its number in node/sip/sip_core.h; 0: none */
	cw_time since; /* in this state */
	char code[64], reason[600];
	bool theirs; /* the other side refused: its code is in its own log */
	SSL_CTX *tls;
	struct cw_connection *connection;
	struct event *timer; /* next try, or next keep-alive */
	struct cw_conversation conversation;
	struct cw_buffer document; /* ours, as the conversation borrows it */
	struct cw_node_document own, theirs_document;
	struct cw_cert *chain[CW_PATH_DEPTH_MAX]; /* that Expressway-E showed, referenced */
	size_t chain_count;
	unsigned judged; /* number of the snapshot by which */
	struct cw_snapshot_answer zone, tunnel_answer;
	struct cw_tunnel_client *tunnel;
	EVP_PKEY *tunnel_key; /* that the client was opened with, and with which algorithms */
	unsigned tunnel_algorithms;
	cw_time tunnel_since;
	struct cw_snapshot_answer
		service; /* about the certificate that Expressway-E sends along in SERVICE */
	cw_time service_since;
	struct cw_node_dial *next;
};

/** The dial's zone in the present snapshot, and its link of that kind; NULL: there is none any more. */
const struct cw_zone *cw_node_dial_zone(const struct cw_node_dial *dial);
const struct cw_link *cw_node_dial_link(const struct cw_node_dial *dial, enum cw_link_kind kind);

/** Connects, whatever there was before. */
void cw_node_dial_connect(struct cw_node_dial *dial);
/** The next try, or the next keep-alive. */
void cw_node_dial_set_timer(struct cw_node_dial *dial, unsigned milliseconds);
void cw_node_dial_on_timer(evutil_socket_t socket, short what, void *context);
void cw_node_dial_free(struct cw_node_dial *dial);

/** Asks about the chain that Expressway-E showed. */
void cw_node_dial_ask(struct cw_node_dial *dial, enum cw_link_kind kind, struct cw_snapshot_answer *ret);

/**
 * Asks about the certificate that Expressway-E sends along in SERVICE, once the zone is active: the one that it shows,
 * alone. A refusal is told, and is an alarm: nobody registers.
 */
void cw_node_dial_service(struct cw_node_dial *dial);
/** The link whose question that is; NULL: there is none. */
const struct cw_link *cw_node_dial_service_link(const struct cw_node_dial *dial);

/** Dials, ends or leaves the tunnel as both judges and the zone say. */
void cw_node_dial_tunnel(struct cw_node_dial *dial);
/** Drops the tunnel's client where tunnel-key-algorithms are others now: the next one is opened with them. */
void cw_node_dial_renew_tunnel(struct cw_node_dial *dial);
/** Ends it: no zone. */
void cw_node_dial_tunnel_down(struct cw_node_dial *dial, const char *why);
/** Appends its state to the status. */
bool cw_node_dial_tunnel_status(const struct cw_node_dial *dial, json_t *tunnels);

#endif
