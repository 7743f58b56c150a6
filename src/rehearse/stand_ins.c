#include "rehearse/stand_ins.h"

#include "issue/stand_in.h"
#include "pki/error_mark.h"
#include "rehearse/stand_ins_parts.h"

#include <string.h>

/* A fingerprint in a sentence (trust/shadow.c, trust/missing_issuer.c). */
#define SHORT_DIGITS 16

void cw_stand_ins_free(struct cw_stand_ins *stand_ins)
{
	if (!stand_ins)
		return;
	for (size_t i = 0; i < stand_ins->count; i++) {
		cw_cert_free(stand_ins->certs[i].original);
		cw_cert_free(stand_ins->certs[i].stand_in);
		free(stand_ins->certs[i].trouble);
	}
	free(stand_ins->certs);
	for (size_t i = 0; i < stand_ins->pair_count; i++)
		EVP_PKEY_free(stand_ins->pairs[i].key);
	free(stand_ins->pairs);
	for (size_t i = 0; i < stand_ins->stranger_count; i++)
		EVP_PKEY_free(stand_ins->strangers[i]);
	free(stand_ins->strangers);
	for (size_t i = 0; i < stand_ins->list_count; i++)
		cw_trust_list_finish(&stand_ins->lists[i].list);
	free(stand_ins->lists);
	for (size_t i = 0; i < stand_ins->crl_count; i++) {
		for (size_t k = 0; k < stand_ins->crls[i].set.count; k++)
			cw_crl_free(stand_ins->crls[i].set.items[k]);
		free(stand_ins->crls[i].set.items);
	}
	free(stand_ins->crls);
	cw_pool_free(stand_ins->pool);
	free(stand_ins);
}

static struct cw_stand_ins_pair *pair_with_key_of(struct cw_stand_ins *stand_ins, const struct cw_cert *cert)
{
	for (size_t i = 0; i < stand_ins->pair_count; i++)
		if (cw_cert_same_key(stand_ins->pairs[i].bearer, cert))
			return &stand_ins->pairs[i];
	return NULL;
}

static void use_given_key(struct cw_stand_ins *stand_ins, const struct cw_identity *identity)
{
	if (identity->state != CW_KNOWN || !identity->private_key)
		return;
	struct cw_stand_ins_pair *pair = pair_with_key_of(stand_ins, identity->leaf);
	if (!pair || pair->key || EVP_PKEY_up_ref(identity->private_key) != 1)
		return;
	pair->key = identity->private_key;
	pair->given = true;
}

