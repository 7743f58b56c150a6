#include "trust/chain.h"

#include "trust/missing.h"
#include "trust/rfc5280.h"
#include "trust/shadow.h"

/* Beyond so many missing certificates nobody has exported the chain at all. */
#define MISSING_MAX 4

/* Checks complete trails while the search goes on, and keeps the findings of the best. */
struct scoring {
	const struct cw_question *question;
	struct cw_findings best;
	unsigned best_score;
	bool scored;
	bool leaf_counts; /* a finding about the leaf alone makes the trail worse */
	struct cw_error *error;
	bool failed;
};

static void scoring_finish(struct scoring *scoring)
{
	cw_findings_finish(&scoring->best);
}

static unsigned refusals(const struct cw_findings *findings, bool leaf_counts)
{
	unsigned count = 0;
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].severity == CW_SEVERITY_REFUSED &&
			(leaf_counts || findings->items[i].depth > 0))
			count++;
	return count;
}

static unsigned score_trail(const struct cw_trail *trail, void *context)
{
	struct scoring *scoring = context;
	AUTO_FINDINGS findings = {0};
	if (!cw_rfc5280_check(scoring->question, trail, &findings, scoring->error)) {
		scoring->failed = true;
		return 0; /* ends the search */
	}
	unsigned score = refusals(&findings, scoring->leaf_counts);
	if (!scoring->scored || score < scoring->best_score) {
		struct cw_findings worse = scoring->best;
		scoring->best = findings;
		findings = worse;
		scoring->best_score = score;
		scoring->scored = true;
	}
	return score;
}

static bool search_scored(
	struct cw_search search, struct scoring *scoring, struct cw_trail *ret, struct cw_error *error)
{
	scoring->question = search.question;
	scoring->error = error;
	search.judge = score_trail;
	search.context = scoring;
	return cw_path_search(&search, ret, error) && !scoring->failed;
}

static void take(struct cw_findings *to, struct scoring *scoring)
{
	*to = scoring->best;
	scoring->best = (struct cw_findings){0};
}

static void copy_steps(struct cw_trail *to, const struct cw_trail *from)
{
	for (size_t i = 0; i < from->count; i++)
		to->steps[i] = from->steps[i];
	to->count = from->count;
	to->end = from->end;
}

static struct cw_search profile_search(const struct cw_question *question)
{
	return (struct cw_search){
		.question = question,
		.choice = question->profile == CW_PROFILE_RFC5280 ? CW_CHOOSE_ALL : CW_CHOOSE_FIRST,
		.wire = question->profile != CW_PROFILE_TUNNEL,
	};
}

/*
 * The path of first entries is no good: would another entry of the same name have been? Then `trail` and
 * `findings` become those of the better path, with the shadowing entry named first (design.md §5 rule 4).
 */
static bool look_behind_shadows(const struct cw_question *question, struct cw_trail *trail,
	struct cw_findings *findings, bool *found, struct cw_error *error)
{
	struct cw_search search = profile_search(question);
	search.choice = CW_CHOOSE_LIST;
	struct cw_trail better;
	struct scoring scoring __attribute__((cleanup(scoring_finish))) = {0};
	if (!search_scored(search, &scoring, &better, error))
		return false;
	if (better.end != CW_TRAIL_COMPLETE || scoring.best_score != 0)
		return true;
	AUTO_FINDINGS named = {0};
	if (!cw_shadow_explain(question, &better, &named, error))
		return false;
	if (named.count == 0)
		return true;
	*found = true;
	for (size_t i = 0; i < scoring.best.count; i++)
		if (!cw_findings_adopt(&named, &scoring.best.items[i]))
			return cw_error_memory(error);
	cw_findings_finish(findings);
	*findings = named;
	named = (struct cw_findings){0};
	copy_steps(trail, &better);
	return true;
}

/* With as few certificates from elsewhere as can be: what the path would be. Unchanged where nothing helps.
 */
static bool imagine(const struct cw_question *question, struct cw_trail *trail, struct cw_error *error)
{
	struct cw_search search = profile_search(question);
	struct cw_trail imagined;
	for (search.elsewhere = 1; search.elsewhere <= MISSING_MAX; search.elsewhere++) {
		if (!cw_path_search(&search, &imagined, error))
			return false;
		if (imagined.end == CW_TRAIL_COMPLETE)
			break;
	}
	if (imagined.end == CW_TRAIL_COMPLETE || imagined.count > trail->count)
		copy_steps(trail, &imagined);
	return true;
}

/* Certificates that are not there are not looked at by the judge: what is wrong with them comes later. */
static void mark_unreached(struct cw_findings *findings, const struct cw_trail *trail)
{
	unsigned missing = 0;
	while (missing < trail->count && trail->steps[missing].origin != CW_FROM_ELSEWHERE)
		missing++;
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].depth >= missing)
			findings->items[i].reached = false;
}

static bool judge_broken(const struct cw_question *question, struct cw_trail *trail,
	struct cw_findings *findings, struct cw_error *error)
{
	AUTO_FINDINGS checked = {0};
	if (trail->end != CW_TRAIL_ROOT_NOT_LISTED && !imagine(question, trail, error))
		return false;
	if (!cw_missing_explain(question, trail, findings, error) ||
		!cw_rfc5280_check(question, trail, &checked, error))
		return false;
	mark_unreached(&checked, trail);
	for (size_t i = 0; i < checked.count; i++)
		if (!cw_findings_adopt(findings, &checked.items[i]))
			return cw_error_memory(error);
	return cw_findings_ok(findings, error);
}

bool cw_chain_judge(const struct cw_question *question, struct cw_trail *ret, struct cw_findings *findings,
	struct cw_error *error)
{
	struct cw_search search = profile_search(question);
	bool first_only = search.choice == CW_CHOOSE_FIRST;
	struct scoring scoring __attribute__((cleanup(scoring_finish))) = {.leaf_counts = !first_only};
	if (!search_scored(search, &scoring, ret, error))
		return false;
	take(findings, &scoring);
	bool complete = ret->end == CW_TRAIL_COMPLETE;
	if (complete && refusals(findings, false) == 0)
		return true;
	bool found = false;
	if (first_only && !look_behind_shadows(question, ret, findings, &found, error))
		return false;
	return complete || found ? true : judge_broken(question, ret, findings, error);
}
