/*
 * Shadow certificates: what must be equal is compared byte for byte.
 */
#include "issue/issue.h"
#include "issue/issue_key.h"
#include "issue/stand_in.h"
#include "issue/stand_in_keys.h"
#include "pki/bundle/der.h"
#include "support/cmocka.h"
#include "support/instant.h"

#include <openssl/x509.h>
#include <string.h>

CW_DEFINE_AUTO(EVP_PKEY_CTX *, EVP_PKEY_CTX_free)

struct made {
	EVP_PKEY *ca_key, *key;
	struct cw_cert *ca, *leaf;
};

static void make(const char *kind, const char *digest, struct made *ret)
{
	struct cw_error error;
	struct cw_issue_spec ca = {.subject = "O=Acme, CN=Acme Root",
		.not_before = TEST_AT - CW_DAY,
		.not_after = TEST_AT + CW_DAY,
		.constraints = CW_ISSUE_CA,
		.digest = digest};
	struct cw_issue_spec leaf = {.subject = "O=Acme, CN=e1.acme.test",
		.sans = "DNS:e1.acme.test, IP:10.0.0.1",
		.eku = "server, client",
		.key_usage = KU_DIGITAL_SIGNATURE,
		.crl_urls = "http://ca.acme.test/crl",
		.not_before = TEST_AT - CW_DAY,
		.not_after = TEST_AT + CW_DAY,
		.digest = digest};
	assert_true(cw_issue_key(kind, &ret->ca_key, &error));
	assert_true(cw_issue_key(kind, &ret->key, &error));
	assert_true(cw_issue(&ca, ret->ca_key, NULL, NULL, &ret->ca, &error));
	assert_true(cw_issue(&leaf, ret->key, ret->ca, ret->ca_key, &ret->leaf, &error));
}

static void drop(struct made *made)
{
	EVP_PKEY_free(made->ca_key);
	EVP_PKEY_free(made->key);
	cw_cert_free(made->ca);
	cw_cert_free(made->leaf);
}

/* Overwrites what may differ, at the place where it stands in `der`. */
static void blank(uint8_t *der, size_t length, const uint8_t *part, size_t part_length)
{
	uint8_t *at = memmem(der, length, part, part_length);
	assert_non_null(at);
	memset(at, 0, part_length);
}

/* The DER with the bits of public key and signature wiped out. */
static uint8_t *without_key_and_signature(const struct cw_cert *cert, size_t *length)
{
	const ASN1_BIT_STRING *signature;
	const unsigned char *bits;
	int bits_length;
	const uint8_t *der = cw_cert_der(cert, length);
	uint8_t *copy = malloc(*length);
	assert_non_null(copy);
	memcpy(copy, der, *length);
	X509_get0_signature(&signature, NULL, cw_cert_x509(cert));
	X509_PUBKEY_get0_param(NULL, &bits, &bits_length, NULL, X509_get_X509_PUBKEY(cw_cert_x509(cert)));
	blank(copy, *length, signature->data, (size_t)signature->length);
	blank(copy, *length, bits, (size_t)bits_length);
	return copy;
}

static void shadow_of(const struct made *made, EVP_PKEY **signer, struct cw_cert **ret)
{
	struct cw_error error;
	AUTO(cw_stand_in_keys_free) struct cw_stand_in_keys *keys = cw_stand_in_keys_new();
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	assert_true(cw_stand_in_keys_like(keys, made->ca_key, signer, &error));
	assert_true(cw_stand_in_keys_like(keys, made->key, &key, &error));
	assert_true(cw_stand_in_cert(made->leaf, key, *signer, ret, &error));
	assert_true(cw_key_fits(key, *ret));
}

static void a_shadow_is_equal_byte_for_byte_but_for_key_and_signature(void **state)
{
	(void)state;
	static const struct {
		const char *kind, *digest;
	} rows[] = {{"rsa", NULL}, {"rsa:1024", "SHA1"}, {"rsa:1024", "MD5"}, {"rsa:1024", "SHA512"},
		{"ed25519", NULL}, {"ed448", NULL}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct made made = {0};
		AUTO(EVP_PKEY_free) EVP_PKEY *signer = NULL;
		AUTO(cw_cert_free) struct cw_cert *shadow = NULL;
		make(rows[i].kind, rows[i].digest, &made);
		shadow_of(&made, &signer, &shadow);
		size_t length, shadow_length;
		AUTO(free) uint8_t *original = without_key_and_signature(made.leaf, &length);
		AUTO(free) uint8_t *copy = without_key_and_signature(shadow, &shadow_length);
		assert_int_equal(length, shadow_length);
		assert_memory_equal(original, copy, (size_t)length);
		assert_false(cw_cert_same_key(made.leaf, shadow));
		drop(&made);
	}
}

