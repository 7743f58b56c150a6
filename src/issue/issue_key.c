#include "issue/issue_key.h"

#include "pki/error_mark.h"

#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <string.h>

CW_DEFINE_AUTO(EVP_PKEY_CTX *, EVP_PKEY_CTX_free)

static bool unknown_kind(const char *kind, struct cw_error *error)
{
	return cw_error_set(error, CW_E_USAGE,
		"unknown kind of key \"%s\"; wanted rsa, rsa:BITS (%d to %d), "
		"ec, ec:CURVE, ed25519, ed448 or dsa",
		kind, CW_ISSUE_RSA_BITS_MIN, CW_ISSUE_RSA_BITS_MAX);
}

/* 0: not a size that a key can have. */
static size_t rsa_bits(const char *text)
{
	char *end;
	if (!text)
		return 2048;
	unsigned long bits = strtoul(text, &end, 10);
	bool fits = end != text && !*end && bits >= CW_ISSUE_RSA_BITS_MIN && bits <= CW_ISSUE_RSA_BITS_MAX;
	return fits ? (size_t)bits : 0;
}

/* DSA has no parameters of its own making: they are a first, slow step. */
static EVP_PKEY *make_dsa(void)
{
	AUTO(EVP_PKEY_CTX_free) EVP_PKEY_CTX *first = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	AUTO(EVP_PKEY_free) EVP_PKEY *parameters = NULL;
	if (!first || EVP_PKEY_paramgen_init(first) <= 0 ||
		EVP_PKEY_CTX_set_dsa_paramgen_bits(first, 1024) <= 0 ||
		EVP_PKEY_CTX_set_dsa_paramgen_q_bits(first, 160) <= 0 ||
		EVP_PKEY_paramgen(first, &parameters) <= 0)
		return NULL;
	AUTO(EVP_PKEY_CTX_free) EVP_PKEY_CTX *second = EVP_PKEY_CTX_new_from_pkey(NULL, parameters, NULL);
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	if (!second || EVP_PKEY_keygen_init(second) <= 0 || EVP_PKEY_keygen(second, &key) <= 0)
		return NULL;
	return TAKE(key);
}

bool cw_issue_key(const char *kind, EVP_PKEY **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	const char *colon = strchr(kind, ':');
	const char *detail = colon ? colon + 1 : NULL;
	size_t length = colon ? (size_t)(colon - kind) : strlen(kind);
	size_t bits;
	EVP_PKEY *key = NULL;
	if (length == 3 && strncmp(kind, "rsa", length) == 0 && (bits = rsa_bits(detail)))
		key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits);
	else if (length == 2 && strncmp(kind, "ec", length) == 0)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", detail ? detail : "P-256");
	else if (strcmp(kind, "ed25519") == 0 || strcmp(kind, "ed448") == 0)
		key = EVP_PKEY_Q_keygen(NULL, NULL, kind);
	else if (strcmp(kind, "dsa") == 0)
		key = make_dsa();
	else
		return unknown_kind(kind, error);
	if (!key)
		return cw_error_mark_report(
			&mark, error, CW_E_CRYPTO, "cannot make a key of kind \"%s\"", kind);
	*ret = key;
	return true;
}
