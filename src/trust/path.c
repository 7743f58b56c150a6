#include "trust/path.h"

#include "trust/cache_parts.h"
#include "trust/issuers.h"

#include <limits.h>
#include <string.h>

/*
 * A depth-first search from the leaf upwards. At each step the candidates are whoever bears the name of the top's issuer:
 * of the list first, then of what came over the wire, then (where the caller wants to know what would be) of what is known
 * from elsewhere, in that order and, with CW_CHOOSE_ALL, by key identifier within it. A candidate counts once its key
 * verifies the signature. A self-signed certificate ends a path, for good or bad, and each complete path is scored by the
 * caller; 0 ends the search, else the best and earliest is kept, and of incomplete ones the longest.
 *
 * It ends because a CA (name and key) stands in a path only once, a path has at most CW_PATH_DEPTH_MAX steps, and looks and
 * complete paths are counted down: cross-signed CAs can make more paths than there are atoms.
 */

struct candidates {
	struct candidate {
		struct cw_step step;
		unsigned rank; /* CW_CHOOSE_ALL: lower is tried earlier */
	} * items;
	size_t count;
	size_t capacity;
};

static void candidates_finish(struct candidates *candidates)
{
	free(candidates->items);
}

struct state {
	const struct cw_path_query *search;
	const struct cw_judge_question *question;
	struct cw_partial_path partial; /* being walked */
	struct cw_partial_path *best;	/* so far */
	unsigned best_score;		/* of a complete one; UINT_MAX: none yet */
	unsigned elsewhere;		/* steps from elsewhere that are left */
	unsigned paths;			/* complete paths that are left */
	bool gave_up;			/* no looks were left */
	bool failed;			/* no memory */
};

static bool extend(struct state *state);

static struct cw_step *top(struct state *state)
{
	return &state->partial.steps[state->partial.count - 1];
}

static void copy_partial(struct cw_partial_path *to, const struct cw_partial_path *from, enum cw_path_end end)
{
	memcpy(to->steps, from->steps, from->count * sizeof from->steps[0]);
	to->count = from->count;
	to->end = end;
	to->first = false;
}

/* An incomplete path: kept where nothing better is known. */
static void give_up(struct state *state, enum cw_path_end end)
{
	if (state->best_score == UINT_MAX && state->partial.count > state->best->count)
		copy_partial(state->best, &state->partial, end);
}

/* A complete path. True: the search is over. */
static bool complete(struct state *state)
{
	unsigned score = 0;
	if (state->search->judge) {
		state->partial.end = CW_PATH_END_COMPLETE;
		score = state->search->judge(&state->partial, state->search->context);
	}
	if (score < state->best_score) {
		copy_partial(state->best, &state->partial, CW_PATH_END_COMPLETE);
		state->best->first = state->paths == CW_PATHS_MAX;
		state->best_score = score;
	}
	return score == 0 || --state->paths == 0;
}

/* RFC 4158 §5.2: a CA of the same name and key is the same CA, and a path through it twice could be shorter.
 */
static bool on_path(const struct state *state, const struct cw_cert *cert)
{
	const struct cw_step *steps = state->partial.steps;
	for (size_t i = 1; i < state->partial.count; i++)
		if (cw_name_equal(cw_cert_subject(steps[i].cert), cw_cert_subject(cert)) &&
			cw_cert_same_key(steps[i].cert, cert))
			return true;
	return cw_cert_same(steps[0].cert, cert);
}

/* RFC 4158 §3.5.12: a key identifier that fits comes first, one that does not comes last. */
unsigned cw_path_key_id_rank(const struct cw_cert *cert, const struct cw_cert *issuer)
{
	size_t wanted_length, length;
	const uint8_t *wanted = cw_cert_authority_key_id(cert, &wanted_length);
	const uint8_t *found = cw_cert_subject_key_id(issuer, &length);
	if (!wanted || !found)
		return 1;
	return wanted_length == length && memcmp(wanted, found, length) == 0 ? 0 : 2;
}

