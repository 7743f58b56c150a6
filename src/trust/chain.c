#include "trust/chain.h"

#include "trust/missing_issuer.h"
#include "trust/rfc5280.h"
#include "trust/shadow.h"

#include <limits.h>
#include <openssl/x509v3.h>
#include <string.h>

/* Beyond so many missing certificates nobody has exported the chain at all. */
#define MISSING_MAX 4

/* Checks complete paths while the search goes on, and keeps the findings of the best. */
struct scoring {
	const struct cw_judge_question *question;
	struct cw_findings best;
	unsigned best_score;
	bool scored;
	size_t *work; /* of the whole question */
	bool gave_up; /* a path was not looked at any more */
	struct cw_error *error;
	bool failed;
};

static void scoring_finish(struct scoring *scoring)
{
	cw_findings_finish(&scoring->best);
}
#define AUTO_SCORING __attribute__((cleanup(scoring_finish))) struct scoring

static unsigned refusals(const struct cw_findings *findings)
{
	unsigned count = 0;
	for (size_t i = 0; i < findings->count; i++)
		count += findings->items[i].severity == CW_SEVERITY_REFUSED;
	return count;
}

/*
 * Against constraints and names that multiply, times the paths that cross-signed CAs make: bytes of constraints
 * times names below them, for all paths of a question behind the first. The first is as dear as OpenSSL's own
 * check. In the field a path costs some thousands.
 */
#define NAME_WORK_MAX ((size_t)1 << 26)

static size_t name_work(const struct cw_partial_path *partial)
{
	size_t names = 0, work = 0;
	for (size_t i = 0; i < partial->count; i++) {
		X509 *x509 = cw_cert_x509(partial->steps[i].cert);
		int place = X509_get_ext_by_NID(x509, NID_name_constraints, -1);
		if (place >= 0)
			work += names *
				(size_t)ASN1_STRING_length(
					X509_EXTENSION_get_data(X509_get_ext(x509, place)));
		names += cw_cert_sans(partial->steps[i].cert)->count;
	}
	return work;
}

static unsigned score_partial(const struct cw_partial_path *partial, void *context)
{
	struct scoring *scoring = context;
	AUTO_FINDINGS findings = {0};
	size_t work = name_work(partial);
	if (*scoring->work && *scoring->work + work > NAME_WORK_MAX) {
		scoring->gave_up = true;
		return UINT_MAX; /* no better than none */
	}
	*scoring->work += work;
	if (!cw_rfc5280_check(scoring->question, partial, &findings, scoring->error)) {
		scoring->failed = true;
		return 0; /* ends the search */
	}
	unsigned score = refusals(&findings);
	if (!scoring->scored || score < scoring->best_score) {
		struct cw_findings worse = scoring->best;
		scoring->best = findings;
		findings = worse;
		scoring->best_score = score;
		scoring->scored = true;
	}
	return score;
}

static bool search_scored(struct cw_path_query search, struct scoring *scoring, struct cw_partial_path *ret,
	struct cw_error *error)
{
	scoring->question = search.question;
	scoring->error = error;
	scoring->work = search.work;
	search.judge = score_partial;
	search.context = scoring;
	return cw_path_search(&search, ret, error) && !scoring->failed;
}

static void take(struct cw_findings *to, struct cw_findings *from)
{
	cw_findings_finish(to);
	*to = *from;
	*from = (struct cw_findings){0};
}

static bool take_behind(struct cw_findings *to, struct cw_findings *from, struct cw_error *error)
{
	for (size_t i = 0; i < from->count; i++)
		if (!cw_findings_adopt(to, &from->items[i]))
			return cw_error_memory(error);
	return true;
}

static void copy_steps(struct cw_partial_path *to, const struct cw_partial_path *from)
{
	for (size_t i = 0; i < from->count; i++)
		to->steps[i] = from->steps[i];
	to->count = from->count;
	to->end = from->end;
	to->first = from->first;
}

static struct cw_path_query profile_search(const struct cw_judge_question *question, unsigned *candidates)
{
	return (struct cw_path_query){
		.question = question,
		.candidates = candidates,
		.choice = question->profile == CW_PROFILE_RFC5280 ? CW_CHOOSE_ALL : CW_CHOOSE_FIRST,
		.wire = question->profile != CW_PROFILE_TUNNEL,
	};
}

/* From the leaf up, as a judge meets them; only the first is reached. */
static void order_by_depth(struct cw_findings *findings)
{
	for (size_t i = 1; i < findings->count; i++) {
		struct cw_finding finding = findings->items[i];
		size_t at = i;
		for (; at > 0 && findings->items[at - 1].depth > finding.depth; at--)
			findings->items[at] = findings->items[at - 1];
		findings->items[at] = finding;
	}
	for (size_t i = 1; i < findings->count; i++)
		findings->items[i].reached = false;
}