static void use_given_keys(struct cw_stand_ins *stand_ins, const struct cw_node *node)
{
	for (int kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
		use_given_key(stand_ins, &node->identities[kind]);
}

static void use_all_given_keys(struct cw_stand_ins *stand_ins)
{
	const struct cw_deployment *deployment = stand_ins->deployment;
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			use_given_keys(stand_ins, deployment->groups[i]->nodes[k]);
	if (deployment->front)
		use_given_keys(stand_ins, deployment->front);
}

/* Real ones first, then those that the same public key had the last time. */
static void use_known_key(const struct cw_stand_ins *stand_ins, struct cw_stand_ins_pair *pair)
{
	const struct cw_stand_ins_more *more = stand_ins->more;
	for (size_t i = 0; i < more->real_count && !pair->key; i++)
		if (cw_key_fits(more->real[i], pair->bearer) && EVP_PKEY_up_ref(more->real[i]) == 1) {
			pair->key = more->real[i];
			pair->given = true;
		}
	for (size_t i = 0; more->former && i < more->former->pair_count && !pair->key; i++) {
		const struct cw_stand_ins_pair *old = &more->former->pairs[i];
		if (old->key && !old->given && cw_cert_same_key(old->bearer, pair->bearer) &&
			EVP_PKEY_up_ref(old->key) == 1)
			pair->key = old->key;
	}
}

/* A kind of key that OpenSSL cannot read or make leaves the pair without one. */
static bool make_keys(struct cw_stand_ins *stand_ins, struct cw_stand_in_keys *keys, struct cw_error *error)
{
	for (size_t i = 0; i < stand_ins->pair_count; i++) {
		struct cw_stand_ins_pair *pair = &stand_ins->pairs[i];
		AUTO_ERROR_MARK mark = cw_error_mark_open();
		use_known_key(stand_ins, pair);
		EVP_PKEY *like = X509_get0_pubkey(cw_cert_x509(pair->bearer));
		if (!pair->key && like && !cw_stand_in_keys_like(keys, like, &pair->key, error) &&
			error->code == CW_E_MEMORY)
			return false;
	}
	return true;
}

/* By name first; a CA that was renamed is found by its key alone. */
static const struct cw_stand_ins_cert *signer_of(
	const struct cw_stand_ins *stand_ins, const struct cw_cert *cert)
{
	bool name_known = false;
	for (size_t i = 0; i < stand_ins->count; i++) {
		const struct cw_cert *other = stand_ins->certs[i].original;
		if (!cw_name_equal(cw_cert_subject(other), cw_cert_issuer(cert)))
			continue;
		name_known = true;
		if (cw_cert_signed_by(cert, other))
			return &stand_ins->certs[i];
	}
	for (size_t i = 0; !name_known && i < stand_ins->pair_count; i++)
		for (size_t k = 0; k < stand_ins->count; k++)
			if (stand_ins->certs[k].original == stand_ins->pairs[i].bearer &&
				cw_cert_signed_by(cert, stand_ins->certs[k].original))
				return &stand_ins->certs[k];
	return NULL;
}

static bool find_signing_key(struct cw_stand_ins *stand_ins, struct cw_stand_in_keys *keys,
	const struct cw_cert *cert, const struct cw_stand_ins_cert *signer, EVP_PKEY **ret,
	struct cw_error *error)
{
	if (!signer) {
		const ASN1_BIT_STRING *signature;
		X509_get0_signature(&signature, NULL, cw_cert_x509(cert));
		return cw_stand_ins_stranger(stand_ins, keys, X509_get_signature_nid(cw_cert_x509(cert)),
			(size_t)signature->length * 8, ret, error);
	}
	*ret = stand_ins->pairs[signer->pair].key;
	return *ret ? true : cw_error_set(error, CW_E_CRYPTO, "its issuer's kind of key cannot be made");
}

/* Both keys are real: nothing about it needs a stand-in. */
static bool is_real(const struct cw_stand_ins *stand_ins, const struct cw_stand_ins_cert *item,
	const struct cw_stand_ins_cert *signer)
{
	return signer && stand_ins->pairs[item->pair].given && stand_ins->pairs[signer->pair].given &&
		cw_cert_signed_by(item->original, signer->original);
}

/* The last time's, where both keys are still those. */
static struct cw_cert *find_former(
	const struct cw_stand_ins *stand_ins, const struct cw_stand_ins_cert *item, EVP_PKEY *signer)
{
	const struct cw_stand_ins *former = stand_ins->more->former;
	const EVP_PKEY *own = stand_ins->pairs[item->pair].key;
	for (size_t i = 0; former && i < former->count; i++) {
		struct cw_cert *old = former->certs[i].stand_in;
		if (!old || !cw_cert_same(former->certs[i].original, item->original))
			continue;
		AUTO_ERROR_MARK mark = cw_error_mark_open();
		if (cw_key_fits(own, old) && X509_verify(cw_cert_x509(old), signer) == 1)
			return cw_cert_ref(old);
	}
	return NULL;
}

static bool make_one(struct cw_stand_ins *stand_ins, struct cw_stand_in_keys *keys,
	struct cw_stand_ins_cert *item, struct cw_error *error)
{
	struct cw_stand_ins_pair *pair = &stand_ins->pairs[item->pair];
	const struct cw_stand_ins_cert *issuer = signer_of(stand_ins, item->original);
	EVP_PKEY *signer;
	if (!pair->key)
		return cw_error_set(error, CW_E_CRYPTO, "its kind of key cannot be made");
	if (is_real(stand_ins, item, issuer)) {
		item->stand_in = cw_cert_ref(item->original);
		return true;
	}
	if (!find_signing_key(stand_ins, keys, item->original, issuer, &signer, error))
		return false;
	item->stand_in = find_former(stand_ins, item, signer);
	return item->stand_in ||
		cw_stand_in_cert(
			item->original, pair->given ? NULL : pair->key, signer, &item->stand_in, error);
}

static bool note_one(struct cw_stand_ins *stand_ins, struct cw_stand_ins_cert *item)
{
	const char *path = cw_pool_path(stand_ins->deployment->pool, item->original);
	return cw_pool_note(stand_ins->pool, item->stand_in, path ? path : "");
}

static bool make_all(struct cw_stand_ins *stand_ins, struct cw_stand_in_keys *keys, struct cw_error *error)
{
	for (size_t i = 0; i < stand_ins->count; i++) {
		struct cw_stand_ins_cert *item = &stand_ins->certs[i];
		if (make_one(stand_ins, keys, item, error)) {
			if (!note_one(stand_ins, item))
				return cw_error_memory(error);
			continue;
		}
		if (error->code == CW_E_MEMORY)
			return false;
		item->trouble = strdup(error->message);
		if (!item->trouble)
			return cw_error_memory(error);
	}
	return true;
}

bool cw_stand_ins_new(const struct cw_deployment *deployment, struct cw_stand_in_keys *keys,
	struct cw_stand_ins **ret, struct cw_error *error)
{
	return cw_stand_ins_anew(deployment, keys, &(const struct cw_stand_ins_more){0}, ret, error);
}

bool cw_stand_ins_anew(const struct cw_deployment *deployment, struct cw_stand_in_keys *keys,
	const struct cw_stand_ins_more *more, struct cw_stand_ins **ret, struct cw_error *error)
{
	AUTO(cw_stand_ins_free) struct cw_stand_ins *stand_ins = calloc(1, sizeof *stand_ins);
	if (!stand_ins)
		return cw_error_memory(error);
	stand_ins->deployment = deployment;
	stand_ins->more = more;
	stand_ins->pool = cw_pool_new();
	if (!stand_ins->pool)
		return cw_error_memory(error);
	if (!cw_stand_ins_collect(stand_ins, error))
		return false;
	use_all_given_keys(stand_ins);
	if (!make_keys(stand_ins, keys, error) || !make_all(stand_ins, keys, error) ||
		!cw_stand_ins_copy_stores(stand_ins, keys, error))
		return false;
	stand_ins->more = NULL;
	*ret = TAKE(stand_ins);
	return true;
}

static const struct cw_stand_ins_cert *item_of(
	const struct cw_stand_ins *stand_ins, const struct cw_cert *original)
{
	for (size_t i = 0; i < stand_ins->count; i++)
		if (stand_ins->certs[i].original == original)
			return &stand_ins->certs[i];
	for (size_t i = 0; i < stand_ins->count; i++)
		if (cw_cert_same(stand_ins->certs[i].original, original))
			return &stand_ins->certs[i];
	return NULL;
}

struct cw_cert *cw_stand_ins_of(const struct cw_stand_ins *stand_ins, struct cw_cert *original)
{
	const struct cw_stand_ins_cert *item = item_of(stand_ins, original);
	return item && item->stand_in ? item->stand_in : original;
}

const struct cw_cert *cw_stand_ins_original(
	const struct cw_stand_ins *stand_ins, const struct cw_cert *stand_in)
{
	for (size_t i = 0; i < stand_ins->count; i++)
		if (stand_ins->certs[i].stand_in && cw_cert_same(stand_ins->certs[i].stand_in, stand_in))
			return stand_ins->certs[i].original;
	return stand_in;
}

/* As many hexadecimal digits as stand there are a fingerprint, whole or in short. */
static void say_original(const struct cw_stand_ins *stand_ins, char *digits, size_t length)
{
	if (length != SHORT_DIGITS && length != CW_SHA256_TEXT_SIZE - 1)
		return;
	for (size_t i = 0; i < stand_ins->count; i++) {
		const struct cw_stand_ins_cert *item = &stand_ins->certs[i];
		if (!item->stand_in || memcmp(cw_cert_sha256_text(item->stand_in), digits, length) != 0)
			continue;
		memcpy(digits, cw_cert_sha256_text(item->original), length);
		return;
	}
}

void cw_stand_ins_say_originals(const struct cw_stand_ins *stand_ins, const struct cw_complaints *complaints)
{
	static const char hexadecimal[] = "0123456789abcdef";
	for (size_t i = 0; i < complaints->count; i++) {
		char *at = complaints->items[i].finding.detail;
		while (at && *at) {
			at += strcspn(at, hexadecimal);
			size_t length = strspn(at, hexadecimal);
			say_original(stand_ins, at, length);
			at += length;
		}
	}
}

EVP_PKEY *cw_stand_ins_key(const struct cw_stand_ins *stand_ins, const struct cw_cert *original)
{
	const struct cw_stand_ins_cert *item = item_of(stand_ins, original);
	return item ? stand_ins->pairs[item->pair].key : NULL;
}

bool cw_stand_ins_key_is_given(const struct cw_stand_ins *stand_ins, const struct cw_cert *original)
{
	const struct cw_stand_ins_cert *item = item_of(stand_ins, original);
	return item && stand_ins->pairs[item->pair].given;
}

const char *cw_stand_ins_trouble(const struct cw_stand_ins *stand_ins, const struct cw_cert *original)
{
	const struct cw_stand_ins_cert *item = item_of(stand_ins, original);
	return item ? item->trouble : NULL;
}

const struct cw_trust_list *cw_stand_ins_list(
	const struct cw_stand_ins *stand_ins, const struct cw_store *store)
{
	for (size_t i = 0; i < stand_ins->list_count; i++)
		if (stand_ins->lists[i].store == store)
			return &stand_ins->lists[i].list;
	return NULL;
}

const struct cw_crl_set *cw_stand_ins_crls(const struct cw_stand_ins *stand_ins, const struct cw_node *node)
{
	for (size_t i = 0; i < stand_ins->crl_count; i++)
		if (stand_ins->crls[i].node == node)
			return &stand_ins->crls[i].set;
	return NULL;
}

struct cw_pool *cw_stand_ins_pool(const struct cw_stand_ins *stand_ins)
{
	return stand_ins->pool;
}
