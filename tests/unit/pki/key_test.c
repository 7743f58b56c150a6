#include "pki/key.h"

#include "pki/bundle/kdf.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/pki.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

static EVP_PKEY *rsa;

static int make(void **state)
{
	test_folder_make();
	rsa = EVP_RSA_gen(1024);
	return rsa ? test_pki_make(state) : -1;
}

static int unmake(void **state)
{
	test_folder_remove();
	EVP_PKEY_free(rsa);
	return test_pki_free(state);
}

/* Writes the key with one of OpenSSL's writers. */
static const char *write_key(const char *name, int (*write)(BIO *, const EVP_PKEY *))
{
	BIO *out = BIO_new(BIO_s_mem());
	char *data;
	assert_true(write(out, rsa) > 0);
	long length = BIO_get_mem_data(out, &data);
	const char *path = test_folder_write(name, data, (size_t)length);
	BIO_free(out);
	return path;
}

static int pkcs8_pem(BIO *out, const EVP_PKEY *key)
{
	return PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
}

static int pkcs1_pem(BIO *out, const EVP_PKEY *key)
{
	return PEM_write_bio_PrivateKey_traditional(out, key, NULL, NULL, 0, NULL, NULL);
}

static int pkcs1_pem_sealed(BIO *out, const EVP_PKEY *key)
{
	return PEM_write_bio_PrivateKey_traditional(out, key, EVP_aes_128_cbc(),
		(const unsigned char *)TEST_PASSWORD, (int)strlen(TEST_PASSWORD), NULL, NULL);
}

static int pkcs8_pem_sealed(BIO *out, const EVP_PKEY *key)
{
	return PEM_write_bio_PKCS8PrivateKey(
		out, key, EVP_aes_256_cbc(), TEST_PASSWORD, (int)strlen(TEST_PASSWORD), NULL, NULL);
}

static int pkcs8_pem_3des(BIO *out, const EVP_PKEY *key)
{
	return PEM_write_bio_PKCS8PrivateKey_nid(out, key, NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
		TEST_PASSWORD, (int)strlen(TEST_PASSWORD), NULL, NULL);
}

static int pkcs8_der(BIO *out, const EVP_PKEY *key)
{
	return i2d_PKCS8PrivateKey_bio(out, key, NULL, NULL, 0, NULL, NULL);
}

static int pkcs8_der_sealed(BIO *out, const EVP_PKEY *key)
{
	return i2d_PKCS8PrivateKey_bio(
		out, key, EVP_aes_256_cbc(), TEST_PASSWORD, (int)strlen(TEST_PASSWORD), NULL, NULL);
}

static int pkcs1_der(BIO *out, const EVP_PKEY *key)
{
	return i2d_PrivateKey_bio(out, key);
}

static const struct {
	const char *name;
	int (*write)(BIO *, const EVP_PKEY *);
	bool sealed;
} forms[] = {
	{"pkcs8.pem", pkcs8_pem, false},
	{"pkcs1.pem", pkcs1_pem, false},
	{"pkcs1-sealed.pem", pkcs1_pem_sealed, true},
	{"pkcs8-sealed.pem", pkcs8_pem_sealed, true},
	{"pkcs8-3des.pem", pkcs8_pem_3des, true},
	{"pkcs8.der", pkcs8_der, false},
	{"pkcs8-sealed.der", pkcs8_der_sealed, true},
	{"pkcs1.der", pkcs1_der, false},
};

static void keys_are_read_in_every_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct cw_error error;
		AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
		const char *path = write_key(forms[i].name, forms[i].write);
		if (!cw_key_read(path, forms[i].sealed ? TEST_PASSWORD : NULL, &key, &error))
			fail_msg("%s", error.message);
		assert_int_equal(EVP_PKEY_eq(key, rsa), 1);
		assert_int_equal(ERR_peek_error(), 0);
	}
}

static void sealed_keys_ask_for_their_password(void **state)
{
	(void)state;
	static const struct {
		const char *password, *want;
	} rows[] = {
		{NULL, "the private key is encrypted; wanted its password"},
		{"guess", "the password does not open the private key"},
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		for (size_t j = 0; forms[i].sealed && j < sizeof rows / sizeof *rows; j++) {
			struct cw_error error;
			EVP_PKEY *key = NULL;
			const char *path = write_key(forms[i].name, forms[i].write);
			assert_false(cw_key_read(path, rows[j].password, &key, &error));
			assert_int_equal(error.code, CW_E_PASSWORD);
			assert_non_null(strstr(error.message, rows[j].want));
			assert_memory_equal(error.message, path, strlen(path));
		}
	}
}

