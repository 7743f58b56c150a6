#include "config/deployment_write_parts.h"

#include "config/deployment_keys.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define DEFAULT_PORT 7001

static void write_path_or_unknown(
	struct cw_deployment_writer *writer, const char *key, enum cw_knowledge state, const char *path)
{
	if (state == CW_UNKNOWN) {
		cw_deployment_write_word(writer, key, "unknown");
	} else if (path) {
		cw_deployment_write_begin_line(writer, key);
		cw_buffer_char(writer->out, ' ');
		cw_deployment_write_path(writer, path);
		cw_deployment_write_end_line(writer);
	}
}

static void write_identity(
	struct cw_deployment_writer *writer, const struct cw_identity *identity, enum cw_identity_kind kind)
{
	const char *name = cw_node_identity_name(kind);
	const char *key = kind == CW_IDENTITY_CLIENT ? "client-key" : "key";
	write_path_or_unknown(writer, name, identity->state, identity->path);
	cw_deployment_write_password_file(writer, name, identity->password_path);
	cw_deployment_write_pair(writer, key, identity->key_path);
	cw_deployment_write_password_file(writer, key, identity->key_password_path);
}

static void write_store(
	struct cw_deployment_writer *writer, const struct cw_store *store, enum cw_store_kind kind)
{
	const char *name = cw_node_store_name(kind);
	if (store->state == CW_UNKNOWN)
		cw_deployment_write_word(writer, name, "unknown");
	else if (store->state == CW_KNOWN)
		cw_deployment_write_one_or_list(writer, name, &store->paths, cw_deployment_write_path);
	cw_deployment_write_password_file(writer, name, store->password_path);
}

static void write_node(struct cw_deployment_writer *writer, const struct cw_node *node)
{
	writer->place.node = node;
	cw_deployment_write_pair(writer, "fqdn", node->fqdn);
	cw_deployment_write_word(writer, "publisher", node->publisher ? "true" : NULL);
	if (node->addresses.count)
		cw_deployment_write_one_or_list(
			writer, "address", &node->addresses, cw_deployment_write_text);
	static const char *const sends[] = {[CW_SENDS_LEAF] = "leaf", [CW_SENDS_FILE] = "file"};
	cw_deployment_write_word(writer, "sends", sends[node->sends]);
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		write_identity(writer, &node->identities[i], (enum cw_identity_kind)i);
	if (node->same_as)
		cw_deployment_write_pair(writer, "same-as", node->same_as->fqdn);
	for (size_t i = 0; i < CW_STORE_KIND_COUNT && !node->same_as; i++)
		write_store(writer, &node->stores[i], (enum cw_store_kind)i);
	if (node->crl_paths.count)
		cw_deployment_write_one_or_list(writer, "crl", &node->crl_paths, cw_deployment_write_text);
	cw_deployment_write_word(writer, "crl", node->crls.unknown ? "unknown" : NULL);
	writer->place.node = NULL;
}

/* --- zones --- */

static void write_port(struct cw_deployment_writer *writer, const struct cw_zone *zone)
{
	if (zone->port == DEFAULT_PORT)
		return;
	cw_deployment_write_begin_line(writer, "port");
	cw_buffer_printf(writer->out, " %u", zone->port);
	cw_deployment_write_end_line(writer);
}

static void write_peers(struct cw_deployment_writer *writer, const struct cw_zone *zone)
{
	AUTO_STRINGS peers = {0};
	for (size_t i = 0; i < zone->peer_count; i++)
		if (!cw_strings_add(&peers, zone->peers[i].address))
			writer->out->failed = true;
	cw_deployment_write_list(writer, "peers", &peers, cw_deployment_write_text);
}

static void write_credentials(struct cw_deployment_writer *writer, const struct cw_credentials *credentials)
{
	cw_deployment_write_pair(writer, "username", credentials->username);
	if (credentials->password_path)
		cw_deployment_write_pair(writer, "password-file", credentials->password_path);
	else
		cw_deployment_write_pair(writer, "password", credentials->password);
}

