#include "capture/tls/key_schedule.h"

#include "capture/tls/keylog.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <string.h>

CW_DEFINE_AUTO(EVP_KDF *, EVP_KDF_free)
CW_DEFINE_AUTO(EVP_KDF_CTX *, EVP_KDF_CTX_free)

#define LABEL_MAX 64

static bool derive(
	const char *kind, const OSSL_PARAM *parameters, uint8_t *out, size_t length, struct cw_error *error)
{
	AUTO(EVP_KDF_free) EVP_KDF *kdf = EVP_KDF_fetch(NULL, kind, NULL);
	AUTO(EVP_KDF_CTX_free) EVP_KDF_CTX *context = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	if (!context)
		return cw_error_memory(error);
	ERR_set_mark();
	bool good = EVP_KDF_derive(context, out, length, parameters) > 0;
	ERR_pop_to_mark();
	return good || cw_error_set(error, CW_E_CRYPTO, "%s: OpenSSL cannot derive keys", kind);
}

bool cw_key_schedule_expand_label(const struct cw_key_schedule_secret *secret, const char *label,
	uint8_t *out, size_t length, struct cw_error *error)
{
	static const char prefix[] = "tls13 ";
	uint8_t info[LABEL_MAX];
	size_t label_length = strlen(label), count = 0;
	info[count++] = (uint8_t)(length >> 8);
	info[count++] = (uint8_t)length;
	info[count++] = (uint8_t)(sizeof prefix - 1 + label_length);
	memcpy(info + count, prefix, sizeof prefix - 1);
	count += sizeof prefix - 1;
	memcpy(info + count, label, label_length);
	count += label_length;
	info[count++] = 0;
	int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)(uintptr_t)secret->digest, 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)secret->data, secret->length),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, count),
		OSSL_PARAM_construct_end(),
	};
	return derive("HKDF", parameters, out, length, error);
}

bool cw_key_schedule_block(const struct cw_key_schedule_secret *master, const uint8_t *server_random,
	const uint8_t *client_random, uint8_t *out, size_t length, struct cw_error *error)
{
	static const char label[] = "key expansion";
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)(uintptr_t)master->digest, 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_KDF_PARAM_SECRET, (void *)(uintptr_t)master->data, master->length),
		OSSL_PARAM_construct_octet_string(
			OSSL_KDF_PARAM_SEED, (void *)(uintptr_t)label, sizeof label - 1),
		OSSL_PARAM_construct_octet_string(
			OSSL_KDF_PARAM_SEED, (void *)(uintptr_t)server_random, CW_RANDOM_SIZE),
		OSSL_PARAM_construct_octet_string(
			OSSL_KDF_PARAM_SEED, (void *)(uintptr_t)client_random, CW_RANDOM_SIZE),
		OSSL_PARAM_construct_end(),
	};
	return derive("TLS1-PRF", parameters, out, length, error);
}
