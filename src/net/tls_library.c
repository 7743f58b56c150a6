#include "net/tls_library.h"

#include "pki/error_mark.h"
#include "pki/partial_library.h"

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
static OSSL_ALGORITHM picked[USE_COUNT][NAMES_MAX + 1];

static const OSSL_ALGORITHM *query(void *context, int operation, int *uncached)
{
	(void)context;
	*uncached = 0;
	for (size_t i = 0; i < USE_COUNT; i++)
		if (uses[i].operation == operation)
			return picked[i];
	return NULL;
}

static int begin(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *from_core, const OSSL_DISPATCH **ret,
	void **context)
{
	static OSSL_DISPATCH functions[CW_PARTIAL_FUNCTIONS];
	(void)handle;
	(void)from_core;
	return cw_partial_library_begin(query, functions, ret, context);
}

static void make(void)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	if (!cw_partial_library_whole())
		return;
	for (size_t i = 0; i < USE_COUNT; i++)
		cw_partial_library_pick(uses[i].operation, uses[i].names, NAMES_MAX, NULL, picked[i]);
	library = cw_partial_library("causeway-tls", begin);
}

OSSL_LIB_CTX *cw_tls_library(void)
{
	return CRYPTO_THREAD_run_once(&once, make) ? library : NULL;
}
