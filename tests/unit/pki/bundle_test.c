#include "pki/bundle.h"

#include "base/file.h"
#include "pki/issue.h"
#include "pki/issue_key.h"
#include "pki/key.h"
#include "pki/pem_write.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <openssl/err.h>

#define AT ((cw_time)1795176000) /* 2026-11-20T12:00:00Z */

static EVP_PKEY *key;
static struct cw_cert *root, *leaf;
static char *root_pem, *leaf_pem, *crl_pem;

static char *to_pem(const char *label, const void *der, size_t length)
{
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	assert_true(cw_pem_append(&pem, label, der, length, &error));
	return cw_buffer_steal(&pem);
}

static int make(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_issue_spec spec = {.subject = "CN=Acme Root",
		.not_before = AT,
		.not_after = AT + CW_DAY,
		.constraints = CW_ISSUE_CA};
	struct cw_issue_crl_spec crl_spec = {.this_update = AT, .next_update = AT + CW_DAY};
	AUTO_BUFFER crl = {0};
	if (!cw_issue_key("ec", &key, &error) || !cw_issue(&spec, key, NULL, NULL, &root, &error))
		return -1;
	spec.subject = "CN=e1.acme.test";
	spec.constraints = CW_ISSUE_END_ENTITY;
	if (!cw_issue(&spec, key, root, key, &leaf, &error) ||
		!cw_issue_crl_der(&crl_spec, cw_cert_x509(root), key, &crl, &error))
		return -1;
	size_t length;
	const uint8_t *der = cw_cert_der(root, &length);
	root_pem = to_pem("CERTIFICATE", der, length);
	der = cw_cert_der(leaf, &length);
	leaf_pem = to_pem("CERTIFICATE", der, length);
	crl_pem = to_pem("X509 CRL", crl.data, crl.length);
	test_folder_make();
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	test_folder_remove();
	free(root_pem);
	free(leaf_pem);
	free(crl_pem);
	cw_cert_free(root);
	cw_cert_free(leaf);
	EVP_PKEY_free(key);
	return 0;
}

/* Reads `text` and leaves the bundle to the caller. */
static void parse(const char *text, struct cw_pool *pool, struct cw_bundle *ret)
{
	struct cw_error error;
	if (!cw_bundle_parse(text, strlen(text), "ca.pem", NULL, pool, ret, &error))
		fail_msg("%s", error.message);
	assert_int_equal(ERR_peek_error(), 0);
}

static void a_list_keeps_order_duplicates_and_lines(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "Acme roots\n\n%s\nBag Attributes: none\n%s%s", leaf_pem, root_pem, leaf_pem);
	parse(text.data, pool, &bundle);
	assert_int_equal(bundle.format, CW_FORMAT_PEM);
	assert_string_equal(bundle.path, "ca.pem");
	assert_int_equal(bundle.count, 3);
	assert_true(cw_cert_same(bundle.entries[0].cert, leaf));
	assert_true(cw_cert_same(bundle.entries[1].cert, root));
	assert_ptr_equal(bundle.entries[2].cert, bundle.entries[0].cert);
	assert_int_equal(bundle.entries[0].line, 3);
	assert_int_equal(bundle.entries[2].number, 3);
	assert_string_equal(cw_pool_path(pool, bundle.entries[1].cert), "ca.pem");
}

static void line_ends_and_byte_order_marks_do_not_matter(void **state)
{
	(void)state;
	static const char *const ends[] = {"\n", "\r\n", "\r"};
	for (size_t i = 0; i < 3; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO_BUNDLE bundle = {0};
		AUTO_BUFFER text = {0};
		cw_buffer_text(&text, "\xef\xbb\xbf");
		for (const char *c = root_pem; *c; c++)
			cw_buffer_append(&text, *c == '\n' ? ends[i] : c, *c == '\n' ? strlen(ends[i]) : 1);
		cw_buffer_printf(&text, "%s", leaf_pem);
		parse(text.data, pool, &bundle);
		assert_int_equal(bundle.count, 2);
		assert_int_equal(bundle.entries[0].line, 1);
		assert_true(cw_cert_same(bundle.entries[0].cert, root));
	}
}

static void crls_and_keys_are_taken_along(void **state)
{
	(void)state;
	struct cw_error error;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	AUTO_BUFFER text = {0}, key_pem = {0};
	const char *path = test_folder_path("key.pem");
	assert_true(cw_pem_write_key(path, key, NULL, &error));
	assert_true(cw_file_read(path, 10000, &key_pem, &error));
	cw_buffer_printf(&text, "%s%s%s", key_pem.data, crl_pem, root_pem);
	parse(text.data, pool, &bundle);
	assert_int_equal(bundle.count, 1);
	assert_int_equal(bundle.crl_count, 1);
	assert_int_equal(bundle.key_count, 1);
	assert_int_equal(bundle.encrypted_count, 0);
	assert_true(bundle.key && cw_key_fits(bundle.key, root));
	cw_time next;
	assert_true(cw_crl_next_update(bundle.crls[0], &next));
	assert_int_equal(next, AT + CW_DAY);
	assert_true(cw_name_equal(cw_crl_issuer(bundle.crls[0]), cw_cert_subject(root)));
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

static void der_is_one_certificate(void **state)
{
	(void)state;
	struct cw_error error;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	size_t length;
	const uint8_t *der = cw_cert_der(leaf, &length);
	const char *path = test_folder_write("leaf.cer", der, length);
	assert_true(cw_bundle_read(path, "leaf.cer", NULL, pool, &bundle, &error));
	assert_int_equal(bundle.format, CW_FORMAT_DER);
	assert_int_equal(bundle.count, 1);
	assert_int_equal(bundle.entries[0].line, 0);
	assert_true(cw_cert_same(bundle.entries[0].cert, leaf));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_keeps_order_duplicates_and_lines),
		cmocka_unit_test(line_ends_and_byte_order_marks_do_not_matter),
		cmocka_unit_test(crls_and_keys_are_taken_along),
		cmocka_unit_test(an_empty_file_is_an_empty_list),
		cmocka_unit_test(der_is_one_certificate),
	};
	return cmocka_run_group_tests(tests, make, unmake);
}
