#include "node/work/work_status.h"

#include "node/node_status.h"

#include <string.h>
#include <strings.h>

bool cw_work_status_read(struct cw_work_call *call, json_t **ret)
{
	*ret = cw_node_status_json(call->core);
	return *ret || cw_work_call_memory(call);
}

static const char *text_of(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));
	return text ? text : "";
}

size_t cw_work_status_count(const json_t *rows, const char *state)
{
	size_t i, count = 0;
	json_t *row;
	json_array_foreach(rows, i, row) count += strcmp(text_of(row, "state"), state) == 0;
	return count;
}

static void put_shared(struct cw_json *json, json_t *to, const json_t *from, const char *key)
{
	json_t *value = json_object_get(from, key);
	cw_json_put(json, to, key, value ? json_incref(value) : json_null());
}

/* --- zones --- */

/* The state of a zone is the best of its peers: one that is up carries the traffic. */
static const char *best_of(const json_t *peers)
{
	static const char *const order[] = {"Active", "On", "Checking", "Failed"};
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (cw_work_status_count(peers, order[i]))
			return order[i];
	return "Off";
}

static json_t *peers_of(const struct cw_zone *zone, const json_t *status, bool server)
{
	static const char *const keys[] = {"state", "code", "reason", "since"};
	const json_t *rows = json_object_get(status, "zones");
	struct cw_json json = {0};
	AUTO(json_decref) json_t *peers = json_array();
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		if (strcmp(text_of(row, "zone"), zone->name) != 0)
			continue;
		json_t *peer = json_object();
		cw_json_put(&json, peer, "address", json_incref(json_object_get(row, "peer")));
		cw_json_put(&json, peer, "subject",
			server && *text_of(row, "subject") ? cw_json_text(text_of(row, "subject"))
							   : json_null());
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
			put_shared(&json, peer, row, keys[k]);
		cw_json_add(&json, peers, peer);
	}
	return json.failed ? NULL : TAKE(peers);
}

/* Addresses that nobody has dialled: where the node does not run. */
static json_t *addresses_of(const struct cw_zone *zone)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *peers = json_array();
	for (size_t i = 0; i < zone->peer_count; i++) {
		json_t *peer = json_object();
		cw_json_put(&json, peer, "address", cw_json_text(zone->peers[i].address));
		cw_json_put(&json, peer, "subject", json_null());
		cw_json_put(&json, peer, "state", cw_json_text("Off"));
		cw_json_put(&json, peer, "code", json_null());
		cw_json_put(&json, peer, "reason", cw_json_text("not dialled yet"));
		cw_json_put(&json, peer, "since", json_null());
		cw_json_add(&json, peers, peer);
	}
	return json.failed ? NULL : TAKE(peers);
}

static json_t *zone_of(struct cw_work_call *call, const struct cw_zone *zone, const json_t *status)
{
	bool server = call->core->snapshot->node->kind == CW_NODE_EXPRESSWAY_E;
	const struct cw_credentials *own = server ? &zone->on_e : &zone->on_c;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *row = json_object();
	json_t *peers = peers_of(zone, status, server);
	if (peers && !json_array_size(peers) && !server) {
		json_decref(peers);
		peers = addresses_of(zone);
	}
	cw_json_put(&json, row, "name", cw_json_text(zone->name));
	cw_json_put(&json, row, "type", cw_json_text("Unified Communications traversal"));
	cw_json_put(&json, row, "side", cw_json_text(server ? "server" : "client"));
	cw_json_put(&json, row, "status", cw_json_text(best_of(peers)));
	cw_json_put(&json, row, "peers", peers);
	cw_json_put(&json, row, "port", cw_json_count(zone->port));
	cw_json_put(&json, row, "tls_verify", cw_json_text("On"));
	cw_json_put(&json, row, "verify_name", cw_json_text(zone->tls_verify_name));
	cw_json_put(&json, row, "user", cw_json_text(own->username));
	cw_json_put(&json, row, "has_password", json_boolean(own->password && *own->password));
	return json.failed ? NULL : TAKE(row);
}

json_t *cw_work_status_zones(struct cw_work_call *call, const json_t *status)
{
	const struct cw_node_file *file = call->core->snapshot->file;
	const struct cw_zone *zone = NULL;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *zones = json_array();
	while ((zone = cw_node_file_next_zone(file, file->deployment, zone)))
		cw_json_add(&json, zones, zone_of(call, zone, status));
	return json.failed ? NULL : TAKE(zones);
}

/* --- tunnels --- */

