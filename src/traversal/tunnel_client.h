/**
 * Expressway-C's side of one SSH tunnel: the ssh that holds it, and the relay where its streams come out.
 *
 * The caller's judge decides, never this: ssh is started by cw_tunnel_client_allow once E's certificate has passed
 * with profile `tunnel` and the zone has told where the streams begin; the one line of known_hosts then holds
 * that certificate's key. cw_tunnel_client_refuse takes it away and kills ssh. A tunnel that does not come up or is
 * lost is dialled anew, with growing waits.
 *
 * Expressway-E asks whether bytes go through and back; here the tunnel is active while its probes come.
 */
#ifndef CW_TRAVERSAL_TUNNEL_CLIENT_H
#define CW_TRAVERSAL_TUNNEL_CLIENT_H

#include "traversal/tunnel_config.h"
#include "traversal/tunnel_limits.h"
#include "traversal/tunnel_relay.h"
#include "traversal/tunnel_status.h"

struct cw_tunnel_client;

/* Called from the loop. The client may be asked and told anything but to free itself. */
struct cw_tunnel_client_owner {
	void (*changed)(void *context, const struct cw_tunnel_status *status);
	/* a stream comes out: the socket is the owner's; NULL: streams are closed */
	void (*stream)(void *context, evutil_socket_t socket);
	/* something happened that the state does not show: one line for the log; NULL: nobody asks */
	void (*told)(void *context, const char *text);
	void *context;
};

struct cw_tunnel_client_setup {
	struct event_base *base;
	const char *folder; /* as cw_tunnel_folder_open takes it; this client's alone */
	const struct cw_tunnel_account *account;
	const struct cw_tunnel_programs *programs; /* NULL: the default */
	const struct cw_tunnel_limits *limits;	   /* NULL: the default */
	struct in_addr from;			   /* 0.0.0.0: any */
	EVP_PKEY *key;				   /* of C's certificate, with its private half */
	unsigned algorithms;			   /* of tunnel-key-algorithms, as tunnel_key.h has them */
	bool quick;				   /* as tunnel_config.h has it */
	struct cw_tunnel_client_owner owner;
};

/** Ends what an earlier client left in the folder, writes the key, opens the relay. Fails as
 * cw_tunnel_server_open does. */
CW_MUST_USE bool cw_tunnel_client_open(
	const struct cw_tunnel_client_setup *setup, struct cw_tunnel_client **ret, struct cw_error *error);

/** Ends ssh and closes the relay, without a word to the owner. */
void cw_tunnel_client_free(struct cw_tunnel_client *client);
CW_DEFINE_AUTO(struct cw_tunnel_client *, cw_tunnel_client_free)

/* An Expressway-E whose certificate was passed. */
struct cw_tunnel_target {
	struct sockaddr_in to;	   /* its tunnel port */
	const char *login;	   /* its account, as the zone tells it: letters, digits, "._-" */
	const EVP_PKEY *key;	   /* of its certificate */
	struct sockaddr_in listen; /* where streams begin there, as the zone tells it */
	const uint8_t *secret;	   /* CW_TUNNEL_SECRET_SIZE bytes, agreed over the zone */
};

/** Dials, or dials anew where anything is another than before. CW_E_KEY, CW_E_IO, CW_E_USAGE: it is not
 * dialled. */
CW_MUST_USE bool cw_tunnel_client_allow(
	struct cw_tunnel_client *client, const struct cw_tunnel_target *target, struct cw_error *error);

/** Ends the tunnel and dials no more; `why` (for people) becomes its status. */
void cw_tunnel_client_refuse(struct cw_tunnel_client *client, const char *why);

const struct cw_tunnel_status *cw_tunnel_client_status(const struct cw_tunnel_client *client);

/** The ssh that holds the tunnel; 0: none. */
pid_t cw_tunnel_client_process(const struct cw_tunnel_client *client);

#endif
