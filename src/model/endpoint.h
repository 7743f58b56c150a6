/**
 * An endpoint outside: what it is, whom it trusts, for which domains it signs in.
 */
#ifndef CW_MODEL_ENDPOINT_H
#define CW_MODEL_ENDPOINT_H

#include "model/node.h"

enum cw_endpoint_kind {
	CW_ENDPOINT_JABBER,
	CW_ENDPOINT_TELEPRESENCE,
	CW_ENDPOINT_PHONE_7800,
	CW_ENDPOINT_PHONE_8800,
	CW_ENDPOINT_PHONE_9800,
	CW_ENDPOINT_WEBEX
};

/* Which SIP links it registers over. */
enum cw_endpoint_sip {
	CW_ENDPOINT_SIP_ALL,	/* whatever its CUCM cluster has on */
	CW_ENDPOINT_SIP_SECURE, /* with the phone security profile of that name */
	CW_ENDPOINT_SIP_OAUTH,
	CW_ENDPOINT_SIP_NONE /* without TLS */
};

struct cw_endpoint {
	char *name;
	enum cw_endpoint_kind kind;
	struct cw_store trust;
	enum cw_endpoint_sip sip;
	char *profile; /* CW_ENDPOINT_SIP_SECURE: its name; else NULL */
	bool *domains; /* for each domain of the deployment, in its order: signs in for it */
};

/** "jabber", "telepresence", "phone-7800", "phone-8800", "phone-9800", "webex". */
const char *cw_endpoint_kind_name(enum cw_endpoint_kind kind);

#endif
