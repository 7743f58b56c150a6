#include "pki/bundle/bundle.h"

#include "issue/issue.h"
#include "pki/key.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/pki.h"

#include <openssl/err.h>

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

/* Reads `text` and leaves the bundle to the caller. */
static void parse(const char *text, struct cw_pool *pool, struct cw_bundle *ret)
{
	struct cw_error error;
	if (!cw_bundle_parse(&(struct cw_bundle_file){text, strlen(text), "ca.pem"}, NULL, pool, ret, &error))
		fail_msg("%s", error.message);
	assert_int_equal(ERR_peek_error(), 0);
}

static void a_list_keeps_order_duplicates_and_lines(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER text = {0};
	cw_buffer_text(&text, "Acme roots\n\n");
	test_pem_cert(&text, test_pki()->leaf);
	cw_buffer_text(&text, "\nBag Attributes: none\n");
	test_pem_cert(&text, test_pki()->root);
	test_pem_cert(&text, test_pki()->leaf);
	parse(text.data, pool, &bundle);
	assert_int_equal(bundle.format, CW_FORMAT_PEM);
	assert_string_equal(bundle.path, "ca.pem");
	assert_int_equal(bundle.count, 3);
	assert_true(cw_cert_same(bundle.entries[0].cert, test_pki()->leaf));
	assert_true(cw_cert_same(bundle.entries[1].cert, test_pki()->root));
	assert_ptr_equal(bundle.entries[2].cert, bundle.entries[0].cert);
	assert_int_equal(bundle.entries[0].line, 3);
	assert_int_equal(bundle.entries[1].line, 14);
	assert_int_equal(bundle.entries[2].number, 3);
	assert_string_equal(cw_pool_path(pool, bundle.entries[1].cert), "ca.pem");
}

static void line_ends_and_byte_order_marks_do_not_matter(void **state)
{
	(void)state;
	static const char *const ends[] = {"\n", "\r\n", " \t\r\n"};
	AUTO_BUFFER root = {0};
	test_pem_cert(&root, test_pki()->root);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_BUNDLE bundle = {0};
		AUTO_BUFFER text = {0};
		cw_buffer_text(&text, "\xef\xbb\xbf");
		for (const char *c = root.data; *c; c++)
			cw_buffer_append(&text, *c == '\n' ? ends[i] : c, *c == '\n' ? strlen(ends[i]) : 1);
		cw_buffer_text(&text, "\xef\xbb\xbf");
		test_pem_cert(&text, test_pki()->leaf);
		parse(text.data, pool, &bundle);
		assert_int_equal(bundle.count, 2);
		assert_int_equal(bundle.entries[0].line, 1);
		assert_true(cw_cert_same(bundle.entries[0].cert, test_pki()->root));
	}
}

static void crls_and_keys_are_taken_along(void **state)
{
	(void)state;
	const struct test_pki *pki = test_pki();
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER text = {0};
	test_pem(&text, "PRIVATE KEY", pki->key.data, pki->key.length);
	test_pem(&text, "X509 CRL", pki->crl.data, pki->crl.length);
	test_pem_cert(&text, pki->leaf);
	test_pem(&text, "ENCRYPTED PRIVATE KEY", pki->encrypted_key.data, pki->encrypted_key.length);
	parse(text.data, pool, &bundle);
	assert_int_equal(bundle.count, 1);
	assert_int_equal(bundle.crl_count, 1);
	assert_int_equal(bundle.key_count, 2);
	assert_true(bundle.key && cw_key_fits(bundle.key, pki->leaf) && !cw_key_fits(bundle.key, pki->root));
	cw_time next;
	assert_int_equal(cw_crl_this_update(bundle.crls[0]), TEST_AT);
	assert_true(cw_crl_next_update(bundle.crls[0], &next));
	assert_int_equal(next, TEST_AT + CW_DAY);
	assert_string_equal(cw_crl_issuer_text(bundle.crls[0]), "CN=Acme Root");
	assert_true(cw_name_equal(cw_crl_issuer(bundle.crls[0]), cw_cert_subject(pki->root)));
}

