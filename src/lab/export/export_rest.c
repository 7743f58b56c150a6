#include "lab/export/lab_export_parts.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

CW_DEFINE_AUTO(json_t *, json_decref)

static int append_text(const char *text, size_t length, void *buffer)
{
	cw_buffer_append(buffer, text, length);
	return 0;
}

/* Takes the reference to `root`. */
static bool write_json(const struct cw_lab_export *job, const char *folder, const char *name, json_t *root)
{
	AUTO(json_decref) json_t *owned = root;
	AUTO_BUFFER path = {0};
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&path, "%s/%s.json", folder, name);
	if (!owned || json_dump_callback(owned, append_text, &text, 0) != 0)
		return cw_error_memory(job->error);
	return cw_buffer_ok(&path, job->error) && cw_lab_export_file(job, cw_buffer_string(&path), &text);
}

/* PEM with CRLF, as the interface answers; the last line of the list may lack its end. */
static bool write_pem(const struct cw_lab_export *job, const char *folder, const char *name,
	const struct cw_buffer *pem, bool cut)
{
	AUTO_BUFFER path = {0};
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&path, "%s/%s", folder, name);
	for (size_t i = 0; i < pem->length; i++) {
		if (pem->data[i] == '\n' && (i == 0 || pem->data[i - 1] != '\r'))
			cw_buffer_char(&text, '\r');
		cw_buffer_char(&text, pem->data[i]);
	}
	if (cut && text.length >= 2)
		text.length -= 2;
	cw_buffer_text(&text, "");
	return cw_buffer_ok(&path, job->error) && cw_lab_export_file(job, cw_buffer_string(&path), &text);
}

static bool write_certs(const struct cw_lab_export *job, const struct cw_node *node)
{
	AUTO_BUFFER server = {0};
	AUTO_BUFFER list = {0};
	const struct cw_identity *identity = &node->identities[CW_IDENTITY_SERVER];
	const struct cw_store *store = &node->stores[CW_STORE_TRUSTED_CA];
	if (identity->state == CW_KNOWN &&
		(!cw_lab_export_identity(job, identity, &server) ||
			!write_pem(job, node->fqdn, "certs_server", &server, false)))
		return false;
	return store->state != CW_KNOWN ||
		(cw_lab_export_list(job, store, &list) &&
			write_pem(job, node->fqdn, "certs_root", &list, true));
}

static json_t *zone_json(const struct cw_zone *zone, bool client)
{
	json_t *object = json_pack("{s:s, s:s, s:i, s:s?, s:s, s:i, s:i}", "Name", "Unified Communications",
		"Status", "Active", "SIPPort", (int)zone->port, "AuthenticationUserName",
		client ? zone->on_c.username : zone->on_e.username, "AuthenticationMode",
		"DoNotCheckCredentials", "RetryInterval", 120, "HopCount", 15);
	if (!client) {
		json_object_set_new(object, "SIPTLSVerifySubjectName",
			json_string(zone->tls_verify_name ? zone->tls_verify_name : ""));
		return object;
	}
	json_t *peers = json_array();
	for (size_t i = 0; i < zone->peer_count; i++)
		json_array_append_new(peers, json_string(zone->peers[i].address));
	json_object_set_new(object, "PeerAddress", peers);
	return object;
}

static json_t *zones_json(const struct cw_lab_export *job, const struct cw_node *node)
{
	json_t *list = json_array();
	bool client = node->kind == CW_NODE_EXPRESSWAY_C;
	for (size_t i = 0; i < job->deployment->zone_count; i++) {
		const struct cw_zone *zone = &job->deployment->zones[i];
		if ((client ? zone->c : zone->e) == node->group)
			json_array_append_new(list, zone_json(zone, client));
	}
	return list;
}

static const char *verify(const struct cw_node *node, const struct cw_group *of)
{
	enum cw_switch value = of->cucm_tls_verify ? of->cucm_tls_verify : node->group->cucm_tls_verify;
	return value == CW_SWITCH_OFF ? "Off" : "On";
}

