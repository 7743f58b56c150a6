#include "lab/export/lab_export_parts.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define ON(value) ((value) ? "On" : "Off")

static bool is_ip(const char *text)
{
	unsigned char address[16];
	return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

/* The box's own address: one of the deployment's, else one of a documentation network (RFC 5737). */
static void set_address(const struct cw_node *node, struct cw_lab_dump *ret)
{
	for (size_t i = 0; i < node->addresses.count; i++)
		if (is_ip(node->addresses.items[i])) {
			cw_lab_export_set(ret, node->addresses.items[i], "Ethernet 1 IP V4 Address");
			return;
		}
	cw_lab_export_set(ret, "", "Ethernet 1 IP V4 Address");
}

static void set_names(const struct cw_node *node, struct cw_lab_dump *ret)
{
	char label[256];
	snprintf(label, sizeof label, "%.*s", (int)cw_lab_export_label(node->fqdn), node->fqdn);
	cw_lab_export_set(ret, node->group->cluster, "Alternates Cluster Name");
	cw_lab_export_set(ret, "1", "Alternates ConfigurationPrimary");
	for (size_t i = 0; i < 6; i++) {
		bool peer = node->group->count > 1 && i < node->group->count;
		cw_lab_export_set(
			ret, peer ? node->group->nodes[i]->fqdn : "", "Alternates Peer %zu Address", i + 1);
	}
	set_address(node, ret);
	cw_lab_export_set(ret, cw_lab_export_domain(node->fqdn), "IP DNS Domain Name");
	cw_lab_export_set(ret, label, "IP DNS Hostname");
	cw_lab_export_set(ret, label, "SystemUnit Name");
}

static void set_domains(const struct cw_deployment *deployment, struct cw_lab_dump *ret)
{
	size_t number = 0;
	for (size_t i = 0; i < deployment->domain_count; i++) {
		cw_lab_export_set(ret, deployment->domains[i].name, "SIP Domain %zu Name", ++number);
		cw_lab_export_set(ret, "On", "SIP Domain %zu Edgesip", number);
		cw_lab_export_set(ret, "Off", "SIP Domain %zu XmppFederation", number);
	}
	for (size_t i = 0; i < deployment->federation_domains.count; i++) {
		cw_lab_export_set(
			ret, deployment->federation_domains.items[i], "SIP Domain %zu Name", ++number);
		cw_lab_export_set(ret, "Off", "SIP Domain %zu Edgesip", number);
		cw_lab_export_set(ret, "On", "SIP Domain %zu XmppFederation", number);
	}
}

static void set_client_zone(const struct cw_zone *zone, size_t number, struct cw_lab_dump *ret)
{
	char port[16];
	snprintf(port, sizeof port, "%u", zone->port);
	cw_lab_export_set(ret, "Unified Communications", "Zones Zone %zu Name", number);
	cw_lab_export_set(ret, "{cipher}bGFiLXBhc3N3b3Jk",
		"Zones Zone %zu TraversalClient Authentication Password", number);
	cw_lab_export_set(
		ret, zone->on_c.username, "Zones Zone %zu TraversalClient Authentication UserName", number);
	cw_lab_export_set(ret, "On", "Zones Zone %zu TraversalClient Collaboration Edge", number);
	for (size_t i = 0; i < 6; i++)
		cw_lab_export_set(ret, i < zone->peer_count ? zone->peers[i].address : "",
			"Zones Zone %zu TraversalClient Peer %zu Address", number, i + 1);
	cw_lab_export_set(ret, port, "Zones Zone %zu TraversalClient SIP Port", number);
	cw_lab_export_set(ret, "On", "Zones Zone %zu TraversalClient SIP TLS Verify Mode", number);
	cw_lab_export_set(ret, "TLS", "Zones Zone %zu TraversalClient SIP Transport", number);
	cw_lab_export_set(ret, "TraversalClient", "Zones Zone %zu Type", number);
}

static void set_server_zone(const struct cw_zone *zone, size_t number, struct cw_lab_dump *ret)
{
	char port[16];
	snprintf(port, sizeof port, "%u", zone->port);
	cw_lab_export_set(ret, "Unified Communications", "Zones Zone %zu Name", number);
	cw_lab_export_set(
		ret, zone->on_e.username, "Zones Zone %zu TraversalServer Authentication UserName", number);
	cw_lab_export_set(ret, "On", "Zones Zone %zu TraversalServer Collaboration Edge", number);
	cw_lab_export_set(ret, port, "Zones Zone %zu TraversalServer SIP Port", number);
	cw_lab_export_set(ret, "On", "Zones Zone %zu TraversalServer SIP TLS Verify Mode", number);
	cw_lab_export_set(ret, zone->tls_verify_name,
		"Zones Zone %zu TraversalServer SIP TLS Verify Subject Name", number);
	cw_lab_export_set(ret, "TraversalServer", "Zones Zone %zu Type", number);
}

/* A zone that is none for Unified Communications, as every box has some. */
static void set_other_zone(size_t number, struct cw_lab_dump *ret)
{
	cw_lab_export_set(ret, "To the  provider", "Zones Zone %zu Name", number);
	cw_lab_export_set(ret, "192.0.2.20", "Zones Zone %zu Neighbor Peer 1 Address", number);
	cw_lab_export_set(ret, "", "Zones Zone %zu Neighbor Peer 2 Address", number);
	cw_lab_export_set(ret, "Neighbor", "Zones Zone %zu Type", number);
}

/* C makes a zone for each CUCM node by itself, under the address that it has for it. */
static size_t set_cucm_zones(const struct cw_lab_export *job, size_t number, struct cw_lab_dump *ret)
{
	for (size_t i = 0; i < job->deployment->group_count; i++) {
		const struct cw_group *group = job->deployment->groups[i];
		for (size_t j = 0; j < group->count && group->kind == CW_NODE_CUCM; j++) {
			const char *address = cw_node_address(group->nodes[j]);
			AUTO_BUFFER name = {0};
			cw_buffer_printf(
				&name, "%s-%s", cw_lab_export_is_secure(group) ? "CEtls" : "CEtcp", address);
			cw_lab_export_set(ret, cw_buffer_string(&name), "Zones Zone %zu Name", ++number);
			cw_lab_export_set(ret, address, "Zones Zone %zu Neighbor Peer 1 Address", number);
			cw_lab_export_set(ret, "Neighbor", "Zones Zone %zu Type", number);
		}
	}
	return number;
}

static void set_zones(const struct cw_lab_export *job, const struct cw_node *node, struct cw_lab_dump *ret)
{
	bool c = node->kind == CW_NODE_EXPRESSWAY_C;
	size_t number = 1;
	set_other_zone(number, ret);
	for (size_t i = 0; i < job->deployment->zone_count; i++) {
		const struct cw_zone *zone = &job->deployment->zones[i];
		if (c && zone->c == node->group)
			set_client_zone(zone, ++number, ret);
		if (!c && zone->e == node->group)
			set_server_zone(zone, ++number, ret);
	}
	if (c)
		set_cucm_zones(job, number, ret);
}

/* The algorithms of the SSH tunnels, by their own names. */
static void set_tunnel_keys(const struct cw_group *group, struct cw_lab_dump *ret)
{
	static const char *const algorithms[] = {"x509v3-rsa2048-sha256", "x509v3-ecdsa-sha2-nistp256",
		"x509v3-ecdsa-sha2-nistp384", "x509v3-ecdsa-sha2-nistp521"};
	AUTO_BUFFER value = {0};
	for (unsigned key = 0; key < CW_TUNNEL_KEY_COUNT; key++)
		if (!group->tunnel_keys || group->tunnel_keys >> key & 1U)
			cw_buffer_printf(&value, "%s%s", value.length ? "," : "", algorithms[key]);
	cw_lab_export_set(ret, cw_buffer_string(&value), "Ciphers sshd_pfwd_pubkeyalgorithms Value");
}

static void set_security(const struct cw_node *node, struct cw_lab_dump *ret)
{
	const struct cw_group *group = node->group;
	cw_lab_export_set(ret, ON(group->revocation), "SIP TLS Certificate Revocation Checking Mode");
	cw_lab_export_set(ret, "On", "SIP TLS Certificate Revocation Checking CRL Mode");
	cw_lab_export_set(ret, group->revocation_missing_passes ? "Ignore" : "Fail",
		"SIP TLS Certificate Revocation Checking Source Inaccessibility Behavior");
	if (cw_release_row(group->release)->eku_check_switch)
		cw_lab_export_set(
			ret, ON(group->eku_check), "SIP TLS Certificate ExtendedKeyUsage Checking Mode");
	if (group->server_eku_upload)
		cw_lab_export_set(ret, "On", "XCP TLS Certificate CVS EnableServerEkuUpload");
	if (node->kind == CW_NODE_EXPRESSWAY_C && cw_release_row(group->release)->origin_switch)
		cw_lab_export_set(
			ret, ON(group->verify_origin_server), "EdgeConfigServer VerifyOriginServer");
}

void cw_lab_export_configuration(
	const struct cw_lab_export *job, const struct cw_node *node, struct cw_lab_dump *ret)
{
	set_names(node, ret);
	cw_lab_export_set(ret, "On", "CollaborationEdge Enabled");
	set_domains(job->deployment, ret);
	cw_lab_export_set(ret, "5061", "SIP TLS Port");
	set_security(node, ret);
	set_tunnel_keys(node->group, ret);
	cw_lab_export_set(ret, "{cipher}c2VjcmV0", "SNMP CommunityName");
	set_zones(job, node, ret);
}

void cw_lab_export_status(
	const struct cw_lab_export *job, const struct cw_node *node, struct cw_lab_dump *ret)
{
	char release[CW_RELEASE_TEXT_SIZE];
	(void)job;
	cw_release_text(node->group->release, release);
	cw_lab_export_set(ret, "TANDBERG VCS", "SystemUnit Product");
	cw_lab_export_set(ret, "86400", "SystemUnit Uptime");
	cw_lab_export_set(ret, release, "SystemUnit Software Version");
	cw_lab_export_set(ret, "Release Key", "SystemUnit Software Name");
	cw_lab_export_set(ret, "52A0LAB1", "SystemUnit Hardware SerialNumber");
	cw_lab_export_set(ret, "Active", "EdgeConfigProvisioning Status");
}