static size_t group_count(const struct cw_deployment *deployment, enum cw_node_kind kind)
{
	size_t count = 0;
	for (size_t i = 0; i < deployment->group_count; i++)
		count += deployment->groups[i]->kind == kind;
	return count;
}

/* The zone that `traversal:` of both groups stands for, or NULL where it takes `zones:` to say it. */
static const struct cw_zone *short_zone(const struct cw_deployment *deployment)
{
	bool is_short = deployment->zone_count == 1 && strcmp(deployment->zones[0].name, "traversal") == 0 &&
		group_count(deployment, CW_NODE_EXPRESSWAY_C) == 1 &&
		group_count(deployment, CW_NODE_EXPRESSWAY_E) == 1;
	return is_short ? &deployment->zones[0] : NULL;
}

static void write_traversal(
	struct cw_deployment_writer *writer, const struct cw_zone *zone, const struct cw_group *group)
{
	bool has_keys = group->kind == CW_NODE_EXPRESSWAY_C || zone->tls_verify_name || zone->on_e.username ||
		zone->on_e.password;
	if (!has_keys)
		return;
	cw_deployment_write_begin_line(writer, "traversal");
	cw_deployment_write_end_line(writer);
	writer->indent += 2;
	if (group->kind == CW_NODE_EXPRESSWAY_C) {
		write_peers(writer, zone);
		write_port(writer, zone);
		write_credentials(writer, &zone->on_c);
	} else {
		cw_deployment_write_pair(writer, "tls-verify-name", zone->tls_verify_name);
		write_credentials(writer, &zone->on_e);
	}
	writer->indent -= 2;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* One zone of the long form, which has one user name and one password for both ends. */
static void write_zone(struct cw_deployment_writer *writer, const struct cw_zone *zone)
{
	writer->place = (struct cw_deployment_place){.zone = zone};
	writer->dash = true;
	cw_deployment_write_pair(writer, "name", zone->name);
	cw_deployment_write_pair(writer, "c", zone->c->name);
	cw_deployment_write_pair(writer, "e", zone->e->name);
	write_port(writer, zone);
	write_peers(writer, zone);
	cw_deployment_write_pair(writer, "tls-verify-name", zone->tls_verify_name);
	write_credentials(writer, &zone->on_c);
	if (!writer->unlike &&
		(!is_same(zone->on_c.username, zone->on_e.username) ||
			!is_same(zone->on_c.password, zone->on_e.password)))
		writer->unlike = zone;
}

static void write_section(struct cw_deployment_writer *writer, const char *key)
{
	writer->place = (struct cw_deployment_place){0};
	writer->indent = 0;
	cw_buffer_char(writer->out, '\n');
	cw_deployment_write_begin_line(writer, key);
	cw_deployment_write_end_line(writer);
}

/* Several groups of one kind need `zones:` even where there is none. */
static void write_zones(struct cw_deployment_writer *writer, const struct cw_deployment *deployment)
{
	if (short_zone(deployment))
		return;
	bool several = group_count(deployment, CW_NODE_EXPRESSWAY_C) > 1 ||
		group_count(deployment, CW_NODE_EXPRESSWAY_E) > 1;
	if (!deployment->zone_count) {
		cw_buffer_text(writer->out, several ? "\nzones: []\n" : "");
		return;
	}
	write_section(writer, "zones");
	writer->indent = 4;
	for (size_t i = 0; i < deployment->zone_count; i++)
		write_zone(writer, &deployment->zones[i]);
}

/* --- groups --- */

#define C (1U << CW_NODE_EXPRESSWAY_C)
#define E (1U << CW_NODE_EXPRESSWAY_E)
#define CUCM (1U << CW_NODE_CUCM)

static const char *const switch_words[] = {
	[CW_SWITCH_OFF] = "off", [CW_SWITCH_ON] = "on", [CW_SWITCH_UNKNOWN] = "unknown"};

static const char *cucm_tls_verify(const struct cw_group *group)
{
	return switch_words[group->cucm_tls_verify];
}

static const char *verify_origin_server(const struct cw_group *group)
{
	return group->verify_origin_server ? NULL : "off";
}

static const char *prefer(const struct cw_group *group)
{
	static const char *const words[] = {[CW_PREFER_RSA] = "rsa", [CW_PREFER_ECDSA] = "ecdsa"};
	return words[group->prefer];
}

static const char *eku_check(const struct cw_group *group)
{
	return group->eku_check ? NULL : "off";
}

static const char *server_eku_upload(const struct cw_group *group)
{
	return group->server_eku_upload ? "on" : NULL;
}

static const char *revocation(const struct cw_group *group)
{
	if (group->revocation_unknown)
		return "unknown";
	return group->revocation ? "crl" : "off";
}

static const char *revocation_fallback(const struct cw_group *group)
{
	return group->revocation_missing_passes ? "ignore" : NULL;
}

static const char *cluster_tls_verify(const struct cw_group *group)
{
	return group->cluster_tls_verify ? "on" : NULL;
}

static const char *secure_registration(const struct cw_group *group)
{
	return switch_words[group->secure_registration];
}

static const char *sip_oauth(const struct cw_group *group)
{
	return group->sip_oauth ? "on" : NULL;
}

static const struct {
	const char *key;
	unsigned kinds;					   /* of groups that have it, as bits */
	const char *(*word)(const struct cw_group *group); /* NULL: as boxes come, not written */
} settings[] = {
	{"secure-registration", CUCM, secure_registration},
	{"sip-oauth", CUCM, sip_oauth},
	{"cucm-tls-verify", C | CUCM, cucm_tls_verify},
	{"verify-origin-server", C, verify_origin_server},
	{"prefer", C, prefer},
	{"eku-check", C | E, eku_check},
	{"server-eku-upload", E, server_eku_upload},
	{"revocation", C | E, revocation},
	{"revocation-fallback", C | E, revocation_fallback},
	{"cluster-tls-verify", C | E, cluster_tls_verify},
};

static bool is_equal_list(const struct cw_strings *a, const struct cw_strings *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return true;
}

static void write_tunnel_keys(struct cw_deployment_writer *writer, const struct cw_group *group)
{
	AUTO_STRINGS keys = {0};
	for (int key = 0; key < CW_TUNNEL_KEY_COUNT; key++)
		if ((group->tunnel_keys >> key & 1U) &&
			!cw_strings_add(&keys, cw_node_tunnel_key_name((enum cw_tunnel_key)key)))
			writer->out->failed = true;
	cw_deployment_write_names(writer, "tunnel-key-algorithms", &keys);
}

static const char *profile_word(const struct cw_endpoint *endpoint)
{
	switch (endpoint->sip) {
	case CW_ENDPOINT_SIP_ALL:
		return NULL;
	case CW_ENDPOINT_SIP_SECURE:
		return endpoint->profile;
	case CW_ENDPOINT_SIP_OAUTH:
		return "oauth";
	case CW_ENDPOINT_SIP_NONE:
		return "none";
	}
	return NULL;
}

/* A release of 0 is none: whoever made the model does not know it. */
static void write_settings(struct cw_deployment_writer *writer, const struct cw_deployment *deployment,
	const struct cw_group *group)
{
	char text[CW_RELEASE_TEXT_SIZE];
	bool expressway = (C | E) >> group->kind & 1;
	const struct cw_zone *zone = short_zone(deployment);
	if (expressway && group->release.major)
		cw_deployment_write_pair(writer, "release", cw_release_text(group->release, text));
	else if (group->release.major && cw_release_compare(group->release, cw_release_cucm_default()) != 0)
		cw_deployment_write_word(writer, "release", cw_release_cucm_text(group->release, text));
	cw_deployment_write_pair(writer, "cluster", group->cluster);
	if (expressway && zone)
		write_traversal(writer, zone, group);
	for (size_t i = 0; i < COUNT(settings); i++)
		if (settings[i].kinds >> group->kind & 1)
			cw_deployment_write_word(writer, settings[i].key, settings[i].word(group));
	if (expressway)
		write_tunnel_keys(writer, group);
	if (group->kind == CW_NODE_CUCM &&
		!is_equal_list(&group->phone_profiles, &deployment->phone_profiles))
		cw_deployment_write_list(
			writer, "phone-profiles", &group->phone_profiles, cw_deployment_write_text);
}

static void write_group(struct cw_deployment_writer *writer, const struct cw_deployment *deployment,
	const struct cw_group *group, bool in_list)
{
	int indent = in_list ? 4 : 2;
	writer->place = (struct cw_deployment_place){.group = group};
	writer->indent = indent;
	writer->dash = in_list;
	if (in_list)
		cw_deployment_write_pair(writer, "name", group->name);
	write_settings(writer, deployment, group);
	cw_deployment_write_begin_line(writer, "nodes");
	cw_deployment_write_end_line(writer);
	writer->indent = indent + 4;
	for (size_t i = 0; i < group->count; i++) {
		writer->dash = true;
		write_node(writer, group->nodes[i]);
	}
}

static void write_kind(
	struct cw_deployment_writer *writer, const struct cw_deployment *deployment, enum cw_node_kind kind)
{
	bool begun = false;
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *group = deployment->groups[i];
		if (group->kind != kind)
			continue;
		if (!begun)
			write_section(writer, cw_node_kind_name(kind));
		begun = true;
		bool in_list = group_count(deployment, kind) > 1 ||
			strcmp(group->name, cw_node_kind_name(kind)) != 0;
		write_group(writer, deployment, group, in_list);
	}
}

