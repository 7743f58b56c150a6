/**
 * The desk's port for those who are not at this machine: TLS ends here, and plain bytes go on over a socket of their own.
 *
 * With a list of CAs it asks for the client's certificate, and judges it inside the handshake as a node's own pages do
 * (workbench/client_test.h, without CRLs): whoever shows none, or one that is refused, does not come in. Does not know
 * passwords, sessions or pages.
 */
#ifndef CW_ADMIN_DESK_DESK_PORT_H
#define CW_ADMIN_DESK_DESK_PORT_H

#include "base/error.h"

#include <event2/event.h>
#include <netinet/in.h>

/* Connections at once, those in their handshake included. */
#define CW_DESK_PORT_PEERS 2000

struct cw_desk_port;

/* Everything borrowed; the files for the time of the call. */
struct cw_desk_port_setup {
	struct event_base *base;
	struct sockaddr_in address;
	const char *certificate, *key; /* `key` NULL: it is in the certificate's file */
	const char *client_ca;	       /* NULL: no certificate is asked for */
	/* Somebody came in; the socket is the owner's. `note`: "" or the certificate's SHA-256 in hexadecimal digits, a
	 * blank, and whom it names. */
	void (*came)(void *context, evutil_socket_t socket, const char *address, const char *note);
	void *context;
};

/** CW_E_KEY: the key is another one's; what reading the files says; CW_E_NETWORK. */
CW_MUST_USE bool cw_desk_port_open(
	const struct cw_desk_port_setup *setup, struct cw_desk_port **ret, struct cw_error *error);
void cw_desk_port_free(struct cw_desk_port *port);
CW_DEFINE_AUTO(struct cw_desk_port *, cw_desk_port_free)

/** Where it listens, useful where the setup said 0. */
unsigned cw_desk_port_number(const struct cw_desk_port *port);

#endif
