#include "pki/cert_library.h"

#include "pki/error_mark.h"
#include "pki/partial_library.h"

/* As enum cw_key_kind has them. */
static const char *const kinds[] = {"RSA", "RSA-PSS", "EC", "ED25519", "ED448", "DSA"};

#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static OSSL_LIB_CTX *library;
static OSSL_ALGORITHM decoders[KIND_COUNT + 1];

static const OSSL_ALGORITHM *query(void *context, int operation, int *uncached)
{
	(void)context;
	if (operation != OSSL_OP_DECODER)
		return OSSL_PROVIDER_query_operation(cw_partial_library_whole(), operation, uncached);
	*uncached = 0;
	return decoders;
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
	cw_partial_library_pick(
		OSSL_OP_DECODER, kinds, KIND_COUNT, "input=der,structure=SubjectPublicKeyInfo", decoders);
	library = cw_partial_library("causeway-certificates", begin);
}

OSSL_LIB_CTX *cw_cert_library(void)
{
	return CRYPTO_THREAD_run_once(&once, make) ? library : NULL;
}

static X509 *parse_in(OSSL_LIB_CTX *context, const unsigned char *der, long length)
{
	X509 *x509 = X509_new_ex(context, NULL);
	if (x509 && !d2i_X509(&x509, &der, length))
		return NULL; /* which has freed it */
	return x509;
}

X509 *cw_cert_library_parse(const unsigned char *der, long length)
{
	X509 *x509 = NULL;
	if (cw_cert_library()) {
		AUTO_ERROR_MARK mark = cw_error_mark_open();
		x509 = parse_in(cw_cert_library(), der, length);
		if (x509 && X509_get0_pubkey(x509))
			return x509;
	}
	X509_free(x509);
	return parse_in(NULL, der, length);
}
