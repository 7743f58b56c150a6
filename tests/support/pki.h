/**
 * Certificates, keys, CRLs and containers for the tests of src/pki, made at test time and the same length in
 * every run.
 */
#ifndef TEST_SUPPORT_PKI_H
#define TEST_SUPPORT_PKI_H

#include "base/buffer.h"
#include "pki/cert.h"
#include "support/instant.h"

#include <openssl/evp.h>

#define TEST_PASSWORD "Gr\xc3\xbc\xc3\x9f dich"

struct test_pki {
	EVP_PKEY *root_key, *leaf_key;	     /* Ed25519: signatures of one length */
	struct cw_cert *root, *leaf;	     /* "CN=Acme Root" and "CN=e1.acme.test", which it issued */
	struct cw_buffer crl, request;	     /* DER: of the root, for the leaf's key */
	struct cw_buffer key, encrypted_key; /* DER: the leaf's key, PKCS#8; with TEST_PASSWORD */
};

/** For cmocka's group setup and teardown: makes and releases what test_pki() holds. */
int test_pki_make(void **state);
int test_pki_free(void **state);
const struct test_pki *test_pki(void);

/** Appends a PEM block. */
void test_pem(struct cw_buffer *text, const char *label, const void *der, size_t length);
void test_pem_cert(struct cw_buffer *text, const struct cw_cert *cert);

/** Appends a PKCS#7 in DER with these certificates and, if `with_crl`, the root's CRL. */
void test_pkcs7(struct cw_buffer *der, struct cw_cert *const *certs, size_t count, bool with_crl);

struct test_pkcs12 {
	const char *password; /* NULL: none */
	bool with_key;	      /* the leaf's */
	bool without_certs;
	int cipher;	/* NID for key and certificates; -1: none; 0: as OpenSSL likes */
	int iterations; /* 0: 1 */
	bool no_mac;
};

/** Appends a PKCS#12 in DER with the leaf and the root. */
void test_pkcs12(struct cw_buffer *der, const struct test_pkcs12 *spec);

#endif
