#include "trust/judge.h"

#include "pki/error_mark.h"
#include "trust/chain.h"
#include "trust/leaf.h"
#include "trust/tunnel.h"

#include <string.h>

void cw_judge_finish(struct cw_judgement *judgement)
{
	cw_findings_finish(&judgement->findings);
	for (size_t i = 0; i < judgement->path.count; i++)
		cw_cert_free(judgement->path.steps[i].cert);
	free(judgement->path.steps);
	*judgement = (struct cw_judgement){0};
}

/* A list that trusts every step, and no step that is not there. */
static bool trail_is_trusted(const struct cw_partial_path *partial)
{
	for (size_t i = 0; i < partial->count; i++)
		if (partial->steps[i].origin == CW_FROM_ELSEWHERE)
			return false;
	return partial->end == CW_PATH_END_COMPLETE;
}

static bool copy_path(const struct cw_partial_path *partial, struct cw_path *ret, struct cw_error *error)
{
	ret->steps = calloc(partial->count, sizeof *ret->steps);
	if (!ret->steps)
		return cw_error_memory(error);
	ret->count = partial->count;
	ret->trusted = trail_is_trusted(partial);
	for (size_t i = 0; i < partial->count; i++) {
		ret->steps[i] = partial->steps[i];
		cw_cert_ref(ret->steps[i].cert);
	}
	return true;
}

bool cw_judge(const struct cw_judge_question *question, struct cw_judgement *ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark =
		cw_error_mark_open(); /* an error left in the queue makes the next SSL_get_error lie */
	AUTO_JUDGEMENT judgement = {0};
	struct cw_partial_path partial;
	if (!cw_chain_judge(question, &partial, &judgement.findings, error))
		return false;
	cw_leaf_check_names(question, &judgement.findings);
	cw_leaf_check_strength(question, &partial, &judgement.findings);
	if (question->profile == CW_PROFILE_TUNNEL)
		cw_tunnel_check_key(question->chain[0], &judgement.findings);
	if (cw_error_mark_out_of_memory(&mark))
		return cw_error_memory(error); /* a signature that could not be checked is no bad one */
	if (!cw_findings_ok(&judgement.findings, error) || !copy_path(&partial, &judgement.path, error))
		return false;
	if (cw_findings_find(&judgement.findings, CW_ISSUER_SHADOWED))
		judgement.path.trusted = false;
	judgement.verdict = cw_findings_verdict(&judgement.findings);
	*ret = judgement;
	judgement = (struct cw_judgement){0};
	return true;
}

static const char *const profile_names[] = {"expressway", "rfc5280", "tunnel"};

const char *cw_judge_profile_name(enum cw_profile profile)
{
	return profile_names[profile];
}

bool cw_judge_profile_named(const char *name, enum cw_profile *ret)
{
	for (size_t i = 0; i < sizeof profile_names / sizeof profile_names[0]; i++) {
		if (strcmp(profile_names[i], name) == 0) {
			*ret = (enum cw_profile)i;
			return true;
		}
	}
	return false;
}
