#include "node/sip/sip_server.h"

#include <string.h>
#include <strings.h>

static bool has_name(const struct cw_node *node, const char *host)
{
	return strcasecmp(node->fqdn, host) == 0 || cw_strings_contain_name(&node->addresses, host);
}

static const struct cw_link *secure_link(const struct cw_snapshot *snapshot, const struct cw_node *server)
{
	if (server->group->secure_registration == CW_SWITCH_OFF)
		return NULL;
	for (size_t i = 0; i < snapshot->check->link_count; i++) {
		const struct cw_link *link = snapshot->check->links[i];
		if (link->kind == CW_LINK_SIP_OUT && link->client.node == snapshot->node &&
			link->server.node == server)
			return link;
	}
	return NULL;
}

static void describe(
	const struct cw_snapshot *snapshot, const struct cw_link *web, struct cw_sip_server_target *ret)
{
	ret->link = secure_link(snapshot, web->server.node);
	ret->port = ret->link ? ret->link->port : CW_SIP_SERVER_PLAIN_PORT;
	snprintf(ret->host, sizeof ret->host, "%s", ret->link ? ret->link->address : web->address);
}

/* Every CUCM node is a web server: the links to those are all of them. */
static const struct cw_link *next_server(const struct cw_snapshot *snapshot, size_t *place)
{
	while (*place < snapshot->check->link_count) {
		const struct cw_link *link = snapshot->check->links[(*place)++];
		if (link->kind == CW_LINK_TOMCAT && link->client.node == snapshot->node && link->server.node)
			return link;
	}
	return NULL;
}

bool cw_sip_server_find(
	const struct cw_snapshot *snapshot, const char *host, struct cw_sip_server_target *ret)
{
	const struct cw_link *first = NULL, *link;
	for (size_t place = 0; (link = next_server(snapshot, &place));) {
		if (!first)
			first = link;
		if (!host || !has_name(link->server.node, host))
			continue;
		describe(snapshot, link, ret);
		return true;
	}
	if (first)
		describe(snapshot, first, ret);
	return first != NULL;
}

bool cw_sip_server_may(const struct cw_snapshot *snapshot, const char *host, unsigned port)
{
	const struct cw_link *link;
	for (size_t place = 0; (link = next_server(snapshot, &place));) {
		struct cw_sip_server_target target;
		describe(snapshot, link, &target);
		if (target.port == port && strcmp(target.host, host) == 0)
			return true;
	}
	return false;
}