static bool is_candidate(const struct candidates *candidates, const struct cw_cert *cert)
{
	for (size_t i = 0; i < candidates->count; i++)
		if (cw_cert_same(candidates->items[i].step.cert, cert))
			return true;
	return false;
}

/* Adds behind those of the same or a better rank. */
static void add_candidate(struct state *state, struct candidates *candidates, struct cw_cert *issuer,
	enum cw_origin origin, size_t place)
{
	if (!cw_memory_grow(&candidates->items, &candidates->capacity, candidates->count,
		    sizeof *candidates->items)) {
		state->failed = true;
		return;
	}
	unsigned rank =
		state->search->choice == CW_CHOOSE_ALL ? cw_path_key_id_rank(top(state)->cert, issuer) : 0;
	if (origin == CW_FROM_ELSEWHERE)
		rank += 3; /* only after everything that is really there */
	size_t at = candidates->count++;
	for (; at > 0 && candidates->items[at - 1].rank > rank; at--)
		candidates->items[at] = candidates->items[at - 1];
	candidates->items[at] = (struct candidate){{issuer, origin, place}, rank};
}

static void collect_from_list(struct state *state, const struct cw_name *name, struct candidates *candidates)
{
	struct cw_issuers issuers = cw_issuers_named(name, state->question->list, NULL);
	struct cw_cert *issuer;
	size_t place;
	while ((issuer = cw_issuers_next(&issuers, &place))) {
		if (!is_candidate(candidates, issuer))
			add_candidate(state, candidates, issuer, CW_FROM_LIST, place);
		if (state->search->choice == CW_CHOOSE_FIRST)
			return;
	}
}

static void collect_from_wire(struct state *state, const struct cw_name *name, struct candidates *candidates)
{
	const struct cw_judge_question *question = state->question;
	bool listed = candidates->count > 0;
	if (listed && state->search->choice != CW_CHOOSE_ALL)
		return; /* rules 2: only where the list has none */
	for (size_t i = 1; i < question->chain_count; i++) {
		struct cw_cert *cert = question->chain[i];
		if (!cw_name_equal(cw_cert_subject(cert), name) || is_candidate(candidates, cert))
			continue;
		add_candidate(state, candidates, cert, CW_FROM_WIRE, 0);
		if (state->search->choice != CW_CHOOSE_ALL)
			return;
	}
}

/*
 * What the judge does not hold, or holds and does not look at: what it would find if it were uploaded. What
 * came over the wire counts too, where the wire may not serve or an entry of the list stands before it.
 */
static void collect_from_elsewhere(
	struct state *state, const struct cw_name *name, struct candidates *candidates)
{
	const struct cw_judge_question *question = state->question;
	if (!state->elsewhere)
		return;
	bool wire_is_heard = state->search->wire &&
		(candidates->count == 0 || candidates->items[0].step.origin == CW_FROM_WIRE);
	for (size_t i = 1; !wire_is_heard && i < question->chain_count; i++) {
		struct cw_cert *cert = question->chain[i];
		if (cw_name_equal(cw_cert_subject(cert), name) && !is_candidate(candidates, cert))
			add_candidate(state, candidates, cert, CW_FROM_ELSEWHERE, 0);
	}
	struct cw_issuers issuers = cw_issuers_named(name, NULL, question->known);
	struct cw_cert *cert;
	while ((cert = cw_issuers_next(&issuers, NULL)))
		if (!is_candidate(candidates, cert))
			add_candidate(state, candidates, cert, CW_FROM_ELSEWHERE, 0);
}

/* True: the search is over. */
static bool try_candidate(struct state *state, const struct cw_step *step)
{
	state->partial.steps[state->partial.count++] = *step;
	state->elsewhere -= step->origin == CW_FROM_ELSEWHERE;
	bool over = extend(state);
	state->elsewhere += step->origin == CW_FROM_ELSEWHERE;
	state->partial.count--;
	return over;
}

