/**
 * Expressway-C's connections to Unified CM, and who waits for an answer: for lane_sip_relay.c and sip_relay*.c alone.
 */
#ifndef CW_NODE_SIP_SIP_RELAY_PARTS_H
#define CW_NODE_SIP_SIP_RELAY_PARTS_H

#include "node/edge/edge_stream.h"
#include "node/sip/sip_bindings.h"
#include "node/sip/sip_carry.h"
#include "node/sip/sip_server.h"
#include "node/worker/worker.h"
#include "sip/sip_frame.h"
#include "sip/sip_hop.h"

#define CW_SIP_RELAY_BUCKETS 1024
/* Against an Expressway-E whose clients ask and ask: the vendor's largest box has 7,000 registrations. */
#define CW_SIP_RELAY_WAITING_MAX 16000
/* What waits for a connection that is being made. */
#define CW_SIP_RELAY_QUEUE_MAX (4 * 1024 * 1024)
/* An answer: well before a client gives up (RFC 3261 §17.1.2.2, timer F: 32 s). */
#define CW_SIP_RELAY_ANSWER_SECONDS 10
/* Between two keep-alives of this side (RFC 5626 §4.4.1). */
#define CW_SIP_RELAY_PING_SECONDS 20

enum cw_sip_relay_state { CW_SIP_RELAY_DOWN, CW_SIP_RELAY_DIALLING, CW_SIP_RELAY_SHAKING, CW_SIP_RELAY_UP };

struct cw_sip_relay;

/* A Unified CM. It stays until the lane ends, its connections come and go. */
struct cw_sip_relay_server {
	struct cw_sip_relay *relay;
	char host[CW_SIP_SERVER_HOST_SIZE];
	unsigned port;
	bool secure;
	enum cw_sip_relay_state state;
	uint64_t connection; /* its number, another for each */
	unsigned id;	     /* that the core dials it by */
	struct cw_edge_stream *stream;
	struct cw_sip_frame frame;
	struct cw_buffer queue;
	struct cw_cert *chain[CW_PATH_DEPTH_MAX]; /* that it showed, referenced */
	size_t chain_count;
	struct cw_snapshot_answer answer;
	char subject[200];
	cw_time heard, pinged; /* `heard` 0: nothing came yet */
	struct cw_sip_relay_server *next;
};

/* A request that has no final answer. */
struct cw_sip_relay_waiting {
	uint64_t sent; /* of its branch */
	struct cw_sip_message *message;
	uint16_t zone;
	struct cw_sip_relay_server *server;
	cw_time since;
	struct cw_sip_relay_waiting *next, **place;
};

struct cw_sip_relay {
	struct cw_worker *worker;
	char host[256];
	struct cw_sip_carry_shared shared;
	struct cw_sip_hop hop;
	SSL_CTX *tls;
	struct cw_edge_streams streams;
	struct cw_sip_relay_server *servers;
	struct cw_sip_relay_waiting *waiting[CW_SIP_RELAY_BUCKETS];
	size_t waiting_count;
	struct cw_sip_bindings bindings;
	struct event *timer;
	uint64_t next_connection;
	unsigned next_id;
	size_t messages, refused; /* since the beginning */
	char last[300];
};

/* --- lane_sip_relay.c --- */

/** Sends over the zone. */
void cw_sip_relay_to_zone(struct cw_sip_relay *relay, uint16_t zone, const struct cw_buffer *out);
/** Bytes came from a server. */
void cw_sip_relay_from_server(struct cw_sip_relay_server *server, const char *data, size_t length);
/** A message came over the zone. */
void cw_sip_relay_from_zone(struct cw_sip_relay *relay, const json_t *with);
/** Answers all that wait for this server, and those alone. `since` 0: all; else those that wait since then or longer. Returns
 * whether there were any. */
bool cw_sip_relay_give_up(
	struct cw_sip_relay_server *server, unsigned status, const char *sentence, cw_time since);
/** Something was refused: counted, and told. */
void cw_sip_relay_refused(struct cw_sip_relay *relay, const char *format, ...) CW_PRINTF(2, 3);

/* --- sip_relay_server.c --- */

/** The server for a request to this host; NULL: there is none, or no memory. */
struct cw_sip_relay_server *cw_sip_relay_server(struct cw_sip_relay *relay, const char *host);
/** The one whose connection has this number; NULL: it is gone. */
struct cw_sip_relay_server *cw_sip_relay_server_of(const struct cw_sip_relay *relay, uint64_t connection);
/** Makes a connection where there is none, so that its number is known. */
void cw_sip_relay_server_wake(struct cw_sip_relay_server *server);
/** Sends, once it is connected. */
void cw_sip_relay_server_send(struct cw_sip_relay_server *server, const struct cw_buffer *out);
/** The connection that was dialled is there, or cannot be had (`why`). */
void cw_sip_relay_server_dialled(struct cw_sip_relay *relay, unsigned id, int socket, const char *why);
/** Its connection goes; who waits is answered so. */
void cw_sip_relay_server_drop(struct cw_sip_relay_server *server, unsigned status, const char *why);
/** Judges again by the snapshot of now; what is refused, or was made with another identity, goes. */
void cw_sip_relay_server_judge(struct cw_sip_relay_server *server, bool another);
/** Time went by. */
void cw_sip_relay_server_turn(struct cw_sip_relay_server *server, cw_time now);
void cw_sip_relay_server_free(struct cw_sip_relay_server *server);
/** What this node shows to Unified CM. */
CW_MUST_USE bool cw_sip_relay_server_tls(struct cw_sip_relay *relay, struct cw_error *error);

#endif
