/* The cache: what it remembers is what OpenSSL would say again. */
#include "trust/cache.h"

#include "support/cmocka.h"
#include "support/judge.h"

#include <stdio.h>

static void it_answers_as_openssl_does(void **state)
{
	(void)state;
	test_make_certs(
		"root ca; twin ca cn=root; copy ca cn=root key=root; leaf by=root; forged by=root corrupt");
	static const struct {
		const char *cert, *issuer;
		bool want;
	} rows[] = {
		{"leaf", "root", true},
		{"leaf", "twin", false},
		{"leaf", "copy", true},
		{"forged", "root", false},
		{"root", "root", true},
		{"copy", "root", true},
		{"root", "leaf", false},
	};
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	for (int time = 0; time < 3; time++)
		for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
			const struct cw_cert *cert = test_cert(rows[i].cert),
					     *issuer = test_cert(rows[i].issuer);
			if (cw_cache_signed_by(time ? cache : NULL, cert, issuer) != rows[i].want)
				fail_msg("%s by %s, time %d", rows[i].cert, rows[i].issuer, time);
		}
}

static void a_certificate_parsed_again_is_the_same_one(void **state)
{
	(void)state;
	test_make_certs("root ca; leaf by=root");
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	assert_true(cw_cache_signed_by(cache, test_cert("leaf"), test_cert("root")));
	size_t length;
	const uint8_t *der = cw_cert_der(test_cert("leaf"), &length);
	AUTO(cw_cert_free) struct cw_cert *again = NULL;
	struct cw_error error;
	assert_true(cw_cert_parse(der, length, &again, &error));
	assert_true(cw_cache_signed_by(cache, again, test_cert("root")));
}

/* More pairs than there are places: an answer that was pushed out is found out again. */
static void a_full_cache_still_answers_right(void **state)
{
	(void)state;
	enum { LEAVES = 40, ISSUERS = 500 };
	test_make_certs("root ca");
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	for (int i = 0; i < LEAVES; i++) {
		char line[64];
		snprintf(line, sizeof line, "leaf%d by=root", i);
		test_make_certs(line);
	}
	for (int i = 0; i < ISSUERS; i++) {
		char line[64];
		/* Ed25519 cannot have signed them: told without arithmetic */
		snprintf(line, sizeof line, "i%d ca key=ed kind=ed25519", i);
		test_make_certs(line);
		for (int j = 0; j < LEAVES; j++) {
			snprintf(line, sizeof line, "leaf%d", j);
			struct cw_cert *leaf = test_cert(line);
			snprintf(line, sizeof line, "i%d", i);
			assert_false(cw_cache_signed_by(cache, leaf, test_cert(line)));
		}
	}
	for (int j = 0; j < LEAVES; j++) {
		char name[16];
		snprintf(name, sizeof name, "leaf%d", j);
		assert_true(cw_cache_signed_by(cache, test_cert(name), test_cert("root")));
		assert_true(cw_cache_signed_by(cache, test_cert(name), test_cert("root")));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_answers_as_openssl_does),
		cmocka_unit_test(a_certificate_parsed_again_is_the_same_one),
		cmocka_unit_test(a_full_cache_still_answers_right),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