static void write_front(struct cw_deployment_writer *writer, const struct cw_node *front)
{
	if (!front)
		return;
	write_section(writer, cw_node_kind_name(CW_NODE_FRONT));
	writer->indent = 2;
	write_node(writer, front);
}

/* --- endpoints and the head --- */

static void write_trust(struct cw_deployment_writer *writer, const struct cw_store *trust)
{
	size_t count = trust->paths.count + trust->fingerprint_paths.count;
	if (trust->state == CW_ABSENT)
		return;
	cw_buffer_text(writer->out, ", trust: ");
	if (trust->state == CW_UNKNOWN) {
		cw_buffer_text(writer->out, "unknown");
		return;
	}
	cw_buffer_text(writer->out, count == 1 ? "" : "[");
	for (size_t i = 0; i < count; i++) {
		cw_buffer_text(writer->out, i ? ", " : "");
		if (i < trust->paths.count) {
			cw_deployment_write_path(writer, trust->paths.items[i]);
			continue;
		}
		cw_buffer_text(writer->out, "{fingerprints: ");
		cw_deployment_write_text(writer, trust->fingerprint_paths.items[i - trust->paths.count]);
		cw_buffer_char(writer->out, '}');
	}
	cw_buffer_text(writer->out, count == 1 ? "" : "]");
}

