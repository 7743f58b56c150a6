#include "trust/cache.h"

#include "trust/cache_parts.h"

#include <string.h>

#define SLOTS 16384 /* 1.1 MB: some thousand certificates, each under a few issuers */

struct slot {
	uint8_t cert[CW_SHA256_SIZE];
	uint8_t issuer[CW_SHA256_SIZE];
	bool used;
	bool verified;
};

struct cw_cache {
	struct slot slots[SLOTS];
	struct cw_openssl_path *checker; /* or NULL: not needed yet */
};

struct cw_cache *cw_cache_new(void)
{
	return calloc(1, sizeof(struct cw_cache));
}

void cw_cache_free(struct cw_cache *cache)
{
	if (!cache)
		return;
	cw_openssl_path_free(cache->checker);
	free(cache);
}

struct cw_openssl_path *cw_cache_bound(struct cw_cache *cache)
{
	if (!cache->checker)
		cache->checker = cw_openssl_path_new();
	return cache->checker;
}

/* Both hashes are uniform already; the issuer's other bytes keep a root and its copy apart. */
static size_t slot_index(const uint8_t *cert, const uint8_t *issuer)
{
	uint32_t a, b;
	memcpy(&a, cert, sizeof a);
	memcpy(&b, issuer + 4, sizeof b);
	return (a ^ b) % SLOTS;
}

bool cw_cache_check_signed_by(
	struct cw_cache *cache, const struct cw_cert *cert, const struct cw_cert *issuer, bool *ret)
{
	if (!cache)
		return cw_cert_check_signed_by(cert, issuer, ret);
	const uint8_t *cert_hash = cw_cert_sha256(cert), *issuer_hash = cw_cert_sha256(issuer);
	struct slot *slot = &cache->slots[slot_index(cert_hash, issuer_hash)];
	if (!slot->used || memcmp(slot->cert, cert_hash, CW_SHA256_SIZE) != 0 ||
		memcmp(slot->issuer, issuer_hash, CW_SHA256_SIZE) != 0) {
		bool verified;
		if (!cw_cert_check_signed_by(cert, issuer, &verified))
			return false;
		slot->verified = verified;
		memcpy(slot->cert, cert_hash, CW_SHA256_SIZE);
		memcpy(slot->issuer, issuer_hash, CW_SHA256_SIZE);
		slot->used = true;
	}
	*ret = slot->verified;
	return true;
}

bool cw_cache_signed_by(struct cw_cache *cache, const struct cw_cert *cert, const struct cw_cert *issuer)
{
	bool answer;
	return cw_cache_check_signed_by(cache, cert, issuer, &answer) && answer;
}
