#include "report/html/map.h"

#include <string.h>

void cw_map_finish(struct cw_map *map)
{
	for (size_t i = 0; i < map->bundle_count; i++)
		free(map->bundles[i].links);
	free(map->bundles);
	free(map->boxes);
	*map = (struct cw_map){0};
}

const struct cw_complaint *cw_map_deciding(const struct cw_link *link)
{
	const struct cw_complaint *first = NULL;
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_complaint *complaint = &link->complaints.items[i];
		if (cw_finding_severity_verdict(complaint->finding.severity) != link->verdict)
			continue;
		if (!first || (complaint->finding.reached && !first->finding.reached))
			first = complaint;
	}
	return link->verdict == CW_VERDICT_PASS ? NULL : first;
}

bool cw_map_is_by_client(const struct cw_link *link, const struct cw_complaint *complaint)
{
	return complaint->question ? complaint->question->by_client
				   : strcmp(complaint->judge, link->client.name) == 0;
}

static enum cw_map_column column_of(enum cw_node_kind kind)
{
	switch (kind) {
	case CW_NODE_EXPRESSWAY_E:
		return CW_MAP_EDGE;
	case CW_NODE_EXPRESSWAY_C:
		return CW_MAP_CONTROL;
	case CW_NODE_FRONT:
		return CW_MAP_FRONT;
	case CW_NODE_CUCM:
	case CW_NODE_IMP:
	case CW_NODE_UNITY:
	case CW_NODE_KIND_COUNT:
		break;
	}
	return CW_MAP_UC;
}

static bool add_box(struct cw_map *map, enum cw_map_column column, const struct cw_group *group)
{
	if (!cw_memory_grow(&map->boxes, &map->box_capacity, map->box_count, sizeof *map->boxes))
		return false;
	map->boxes[map->box_count++] = (struct cw_map_box){column, group};
	return true;
}

static bool add_boxes(struct cw_map *map, const struct cw_deployment *deployment)
{
	if (deployment->endpoint_count && !add_box(map, CW_MAP_ENDPOINTS, NULL))
		return false;
	if (deployment->front && !add_box(map, CW_MAP_FRONT, NULL))
		return false;
	for (int column = CW_MAP_EDGE; column < CW_MAP_COLUMN_COUNT; column++)
		for (size_t i = 0; i < deployment->group_count; i++)
			if ((int)column_of(deployment->groups[i]->kind) == column &&
				!add_box(map, (enum cw_map_column)column, deployment->groups[i]))
				return false;
	return true;
}

static size_t box_of(const struct cw_map *map, const struct cw_party *party)
{
	enum cw_map_column column = party->node ? column_of(party->node->kind) : CW_MAP_ENDPOINTS;
	const struct cw_group *group = party->node ? party->node->group : NULL;
	size_t i = 0;
	while (i + 1 < map->box_count && (map->boxes[i].column != column || map->boxes[i].group != group))
		i++;
	return i;
}

static struct cw_map_end end_of(const struct cw_link *link, bool client)
{
	struct cw_map_end end = {.reached = true};
	for (size_t i = 0; i < link->question_count; i++) {
		if (link->questions[i].by_client != client)
			continue;
		end.asked = true;
		if (!link->questions[i].judged)
			end.verdict = CW_VERDICT_UNKNOWN;
	}
	bool refuses = false;
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_complaint *complaint = &link->complaints.items[i];
		if (cw_map_is_by_client(link, complaint) != client)
			continue;
		enum cw_verdict verdict = cw_finding_severity_verdict(complaint->finding.severity);
		end.asked = true;
		end.verdict = verdict > end.verdict ? verdict : end.verdict;
		refuses |= verdict == CW_VERDICT_REFUSED && complaint->finding.reached;
	}
	/* The client judges first (the MRA certificates guide): where it refuses, the server never sees its certificate. */
	bool other_refuses = link->refused_by &&
		strcmp(link->refused_by, client ? link->server.name : link->client.name) == 0;
	bool not_begun =
		link->complaints.count && link->complaints.items[0].finding.code == CW_TRAVERSAL_REFUSED;
	end.reached = refuses || !other_refuses || (client && !not_begun);
	return end;
}

static bool same_end(const struct cw_map_end *a, const struct cw_map_end *b)
{
	return a->asked == b->asked && a->reached == b->reached && a->verdict == b->verdict;
}

static bool belongs(const struct cw_map_bundle *bundle, const struct cw_map_bundle *one)
{
	const struct cw_link *link = bundle->links[0], *other = one->links[0];
	return link->kind == other->kind && link->port == other->port && link->verdict == other->verdict &&
		bundle->client_box == one->client_box && bundle->server_box == one->server_box &&
		bundle->cause == one->cause && same_end(&bundle->client, &one->client) &&
		same_end(&bundle->server, &one->server);
}

static struct cw_map_bundle *find_bundle(struct cw_map *map, const struct cw_map_bundle *one, bool single)
{
	for (size_t i = 0; !single && i < map->bundle_count; i++)
		if (belongs(&map->bundles[i], one))
			return &map->bundles[i];
	if (!cw_memory_grow(&map->bundles, &map->bundle_capacity, map->bundle_count, sizeof *map->bundles))
		return NULL;
	struct cw_map_bundle *bundle = &map->bundles[map->bundle_count++];
	*bundle = *one;
	bundle->links = NULL;
	return bundle;
}

static bool add_link(
	struct cw_map *map, const struct cw_causes *causes, const struct cw_link *link, bool single)
{
	const struct cw_complaint *deciding = cw_map_deciding(link);
	struct cw_map_bundle one = {.links = &link,
		.client_box = box_of(map, &link->client),
		.server_box = box_of(map, &link->server),
		.client = end_of(link, true),
		.server = end_of(link, false),
		.cause = deciding ? cw_causes_index(causes, deciding) : causes->count};
	struct cw_map_bundle *bundle = find_bundle(map, &one, single);
	if (!bundle ||
		!cw_memory_grow(&bundle->links, &bundle->capacity, bundle->count, sizeof(struct cw_link *)))
		return false;
	bundle->links[bundle->count++] = link;
	return true;
}

bool cw_map_find(const struct cw_check *check, const struct cw_causes *causes, struct cw_map *ret,
	struct cw_error *error)
{
	AUTO_MAP map = {0};
	if (!add_boxes(&map, check->deployment))
		return cw_error_memory(error);
	bool single = check->link_count <= CW_MAP_SINGLE_LINKS;
	for (size_t i = 0; i < check->link_count; i++)
		if (!add_link(&map, causes, check->links[i], single))
			return cw_error_memory(error);
	*ret = map;
	map = (struct cw_map){0};
	return true;
}
