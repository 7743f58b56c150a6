/* PKCS#12 and PKCS#7 put together by hand, part by part: what nobody's export holds, and what an attacker's
 * does. */
#include "pki/bundle/bundle.h"
#include "pki/bundle/kdf.h"
#include "support/cmocka.h"
#include "support/pki.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>

#define OTHER_PASSWORD "another one"

typedef STACK_OF(PKCS7) safes;
typedef STACK_OF(PKCS12_SAFEBAG) bags;

static bags *list_of(PKCS12_SAFEBAG *bag)
{
	bags *list = sk_PKCS12_SAFEBAG_new_null();
	assert_non_null(bag);
	assert_true(sk_PKCS12_SAFEBAG_push(list, bag));
	return list;
}

static PKCS12_SAFEBAG *cert_bag(void)
{
	return PKCS12_SAFEBAG_create_cert(cw_cert_x509(test_pki()->leaf));
}

static void put_element(struct cw_buffer *out, uint8_t tag, const struct cw_buffer *content)
{
	assert_true(content->length <= 0xffff);
	const uint8_t head[] = {tag, 0x82, (uint8_t)(content->length >> 8), (uint8_t)content->length};
	cw_buffer_append(out, head, sizeof head);
	cw_buffer_append(out, content->data, content->length);
}

/* RFC 7292 §4.2.6: a bag that holds bags; OpenSSL has no maker for it. */
static PKCS12_SAFEBAG *bag_around(PKCS12_SAFEBAG *inner)
{
	static const uint8_t safe_contents_bag[] = {
		0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x06};
	AUTO_BUFFER bag = {0}, list = {0}, content = {0}, whole = {0};
	unsigned char *der = NULL;
	int length = i2d_PKCS12_SAFEBAG(inner, &der);
	assert_true(length > 0);
	cw_buffer_append(&bag, der, (size_t)length);
	OPENSSL_free(der);
	PKCS12_SAFEBAG_free(inner);
	put_element(&list, 0x30, &bag);
	cw_buffer_append(&content, safe_contents_bag, sizeof safe_contents_bag);
	put_element(&content, 0xa0, &list);
	put_element(&whole, 0x30, &content);
	const unsigned char *at = (const unsigned char *)whole.data;
	PKCS12_SAFEBAG *made = d2i_PKCS12_SAFEBAG(NULL, &at, (long)whole.length);
	assert_non_null(made);
	return made;
}

static PKCS12_SAFEBAG *nested(unsigned depth)
{
	PKCS12_SAFEBAG *bag = cert_bag();
	while (depth--)
		bag = bag_around(bag);
	return bag;
}

static PKCS12_SAFEBAG *secret_bag(void)
{
	return PKCS12_SAFEBAG_create_secret(NID_pkcs7_data, V_ASN1_OCTET_STRING, (unsigned char *)"word", 4);
}

static PKCS12_SAFEBAG *crl_bag(void)
{
	const unsigned char *at = (const unsigned char *)test_pki()->crl.data;
	X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)test_pki()->crl.length);
	PKCS12_SAFEBAG *bag = PKCS12_SAFEBAG_create_crl(crl);
	X509_CRL_free(crl);
	return bag;
}

static PKCS12_SAFEBAG *key_bag(void)
{
	return PKCS12_SAFEBAG_create0_p8inf(EVP_PKEY2PKCS8(test_pki()->leaf_key));
}

static PKCS12_SAFEBAG *strange_key_bag(void)
{
	PKCS8_PRIV_KEY_INFO *info = PKCS8_PRIV_KEY_INFO_new();
	unsigned char *bytes = OPENSSL_malloc(1);
	assert_non_null(bytes);
	*bytes = 0;
	assert_true(PKCS8_pkey_set0(info, OBJ_txt2obj("1.2.3.4", 1), 0, V_ASN1_NULL, NULL, bytes, 1));
	return PKCS12_SAFEBAG_create0_p8inf(info);
}

static PKCS12_SAFEBAG *locked_key_bag(void)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(test_pki()->leaf_key);
	PKCS12_SAFEBAG *bag = PKCS12_SAFEBAG_create_pkcs8_encrypt(
		NID_aes_256_cbc, OTHER_PASSWORD, (int)strlen(OTHER_PASSWORD), NULL, 0, 1, info);
	PKCS8_PRIV_KEY_INFO_free(info);
	return bag;
}