static void collect(struct state *state, const struct cw_name *name, struct candidates *candidates)
{
	collect_from_list(state, name, candidates);
	if (state->search->wire)
		collect_from_wire(state, name, candidates);
	collect_from_elsewhere(state, name, candidates);
}

/* None of the candidates verified: there was none, all stand in the path already, or the keys are others. */
static enum cw_path_end why_no_issuer(size_t candidates, size_t circles)
{
	if (candidates == 0)
		return CW_PATH_END_NO_ISSUER;
	return circles == candidates ? CW_PATH_END_CIRCLE : CW_PATH_END_BAD_SIGNATURE;
}

/* Tries whoever bears the name of the top's issuer. True: the search is over. */
static bool extend_by_issuers(struct state *state)
{
	const struct cw_cert *cert = top(state)->cert;
	struct candidates candidates __attribute__((cleanup(candidates_finish))) = {0};
	collect(state, cw_cert_issuer(cert), &candidates);

	size_t circles = 0, verified = 0;
	for (size_t i = 0; i < candidates.count && !state->failed; i++) {
		const struct cw_step *step = &candidates.items[i].step;
		if (*state->search->candidates == 0) {
			give_up(state, CW_PATH_END_GAVE_UP);
			state->gave_up = true;
			return true;
		}
		--*state->search->candidates;
		if (on_path(state, step->cert)) {
			circles++;
			continue;
		}
		bool signed_by;
		if (!cw_cache_check_signed_by(state->question->cache, cert, step->cert, &signed_by)) {
			state->failed = true;
			return true;
		}
		if (!signed_by)
			continue;
		verified++;
		if (try_candidate(state, step))
			return true;
	}
	if (!verified)
		give_up(state, why_no_issuer(candidates.count, circles));
	return state->failed;
}

/* Where the list's own search finds this very certificate: its place, from 1; else 0. */
static size_t listed_place(const struct state *state, const struct cw_cert *cert)
{
	const struct cw_trust_list *list = state->question->list;
	size_t index = state->search->choice == CW_CHOOSE_FIRST
		? cw_trust_list_search(list, cw_cert_subject(cert), 0)
		: cw_trust_list_find(list, cert);
	return index < list->count && cw_cert_same(list->entries[index].cert, cert) ? index + 1 : 0;
}

/* A self-signed certificate is an end, good or bad: OpenSSL, too, takes no copy of it with the same key
 * instead. */
static bool end_at_root(struct state *state, struct cw_step *step)
{
	if (step->origin != CW_FROM_WIRE)
		return complete(state);
	size_t place = listed_place(state, step->cert);
	if (!place) {
		give_up(state, CW_PATH_END_ROOT_NOT_LISTED);
		return false;
	}
	struct cw_step presented = *step;
	*step = (struct cw_step){step->cert, CW_FROM_LIST, place};
	bool over = complete(state);
	*step = presented;
	return over;
}

/* Goes on from the top of the path. True: the search is over. */
static bool extend(struct state *state)
{
	struct cw_step *step = top(state);
	bool self_signed;
	if (!cw_cert_check_self_signed(step->cert, &self_signed)) {
		state->failed = true;
		return true;
	}
	if (self_signed)
		return end_at_root(state, step);
	if (state->partial.count == CW_PATH_DEPTH_MAX) {
		give_up(state, CW_PATH_END_TOO_DEEP);
		return false;
	}
	return extend_by_issuers(state);
}

bool cw_path_search(const struct cw_path_query *search, struct cw_partial_path *ret, struct cw_error *error)
{
	struct state state = {
		.search = search,
		.question = search->question,
		.best = ret,
		.best_score = UINT_MAX,
		.elsewhere = search->elsewhere,
		.paths = CW_PATHS_MAX,
	};
	ret->count = 0;
	state.partial.steps[0] = (struct cw_step){search->question->chain[0], CW_FROM_WIRE, 0};
	state.partial.count = 1;
	extend(&state);
	if (state.gave_up && state.best_score == UINT_MAX)
		ret->end = CW_PATH_END_GAVE_UP;
	return state.failed ? cw_error_memory(error) : true;
}
