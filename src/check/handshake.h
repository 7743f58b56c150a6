/**
 * From the complaints of a link to its verdict: handshake order, what else the link rests on, who refuses
 * first.
 *
 * Private to the deploy layer.
 */
#ifndef CW_CHECK_HANDSHAKE_H
#define CW_CHECK_HANDSHAKE_H

#include "check/check.h"

/**
 * Adds what no certificate tells (differing credentials, the host name of a tunnel, a refused traversal link
 * under a tunnel), puts the complaints into handshake order, marks what an earlier refusal keeps from being
 * reached, and sets verdict and refused_by. The traversal links of the check must be finished before the
 * tunnels.
 */
CW_MUST_USE bool cw_handshake_conclude(
	const struct cw_check *check, struct cw_link *link, struct cw_error *error);

/** Adds `credentials-differ`, judged by the server, as a check of both files would. */
CW_MUST_USE bool cw_handshake_deny_credentials(
	struct cw_link *link, const char *detail, struct cw_error *error);

/**
 * What a real tunnel adds to the complaints of its two judges, as a check of the files would: that its zone is
 * refused (`zone_refused_by`: a name of the link's ends; NULL: the zone is up), and a host name that SSH tunnels do
 * not take. Puts them in order.
 */
CW_MUST_USE bool cw_handshake_conclude_tunnel(
	struct cw_link *tunnel, const char *zone_refused_by, struct cw_error *error);

/** Puts the complaints into handshake order; sets what is reached, verdict and refused_by. */
void cw_handshake_settle(struct cw_link *link);

/** For a link as it was observed: the traversal link that carries it was refused, by this node. */
CW_MUST_USE bool cw_handshake_deny_carrier(
	struct cw_link *link, const char *refused_by, struct cw_error *error);

#endif