/* What stands around the signature in the whole certificate: an ECDSA signature has no fixed length, and the
 * lengths of what holds it follow. All else is compared as it stands: the signed part, both algorithm
 * identifiers, their order. */
struct parts {
	struct cw_der_item content, algorithm, signature;
	size_t whole;
};

static void take_apart(const struct cw_cert *cert, struct parts *ret)
{
	struct cw_der_item all;
	struct cw_der der;
	der.at = cw_cert_der(cert, &der.left);
	ret->whole = der.left;
	assert_true(cw_der_take(&der, CW_DER_SEQUENCE, &all));
	assert_int_equal(der.left, 0);
	assert_true(cw_der_take(&all.content, CW_DER_SEQUENCE, &ret->content));
	assert_true(cw_der_take(&all.content, CW_DER_SEQUENCE, &ret->algorithm));
	assert_true(cw_der_take(&all.content, CW_DER_BIT_STRING, &ret->signature));
	assert_int_equal(all.content.left, 0);
}

/* The signed part with the bits of the public key wiped out; it is `length` bytes long. */
static uint8_t *content_without_key(const struct cw_cert *cert, const struct parts *parts)
{
	const unsigned char *bits;
	int size;
	uint8_t *copy = malloc(parts->content.length);
	assert_non_null(copy);
	memcpy(copy, parts->content.data, parts->content.length);
	X509_PUBKEY_get0_param(NULL, &bits, &size, NULL, X509_get_X509_PUBKEY(cw_cert_x509(cert)));
	blank(copy, parts->content.length, bits, (size_t)size);
	return copy;
}

static void assert_equal_but_for_key_and_signature(
	const struct cw_cert *original, const struct cw_cert *shadow)
{
	struct parts a, b;
	take_apart(original, &a);
	take_apart(shadow, &b);
	assert_int_equal(a.content.length, b.content.length);
	AUTO(free) uint8_t *first = content_without_key(original, &a);
	AUTO(free) uint8_t *second = content_without_key(shadow, &b);
	assert_memory_equal(first, second, a.content.length);
	assert_int_equal(a.algorithm.length, b.algorithm.length);
	assert_memory_equal(a.algorithm.data, b.algorithm.data, a.algorithm.length);
	/* at most some leading zeros of r and s */
	assert_in_range(b.signature.length + 8, a.signature.length, a.signature.length + 16);
	assert_false(cw_cert_same_key(original, shadow));
}

static void a_shadow_with_ecdsa_is_equal_but_for_key_and_signature(void **state)
{
	(void)state;
	static const struct {
		const char *kind, *digest;
	} rows[] = {{"ec", NULL}, {"ec", "SHA1"}, {"ec:P-384", "SHA384"}, {"ec:P-521", "SHA512"},
		{"ec:secp256k1", NULL}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct made made = {0};
		AUTO(EVP_PKEY_free) EVP_PKEY *signer = NULL;
		AUTO(cw_cert_free) struct cw_cert *shadow = NULL;
		make(rows[i].kind, rows[i].digest, &made);
		shadow_of(&made, &signer, &shadow);
		assert_equal_but_for_key_and_signature(made.leaf, shadow);
		drop(&made);
	}
}

