#include "import/describe_parts.h"

#include "model/release.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The first value that a node of the group has. */
static const struct cw_imported_value *setting_of(
	const struct cw_imported *imported, size_t group, enum cw_fact_key key)
{
	for (size_t i = 0; i < imported->box_count; i++)
		if (imported->boxes[i].group == group && imported->boxes[i].settings[key].text)
			return &imported->boxes[i].settings[key];
	return NULL;
}

/* "X14.2.5 (Test SW)": up to the first letter that is none of a release. */
static void describe_release(const struct cw_describe *describe, size_t group, struct cw_document *map)
{
	const struct cw_imported_value *value = setting_of(describe->imported, group, CW_FACT_RELEASE);
	struct cw_release release;
	struct cw_error error;
	char text[40];
	if (!value)
		return;
	size_t length = strspn(value->text, "X0123456789.");
	if (!length || length >= sizeof text)
		return;
	memcpy(text, value->text, length);
	text[length] = 0;
	if (cw_release_parse(text, &release, &error))
		cw_describe_value(describe, map, "release", text, value);
}

/* "14.0.1.12900-161" is release 14, "12.5.1.…" 12.5. */
static void describe_voice_release(const struct cw_describe *describe, size_t group, struct cw_document *map)
{
	const struct cw_imported_value *value = setting_of(describe->imported, group, CW_FACT_VOICE_RELEASE);
	unsigned major, minor;
	char text[40];
	if (!value || !cw_describe_knows(describe->imported->groups[group].role, "release") ||
		sscanf(value->text, "%3u.%3u.", &major, &minor) != 2)
		return;
	struct cw_release release;
	struct cw_error error;
	snprintf(text, sizeof text, minor ? "%u.%u" : "%u", major, minor);
	if (cw_release_cucm_parse(text, &release, &error))
		cw_describe_value(describe, map, "release", text, value);
}

/* --- switches --- */

static const struct {
	enum cw_fact_key key;
	const char *name;
	const char *said, *text;	     /* "On" is written as "on" */
	const char *other_said, *other_text; /* anything else said is not written */
} switches[] = {
	{CW_FACT_VERIFY_ORIGIN, "verify-origin-server", "On", "on", "Off", "off"},
	{CW_FACT_EKU_CHECK, "eku-check", "On", "on", "Off", "off"},
	{CW_FACT_SERVER_EKU_UPLOAD, "server-eku-upload", "On", "on", "Off", "off"},
	{CW_FACT_CLUSTER_VERIFY, "cluster-tls-verify", "Enforcing", "on", "Permissive", "permissive"},
};

static void describe_switches(const struct cw_describe *describe, size_t group, struct cw_document *map)
{
	enum cw_imported_role role = describe->imported->groups[group].role;
	for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
		const struct cw_imported_value *value =
			setting_of(describe->imported, group, switches[i].key);
		if (!value || !cw_describe_knows(role, switches[i].name))
			continue;
		const char *text = NULL;
		if (strcasecmp(value->text, switches[i].said) == 0)
			text = switches[i].text;
		else if (strcasecmp(value->text, switches[i].other_said) == 0)
			text = switches[i].other_text;
		cw_describe_value(describe, map, switches[i].name, text, value);
	}
}

bool cw_describe_checks_crls(const struct cw_imported *imported, size_t group)
{
	const struct cw_imported_value *mode = setting_of(imported, group, CW_FACT_REVOCATION);
	const struct cw_imported_value *crl = setting_of(imported, group, CW_FACT_REVOCATION_CRL);
	return mode && strcasecmp(mode->text, "On") == 0 && (!crl || strcasecmp(crl->text, "On") == 0);
}

/* A box of the group is there itself, and not only spoken of by others. */
static bool has_own_source(const struct cw_imported *imported, size_t group)
{
	for (size_t i = 0; i < imported->box_count; i++)
		if (imported->boxes[i].group == group && !imported->boxes[i].mentioned)
			return true;
	return false;
}

