/**
 * The check of a deployment that is a former one with changes laid over it: only questions whose inputs changed are
 * asked again, what boxes have by themselves is looked at where that may be another, and the rest is taken over.
 *
 * The inputs of a question: the judge's list and revocation lists; the certificate that is shown, and the sender's
 * own list, from which it fills up what it sends; the settings of both ends' clusters and of the zone, and the address
 * that was typed; and, where the search did not end well, the certificates that are known anywhere. Where a setting
 * makes other links, a whole check is made, as for another time (cw_check_run). The answer is that of a whole check in
 * every byte.
 */
#ifndef CW_CHECK_AGAIN_H
#define CW_CHECK_AGAIN_H

#include "check/check.h"

/** What is not as it was on one node. */
struct cw_again_node {
	bool stores[CW_STORE_KIND_COUNT];
	bool identities;
	bool rest; /* revocation lists, addresses, what it sends */
};

struct cw_again {
	/* of the deployment as it was, on the same terms; outlives the new check, which borrows from it */
	const struct cw_check *former;
	const struct cw_again_node *nodes; /* of every group in their order, then the front */
	const bool *endpoints;		   /* their lists; in their order */
	const bool *groups, *zones;	   /* their settings; in their order */
	bool settings;			   /* of any group, zone or node */
	bool known; /* other certificates are known, or were met elsewhere or in another order */
};

/**
 * Judges `deployment`: groups, nodes, zones and endpoints are those of the former check's, one for one. The result
 * borrows from the former check.
 */
CW_MUST_USE bool cw_again_run(const struct cw_deployment *deployment, const struct cw_again *again,
	const struct cw_check_options *options, struct cw_check **ret, struct cw_error *error);

#endif
