#include "model/deployment.h"

#include <string.h>
#include <strings.h>

static void group_free(struct cw_group *group)
{
	for (size_t i = 0; i < group->count; i++)
		cw_node_free(group->nodes[i]);
	free(group->nodes);
	free(group->name);
	free(group->cluster);
	cw_strings_finish(&group->phone_profiles);
	free(group);
}

static void credentials_finish(struct cw_credentials *credentials)
{
	free(credentials->username);
	if (credentials->password)
		explicit_bzero(credentials->password, strlen(credentials->password));
	free(credentials->password);
	free(credentials->password_path);
}

void cw_deployment_zone_finish(struct cw_zone *zone)
{
	free(zone->name);
	for (size_t i = 0; i < zone->peer_count; i++)
		free(zone->peers[i].address);
	free(zone->peers);
	free(zone->tls_verify_name);
	credentials_finish(&zone->on_c);
	credentials_finish(&zone->on_e);
}

static void endpoint_finish(struct cw_endpoint *endpoint)
{
	free(endpoint->name);
	free(endpoint->profile);
	cw_node_store_finish(&endpoint->trust);
	free(endpoint->domains);
}

void cw_deployment_free(struct cw_deployment *deployment)
{
	if (!deployment)
		return;
	free(deployment->name);
	free(deployment->path);
	free(deployment->folder);
	for (size_t i = 0; i < deployment->domain_count; i++)
		free(deployment->domains[i].name);
	free(deployment->domains);
	cw_strings_finish(&deployment->chat_aliases);
	cw_strings_finish(&deployment->federation_domains);
	cw_strings_finish(&deployment->phone_profiles);
	for (size_t i = 0; i < deployment->group_count; i++)
		group_free(deployment->groups[i]);
	free(deployment->groups);
	for (size_t i = 0; i < deployment->zone_count; i++)
		cw_deployment_zone_finish(&deployment->zones[i]);
	free(deployment->zones);
	for (size_t i = 0; i < deployment->endpoint_count; i++)
		endpoint_finish(&deployment->endpoints[i]);
	free(deployment->endpoints);
	cw_node_free(deployment->front);
	cw_strings_finish(&deployment->notes);
	free(deployment);
}

struct cw_node *cw_deployment_node(const struct cw_deployment *deployment, const char *fqdn)
{
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *group = deployment->groups[i];
		for (size_t j = 0; j < group->count; j++)
			if (strcasecmp(group->nodes[j]->fqdn, fqdn) == 0)
				return group->nodes[j];
	}
	bool front = deployment->front && strcasecmp(deployment->front->fqdn, fqdn) == 0;
	return front ? deployment->front : NULL;
}