/* Revocation is checked, and not by lists: what OCSP responders say stands in no file, and off would be untrue. */
static void describe_ocsp(const struct cw_describe *describe, size_t group, struct cw_document *map)
{
	const struct cw_imported_value *crl = setting_of(describe->imported, group, CW_FACT_REVOCATION_CRL);
	AUTO_BUFFER comment = {0};
	cw_describe_comment(describe, crl->source, crl->line, &comment);
	cw_buffer_text(&comment, ": on without CRLs, by OCSP alone, which is in no file (asked)");
	cw_document_set(map, "revocation", "unknown", cw_buffer_string(&comment));
}

/* REST answers and loose files do not say it: then it is unknown, and asked. */
static void describe_revocation(const struct cw_describe *describe, size_t group, struct cw_document *map)
{
	const struct cw_imported_value *mode = setting_of(describe->imported, group, CW_FACT_REVOCATION);
	const struct cw_imported_value *fallback =
		setting_of(describe->imported, group, CW_FACT_REVOCATION_FALLBACK);
	if (!mode) {
		if (has_own_source(describe->imported, group))
			cw_document_set(map, "revocation", "unknown", "in no source (asked)");
		return;
	}
	bool crls = cw_describe_checks_crls(describe->imported, group);
	if (!crls && strcasecmp(mode->text, "On") == 0) {
		describe_ocsp(describe, group, map);
		return;
	}
	cw_describe_value(describe, map, "revocation", crls ? "crl" : "off", mode);
	if (crls && fallback)
		cw_describe_value(describe, map, "revocation-fallback",
			strcasecmp(fallback->text, "Ignore") == 0 ? "ignore" : "fail", fallback);
}

/* The box names SSH algorithms, the deployment file keys. */
static void describe_tunnel_keys(const struct cw_describe *describe, size_t group, struct cw_document *map)
{
	static const struct {
		const char *algorithm, *key;
	} rows[] = {
		{"x509v3-rsa2048-sha256", "RSA"},
		{"x509v3-ecdsa-sha2-nistp256", "nistp256"},
		{"x509v3-ecdsa-sha2-nistp384", "nistp384"},
		{"x509v3-ecdsa-sha2-nistp521", "nistp521"},
	};
	const struct cw_imported_value *value = setting_of(describe->imported, group, CW_FACT_TUNNEL_KEYS);
	if (!value || !cw_describe_knows(describe->imported->groups[group].role, "tunnel-key-algorithms"))
		return;
	AUTO_BUFFER comment = {0};
	cw_describe_comment(describe, value->source, value->line, &comment);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcasestr(value->text, rows[i].algorithm))
			cw_document_add(
				map, "tunnel-key-algorithms", rows[i].key, cw_buffer_string(&comment));
}

/* --- zones --- */

/* As typed in C's zone; where no source has C's side, the names of E's nodes stand for it, and it is asked. */
static void describe_peers(
	const struct cw_describe *describe, const struct cw_imported_link *link, struct cw_document *map)
{
	const struct cw_imported *imported = describe->imported;
	bool any = false;
	for (size_t i = 0; link->on_c && i < link->on_c->peers.count; i++) {
		const struct cw_imported_value *peer = &link->on_c->peers.items[i];
		AUTO_BUFFER comment = {0};
		if (cw_imported_peer_is_open(imported, link, peer))
			continue;
		any = true;
		cw_describe_comment(describe, peer->source, peer->line, &comment);
		cw_document_add(map, "peers", peer->text, cw_buffer_string(&comment));
	}
	for (size_t i = 0; !any && i < imported->box_count; i++)
		if (imported->boxes[i].group == link->e)
			cw_document_add(map, "peers", imported->boxes[i].fqdn,
				"the names of the boxes; what is typed in the zone is in no source (asked)");
}

static void describe_value_of(const struct cw_describe *describe, struct cw_document *map, const char *key,
	const struct cw_imported_value *value)
{
	if (value->text)
		cw_describe_value(describe, map, key, value->text, value);
}

/* A switch on which links hang: what no source says is unknown, and those links with it. */
static void describe_switch_of(const struct cw_describe *describe, struct cw_document *map, const char *key,
	const struct cw_imported_value *value)
{
	if (value->text)
		cw_describe_value(describe, map, key, value->text, value);
	else
		cw_document_set(map, key, "unknown", "in no source (asked)");
}