static void an_encrypted_key_is_counted_and_opened_with_its_password(void **state)
{
	(void)state;
	const struct test_pki *pki = test_pki();
	static const struct {
		const char *password;
		size_t want_encrypted;
	} rows[] = {{NULL, 1}, {TEST_PASSWORD, 0}};
	AUTO_BUFFER text = {0};
	test_pem(&text, "ENCRYPTED PRIVATE KEY", pki->encrypted_key.data, pki->encrypted_key.length);
	test_pem_cert(&text, pki->leaf);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_BUNDLE bundle = {0};
		struct cw_error error;
		assert_true(cw_bundle_parse(&(struct cw_bundle_file){text.data, text.length, "e1.pem"},
			rows[i].password, pool, &bundle, &error));
		assert_int_equal(bundle.key_count, 1);
		assert_int_equal(bundle.encrypted_count, rows[i].want_encrypted);
		assert_int_equal(bundle.key != NULL, rows[i].want_encrypted == 0);
	}
}

static void other_blocks_are_passed_over_beside_certificates(void **state)
{
	(void)state;
	static const char *const labels[] = {
		"CERTIFICATE REQUEST", "EC PARAMETERS", "DH PARAMETERS", "PUBLIC KEY"};
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_BUNDLE bundle = {0};
		AUTO_BUFFER text = {0};
		test_pem(&text, labels[i], "\x30\x03\x02\x01\x01", 5);
		test_pem_cert(&text, test_pki()->leaf);
		parse(text.data, pool, &bundle);
		assert_int_equal(bundle.count, 1);
		assert_int_equal(bundle.entries[0].line, 4);
	}
}

static void trusted_and_old_labels_hold_certificates(void **state)
{
	(void)state;
	unsigned char *der = NULL;
	X509 *trusted = X509_dup(cw_cert_x509(test_pki()->root));
	assert_true(X509_add1_trust_object(trusted, OBJ_nid2obj(NID_server_auth)));
	int length = i2d_X509_AUX(trusted, &der);
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER text = {0};
	test_pem(&text, "TRUSTED CERTIFICATE", der, (size_t)length);
	size_t root_length;
	const uint8_t *root = cw_cert_der(test_pki()->root, &root_length);
	test_pem(&text, "X509 CERTIFICATE", root, root_length);
	test_pem(&text, "TRUSTED CERTIFICATE", root, root_length);
	parse(text.data, pool, &bundle);
	assert_int_equal(bundle.count, 3);
	for (size_t i = 0; i < bundle.count; i++)
		assert_true(cw_cert_same(bundle.entries[i].cert, test_pki()->root));
	OPENSSL_free(der);
	X509_free(trusted);
}

static void an_empty_file_is_an_empty_list(void **state)
{
	(void)state;
	static const char *const rows[] = {"", "\n", " \r\n\t\n", "\xef\xbb\xbf", "\xef\xbb\xbf\r\n"};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_BUNDLE bundle = {0};
		parse(rows[i], pool, &bundle);
		assert_int_equal(bundle.format, CW_FORMAT_EMPTY);
		assert_int_equal(bundle.count, 0);
	}
}

