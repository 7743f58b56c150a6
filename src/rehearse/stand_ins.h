/**
 * The stand-ins of a deployment: stand-in certificates, keys, trust lists and CRLs for all that its links can meet.
 *
 * What a search for issuers could reach from any identity, by names, is given a stand-in; the rest of a list (a
 * system has 148 roots) stays what it is. Each distinct public key has one stand-in key, so that cross-signed,
 * renewed and shared keys stay what they are. The signer of a certificate is found by verifying its original
 * signature: where a subject fits and no key verifies, the bad signature stays bad; where the issuer is not
 * known, a throwaway key signs. Private keys that the deployment names are used as they are, and so are those of its
 * CAs where somebody has them: a certificate of which both its own and its issuer's key are real is itself.
 *
 * Does not judge. The stand-ins live in memory; who writes them down has to remove them.
 */
#ifndef CW_REHEARSE_STAND_INS_H
#define CW_REHEARSE_STAND_INS_H

#include "check/check.h"
#include "issue/stand_in_keys.h"
#include "model/deployment.h"

struct cw_stand_ins;

/** Makes the stand-ins. `deployment` must outlive the rehearsal. Fails where OpenSSL or memory does. */
CW_MUST_USE bool cw_stand_ins_new(const struct cw_deployment *deployment, struct cw_stand_in_keys *keys,
	struct cw_stand_ins **ret, struct cw_error *error);

/** What stays from one time to the next, and what is real. Everything borrowed. */
struct cw_stand_ins_more {
	const struct cw_stand_ins *former; /* certificates that it gave a stand-in keep that one; or NULL */
	EVP_PKEY *const *real;		   /* private keys of certificates of the deployment, CAs' mostly */
	size_t real_count;
};

/** The same, with what stays and what is real. */
CW_MUST_USE bool cw_stand_ins_anew(const struct cw_deployment *deployment, struct cw_stand_in_keys *keys,
	const struct cw_stand_ins_more *more, struct cw_stand_ins **ret, struct cw_error *error);
void cw_stand_ins_free(struct cw_stand_ins *stand_ins);
CW_DEFINE_AUTO(struct cw_stand_ins *, cw_stand_ins_free)

/** What stands for a certificate of the deployment: its stand-in, or itself where no link can meet it.
 * Borrowed.
 */
struct cw_cert *cw_stand_ins_of(const struct cw_stand_ins *stand_ins, struct cw_cert *original);
/** What a certificate of the rehearsal stands for; itself where it is no stand-in. Borrowed. */
const struct cw_cert *cw_stand_ins_original(
	const struct cw_stand_ins *stand_ins, const struct cw_cert *stand_in);

/**
 * What a judge said of stand-ins, said of the originals: the SHA-256 (whole, or its first sixteen digits) of a
 * stand-in in a finding's sentence becomes that of what it stands for. Certificates in findings stay what they are.
 */
void cw_stand_ins_say_originals(const struct cw_stand_ins *stand_ins, const struct cw_complaints *complaints);

/** The private key of an original's stand-in. Borrowed; NULL where there is none. */
EVP_PKEY *cw_stand_ins_key(const struct cw_stand_ins *stand_ins, const struct cw_cert *original);
/** That key is the original one, which the deployment names. */
bool cw_stand_ins_key_is_given(const struct cw_stand_ins *stand_ins, const struct cw_cert *original);
/** Why the certificate could not be given a stand-in, or NULL. */
const char *cw_stand_ins_trouble(const struct cw_stand_ins *stand_ins, const struct cw_cert *original);

/** The stand-ins's copy of a store or of a node's CRLs. Borrowed. */
const struct cw_trust_list *cw_stand_ins_list(
	const struct cw_stand_ins *stand_ins, const struct cw_store *store);
const struct cw_crl_set *cw_stand_ins_crls(const struct cw_stand_ins *stand_ins, const struct cw_node *node);

/** The stand-ins, as the deployment's pool holds the originals. */
struct cw_pool *cw_stand_ins_pool(const struct cw_stand_ins *stand_ins);

#endif
