#include "check/again_parts.h"

#include "check/node_check.h"
#include "check/service.h"
#include "trust/issuers.h"

#include <string.h>

/* The chain of each of its certificates stands in its own list, so that nothing is looked for elsewhere. */
static bool own_chains_are_listed(const struct again_running *running, const struct cw_node *node)
{
	for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
		const struct cw_identity *identity = &node->identities[kind];
		const struct cw_cert *at = identity->state == CW_KNOWN ? identity->leaf : NULL;
		for (unsigned depth = 0; at && depth < CW_PATH_DEPTH_MAX; depth++) {
			const struct cw_cert *issuer = cw_issuers_signer(
				at, &node->stores[CW_STORE_TRUSTED_CA].list, NULL, running->options->cache);
			if (!issuer)
				return false;
			at = cw_cert_same(issuer, at) || cw_cert_self_issued(issuer) ? NULL : issuer;
		}
		if (at)
			return false;
	}
	return true;
}

static bool has_complaint_about_list(const struct cw_complaints *complaints)
{
	for (size_t i = 0; i < complaints->count; i++)
		if (cw_check_code_is_about_list(complaints->items[i].finding.code))
			return true;
	return false;
}

static bool any_store(const struct cw_again_node *changed)
{
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++)
		if (changed->stores[i])
			return true;
	return false;
}

/* Lists are compared with the first peer's and the publisher's, keys with every peer's. */
static bool cluster_holds(const struct again_running *running, const struct cw_node *former)
{
	const struct cw_group *group = former->group;
	for (size_t i = 0; group && i < group->count; i++) {
		const struct cw_again_node *changed =
			&running->again->nodes[again_number_of(running, group->nodes[i])];
		bool compared_with = i == 0 || group->nodes[i]->publisher;
		if (changed->identities || (compared_with && any_store(changed)))
			return false;
	}
	return true;
}

static bool node_holds(const struct again_running *running, size_t number)
{
	const struct cw_node_result *former = &running->former->nodes[number];
	const struct cw_again_node *changed = &running->again->nodes[number];
	if (running->again->settings || running->touched[number] || changed->identities || changed->rest ||
		any_store(changed) || !cluster_holds(running, former->node))
		return false;
	return !running->again->known ||
		(!has_complaint_about_list(&former->complaints) &&
			own_chains_are_listed(running, former->node));
}

bool again_do_nodes(struct again_running *running)
{
	struct cw_check *check = running->check;
	check->nodes = calloc(running->former->node_count + 1, sizeof *check->nodes);
	if (!check->nodes)
		return cw_error_memory(running->error);
	for (size_t i = 0; i < running->former->node_count; i++) {
		struct cw_node_result *result = &check->nodes[check->node_count++];
		*result = (struct cw_node_result){.node = running->nodes[i]};
		bool good = node_holds(running, i)
			? again_copy_complaints(
				  running, &running->former->nodes[i].complaints, &result->complaints)
			: cw_node_check_one(check, running->options, result, running->error);
		if (!good)
			return false;
	}
	return true;
}

/* ---------------------------------------------------------------- sign-ins */

static bool copy_service(struct again_running *running, const struct cw_service *former)
{
	struct cw_check *check = running->check;
	struct cw_service *service = &check->services[check->service_count++];
	*service = *former;
	service->because_capacity = former->because_count;
	service->endpoint = &check->deployment->endpoints[again_endpoint_number(running, former->endpoint)];
	service->because = calloc(former->because_count + 1, sizeof(const struct cw_link *));
	if (!service->because)
		return cw_error_memory(running->error);
	for (size_t i = 0; i < former->because_count; i++)
		service->because[i] = check->links[former->because[i]->place];
	return true;
}

bool again_do_services(struct again_running *running)
{
	const struct cw_check *former = running->former;
	struct cw_check *check = running->check;
	if (running->outcomes_differ)
		return cw_services_derive(check, running->error);
	check->services = calloc(former->service_count + 1, sizeof *check->services);
	if (!check->services)
		return cw_error_memory(running->error);
	check->service_capacity = former->service_count + 1;
	for (size_t i = 0; i < former->service_count; i++)
		if (!copy_service(running, &former->services[i]))
			return false;
	return true;
}
