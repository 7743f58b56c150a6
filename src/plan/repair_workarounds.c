#include "plan/repair_parts.h"

#include "plan/compare.h"

#include <string.h>
#include <strings.h>

/*
 * Workarounds for tonight: one table of switches that boxes have. Each is laid over by itself, on every cluster that
 * can do it, and judged; told is what makes a sign-in better and nothing worse. None ends a cause, so none is a step of
 * a plan.
 */

struct trying {
	struct repair_search *search;
	struct repair_steps steps;
};

static bool add(struct trying *trying, const char *node, const char *setting, const char *value,
	const struct cw_strings *nodes)
{
	struct cw_repair_step step = {.remedy = {.action = CW_ACTION_SET, .node = node, .setting = setting},
		.phase = CW_REPAIR_BEFORE,
		.unit = ++trying->search->units};
	bool good = (step.remedy.value = strdup(value)) != NULL;
	for (size_t i = 0; good && nodes && i < nodes->count; i++)
		good = cw_strings_add(&step.nodes, nodes->items[i]);
	if (!good) {
		cw_repair_step_finish(&step);
		return cw_error_memory(trying->search->error);
	}
	return repair_steps_take(&trying->steps, &step) || cw_error_memory(trying->search->error);
}

/* On each cluster where it is not so already. */
static bool add_on_groups(struct trying *trying, const char *setting, const char *value,
	bool (*wants)(const struct cw_group *group))
{
	const struct cw_deployment *deployment = trying->search->deployment;
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *group = deployment->groups[i];
		if (group->count && wants(group) && !add(trying, group->nodes[0]->fqdn, setting, value, NULL))
			return false;
	}
	return true;
}

static bool is_c(const struct cw_group *group)
{
	return group->kind == CW_NODE_EXPRESSWAY_C;
}

static bool is_expressway(const struct cw_group *group)
{
	return is_c(group) || group->kind == CW_NODE_EXPRESSWAY_E;
}

static bool verifies_origin(const struct cw_group *group)
{
	return is_c(group) && group->verify_origin_server && cw_release_row(group->release)->origin_switch;
}

static bool verifies_cucm(const struct cw_group *group)
{
	return is_c(group) && group->cucm_tls_verify != CW_SWITCH_OFF;
}

/* The traffic server, and where it asks too, the discovery of servers. */
static bool origin_off(struct trying *trying)
{
	return add_on_groups(trying, "verify-origin-server", "off", verifies_origin) &&
		(!trying->steps.count || add_on_groups(trying, "cucm-tls-verify", "off", verifies_cucm));
}

static bool checks_eku(const struct cw_group *group)
{
	return is_expressway(group) && group->eku_check && cw_release_row(group->release)->eku_check_switch;
}

static bool eku_off(struct trying *trying)
{
	return add_on_groups(trying, "eku-check", "off", checks_eku);
}

static bool enforces_cluster(const struct cw_group *group)
{
	return is_expressway(group) && group->cluster_tls_verify;
}

static bool cluster_permissive(struct trying *trying)
{
	return add_on_groups(trying, "cluster-tls-verify", "permissive", enforces_cluster);
}

static bool may_pick_ecdsa(const struct cw_group *group)
{
	return is_c(group) && group->prefer != CW_PREFER_RSA;
}

static bool prefer_rsa(struct trying *trying)
{
	return add_on_groups(trying, "prefer", "rsa", may_pick_ecdsa);
}

/* The MRA certificates guide: secure signalling "is NOT required between Expressway-C and CUCM". */
static bool non_secure_profile(struct trying *trying)
{
	const struct cw_check *before = trying->search->before;
	AUTO_STRINGS devices = {0};
	const struct cw_node *publisher = NULL;
	for (size_t i = 0; i < before->node_count; i++)
		if (before->nodes[i].node->kind == CW_NODE_CUCM &&
			(!publisher || before->nodes[i].node->publisher))
			publisher = before->nodes[i].node;
	for (size_t i = 0; i < before->service_count; i++) {
		const struct cw_service *service = &before->services[i];
		if (service->state != CW_SERVICE_WORKS && service->endpoint->sip != CW_ENDPOINT_SIP_NONE &&
			!cw_strings_contain(&devices, service->endpoint->name) &&
			!cw_strings_add(&devices, service->endpoint->name))
			return cw_error_memory(trying->search->error);
	}
	return !publisher || !devices.count ||
		add(trying, publisher->fqdn, "device security profile", "non-secure", &devices);
}

static const struct row {
	const char *name, *loses, *undo;
	bool (*find)(struct trying *trying);
	bool for_links; /* no sign-in hangs on it: better links are enough */
} rows[] = {
	{"verify-origin-server: off",
		"Expressway-C then takes any certificate from the servers inside; who sits between can read along",
		"switch it on again (xConfiguration EdgeConfigServer VerifyOriginServer: ON; TLS verify mode: On)",
		origin_off, false},
	{"eku-check: off", "a certificate for servers only is then good for a client as well",
		"switch it on again (xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode: On)",
		eku_off, false},
	{"cluster-tls-verify: permissive", "peers of a cluster then take each other's invalid certificates",
		"set it back to Enforce (System > Clustering: TLS verification mode)", cluster_permissive,
		true},
	{"prefer: rsa", "nothing: CUCM shows its RSA certificate instead of the ECDSA one",
		"put the ECDSA ciphers first again (Maintenance > Security > Ciphers)", prefer_rsa, false},
	{"devices on a non-secure profile",
		"calls inside, between Expressway-C and CUCM, are then signalled without TLS",
		"give the devices their encrypted phone security profile back", non_secure_profile, false},
};

