#include "config/deployment_write.h"
#include "lab/lab_write.h"

#include <string.h>

#define DEFAULT_PORT 7001

/* The plan as facts of the model. No certificate is in it: the writer names files. */
struct copying {
	const struct cw_lab_plan *plan;
	struct cw_deployment *deployment;
	bool no_memory;
};

static char *copy(struct copying *copying, const char *text)
{
	char *copied = text ? strdup(text) : NULL;
	if (text && !copied)
		copying->no_memory = true;
	return copied;
}

static void copy_list(struct copying *copying, const struct cw_strings *from, struct cw_strings *to)
{
	for (size_t i = 0; i < from->count; i++)
		if (!cw_strings_add(to, from->items[i]))
			copying->no_memory = true;
}

/* Room for one more; false where there is none. */
static bool grow(struct copying *copying, void *items, size_t *capacity, size_t count, size_t size)
{
	bool grown = cw_memory_grow(items, capacity, count, size);
	if (!grown)
		copying->no_memory = true;
	return grown;
}

static void copy_store(struct copying *copying, const struct cw_lab_store *from, struct cw_store *to)
{
	if (!from)
		return;
	to->state = CW_KNOWN;
	if (!cw_strings_add(&to->paths, from->file))
		copying->no_memory = true;
}

static void copy_identities(struct copying *copying, const struct cw_lab_plan_node *from, struct cw_node *to)
{
	for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
		struct cw_identity *identity = &to->identities[kind];
		if (!from->identities[kind].cert)
			continue;
		identity->state = from->identities[kind].unknown ? CW_UNKNOWN : CW_KNOWN;
		identity->path = cw_lab_write_identity_file(from, kind);
		copying->no_memory |= !identity->path;
	}
	if (from->identities[CW_IDENTITY_SERVER].cert &&
		asprintf(&to->identities[CW_IDENTITY_SERVER].key_path, "%s/privkey.pem", from->name) < 0) {
		to->identities[CW_IDENTITY_SERVER].key_path = NULL;
		copying->no_memory = true;
	}
}

/* `same-as` names a node that stands before this one. */
static struct cw_node *node_of(const struct cw_group *group, const struct cw_lab_plan_node *wanted)
{
	for (size_t i = 0; wanted && i < group->count; i++)
		if (strcmp(group->nodes[i]->fqdn, wanted->fqdn) == 0)
			return group->nodes[i];
	return NULL;
}

static void copy_node(struct copying *copying, const struct cw_lab_plan_group *group,
	const struct cw_lab_plan_node *from, struct cw_group *to)
{
	struct cw_node *node = calloc(1, sizeof *node);
	if (!node || !grow(copying, &to->nodes, &to->capacity, to->count, sizeof(struct cw_node *))) {
		free(node);
		copying->no_memory = true;
		return;
	}
	node->kind = from->kind;
	node->group = to;
	node->fqdn = copy(copying, from->fqdn);
	node->publisher = from->publisher;
	node->same_as = node_of(to, from->same_as);
	to->nodes[to->count++] = node;
	if (from->address && !cw_strings_add(&node->addresses, from->address))
		copying->no_memory = true;
	copy_identities(copying, from, node);
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++)
		copy_store(copying, from->stores[i], &node->stores[i]);
	if (group->revocation && !cw_strings_addf(&node->crl_paths, "%s/crl.pem", from->name))
		copying->no_memory = true;
}

static struct cw_group *copy_group(struct copying *copying, const struct cw_lab_plan_group *from)
{
	struct cw_deployment *deployment = copying->deployment;
	struct cw_group *group = calloc(1, sizeof *group);
	if (!group ||
		!grow(copying, &deployment->groups, &deployment->group_capacity, deployment->group_count,
			sizeof(struct cw_group *))) {
		free(group);
		copying->no_memory = true;
		return NULL;
	}
	deployment->groups[deployment->group_count++] = group;
	group->kind = from->kind;
	group->name = copy(copying, from->name ? from->name : cw_node_kind_name(from->kind));
	group->cluster = copy(copying, from->cluster);
	group->release = from->release;
	group->cucm_tls_verify = from->kind == CW_NODE_EXPRESSWAY_C ? CW_SWITCH_ON : CW_SWITCH_UNSET;
	group->verify_origin_server = true;
	group->prefer = from->prefer;
	group->eku_check = true;
	group->revocation = from->revocation;
	group->secure_registration = from->kind == CW_NODE_CUCM ? CW_SWITCH_ON : CW_SWITCH_UNSET;
	if (from->kind == CW_NODE_CUCM)
		copy_list(copying, &copying->plan->phone_profiles, &group->phone_profiles);
	for (size_t i = 0; i < from->count; i++)
		copy_node(copying, from, from->nodes[i], group);
	return group;
}

