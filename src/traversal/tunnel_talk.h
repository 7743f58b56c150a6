/**
 * The exchange at the beginning of a stream (traversal/tunnel_exchange.h), on a socket that does not block.
 *
 * Private to the two sides of it, tunnel_dial and tunnel_relay.
 */
#ifndef CW_TRAVERSAL_TUNNEL_TALK_H
#define CW_TRAVERSAL_TUNNEL_TALK_H

#include "traversal/tunnel_exchange.h"

enum cw_tunnel_talk_end {
	CW_TUNNEL_TALK_MORE,   /* call again when there is something to read */
	CW_TUNNEL_TALK_DONE,   /* agreed; what follows is still in the socket */
	CW_TUNNEL_TALK_OTHER,  /* the other side does not hold the key, or speaks something else */
	CW_TUNNEL_TALK_BROKEN, /* it closed, or the connection broke */
};

/** Sends what is to be sent, takes what is there and wanted, no byte more. */
enum cw_tunnel_talk_end cw_tunnel_talk(int socket, struct cw_tunnel_exchange *exchange);

#endif
