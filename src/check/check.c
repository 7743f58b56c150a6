#include "check/check.h"

#include "check/handshake.h"
#include "check/links.h"
#include "check/node_check.h"
#include "check/question.h"
#include "check/service.h"
#include "pki/error_mark.h"

void cw_check_complaints_finish(struct cw_complaints *complaints)
{
	for (size_t i = 0; i < complaints->count; i++) {
		cw_finding_finish(&complaints->items[i].finding);
		cw_remedy_finish(&complaints->items[i].remedy);
	}
	free(complaints->items);
	*complaints = (struct cw_complaints){0};
}

struct cw_complaint *cw_check_complaints_take(struct cw_complaints *complaints, struct cw_finding *finding)
{
	if (!cw_memory_grow(
		    &complaints->items, &complaints->capacity, complaints->count, sizeof *complaints->items))
		return NULL;
	struct cw_complaint *complaint = &complaints->items[complaints->count++];
	*complaint = (struct cw_complaint){.finding = *finding};
	*finding = (struct cw_finding){0};
	return complaint;
}

bool cw_check_code_is_about_list(enum cw_code code)
{
	switch (code) {
	case CW_ISSUER_MISSING:
	case CW_ROOT_MISSING:
	case CW_SELF_SIGNED_UNTRUSTED:
	case CW_ISSUER_SHADOWED:
	case CW_SIGNATURE_INVALID:
	case CW_DEVICE_LIST_LACKS_CA:
	case CW_ECDSA_TWIN_UNTRUSTED:
		return true;
	default: /* the one switch over codes that names a few of many */
		return false;
	}
}

void cw_check_free(struct cw_check *check)
{
	if (!check)
		return;
	for (size_t i = 0; i < check->link_count; i++)
		cw_link_free(check->links[i]);
	free(check->links);
	for (size_t i = 0; i < check->node_count; i++)
		cw_check_complaints_finish(&check->nodes[i].complaints);
	free(check->nodes);
	for (size_t i = 0; i < check->service_count; i++)
		free(check->services[i].because);
	free(check->services);
	free(check);
}

static bool judge_links(struct cw_check *check, const struct cw_question_terms *terms, struct cw_error *error)
{
	for (size_t i = 0; i < check->link_count; i++) {
		struct cw_link *link = check->links[i];
		if (!cw_question_ask_link(terms, link, error) || !cw_handshake_conclude(check, link, error))
			return cw_error_prefix(error, "%s", link->id);
		check->verdicts[link->verdict]++;
	}
	return true;
}

struct cw_question_terms cw_check_terms(
	const struct cw_deployment *deployment, const struct cw_check_options *options)
{
	return (struct cw_question_terms){.deployment = deployment,
		.at = options->at,
		.force_profile = options->force_profile,
		.profile = options->profile,
		.cache = options->cache};
}

bool cw_check_run(const struct cw_deployment *deployment, const struct cw_check_options *options,
	struct cw_check **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(cw_check_free) struct cw_check *check = calloc(1, sizeof *check);
	if (!check)
		return cw_error_memory(error);
	check->deployment = deployment;
	check->at = options->at;
	check->cache = options->cache;
	const struct cw_question_terms terms = cw_check_terms(deployment, options);
	if (!cw_links_derive(check, error) || !judge_links(check, &terms, error) ||
		!cw_node_check_all(check, options, error) || !cw_services_derive(check, error))
		return false;
	check->cache = NULL;
	if (cw_error_mark_out_of_memory(&mark))
		return cw_error_memory(error);
	*ret = TAKE(check);
	return true;
}

bool cw_check_refused(const struct cw_check *check)
{
	if (check->verdicts[CW_VERDICT_REFUSED])
		return true;
	for (size_t i = 0; i < check->node_count; i++)
		for (size_t k = 0; k < check->nodes[i].complaints.count; k++)
			if (check->nodes[i].complaints.items[k].finding.severity == CW_SEVERITY_REFUSED)
				return true;
	return false;
}