/* ---------------------------------------------------------------- proof */

static bool note_better(
	struct repair_search *search, const struct cw_compare *compare, struct cw_strings *ret)
{
	for (size_t i = 0; i < compare->count; i++) {
		const struct cw_compare_row *row = &compare->rows[i];
		if (row->kind == CW_COMPARE_SERVICE && row->change == CW_COMPARE_BETTER &&
			!cw_strings_add(ret, row->id))
			return cw_error_memory(search->error);
	}
	return true;
}

static bool is_better(const struct cw_compare *compare, bool for_links)
{
	for (size_t i = 0; i < compare->count; i++) {
		const struct cw_compare_row *row = &compare->rows[i];
		bool counts = row->kind == CW_COMPARE_SERVICE || (for_links && row->kind == CW_COMPARE_LINK);
		if (counts && row->change == CW_COMPARE_BETTER)
			return true;
	}
	return false;
}

static bool judge(struct repair_search *search, const struct repair_steps *steps, struct cw_compare *ret)
{
	AUTO(cw_whatif_free) struct cw_whatif *changed = NULL;
	AUTO(cw_check_free) struct cw_check *after = NULL;
	AUTO_COMPARE compare = {0};
	if (!repair_try(search, steps, search->before, &changed, &after) ||
		!cw_compare_checks(search->before, after, &compare, search->error))
		return false;
	for (size_t i = 0; i < compare.count; i++) /* they belong to the checks */
		compare.rows[i].link_before = compare.rows[i].link_after = NULL;
	*ret = compare;
	compare = (struct cw_compare){0};
	return true;
}

/* Clusters on which it is of no use are left as they are. */
static bool leave_out_idle(struct trying *trying, const struct row *row, struct cw_compare *all)
{
	for (size_t i = trying->steps.count; i-- > 0 && trying->steps.count > 1;) {
		struct repair_steps others __attribute__((cleanup(repair_steps_finish))) = {0};
		AUTO_COMPARE without = {0};
		if (!repair_steps_copy(&others, &trying->steps))
			return cw_error_memory(trying->search->error);
		cw_repair_step_finish(&others.items[i]);
		memmove(&others.items[i], &others.items[i + 1],
			(others.count - i - 1) * sizeof others.items[0]);
		others.count--;
		if (!judge(trying->search, &others, &without))
			return false;
		if (without.worse || without.better < all->better || !is_better(&without, row->for_links))
			continue;
		struct repair_steps former = trying->steps;
		trying->steps = others;
		others = former;
	}
	return true;
}

static bool keep(struct trying *trying, const char *name, const char *loses, const char *undo,
	const struct cw_compare *compare, struct cw_repair *repair)
{
	struct cw_repair_alternative *workaround = repair_add_alternative(repair);
	if (!workaround)
		return cw_error_memory(trying->search->error);
	workaround->workaround = true;
	workaround->name = name;
	workaround->loses = loses;
	workaround->undo = undo;
	workaround->steps = trying->steps.items;
	workaround->count = trying->steps.count;
	workaround->capacity = trying->steps.capacity;
	trying->steps = (struct repair_steps){0};
	return note_better(trying->search, compare, &workaround->restores);
}

static bool try_row(struct repair_search *search, const struct row *row, struct cw_repair *repair)
{
	struct trying trying = {.search = search};
	AUTO_COMPARE compare = {0};
	bool good = row->find(&trying);
	bool any = good && trying.steps.count > 0;
	good = good && (!any || judge(search, &trying.steps, &compare));
	if (good && any && !compare.worse && is_better(&compare, row->for_links))
		good = leave_out_idle(&trying, row, &compare) &&
			keep(&trying, row->name, row->loses, row->undo, &compare, repair);
	repair_steps_finish(&trying.steps);
	return good;
}

static bool is_at_limit(struct repair_search *search)
{
	search->cut |= search->tries >= search->tries_max;
	return search->cut;
}

/* ---------------------------------------------------------------- one sick peer */

#define PEERS_MAX 12 /* tried */

static bool is_sick(const struct cw_check *check, const struct cw_node *node)
{
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		if ((link->client.node == node || link->server.node == node) &&
			link->verdict == CW_VERDICT_REFUSED)
			return true;
	}
	return false;
}

static bool try_without(struct repair_search *search, const struct cw_node *node, struct cw_repair *repair)
{
	struct trying trying = {.search = search};
	AUTO_COMPARE compare = {0};
	bool good = add(&trying, node->fqdn, "maintenance-mode", "on", NULL) &&
		judge(search, &trying.steps, &compare);
	if (good && !compare.worse && is_better(&compare, false))
		good = keep(&trying, "one peer taken out",
			"the cluster has one peer less, and the others carry its calls",
			"switch maintenance mode off once the peer is repaired, and put it back into DNS",
			&compare, repair);
	repair_steps_finish(&trying.steps);
	return good;
}

static bool try_peers(struct repair_search *search, struct cw_repair *repair)
{
	size_t tried = 0;
	for (size_t i = 0; i < search->before->node_count && tried < PEERS_MAX; i++) {
		const struct cw_node *node = search->before->nodes[i].node;
		if (!cw_node_is_expressway(node) || node->group->count < 2 || !is_sick(search->before, node))
			continue;
		if (is_at_limit(search))
			return true;
		tried++;
		if (!try_without(search, node, repair))
			return false;
	}
	return true;
}

bool repair_find_workarounds(struct repair_search *search, struct cw_repair *repair)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !is_at_limit(search); i++)
		if (!try_row(search, &rows[i], repair))
			return false;
	return is_at_limit(search) || try_peers(search, repair);
}