/* A tool that pads, a second certificate behind the first: OpenSSL reads to the end of the element. */
static void bytes_behind_the_end_are_read_over_with_a_note(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		const char *behind;
		size_t length;
		const char *want;
	} rows[] = {
		{"a line end", "\n", 1, "ca.pem: 1 byte behind the end of the certificate"},
		{"zero bytes", "\0\0\0", 3, "ca.pem: 3 bytes behind the end of the certificate"},
		{"the head of another", "\x30\x82\x01\x01", 4,
			"ca.pem: 4 bytes behind the end of the certificate"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_BUNDLE bundle = {0};
		AUTO_BUFFER file = {0};
		struct cw_error error;
		size_t length;
		const uint8_t *der = cw_cert_der(test_pki()->root, &length);
		cw_buffer_append(&file, der, length);
		cw_buffer_append(&file, rows[i].behind, rows[i].length);
		if (!cw_bundle_parse(&(struct cw_bundle_file){file.data, file.length, "ca.pem"}, NULL, pool,
			    &bundle, &error))
			fail_msg("%s: %s", rows[i].name, error.message);
		assert_true(cw_cert_same(bundle.entries[0].cert, test_pki()->root));
		assert_int_equal(bundle.notes.count, 1);
		assert_non_null(strstr(bundle.notes.items[0], rows[i].want));
	}
}

/* Microsoft's certsrv, "certnew.p7b?Enc=b64". */
static void pkcs7_labelled_certificate_is_read_with_a_note(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER text = {0};
	AUTO_BUFFER pkcs7 = {0};
	struct cw_cert *certs[] = {test_pki()->root, test_pki()->leaf};
	test_pkcs7(&pkcs7, certs, 2, false);
	test_pem(&text, "CERTIFICATE", pkcs7.data, pkcs7.length);
	parse(text.data, pool, &bundle);
	assert_int_equal(bundle.format, CW_FORMAT_PKCS7);
	assert_int_equal(bundle.count, 2);
	assert_int_equal(bundle.notes.count, 1);
	assert_non_null(strstr(bundle.notes.items[0], "ca.pem:1: a PKCS#7 under the label CERTIFICATE"));
}

static void der_is_one_certificate(void **state)
{
	(void)state;
	struct cw_error error;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	size_t length;
	const uint8_t *der = cw_cert_der(test_pki()->leaf, &length);
	const char *path = test_folder_write("leaf.cer", der, length);
	assert_true(cw_bundle_read(path, "leaf.cer", NULL, pool, &bundle, &error));
	assert_int_equal(bundle.format, CW_FORMAT_DER);
	assert_int_equal(bundle.count, 1);
	assert_int_equal(bundle.entries[0].line, 0);
	assert_true(cw_cert_same(bundle.entries[0].cert, test_pki()->leaf));
}

static void what_a_crl_file_holds_is_no_certificate(void **state)
{
	(void)state;
	const struct test_pki *pki = test_pki();
	struct cw_error error;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	assert_true(cw_bundle_parse(&(struct cw_bundle_file){pki->crl.data, pki->crl.length, "ca.crl"}, NULL,
		pool, &bundle, &error));
	assert_int_equal(bundle.format, CW_FORMAT_DER);
	assert_int_equal(bundle.count, 0);
	assert_int_equal(bundle.crl_count, 1);
}

static void pkcs7_hands_out_what_went_in_byte_for_byte(void **state)
{
	(void)state;
	struct cw_cert *certs[] = {test_pki()->root, test_pki()->leaf};
	AUTO_BUFFER der = {0}, pem = {0};
	test_pkcs7(&der, certs, 2, true);
	cw_buffer_text(&pem, "subject=/CN=x\n");
	test_pem(&pem, "PKCS7", der.data, der.length);
	const struct {
		const struct cw_buffer *file;
		size_t want_line;
	} rows[] = {{&der, 0}, {&pem, 2}};
	for (size_t i = 0; i < 2; i++) {
		struct cw_error error;
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_BUNDLE bundle = {0};
		if (!cw_bundle_parse(
			    &(struct cw_bundle_file){rows[i].file->data, rows[i].file->length, "a.p7b"}, NULL,
			    pool, &bundle, &error))
			fail_msg("%s", error.message);
		assert_int_equal(bundle.format, CW_FORMAT_PKCS7);
		assert_int_equal(bundle.count, 2);
		assert_int_equal(bundle.crl_count, 1);
		assert_true(cw_cert_same(bundle.entries[0].cert, certs[0]));
		assert_int_equal(bundle.entries[1].line, rows[i].want_line);
		assert_int_equal(bundle.entries[1].number, 2);
		assert_int_equal(cw_bundle_leaf(&bundle), 1);
	}
}

