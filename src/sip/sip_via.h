/**
 * One value of Via: over which transport, by whom it was sent, and under which branch (RFC 3261 §20.42; RFC
 * 3581 for rport). Checked here, taken apart by osipparser2.
 */
#ifndef CW_SIP_SIP_VIA_H
#define CW_SIP_SIP_VIA_H

#include "sip/sip_parameters.h"

struct osip_via;

struct cw_sip_via {
	struct cw_sip_text whole;
	struct cw_sip_text sent; /* protocol and sent-by: all in front of the parameters */
	struct cw_sip_parameters parameters;
	struct osip_via *parts;
	unsigned port; /* 0: none */
};

/**
 * Reads one value; `text` must outlive it. False with `*reason`, or `*reason` NULL where memory failed;
 * nothing is to be released then.
 */
CW_MUST_USE bool cw_sip_via_parse(struct cw_sip_text text, struct cw_sip_via *ret, const char **reason);

void cw_sip_via_finish(struct cw_sip_via *via);

/** "TLS", "TCP", … as it was sent. */
const char *cw_sip_via_transport(const struct cw_sip_via *via);

/** Host, an IPv6 address without brackets. */
const char *cw_sip_via_host(const struct cw_sip_via *via);

/**
 * The branch, where it names a transaction (it begins with z9hG4bK and goes on, RFC 3261 §8.1.1.7); else
 * `data` is NULL, and the transaction is found as RFC 3261 §17.2.3 says for older senders.
 */
struct cw_sip_text cw_sip_via_branch(const struct cw_sip_via *via);

#endif