static void copy_credentials(
	struct copying *copying, const struct cw_lab_credentials *from, struct cw_credentials *to)
{
	to->username = copy(copying, from->username);
	to->password = copy(copying, from->password);
}

static void copy_zone(struct copying *copying, struct cw_group *c, struct cw_group *e)
{
	const struct cw_lab_plan *plan = copying->plan;
	struct cw_deployment *deployment = copying->deployment;
	if (!grow(copying, &deployment->zones, &deployment->zone_capacity, deployment->zone_count,
		    sizeof *deployment->zones))
		return;
	struct cw_zone *zone = &deployment->zones[deployment->zone_count++];
	*zone = (struct cw_zone){.name = copy(copying, "traversal"), .c = c, .e = e, .port = DEFAULT_PORT};
	for (size_t i = 0; i < plan->peers.count; i++)
		if (grow(copying, &zone->peers, &zone->peer_capacity, zone->peer_count, sizeof *zone->peers))
			zone->peers[zone->peer_count++] =
				(struct cw_peer){.address = copy(copying, plan->peers.items[i])};
	zone->tls_verify_name = copy(copying, plan->tls_verify_name);
	copy_credentials(copying, &plan->on_c, &zone->on_c);
	copy_credentials(copying, &plan->on_e, &zone->on_e);
}

static void copy_groups(struct copying *copying)
{
	struct cw_group *c = NULL, *e = NULL;
	for (size_t i = 0; i < copying->plan->group_count; i++) {
		const struct cw_lab_plan_group *from = copying->plan->groups[i];
		struct cw_group *group = copy_group(copying, from);
		if (from->kind == CW_NODE_EXPRESSWAY_C)
			c = group;
		if (from->kind == CW_NODE_EXPRESSWAY_E)
			e = group;
	}
	if (c && e)
		copy_zone(copying, c, e);
}

static void copy_domains(struct copying *copying)
{
	const struct cw_strings *from = &copying->plan->domains;
	struct cw_deployment *deployment = copying->deployment;
	for (size_t i = 0; i < from->count; i++)
		if (grow(copying, &deployment->domains, &deployment->domain_capacity,
			    deployment->domain_count, sizeof *deployment->domains))
			deployment->domains[deployment->domain_count++] =
				(struct cw_domain){.name = copy(copying, from->items[i])};
}

static void copy_endpoint(struct copying *copying, const struct cw_lab_endpoint *from)
{
	const struct cw_strings *domains = &copying->plan->domains;
	struct cw_deployment *deployment = copying->deployment;
	if (!grow(copying, &deployment->endpoints, &deployment->endpoint_capacity, deployment->endpoint_count,
		    sizeof *deployment->endpoints))
		return;
	struct cw_endpoint *endpoint = &deployment->endpoints[deployment->endpoint_count++];
	*endpoint = (struct cw_endpoint){.name = copy(copying, from->name),
		.kind = from->kind,
		.domains = calloc(domains->count + 1, sizeof *endpoint->domains)};
	copying->no_memory |= !endpoint->domains;
	for (size_t i = 0; endpoint->domains && i < domains->count; i++)
		endpoint->domains[i] = !from->domain || strcmp(domains->items[i], from->domain) == 0;
	copy_store(copying, from->trust, &endpoint->trust);
}

bool cw_lab_write_yaml(const struct cw_lab_plan *plan, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(cw_deployment_free) struct cw_deployment *deployment = calloc(1, sizeof *deployment);
	if (!deployment)
		return cw_error_memory(error);
	struct copying copying = {.plan = plan, .deployment = deployment};
	deployment->name = copy(&copying, plan->name);
	copy_domains(&copying);
	copy_list(&copying, &plan->chat_aliases, &deployment->chat_aliases);
	copy_list(&copying, &plan->federation_domains, &deployment->federation_domains);
	copy_list(&copying, &plan->phone_profiles, &deployment->phone_profiles);
	copy_groups(&copying);
	for (size_t i = 0; i < plan->endpoint_count; i++)
		copy_endpoint(&copying, &plan->endpoints[i]);
	if (copying.no_memory)
		return cw_error_memory(error);
	return cw_deployment_write(deployment, NULL, NULL, ret, error);
}
