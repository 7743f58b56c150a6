#include "live/twin.h"

#include "live/shadow_cert.h"
#include "live/twin_parts.h"
#include "pki/error_mark.h"

#include <string.h>

void cw_twin_free(struct cw_twin *twin)
{
	if (!twin)
		return;
	for (size_t i = 0; i < twin->count; i++) {
		cw_cert_free(twin->certs[i].original);
		cw_cert_free(twin->certs[i].shadow);
		free(twin->certs[i].trouble);
	}
	free(twin->certs);
	for (size_t i = 0; i < twin->pair_count; i++)
		EVP_PKEY_free(twin->pairs[i].key);
	free(twin->pairs);
	for (size_t i = 0; i < twin->stranger_count; i++)
		EVP_PKEY_free(twin->strangers[i]);
	free(twin->strangers);
	for (size_t i = 0; i < twin->list_count; i++)
		cw_trust_list_finish(&twin->lists[i].list);
	free(twin->lists);
	for (size_t i = 0; i < twin->crl_count; i++) {
		for (size_t k = 0; k < twin->crls[i].set.count; k++)
			cw_crl_free(twin->crls[i].set.items[k]);
		free(twin->crls[i].set.items);
	}
	free(twin->crls);
	cw_pool_free(twin->pool);
	free(twin);
}

static struct cw_twin_pair *pair_with_key_of(struct cw_twin *twin, const struct cw_cert *cert)
{
	for (size_t i = 0; i < twin->pair_count; i++)
		if (cw_cert_same_key(twin->pairs[i].bearer, cert))
			return &twin->pairs[i];
	return NULL;
}

static void use_given_key(struct cw_twin *twin, const struct cw_identity *identity)
{
	if (identity->state != CW_KNOWN || !identity->private_key)
		return;
	struct cw_twin_pair *pair = pair_with_key_of(twin, identity->leaf);
	if (!pair || pair->key || EVP_PKEY_up_ref(identity->private_key) != 1)
		return;
	pair->key = identity->private_key;
	pair->given = true;
}

