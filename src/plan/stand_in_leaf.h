/**
 * Stand-ins for certificates and revocation lists that a CA has yet to issue: they carry what a plan asks for,
 * and count as signed by that CA (pki/cert.h: promise). For proofs only; nobody gets to see them.
 */
#ifndef CW_PLAN_STAND_IN_LEAF_H
#define CW_PLAN_STAND_IN_LEAF_H

#include "check/remedy.h"

struct cw_stand_in_leaf {
	const struct cw_remedy *remedy; /* names and key purposes */
	const struct cw_node *node;	/* whose present certificate gives the subject */
	enum cw_identity_kind kind;
	struct cw_cert *issuer;
	EVP_PKEY *key;
	cw_time at; /* valid from the day before, for longer than any proof looks ahead */
};

/** The caller owns the reference. Fails like cw_issue. */
CW_MUST_USE bool cw_stand_in_leaf_make(
	const struct cw_stand_in_leaf *wanted, struct cw_cert **ret, struct cw_error *error);

/** The CRL that `issuer` would publish now: what `former` (may be NULL) revokes, it revokes. */
CW_MUST_USE bool cw_stand_in_leaf_crl(struct cw_cert *issuer, const struct cw_crl *former, EVP_PKEY *key,
	cw_time at, struct cw_crl **ret, struct cw_error *error);

#endif
