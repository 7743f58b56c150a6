/**
 * Whether a request that is good SIP is also one for here (RFC 3261 §8.2, §16.3): scheme, hops, extensions,
 * method, type of body, and what the answer must hold where it is not.
 *
 * A table of what one receiver takes, and the order of the RFC; who may send it (digest, zone) is decided
 * elsewhere.
 */
#ifndef CW_SIP_SIP_ADMIT_H
#define CW_SIP_SIP_ADMIT_H

#include "sip/sip_writer.h"

/* Each list ends in NULL; NULL itself: none. */
struct cw_sip_admit {
	const char *const *methods;    /* what is answered here; NULL: any method goes on (a hop) */
	const char *const *extensions; /* of Require, or of Proxy-Require for a hop */
	const char *const *types;      /* of bodies; NULL: any */
	bool hop; /* the request goes on from here: Max-Forwards counts, Require does not */
};

/** 0: wanted. Else the status: the message's own refusal, 403, 405, 406, 415, 416, 420, 483 or 501. */
unsigned cw_sip_admit_check(const struct cw_sip_message *request, const struct cw_sip_admit *admit);

/** The header fields that go with that status: Allow, Unsupported, Accept, and Warning for a refusal. */
void cw_sip_admit_explain(struct cw_sip_writer *writer, const struct cw_sip_message *request,
	const struct cw_sip_admit *admit, unsigned status);

/**
 * Whether a response may go back by its second Via: there is one, and it is no broadcast or multicast address
 * (RFC 4475 §3.3.10). A response that was refused goes nowhere.
 */
bool cw_sip_admit_return(const struct cw_sip_message *response);

#endif
