#include "node/work/work_apply.h"
#include "node/work/work_do.h"
#include "node/work/work_status.h"
#include "node/work/work_yaml.h"

#include <string.h>
#include <strings.h>

bool cw_work_do_domains(struct cw_work_call *call)
{
	cw_work_call_put(call, "domains", cw_work_status_domains(call));
	return true;
}

static bool read_question(struct cw_work_call *call, const char **ret_name, bool *ret_tries)
{
	if (!cw_work_call_want(call, "domain", ret_name) || !cw_work_call_switch(call, "try", ret_tries))
		return false;
	return cw_work_call_is_host(*ret_name) ||
		cw_work_call_refuse(
			call, 400, NULL, "domain: wanted a domain name, found \"%.100s\"", *ret_name);
}

static size_t find_domain(const struct cw_deployment *deployment, const char *name)
{
	size_t i = 0;
	while (i < deployment->domain_count && strcasecmp(deployment->domains[i].name, name) != 0)
		i++;
	return i;
}

static bool apply(struct cw_work_call *call, const struct cw_snapshot *after, bool tries)
{
	const struct cw_work_yaml_change change = {.model = after, .tries = tries};
	if (!cw_work_yaml_apply(call, &change))
		return false;
	cw_work_call_put(call, "domains", cw_work_status_domains(call));
	return true;
}

bool cw_work_do_domains_add(struct cw_work_call *call)
{
	AUTO(cw_snapshot_free) struct cw_snapshot *after = NULL;
	const char *name;
	bool tries = false;
	if (!read_question(call, &name, &tries) || !cw_work_apply_read(call, &after))
		return false;
	struct cw_deployment *deployment = after->file->deployment;
	if (find_domain(deployment, name) < deployment->domain_count)
		return cw_work_call_refuse(call, 409, NULL, "domain: %.100s is there already", name);
	if (deployment->endpoint_count)
		return cw_work_call_refuse(call, 409, "Add it to node.yaml by hand.",
			"domain: node.yaml names endpoints, which say which domains are theirs");
	char *copy = strdup(name);
	if (!copy ||
		!cw_memory_grow(&deployment->domains, &deployment->domain_capacity, deployment->domain_count,
			sizeof *deployment->domains)) {
		free(copy);
		return cw_work_call_memory(call);
	}
	deployment->domains[deployment->domain_count++] = (struct cw_domain){copy, CW_EDGE_EITHER};
	return apply(call, after, tries);
}

bool cw_work_do_domains_remove(struct cw_work_call *call)
{
	AUTO(cw_snapshot_free) struct cw_snapshot *after = NULL;
	const char *name;
	bool tries = false;
	if (!read_question(call, &name, &tries) || !cw_work_apply_read(call, &after))
		return false;
	struct cw_deployment *deployment = after->file->deployment;
	size_t place = find_domain(deployment, name);
	if (place == deployment->domain_count)
		return cw_work_call_refuse(call, 404, NULL, "domain: %.100s is not there", name);
	if (deployment->endpoint_count)
		return cw_work_call_refuse(call, 409, "Take it out of node.yaml by hand.",
			"domain: node.yaml names endpoints, which say which domains are theirs");
	free(deployment->domains[place].name);
	for (size_t i = place; i + 1 < deployment->domain_count; i++)
		deployment->domains[i] = deployment->domains[i + 1];
	deployment->domain_count--;
	return apply(call, after, tries);
}
