#include "issue/issue_key.h"
#include "issue/stand_in.h"
#include "pki/error_mark.h"
#include "rehearse/stand_ins_parts.h"

#include <openssl/objects.h>
#include <openssl/x509.h>

static bool add_stranger(struct cw_stand_ins *stand_ins, EVP_PKEY *key)
{
	if (!cw_memory_grow(&stand_ins->strangers, &stand_ins->stranger_capacity, stand_ins->stranger_count,
		    sizeof(EVP_PKEY *)))
		return false;
	stand_ins->strangers[stand_ins->stranger_count++] = key;
	return true;
}

static bool known_stranger(const struct cw_stand_ins *stand_ins, const char *kind, int bits, EVP_PKEY **ret)
{
	for (size_t i = 0; i < stand_ins->stranger_count; i++) {
		EVP_PKEY *key = stand_ins->strangers[i];
		if (EVP_PKEY_is_a(key, kind) && (!bits || EVP_PKEY_get_bits(key) == bits)) {
			*ret = key;
			return true;
		}
	}
	return false;
}

/* What a signature algorithm is made with: OpenSSL's name of the key, and how cw_issue_key calls it (NULL: RSA,
 * of the size of the signature). */
static const struct signer {
	int kind;
	const char *name, *issue;
} signers[] = {
	{NID_rsaEncryption, "RSA", NULL},
	{NID_rsassaPss, "RSA", NULL},
	{NID_X9_62_id_ecPublicKey, "EC", "ec"},
	{NID_ED25519, "ED25519", "ed25519"},
	{NID_ED448, "ED448", "ed448"},
};

static const struct signer *signer_of(int kind)
{
	for (size_t i = 0; i < sizeof signers / sizeof signers[0]; i++)
		if (signers[i].kind == kind)
			return &signers[i];
	return NULL;
}

bool cw_stand_ins_stranger(struct cw_stand_ins *stand_ins, struct cw_stand_in_keys *keys, int nid,
	size_t signature_bits, EVP_PKEY **ret, struct cw_error *error)
{
	int digest = NID_undef, kind = nid;
	if (nid != NID_rsassaPss && !OBJ_find_sigid_algs(nid, &digest, &kind))
		return cw_error_set(error, CW_E_CRYPTO, "its signature algorithm is not known");
	const struct signer *signer = signer_of(kind);
	if (!signer)
		return cw_error_set(error, CW_E_CRYPTO, "its signature algorithm cannot be used");
	int bits = signer->issue ? 0 : (int)signature_bits;
	if (known_stranger(stand_ins, signer->name, bits, ret))
		return true;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	bool made = signer->issue ? cw_issue_key(signer->issue, &key, error)
				  : cw_stand_in_keys_rsa(keys, (unsigned)bits, &key, error);
	if (!made)
		return false;
	if (!add_stranger(stand_ins, key))
		return cw_error_memory(error);
	*ret = TAKE(key);
	return true;
}

static bool copy_store(struct cw_stand_ins *stand_ins, const struct cw_store *store)
{
	if (store->state != CW_KNOWN)
		return true;
	if (!cw_memory_grow(&stand_ins->lists, &stand_ins->list_capacity, stand_ins->list_count,
		    sizeof *stand_ins->lists))
		return false;
	struct cw_stand_ins_list *copy = &stand_ins->lists[stand_ins->list_count++];
	*copy = (struct cw_stand_ins_list){.store = store};
	for (size_t i = 0; i < store->list.count; i++) {
		const struct cw_trust_entry *entry = &store->list.entries[i];
		if (!cw_trust_list_add(
			    &copy->list, cw_stand_ins_of(stand_ins, entry->cert), entry->path, entry->number))
			return false;
	}
	return true;
}

/* Signed by nobody known: the bad signature stays bad, or nobody here could tell. */
static bool crl_signer(struct cw_stand_ins *stand_ins, struct cw_stand_in_keys *keys,
	const struct cw_crl *crl, EVP_PKEY **ret, struct cw_error *error)
{
	X509_CRL *x509 = cw_crl_x509(crl);
	for (size_t i = 0; i < stand_ins->count; i++) {
		const struct cw_cert *cert = stand_ins->certs[i].original;
		if (!cw_name_equal(cw_cert_subject(cert), cw_crl_issuer(crl)))
			continue;
		AUTO_ERROR_MARK mark = cw_error_mark_open();
		EVP_PKEY *key = X509_get0_pubkey(cw_cert_x509(cert));
		if (key && X509_CRL_verify(x509, key) == 1 &&
			stand_ins->pairs[stand_ins->certs[i].pair].key) {
			*ret = stand_ins->pairs[stand_ins->certs[i].pair].key;
			return true;
		}
	}
	const ASN1_BIT_STRING *signature;
	X509_CRL_get0_signature(x509, &signature, NULL);
	return cw_stand_ins_stranger(
		stand_ins, keys, X509_CRL_get_signature_nid(x509), (size_t)signature->length * 8, ret, error);
}

/* A list that cannot be copied is kept: its signature is then nobody's, as its issuer's key is another. */
static bool copy_crl(struct cw_stand_ins *stand_ins, struct cw_stand_in_keys *keys, struct cw_crl_set *set,
	struct cw_crl *crl, struct cw_error *error)
{
	AUTO(cw_crl_free) struct cw_crl *stand_in = NULL;
	EVP_PKEY *signer;
	if (!crl_signer(stand_ins, keys, crl, &signer, error) ||
		!cw_stand_in_crl(crl, signer, &stand_in, error)) {
		if (error->code == CW_E_MEMORY)
			return false;
		stand_in = cw_crl_ref(crl);
	}
	if (!cw_memory_grow(&set->items, &set->capacity, set->count, sizeof *set->items))
		return cw_error_memory(error);
	set->items[set->count++] = TAKE(stand_in);
	return true;
}

static bool copy_crls(struct cw_stand_ins *stand_ins, struct cw_stand_in_keys *keys,
	const struct cw_node *node, struct cw_error *error)
{
	if (!node->crls.count)
		return true;
	if (!cw_memory_grow(&stand_ins->crls, &stand_ins->crl_capacity, stand_ins->crl_count,
		    sizeof *stand_ins->crls))
		return cw_error_memory(error);
	struct cw_stand_ins_crls *copy = &stand_ins->crls[stand_ins->crl_count++];
	*copy = (struct cw_stand_ins_crls){.node = node};
	for (size_t i = 0; i < node->crls.count; i++)
		if (!copy_crl(stand_ins, keys, &copy->set, node->crls.items[i], error))
			return false;
	return true;
}

static bool copy_node(struct cw_stand_ins *stand_ins, struct cw_stand_in_keys *keys,
	const struct cw_node *node, struct cw_error *error)
{
	for (int kind = 0; kind < CW_STORE_KIND_COUNT; kind++)
		if (!copy_store(stand_ins, &node->stores[kind]))
			return cw_error_memory(error);
	return copy_crls(stand_ins, keys, node, error);
}

bool cw_stand_ins_copy_stores(
	struct cw_stand_ins *stand_ins, struct cw_stand_in_keys *keys, struct cw_error *error)
{
	const struct cw_deployment *deployment = stand_ins->deployment;
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			if (!copy_node(stand_ins, keys, deployment->groups[i]->nodes[k], error))
				return false;
	for (size_t i = 0; i < deployment->endpoint_count; i++)
		if (!copy_store(stand_ins, &deployment->endpoints[i].trust))
			return cw_error_memory(error);
	return !deployment->front || copy_node(stand_ins, keys, deployment->front, error);
}
