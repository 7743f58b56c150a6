/**
 * One link that a node dials: for node_reach*.c alone.
 */
#ifndef CW_NODE_NODE_REACH_PARTS_H
#define CW_NODE_NODE_REACH_PARTS_H

#include "net/connection.h"
#include "node/node_document.h"
#include "node/node_find.h"
#include "node/node_reach.h"
#include "traversal/conversation.h"

struct cw_node_reach {
	struct cw_node_core *core;
	const struct cw_link *link; /* of the snapshot; NULL: of no link any more, to be dropped */
	char *id;		    /* the link's */
	struct cw_node_find find;
	struct event *timer; /* the next try, or the next keep-alive */
	SSL_CTX *tls;
	struct cw_connection *connection;
	struct cw_cert *chain[CW_PATH_DEPTH_MAX]; /* that the server showed, referenced */
	size_t chain_count;
	struct cw_cert *shown[CW_PATH_DEPTH_MAX]; /* the same, of the last connection that came so far */
	size_t shown_count;
	bool shown_refused; /* by this node */
	struct cw_snapshot_answer answer;
	bool answered; /* bytes came */
	struct cw_conversation sip;
	struct cw_buffer document; /* ours, as the conversation borrows it */
	struct cw_node_document theirs;
	bool heard; /* theirs is there */
	char state[16], code[64], reason[500];
	cw_time since;
	struct cw_node_reach *next;
};

/** A link of a cluster: it is kept. */
bool cw_node_reach_keeps(const struct cw_node_reach *reach);

/** Connects, where it is not connected. */
void cw_node_reach_try(struct cw_node_reach *reach);
/** Asks about the chain that the server showed; false: it is refused now. */
bool cw_node_reach_passes(struct cw_node_reach *reach);
/** What the server showed last, too. */
void cw_node_reach_forget(struct cw_node_reach *reach);
/** The connection and what belongs to it. */
void cw_node_reach_drop(struct cw_node_reach *reach);
/** The snapshot is another one: what the conversation borrowed is borrowed from that. */
void cw_node_reach_refresh(struct cw_node_reach *reach);

#endif
