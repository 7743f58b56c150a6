/**
 * The client's side of a sign-in through Mobile and Remote Access: what a Jabber, a TelePresence endpoint or a phone
 * outside does, step by step, against our nodes or a real edge.
 *
 * DNS (SRV, addresses), TLS with every Expressway-E that serves the domain, get_edge_sso, get_edge_config, UDS, the
 * device's file, and, where asked for, REGISTER. The password goes to one host, and after a 401 to none: accounts are
 * locked and addresses banned for less. Nothing is sent to a host whose certificate the endpoint would refuse; where
 * Jabber would ask its user, `accept` has to name the certificate. Steps and their order: "Collaboration Edge TC-based
 * Endpoints Configuration Example", "Jabber for Windows auto-update over MRA", the Collaboration Edge chapter of the
 * "Preferred Architecture for Cisco Collaboration 12.x Enterprise On-Premises Deployments, CVD".
 */
#ifndef CW_SIGNIN_SIGNIN_H
#define CW_SIGNIN_SIGNIN_H

#include "observe/sign_in.h"

#include <netinet/in.h>

/* Where one of the owner's functions is called, it is in the midst of a sign-in. */
struct cw_signin_owner {
	/* The user's password, asked for when it is needed, once. The caller of this wipes and frees it. */
	bool (*password)(void *context, char **ret, struct cw_error *error);
	/* The check whose edge links lead from the endpoint to these hosts; stays the owner's. */
	bool (*links)(void *context, const struct cw_strings *hosts, const struct cw_check **ret,
		struct cw_error *error);
	/* A step is over. */
	void (*told)(void *context, const struct cw_sign_in_step *step);
	void *context;
};

/** Everything borrowed. */
struct cw_signin_setup {
	const char *user, *domain;
	enum cw_endpoint_kind kind;
	const char *edge;	       /* this Expressway-E instead of those of DNS; NULL */
	unsigned port;		       /* of it; 0: 8443 */
	const char *const *places;     /* "FQDN=IP", ended by NULL: before DNS */
	const struct sockaddr_in *dns; /* this name server; NULL: the system's */
	const char *accept; /* SHA-256 of the certificate that a Jabber's user would accept; NULL: none */
	const struct cw_trust_list *list; /* the endpoint's; NULL: that of its links' check */
	const char *device;		  /* registers as this device; NULL: does not register */
	cw_time at;
	unsigned seconds; /* for each step; 0: 10 */
	struct cw_signin_owner owner;
};

/** False: CW_E_USAGE, CW_E_MEMORY, CW_E_CRYPTO, or what the owner's functions said. Whatever the network does is no error. */
CW_MUST_USE bool cw_signin_run(
	const struct cw_signin_setup *setup, struct cw_sign_in *ret, struct cw_error *error);

#endif