static void use_given_keys(struct cw_twin *twin, const struct cw_node *node)
{
	for (int kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
		use_given_key(twin, &node->identities[kind]);
}

static void use_all_given_keys(struct cw_twin *twin)
{
	const struct cw_deployment *deployment = twin->deployment;
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			use_given_keys(twin, deployment->groups[i]->nodes[k]);
	if (deployment->front)
		use_given_keys(twin, deployment->front);
}

/* A kind of key that OpenSSL cannot read or make leaves the pair without one. */
static bool make_keys(struct cw_twin *twin, struct cw_shadow_keys *keys, struct cw_error *error)
{
	for (size_t i = 0; i < twin->pair_count; i++) {
		struct cw_twin_pair *pair = &twin->pairs[i];
		AUTO_MARK mark = cw_mark_open();
		EVP_PKEY *like = X509_get0_pubkey(cw_cert_x509(pair->bearer));
		if (!pair->key && like && !cw_shadow_keys_like(keys, like, &pair->key, error) &&
			error->code == CW_E_MEMORY)
			return false;
	}
	return true;
}

/* By name first; a CA that was renamed is found by its key alone. */
static const struct cw_twin_cert *signer_of(const struct cw_twin *twin, const struct cw_cert *cert)
{
	bool name_known = false;
	for (size_t i = 0; i < twin->count; i++) {
		const struct cw_cert *other = twin->certs[i].original;
		if (!cw_name_equal(cw_cert_subject(other), cw_cert_issuer(cert)))
			continue;
		name_known = true;
		if (cw_cert_signed_by(cert, other))
			return &twin->certs[i];
	}
	for (size_t i = 0; !name_known && i < twin->pair_count; i++)
		for (size_t k = 0; k < twin->count; k++)
			if (twin->certs[k].original == twin->pairs[i].bearer &&
				cw_cert_signed_by(cert, twin->certs[k].original))
				return &twin->certs[k];
	return NULL;
}

static bool find_signing_key(struct cw_twin *twin, struct cw_shadow_keys *keys, const struct cw_cert *cert,
	EVP_PKEY **ret, struct cw_error *error)
{
	const struct cw_twin_cert *signer = signer_of(twin, cert);
	if (!signer) {
		const ASN1_BIT_STRING *signature;
		X509_get0_signature(&signature, NULL, cw_cert_x509(cert));
		return cw_twin_stranger(twin, keys, X509_get_signature_nid(cw_cert_x509(cert)),
			(size_t)signature->length * 8, ret, error);
	}
	*ret = twin->pairs[signer->pair].key;
	return *ret ? true : cw_error_set(error, CW_E_CRYPTO, "its issuer's kind of key cannot be made");
}

static bool make_shadow(
	struct cw_twin *twin, struct cw_shadow_keys *keys, struct cw_twin_cert *item, struct cw_error *error)
{
	struct cw_twin_pair *pair = &twin->pairs[item->pair];
	EVP_PKEY *signer;
	if (!pair->key)
		return cw_error_set(error, CW_E_CRYPTO, "its kind of key cannot be made");
	return find_signing_key(twin, keys, item->original, &signer, error) &&
		cw_shadow_cert(item->original, pair->given ? NULL : pair->key, signer, &item->shadow, error);
}

static bool note_shadow(struct cw_twin *twin, struct cw_twin_cert *item)
{
	const char *path = cw_pool_path(twin->deployment->pool, item->original);
	return cw_pool_note(twin->pool, item->shadow, path ? path : "");
}

static bool make_shadows(struct cw_twin *twin, struct cw_shadow_keys *keys, struct cw_error *error)
{
	for (size_t i = 0; i < twin->count; i++) {
		struct cw_twin_cert *item = &twin->certs[i];
		if (make_shadow(twin, keys, item, error)) {
			if (!note_shadow(twin, item))
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

bool cw_twin_new(const struct cw_deployment *deployment, struct cw_shadow_keys *keys, struct cw_twin **ret,
	struct cw_error *error)
{
	AUTO(cw_twin_free) struct cw_twin *twin = calloc(1, sizeof *twin);
	if (!twin)
		return cw_error_memory(error);
	twin->deployment = deployment;
	twin->pool = cw_pool_new();
	if (!twin->pool)
		return cw_error_memory(error);
	if (!cw_twin_collect(twin, error))
		return false;
	use_all_given_keys(twin);
	if (!make_keys(twin, keys, error) || !make_shadows(twin, keys, error) ||
		!cw_twin_copy_stores(twin, keys, error))
		return false;
	*ret = TAKE(twin);
	return true;
}

static const struct cw_twin_cert *item_of(const struct cw_twin *twin, const struct cw_cert *original)
{
	for (size_t i = 0; i < twin->count; i++)
		if (twin->certs[i].original == original)
			return &twin->certs[i];
	for (size_t i = 0; i < twin->count; i++)
		if (cw_cert_same(twin->certs[i].original, original))
			return &twin->certs[i];
	return NULL;
}

struct cw_cert *cw_twin_shadow(const struct cw_twin *twin, struct cw_cert *original)
{
	const struct cw_twin_cert *item = item_of(twin, original);
	return item && item->shadow ? item->shadow : original;
}

const struct cw_cert *cw_twin_original(const struct cw_twin *twin, const struct cw_cert *shadow)
{
	for (size_t i = 0; i < twin->count; i++)
		if (twin->certs[i].shadow && cw_cert_same(twin->certs[i].shadow, shadow))
			return twin->certs[i].original;
	return shadow;
}

EVP_PKEY *cw_twin_key(const struct cw_twin *twin, const struct cw_cert *original)
{
	const struct cw_twin_cert *item = item_of(twin, original);
	return item ? twin->pairs[item->pair].key : NULL;
}

bool cw_twin_key_is_given(const struct cw_twin *twin, const struct cw_cert *original)
{
	const struct cw_twin_cert *item = item_of(twin, original);
	return item && twin->pairs[item->pair].given;
}

const char *cw_twin_trouble(const struct cw_twin *twin, const struct cw_cert *original)
{
	const struct cw_twin_cert *item = item_of(twin, original);
	return item ? item->trouble : NULL;
}

const struct cw_trust_list *cw_twin_list(const struct cw_twin *twin, const struct cw_store *store)
{
	for (size_t i = 0; i < twin->list_count; i++)
		if (twin->lists[i].store == store)
			return &twin->lists[i].list;
	return NULL;
}

const struct cw_crl_set *cw_twin_crls(const struct cw_twin *twin, const struct cw_node *node)
{
	for (size_t i = 0; i < twin->crl_count; i++)
		if (twin->crls[i].node == node)
			return &twin->crls[i].set;
	return NULL;
}

struct cw_pool *cw_twin_pool(const struct cw_twin *twin)
{
	return twin->pool;
}

size_t cw_twin_count(const struct cw_twin *twin)
{
	return twin->count;
}

size_t cw_twin_key_count(const struct cw_twin *twin)
{
	return twin->pair_count;
}
