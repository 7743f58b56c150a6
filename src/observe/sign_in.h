/**
 * One sign-in from outside as it went: each step with what was asked, what came, how long it took, and what it is worth.
 *
 * The record alone: src/signin makes it, src/report tells it. What a step's TLS server presented is judged by the
 * endpoint's own question of the link table (check/question.h); a status of HTTP or SIP is put beside what the field
 * knows it to mean.
 */
#ifndef CW_OBSERVE_SIGN_IN_H
#define CW_OBSERVE_SIGN_IN_H

#include "check/links.h"

/* In the order in which a sign-in goes. */
enum cw_sign_in_place {
	CW_SIGN_IN_SRV,	     /* which Expressway-E serve the domain */
	CW_SIGN_IN_DNS,	     /* where they are */
	CW_SIGN_IN_TLS,	     /* what they present on 8443 */
	CW_SIGN_IN_SSO,	     /* get_edge_sso */
	CW_SIGN_IN_TUNNEL,   /* whether Expressway-C answers through the tunnel */
	CW_SIGN_IN_CONFIG,   /* get_edge_config, with the password */
	CW_SIGN_IN_TOMCAT,   /* whether Expressway-C reaches Unified CM */
	CW_SIGN_IN_UDS,	     /* the user's home cluster, profile and devices */
	CW_SIGN_IN_TFTP,     /* the device's configuration file */
	CW_SIGN_IN_SIP,	     /* what they present on 5061 */
	CW_SIGN_IN_REGISTER, /* REGISTER */
	CW_SIGN_IN_PLACE_COUNT
};

/** "srv", "dns", "tls", …: stable. */
const char *cw_sign_in_place_name(enum cw_sign_in_place place);

struct cw_sign_in_step {
	enum cw_sign_in_place place;
	char *asked;	       /* "GET get_edge_config of e1.acme.test:8443" */
	char *answer;	       /* "200 OK from CE_C ECS"; may hold what came from outside */
	char *means;	       /* what that is, where it does not say so itself; or NULL */
	char *next;	       /* what to do about it; or NULL */
	unsigned milliseconds; /* until the answer was whole */
	enum cw_verdict verdict;
	struct cw_link *seen; /* of a TLS server: the endpoint's question and its findings; owned; or NULL */
};

struct cw_sign_in {
	char *user, *domain;
	enum cw_endpoint_kind kind;
	struct cw_sign_in_step *steps;
	size_t count, capacity;
	enum cw_service_state state;
	bool ended; /* before its end, at the step of `ended_at` */
	enum cw_sign_in_place ended_at;
	bool registered;	/* REGISTER was sent, and answered with 200 */
	bool register_left_out; /* nobody asked for it */
};

void cw_sign_in_finish(struct cw_sign_in *sign_in);
#define AUTO_SIGN_IN __attribute__((cleanup(cw_sign_in_finish))) struct cw_sign_in

/** Appends an empty step of this place, verdict pass; NULL: no memory. Lives until the next is added. */
CW_MUST_USE struct cw_sign_in_step *cw_sign_in_add(struct cw_sign_in *sign_in, enum cw_sign_in_place place);

#endif