/* Names, extensions and encodings that are seldom seen stay as they are. */
static void odd_certificates_are_copied_as_they_are(void **state)
{
	(void)state;
	static const struct cw_issue_spec rows[] = {
		{.subject = "CN=e1.acme.test", .version_1 = true},
		{.subject = "C=US, O=Grün & Söhne, 1.3.6.1.4.1.6449.1.2.1.5.1=odd, CN=*.acme.test",
			.sans = "DNS:*.acme.test, URI:sip:a@b, email:a@b, IP:2001:db8::1"},
		{.subject = "CN=serial", .serial = "00"},
		{.subject = "CN=serial", .serial = "ffffffffffffffffffffffffffffffffffffffff"},
		{.subject = "CN=late",
			.not_after = 2524608000 + 400 * CW_DAY}, /* GeneralizedTime from 2050 on */
		{.subject = "CN=constrained",
			.constraints = CW_ISSUE_CA,
			.path_limited = true,
			.permitted_dns = "acme.test, example.test",
			.excluded_dns = "no.test",
			.issuer_urls = "http://ca.acme.test/ca.cer",
			.crl_urls = "http://ca.acme.test/crl"},
		{.subject = "CN=critical", .unknown_critical = true, .no_subject_key_id = true},
		{.subject = "CN=usages", .eku = "any, 1.3.6.1.5.5.7.3.17", .key_usage = KU_DECIPHER_ONLY},
	};
	static const char *const kinds[] = {"rsa:1024", "ec"};
	for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
		struct cw_error error;
		struct made made = {0};
		AUTO(EVP_PKEY_free) EVP_PKEY *signer = NULL;
		AUTO(cw_cert_free) struct cw_cert *shadow = NULL;
		make(kinds[i % 2], NULL, &made);
		struct cw_issue_spec spec = rows[i / 2];
		spec.not_before = TEST_AT - CW_DAY;
		spec.not_after = spec.not_after ? spec.not_after : TEST_AT + CW_DAY;
		cw_cert_free(TAKE(made.leaf));
		if (!cw_issue(&spec, made.key, made.ca, made.ca_key, &made.leaf, &error))
			fail_msg("%s: %s", spec.subject, error.message);
		shadow_of(&made, &signer, &shadow);
		assert_equal_but_for_key_and_signature(made.leaf, shadow);
		drop(&made);
	}
}

/* A length that is longer than it need be (X.690 §8.1.3.5 allows it, DER does not) is kept inside what is
 * signed. */
static void a_signed_part_with_long_lengths_is_kept(void **state)
{
	(void)state;
	struct cw_error error;
	struct made made = {0};
	make("rsa:1024", NULL, &made);
	size_t length;
	const uint8_t *der = cw_cert_der(made.leaf, &length);
	/* notBefore, a UTCTime of 13 bytes: 17 0d -> 17 81 0d, with three lengths around it one larger */
	AUTO(cw_cert_free) struct cw_cert *odd = NULL;
	AUTO(free) uint8_t *longer = malloc(length + 1);
	assert_non_null(longer);
	const uint8_t *time = memmem(der, length, "\x30\x1e\x17\x0d", 4);
	assert_non_null(time);
	size_t place = (size_t)(time - der);
	memcpy(longer, der, place + 3);
	longer[place + 1]++;
	longer[place + 3] = 0x81;
	memcpy(longer + place + 4, der + place + 3, length - place - 3);
	assert_true(longer[1] == 0x82 && longer[5] == 0x82);
	for (size_t at = 3; at <= 7; at += 4) /* of the certificate and of its signed part */
		if (++longer[at] == 0)
			longer[at - 1]++;
	assert_true(cw_cert_parse(longer, length + 1, &odd, &error));
	AUTO(EVP_PKEY_free) EVP_PKEY *signer = NULL;
	AUTO(cw_cert_free) struct cw_cert *shadow = NULL;
	cw_cert_free(made.leaf);
	made.leaf = cw_cert_ref(odd);
	shadow_of(&made, &signer, &shadow);
	assert_equal_but_for_key_and_signature(odd, shadow);
	drop(&made);
}

static void the_signature_is_the_new_signers_and_nobody_elses(void **state)
{
	(void)state;
	static const char *const kinds[] = {"rsa:1024", "ec", "ed25519"};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct made made = {0};
		AUTO(EVP_PKEY_free) EVP_PKEY *signer = NULL;
		AUTO(cw_cert_free) struct cw_cert *shadow = NULL;
		make(kinds[i], NULL, &made);
		shadow_of(&made, &signer, &shadow);
		assert_int_equal(X509_verify(cw_cert_x509(shadow), signer), 1);
		assert_false(cw_cert_signed_by(shadow, made.ca));
		drop(&made);
	}
}

static void with_the_original_key_only_the_signature_is_another(void **state)
{
	(void)state;
	struct made made = {0};
	struct cw_error error;
	AUTO(EVP_PKEY_free) EVP_PKEY *signer = NULL;
	AUTO(cw_cert_free) struct cw_cert *shadow = NULL;
	make("rsa:1024", NULL, &made);
	assert_true(cw_issue_key("rsa:1024", &signer, &error));
	assert_true(cw_stand_in_cert(made.leaf, NULL, signer, &shadow, &error));
	assert_true(cw_cert_same_key(made.leaf, shadow));
	assert_int_equal(X509_verify(cw_cert_x509(shadow), signer), 1);
	drop(&made);
}

