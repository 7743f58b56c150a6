#include "report/chain_text.h"

#include "issue/issue.h"
#include "issue/issue_key.h"
#include "pki/key.h"
#include "report/text/layout.h"
#include "support/cmocka.h"
#include "support/instant.h"

/* The hierarchy of the MRA certificates guide, "Configure the Expressway-C and Expressway-E to Trust Each Other". */
static EVP_PKEY *key, *other_key;
static struct cw_cert *root, *intermediate, *leaf, *other_intermediate;

static struct cw_cert *issue(const char *subject, EVP_PKEY *own_key, const struct cw_cert *issuer, bool ca)
{
	struct cw_issue_spec spec = {.subject = subject,
		.not_before = TEST_AT - CW_DAY,
		.not_after = TEST_AT + 365 * CW_DAY,
		.constraints = ca ? CW_ISSUE_CA : CW_ISSUE_END_ENTITY};
	struct cw_cert *cert;
	struct cw_error error;
	if (!cw_issue(&spec, own_key, issuer, key, &cert, &error))
		fail_msg("%s", error.message);
	return cert;
}

static int make(void **state)
{
	(void)state;
	struct cw_error error;
	if (!cw_issue_key("ed25519", &key, &error) || !cw_issue_key("ed25519", &other_key, &error))
		return -1;
	root = issue("CN=GoDaddy Root CA", key, NULL, true);
	intermediate = issue("CN=GoDaddy Intermediate Authority", key, root, true);
	leaf = issue("CN=Expressway-E.lab", key, intermediate, false);
	other_intermediate = issue("CN=GoDaddy Intermediate Authority", other_key, NULL, true);
	return 0;
}

static int release(void **state)
{
	(void)state;
	cw_cert_free(other_intermediate);
	cw_cert_free(leaf);
	cw_cert_free(intermediate);
	cw_cert_free(root);
	EVP_PKEY_free(other_key);
	EVP_PKEY_free(key);
	return 0;
}

/* Judges the leaf alone against this list; everything is known to the pool. */
static void draw(struct cw_cert *const *entries, size_t count, struct cw_buffer *ret)
{
	AUTO_TRUST_LIST list = {0};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	struct cw_cert *all[] = {root, intermediate};
	for (size_t i = 0; i < 2; i++) {
		size_t length;
		const uint8_t *der = cw_cert_der(all[i], &length);
		AUTO(cw_cert_free) struct cw_cert *pooled = NULL;
		struct cw_error error;
		assert_true(cw_pool_parse(pool, der, length, &pooled, &error));
		assert_true(cw_pool_note(pool, pooled, "all.pem"));
	}
	for (size_t i = 0; i < count; i++)
		assert_true(cw_trust_list_add(&list, entries[i], "ca.pem", i + 1));
	AUTO_JUDGEMENT judgement = {0};
	struct cw_error error;
	struct cw_judge_question question = {
		.chain = &leaf, .chain_count = 1, .list = &list, .at = TEST_AT, .known = pool};
	if (!cw_judge(&question, &judgement, &error))
		fail_msg("%s", error.message);
	const struct cw_findings *findings = &judgement.findings;
	AUTO_BUFFER marked = {0};
	cw_chain_text(&marked, 0, &judgement.path, findings->count ? &findings->items[0] : NULL);
	cw_layout_render(&marked, (struct cw_layout_look){0}, ret);
}

static void chains_are_drawn_as_the_seed_draws_them(void **state)
{
	(void)state;
	const struct {
		const char *what;
		struct cw_cert *list[3];
		size_t count;
		const char *want;
	} rows[] = {
		{"intermediate left out", {root}, 1,
			"Certificate 3\n"
			"Issuer: CN=GoDaddy Root CA\n"
			"Subject: CN=GoDaddy Root CA\n"
			"Certificate 1\n"
			"Issuer: CN=GoDaddy Intermediate Authority - Not Trusted!\n"
			"Subject: CN=Expressway-E.lab\n"},
		{"root left out", {intermediate}, 1,
			"Certificate 2\n"
			"Issuer: CN=GoDaddy Root CA - Not Trusted!\n"
			"Subject: CN=GoDaddy Intermediate Authority\n"
			"Certificate 1\n"
			"Issuer: CN=GoDaddy Intermediate Authority\n"
			"Subject: CN=Expressway-E.lab\n"},
		{"all there", {root, intermediate}, 2,
			"Certificate 3\n"
			"Issuer: CN=GoDaddy Root CA - Self-signed top-level certificate is trusted and chain "
			"complete!\n"
			"Subject: CN=GoDaddy Root CA\n"
			"Certificate 2\n"
			"Issuer: CN=GoDaddy Root CA\n"
			"Subject: CN=GoDaddy Intermediate Authority\n"
			"Certificate 1\n"
			"Issuer: CN=GoDaddy Intermediate Authority\n"
			"Subject: CN=Expressway-E.lab\n"},
		{"nothing there", {NULL}, 0,
			"Certificate 1\n"
			"Issuer: CN=GoDaddy Intermediate Authority - Not Trusted!\n"
			"Subject: CN=Expressway-E.lab\n"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER got = {0};
		draw(rows[i].list, rows[i].count, &got);
		if (strcmp(cw_buffer_string(&got), rows[i].want) != 0)
			fail_msg("%s: got\n%s", rows[i].what, cw_buffer_string(&got));
	}
}

static void a_shadowed_issuer_is_marked_below_the_wrong_entry(void **state)
{
	(void)state;
	AUTO_BUFFER got = {0};
	struct cw_cert *list[] = {other_intermediate, intermediate, root};
	draw(list, 3, &got);
	assert_non_null(strstr(cw_buffer_string(&got),
		"Certificate 1\nIssuer: CN=GoDaddy Intermediate Authority - Not Trusted!\n"));
	assert_null(strstr(cw_buffer_string(&got), "chain complete"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_are_drawn_as_the_seed_draws_them),
		cmocka_unit_test(a_shadowed_issuer_is_marked_below_the_wrong_entry),
	};
	return cmocka_run_group_tests(tests, make, release);
}
