#include "labrun/lab_node_words.h"

#include "model/presented.h"

#include <string.h>

#define UNKNOWN_CUCM \
	"tomcat: unknown, callmanager: unknown, tomcat-trust: unknown, callmanager-trust: unknown}\n"

void cw_lab_node_words_finish(struct cw_lab_node_words *words)
{
	struct cw_buffer *const buffers[] = {&words->more, &words->node_more, &words->others, &words->before,
		&words->after, &words->zones};
	for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
		cw_buffer_finish(buffers[i]);
	cw_strings_finish(&words->peers);
}

/* --- settings, and the others' names --- */

static const char *on_off(bool on)
{
	return on ? "on" : "off";
}

static void put_tunnel_keys(unsigned keys, struct cw_buffer *ret)
{
	const char *comma = "";
	if (!keys)
		return;
	cw_buffer_text(ret, "  tunnel-key-algorithms: [");
	for (unsigned i = 0; i < CW_TUNNEL_KEY_COUNT; i++)
		if (keys & 1U << i) {
			cw_buffer_printf(ret, "%s%s", comma, cw_node_tunnel_key_name((enum cw_tunnel_key)i));
			comma = ", ";
		}
	cw_buffer_text(ret, "]\n");
}

static void put_settings(const struct cw_group *group, struct cw_buffer *ret)
{
	if (group->kind == CW_NODE_CUCM) {
		cw_buffer_printf(ret, "  secure-registration: %s\n",
			on_off(group->secure_registration == CW_SWITCH_ON));
		cw_buffer_printf(ret, "  sip-oauth: %s\n", on_off(group->sip_oauth));
		return;
	}
	if (group->kind == CW_NODE_EXPRESSWAY_C) {
		cw_buffer_printf(
			ret, "  cucm-tls-verify: %s\n", on_off(group->cucm_tls_verify == CW_SWITCH_ON));
		cw_buffer_printf(ret, "  verify-origin-server: %s\n", on_off(group->verify_origin_server));
	}
	cw_buffer_printf(ret, "  eku-check: %s\n", on_off(group->eku_check));
	cw_buffer_printf(ret, "  cluster-tls-verify: %s\n", group->cluster_tls_verify ? "on" : "permissive");
	put_tunnel_keys(group->tunnel_keys, ret);
	cw_buffer_printf(ret, "  revocation: %s\n", group->revocation ? "crl" : "off");
	cw_buffer_printf(
		ret, "  revocation-fallback: %s\n", group->revocation_missing_passes ? "ignore" : "fail");
}

static void put_profiles(
	const struct cw_deployment *deployment, const struct cw_group *group, struct cw_buffer *ret)
{
	const struct cw_strings *profiles =
		group->phone_profiles.count ? &group->phone_profiles : &deployment->phone_profiles;
	if (!profiles->count)
		return;
	cw_buffer_text(ret, "phone-profiles: [");
	for (size_t i = 0; i < profiles->count; i++) {
		cw_buffer_text(ret, i ? ", " : "");
		cw_node_init_quote(ret, profiles->items[i]);
	}
	cw_buffer_text(ret, "]\n");
}

/* CUCM judges every Expressway-C that comes: it knows names and the release. */
static void put_expressway_c(const struct cw_deployment *deployment, struct cw_buffer *ret)
{
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *group = deployment->groups[i];
		char release[CW_RELEASE_TEXT_SIZE];
		if (group->kind != CW_NODE_EXPRESSWAY_C)
			continue;
		cw_buffer_printf(
			ret, "expressway-c:\n  release: %s\n", cw_release_text(group->release, release));
		cw_buffer_printf(ret, "  cucm-tls-verify: %s\n  nodes:\n",
			on_off(group->cucm_tls_verify == CW_SWITCH_ON));
		for (size_t k = 0; k < group->count; k++)
			cw_buffer_printf(ret, "    - {fqdn: %s, server: unknown, trusted-ca: unknown}\n",
				group->nodes[k]->fqdn);
		return;
	}
}

/* Expressway-C knows the names of the CUCM nodes that it was given. */
static void put_cucm(const struct cw_deployment *deployment, struct cw_buffer *ret)
{
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *group = deployment->groups[i];
		if (group->kind != CW_NODE_CUCM)
			continue;
		cw_buffer_text(ret, "cucm:\n");
		put_settings(group, ret);
		cw_buffer_text(ret, "  nodes:\n");
		for (size_t k = 0; k < group->count; k++) {
			const struct cw_node *node = group->nodes[k];
			cw_buffer_printf(ret, "    - {fqdn: %s, ", node->fqdn);
			if (node->addresses.count)
				cw_buffer_printf(ret, "address: %s, ", node->addresses.items[0]);
			cw_buffer_text(ret, UNKNOWN_CUCM);
		}
		return;
	}
}

