/**
 * From a CUCM publisher to each of its subscribers: a TLS connection of its own, kept, over which the subscriber's trust
 * lists follow the publisher's. Who was down is told when it is back.
 *
 * Certificates do not decide here, as they do not between the nodes of the vendor's clusters: publisher and subscribers
 * know each other by the cluster's security password. It is asked for by digest, and what is asked for is made from the
 * password and the connection's own keys (RFC 5705): whoever stands between the two, with certificates that anybody may
 * have, has another connection to each, and passes neither. The conversation is that of a zone (OPTIONS, and documents).
 */
#ifndef CW_NODE_REPLICA_REPLICA_LINK_H
#define CW_NODE_REPLICA_REPLICA_LINK_H

#include "node/node_core.h"

#include <openssl/ssl.h>

struct cw_replica;

#define CW_REPLICA_LINK_USER "replication"
#define CW_REPLICA_LINK_PASSWORD_SIZE 65

/** What is asked for on this connection. False: the TLS library cannot make it. */
CW_MUST_USE bool cw_replica_link_password(
	SSL *ssl, const char *security, char ret[CW_REPLICA_LINK_PASSWORD_SIZE]);

/** Begins where this node is a publisher with a security password and subscribers; else does nothing. */
CW_MUST_USE bool cw_replica_link_begin(struct cw_node_core *core, struct cw_error *error);
void cw_replica_link_end(struct cw_node_core *core);
/** The snapshot is another one: what came and went is recorded and told. */
void cw_replica_link_reload(struct cw_node_core *core);
/** Raises an alarm for each subscriber that cannot be told. */
void cw_replica_link_look(struct cw_node_core *core);
/** Appends a row for each subscriber. */
bool cw_replica_link_status(const struct cw_node_core *core, json_t *rows);

#endif
