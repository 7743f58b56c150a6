/* The chain-building scenarios of OpenBSD's regress/lib/libcrypto/certs, where somebody has put them (shared
 * data). */
#include "pki/bundle/bundle.h"
#include "support/cmocka.h"
#include "support/judge.h"

#include <stdio.h>
#include <unistd.h>

#define AT \
	((cw_time)1798761600) /* 2027-01-01: after the youngest certificate began, before the first that \
				 counts ends */

struct scenario {
	const char *name;
	const char *want; /* the first finding, "": verifies */
};

static const struct scenario scenarios[] = {
	{"1a", ""}, {"2a", ""}, {"2b", "issuer-missing@1"}, {"2c", ""}, {"3a", ""},
	{"3b", "issuer-missing@3"}, {"3c", "issuer-missing@2"}, {"3d", "issuer-missing@1"}, {"3e", ""},
	{"4a", ""}, {"4b", ""}, {"4c", ""}, {"4d", ""}, {"4e", ""}, {"4f", ""}, {"4g", ""}, {"4h", ""},
	{"5a", ""}, {"5b", ""}, {"5c", ""}, {"5d", ""}, {"5e", ""}, {"5f", ""}, {"5g", ""}, {"5h", ""},
	{"5i", ""}, {"6a", ""}, {"6b", ""}, {"7a", ""}, {"7b", ""}, {"8a", "expired@0"}, {"9a", "expired@1"},
	{"10a", ""}, {"10b", ""}, {"11a", ""}, {"11b", ""}, {"12a", ""}, {"13a", ""}, {"14a", ""},
	{"14b", "issuer-missing@32"}, /* 33 certificates: longer than anybody follows */
};

static const char *data_folder(void)
{
	const char *named = getenv("CAUSEWAY_TESTDATA");
	return named && *named ? named : "../shared/data";
}

static void read_bundle(const char *scenario, const char *file, struct cw_pool *pool, struct cw_bundle *ret)
{
	char path[512];
	struct cw_error error;
	snprintf(path, sizeof path, "%s/chains/%s/%s", data_folder(), scenario, file);
	if (!cw_bundle_read(path, path, NULL, pool, ret, &error))
		fail_msg("%s", error.message);
}

static void judge(const struct scenario *scenario, struct cw_cache *cache)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE roots = {0};
	AUTO_BUNDLE presented = {0};
	AUTO_TRUST_LIST list = {0};
	struct cw_cert *chain[64];
	read_bundle(scenario->name, "roots.pem", pool, &roots);
	read_bundle(scenario->name, "bundle.pem", pool, &presented);
	assert_true(cw_trust_list_add_bundle(&list, &roots));
	for (size_t i = 0; i < presented.count && i < 64; i++)
		chain[i] = presented.entries[i].cert;
	const struct cw_judge_question question = {.chain = chain,
		.chain_count = presented.count,
		.list = &list,
		.profile = CW_PROFILE_RFC5280,
		.at = AT,
		.cache = cache};
	AUTO_JUDGEMENT judgement = {0};
	struct cw_error error;
	assert_true(cw_judge(&question, &judgement, &error));
	AUTO(free) char *found = test_findings_text(&judgement.findings);
	size_t length = strlen(scenario->want);
	if (strncmp(found, scenario->want, length) != 0 ||
		(length == 0 && judgement.verdict == CW_VERDICT_REFUSED))
		fail_msg("%s: found \"%s\", wanted \"%s\"", scenario->name, found, scenario->want);
}

static void every_scenario_is_judged_as_its_readme_says(void **state)
{
	(void)state;
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
		judge(&scenarios[i], NULL);
		judge(&scenarios[i], cache);
		judge(&scenarios[i], cache);
	}
}

int main(void)
{
	char path[512];
	snprintf(path, sizeof path, "%s/chains/README", data_folder());
	if (access(path, R_OK) != 0)
		return TEST_SKIPPED;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scenario_is_judged_as_its_readme_says),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
