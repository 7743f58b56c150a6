/**
 * The answer to get_edge_config: the XML that tells a client where everything is, once it has signed in.
 *
 * Structure as in "Collaboration Edge TC-based Endpoints Configuration Example"; Jabber reads
 * /getEdgeConfigResponse/edgeConfig/sipEdgeServer/server and …/sipRequest. XMPP and TURN are not offered, and their
 * elements are empty. Writes, and knows no deployment.
 */
#ifndef CW_NODE_EDGE_EDGE_CONFIG_H
#define CW_NODE_EDGE_EDGE_CONFIG_H

#include "base/strings.h"
#include "http/http_text.h"

#include "base/buffer.h"

/** Everything borrowed. */
struct cw_edge_config {
	struct cw_http_text
		query; /* of the request: service_name=… for each service that is asked for; none: all */
	const struct cw_strings *uds;	/* the servers of the user's home cluster */
	const struct cw_strings *edges; /* Expressway-E's names */
	const char *home;		/* where the user's own data are */
	const char *route;		/* Expressway-C's name, for the Route of SIP */
	unsigned https_port, sip_port;
};

/** Appends the XML. */
void cw_edge_config_write(const struct cw_edge_config *config, struct cw_buffer *ret);

#endif
