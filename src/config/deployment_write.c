#include "config/deployment_write_parts.h"

#include "config/deployment_keys.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

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

/* --- groups --- */

size_t cw_deployment_write_count(const struct cw_deployment *deployment, enum cw_node_kind kind)
{
	size_t count = 0;
	for (size_t i = 0; i < deployment->group_count; i++)
		count += deployment->groups[i]->kind == kind;
	return count;
}

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

/* A release of 0 is none: whoever made the model does not know it. */
static void write_settings(struct cw_deployment_writer *writer, const struct cw_deployment *deployment,
	const struct cw_group *group)
{
	char text[CW_RELEASE_TEXT_SIZE];
	bool expressway = (C | E) >> group->kind & 1;
	const struct cw_zone *zone = cw_deployment_write_short_zone(deployment);
	if (expressway && group->release.major)
		cw_deployment_write_pair(writer, "release", cw_release_text(group->release, text));
	else if (group->release.major && cw_release_compare(group->release, cw_release_cucm_default()) != 0)
		cw_deployment_write_word(writer, "release", cw_release_cucm_text(group->release, text));
	cw_deployment_write_pair(writer, "cluster", group->cluster);
	if (expressway && zone)
		cw_deployment_write_traversal(writer, zone, group);
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
			cw_deployment_write_section(writer, cw_node_kind_name(kind));
		begun = true;
		bool in_list = cw_deployment_write_count(deployment, kind) > 1 ||
			strcmp(group->name, cw_node_kind_name(kind)) != 0;
		write_group(writer, deployment, group, in_list);
	}
}

static void write_front(struct cw_deployment_writer *writer, const struct cw_node *front)
{
	if (!front)
		return;
	cw_deployment_write_section(writer, cw_node_kind_name(CW_NODE_FRONT));
	writer->indent = 2;
	write_node(writer, front);
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
	cw_deployment_write_domains(&writer, deployment);
	cw_deployment_write_names(&writer, "chat-aliases", &deployment->chat_aliases);
	cw_deployment_write_names(&writer, "federation-domains", &deployment->federation_domains);
	cw_deployment_write_names(&writer, "phone-profiles", &deployment->phone_profiles);
	for (size_t i = CW_NODE_EXPRESSWAY_C; i < CW_NODE_FRONT; i++)
		write_kind(&writer, deployment, (enum cw_node_kind)i);
	write_front(&writer, deployment->front);
	cw_deployment_write_zones(&writer, deployment);
	cw_deployment_write_endpoints(&writer, deployment);
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
