/**
 * What the parts of a running node share: the loop, the snapshot, the log, the alarms. For src/node alone.
 */
#ifndef CW_NODE_NODE_CORE_H
#define CW_NODE_NODE_CORE_H

#include "net/recent_certs.h"
#include "node/history/node_history.h"
#include "node/node_document.h"
#include "node/node_folder.h"
#include "traversal/tunnel_account.h"

#include <event2/event.h>
#include <jansson.h>
#include <netinet/in.h>

struct cw_node_live_owner;
struct cw_node_dial;
struct cw_node_accept;
struct cw_node_ports;
struct cw_replica;
struct cw_node_reach;
struct cw_node_workers;
struct cw_node_admin;
struct cw_node_crl;
struct cw_node_working;
struct cw_edge_core;
struct cw_sip_core;

#define CW_NODE_ALARMS_MAX 64

struct cw_node_alarm {
	char key[160]; /* what it is about: one alarm for each */
	char text[400];
	const char *number; /* the vendor's; NULL: the boxes have none */
	const char *severity;
	cw_time raised;
	bool seen;    /* in the present look */
	bool carried; /* raised by a former run of this node, and not seen since */
};

/* So long after its beginning a node does not lower the alarms of its former run: zones and tunnels are still coming. */
#define CW_NODE_CORE_GRACE 30
/* And so long it raises none but those: whoever it dials may be starting as well. Seconds, by the loop's own clock. */
#define CW_NODE_CORE_QUIET 5

struct cw_node_core {
	struct event_base *base;
	struct cw_node_folder folder;
	struct cw_snapshot *snapshot;
	struct cw_cache *cache;
	struct cw_recent_certs *recent;
	struct cw_tunnel_account account;
	FILE *keylog;		   /* TLS secrets, for labs; NULL: none */
	char account_trouble[400]; /* why no tunnel can be made here; "": none */
	void (*say)(void *context, const char *line);
	void *say_context;
	struct cw_node_dial *dials;	 /* Expressway-C: one for each address in `peers` */
	struct cw_node_accept *accept;	 /* Expressway-E */
	struct cw_node_ports *ports;	 /* all other ports */
	struct cw_node_workers *workers; /* Expressways: what stands between clients and this process */
	struct cw_edge_core *edge;	 /* Expressways: what their workers ask of this process */
	struct cw_sip_core *sip;	 /* Expressways: clients' SIP between their workers and the zone */
	struct cw_replica *replica;	 /* CUCM's publisher */
	bool reread;		     /* its files were changed by itself: they are read at the next look */
	struct cw_node_reach *reach; /* all other links that it dials */
	struct cw_node_admin *admin; /* the pages */
	struct cw_node_crl *crl;     /* Expressways: automatic CRL updates */
	struct cw_node_alarm alarms[CW_NODE_ALARMS_MAX];
	size_t alarm_count;
	unsigned looks; /* seconds that the loop has run */
	struct cw_node_history *history;
	struct cw_resolve *resolve;	 /* NULL: nobody has asked yet */
	struct cw_node_working *working; /* of the pages' work: what lives between two questions */
	/* Reads the files anew, now, as changed by `who`: {"problems","change","ends","begins"} for json_decref; NULL: no
	 * memory. NULL itself: nothing runs here. */
	json_t *(*reload)(struct cw_node_core *core, const char *who);
	/* Ends the run soon, to begin anew. */
	void (*restart)(struct cw_node_core *core);
	cw_time started, changed;
	char change[400]; /* what the last reload did */
};

/** A line for the log. */
void cw_node_core_say(struct cw_node_core *core, const char *format, ...) CW_PRINTF(2, 3);

/** Something is in another state: said, and written into the history. Texts are borrowed; `what` is "zone to". */
struct cw_node_state {
	const char *what, *peer, *state, *code, *reason;
};
void cw_node_core_state(struct cw_node_core *core, const struct cw_node_state *state);
/** The alarms that a former run had raised. */
void cw_node_core_carry(struct cw_node_core *core, const json_t *alarms);
/** The look at the alarms begins; those that are not told of again before its end are lowered. */
void cw_node_core_look(struct cw_node_core *core);
void cw_node_core_looked(struct cw_node_core *core);
/** There is reason for this alarm. `number` and `severity` are fixed texts. */
void cw_node_core_alarm(struct cw_node_core *core, const char *number, const char *severity, const char *key,
	const char *format, ...) CW_PRINTF(5, 6);

/** Everything looks at itself anew, alarms too: something is another than before. */
void cw_node_core_changed(struct cw_node_core *core);

/** This end's user name and password of the first zone: the peers of a cluster have the same. Never NULL. */
const struct cw_credentials *cw_node_core_credentials(const struct cw_node_core *core);
/** Appends what this node tells the other peers of its cluster. */
void cw_node_core_document(const struct cw_node_core *core, struct cw_buffer *ret);
/** An alarm where the peer that told this document has another trust list. */
void cw_node_core_compare_list(struct cw_node_core *core, const struct cw_node_document *document);

#define CW_NODE_NO_TUNNELS "No SSH tunnels have been established"

#endif
