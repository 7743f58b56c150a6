/**
 * What the ports are made of: for node_ports*.c alone.
 */
#ifndef CW_NODE_NODE_PORTS_PARTS_H
#define CW_NODE_NODE_PORTS_PARTS_H

#include "net/listener.h"
#include "node/node_document.h"
#include "node/node_ports.h"
#include "node/sip/cucm_registrar.h"

enum cw_node_port_talk {
	CW_NODE_PORT_UDS,
	CW_NODE_PORT_TFTP,
	CW_NODE_PORT_REGISTRAR, /* cucm_registrar.h; 403 where a phone security profile is missing in the certificate */
	CW_NODE_PORT_CLUSTER, /* OPTIONS with the zone's user name and password, and documents */
	CW_NODE_PORT_REPLICA  /* the publisher's trust lists (replica/replica_link.h) */
};

/* Whose port it is, the link whose server end it is, what it shows, by which list it asks for a certificate. */
struct cw_node_port_row {
	const char *name;
	enum cw_link_kind link;
	enum cw_node_kind role;
	enum cw_identity_kind identity;
	enum cw_store_kind store;
	size_t listen; /* offset in struct cw_node_file_listen */
	enum cw_node_port_talk talk;
};

struct cw_node_port {
	struct cw_node_core *core;
	const struct cw_node_port_row *row;
	struct cw_listener *listener; /* NULL: it is not open */
	bool asks;		      /* for the client's certificate */
	struct cw_cucm_registrar
		*registrar; /* REGISTRAR: who is registered; it stays when the port is opened anew */
	size_t clients, refused;
	char last[300];	   /* why the last one was refused */
	char trouble[300]; /* why it could not be opened, or not be changed; "": nothing */
};

/** Asks about the chain that a client of this port showed. */
CW_MUST_USE bool cw_node_ports_ask(const struct cw_node_port *port, struct cw_cert *const *chain,
	size_t count, struct cw_snapshot_answer *ret, struct cw_error *error);

/* --- node_ports_talk.c: what is said there --- */

struct cw_node_ports_client;

/** A client is in; it becomes the peer's context. False: no memory. */
CW_MUST_USE bool cw_node_ports_client(struct cw_node_port *port, struct cw_listener_peer *peer);
void cw_node_ports_client_free(struct cw_node_ports_client *client);
/** The snapshot is another one: what the peer's conversation borrowed (`context` is the port) is borrowed from that. */
void cw_node_ports_refresh(struct cw_listener_peer *peer, void *context);
/** `said` of a listener's owner; the context is the port. */
void cw_node_ports_said(void *context, struct cw_listener_peer *peer, const char *data, size_t length);
/** The document that a peer of the cluster told last; NULL: none. */
const struct cw_node_document *cw_node_ports_heard(const struct cw_listener_peer *peer);

#endif