json_t *cw_work_status_tunnels(struct cw_work_call *call, const json_t *status)
{
	static const char *const keys[] = {"peer", "state", "code", "refused_by", "reason", "since"};
	const struct cw_deployment *deployment = call->core->snapshot->file->deployment;
	const json_t *rows = json_object_get(status, "tunnels");
	struct cw_json json = {0};
	AUTO(json_decref) json_t *tunnels = json_array();
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		json_t *tunnel = json_object();
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
			put_shared(&json, tunnel, row, keys[k]);
		cw_json_put(&json, tunnel, "domain",
			cw_json_text(deployment->domain_count ? deployment->domains[0].name : NULL));
		cw_json_add(&json, tunnels, tunnel);
	}
	return json.failed ? NULL : TAKE(tunnels);
}

/* --- the checklist --- */

struct item {
	const char *check;
	const char *state;
	char text[500];
};

static void add_item(struct cw_json *json, json_t *list, const struct item *item)
{
	json_t *row = json_object();
	cw_json_put(json, row, "check", cw_json_text(item->check));
	cw_json_put(json, row, "state", cw_json_text(item->state));
	cw_json_put(json, row, "text", cw_json_text(item->text));
	cw_json_add(json, list, row);
}

static const json_t *first_bad(const json_t *rows)
{
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row) if (strcmp(text_of(row, "state"), "Active") != 0) return row;
	return NULL;
}

/* Certificates, then what is no matter of certificates. */
static void judge_certificates(const json_t *tunnels, struct item *item)
{
	size_t i;
	json_t *row;
	item->state = json_array_size(tunnels) ? "good" : "unknown";
	snprintf(item->text, sizeof item->text, "%s",
		json_array_size(tunnels) ? "both judges pass the other's certificate"
					 : "no peer has come yet");
	json_array_foreach(tunnels, i, row)
	{
		if (!*text_of(row, "code") || !*text_of(row, "refused_by"))
			continue;
		item->state = "bad";
		snprintf(item->text, sizeof item->text, "%.100s: %.100s: %.250s", text_of(row, "refused_by"),
			text_of(row, "code"), text_of(row, "reason"));
		return;
	}
}

static void judge_port(const json_t *tunnels, struct item *item)
{
	const json_t *bad = first_bad(tunnels);
	item->state = "unknown";
	snprintf(item->text, sizeof item->text, "TCP 2222 from Expressway-C to Expressway-E must be open");
	if (cw_work_status_count(tunnels, "Active")) {
		item->state = "good";
		snprintf(item->text, sizeof item->text, "a tunnel is established through it");
	} else if (bad && strcmp(text_of(bad, "state"), "Failed") == 0 && !*text_of(bad, "refused_by")) {
		item->state = "bad";
		snprintf(item->text, sizeof item->text, "%.100s: %.300s", text_of(bad, "peer"),
			text_of(bad, "reason"));
	}
}

static void judge_zone(const json_t *zones, struct item *item)
{
	const json_t *bad = first_bad(zones);
	item->state = cw_work_status_count(zones, "Active") ? "good" : "bad";
	snprintf(item->text, sizeof item->text,
		"the traversal zone is active: user name and password were taken");
	if (strcmp(item->state, "good") != 0) /* of NULL there is no text */
		snprintf(item->text, sizeof item->text, "the traversal zone is not active: %.100s %.300s",
			text_of(bad, "code"), text_of(bad, "reason"));
}

/* Labels: the Expressway administrator guide, Status, "Unified Communications SSH tunnels status". */
json_t *cw_work_status_checklist(struct cw_work_call *call, const json_t *status)
{
	const json_t *zones = json_object_get(status, "zones"), *tunnels = json_object_get(status, "tunnels");
	bool client = call->core->snapshot->node->kind == CW_NODE_EXPRESSWAY_C;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *list = json_array();
	struct item port = {.check = "Firewall: port 2222"},
		    certificates = {.check = "Certificates and trusted CAs"};
	struct item account = {.check = "Account for traversal zone on both sides"};
	struct item names = {"Forward and reverse DNS", "unknown",
		"the names of both sides must resolve both ways; hosts: of node.yaml goes before DNS"};
	struct item time = {
		"NTP", "unknown", "the clocks of both sides must agree; certificates count by them"};
	struct item test = {"Secure traversal test", "unknown", ""};
	snprintf(test.text, sizeof test.text, "%s",
		client ? "run it with the FQDN of the Expressway-E" : "is run on the Expressway-C");
	judge_port(tunnels, &port);
	judge_certificates(tunnels, &certificates);
	judge_zone(zones, &account);
	const struct item *const items[] = {&port, &names, &time, &certificates, &account, &test};
	for (size_t i = 0; i < sizeof items / sizeof *items; i++)
		add_item(&json, list, items[i]);
	return json.failed ? NULL : TAKE(list);
}

