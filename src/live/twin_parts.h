/**
 * What a twin is made of: for the files that make it, for nobody else.
 */
#ifndef CW_LIVE_TWIN_PARTS_H
#define CW_LIVE_TWIN_PARTS_H

#include "live/twin.h"

/* One public key of the deployment. */
struct cw_twin_pair {
	const struct cw_cert *bearer; /* a certificate with it */
	EVP_PKEY *key;		      /* the shadow's; NULL: none could be made */
	bool given;		      /* the original key itself */
};

struct cw_twin_cert {
	struct cw_cert *original; /* referenced */
	struct cw_cert *shadow;	  /* NULL: could not be made */
	size_t pair;		  /* index of its public key */
	char *trouble;		  /* or NULL */
};

struct cw_twin_list {
	const struct cw_store *store;
	struct cw_trust_list list;
};

struct cw_twin_crls {
	const struct cw_node *node;
	struct cw_crl_set set;
};

struct cw_twin {
	const struct cw_deployment *deployment;
	struct cw_twin_cert *certs;
	size_t count, capacity;
	struct cw_twin_pair *pairs;
	size_t pair_count, pair_capacity;
	EVP_PKEY **strangers; /* throwaway signers, one for each kind */
	size_t stranger_count, stranger_capacity;
	struct cw_twin_list *lists;
	size_t list_count, list_capacity;
	struct cw_twin_crls *crls;
	size_t crl_count, crl_capacity;
	struct cw_pool *pool;
};

/** Finds what has to be shadowed and which public keys there are; certs in the order of the pool by subject.
 */
CW_MUST_USE bool cw_twin_collect(struct cw_twin *twin, struct cw_error *error);

/** Copies stores and CRL sets, with shadows in the place of originals. */
CW_MUST_USE bool cw_twin_copy_stores(
	struct cw_twin *twin, struct cw_shadow_keys *keys, struct cw_error *error);

/** A key that no certificate has, fit for the signature algorithm of which `nid` is the number. */
CW_MUST_USE bool cw_twin_stranger(struct cw_twin *twin, struct cw_shadow_keys *keys, int nid,
	size_t signature_bits, EVP_PKEY **ret, struct cw_error *error);

#endif