static void what_is_no_key_is_named(void **state)
{
	(void)state;
	const struct test_pki *pki = test_pki();
	AUTO_BUFFER cert = {0}, pkcs12 = {0}, tail = {0};
	const struct test_pkcs12 spec = {.password = "x", .with_key = true};
	test_pem_cert(&cert, pki->leaf);
	test_pkcs12(&pkcs12, &spec);
	cw_buffer_append(&tail, pki->key.data, pki->key.length);
	cw_buffer_text(&tail, "\n");
	const struct {
		const char *data;
		size_t length; /* 0: up to the NUL */
		const char *want;
	} rows[] = {
		{"", 0, "the file is empty; wanted a private key"},
		{cert.data, cert.length,
			"no private key in it; wanted \"-----BEGIN PRIVATE KEY-----\", found \"-----BEGIN "
			"CERTIFICATE-----\""},
		{pkcs12.data, pkcs12.length,
			"no private key: this is PKCS#12; take the key out with openssl pkcs12 -nocerts"},
		{pki->request.data, pki->request.length,
			"no private key: this is a certificate request (CSR)"},
		{pki->crl.data, pki->crl.length, "no private key: this is a CRL"},
		{tail.data, tail.length, "bytes after the end of the private key; wanted nothing there"},
		{"ssh-rsa AAAA me@host\n", 0, "no private key: this is an OpenSSH public key"},
		{"-\0-\0-\0-\0-\0", 10,
			"UTF-16 text (\"Unicode\" in Windows), which TLS software does not read; save it as "
			"plain "
			"text (ANSI or UTF-8)"},
		{"hello\n", 0,
			"text without any PEM block; wanted a private key between \"-----BEGIN …-----\" and "
			"\"-----END …-----\""},
		{"-----BEGIN PRIVATE KEY-----\nMAMCAQE=\n-----END PRIVATE KEY-----\n", 0,
			"broken private key, or one of a kind that OpenSSL does not know"},
		{"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", 0,
			"a private key in OpenSSH's own format; convert a copy with ssh-keygen -p -m PKCS8 "
			"-f "
			"FILE"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_error error;
		EVP_PKEY *key = NULL;
		const char *path = test_folder_write(
			"no.key", rows[i].data, rows[i].length ? rows[i].length : strlen(rows[i].data));
		assert_false(cw_key_read(path, NULL, &key, &error));
		const char *reason = strstr(error.message, ": ");
		if (!reason || strcmp(reason + 2, rows[i].want) != 0)
			fail_msg("wanted \"%s\", got \"%s\"", rows[i].want, error.message);
	}
}

static void a_key_never_shows_up_in_a_message(void **state)
{
	(void)state;
	AUTO_BUFFER pem = {0};
	const struct test_pki *pki = test_pki();
	test_pem(&pem, "PRIVATE KEY", pki->key.data, pki->key.length);
	char *end = strstr(pem.data, "\n-----END");
	memmove(end, end + 1, strlen(end)); /* the END line behind the text */
	pem.length--;
	struct cw_error error;
	EVP_PKEY *key = NULL;
	const char *path = test_folder_write("run-together.pem", pem.data, pem.length);
	assert_false(cw_key_read(path, NULL, &key, &error));
	char secret[17] = "";
	memcpy(secret, strchr(pem.data, '\n') + 20, 16);
	assert_null(strstr(error.message, secret));
}

static void a_password_that_would_take_hours_to_try_is_not_tried(void **state)
{
	(void)state;
	static const struct {
		uint64_t p; /* scrypt with N 16384 and r 8; 0: PBKDF2 */
		int iterations;
		bool old;
		bool want;
	} rows[] = {
		{0, 600000, false, true},
		{0, 2048, true, true},
		{0, 5000001, false, false},
		{0, 10000000, true, false},
		{1, 0, false, true},
		{1000, 0, false, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		X509_ALGOR *algorithm;
		uint64_t spent = 0;
		struct cw_error error;
		if (rows[i].p)
			algorithm = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(),
				(const unsigned char *)"saltsalt", 8, NULL, 16384, 8, rows[i].p);
		else if (rows[i].old)
			algorithm = PKCS5_pbe_set(
				NID_pbe_WithSHA1And3_Key_TripleDES_CBC, rows[i].iterations, NULL, 0);
		else
			algorithm = PKCS5_pbe2_set(EVP_aes_256_cbc(), rows[i].iterations, NULL, 0);
		assert_non_null(algorithm);
		assert_int_equal(cw_kdf_spend(algorithm, &spent, &error), rows[i].want);
		if (!rows[i].want)
			assert_int_equal(error.code, CW_E_LIMIT);
		X509_ALGOR_free(algorithm);
	}
}

/* The parameters of a password's scheme as nobody writes them: cost nothing, or more than anybody pays. */
static void odd_schemes_are_counted_too(void **state)
{
	(void)state;
#define BYTES(text) text, sizeof text - 1
	static const struct {
		int type;
		const char *bytes;
		size_t length;
		bool want;
	} rows[] = {
		{V_ASN1_NULL, NULL, 0, true},
		{V_ASN1_SEQUENCE, BYTES("\x31\x00"), true},	    /* no SEQUENCE at all */
		{V_ASN1_SEQUENCE, BYTES("\x30\x02\x30\x00"), true}, /* PBES2 without its key derivation */
		{V_ASN1_SEQUENCE, BYTES("\x30\x07\x04\x00\x02\x03\x01\x00\x00"), true},
		{V_ASN1_SEQUENCE, BYTES("\x30\x0d\x04\x00\x02\x09\x01\1\1\1\1\1\1\1\1"), false},
		/* scrypt with three factors whose product is beyond 64 bits */
		{V_ASN1_SEQUENCE,
			BYTES("\x30\x25\x30\x23\x06\x09\x2b\x06\x01\x04\x01\xda\x47\x04\x0b\x30\x16\x04\x00"
			      "\x02\x05\x00\xff\xff\xff\xff\x02\x05\x00\xff\xff\xff\xff\x02\x04\x7f\xff\xff"
			      "\xff"),
			false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		X509_ALGOR *algorithm = X509_ALGOR_new();
		ASN1_STRING *value = NULL;
		uint64_t spent = 0;
		struct cw_error error;
		if (rows[i].bytes) {
			value = ASN1_STRING_new();
			assert_true(ASN1_STRING_set(value, rows[i].bytes, (int)rows[i].length));
		}
		assert_true(X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_pbes2), rows[i].type, value));
		if (cw_kdf_spend(algorithm, &spent, &error) != rows[i].want)
			fail_msg("row %zu: %llu", i, (unsigned long long)spent);
		X509_ALGOR_free(algorithm);
	}
}

