/*
 * Every allocation of a judgement fails in turn, ours and OpenSSL's: a clean error, or the same judgement as
 * ever. A signature that could not be checked for want of memory must not look like one that does not verify.
 */
#include "support/cmocka.h"
#include "support/judge.h"

#include <openssl/crypto.h>
#include <stdlib.h>

/* The linker puts these in the place of the allocator's (tests/CMakeLists.txt). */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

static long until_failure; /* 0: none fails */
static bool failed;

static bool fails(void)
{
	if (until_failure == 0 || --until_failure > 0)
		return false;
	failed = true;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

static void *openssl_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return __wrap_malloc(size);
}

static void *openssl_realloc(void *old, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return __wrap_realloc(old, size);
}

static void openssl_free(void *data, const char *file, int line)
{
	(void)file;
	(void)line;
	free(data);
}

struct row {
	const char *title, *certs, *wire, *list, *known;
	enum cw_profile profile;
	const char *crl;
	bool with_cache; /* once more */
};

static const struct row rows[] = {
	{"a good path", "root ca; inter ca by=root; leaf by=inter san=DNS:a,DNS:b eku=server", "leaf inter",
		"root", NULL, CW_PROFILE_EXPRESSWAY, NULL, true},
	{"a good path among others", "root ca; stale ca cn=root; inter ca by=root permit=test; leaf by=inter",
		"leaf inter", "stale root", NULL, CW_PROFILE_RFC5280, NULL, false},
	{"a shadowed root, an expired leaf, a missing CA",
		"root ca; stale ca cn=root; inter ca by=root; leaf by=inter until=-1", "leaf", "stale root",
		"inter", CW_PROFILE_EXPRESSWAY, NULL, false},
	{"a wrong root", "root ca; stale ca cn=root; leaf by=root eku=client", "leaf root", "stale", "root",
		CW_PROFILE_TUNNEL, NULL, false},
	{"revocation", "root ca ku=certsign+crlsign; leaf by=root eku=client", "leaf", "root", NULL,
		CW_PROFILE_RFC5280, "by=root revoked=leaf", false},
	{"no CRL of the issuer", "root ca ku=certsign+crlsign; inter ca by=root; leaf by=inter", "leaf inter",
		"root", NULL, CW_PROFILE_RFC5280, "by=root", false},
};

/* Parsed anew, so that nothing is remembered in them. */
static size_t fresh_certs(const char *names, struct cw_cert *ret[], size_t max)
{
	size_t count = test_certs(names, ret, max);
	for (size_t i = 0; i < count; i++) {
		size_t length;
		const uint8_t *der = cw_cert_der(ret[i], &length);
		struct cw_error error;
		assert_true(cw_cert_parse(der, length, &ret[i], &error));
	}
	return count;
}

/* Allocation `which` of the judge fails; 0: none. False: the question could not be asked. */
static bool judge(struct cw_judge_question *question, long which, char **ret)
{
	AUTO_JUDGEMENT judgement = {0};
	struct cw_error error = {.code = CW_E_USAGE};
	failed = false;
	until_failure = which;
	bool worked = cw_judge(question, &judgement, &error);
	until_failure = 0;
	if (worked)
		*ret = test_findings_text(&judgement.findings);
	else
		assert_true(judgement.findings.count == 0 &&
			(error.code == CW_E_MEMORY || error.code == CW_E_CRYPTO));
	return worked;
}

static bool ask(const struct row *row, struct cw_cache *cache, long which, char **ret)
{
	struct cw_cert *wire[8], *listed[8];
	AUTO_TRUST_LIST list = {0};
	size_t count = fresh_certs(row->wire, wire, 8), list_count = fresh_certs(row->list, listed, 8);
	for (size_t i = 0; i < list_count; i++)
		assert_true(cw_trust_list_add(&list, listed[i], "ca.pem", i + 1));
	AUTO(cw_pool_free) struct cw_pool *known = row->known ? test_pool(row->known) : NULL;
	struct cw_crl *crl = row->crl ? test_crl(row->crl) : NULL;
	const struct cw_wanted_name name = {{"e1.acme.test", NULL}, CW_PEER_NAME_MISMATCH, CW_LAYER_TLS};
	struct cw_judge_question question = {
		.chain = wire,
		.chain_count = count,
		.list = &list,
		.profile = row->profile,
		.purpose = CW_PURPOSE_SERVER,
		.names = &name,
		.name_count = 1,
		.revocation = {.on = crl != NULL, .crls = &crl, .count = crl != NULL},
		.at = TEST_AT,
		.known = known,
		.cache = cache,
	};
	bool worked = judge(&question, which, ret);
	for (size_t i = 0; i < count; i++)
		cw_cert_free(wire[i]);
	for (size_t i = 0; i < list_count; i++)
		cw_cert_free(listed[i]);
	return worked;
}

/* False: there is no such allocation. */
static bool fail_allocation(const struct row *row, struct cw_cache *cache, long which, const char *wanted)
{
	char *found = NULL;
	bool worked = ask(row, cache, which, &found);
	bool there = failed;
	if (worked && strcmp(found, wanted) != 0)
		fail_msg("%s: allocation %ld fails and the judgement is \"%s\", not \"%s\"", row->title,
			which, found, wanted);
	free(found);
	if (!cache)
		return there;
	/* what the cache has seen of the failure does no harm later */
	assert_true(ask(row, cache, 0, &found));
	assert_string_equal(found, wanted);
	free(found);
	return there;
}

static void every_allocation_fails_in_turn(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		test_certs_finish();
		test_make_certs(rows[i].certs);
		char *wanted;
		assert_true(ask(&rows[i], NULL, 0, &wanted));
		long which = 1;
		while (fail_allocation(&rows[i], NULL, which, wanted))
			which++;
		assert_true(which > 10);
		for (which = 1; rows[i].with_cache; which++) {
			AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
			if (!fail_allocation(&rows[i], cache, which, wanted))
				break;
		}
		free(wanted);
	}
}

int main(void)
{
	if (!CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free))
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_fails_in_turn),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