static void pkcs12_opens_with_old_and_new_ciphers(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct test_pkcs12 spec;
		const char *password;
	} rows[] = {
		{"today's", {.password = TEST_PASSWORD, .with_key = true}, TEST_PASSWORD},
		{"RC2-40", {.password = "x", .with_key = true, .cipher = NID_pbe_WithSHA1And40BitRC2_CBC},
			"x"},
		{"3DES",
			{.password = "x",
				.with_key = true,
				.cipher = NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
				.iterations = 2048},
			"x"},
		{"RC4", {.password = "x", .with_key = true, .cipher = NID_pbe_WithSHA1And128BitRC4}, "x"},
		{"the empty password", {.password = "", .with_key = true}, NULL},
		{"no password", {.with_key = true, .cipher = -1}, NULL},
		{"no checksum", {.password = "x", .with_key = true, .no_mac = true}, "x"},
		{"nothing sealed", {.with_key = true, .cipher = -1, .no_mac = true}, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_error error;
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_BUNDLE bundle = {0};
		AUTO_BUFFER der = {0};
		test_pkcs12(&der, &rows[i].spec);
		if (!cw_bundle_parse(&(struct cw_bundle_file){der.data, der.length, rows[i].name},
			    rows[i].password, pool, &bundle, &error))
			fail_msg("%s", error.message);
		assert_int_equal(bundle.format, CW_FORMAT_PKCS12);
		assert_int_equal(bundle.count, 2);
		assert_int_equal(bundle.key_count, 1);
		assert_true(cw_cert_same(bundle.entries[cw_bundle_leaf(&bundle)].cert, test_pki()->leaf));
		assert_true(cw_key_fits(bundle.key, test_pki()->leaf));
		assert_int_equal(ERR_peek_error(), 0);
	}
}

static void old_ciphers_stay_out_of_the_rest_of_the_process(void **state)
{
	(void)state;
	struct cw_error error;
	const struct test_pkcs12 spec = {.password = "x", .cipher = NID_pbe_WithSHA1And40BitRC2_CBC};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER der = {0};
	test_pkcs12(&der, &spec);
	assert_true(cw_bundle_parse(
		&(struct cw_bundle_file){der.data, der.length, "old.p12"}, "x", pool, &bundle, &error));
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "RC2-40-CBC", NULL);
	assert_null(cipher);
	ERR_clear_error();
}

