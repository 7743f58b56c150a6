/**
 * A link's questions asked again about certificates that really came over a wire.
 *
 * The check asks them of files (cw_check_run); a live connection asks the very same ones, by the same table,
 * of the same judge, with the same weighing, and only the evidence is another: the chain that came, and the
 * lists, revocation lists and certificates that the judging end holds now. There is no second place that
 * decides trust.
 */
#ifndef CW_DEPLOY_ASK_H
#define CW_DEPLOY_ASK_H

#include "deploy/check.h"

/** Everything borrowed, for the time of the call. */
struct cw_evidence {
	struct cw_cert *const *chain;				/* as it came, leaf first */
	size_t chain_count;					/* at least 1 */
	const struct cw_trust_list *lists[CW_STORE_KIND_COUNT]; /* the judge's; NULL: as in the deployment */
	const struct cw_crl_set *crls;				/* the judge's; NULL: as in the deployment */
	const struct cw_pool *known; /* where to look for what is missing; NULL: the deployment's */
	/* what stands for a certificate of the deployment (the RSA twin of an ECDSA identity is asked about
	   as well); NULL: itself */
	struct cw_cert *(*stand_in)(const void *context, struct cw_cert *original);
	const void *context;
};

/**
 * A link with the same ends, address and zone as `link`, of which nothing is known yet: no sides, no
 * complaints, verdict pass. The caller frees it (cw_link_free). NULL: no memory.
 */
CW_MUST_USE struct cw_link *cw_link_bare(const struct cw_link *link);

/**
 * What one end of the link asks about the chain that came. Adds its sides and complaints to `link`, which
 * must not have had them before, and puts them in order (cw_link_settle). `*ret`: that end refuses in TLS
 * itself.
 */
CW_MUST_USE bool cw_link_ask_end(const struct cw_check *check, const struct cw_check_options *options,
	struct cw_link *link, bool by_client, const struct cw_evidence *evidence, bool *ret,
	struct cw_error *error);

/** Adds `credentials-differ`, judged by the server, as a check of both files would. */
CW_MUST_USE bool cw_link_deny_credentials(struct cw_link *link, const char *detail, struct cw_error *error);

/** Puts the complaints into handshake order; sets what is reached, verdict and refused_by. */
void cw_link_settle(struct cw_link *link);

void cw_link_free(struct cw_link *link);
CW_DEFINE_AUTO(struct cw_link *, cw_link_free)

#endif