static void a_password_beyond_what_a_key_takes_does_not_fit(void **state)
{
	(void)state;
	char password[2000];
	struct cw_error error;
	EVP_PKEY *key = NULL;
	memset(password, 'x', sizeof password - 1);
	password[sizeof password - 1] = '\0';
	const char *path = write_key("old.pem", pkcs1_pem_sealed);
	assert_false(cw_key_read(path, password, &key, &error));
	assert_int_equal(error.code, CW_E_PASSWORD);
}

static void a_key_that_takes_hours_to_open_is_not_opened(void **state)
{
	(void)state;
	X509_SIG *sealed = X509_SIG_new();
	X509_ALGOR *slow = PKCS5_pbe2_set(EVP_aes_256_cbc(), CW_KDF_COST_MAX + 1, NULL, 0);
	X509_ALGOR *algorithm;
	ASN1_OCTET_STRING *content;
	X509_SIG_getm(sealed, &algorithm, &content);
	assert_true(X509_ALGOR_copy(algorithm, slow));
	assert_true(ASN1_OCTET_STRING_set(content, (const unsigned char *)"0123456789abcdef", 16));
	unsigned char *der = NULL;
	int length = i2d_X509_SIG(sealed, &der);
	struct cw_error error;
	EVP_PKEY *key = NULL;
	const char *path = test_folder_write("slow.key", der, (size_t)length);
	assert_false(cw_key_read(path, "guess", &key, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
	assert_non_null(strstr(error.message, "hashed more than 5000000 times"));
	OPENSSL_free(der);
	X509_ALGOR_free(slow);
	X509_SIG_free(sealed);
}

static void many_small_counts_add_up(void **state)
{
	(void)state;
	uint64_t spent = 0;
	struct cw_error error;
	assert_true(cw_kdf_spend_count(CW_KDF_COST_MAX / 2, &spent, &error));
	assert_true(cw_kdf_spend_count(CW_KDF_COST_MAX / 2, &spent, &error));
	assert_false(cw_kdf_spend_count(1, &spent, &error));
	assert_false(cw_kdf_spend_count(UINT64_MAX, &spent, &error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_read_in_every_form),
		cmocka_unit_test(sealed_keys_ask_for_their_password),
		cmocka_unit_test(what_is_no_key_is_named),
		cmocka_unit_test(a_key_never_shows_up_in_a_message),
		cmocka_unit_test(a_password_that_would_take_hours_to_try_is_not_tried),
		cmocka_unit_test(odd_schemes_are_counted_too),
		cmocka_unit_test(a_password_beyond_what_a_key_takes_does_not_fit),
		cmocka_unit_test(a_key_that_takes_hours_to_open_is_not_opened),
		cmocka_unit_test(many_small_counts_add_up),
	};
	return cmocka_run_group_tests(tests, make, unmake);
}