/* Nothing where the endpoint signs in for all of them. */
static void write_endpoint_domains(struct cw_deployment_writer *writer,
	const struct cw_deployment *deployment, const struct cw_endpoint *endpoint)
{
	size_t chosen = 0;
	for (size_t i = 0; i < deployment->domain_count; i++)
		chosen += endpoint->domains[i];
	if (chosen == deployment->domain_count)
		return;
	cw_buffer_text(writer->out, ", domains: [");
	const char *before = "";
	for (size_t i = 0; i < deployment->domain_count; i++) {
		if (!endpoint->domains[i])
			continue;
		cw_buffer_text(writer->out, before);
		cw_deployment_write_text(writer, deployment->domains[i].name);
		before = ", ";
	}
	cw_buffer_char(writer->out, ']');
}

static void write_endpoints(struct cw_deployment_writer *writer, const struct cw_deployment *deployment)
{
	if (!deployment->endpoint_count)
		return;
	write_section(writer, "endpoints");
	for (size_t i = 0; i < deployment->endpoint_count; i++) {
		const struct cw_endpoint *endpoint = &deployment->endpoints[i];
		writer->place = (struct cw_deployment_place){.endpoint = endpoint};
		cw_buffer_text(writer->out, "  - {name: ");
		cw_deployment_write_text(writer, endpoint->name);
		cw_buffer_printf(writer->out, ", kind: %s", cw_endpoint_kind_name(endpoint->kind));
		if (profile_word(endpoint)) {
			cw_buffer_text(writer->out, ", profile: ");
			cw_deployment_write_text(writer, profile_word(endpoint));
		}
		write_trust(writer, &endpoint->trust);
		if (endpoint->trust.password_path) {
			cw_buffer_text(writer->out, ", trust-password-file: ");
			cw_deployment_write_text(writer, endpoint->trust.password_path);
		}
		write_endpoint_domains(writer, deployment, endpoint);
		cw_buffer_char(writer->out, '}');
		cw_deployment_write_end_line(writer);
	}
}