static PKCS12_SAFEBAG *costly_key_bag(void)
{
	X509_SIG *sealed = X509_SIG_new();
	X509_ALGOR *slow = PKCS5_pbe2_set(EVP_aes_256_cbc(), CW_KDF_COST_MAX + 1, NULL, 0);
	X509_ALGOR *algorithm;
	ASN1_OCTET_STRING *content;
	X509_SIG_getm(sealed, &algorithm, &content);
	assert_true(
		X509_ALGOR_copy(algorithm, slow) && ASN1_OCTET_STRING_set(content, (unsigned char *)"x", 1));
	X509_ALGOR_free(slow);
	return PKCS12_SAFEBAG_create0_pkcs8(sealed);
}

static PKCS7 *plain(PKCS12_SAFEBAG *bag)
{
	bags *list = list_of(bag);
	PKCS7 *safe = PKCS12_pack_p7data(list);
	sk_PKCS12_SAFEBAG_pop_free(list, PKCS12_SAFEBAG_free);
	return safe;
}

static PKCS7 *locked(void)
{
	bags *list = list_of(cert_bag());
	PKCS7 *safe = PKCS12_pack_p7encdata(
		NID_aes_256_cbc, OTHER_PASSWORD, (int)strlen(OTHER_PASSWORD), NULL, 0, 1, list);
	sk_PKCS12_SAFEBAG_pop_free(list, PKCS12_SAFEBAG_free);
	assert_non_null(safe);
	return safe;
}

static PKCS7 *costly(void)
{
	PKCS7 *safe = locked();
	X509_ALGOR_free(safe->d.encrypted->enc_data->algorithm);
	safe->d.encrypted->enc_data->algorithm =
		PKCS5_pbe2_set(EVP_aes_256_cbc(), CW_KDF_COST_MAX + 1, NULL, 0);
	return safe;
}

/* Of this kind, and nothing in it. */
static PKCS7 *hollow(int kind)
{
	PKCS7 *safe = PKCS7_new();
	safe->type = OBJ_nid2obj(kind);
	return safe;
}

static PKCS7 *garbled(void)
{
	PKCS7 *safe = plain(cert_bag());
	assert_true(ASN1_OCTET_STRING_set(safe->d.data, (const unsigned char *)"garbage", 7));
	return safe;
}

enum part {
	NO_PART,
	CERT,
	DEEP,
	TOO_DEEP,
	SECRET,
	CRL,
	KEY,
	STRANGE_KEY,
	LOCKED_KEY,
	COSTLY_KEY,
	LOCKED,
	COSTLY,
	HOLLOW,
	HOLLOW_LOCKED,
	SEALED,
	GARBLED
};

static PKCS7 *make_part(enum part part)
{
	switch (part) {
	case NO_PART:
		return NULL;
	case CERT:
		return plain(cert_bag());
	case DEEP:
		return plain(nested(4));
	case TOO_DEEP:
		return plain(nested(5));
	case SECRET:
		return plain(secret_bag());
	case CRL:
		return plain(crl_bag());
	case KEY:
		return plain(key_bag());
	case STRANGE_KEY:
		return plain(strange_key_bag());
	case LOCKED_KEY:
		return plain(locked_key_bag());
	case COSTLY_KEY:
		return plain(costly_key_bag());
	case LOCKED:
		return locked();
	case COSTLY:
		return costly();
	case HOLLOW:
		return hollow(NID_pkcs7_data);
	case HOLLOW_LOCKED:
		return hollow(NID_pkcs7_encrypted);
	case SEALED:
		return hollow(NID_pkcs7_enveloped);
	case GARBLED:
		return garbled();
	}
	return NULL;
}

/* The parts in a file, with a checksum under `password` unless that is NULL. */
static void build(const enum part *parts, const char *password, const char *rounds, struct cw_buffer *ret)
{
	safes *list = sk_PKCS7_new_null();
	for (; *parts; parts++)
		assert_true(sk_PKCS7_push(list, make_part(*parts)));
	PKCS12 *file = PKCS12_init(NID_pkcs7_data);
	assert_true(PKCS12_pack_authsafes(file, list));
	if (password)
		assert_true(PKCS12_set_mac(file, password, (int)strlen(password), NULL, 0, 2, NULL));
	if (rounds) {
		const ASN1_INTEGER *count;
		BIGNUM *number = NULL;
		PKCS12_get0_mac(NULL, NULL, NULL, &count, file);
		assert_true(BN_hex2bn(&number, rounds));
		assert_non_null(BN_to_ASN1_INTEGER(number, (ASN1_INTEGER *)count));
		BN_free(number);
	}
	unsigned char *der = NULL;
	int length = i2d_PKCS12(file, &der);
	assert_true(length > 0);
	cw_buffer_append(ret, der, (size_t)length);
	OPENSSL_free(der);
	PKCS12_free(file);
	sk_PKCS7_pop_free(list, PKCS7_free);
}

