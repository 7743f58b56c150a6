/* Certificate requests: made and read again; what cannot be made or read, with its reason. */
#include "issue/issue.h"
#include "issue/issue_request.h"
#include "pki/request.h"

#include "issue/issue_key.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/pki.h"

#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdio.h>

static EVP_PKEY *key_of(const char *kind)
{
	struct cw_error error;
	EVP_PKEY *key = NULL;
	if (!cw_issue_key(kind, &key, &error))
		fail_msg("%s", error.message);
	return key;
}

static void what_is_asked_for_is_read_again(void **state)
{
	(void)state;
	static const struct {
		const char *kind, *digest, *want_digest;
	} rows[] = {{"rsa:2048", NULL, "SHA256"}, {"ec:P-384", "SHA384", "SHA384"}, {"ed25519", NULL, ""}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(EVP_PKEY_free) EVP_PKEY *key = key_of(rows[i].kind);
		AUTO(cw_request_free) struct cw_request *request = NULL;
		AUTO_BUFFER der = {0};
		struct cw_error error;
		const struct cw_issue_spec spec = {.subject = "CN=c1.acme.test",
			.sans = "DNS:c1.acme.test , DNS:secure.acme.test",
			.eku = "server, client",
			.digest = rows[i].digest};
		assert_true(cw_issue_request(&spec, key, &der, &error));
		assert_true(cw_request_parse_any(der.data, der.length, &request, &error));
		assert_true(cw_request_verified(request));
		assert_string_equal(cw_request_digest(request), rows[i].want_digest);
		const struct cw_cert *shape = cw_request_shape(request);
		assert_string_equal(cw_cert_subject_text(shape), "CN=c1.acme.test");
		assert_int_equal(cw_cert_sans(shape)->count, 2);
		assert_string_equal(cw_cert_sans(shape)->items[0].text, "c1.acme.test");
		assert_true(cw_cert_eku(shape)->server_auth && cw_cert_eku(shape)->client_auth);
	}
}

static void a_key_is_known_by_the_hash_of_its_public_part(void **state)
{
	(void)state;
	const struct test_pki *pki = test_pki();
	char id[CW_SHA256_TEXT_SIZE], other[CW_SHA256_TEXT_SIZE], want[CW_SHA256_TEXT_SIZE];
	struct cw_error error;
	unsigned char *der = NULL, sha256[CW_SHA256_SIZE];
	int length = i2d_PUBKEY(pki->leaf_key, &der);
	assert_true(length > 0 && SHA256(der, (size_t)length, sha256));
	OPENSSL_free(der);
	for (size_t i = 0; i < sizeof sha256; i++)
		snprintf(want + 2 * i, 3, "%02x", sha256[i]);
	assert_true(cw_key_id_of_cert(pki->leaf, id, &error) && cw_key_id_of_cert(pki->root, other, &error));
	assert_string_equal(id, want);
	assert_string_not_equal(id, other);
}

static void what_cannot_be_asked_for_is_said(void **state)
{
	(void)state;
	AUTO(EVP_PKEY_free) EVP_PKEY *small = key_of("rsa:512");
	static const struct {
		struct cw_issue_spec spec;
		enum cw_error_code want_code;
		const char *want;
	} rows[] = {
		{{.subject = "c1"}, CW_E_USAGE, "\"c1\": wanted a part of a name such as CN=e1.acme.test"},
		{{.subject = "CN=c1", .sans = "c1"}, CW_E_USAGE, "\"c1\": wanted an alternative name"},
		{{.subject = "CN=c1", .digest = "SHA-3"}, CW_E_USAGE, "unknown digest \"SHA-3\""},
		{{.subject = "CN=c1", .digest = "SHA512"}, CW_E_CRYPTO,
			"cannot sign the request: digest too big for rsa key"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_BUFFER der = {0};
		struct cw_error error;
		assert_false(cw_issue_request(&rows[i].spec, small, &der, &error));
		if (strncmp(error.message, rows[i].want, strlen(rows[i].want)) != 0)
			fail_msg("wanted \"%s\", got \"%s\"", rows[i].want, error.message);
		assert_int_equal(error.code, rows[i].want_code);
		assert_int_equal(der.length, 0);
		assert_int_equal(ERR_peek_error(), 0);
	}
}

static void what_is_no_request_is_named(void **state)
{
	(void)state;
	const struct test_pki *pki = test_pki();
	AUTO_BUFFER cert = {0}, empty_block = {0};
	test_pem_cert(&cert, pki->leaf);
	cw_buffer_text(
		&empty_block, "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n");
	const struct {
		const struct cw_buffer *file;
		size_t cut; /* 0: whole */
		enum cw_error_code want_code;
		const char *want;
	} rows[] = {
		{&cert, 0, CW_E_FORMAT,
			"line 1: wanted a certificate request (CSR), \"-----BEGIN CERTIFICATE "
			"REQUEST-----\"; found \"-----BEGIN CERTIFICATE-----\""},
		{&empty_block, 0, CW_E_PEM, "line 1: the block is empty"},
		{&pki->request, 40, CW_E_DER, "certificate request cut off: its header announces "},
		{&pki->crl, 0, CW_E_DER, "broken certificate request: "},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_request *request;
		struct cw_error error;
		size_t length = rows[i].cut ? rows[i].cut : rows[i].file->length;
		assert_false(cw_request_parse_any(rows[i].file->data, length, &request, &error));
		if (strncmp(error.message, rows[i].want, strlen(rows[i].want)) != 0)
			fail_msg("wanted \"%s\", got \"%s\"", rows[i].want, error.message);
		assert_int_equal(error.code, rows[i].want_code);
	}
}

static void a_request_of_two_megabytes_is_not_looked_at(void **state)
{
	(void)state;
	struct cw_request *request;
	struct cw_error error;
	assert_false(cw_request_parse((const uint8_t *)"0", CW_REQUEST_MAX + 1, &request, &error));
	assert_int_equal(error.code, CW_E_LIMIT);
	assert_string_equal(error.message, "a request of 1048577 bytes; wanted at most 1048576");
}

static void a_request_that_is_not_there_is_named(void **state)
{
	(void)state;
	AUTO_BUFFER want = {0};
	struct cw_request *request;
	struct cw_error error;
	const char *path = test_folder_path("none.csr");
	assert_false(cw_request_read(path, &request, &error));
	cw_buffer_printf(&want, "%s: cannot open: No such file or directory; ", path);
	assert_memory_equal(error.message, cw_buffer_string(&want), want.length);
}

static int make(void **state)
{
	test_folder_make();
	return test_pki_make(state);
}

static int unmake(void **state)
{
	test_folder_remove();
	return test_pki_free(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_asked_for_is_read_again),
		cmocka_unit_test(a_key_is_known_by_the_hash_of_its_public_part),
		cmocka_unit_test(what_cannot_be_asked_for_is_said),
		cmocka_unit_test(what_is_no_request_is_named),
		cmocka_unit_test(a_request_of_two_megabytes_is_not_looked_at),
		cmocka_unit_test(a_request_that_is_not_there_is_named),
	};
	return cmocka_run_group_tests(tests, make, unmake);
}
