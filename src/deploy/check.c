#include "deploy/check.h"

#include "deploy/complaint.h"
#include "deploy/handshake.h"
#include "deploy/links.h"
#include "deploy/node_check.h"
#include "deploy/remedies.h"
#include "deploy/service.h"
#include "deploy/side.h"
#include "pki/error_mark.h"

void cw_check_free(struct cw_check *check)
{
	if (!check)
		return;
	for (size_t i = 0; i < check->link_count; i++)
		cw_link_free(check->links[i]);
	free(check->links);
	for (size_t i = 0; i < check->node_count; i++)
		cw_complaints_finish(&check->nodes[i].complaints);
	free(check->nodes);
	for (size_t i = 0; i < check->service_count; i++)
		free(check->services[i].because);
	free(check->services);
	free(check);
}

static bool judge_links(
	struct cw_check *check, const struct cw_check_options *options, struct cw_error *error)
{
	for (size_t i = 0; i < check->link_count; i++) {
		struct cw_link *link = check->links[i];
		if (!cw_link_ask(check, options, link, error) || !cw_link_conclude(check, link, error))
			return cw_error_prefix(error, "%s", link->id);
		check->verdicts[link->verdict]++;
	}
	return true;
}

bool cw_check_run(const struct cw_deployment *deployment, const struct cw_check_options *options,
	struct cw_check **ret, struct cw_error *error)
{
	AUTO_MARK mark = cw_mark_open();
	AUTO(cw_check_free) struct cw_check *check = calloc(1, sizeof *check);
	if (!check)
		return cw_error_memory(error);
	check->deployment = deployment;
	check->at = options->at;
	check->cache = options->cache;
	if (!cw_links_derive(check, error) || !judge_links(check, options, error) ||
		!cw_nodes_check(check, options, error) || !cw_services_derive(check, error) ||
		!cw_remedies_find(check, error))
		return false;
	check->cache = NULL;
	if (cw_mark_out_of_memory(&mark))
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
