/**
 * The ports of a node besides those of its traversal zone: who comes is judged inside the handshake, by the link's
 * question.
 *
 *     CUCM          8443 tomcat with UDS, 6972 TFTP over HTTPS, 5061 a SIP registrar, 5091 the same with SIP OAuth
 *     Expressway-C  4372, for the other peers of its cluster (5061, where CUCM dials in, is an edge worker's)
 *     Expressway-E  4372
 *
 * A port is open where this node has the certificate that it shows, and, at an Expressway, where its file names
 * somebody who would come. CUCM's are a stand-in for labs and tests: a registrar that keeps nobody, an answer to what a
 * client asks of UDS.
 */
#ifndef CW_NODE_NODE_PORTS_H
#define CW_NODE_NODE_PORTS_H

#include "node/node_core.h"

/** Opens the ports that this node's role and file want. CW_E_NETWORK where one is taken. */
CW_MUST_USE bool cw_node_ports_begin(struct cw_node_core *core, struct cw_error *error);
void cw_node_ports_end(struct cw_node_core *core);

/** As those of node_accept.h. Ports that are wanted now are opened, and those that are not are closed. */
void cw_node_ports_reload(struct cw_node_core *core, const struct cw_snapshot *before);
/** As cw_node_reach_tell, to those that came. */
void cw_node_ports_tell(struct cw_node_core *core);
/** Who is there is judged again, by the time of now: who is refused is put out. */
void cw_node_ports_judge(struct cw_node_core *core);
/** Raises an alarm for a port that could not be opened, and for a peer of the cluster whose list is another. */
void cw_node_ports_look(struct cw_node_core *core);
/** Appends a row for each port. */
bool cw_node_ports_status(const struct cw_node_core *core, json_t *rows);

/** Calls the owner for each of them that is up, or is refused (node_effect.h). */
void cw_node_ports_live(const struct cw_node_core *core, const struct cw_node_live_owner *owner);

#endif