static void put_domains(const struct cw_deployment *deployment, struct cw_buffer *ret)
{
	if (!deployment->domain_count)
		return;
	cw_buffer_text(ret, "domains: [");
	for (size_t i = 0; i < deployment->domain_count; i++)
		cw_buffer_printf(ret, "%s%s", i ? ", " : "", deployment->domains[i].name);
	cw_buffer_text(ret, "]\n");
}

/* What counts for the whole file. */
static void put_file_words(struct cw_buffer *ret)
{
	cw_buffer_text(ret, "apply: restart\n");
}

static void put_node_words(const struct cw_node *node, struct cw_buffer *ret)
{
	for (size_t i = 0; i < node->addresses.count; i++)
		cw_buffer_printf(ret, "%s%s", i ? ", " : "      address: [", node->addresses.items[i]);
	if (node->addresses.count)
		cw_buffer_text(ret, "]\n");
	if (node->publisher)
		cw_buffer_text(ret, "      publisher: on\n");
	if (node->sends == CW_SENDS_LEAF)
		cw_buffer_text(ret, "      sends: leaf\n");
	if (node->sends == CW_SENDS_FILE)
		cw_buffer_text(ret, "      sends: file\n");
}

/* Of the others of its cluster a node knows the names. */
static void put_peers(const struct cw_node *node, struct cw_lab_node_words *words)
{
	struct cw_buffer *ret = &words->before;
	for (size_t i = 0; i < node->group->count; i++) {
		const struct cw_node *other = node->group->nodes[i];
		if (other == node) {
			ret = &words->after;
			continue;
		}
		cw_buffer_printf(ret, "    - {fqdn: %s, ", other->fqdn);
		if (other->publisher)
			cw_buffer_text(ret, "publisher: on, ");
		if (other->addresses.count)
			cw_buffer_printf(ret, "address: %s, ", other->addresses.items[0]);
		if (other->kind == CW_NODE_CUCM)
			cw_buffer_text(ret, UNKNOWN_CUCM);
		else
			cw_buffer_text(ret, "server: unknown, trusted-ca: unknown}\n");
	}
}

/* --- the zone --- */

static const struct cw_zone *zone_of(const struct cw_deployment *deployment, const struct cw_node *node)
{
	for (size_t i = 0; i < deployment->zone_count; i++)
		if (deployment->zones[i].c == node->group || deployment->zones[i].e == node->group)
			return &deployment->zones[i];
	return NULL;
}

static size_t count_zones(const struct cw_deployment *deployment, const struct cw_node *node)
{
	size_t count = 0;
	for (size_t i = 0; i < deployment->zone_count; i++)
		count += deployment->zones[i].c == node->group || deployment->zones[i].e == node->group;
	return count;
}

/* What one side does not give is not judged: then both say the same. */
static const char *given(const char *own, const char *other)
{
	if (own)
		return own;
	return other ? other : "traversal";
}

static void put_quoted(struct cw_buffer *ret, const char *key, const char *text)
{
	if (!text)
		return;
	cw_buffer_printf(ret, ", %s: ", key);
	cw_node_init_quote(ret, text);
}

/* A cluster at the other end of a zone: names. */
static void put_other_cluster(const struct cw_group *group, struct cw_buffer *ret)
{
	char release[CW_RELEASE_TEXT_SIZE];
	cw_buffer_text(ret, "  - name: ");
	cw_node_init_quote(ret, group->name);
	cw_buffer_printf(ret, "\n    release: %s\n    nodes:\n", cw_release_text(group->release, release));
	for (size_t i = 0; i < group->count; i++) {
		const struct cw_node *node = group->nodes[i];
		cw_buffer_printf(ret, "      - {fqdn: %s, ", node->fqdn);
		for (size_t k = 0; k < node->addresses.count; k++)
			cw_buffer_printf(ret, "%s%s", k ? ", " : "address: [", node->addresses.items[k]);
		if (node->addresses.count)
			cw_buffer_text(ret, "], ");
		cw_buffer_text(ret, "server: unknown, trusted-ca: unknown}\n");
	}
}

/* Expressway-E knows of its peers' addresses its own. */
static void put_zone_peers(const struct cw_zone *zone, const struct cw_node *node, struct cw_buffer *ret)
{
	bool any = false;
	cw_buffer_text(ret, ", peers: [");
	for (size_t i = 0; i < zone->peer_count; i++) {
		if (zone->e == node->group && zone->peers[i].node != node)
			continue;
		cw_buffer_text(ret, any ? ", " : "");
		cw_node_init_quote(ret, zone->peers[i].address);
		any = true;
	}
	if (!any)
		cw_node_init_quote(ret, node->fqdn);
	cw_buffer_char(ret, ']');
}