#define TOO_COSTLY "e1.p12: the password would have to be hashed more than 5000000 times"

static void what_a_pkcs12_is_made_of_is_read_or_refused(void **state)
{
	(void)state;
	static const struct {
		enum part parts[4];
		const char *mac; /* the password of the checksum; NULL: none */
		const char *rounds;
		const char *password;
		const char *want; /* how the message starts; NULL: read */
		size_t want_certs, want_keys;
	} rows[] = {
		{{CERT, KEY}, NULL, NULL, NULL, NULL, 1, 1},
		{{CERT, SECRET, CRL}, NULL, NULL, NULL, NULL, 1, 0},
		{{DEEP}, NULL, NULL, NULL, NULL, 1, 0},
		{{CERT, KEY, KEY}, "", NULL, NULL, NULL, 1, 2},
		{{LOCKED, LOCKED_KEY}, NULL, NULL, OTHER_PASSWORD, NULL, 1, 1},
		{{TOO_DEEP}, NULL, NULL, NULL, "e1.p12: PKCS#12 with safes nested more than 4 deep", 0, 0},
		{{SECRET}, "", NULL, NULL, "e1.p12: PKCS#12 without any certificate in it", 0, 0},
		{{CERT, STRANGE_KEY}, NULL, NULL, NULL, "e1.p12: broken private key in PKCS#12: unsupported",
			0, 0},
		{{LOCKED}, NULL, NULL, NULL, "e1.p12: PKCS#12 protected by a password; wanted the password",
			0, 0},
		{{LOCKED}, NULL, NULL, "guess",
			"e1.p12: the password does not open the PKCS#12 file (or the file is damaged)", 0, 0},
		{{LOCKED}, "guess", NULL, "guess",
			"e1.p12: the encrypted part of the PKCS#12 file cannot be opened", 0, 0},
		{{CERT, LOCKED_KEY}, "guess", NULL, "guess",
			"e1.p12: the private key in the PKCS#12 file cannot be opened", 0, 0},
		{{CERT}, "guess", "3B9ACA00", "guess", TOO_COSTLY, 0, 0},
		{{CERT}, "guess", "FFFFFFFFFFFFFFFFFFFFFF", "guess", TOO_COSTLY, 0, 0},
		{{COSTLY}, NULL, NULL, "guess", TOO_COSTLY, 0, 0},
		{{COSTLY_KEY}, NULL, NULL, "guess", TOO_COSTLY, 0, 0},
		{{HOLLOW}, "", NULL, NULL, "e1.p12: broken PKCS#12", 0, 0},
		{{GARBLED}, "", NULL, NULL, "e1.p12: broken PKCS#12: too long", 0, 0},
		{{HOLLOW_LOCKED}, "", NULL, NULL, "e1.p12: broken PKCS#12: encrypted part without content", 0,
			0},
		{{SEALED}, "", NULL, NULL, "e1.p12: PKCS#12 sealed with a public key, which is not supported",
			0, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_BUNDLE bundle = {0};
		AUTO_BUFFER file = {0};
		struct cw_error error = {0};
		build(rows[i].parts, rows[i].mac, rows[i].rounds, &file);
		bool read = cw_bundle_parse(&(struct cw_bundle_file){file.data, file.length, "e1.p12"},
			rows[i].password, pool, &bundle, &error);
		if (read != !rows[i].want ||
			(!read && strncmp(error.message, rows[i].want, strlen(rows[i].want)) != 0))
			fail_msg("row %zu: wanted \"%s\", got \"%s\"", i, rows[i].want, error.message);
		assert_int_equal(bundle.count, rows[i].want_certs);
		assert_int_equal(bundle.key_count, rows[i].want_keys);
		assert_int_equal(ERR_peek_error(), 0);
	}
}

/* Checksum, certificates and key with 600,000 iterations each, as Firefox and pk12util write them. */
static void a_file_with_the_counts_of_firefox_opens(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	EVP_PKEY *key = EVP_EC_gen("P-256");
	AUTO_BUNDLE bundle = {0};
	struct cw_error error;
	X509 *cert = X509_new();
	assert_true(X509_set_version(cert, 2) && ASN1_INTEGER_set(X509_get_serialNumber(cert), 1) &&
		X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
			(const unsigned char *)"e1", -1, -1, 0) &&
		X509_set_issuer_name(cert, X509_get_subject_name(cert)) &&
		X509_gmtime_adj(X509_getm_notBefore(cert), 0) &&
		X509_gmtime_adj(X509_getm_notAfter(cert), CW_DAY) && X509_set_pubkey(cert, key) &&
		X509_sign(cert, key, EVP_sha256()));
	PKCS12 *file = PKCS12_create(
		"guess", "e1", key, cert, NULL, NID_aes_256_cbc, NID_aes_128_cbc, 600000, 600000, 0);
	unsigned char *der = NULL;
	int length = i2d_PKCS12(file, &der);
	assert_true(length > 0);
	const struct cw_bundle_file named = {(char *)der, (size_t)length, "e1.p12"};
	if (!cw_bundle_parse(&named, "guess", pool, &bundle, &error))
		fail_msg("%s", error.message);
	assert_int_equal(bundle.count, 1);
	assert_int_equal(bundle.key_count, 1);
	OPENSSL_free(der);
	PKCS12_free(file);
	X509_free(cert);
	EVP_PKEY_free(key);
}

