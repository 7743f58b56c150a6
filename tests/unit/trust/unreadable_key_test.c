/* A leaf whose public key cannot be read: a refusal with its reason, and no error. */
#include "support/cmocka.h"
#include "support/judge.h"

#include <stdlib.h>

/* `cert` with another byte in its public key, which is then no point of the curve. */
static struct cw_cert *with_broken_key(const struct cw_cert *cert)
{
	size_t length;
	const uint8_t *der = cw_cert_der(cert, &length);
	const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(cw_cert_x509(cert));
	AUTO(free) uint8_t *copy = malloc(length);
	assert_non_null(copy);
	memcpy(copy, der, length);
	uint8_t *at = memmem(copy, length, key->data, (size_t)key->length);
	assert_non_null(at);
	at[key->length - 1] ^= 1;
	struct cw_cert *broken;
	struct cw_error error;
	if (!cw_cert_parse(copy, length, &broken, &error))
		fail_msg("%s", error.message);
	return broken;
}

static void a_leaf_with_an_unreadable_key_is_refused(void **state)
{
	(void)state;
	test_make_certs("root ca; leaf by=root");
	AUTO(cw_cert_free) struct cw_cert *leaf = with_broken_key(test_cert("leaf"));
	struct cw_crl *crl = test_crl("by=root");
	AUTO_TRUST_LIST list = {0};
	test_list("root", &list);
	for (int profile = CW_PROFILE_EXPRESSWAY; profile <= CW_PROFILE_TUNNEL; profile++)
		for (int revocation = 0; revocation < 2; revocation++) {
			AUTO_JUDGEMENT judgement = {0};
			struct cw_error error;
			const struct cw_judge_question question = {.chain = &leaf,
				.chain_count = 1,
				.list = &list,
				.profile = (enum cw_profile)profile,
				.revocation = {.on = revocation, .crls = &crl, .count = 1},
				.at = TEST_AT};
			if (!cw_judge(&question, &judgement, &error))
				fail_msg("%s", error.message);
			assert_int_equal(judgement.verdict, CW_VERDICT_REFUSED);
			bool tunnel = profile == CW_PROFILE_TUNNEL;
			assert_non_null(cw_findings_find(
				&judgement.findings, tunnel ? CW_TUNNEL_KEY_UNFIT : CW_TLS_UNUSABLE));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_leaf_with_an_unreadable_key_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
