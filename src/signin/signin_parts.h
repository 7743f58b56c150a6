/**
 * A sign-in under way. Private to signin.
 */
#ifndef CW_SIGNIN_SIGNIN_PARTS_H
#define CW_SIGNIN_SIGNIN_PARTS_H

#include "signin/signin.h"
#include "signin/signin_exchange.h"
#include "signin/signin_xml.h"

/* Against a service with edges without end, each of which is connected to. */
#define CW_SIGNIN_EDGES_MAX 16

struct cw_signin_edge {
	char name[256];
	unsigned port;
	struct in_addr address;
	bool found;  /* it has an address */
	bool passes; /* its TLS, or a Jabber's user accepts it */
	bool prompts;
};

struct cw_signin {
	const struct cw_signin_setup *setup;
	struct cw_sign_in *record;
	struct cw_signin_edge edges[CW_SIGNIN_EDGES_MAX];
	size_t edge_count;
	const struct cw_signin_edge *edge; /* the one that is signed in to */
	const struct cw_check *links;
	char *password;		      /* wiped at the end */
	struct cw_buffer credentials; /* "Basic …"; wiped */
	bool denied;		      /* the password was refused: it goes nowhere any more */
	struct cw_buffer cookie;      /* "X-Auth=…" */
	struct cw_signin_xml config;  /* get_edge_config's answer */
	struct cw_strings servers;    /* UDS servers: "host:port" */
	char *device;		      /* the first of the user's, or that of the setup */
	struct cw_strings registrars; /* of its file: the Unified CM of its group, in their order */
	bool degraded;		      /* a part of it does not work, and the rest does */
};

/** What a step asked; the parts of the sentence as cw_buffer_printf has them. NULL: no memory. */
CW_MUST_USE struct cw_sign_in_step *cw_signin_step(
	struct cw_signin *signin, enum cw_sign_in_place place, const char *format, ...) CW_PRINTF(3, 4);

/** What came, and how it is seen; means and next may be NULL. Then the step is over, and told. */
CW_MUST_USE bool cw_signin_over(struct cw_signin *signin, struct cw_sign_in_step *step,
	enum cw_verdict verdict, const char *answer, struct cw_error *error);
CW_MUST_USE bool cw_signin_explain(
	struct cw_sign_in_step *step, const char *means, const char *next, struct cw_error *error);

/** The sign-in ends there. */
void cw_signin_end(struct cw_signin *signin, enum cw_sign_in_place place, enum cw_service_state state);

/** Limit of a step. */
unsigned cw_signin_milliseconds(const struct cw_signin *signin);

/** --- the steps: each false with an error; what the network did is in the record --- */
CW_MUST_USE bool cw_signin_find_edges(struct cw_signin *signin, struct cw_error *error);
CW_MUST_USE bool cw_signin_try_edges(struct cw_signin *signin, struct cw_error *error);
CW_MUST_USE bool cw_signin_ask_sso(struct cw_signin *signin, struct cw_error *error);
CW_MUST_USE bool cw_signin_ask_config(struct cw_signin *signin, struct cw_error *error);
CW_MUST_USE bool cw_signin_ask_uds(struct cw_signin *signin, struct cw_error *error);
CW_MUST_USE bool cw_signin_ask_file(struct cw_signin *signin, struct cw_error *error);
CW_MUST_USE bool cw_signin_register(struct cw_signin *signin, struct cw_error *error);

/**
 * The judge of an edge's 8443 or 5061: `step->seen` gets the endpoint's question. For struct cw_signin_asked; `kind` is
 * CW_LINK_EDGE_HTTPS or CW_LINK_EDGE_SIP.
 */
struct cw_signin_judging {
	struct cw_signin *signin;
	const char *name;
	enum cw_link_kind kind;
	struct cw_link *seen; /* owned until it is taken */
	bool prompts;	      /* Jabber would ask its user, who would take it: it is the one that was named */
	bool asks;	      /* Jabber would ask its user, and nobody took it */
	struct cw_error error;
	bool failed;
};
/** TLS with one edge, on 8443 or 5061, as a step of its own. */
CW_MUST_USE bool cw_signin_shake_hands(struct cw_signin *signin, struct cw_signin_edge *edge,
	enum cw_link_kind kind, unsigned port, struct cw_error *error);
bool cw_signin_judge(void *context, struct cw_cert *const *chain, size_t count);

/** A request through the edge. */
struct cw_signin_request {
	enum cw_sign_in_place place;
	const char *what;   /* for people: "get_edge_config", "cucm-uds/user/alice" */
	const char *target; /* as it is sent */
	bool with_password, with_cookie;
};
/** Sends it to the edge that was chosen, and adds its step, which the caller ends. */
CW_MUST_USE bool cw_signin_ask(struct cw_signin *signin, const struct cw_signin_request *request,
	struct cw_signin_answer *ret, struct cw_sign_in_step **ret_step, struct cw_error *error);

/** Ends a step whose answer was no 200: by the table of statuses, or by what came. The sign-in ends where `ends`. */
CW_MUST_USE bool cw_signin_failed(struct cw_signin *signin, struct cw_sign_in_step *step,
	const struct cw_signin_answer *answer, bool ends, struct cw_error *error);

#endif