static void put_zone(const struct cw_zone *zone, const struct cw_node *node, struct cw_buffer *ret)
{
	bool c = zone->c == node->group;
	const struct cw_credentials *own = c ? &zone->on_c : &zone->on_e;
	const struct cw_credentials *other = c ? &zone->on_e : &zone->on_c;
	cw_buffer_text(ret, "  - {name: ");
	cw_node_init_quote(ret, zone->name);
	if (c)
		put_quoted(ret, "e", zone->e->name);
	else
		put_quoted(ret, "c", zone->c->name);
	cw_buffer_printf(ret, ", port: %u", zone->port);
	put_zone_peers(zone, node, ret);
	put_quoted(ret, "tls-verify-name", zone->tls_verify_name);
	put_quoted(ret, "username", given(own->username, other->username));
	put_quoted(ret, "password", given(own->password, other->password));
	cw_buffer_text(ret, "}\n");
}

/* The long form: other clusters by their names, and a list of zones. */
static void put_zones(
	const struct cw_deployment *deployment, const struct cw_node *node, struct cw_lab_node_words *words)
{
	bool c = node->kind == CW_NODE_EXPRESSWAY_C;
	cw_buffer_text(&words->others, c ? "expressway-e:\n" : "expressway-c:\n");
	cw_buffer_text(&words->zones, "zones:\n");
	for (size_t i = 0; i < deployment->zone_count; i++) {
		const struct cw_zone *zone = &deployment->zones[i];
		const struct cw_group *other = c ? zone->e : zone->c;
		bool told = false;
		if (zone->c != node->group && zone->e != node->group)
			continue;
		for (size_t k = 0; k < i; k++)
			told |= deployment->zones[k].c == zone->c && deployment->zones[k].e == zone->e;
		if (!told)
			put_other_cluster(other, &words->others);
		put_zone(zone, node, &words->zones);
	}
}

static bool set_zone(
	const struct cw_zone *zone, bool c, struct cw_node_init *init, struct cw_lab_node_words *words)
{
	const struct cw_credentials *own = c ? &zone->on_c : &zone->on_e;
	const struct cw_credentials *other = c ? &zone->on_e : &zone->on_c;
	init->username = given(own->username, other->username);
	init->password = given(own->password, other->password);
	init->tls_verify_name = zone->tls_verify_name;
	init->port = zone->port;
	init->peers = &words->peers;
	for (size_t i = 0; i < zone->peer_count; i++)
		if (!cw_strings_add(&words->peers, zone->peers[i].address))
			return false;
	return true;
}

/* --- the whole --- */

static bool put_expressway(const struct cw_deployment *deployment, const struct cw_node *node,
	struct cw_lab_node_words *words, struct cw_node_init *init)
{
	const struct cw_zone *zone = zone_of(deployment, node);
	if (zone && !set_zone(zone, node->kind == CW_NODE_EXPRESSWAY_C, init, words))
		return false;
	put_domains(deployment, &words->others);
	put_file_words(&words->others);
	if (count_zones(deployment, node) > 1) {
		put_zones(deployment, node, words);
		init->zones = cw_buffer_string(&words->zones);
	}
	if (node->kind == CW_NODE_EXPRESSWAY_C)
		put_cucm(deployment, &words->others);
	init->release = cw_release_text(node->group->release, words->release);
	init->cluster = node->group->cluster;
	return true;
}

static void put_of_cucm(
	const struct cw_deployment *deployment, const struct cw_node *node, struct cw_lab_node_words *words)
{
	put_file_words(&words->others);
	put_expressway_c(deployment, &words->others);
	put_profiles(deployment, node->group, &words->others);
}

bool cw_lab_node_words_put(const struct cw_deployment *deployment, const struct cw_node *node,
	struct cw_lab_node_words *words, struct cw_node_init *init, struct cw_error *error)
{
	put_settings(node->group, &words->more);
	put_node_words(node, &words->node_more);
	put_peers(node, words);
	if (node->kind == CW_NODE_CUCM)
		put_of_cucm(deployment, node, words);
	else if (!put_expressway(deployment, node, words, init))
		return cw_error_memory(error);
	init->more = cw_buffer_string(&words->more);
	init->node_more = cw_buffer_string(&words->node_more);
	init->others = cw_buffer_string(&words->others);
	init->before = cw_buffer_string(&words->before);
	init->after = cw_buffer_string(&words->after);
	return cw_buffer_ok(&words->more, error) && cw_buffer_ok(&words->node_more, error) &&
		cw_buffer_ok(&words->others, error) && cw_buffer_ok(&words->before, error) &&
		cw_buffer_ok(&words->after, error) && cw_buffer_ok(&words->zones, error);
}
