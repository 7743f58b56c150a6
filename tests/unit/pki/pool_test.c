#include "pki/pool.h"

#include "issue/issue.h"
#include "support/cmocka.h"
#include "support/pki.h"

#include <stdio.h>

static struct cw_cert *parse(struct cw_pool *pool, const struct cw_cert *like)
{
	struct cw_error error;
	struct cw_cert *cert;
	size_t length;
	const uint8_t *der = cw_cert_der(like, &length);
	assert_true(cw_pool_parse(pool, der, length, &cert, &error));
	return cert;
}

static void the_same_bytes_are_one_object(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_cert_free) struct cw_cert *first = parse(pool, test_pki()->root);
	AUTO(cw_cert_free) struct cw_cert *again = parse(pool, test_pki()->root);
	AUTO(cw_cert_free) struct cw_cert *other = parse(pool, test_pki()->leaf);
	assert_ptr_equal(first, again);
	assert_ptr_not_equal(first, other);
	assert_ptr_equal(cw_pool_find(pool, cw_cert_sha256(test_pki()->leaf)), other);
	const uint8_t unknown[CW_SHA256_SIZE] = {1};
	assert_null(cw_pool_find(pool, unknown));
}

static void the_first_place_is_kept(void **state)
{
	(void)state;
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_cert_free) struct cw_cert *root = parse(pool, test_pki()->root);
	assert_null(cw_pool_path(pool, root));
	assert_true(cw_pool_note(pool, root, "e1/ca.pem") && cw_pool_note(pool, root, "c1/ca.pem"));
	assert_string_equal(cw_pool_path(pool, root), "e1/ca.pem");
	assert_null(cw_pool_path(pool, test_pki()->leaf));
	assert_true(cw_pool_note(pool, test_pki()->leaf, "e1/server.pem")); /* read elsewhere: taken in */
	assert_string_equal(cw_pool_path(pool, test_pki()->leaf), "e1/server.pem");
}

static void a_pool_outlives_nobody_and_keeps_what_others_let_go(void **state)
{
	(void)state;
	struct cw_pool *pool = cw_pool_new();
	struct cw_cert *cert = parse(pool, test_pki()->root);
	cw_cert_free(cert);
	cert = cw_cert_ref(cw_pool_find(pool, cw_cert_sha256(test_pki()->root)));
	cw_pool_free(pool);
	assert_string_equal(cw_cert_label(cert), "Acme Root");
	cw_cert_free(cert);
}

static void certificates_of_one_subject_come_in_the_order_they_were_met(void **state)
{
	(void)state;
	enum { MANY = 300 };
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	struct cw_cert *met[MANY];
	for (int i = 0; i < MANY; i++) {
		char subject[32], serial[8];
		snprintf(subject, sizeof subject, "CN=Acme %d", i % 7);
		snprintf(serial, sizeof serial, "%04x", i + 1);
		const struct cw_issue_spec spec = {.subject = subject,
			.serial = serial,
			.not_before = TEST_AT,
			.not_after = TEST_AT + CW_DAY};
		struct cw_error error;
		AUTO(cw_cert_free) struct cw_cert *cert = NULL;
		assert_true(cw_issue(&spec, test_pki()->root_key, NULL, NULL, &cert, &error));
		met[i] = parse(pool, cert);
		cw_cert_free(met[i]); /* the pool has it */
	}
	for (int first = 0; first < 7; first++) {
		const void *after = NULL;
		for (int i = first; i < MANY; i += 7)
			assert_ptr_equal(cw_pool_next(pool, cw_cert_subject(met[first]), &after), met[i]);
		assert_null(cw_pool_next(pool, cw_cert_subject(met[first]), &after));
	}
	const void *after = NULL;
	assert_null(cw_pool_next(pool, cw_cert_subject(test_pki()->leaf), &after));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_bytes_are_one_object),
		cmocka_unit_test(the_first_place_is_kept),
		cmocka_unit_test(a_pool_outlives_nobody_and_keeps_what_others_let_go),
		cmocka_unit_test(certificates_of_one_subject_come_in_the_order_they_were_met),
	};
	return cmocka_run_group_tests(tests, test_pki_make, test_pki_free);
}
