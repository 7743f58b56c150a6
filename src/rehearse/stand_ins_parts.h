/**
 * What the rehearsal is made of: for the files that make it, for nobody else.
 */
#ifndef CW_REHEARSE_STAND_INS_PARTS_H
#define CW_REHEARSE_STAND_INS_PARTS_H

#include "rehearse/stand_ins.h"

/* One public key of the deployment. */
struct cw_stand_ins_pair {
	const struct cw_cert *bearer; /* a certificate with it */
	EVP_PKEY *key;		      /* the stand-in's; NULL: none could be made */
	bool given;		      /* the original key itself */
};

struct cw_stand_ins_cert {
	struct cw_cert *original; /* referenced */
	struct cw_cert *stand_in; /* NULL: could not be made */
	size_t pair;		  /* index of its public key */
	char *trouble;		  /* or NULL */
};

struct cw_stand_ins_list {
	const struct cw_store *store;
	struct cw_trust_list list;
};

struct cw_stand_ins_crls {
	const struct cw_node *node;
	struct cw_crl_set set;
};

struct cw_stand_ins {
	const struct cw_deployment *deployment;
	const struct cw_stand_ins_more *more; /* while it is made */
	struct cw_stand_ins_cert *certs;
	size_t count, capacity;
	struct cw_stand_ins_pair *pairs;
	size_t pair_count, pair_capacity;
	EVP_PKEY **strangers; /* throwaway signers, one for each kind */
	size_t stranger_count, stranger_capacity;
	struct cw_stand_ins_list *lists;
	size_t list_count, list_capacity;
	struct cw_stand_ins_crls *crls;
	size_t crl_count, crl_capacity;
	struct cw_pool *pool;
};

/** Finds what has to be given a stand-in and which public keys there are; certs in the order of the pool by subject.
 */
CW_MUST_USE bool cw_stand_ins_collect(struct cw_stand_ins *stand_ins, struct cw_error *error);

/** Copies stores and CRL sets, with stand-ins in the place of originals. */
CW_MUST_USE bool cw_stand_ins_copy_stores(
	struct cw_stand_ins *stand_ins, struct cw_stand_in_keys *keys, struct cw_error *error);

/** A key that no certificate has, fit for the signature algorithm of which `nid` is the number. */
CW_MUST_USE bool cw_stand_ins_stranger(struct cw_stand_ins *stand_ins, struct cw_stand_in_keys *keys, int nid,
	size_t signature_bits, EVP_PKEY **ret, struct cw_error *error);

#endif
