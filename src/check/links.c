#include "check/links.h"

#include "base/buffer.h"
#include "check/check.h"
#include "check/question.h"

#include <string.h>

#define FRONT_SIP_PORT 5061

void cw_link_free(struct cw_link *link)
{
	if (!link)
		return;
	for (size_t i = 0; !link->borrows && i < link->question_count; i++) {
		struct cw_question *side = &link->questions[i];
		cw_judge_finish(&side->judgement);
		for (size_t k = 0; k < side->chain_count; k++)
			cw_cert_free(side->chain[k]);
		free(side->chain);
	}
	cw_check_complaints_finish(&link->complaints);
	if (!link->borrows)
		free(link->id);
	free(link);
}

struct cw_link *cw_link_bare(const struct cw_link *link)
{
	AUTO(cw_link_free) struct cw_link *bare = calloc(1, sizeof *bare);
	if (!bare)
		return NULL;
	*bare = (struct cw_link){.kind = link->kind,
		.id = strdup(link->id),
		.client = link->client,
		.server = link->server,
		.address = link->address,
		.port = link->port,
		.zone = link->zone};
	return bare->id ? TAKE(bare) : NULL;
}

struct cw_link_ends cw_link_ends(const struct cw_link *link)
{
	return (struct cw_link_ends){.kind = link->kind,
		.client = link->client,
		.server = link->server,
		.address = link->address,
		.zone = link->zone};
}

struct deriving {
	struct cw_check *check;
	const struct cw_deployment *deployment;
	enum cw_link_kind kind;
	bool failed;
};

static struct cw_party node_party(struct cw_node *node)
{
	return (struct cw_party){.name = node->fqdn, .node = node};
}

static struct cw_link *add(
	struct deriving *deriving, struct cw_party client, struct cw_party server, const char *address)
{
	struct cw_check *check = deriving->check;
	struct cw_link *link = calloc(1, sizeof *link);
	if (!link ||
		!cw_memory_grow(
			&check->links, &check->link_capacity, check->link_count, sizeof(struct cw_link *))) {
		free(link);
		deriving->failed = true;
		return NULL;
	}
	link->kind = deriving->kind;
	link->client = client;
	link->server = server;
	link->address = address;
	link->port = cw_link_kind_port(deriving->kind);
	link->place = check->link_count;
	check->links[check->link_count++] = link;
	return link;
}

/* Each C peer to each address in `peers`. */
static void derive_zone_links(struct deriving *deriving)
{
	for (size_t z = 0; z < deriving->deployment->zone_count; z++) {
		const struct cw_zone *zone = &deriving->deployment->zones[z];
		for (size_t c = 0; c < zone->c->count; c++) {
			for (size_t p = 0; p < zone->peer_count; p++) {
				const struct cw_peer *peer = &zone->peers[p];
				struct cw_link *link = add(deriving, node_party(zone->c->nodes[c]),
					node_party(peer->node), peer->address);
				if (!link)
					return;
				link->zone = zone;
				if (deriving->kind == CW_LINK_TRAVERSAL)
					link->port = zone->port;
			}
		}
	}
}

static bool has_link(const struct cw_check *check, enum cw_link_kind kind, const struct cw_node *client,
	const struct cw_node *server)
{
	for (size_t i = 0; i < check->link_count; i++)
		if (check->links[i]->kind == kind && check->links[i]->client.node == client &&
			check->links[i]->server.node == server)
			return true;
	return false;
}

/* Each E node of a zone to each of its C peers, once a pair: a second address or zone is no second check. */
static void derive_service_links(struct deriving *deriving)
{
	for (size_t z = 0; z < deriving->deployment->zone_count; z++) {
		const struct cw_zone *zone = &deriving->deployment->zones[z];
		for (size_t p = 0; p < zone->peer_count; p++) {
			struct cw_node *e = zone->peers[p].node;
			for (size_t c = 0; c < zone->c->count; c++) {
				struct cw_node *server = zone->c->nodes[c];
				if (has_link(deriving->check, CW_LINK_SERVICE, e, server))
					continue;
				struct cw_link *link =
					add(deriving, node_party(e), node_party(server), server->fqdn);
				if (!link)
					return;
				link->zone = zone;
			}
		}
	}
}

