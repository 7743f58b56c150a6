/**
 * The documents that the two ends of a zone tell each other (traversal/conversation.h): JSON, the whole state each
 * time, unknown keys ignored.
 *
 *     C to E   {"version":1,"serial":3,"node":"c1.acme.test","domains":["acme.test"],"tunnel":{"verdict":"pass"}}
 *     E to C   {"version":1,"serial":9,"node":"e1.acme.test","tunnel":{"verdict":"pass","login":"causeway","port":2222,
 *               "listen":"127.0.0.1:40123","secret":"…64 hexadecimal digits…"}}
 *              or "tunnel":{"verdict":"refused","code":"client-auth-missing","detail":"…"}
 *
 * Between the peers of a cluster: {"version":1,"serial":4,"node":"c2.acme.test","list":"…64 hexadecimal digits…"}.
 * What Expressway-C says of the edge besides, to both, is edge/edge_told.h.
 *
 * What comes is from outside: it is read with bounds, and what does not fit counts as not told.
 */
#ifndef CW_NODE_NODE_DOCUMENT_H
#define CW_NODE_NODE_DOCUMENT_H

#include "base/buffer.h"
#include "node/snapshot.h"
#include "traversal/tunnel_exchange.h"

#include <jansson.h>
#include <netinet/in.h>

#define CW_NODE_DOCUMENT_TEXT 300
#define CW_NODE_DOCUMENT_LIST_SIZE 65

struct cw_node_document {
	unsigned serial;
	char node[256];
	char list
		[CW_NODE_DOCUMENT_LIST_SIZE]; /* between the peers of a cluster: SHA-256 over the trust list; "" */
	bool tunnel;			      /* something is said of it */
	bool passes;
	char code[64], detail[CW_NODE_DOCUMENT_TEXT];
	/* of Expressway-E, where it passes */
	char login[64];
	unsigned port;
	struct sockaddr_in listen;
	uint8_t secret[CW_TUNNEL_SECRET_SIZE];
};

/** Appends the document; `domains` and `edge` (edge/edge_told.h; taken), or NULL, are C's. */
void cw_node_document_write(const struct cw_node_document *document, const struct cw_deployment *domains,
	json_t *edge, struct cw_buffer *ret);

/** False: it is no such document; `*ret` is then empty. */
bool cw_node_document_read(const char *data, size_t length, struct cw_node_document *ret);

/** The tunnel's verdict of this side into the document. */
void cw_node_document_answer(struct cw_node_document *document, const struct cw_snapshot_answer *answer);

#endif
