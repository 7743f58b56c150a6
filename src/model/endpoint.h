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
	CW_ENDPOINT_PHONE_8800
};

struct cw_endpoint {
	char *name;
	enum cw_endpoint_kind kind;
	struct cw_store trust;
	bool *domains; /* for each domain of the deployment, in its order: signs in for it */
};

/** "jabber", "telepresence", "phone-7800", "phone-8800". */
const char *cw_endpoint_kind_name(enum cw_endpoint_kind kind);

#endif
