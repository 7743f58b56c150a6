#include "judged.h"

#include "base/buffer.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void describe(struct cw_buffer *text, const struct cw_judgement *judgement)
{
	cw_buffer_text(text, cw_finding_verdict_name(judgement->verdict));
	for (size_t i = 0; i < judgement->findings.count; i++) {
		const struct cw_finding *finding = &judgement->findings.items[i];
		cw_buffer_printf(text, "; %s %s %u %d %zu %zu %s", cw_finding_code_name(finding->code),
			cw_finding_severity_name(finding->severity), finding->depth, finding->reached,
			finding->place, finding->better_place, finding->detail);
	}
	for (size_t i = 0; i < judgement->path.count; i++)
		cw_buffer_printf(text, "; %s %d %zu", cw_cert_sha256_text(judgement->path.steps[i].cert),
			(int)judgement->path.steps[i].origin, judgement->path.steps[i].place);
	cw_buffer_printf(text, "; %d", judgement->path.trusted);
}

static void check_findings(const struct cw_judgement *judgement)
{
	enum cw_verdict worst = CW_VERDICT_PASS;
	for (size_t i = 0; i < judgement->findings.count; i++) {
		const struct cw_finding *finding = &judgement->findings.items[i];
		enum cw_verdict verdict = cw_finding_severity_verdict(finding->severity);
		worst = verdict > worst ? verdict : worst;
		if (!finding->detail || !*finding->detail)
			abort();
	}
	if (worst != judgement->verdict)
		abort();
}

static void check_path(const struct cw_judge_question *question, const struct cw_judgement *judgement)
{
	const struct cw_path *path = &judgement->path;
	if (!path->count || path->count > CW_PATH_DEPTH_MAX || path->steps[0].cert != question->chain[0])
		abort();
	for (size_t i = 0; i < path->count; i++) {
		const struct cw_step *step = &path->steps[i];
		if (step->origin == CW_FROM_LIST &&
			(!step->place || step->place > question->list->count ||
				!cw_cert_same(question->list->entries[step->place - 1].cert, step->cert)))
			abort();
		if (i + 1 < path->count && path->trusted &&
			!cw_cert_signed_by(step->cert, path->steps[i + 1].cert))
			abort();
	}
	const struct cw_cert *last = path->steps[path->count - 1].cert;
	if (path->trusted &&
		(!cw_cert_self_signed(last) ||
			cw_trust_list_find(question->list, last) == question->list->count))
		abort();
	if (judgement->verdict < CW_VERDICT_UNKNOWN && !path->trusted)
		abort(); /* accepted without trust */
}

static void ask(struct cw_judge_question *question, struct cw_cache *cache, struct cw_buffer *text)
{
	AUTO_JUDGEMENT judgement = {0};
	struct cw_error error;
	question->cache = cache;
	if (!cw_judge(question, &judgement, &error)) {
		fprintf(stderr, "%s\n", error.message);
		abort();
	}
	check_findings(&judgement);
	check_path(question, &judgement);
	describe(text, &judgement);
	if (ERR_peek_error())
		abort();
}

void judged_ask(struct cw_judge_question question)
{
	static struct cw_cache *shared; /* from input to input */
	AUTO(cw_cache_free) struct cw_cache *empty = cw_cache_new();
	if (!shared)
		shared = cw_cache_new();
	struct cw_cache *caches[] = {NULL, empty, empty, shared};
	AUTO_BUFFER first = {0};
	for (size_t i = 0; i < sizeof caches / sizeof caches[0]; i++) {
		AUTO_BUFFER text = {0};
		ask(&question, caches[i], i ? &text : &first);
		if (i && strcmp(cw_buffer_string(&text), cw_buffer_string(&first)) != 0)
			abort();
	}
}