/* Does this C talk to this group of servers over links of this kind? */
static bool has_origin_links(enum cw_link_kind kind, const struct cw_group *c, const struct cw_group *server)
{
	bool cucm = server->kind == CW_NODE_CUCM;
	switch (kind) {
	case CW_LINK_TOMCAT:
		return cucm || server->kind == CW_NODE_IMP || server->kind == CW_NODE_UNITY;
	case CW_LINK_TFTP:
		return cucm && cw_release_row(c->release)->tftp_mutual;
	case CW_LINK_SIP_OUT:
	case CW_LINK_SIP_IN:
		return cucm &&
			(server->secure_registration == CW_SWITCH_ON ||
				server->secure_registration == CW_SWITCH_UNKNOWN);
	case CW_LINK_SIP_OAUTH:
		return cucm && server->sip_oauth;
	case CW_LINK_TRAVERSAL:
	case CW_LINK_SERVICE:
	case CW_LINK_TUNNEL:
	case CW_LINK_EDGE_HTTPS:
	case CW_LINK_EDGE_SIP:
	case CW_LINK_FRONT:
	case CW_LINK_CLUSTER:
	case CW_LINK_KIND_COUNT:
		return false;
	}
	return false;
}

static void add_origin_link(struct deriving *deriving, struct cw_node *c, struct cw_node *server)
{
	if (deriving->kind == CW_LINK_SIP_IN)
		add(deriving, node_party(server), node_party(c), cw_node_address(c));
	else
		add(deriving, node_party(c), node_party(server), cw_node_address(server));
}

static void derive_origin_links(struct deriving *deriving)
{
	const struct cw_deployment *deployment = deriving->deployment;
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *c = deployment->groups[i];
		for (size_t k = 0; c->kind == CW_NODE_EXPRESSWAY_C && k < deployment->group_count; k++) {
			const struct cw_group *servers = deployment->groups[k];
			if (!has_origin_links(deriving->kind, c, servers))
				continue;
			for (size_t n = 0; n < c->count; n++)
				for (size_t s = 0; s < servers->count; s++)
					add_origin_link(deriving, c->nodes[n], servers->nodes[s]);
		}
	}
}

/* Calls `each` for every Expressway-E node. */
static void for_each_e(
	struct deriving *deriving, void (*each)(struct deriving *, struct cw_node *, void *), void *context)
{
	for (size_t i = 0; i < deriving->deployment->group_count; i++) {
		const struct cw_group *group = deriving->deployment->groups[i];
		for (size_t k = 0; group->kind == CW_NODE_EXPRESSWAY_E && k < group->count; k++)
			each(deriving, group->nodes[k], context);
	}
}

static void add_edge_link(struct deriving *deriving, struct cw_node *server, void *context)
{
	struct cw_endpoint *endpoint = context;
	add(deriving, (struct cw_party){.name = endpoint->name, .endpoint = endpoint}, node_party(server),
		server->fqdn);
}

static void derive_edge_links(struct deriving *deriving)
{
	const struct cw_deployment *deployment = deriving->deployment;
	for (size_t i = 0; i < deployment->endpoint_count; i++) {
		struct cw_endpoint *endpoint = &deployment->endpoints[i];
		if (deployment->front)
			add_edge_link(deriving, deployment->front, endpoint);
		else
			for_each_e(deriving, add_edge_link, endpoint);
	}
}

static void add_front_links(struct deriving *deriving, struct cw_node *server, void *context)
{
	(void)context;
	struct cw_party front = node_party(deriving->deployment->front);
	add(deriving, front, node_party(server), server->fqdn);
	struct cw_link *sip = add(deriving, front, node_party(server), server->fqdn);
	if (sip)
		sip->port = FRONT_SIP_PORT;
}

static void derive_front_links(struct deriving *deriving)
{
	if (deriving->deployment->front)
		for_each_e(deriving, add_front_links, NULL);
}

