#include "cli/deployment_names.h"

#include "base/escape.h"

#include <string.h>

/* What the help shows of a place, and what stands there. The first that fits. */
static const struct {
	const char *option; /* or NULL: of whatever name */
	const char *shown;  /* a part of it */
	const char *kind;
} places[] = {
	{"identity", "NAME", "identity-names"},
	{NULL, "[:STORE]", "stores"},
	{NULL, "[:IDENTITY]", "identities"},
	{NULL, "GROUP=", "groups"},
	{NULL, "NODE", "nodes"},
	{NULL, "LIST", "stores"},
	{NULL, "ENDPOINT", "endpoints"},
};

const char *cw_deployment_names_kind(const char *name, const char *shown)
{
	for (size_t i = 0; shown && i < sizeof places / sizeof places[0]; i++)
		if (strstr(shown, places[i].shown) &&
			(!places[i].option || (name && strcmp(name, places[i].option) == 0)))
			return places[i].kind;
	return NULL;
}

/* "first" or "first:second", safe for a shell's line. */
static void line(struct cw_buffer *ret, const char *first, const char *second)
{
	cw_escape(ret, first, strlen(first), "");
	if (second)
		cw_buffer_printf(ret, ":%s", second);
	cw_buffer_char(ret, '\n');
}

static void nodes(struct cw_buffer *ret, const struct cw_node *node)
{
	line(ret, node->fqdn, NULL);
}

static void identities(struct cw_buffer *ret, const struct cw_node *node)
{
	line(ret, node->fqdn, NULL);
	for (int kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
		if (node->identities[kind].state != CW_ABSENT)
			line(ret, node->fqdn, cw_node_identity_name((enum cw_identity_kind)kind));
}

static void stores(struct cw_buffer *ret, const struct cw_node *node)
{
	line(ret, node->fqdn, NULL);
	for (int kind = 0; kind < CW_STORE_KIND_COUNT; kind++)
		if (node->stores[kind].state != CW_ABSENT)
			line(ret, node->fqdn, cw_node_store_name((enum cw_store_kind)kind));
}

static void each_node(struct cw_buffer *ret, const struct cw_deployment *deployment,
	void (*put)(struct cw_buffer *ret, const struct cw_node *node))
{
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			put(ret, deployment->groups[i]->nodes[k]);
}

static bool has_identity(const struct cw_deployment *deployment, enum cw_identity_kind kind)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			if (deployment->groups[i]->nodes[k]->identities[kind].state != CW_ABSENT)
				return true;
	return false;
}

static void identity_names(struct cw_buffer *ret, const struct cw_deployment *deployment)
{
	for (int kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
		if (has_identity(deployment, (enum cw_identity_kind)kind))
			line(ret, cw_node_identity_name((enum cw_identity_kind)kind), NULL);
}

static void endpoints(struct cw_buffer *ret, const struct cw_deployment *deployment)
{
	for (size_t i = 0; i < deployment->endpoint_count; i++)
		line(ret, deployment->endpoints[i].name, NULL);
}

static void groups(struct cw_buffer *ret, const struct cw_deployment *deployment)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		line(ret, deployment->groups[i]->name, NULL);
}

bool cw_deployment_names(struct cw_buffer *ret, const struct cw_deployment *deployment, const char *kind)
{
	if (strcmp(kind, "nodes") == 0)
		each_node(ret, deployment, nodes);
	else if (strcmp(kind, "identities") == 0)
		each_node(ret, deployment, identities);
	else if (strcmp(kind, "identity-names") == 0)
		identity_names(ret, deployment);
	else if (strcmp(kind, "stores") == 0) {
		each_node(ret, deployment, stores);
		endpoints(ret, deployment); /* whose list is named by the endpoint */
	} else if (strcmp(kind, "endpoints") == 0)
		endpoints(ret, deployment);
	else if (strcmp(kind, "groups") == 0)
		groups(ret, deployment);
	else
		return false;
	return true;
}
