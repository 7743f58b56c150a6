#include "config/deployment_write.h"

#include "config/deployment_keys.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define DEFAULT_PORT 7001
#define ON_ONE_LINE_MAX 8 /* longer lists get a line for each item */

struct writer {
	struct cw_buffer *out;
	cw_deployment_comment comment; /* or NULL */
	void *user;
	struct cw_deployment_place place;
	int indent;		      /* columns before a key */
	bool dash;		      /* the next key begins an item of a list */
	const char *refused;	      /* the first text that cannot be written */
	const struct cw_zone *unlike; /* the first zone of the long form whose ends have unlike credentials */
};

/* --- texts --- */

/* Bytes of the control character at `c`, 0 where there is none: C0, DEL, C1, and the two separators that YAML
 * takes for line breaks. */
static size_t control_length(const unsigned char *c)
{
	if (*c < 0x20 || *c == 0x7f)
		return 1;
	if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0)
		return 2;
	return c[0] == 0xe2 && c[1] == 0x80 && (c[2] == 0xa8 || c[2] == 0xa9) ? 3 : 0;
}

static bool is_writable(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (control_length(c))
			return false;
	return *text;
}

/* What some reader of YAML takes for a boolean or for nothing. */
static bool is_word_of_yaml(const char *text)
{
	static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
	for (size_t i = 0; i < COUNT(words); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

static size_t count_of(const char *text, char wanted)
{
	size_t count = 0;
	for (; *text; text++)
		count += *text == wanted;
	return count;
}

/* Needs no quotes. A digit first only where two dots follow, as in an IP address: no number has two. */
static bool is_plain(const char *text)
{
	static const char marks[] = "_./@-";
	bool begins = isalpha((unsigned char)*text) || *text == '/' ||
		(isdigit((unsigned char)*text) && count_of(text, '.') > 1);
	for (const char *c = text; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr(marks, *c))
			return false;
	return begins && !is_word_of_yaml(text);
}

static void write_text(struct writer *writer, const char *text)
{
	if (!is_writable(text) && !writer->refused)
		writer->refused = text;
	if (is_plain(text)) {
		cw_buffer_text(writer->out, text);
		return;
	}
	cw_buffer_char(writer->out, '"');
	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			cw_buffer_char(writer->out, '\\');
		cw_buffer_char(writer->out, *c);
	}
	cw_buffer_char(writer->out, '"');
}

/* A file of that very name would be read as the word. */
static void write_path(struct writer *writer, const char *path)
{
	if (strcmp(path, "unknown") == 0)
		cw_buffer_text(writer->out, "./");
	write_text(writer, path);
}

/* --- lines --- */

static void write_comment(struct writer *writer)
{
	const char *text = writer->comment ? writer->comment(writer->user, &writer->place) : NULL;
	if (!text)
		return;
	cw_buffer_text(writer->out, "  # ");
	const unsigned char *c = (const unsigned char *)text;
	while (*c) {
		size_t control = control_length(c);
		cw_buffer_char(writer->out, control ? '?' : (char)*c);
		c += control ? control : 1;
	}
}

static void end_line(struct writer *writer)
{
	write_comment(writer);
	cw_buffer_char(writer->out, '\n');
}

static void begin_line(struct writer *writer, const char *key)
{
	int before = writer->indent - (writer->dash ? 2 : 0);
	cw_buffer_printf(writer->out, "%*s%s%s:", before, "", writer->dash ? "- " : "", key);
	writer->dash = false;
	writer->place.key = key;
}

static void write_pair(struct writer *writer, const char *key, const char *text)
{
	if (!text)
		return;
	begin_line(writer, key);
	cw_buffer_char(writer->out, ' ');
	write_text(writer, text);
	end_line(writer);
}

/* A word of the format, as it is. */
static void write_word(struct writer *writer, const char *key, const char *word)
{
	if (!word)
		return;
	begin_line(writer, key);
	cw_buffer_printf(writer->out, " %s", word);
	end_line(writer);
}

static void write_list(struct writer *writer, const char *key, const struct cw_strings *list,
	void (*write)(struct writer *writer, const char *text))
{
	bool on_one_line = list->count <= ON_ONE_LINE_MAX;
	begin_line(writer, key);
	if (on_one_line)
		cw_buffer_text(writer->out, " [");
	else
		end_line(writer);
	for (size_t i = 0; i < list->count; i++) {
		if (!on_one_line)
			cw_buffer_printf(writer->out, "%*s- ", writer->indent + 2, "");
		else if (i)
			cw_buffer_text(writer->out, ", ");
		write(writer, list->items[i]);
		if (!on_one_line)
			cw_buffer_char(writer->out, '\n');
	}
	if (!on_one_line)
		return;
	cw_buffer_char(writer->out, ']');
	end_line(writer);
}

static void write_one_or_list(struct writer *writer, const char *key, const struct cw_strings *list,
	void (*write)(struct writer *writer, const char *text))
{
	if (list->count != 1) {
		write_list(writer, key, list, write);
		return;
	}
	begin_line(writer, key);
	cw_buffer_char(writer->out, ' ');
	write(writer, list->items[0]);
	end_line(writer);
}

static void write_names(struct writer *writer, const char *key, const struct cw_strings *list)
{
	if (list->count)
		write_list(writer, key, list, write_text);
}

/* "trusted-ca" and its password file: "trusted-ca-password-file". */
static void write_password_file(struct writer *writer, const char *of, const char *path)
{
	if (!path)
		return;
	AUTO_BUFFER key = {0};
	cw_buffer_printf(&key, "%s-password-file", of);
	writer->out->failed |= key.failed;
	write_pair(writer, cw_buffer_string(&key), path);
	writer->place.key = NULL;
}

/* --- nodes --- */

static void write_path_or_unknown(
	struct writer *writer, const char *key, enum cw_knowledge state, const char *path)
{
	if (state == CW_UNKNOWN) {
		write_word(writer, key, "unknown");
	} else if (path) {
		begin_line(writer, key);
		cw_buffer_char(writer->out, ' ');
		write_path(writer, path);
		end_line(writer);
	}
}

static void write_identity(
	struct writer *writer, const struct cw_identity *identity, enum cw_identity_kind kind)
{
	const char *name = cw_node_identity_name(kind);
	const char *key = kind == CW_IDENTITY_CLIENT ? "client-key" : "key";
	write_path_or_unknown(writer, name, identity->state, identity->path);
	write_password_file(writer, name, identity->password_path);
	write_pair(writer, key, identity->key_path);
	write_password_file(writer, key, identity->key_password_path);
}

static void write_store(struct writer *writer, const struct cw_store *store, enum cw_store_kind kind)
{
	const char *name = cw_node_store_name(kind);
	if (store->state == CW_UNKNOWN)
		write_word(writer, name, "unknown");
	else if (store->state == CW_KNOWN)
		write_one_or_list(writer, name, &store->paths, write_path);
	write_password_file(writer, name, store->password_path);
}

static void write_node(struct writer *writer, const struct cw_node *node)
{
	writer->place.node = node;
	write_pair(writer, "fqdn", node->fqdn);
	write_word(writer, "publisher", node->publisher ? "true" : NULL);
	if (node->addresses.count)
		write_one_or_list(writer, "address", &node->addresses, write_text);
	static const char *const sends[] = {[CW_SENDS_LEAF] = "leaf", [CW_SENDS_FILE] = "file"};
	write_word(writer, "sends", sends[node->sends]);
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		write_identity(writer, &node->identities[i], (enum cw_identity_kind)i);
	if (node->same_as)
		write_pair(writer, "same-as", node->same_as->fqdn);
	for (size_t i = 0; i < CW_STORE_KIND_COUNT && !node->same_as; i++)
		write_store(writer, &node->stores[i], (enum cw_store_kind)i);
	if (node->crl_paths.count)
		write_one_or_list(writer, "crl", &node->crl_paths, write_text);
	write_word(writer, "crl", node->crls.unknown ? "unknown" : NULL);
	writer->place.node = NULL;
}

/* --- zones --- */

static void write_port(struct writer *writer, const struct cw_zone *zone)
{
	if (zone->port == DEFAULT_PORT)
		return;
	begin_line(writer, "port");
	cw_buffer_printf(writer->out, " %u", zone->port);
	end_line(writer);
}

static void write_peers(struct writer *writer, const struct cw_zone *zone)
{
	AUTO_STRINGS peers = {0};
	for (size_t i = 0; i < zone->peer_count; i++)
		if (!cw_strings_add(&peers, zone->peers[i].address))
			writer->out->failed = true;
	write_list(writer, "peers", &peers, write_text);
}

static void write_credentials(struct writer *writer, const struct cw_credentials *credentials)
{
	write_pair(writer, "username", credentials->username);
	write_pair(writer, "password", credentials->password);
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

static void write_traversal(struct writer *writer, const struct cw_zone *zone, const struct cw_group *group)
{
	bool has_keys = group->kind == CW_NODE_EXPRESSWAY_C || zone->tls_verify_name || zone->on_e.username ||
		zone->on_e.password;
	if (!has_keys)
		return;
	begin_line(writer, "traversal");
	end_line(writer);
	writer->indent += 2;
	if (group->kind == CW_NODE_EXPRESSWAY_C) {
		write_peers(writer, zone);
		write_port(writer, zone);
		write_credentials(writer, &zone->on_c);
	} else {
		write_pair(writer, "tls-verify-name", zone->tls_verify_name);
		write_credentials(writer, &zone->on_e);
	}
	writer->indent -= 2;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* One zone of the long form, which has one user name and one password for both ends. */
static void write_zone(struct writer *writer, const struct cw_zone *zone)
{
	writer->place = (struct cw_deployment_place){.zone = zone};
	writer->dash = true;
	write_pair(writer, "name", zone->name);
	write_pair(writer, "c", zone->c->name);
	write_pair(writer, "e", zone->e->name);
	write_port(writer, zone);
	write_peers(writer, zone);
	write_pair(writer, "tls-verify-name", zone->tls_verify_name);
	write_credentials(writer, &zone->on_c);
	if (!writer->unlike &&
		(!is_same(zone->on_c.username, zone->on_e.username) ||
			!is_same(zone->on_c.password, zone->on_e.password)))
		writer->unlike = zone;
}

static void write_section(struct writer *writer, const char *key)
{
	writer->place = (struct cw_deployment_place){0};
	writer->indent = 0;
	cw_buffer_char(writer->out, '\n');
	begin_line(writer, key);
	end_line(writer);
}

/* Several groups of one kind need `zones:` even where there is none. */
static void write_zones(struct writer *writer, const struct cw_deployment *deployment)
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

static void write_tunnel_keys(struct writer *writer, const struct cw_group *group)
{
	AUTO_STRINGS keys = {0};
	for (int key = 0; key < CW_TUNNEL_KEY_COUNT; key++)
		if ((group->tunnel_keys >> key & 1U) &&
			!cw_strings_add(&keys, cw_node_tunnel_key_name((enum cw_tunnel_key)key)))
			writer->out->failed = true;
	write_names(writer, "tunnel-key-algorithms", &keys);
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
static void write_settings(
	struct writer *writer, const struct cw_deployment *deployment, const struct cw_group *group)
{
	char text[CW_RELEASE_TEXT_SIZE];
	bool expressway = (C | E) >> group->kind & 1;
	const struct cw_zone *zone = short_zone(deployment);
	if (expressway && group->release.major)
		write_pair(writer, "release", cw_release_text(group->release, text));
	else if (group->release.major && cw_release_compare(group->release, cw_release_cucm_default()) != 0)
		write_word(writer, "release", cw_release_cucm_text(group->release, text));
	write_pair(writer, "cluster", group->cluster);
	if (expressway && zone)
		write_traversal(writer, zone, group);
	for (size_t i = 0; i < COUNT(settings); i++)
		if (settings[i].kinds >> group->kind & 1)
			write_word(writer, settings[i].key, settings[i].word(group));
	if (expressway)
		write_tunnel_keys(writer, group);
	if (group->kind == CW_NODE_CUCM &&
		!is_equal_list(&group->phone_profiles, &deployment->phone_profiles))
		write_list(writer, "phone-profiles", &group->phone_profiles, write_text);
}

static void write_group(struct writer *writer, const struct cw_deployment *deployment,
	const struct cw_group *group, bool in_list)
{
	int indent = in_list ? 4 : 2;
	writer->place = (struct cw_deployment_place){.group = group};
	writer->indent = indent;
	writer->dash = in_list;
	if (in_list)
		write_pair(writer, "name", group->name);
	write_settings(writer, deployment, group);
	begin_line(writer, "nodes");
	end_line(writer);
	writer->indent = indent + 4;
	for (size_t i = 0; i < group->count; i++) {
		writer->dash = true;
		write_node(writer, group->nodes[i]);
	}
}

static void write_kind(struct writer *writer, const struct cw_deployment *deployment, enum cw_node_kind kind)
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

static void write_front(struct writer *writer, const struct cw_node *front)
{
	if (!front)
		return;
	write_section(writer, cw_node_kind_name(CW_NODE_FRONT));
	writer->indent = 2;
	write_node(writer, front);
}

/* --- endpoints and the head --- */

static void write_trust(struct writer *writer, const struct cw_store *trust)
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
			write_path(writer, trust->paths.items[i]);
			continue;
		}
		cw_buffer_text(writer->out, "{fingerprints: ");
		write_text(writer, trust->fingerprint_paths.items[i - trust->paths.count]);
		cw_buffer_char(writer->out, '}');
	}
	cw_buffer_text(writer->out, count == 1 ? "" : "]");
}

/* Nothing where the endpoint signs in for all of them. */
static void write_endpoint_domains(
	struct writer *writer, const struct cw_deployment *deployment, const struct cw_endpoint *endpoint)
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
		write_text(writer, deployment->domains[i].name);
		before = ", ";
	}
	cw_buffer_char(writer->out, ']');
}

