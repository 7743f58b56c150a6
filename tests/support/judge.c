#include "support/judge.h"

#include "base/buffer.h"
#include "support/cmocka.h"

#include <openssl/err.h>
#include <stdlib.h>

#define CERTS_MAX 32
#define CRLS_MAX 8

static struct cw_cache *shared;

static void describe_finding(struct cw_buffer *text, const struct cw_finding *finding)
{
	cw_buffer_printf(text, "%s@%u %s", cw_finding_code_name(finding->code), finding->depth,
		test_cert_name(finding->cert));
	if (finding->place)
		cw_buffer_printf(text, " #%zu", finding->place);
	if (finding->better)
		cw_buffer_printf(text, " >%s#%zu", test_cert_name(finding->better), finding->better_place);
	if (finding->severity != cw_finding_row(finding->code)->severity)
		cw_buffer_printf(text, " %s", cw_finding_severity_name(finding->severity));
	if (!finding->reached)
		cw_buffer_text(text, " later");
}

char *test_findings_text(const struct cw_findings *findings)
{
	AUTO_BUFFER text = {0};
	cw_buffer_text(&text, "");
	for (size_t i = 0; i < findings->count; i++) {
		cw_buffer_text(&text, i ? "; " : "");
		describe_finding(&text, &findings->items[i]);
	}
	return strdup(cw_buffer_string(&text));
}

static char *path_text(const struct cw_path *path)
{
	static const char *const origins[] = {"", "#", "?"};
	AUTO_BUFFER text = {0};
	for (size_t i = 0; i < path->count; i++)
		cw_buffer_printf(&text, "%s%s%s", i ? " " : "", test_cert_name(path->steps[i].cert),
			origins[path->steps[i].origin]);
	cw_buffer_text(&text, path->trusted ? " trusted" : "");
	return strdup(cw_buffer_string(&text));
}

static char *details_text(const struct cw_findings *findings)
{
	AUTO_BUFFER text = {0};
	for (size_t i = 0; i < findings->count; i++)
		cw_buffer_printf(
			&text, "%s\n", findings->items[i].detail ? findings->items[i].detail : "(no detail)");
	return strdup(cw_buffer_string(&text));
}

/* Everything that a judgement says. */
static char *whole_text(const struct cw_judgement *judgement)
{
	AUTO_BUFFER text = {0};
	AUTO(free) char *findings = test_findings_text(&judgement->findings);
	AUTO(free) char *path = path_text(&judgement->path);
	AUTO(free) char *details = details_text(&judgement->findings);
	cw_buffer_printf(&text, "%s\n%s\n%s\n%s", cw_finding_verdict_name(judgement->verdict), findings, path,
		details);
	return strdup(cw_buffer_string(&text));
}

static void check_wants(const struct judge_row *row, const struct cw_judgement *judgement)
{
	AUTO(free) char *findings = test_findings_text(&judgement->findings);
	AUTO(free) char *path = path_text(&judgement->path);
	AUTO(free) char *details = details_text(&judgement->findings);
	const char *profile = cw_judge_profile_name(row->profile);
	if (strcmp(findings, row->want) != 0)
		fail_msg("%s (%s): found \"%s\", wanted \"%s\"\n%s", row->title, profile, findings, row->want,
			details);
	if (row->want_path && strcmp(path, row->want_path) != 0)
		fail_msg("%s (%s): found the path \"%s\", wanted \"%s\"", row->title, profile, path,
			row->want_path);
	if (row->want_detail && !strstr(details, row->want_detail))
		fail_msg("%s (%s): wanted \"%s\" in:\n%s", row->title, profile, row->want_detail, details);
	if (strstr(details, "(no detail)"))
		fail_msg("%s (%s): a finding has no detail: %s", row->title, profile, findings);
	if (judgement->verdict != cw_findings_verdict(&judgement->findings))
		fail_msg("%s: verdict %s", row->title, cw_finding_verdict_name(judgement->verdict));
	assert_int_equal(ERR_peek_error(), 0);
}

/* Judges and returns whole_text. */
static char *ask(struct cw_judge_question *question, struct cw_cache *cache, const struct judge_row *row)
{
	AUTO_JUDGEMENT judgement = {0};
	struct cw_error error;
	question->cache = cache;
	if (!cw_judge(question, &judgement, &error))
		fail_msg("%s: %s", row->title, error.message);
	check_wants(row, &judgement);
	return whole_text(&judgement);
}

static void ask_four_times(struct cw_judge_question *question, const struct judge_row *row)
{
	AUTO(cw_cache_free) struct cw_cache *empty = cw_cache_new();
	if (!shared)
		shared = cw_cache_new();
	assert_true(empty && shared);
	AUTO(free) char *without = ask(question, NULL, row);
	AUTO(free) char *with_empty = ask(question, empty, row);
	AUTO(free) char *with_shared = ask(question, shared, row);
	AUTO(free) char *with_warm = ask(question, shared, row);
	assert_string_equal(without, with_empty);
	assert_string_equal(without, with_shared);
	assert_string_equal(without, with_warm);
}

static size_t make_crls(const char *statements, struct cw_crl *crls[CRLS_MAX])
{
	size_t count = 0;
	while (statements && *statements) {
		size_t length = strcspn(statements, ";");
		AUTO(free) char *words = strndup(statements, length);
		assert_true(count < CRLS_MAX);
		if (strstr(words, "by="))
			crls[count++] = test_crl(words);
		statements += length + (statements[length] == ';');
	}
	return count;
}

void test_judge_row(const struct judge_row *row)
{
	if (row->certs) {
		test_certs_finish();
		test_make_certs(row->certs);
	}
	struct cw_cert *wire[CERTS_MAX];
	struct cw_crl *crls[CRLS_MAX];
	AUTO_TRUST_LIST list = {0};
	AUTO(cw_pool_free) struct cw_pool *known = row->known ? test_pool(row->known) : NULL;
	test_list(row->list, &list);
	const struct cw_wanted_name name = {
		{row->name, row->other_name}, CW_PEER_NAME_MISMATCH, CW_LAYER_TLS};
	struct cw_judge_question question = {
		.chain = wire,
		.chain_count = test_certs(row->wire, wire, CERTS_MAX),
		.list = &list,
		.profile = row->profile,
		.purpose = row->purpose,
		.names = &name,
		.name_count = row->name != NULL,
		.common_name_counts = row->common_name_counts,
		.revocation = {.on = row->crls != NULL,
			.missing_passes = row->missing_passes,
			.unknown = row->lists_unknown,
			.doubtful = row->doubtful,
			.crls = crls,
			.count = make_crls(row->crls, crls)},
		.at = TEST_AT + row->after,
		.known = known,
	};
	ask_four_times(&question, row);
}

void test_judge_rows(const struct judge_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		test_judge_row(&rows[i]);
}

int test_judge_finish(void **state)
{
	(void)state;
	cw_cache_free(shared);
	shared = NULL;
	test_keys_finish();
	return 0;
}