/* What the judge does not hold or does not find it does not look at: what is wrong with it comes later. */
static void mark_unreached(struct cw_findings *findings, const struct cw_judge_question *question,
	const struct cw_partial_path *partial)
{
	unsigned depth = 0;
	while (depth < partial->count && partial->steps[depth].origin != CW_FROM_ELSEWHERE &&
		!cw_shadow_above(question, &partial->steps[depth]))
		depth++;
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].depth >= depth)
			findings->items[i].reached = false;
}

/* What keeps the judge from this path, then what is wrong with the path itself. Replaces `findings`. */
static bool explain(const struct cw_judge_question *question, const struct cw_partial_path *partial,
	struct cw_findings *checked, struct cw_findings *findings, struct cw_error *error)
{
	AUTO_FINDINGS told = {0};
	if (question->profile != CW_PROFILE_RFC5280 && !cw_shadow_explain(question, partial, &told, error))
		return false;
	if (!cw_missing_issuer_explain(question, partial, &told, error))
		return false;
	order_by_depth(&told);
	mark_unreached(checked, question, partial);
	if (!take_behind(&told, checked, error))
		return false;
	take(findings, &told);
	return true;
}

/*
 * The judge's own path is no good: would it be if it looked behind the first entry of a name (docs/rules.md
 * rule 4), or held what is missing (rule 14)? With as few certificates from elsewhere as can be. Then `path`
 * and `findings` become those of the better path. `score` is that of the judge's own path, UINT_MAX where it
 * is incomplete.
 */
static bool look_for_better(struct cw_path_query search, unsigned score, struct cw_partial_path *partial,
	struct cw_findings *findings, bool *found, struct cw_error *error)
{
	const struct cw_judge_question *question = search.question;
	struct cw_partial_path better;
	better.count = 0;
	better.end = CW_PATH_END_GAVE_UP;
	if (search.choice == CW_CHOOSE_FIRST)
		search.choice = CW_CHOOSE_LIST;
	unsigned missing_max =
		partial->end == CW_PATH_END_COMPLETE || partial->end == CW_PATH_END_ROOT_NOT_LISTED
		? 0
		: MISSING_MAX;
	for (; search.elsewhere <= missing_max && !*found; search.elsewhere++) {
		AUTO_SCORING scoring = {0};
		if (!search_scored(search, &scoring, &better, error))
			return false;
		*found = better.end == CW_PATH_END_COMPLETE && scoring.best_score < score;
		if (*found && !explain(question, &better, &scoring.best, findings, error))
			return false;
	}
	if (*found || (partial->end != CW_PATH_END_COMPLETE && better.count > partial->count))
		copy_steps(partial, &better);
	return true;
}

static bool judge_broken(const struct cw_judge_question *question, const struct cw_partial_path *partial,
	struct cw_findings *findings, struct cw_error *error)
{
	AUTO_FINDINGS checked = {0};
	return cw_rfc5280_check(question, partial, &checked, error) &&
		explain(question, partial, &checked, findings, error);
}

/* A bound that was hit is said where it may have cost a better answer. */
static void tell_given_up(struct cw_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		struct cw_finding *finding = &findings->items[i];
		if (finding->severity != CW_SEVERITY_REFUSED || !finding->detail)
			continue;
		AUTO(free) char *before = strdup(finding->detail);
		if (!before)
			findings->failed = true;
		else
			cw_finding_detail(findings, finding,
				"%s (other paths were given up: their name constraints cost too much)",
				before);
		return;
	}
}

bool cw_chain_judge(const struct cw_judge_question *question, struct cw_partial_path *ret,
	struct cw_findings *findings, struct cw_error *error)
{
	unsigned candidates = CW_PATH_CANDIDATES_MAX;
	size_t work = 0;
	struct cw_path_query search = profile_search(question, &candidates);
	search.work = &work;
	AUTO_SCORING scoring = {0};
	if (!search_scored(search, &scoring, ret, error))
		return false;
	take(findings, &scoring.best);
	if (scoring.gave_up)
		tell_given_up(findings);
	bool complete = ret->end == CW_PATH_END_COMPLETE;
	bool all_tried = search.choice == CW_CHOOSE_ALL;
	if (complete && (all_tried || scoring.best_score == 0))
		return true;
	bool found = false;
	unsigned score = complete ? scoring.best_score : UINT_MAX;
	search.elsewhere = all_tried;
	if (!look_for_better(search, score, ret, findings, &found, error))
		return false;
	return complete || found ? true : judge_broken(question, ret, findings, error);
}