static void write_endpoints(struct writer *writer, const struct cw_deployment *deployment)
{
	if (!deployment->endpoint_count)
		return;
	write_section(writer, "endpoints");
	for (size_t i = 0; i < deployment->endpoint_count; i++) {
		const struct cw_endpoint *endpoint = &deployment->endpoints[i];
		writer->place = (struct cw_deployment_place){.endpoint = endpoint};
		cw_buffer_text(writer->out, "  - {name: ");
		write_text(writer, endpoint->name);
		cw_buffer_printf(writer->out, ", kind: %s", cw_endpoint_kind_name(endpoint->kind));
		if (profile_word(endpoint)) {
			cw_buffer_text(writer->out, ", profile: ");
			write_text(writer, profile_word(endpoint));
		}
		write_trust(writer, &endpoint->trust);
		if (endpoint->trust.password_path) {
			cw_buffer_text(writer->out, ", trust-password-file: ");
			write_text(writer, endpoint->trust.password_path);
		}
		write_endpoint_domains(writer, deployment, endpoint);
		cw_buffer_char(writer->out, '}');
		end_line(writer);
	}
}

static void write_domains(struct writer *writer, const struct cw_deployment *deployment)
{
	static const char *const edges[] = {
		[CW_EDGE_DNS] = "dns", [CW_EDGE_COLLAB_EDGE] = "collab-edge", [CW_EDGE_NONE] = "none"};
	if (!deployment->domain_count)
		return;
	begin_line(writer, "domains");
	cw_buffer_text(writer->out, " [");
	for (size_t i = 0; i < deployment->domain_count; i++) {
		const struct cw_domain *domain = &deployment->domains[i];
		cw_buffer_text(writer->out, i ? ", " : "");
		if (domain->edge == CW_EDGE_EITHER) {
			write_text(writer, domain->name);
			continue;
		}
		cw_buffer_text(writer->out, "{name: ");
		write_text(writer, domain->name);
		cw_buffer_printf(writer->out, ", edge: %s}", edges[domain->edge]);
	}
	cw_buffer_char(writer->out, ']');
	end_line(writer);
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
	struct writer writer = {.out = ret, .comment = comment, .user = user};
	ret->secret = true; /* the passwords of the zones */
	write_word(&writer, "causeway", "1");
	write_pair(&writer, "name", deployment->name);
	write_domains(&writer, deployment);
	write_names(&writer, "chat-aliases", &deployment->chat_aliases);
	write_names(&writer, "federation-domains", &deployment->federation_domains);
	write_names(&writer, "phone-profiles", &deployment->phone_profiles);
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
