#include "live/tls_library.h"

#include "pki/error_mark.h"

#include <openssl/core_dispatch.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <string.h>

#define NAME "causeway-tls"

#define NAMES_MAX 14

/* What handshakes and records of TLS 1.2 and 1.3 use, by the names that the default provider lists first.
 * What is not here, decoders of keys above all, is not there. DHE is for clients; HMAC keys are for CBC
 * records. */
static const struct {
	int operation;
	const char *names[NAMES_MAX];
} uses[] = {
	{OSSL_OP_DIGEST, {"MD5", "SHA1", "MD5-SHA1", "SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512"}},
	{OSSL_OP_CIPHER,
		{"NULL", "AES-128-CBC", "AES-256-CBC", "AES-128-GCM", "AES-256-GCM", "AES-128-CCM",
			"AES-256-CCM", "AES-128-CBC-HMAC-SHA1", "AES-256-CBC-HMAC-SHA1",
			"AES-128-CBC-HMAC-SHA256", "AES-256-CBC-HMAC-SHA256", "ChaCha20-Poly1305"}},
	{OSSL_OP_MAC, {"HMAC"}},
	{OSSL_OP_KDF, {"TLS1-PRF", "TLS13-KDF", "HKDF"}},
	{OSSL_OP_RAND, {"CTR-DRBG", "SEED-SRC"}},
	{OSSL_OP_KEYMGMT,
		{"RSA", "RSA-PSS", "EC", "ED25519", "ED448", "DSA", "X25519", "X448", "DH", "HMAC"}},
	{OSSL_OP_KEYEXCH, {"ECDH", "X25519", "X448", "DH"}},
	{OSSL_OP_SIGNATURE, {"RSA", "ECDSA", "ED25519", "ED448", "DSA", "HMAC"}},
	{OSSL_OP_ASYM_CIPHER, {"RSA"}},
};

#define USE_COUNT (sizeof uses / sizeof uses[0])

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static OSSL_LIB_CTX *library;
static OSSL_PROVIDER *ordinary;				/* the default provider, in the ordinary context */
static OSSL_ALGORITHM picked[USE_COUNT][NAMES_MAX + 1]; /* of it; an empty one is the end */

/* `all` is "EC:id-ecPublicKey:1.2.840.10045.2.1" for "EC". */
static bool is_wanted(const char *const names[NAMES_MAX], const char *all)
{
	size_t length = strcspn(all, ":");
	for (size_t i = 0; i < NAMES_MAX && names[i]; i++)
		if (strlen(names[i]) == length && strncmp(all, names[i], length) == 0)
			return true;
	return false;
}

static void pick(size_t use)
{
	int uncached;
	size_t count = 0;
	const OSSL_ALGORITHM *all = OSSL_PROVIDER_query_operation(ordinary, uses[use].operation, &uncached);
	for (; all && all->algorithm_names && count < NAMES_MAX; all++)
		if (is_wanted(uses[use].names, all->algorithm_names))
			picked[use][count++] = *all;
}

static const OSSL_ALGORITHM *query(void *context, int operation, int *uncached)
{
	(void)context;
	*uncached = 0;
	for (size_t i = 0; i < USE_COUNT; i++)
		if (uses[i].operation == operation)
			return picked[i];
	return NULL;
}

/* Which groups there are for key exchanges. */
static int get_capabilities(void *context, const char *name, OSSL_CALLBACK *tell, void *argument)
{
	(void)context;
	return OSSL_PROVIDER_get_capabilities(ordinary, name, tell, argument);
}

static int begin(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *from_core, const OSSL_DISPATCH **ret,
	void **context)
{
	static const OSSL_DISPATCH functions[] = {{OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query},
		{OSSL_FUNC_PROVIDER_GET_CAPABILITIES, (void (*)(void))get_capabilities}, {0, NULL}};
	(void)handle;
	(void)from_core;
	*context = OSSL_PROVIDER_get0_provider_ctx(ordinary); /* what its algorithms expect */
	*ret = functions;
	return 1;
}

static int count_other(OSSL_PROVIDER *provider, void *others)
{
	if (strcmp(OSSL_PROVIDER_get0_name(provider), "default") != 0)
		++*(unsigned *)others;
	return 1;
}

static bool only_the_default_provider(void)
{
	unsigned others = 0;
	return OSSL_PROVIDER_do_all(NULL, count_other, &others) == 1 && !others &&
		!EVP_default_properties_is_fips_enabled(NULL);
}

/* Later versions remember their decoders, and when libssl asks for a peer's key is theirs to change. */
static bool is_openssl_3_0(void)
{
	return OPENSSL_version_major() == 3 && OPENSSL_version_minor() == 0;
}

static void make(void)
{
	AUTO_MARK mark = cw_mark_open();
	if (!is_openssl_3_0() || !only_the_default_provider())
		return;
	ordinary = OSSL_PROVIDER_try_load(NULL, "default", 1);
	if (!ordinary)
		return;
	for (size_t i = 0; i < USE_COUNT; i++)
		pick(i);
	OSSL_LIB_CTX *made = OSSL_LIB_CTX_new();
	if (made && OSSL_PROVIDER_add_builtin(made, NAME, begin) == 1 && OSSL_PROVIDER_load(made, NAME))
		library = made;
	else
		OSSL_LIB_CTX_free(made);
}

OSSL_LIB_CTX *cw_tls_library(void)
{
	return CRYPTO_THREAD_run_once(&once, make) ? library : NULL;
}
