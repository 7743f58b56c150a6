#include "pki/issue_key.h"

#include "pki/openssl_error.h"

#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <string.h>

CW_DEFINE_AUTO(EVP_PKEY_CTX *, EVP_PKEY_CTX_free)

static bool no_key(const char *kind, struct cw_error *error)
{
	return cw_openssl_error(error, CW_E_CRYPTO, "cannot make a key of kind \"%s\"", kind);
}

static bool unknown_kind(const char *kind, struct cw_error *error)
{
	return cw_error_set(error, CW_E_USAGE,
		"unknown kind of key \"%s\"; wanted rsa, rsa:BITS (%d to %d), ec, ec:CURVE, ed25519, ed448 "
		"or dsa",
		kind, CW_ISSUE_RSA_BITS_MIN, CW_ISSUE_RSA_BITS_MAX);
}

static bool make_rsa(const char *kind, const char *bits_text, EVP_PKEY **ret, struct cw_error *error)
{
	char *end = NULL;
	unsigned long bits = bits_text ? strtoul(bits_text, &end, 10) : 2048;
	if ((end && (end == bits_text || *end)) || bits < CW_ISSUE_RSA_BITS_MIN ||
		bits > CW_ISSUE_RSA_BITS_MAX)
		return unknown_kind(kind, error);
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
	if (!key)
		return no_key(kind, error);
	*ret = key;
	return true;
}

static bool make_ec(const char *kind, const char *curve, EVP_PKEY **ret, struct cw_error *error)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve ? curve : "P-256");
	if (!key)
		return no_key(kind, error);
	*ret = key;
	return true;
}

static bool make_named(const char *kind, const char *type, EVP_PKEY **ret, struct cw_error *error)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, type);
	if (!key)
		return no_key(kind, error);
	*ret = key;
	return true;
}

/* DSA has no parameters of its own making: they are a first, slow step. */
static bool make_dsa(const char *kind, EVP_PKEY **ret, struct cw_error *error)
{
	AUTO(EVP_PKEY_CTX_free) EVP_PKEY_CTX *first = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	AUTO(EVP_PKEY_free) EVP_PKEY *parameters = NULL;
	if (!first || EVP_PKEY_paramgen_init(first) <= 0 ||
		EVP_PKEY_CTX_set_dsa_paramgen_bits(first, 1024) <= 0 ||
		EVP_PKEY_CTX_set_dsa_paramgen_q_bits(first, 160) <= 0 ||
		EVP_PKEY_paramgen(first, &parameters) <= 0)
		return no_key(kind, error);
	AUTO(EVP_PKEY_CTX_free) EVP_PKEY_CTX *second = EVP_PKEY_CTX_new_from_pkey(NULL, parameters, NULL);
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	if (!second || EVP_PKEY_keygen_init(second) <= 0 || EVP_PKEY_keygen(second, &key) <= 0)
		return no_key(kind, error);
	*ret = TAKE(key);
	return true;
}

bool cw_issue_key(const char *kind, EVP_PKEY **ret, struct cw_error *error)
{
	const char *colon = strchr(kind, ':');
	const char *detail = colon ? colon + 1 : NULL;
	size_t length = colon ? (size_t)(colon - kind) : strlen(kind);
	if (length == 3 && strncmp(kind, "rsa", length) == 0)
		return make_rsa(kind, detail, ret, error);
	if (length == 2 && strncmp(kind, "ec", length) == 0)
		return make_ec(kind, detail, ret, error);
	if (strcmp(kind, "ed25519") == 0)
		return make_named(kind, "ED25519", ret, error);
	if (strcmp(kind, "ed448") == 0)
		return make_named(kind, "ED448", ret, error);
	if (strcmp(kind, "dsa") == 0)
		return make_dsa(kind, ret, error);
	return unknown_kind(kind, error);
}