static void a_list_of_safes_that_is_none_is_broken(void **state)
{
	(void)state;
	static const uint8_t data_oid[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER file = {0};
	struct cw_error error;
	ERR_clear_error(); /* of the test above, if that failed */
	build((const enum part[]){CERT, NO_PART}, NULL, NULL, &file);
	char *outer = memmem(file.data, file.length, data_oid, sizeof data_oid);
	assert_non_null(outer);
	size_t left = file.length - (size_t)(outer + 1 - file.data);
	char *inner = memmem(outer + 1, left, data_oid, sizeof data_oid);
	assert_non_null(inner);
	*inner = 0x0c; /* a text where the kind of the safe belongs */
	assert_false(cw_bundle_parse(
		&(struct cw_bundle_file){file.data, file.length, "e1.p12"}, NULL, pool, &bundle, &error));
	assert_string_equal(error.message, "e1.p12: broken PKCS#12: wrong tag");
	assert_int_equal(error.code, CW_E_PKCS12);
}

/* Some bytes of a PKCS#7 with one certificate (or, `with_crl`, one CRL) changed. */
static void a_pkcs7_that_is_broken_inside_says_where(void **state)
{
	(void)state;
	static const struct {
		const char *find; /* the first occurrence … */
		size_t length;
		const char *put; /* … becomes this, of the same length */
		bool with_crl;
		const char *want;
	} rows[] = {
		{"\x02\x01\x01\x31", 4, "\x04\x01\x01\x31", false,
			"broken PKCS#7: wanted version, digests and content before the certificates"},
		{"\x30\x82\x01", 3, "\x30\x82\x7f", false,
			"broken PKCS#7: an element of its list is cut off"},
		{"261120120000Z", 13, "261320120000Z", true,
			"CRL 1: thisUpdate is no date: wanted a form like 20261120120000Z, found "
			"\"261320120000Z\""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_BUNDLE bundle = {0};
		AUTO_BUFFER file = {0}, want = {0};
		struct cw_error error;
		struct cw_cert *certs[] = {test_pki()->root};
		test_pkcs7(&file, certs, !rows[i].with_crl, rows[i].with_crl);
		/* behind the element's own header, which may look the same */
		char *at = memmem(file.data + 40, file.length - 40, rows[i].find, rows[i].length);
		if (i == 0)
			at = memmem(file.data, file.length, rows[i].find, rows[i].length);
		assert_non_null(at);
		memcpy(at, rows[i].put, rows[i].length);
		assert_false(cw_bundle_parse(&(struct cw_bundle_file){file.data, file.length, "e1.p7b"}, NULL,
			pool, &bundle, &error));
		cw_buffer_printf(&want, "e1.p7b: %s", rows[i].want);
		assert_string_equal(error.message, cw_buffer_string(&want));
	}
}

static void a_pkcs7_ends_with_its_signers(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER file = {0};
	struct cw_error error;
	struct cw_cert *certs[] = {test_pki()->root};
	test_pkcs7(&file, certs, 1, false);
	assert_memory_equal(file.data + file.length - 2, "\x31\x00", 2);
	file.data[file.length - 2] = 0x30;
	assert_false(cw_bundle_parse(
		&(struct cw_bundle_file){file.data, file.length, "e1.p7b"}, NULL, pool, &bundle, &error));
	assert_string_equal(
		error.message, "e1.p7b: broken PKCS#7: wanted the list of signers behind the certificates");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_pkcs12_is_made_of_is_read_or_refused),
		cmocka_unit_test(a_file_with_the_counts_of_firefox_opens),
		cmocka_unit_test(a_list_of_safes_that_is_none_is_broken),
		cmocka_unit_test(a_pkcs7_that_is_broken_inside_says_where),
		cmocka_unit_test(a_pkcs7_ends_with_its_signers),
	};
	return cmocka_run_group_tests(tests, test_pki_make, test_pki_free);
}