static json_t *servers_json(const struct cw_lab_export *job, const struct cw_node *c, enum cw_node_kind kind)
{
	json_t *list = json_array();
	for (size_t i = 0; i < job->deployment->group_count; i++) {
		const struct cw_group *group = job->deployment->groups[i];
		for (size_t j = 0; j < group->count && group->kind == kind; j++) {
			if (!group->nodes[j]->publisher && j)
				continue;
			json_t *server =
				json_pack("{s:s, s:s, s:s}", "Publisher", cw_node_address(group->nodes[j]),
					"TlsVerify", verify(c, group), "AxlUsername", "axl");
			if (kind == CW_NODE_CUCM)
				json_object_update_new(server,
					json_pack("{s:s, s:s, s:s}", "AesGcm", "Off", "IcePassthrough", "Off",
						"SipUpdateForSessionRefresh", "Off"));
			json_array_append_new(list, server);
		}
	}
	return list;
}

static json_t *domains_json(const struct cw_lab_export *job)
{
	json_t *list = json_array();
	for (size_t i = 0; i < job->deployment->domain_count; i++)
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s}", "Name", job->deployment->domains[i].name, "EdgeSip",
				"On", "XmppFederation", "Off"));
	for (size_t i = 0; i < job->deployment->federation_domains.count; i++)
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s}", "Name", job->deployment->federation_domains.items[i],
				"EdgeSip", "Off", "XmppFederation", "On"));
	return list;
}

static json_t *peers_json(const struct cw_group *group)
{
	json_t *list = json_array();
	for (size_t i = 0; i < group->count; i++)
		json_array_append_new(list, json_pack("{s:s}", "PeerAddress", group->nodes[i]->fqdn));
	return list;
}

static bool write_status(const struct cw_lab_export *job, const struct cw_node *node)
{
	AUTO_LAB_DUMP dump = {0};
	AUTO_BUFFER path = {0};
	AUTO_BUFFER text = {0};
	char release[CW_RELEASE_TEXT_SIZE];
	cw_lab_export_status(job, node, &dump);
	cw_lab_export_dump_xml(&dump, true, cw_release_text(node->group->release, release), &text);
	cw_buffer_printf(&path, "%s/status.xml", node->fqdn);
	return cw_buffer_ok(&path, job->error) && cw_lab_export_file(job, cw_buffer_string(&path), &text);
}

bool cw_lab_export_rest(struct cw_lab_export *job, const struct cw_node *node)
{
	bool client = node->kind == CW_NODE_EXPRESSWAY_C;
	AUTO_BUFFER label = {0};
	cw_buffer_append(&label, node->fqdn, cw_lab_export_label(node->fqdn));
	if (!write_certs(job, node) || !write_status(job, node) ||
		!write_json(job, node->fqdn, "zone_unifiedcommunicationstraversal", zones_json(job, node)) ||
		!write_json(job, node->fqdn, "common_domain", domains_json(job)) ||
		(node->group->count > 1 &&
			!write_json(job, node->fqdn, "common_cluster_peers", peers_json(node->group))) ||
		!write_json(job, node->fqdn, "common_mra",
			json_pack("{s:s, s:s}", "SSO", "Off", "Enabled", "On")) ||
		!write_json(job, node->fqdn, "common_dns_dns",
			json_pack("{s:s, s:s}", "SystemHostName", cw_buffer_string(&label), "DomainName",
				cw_lab_export_domain(node->fqdn))) ||
		!write_json(job, node->fqdn, "common_protocol_sip_configuration",
			json_pack("[{s:s, s:s, s:i}]", "SipMode", "On", "TlsMode", "On", "TlsPort", 5061)))
		return false;
	return !client ||
		(write_json(job, node->fqdn, "server_cucm", servers_json(job, node, CW_NODE_CUCM)) &&
			write_json(job, node->fqdn, "server_imp", servers_json(job, node, CW_NODE_IMP)));
}