static void derive_cluster_links(struct deriving *deriving)
{
	for (size_t i = 0; i < deriving->deployment->group_count; i++) {
		const struct cw_group *group = deriving->deployment->groups[i];
		if (group->kind != CW_NODE_EXPRESSWAY_C && group->kind != CW_NODE_EXPRESSWAY_E)
			continue;
		for (size_t a = 0; a < group->count; a++)
			for (size_t b = 0; b < group->count; b++)
				if (a != b)
					add(deriving, node_party(group->nodes[a]),
						node_party(group->nodes[b]), group->nodes[b]->fqdn);
	}
}

static void derive_kind(struct deriving *deriving)
{
	switch (deriving->kind) {
	case CW_LINK_TRAVERSAL:
	case CW_LINK_TUNNEL:
		derive_zone_links(deriving);
		break;
	case CW_LINK_SERVICE:
		derive_service_links(deriving);
		break;
	case CW_LINK_TOMCAT:
	case CW_LINK_TFTP:
	case CW_LINK_SIP_OUT:
	case CW_LINK_SIP_IN:
	case CW_LINK_SIP_OAUTH:
		derive_origin_links(deriving);
		break;
	case CW_LINK_EDGE_HTTPS:
	case CW_LINK_EDGE_SIP:
		derive_edge_links(deriving);
		break;
	case CW_LINK_FRONT:
		derive_front_links(deriving);
		break;
	case CW_LINK_CLUSTER:
		derive_cluster_links(deriving);
		break;
	case CW_LINK_KIND_COUNT:
		break;
	}
}

/* rules 19: `kind client address`, with `:port` where the kind has two ports here. */
static bool name_link(struct cw_link *link, bool with_port, size_t repeats)
{
	AUTO_BUFFER id = {0};
	cw_buffer_printf(&id, "%s %s %s", cw_link_kind_name(link->kind), link->client.name, link->address);
	if (with_port)
		cw_buffer_printf(&id, ":%u", link->port);
	if (repeats)
		cw_buffer_printf(&id, " #%zu", repeats + 1);
	free(link->id);
	link->id = cw_buffer_steal(&id);
	return link->id != NULL;
}

static bool kind_has_two_ports(const struct cw_check *check, enum cw_link_kind kind)
{
	unsigned port = 0;
	for (size_t i = 0; i < check->link_count; i++) {
		if (check->links[i]->kind != kind)
			continue;
		if (port && check->links[i]->port != port)
			return true;
		port = check->links[i]->port;
	}
	return false;
}

/* The same pair in two zones, or an address typed twice: the second and later ones are numbered. */
static size_t earlier_of_same_id(const struct cw_check *check, size_t index)
{
	const struct cw_link *link = check->links[index];
	size_t repeats = 0;
	for (size_t i = index; i-- > 0 && check->links[i]->kind == link->kind;) {
		const struct cw_link *other = check->links[i];
		repeats += strcmp(other->client.name, link->client.name) == 0 &&
			strcmp(other->address, link->address) == 0 && other->port == link->port;
	}
	return repeats;
}

static bool name_links(struct cw_check *check, struct cw_error *error)
{
	bool two_ports[CW_LINK_KIND_COUNT];
	for (unsigned kind = 0; kind < CW_LINK_KIND_COUNT; kind++)
		two_ports[kind] = kind_has_two_ports(check, (enum cw_link_kind)kind);
	for (size_t i = 0; i < check->link_count; i++)
		if (!name_link(
			    check->links[i], two_ports[check->links[i]->kind], earlier_of_same_id(check, i)))
			return cw_error_memory(error);
	return true;
}

bool cw_links_derive(struct cw_check *check, struct cw_error *error)
{
	struct deriving deriving = {.check = check, .deployment = check->deployment};
	for (unsigned kind = 0; kind < CW_LINK_KIND_COUNT; kind++) {
		deriving.kind = (enum cw_link_kind)kind;
		derive_kind(&deriving);
	}
	if (deriving.failed)
		return cw_error_memory(error);
	return name_links(check, error);
}