static bool is_short(const struct cw_describe *describe)
{
	size_t sides[2] = {0};
	for (size_t i = 0; i < describe->imported->group_count; i++) {
		sides[0] += describe->imported->groups[i].role == CW_IMPORTED_C;
		sides[1] += describe->imported->groups[i].role == CW_IMPORTED_E;
	}
	return describe->imported->link_count == 1 && sides[0] == 1 && sides[1] == 1;
}

static void describe_traversal(const struct cw_describe *describe, size_t group, struct cw_document *map)
{
	if (!is_short(describe))
		return;
	const struct cw_imported_link *link = &describe->imported->links[0];
	if (link->c == group) {
		struct cw_document *zone = cw_document_child(map, "traversal", CW_DOCUMENT_MAP);
		describe_peers(describe, link, zone);
		if (link->on_c)
			describe_value_of(describe, zone, "port", &link->on_c->port);
		if (link->on_c)
			describe_value_of(describe, zone, "username", &link->on_c->user);
	}
	if (link->e == group && link->on_e && (link->on_e->verify_name.text || link->on_e->user.text)) {
		struct cw_document *zone = cw_document_child(map, "traversal", CW_DOCUMENT_MAP);
		describe_value_of(describe, zone, "tls-verify-name", &link->on_e->verify_name);
		describe_value_of(describe, zone, "username", &link->on_e->user);
	}
}

void cw_describe_zones(struct cw_describe *describe)
{
	const struct cw_imported *imported = describe->imported;
	if (is_short(describe))
		return;
	for (size_t i = 0; i < imported->link_count; i++) {
		const struct cw_imported_link *link = &imported->links[i];
		AUTO_BUFFER c = {0};
		AUTO_BUFFER e = {0};
		AUTO_BUFFER name = {0};
		cw_describe_group_name(imported, link->c, &c);
		cw_describe_group_name(imported, link->e, &e);
		cw_buffer_printf(&name, "%s-%s-%zu", cw_buffer_string(&c), cw_buffer_string(&e), i + 1);
		struct cw_document *list = cw_document_child(describe->root, "zones", CW_DOCUMENT_ITEMS);
		struct cw_document *zone = cw_document_child(list, cw_buffer_string(&name), CW_DOCUMENT_MAP);
		cw_document_set(zone, "name", cw_buffer_string(&name), NULL);
		cw_document_set(zone, "c", cw_buffer_string(&c), NULL);
		cw_document_set(zone, "e", cw_buffer_string(&e), NULL);
		describe_peers(describe, link, zone);
		if (link->on_c)
			describe_value_of(describe, zone, "port", &link->on_c->port);
		if (link->on_e)
			describe_value_of(describe, zone, "tls-verify-name", &link->on_e->verify_name);
		if (link->on_c)
			describe_value_of(describe, zone, "username", &link->on_c->user);
	}
}

void cw_describe_settings(struct cw_describe *describe, size_t group, struct cw_document *map)
{
	const struct cw_imported *imported = describe->imported;
	enum cw_imported_role role = imported->groups[group].role;
	if (role == CW_IMPORTED_CUCM || role == CW_IMPORTED_IMP || role == CW_IMPORTED_UNITY)
		describe_voice_release(describe, group, map);
	if (role == CW_IMPORTED_CUCM) {
		describe_switch_of(describe, map, "secure-registration", &imported->secure_registration);
		return;
	}
	if (role != CW_IMPORTED_C && role != CW_IMPORTED_E)
		return;
	describe_release(describe, group, map);
	describe_value_of(describe, map, "cluster", &imported->groups[group].cluster);
	describe_traversal(describe, group, map);
	if (role == CW_IMPORTED_C)
		describe_switch_of(describe, map, "cucm-tls-verify", &imported->cucm_verify);
	describe_switches(describe, group, map);
	describe_revocation(describe, group, map);
	describe_tunnel_keys(describe, group, map);
}