static void a_signer_of_another_kind_is_an_error(void **state)
{
	(void)state;
	struct made made = {0};
	struct cw_error error;
	AUTO(EVP_PKEY_free) EVP_PKEY *signer = NULL;
	AUTO(cw_cert_free) struct cw_cert *shadow = NULL;
	make("rsa:1024", NULL, &made);
	assert_true(cw_issue_key("ed25519", &signer, &error));
	assert_false(cw_stand_in_cert(made.leaf, NULL, signer, &shadow, &error));
	assert_int_equal(error.code, CW_E_CRYPTO);
	drop(&made);
}

static void a_shadow_crl_has_the_same_content_and_the_new_signature(void **state)
{
	(void)state;
	struct made made = {0};
	struct cw_error error;
	struct cw_issue_crl_spec spec = {
		.this_update = TEST_AT, .next_update = TEST_AT + CW_DAY, .serials = "0a, 0b", .number = 7};
	AUTO_BUFFER der = {0};
	AUTO(cw_crl_free) struct cw_crl *crl = NULL;
	AUTO(cw_crl_free) struct cw_crl *shadow = NULL;
	AUTO(EVP_PKEY_free) EVP_PKEY *signer = NULL;
	make("rsa:1024", NULL, &made);
	assert_true(cw_issue_crl_der(&spec, cw_cert_x509(made.ca), made.ca_key, &der, &error));
	assert_true(cw_crl_parse((const uint8_t *)der.data, der.length, &crl, &error));
	assert_true(cw_issue_key("rsa:1024", &signer, &error));
	assert_true(cw_stand_in_crl(crl, signer, &shadow, &error));
	assert_int_equal(X509_CRL_verify(cw_crl_x509(shadow), signer), 1);
	assert_int_equal(X509_CRL_verify(cw_crl_x509(shadow), made.ca_key), 0);
	unsigned char *original = NULL, *copy = NULL;
	int length = i2d_re_X509_CRL_tbs(cw_crl_x509(crl), &original);
	assert_int_equal(i2d_re_X509_CRL_tbs(cw_crl_x509(shadow), &copy), length);
	assert_memory_equal(original, copy, (size_t)length);
	OPENSSL_free(original);
	OPENSSL_free(copy);
	drop(&made);
}

static void keys_of_one_kind_are_never_the_same_and_all_work(void **state)
{
	(void)state;
	enum { COUNT = 15 }; /* of six primes */
	struct cw_error error;
	EVP_PKEY *keys[COUNT] = {NULL};
	AUTO(cw_stand_in_keys_free) struct cw_stand_in_keys *pool = cw_stand_in_keys_new();
	AUTO(EVP_PKEY_free) EVP_PKEY *like = NULL;
	assert_true(cw_issue_key("rsa:1024", &like, &error));
	for (size_t i = 0; i < COUNT; i++) {
		assert_true(cw_stand_in_keys_like(pool, like, &keys[i], &error));
		assert_int_equal(EVP_PKEY_get_bits(keys[i]), 1024);
		AUTO(EVP_PKEY_CTX_free) EVP_PKEY_CTX *check = EVP_PKEY_CTX_new(keys[i], NULL);
		assert_int_equal(EVP_PKEY_pairwise_check(check), 1);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(EVP_PKEY_eq(keys[i], keys[k]), 1);
	}
	for (size_t i = 0; i < COUNT; i++)
		EVP_PKEY_free(keys[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_shadow_is_equal_byte_for_byte_but_for_key_and_signature),
		cmocka_unit_test(a_shadow_with_ecdsa_is_equal_but_for_key_and_signature),
		cmocka_unit_test(odd_certificates_are_copied_as_they_are),
		cmocka_unit_test(a_signed_part_with_long_lengths_is_kept),
		cmocka_unit_test(the_signature_is_the_new_signers_and_nobody_elses),
		cmocka_unit_test(with_the_original_key_only_the_signature_is_another),
		cmocka_unit_test(a_signer_of_another_kind_is_an_error),
		cmocka_unit_test(a_shadow_crl_has_the_same_content_and_the_new_signature),
		cmocka_unit_test(keys_of_one_kind_are_never_the_same_and_all_work),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