/* --- servers and domains --- */

static bool is_of(const struct cw_link *link, const struct cw_node *server)
{
	return link->server.node == server || link->client.node == server;
}

/* The row of node_reach.h of this link: its name is kind and address. */
static const json_t *row_of(const json_t *services, const struct cw_link *link)
{
	char name[300];
	size_t i;
	json_t *row;
	snprintf(name, sizeof name, "%s %.250s", cw_link_kind_name(link->kind), link->address);
	json_array_foreach(services, i, row) if (strcasecmp(text_of(row, "peer"), name) == 0) return row;
	return NULL;
}

static json_t *links_of(struct cw_work_call *call, const struct cw_node *server, const json_t *status)
{
	static const char *const keys[] = {"state", "code", "reason", "since"};
	const struct cw_snapshot *snapshot = call->core->snapshot;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *links = json_array();
	for (size_t i = 0; i < snapshot->check->link_count; i++) {
		const struct cw_link *link = snapshot->check->links[i];
		const json_t *row = row_of(json_object_get(status, "services"), link);
		if (!is_of(link, server) || !row)
			continue;
		json_t *object = json_object();
		cw_json_put(&json, object, "link", cw_json_text(cw_link_kind_name(link->kind)));
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
			put_shared(&json, object, row, keys[k]);
		cw_json_add(&json, links, object);
	}
	return json.failed ? NULL : TAKE(links);
}

static json_t *server_of(struct cw_work_call *call, const struct cw_node *server, const json_t *status)
{
	const struct cw_snapshot *snapshot = call->core->snapshot;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *row = json_object();
	json_t *links = links_of(call, server, status);
	const json_t *bad = NULL;
	size_t i;
	json_t *link;
	json_array_foreach(links, i, link) if (!bad && strcmp(text_of(link, "state"), "Failed") == 0) bad =
		link;
	bool verifies = cw_link_cucm_tls_verify(snapshot->node->group, server->group) != CW_SWITCH_OFF;
	const char *state = cw_work_status_count(links, "Active") ? "Active" : "Checking";
	if (bad)
		state = "Failed";
	cw_json_put(&json, row, "address", cw_json_text(cw_node_address(server)));
	cw_json_put(&json, row, "fqdn", cw_json_text(server->fqdn));
	cw_json_put(&json, row, "publisher", json_boolean(server->publisher));
	cw_json_put(&json, row, "tls_verify", cw_json_text(verifies ? "On" : "Off"));
	cw_json_put(&json, row, "state", cw_json_text(state));
	cw_json_put(&json, row, "code", bad ? json_incref(json_object_get(bad, "code")) : json_null());
	cw_json_put(&json, row, "reason", cw_json_text(bad ? text_of(bad, "reason") : ""));
	cw_json_put(&json, row, "links", links);
	return json.failed ? NULL : TAKE(row);
}

json_t *cw_work_status_servers(struct cw_work_call *call, const json_t *status)
{
	const struct cw_deployment *deployment = call->core->snapshot->file->deployment;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *servers = json_array();
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0;
			deployment->groups[i]->kind == CW_NODE_CUCM && k < deployment->groups[i]->count; k++)
			cw_json_add(&json, servers, server_of(call, deployment->groups[i]->nodes[k], status));
	return json.failed ? NULL : TAKE(servers);
}

json_t *cw_work_status_domains(struct cw_work_call *call)
{
	static const char *const edges[] = {[CW_EDGE_EITHER] = "either",
		[CW_EDGE_DNS] = "dns",
		[CW_EDGE_COLLAB_EDGE] = "collab-edge",
		[CW_EDGE_NONE] = "none"};
	const struct cw_deployment *deployment = call->core->snapshot->file->deployment;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *domains = json_array();
	for (size_t i = 0; i < deployment->domain_count; i++) {
		json_t *row = json_object();
		cw_json_put(&json, row, "name", cw_json_text(deployment->domains[i].name));
		cw_json_put(&json, row, "edge", cw_json_text(edges[deployment->domains[i].edge]));
		cw_json_add(&json, domains, row);
	}
	return json.failed ? NULL : TAKE(domains);
}