static void the_leaf_is_the_first_or_fits_the_key_or_issued_no_other(void **state)
{
	(void)state;
	const struct test_pki *pki = test_pki();
	static const struct {
		const char *name;
		enum cw_format format;
		bool with_key, leaf_first;
		size_t want_leaf;
	} rows[] = {
		{"PEM, leaf first", CW_FORMAT_PEM, true, true, 0},
		{"PEM, turned round", CW_FORMAT_PEM, false, false, 1},
		{"PEM, turned round, with the key of the leaf", CW_FORMAT_PEM, true, false, 1},
		{"PKCS#7, leaf first", CW_FORMAT_PKCS7, false, true, 0},
		{"PKCS#7, leaf last", CW_FORMAT_PKCS7, false, false, 1},
		{"PKCS#12 with a key", CW_FORMAT_PKCS12, true, false, 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_entry entries[2] = {
			{.cert = rows[i].leaf_first ? pki->leaf : pki->root},
			{.cert = rows[i].leaf_first ? pki->root : pki->leaf},
		};
		const struct cw_bundle bundle = {.format = rows[i].format,
			.entries = entries,
			.count = 2,
			.key = rows[i].with_key ? pki->leaf_key : NULL};
		assert_int_equal(cw_bundle_leaf(&bundle), rows[i].want_leaf);
	}
}

/* A CA of this name, issued in the name of that one. */
static struct cw_cert *ca(const char *subject, const char *issuer)
{
	const struct cw_issue_spec spec = {.subject = subject,
		.issuer = issuer,
		.not_before = TEST_AT,
		.not_after = TEST_AT + CW_DAY,
		.constraints = CW_ISSUE_CA};
	struct cw_error error;
	struct cw_cert *cert = NULL;
	if (!cw_issue(&spec, test_pki()->root_key, NULL, NULL, &cert, &error))
		fail_msg("%s", error.message);
	return cert;
}

static void where_all_are_cas_the_last_in_line_is_the_leaf(void **state)
{
	(void)state;
	AUTO(cw_cert_free) struct cw_cert *root = ca("CN=Root", "CN=Root");
	AUTO(cw_cert_free) struct cw_cert *below = ca("CN=Issuing", "CN=Root");
	AUTO(cw_cert_free) struct cw_cert *cross = ca("CN=Root", "CN=Issuing");
	struct cw_entry line[] = {{.cert = root}, {.cert = below}};
	struct cw_entry circle[] = {{.cert = cross}, {.cert = below}};
	struct cw_bundle bundle = {.format = CW_FORMAT_PKCS7, .entries = line, .count = 2};
	assert_int_equal(cw_bundle_leaf(&bundle), 1);
	bundle.entries = circle; /* each issued the other: the first stands for all */
	assert_int_equal(cw_bundle_leaf(&bundle), 0);
}

static void what_stands_behind_the_trust_settings_is_refused(void **state)
{
	(void)state;
	size_t length;
	const uint8_t *der = cw_cert_der(test_pki()->root, &length);
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER trusted = {0}, pem = {0};
	struct cw_error error;
	cw_buffer_append(&trusted, der, length);
	cw_buffer_append(&trusted, "\x30\x00\x05", 3); /* settings without any, and a byte too many */
	test_pem(&pem, "TRUSTED CERTIFICATE", trusted.data, trusted.length);
	assert_false(cw_bundle_parse(
		&(struct cw_bundle_file){pem.data, pem.length, "ca.pem"}, NULL, pool, &bundle, &error));
	assert_string_equal(
		error.message, "ca.pem:1: bytes after the trust settings of a trusted certificate");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_keeps_order_duplicates_and_lines),
		cmocka_unit_test(line_ends_and_byte_order_marks_do_not_matter),
		cmocka_unit_test(crls_and_keys_are_taken_along),
		cmocka_unit_test(an_encrypted_key_is_counted_and_opened_with_its_password),
		cmocka_unit_test(other_blocks_are_passed_over_beside_certificates),
		cmocka_unit_test(trusted_and_old_labels_hold_certificates),
		cmocka_unit_test(an_empty_file_is_an_empty_list),
		cmocka_unit_test(bytes_behind_the_end_are_read_over_with_a_note),
		cmocka_unit_test(pkcs7_labelled_certificate_is_read_with_a_note),
		cmocka_unit_test(der_is_one_certificate),
		cmocka_unit_test(what_a_crl_file_holds_is_no_certificate),
		cmocka_unit_test(pkcs7_hands_out_what_went_in_byte_for_byte),
		cmocka_unit_test(pkcs12_opens_with_old_and_new_ciphers),
		cmocka_unit_test(old_ciphers_stay_out_of_the_rest_of_the_process),
		cmocka_unit_test(where_all_are_cas_the_last_in_line_is_the_leaf),
		cmocka_unit_test(what_stands_behind_the_trust_settings_is_refused),
		cmocka_unit_test(the_leaf_is_the_first_or_fits_the_key_or_issued_no_other),
	};
	return cmocka_run_group_tests(tests, make, unmake);
}