static void write_domains(struct cw_deployment_writer *writer, const struct cw_deployment *deployment)
{
	static const char *const edges[] = {
		[CW_EDGE_DNS] = "dns", [CW_EDGE_COLLAB_EDGE] = "collab-edge", [CW_EDGE_NONE] = "none"};
	if (!deployment->domain_count)
		return;
	cw_deployment_write_begin_line(writer, "domains");
	cw_buffer_text(writer->out, " [");
	for (size_t i = 0; i < deployment->domain_count; i++) {
		const struct cw_domain *domain = &deployment->domains[i];
		cw_buffer_text(writer->out, i ? ", " : "");
		if (domain->edge == CW_EDGE_EITHER) {
			cw_deployment_write_text(writer, domain->name);
			continue;
		}
		cw_buffer_text(writer->out, "{name: ");
		cw_deployment_write_text(writer, domain->name);
		cw_buffer_printf(writer->out, ", edge: %s}", edges[domain->edge]);
	}
	cw_buffer_char(writer->out, ']');
	cw_deployment_write_end_line(writer);
}

/* --- the whole --- */

/* Every text was looked at but for its encoding; libyaml knows what it takes for UTF-8. */
static bool read_back(const struct cw_buffer *text, size_t begin, struct cw_error *error)
{
	AUTO_YAML tree = {0};
	struct cw_problems problems = {0};
	AUTO_STRINGS lines = {0};
	bool good =
		cw_yaml_tree_read(cw_buffer_string(text) + begin, text->length - begin, &tree, &problems) &&
		cw_problems_none(&problems);
	bool no_memory = problems.no_memory;
	if (!good)
		cw_problems_print(&problems, "the deployment file to be", 1, &lines);
	cw_problems_finish(&problems);
	if (no_memory || (!good && !lines.count))
		return cw_error_memory(error);
	return good || cw_error_set(error, CW_E_YAML, "%s", lines.items[0]);
}

bool cw_deployment_write(const struct cw_deployment *deployment, cw_deployment_comment comment, void *user,
	struct cw_buffer *ret, struct cw_error *error)
{
	size_t begin = ret->length;
	struct cw_deployment_writer writer = {.out = ret, .comment = comment, .user = user};
	ret->secret = true; /* the passwords of the zones */
	cw_deployment_write_word(&writer, "causeway", "1");
	cw_deployment_write_pair(&writer, "name", deployment->name);
	write_domains(&writer, deployment);
	cw_deployment_write_names(&writer, "chat-aliases", &deployment->chat_aliases);
	cw_deployment_write_names(&writer, "federation-domains", &deployment->federation_domains);
	cw_deployment_write_names(&writer, "phone-profiles", &deployment->phone_profiles);
	for (size_t i = CW_NODE_EXPRESSWAY_C; i < CW_NODE_FRONT; i++)
		write_kind(&writer, deployment, (enum cw_node_kind)i);
	write_front(&writer, deployment->front);
	write_zones(&writer, deployment);
	write_endpoints(&writer, deployment);
	if (!cw_buffer_ok(ret, error))
		return false;
	if (writer.refused)
		return cw_error_set(error, CW_E_YAML,
			"the text \"%s\" cannot stand in a deployment file; wanted one line of UTF-8",
			writer.refused);
	if (writer.unlike)
		return cw_error_set(error, CW_E_YAML,
			"zone \"%s\": the credentials of both ends differ, which only the zone "
			"\"traversal\" of one expressway-c and one expressway-e can say",
			writer.unlike->name);
	return read_back(ret, begin, error);
}
