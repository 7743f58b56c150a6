/**
 * Expressway-E's clients and their flows: for lane_sip_edge.c and sip_edge*.c alone.
 */
#ifndef CW_NODE_SIP_SIP_EDGE_PARTS_H
#define CW_NODE_SIP_SIP_EDGE_PARTS_H

#include "net/listener.h"
#include "node/sip/sip_carry.h"
#include "node/worker/worker.h"
#include "sip/sip_frame.h"
#include "sip/sip_hop.h"

#include <arpa/inet.h>

#define CW_SIP_EDGE_BUCKETS 1024
/* A REGISTER that is held so long is dropped: its sender has given up (RFC 3261 §17.1.2.2, timer F). */
#define CW_SIP_EDGE_HELD_SECONDS 32
/* Milliseconds: to the first message or keep-alive; between two without a registration; beyond a registration's end. */
#define CW_SIP_EDGE_FIRST_MS 30000
#define CW_SIP_EDGE_IDLE_MS 60000
#define CW_SIP_EDGE_GRACE_MS 30000
/* Against passwords that are tried one after the other: a registration is challenged once. */
#define CW_SIP_EDGE_CHALLENGES_MAX 8
/* Against a registrar that gives a year. */
#define CW_SIP_EDGE_EXPIRES_MAX 7200

struct cw_sip_edge;

/* A flow. */
struct cw_sip_edge_client {
	struct cw_sip_edge *edge;
	struct cw_listener_peer *peer;
	uint64_t id; /* never another one's, also after this process */
	struct sockaddr_in from;
	char address[INET_ADDRSTRLEN];
	struct cw_sip_frame frame;
	uint16_t zone;	       /* that it goes by; 0: none yet */
	bool checked;	       /* Expressway-C has answered a SERVICE for it */
	struct cw_buffer held; /* a REGISTER as it goes on, once that has come */
	cw_time held_since;
	unsigned challenged; /* answers in a row that asked for credentials */
	cw_time registered;  /* until then; 0: it is not */
	struct cw_sip_edge_client *next, **place;
};

struct cw_sip_edge {
	struct cw_worker *worker;
	int socket;
	struct cw_listener *listener;
	char host[256];
	struct cw_sip_carry_shared shared;
	struct cw_sip_hop hop;
	struct cw_sip_edge_client *buckets[CW_SIP_EDGE_BUCKETS];
	uint64_t next;
	size_t clients, sessions, refused; /* the first and the last since the beginning */
	size_t turn;			   /* of zones */
	char last[300];			   /* why something was refused last */
};

/** The flow of that connection; NULL: it is gone. */
struct cw_sip_edge_client *cw_sip_edge_find(const struct cw_sip_edge *edge, uint64_t id);
/** A client is in; it becomes the peer's context. False: no memory. */
CW_MUST_USE bool cw_sip_edge_client(struct cw_sip_edge *edge, struct cw_listener_peer *peer);
void cw_sip_edge_client_free(struct cw_sip_edge_client *client);
/** Bytes came from it. */
void cw_sip_edge_client_said(struct cw_sip_edge_client *client, const char *data, size_t length);
/** Time went by: what is over is forgotten. */
void cw_sip_edge_client_turn(struct cw_sip_edge_client *client, cw_time now);
/** The zones are others now. */
void cw_sip_edge_client_zones(struct cw_sip_edge_client *client);

/** A frame of the core's: a message from the zone. */
void cw_sip_edge_from_zone(struct cw_sip_edge *edge, const json_t *with);
/** Something was refused: counted, and told once a line. */
void cw_sip_edge_refused(struct cw_sip_edge *edge, const char *who, const char *why);

#endif
