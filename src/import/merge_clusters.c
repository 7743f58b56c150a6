#include "import/merge_parts.h"
#include "import/naming.h"

#include <string.h>
#include <strings.h>

static const char *cluster_name(const struct cw_imported_box *box)
{
	return box->settings[CW_FACT_CLUSTER_NAME].text;
}

static bool lists(const struct cw_imported_box *box, const struct cw_imported_box *other)
{
	if (other->fqdn && cw_imported_values_contain(&box->cluster_peers, other->fqdn))
		return true;
	for (size_t i = 0; i < other->addresses.count; i++)
		if (cw_imported_values_contain(&box->cluster_peers, other->addresses.items[i].text))
			return true;
	return false;
}

static bool same_text(const struct cw_imported_value *a, const struct cw_imported_value *b)
{
	return !a->text || !b->text ? a->text == b->text : strcasecmp(a->text, b->text) == 0;
}

/* The peers of a cluster have the same zones, since their configuration is one. */
static bool same_zones(const struct cw_imported_box *a, const struct cw_imported_box *b)
{
	if (a->zone_count != b->zone_count)
		return false;
	for (size_t i = 0; i < a->zone_count; i++) {
		const struct cw_imported_zone *one = &a->zones[i], *other = &b->zones[i];
		if (one->client != other->client || !same_text(&one->port, &other->port) ||
			!same_text(&one->verify_name, &other->verify_name) ||
			one->peers.count != other->peers.count)
			return false;
		for (size_t j = 0; j < one->peers.count; j++)
			if (!cw_imported_values_contain(&other->peers, one->peers.items[j].text))
				return false;
	}
	return true;
}

/* Peers of one cluster: they say so, or nothing of either says anything about clusters. */
static bool together(const struct cw_imported_box *a, const struct cw_imported_box *b)
{
	if (a->role != b->role)
		return false;
	if (a->role != CW_IMPORTED_C && a->role != CW_IMPORTED_E)
		return true;
	if (cluster_name(a) && cluster_name(b))
		return strcasecmp(cluster_name(a), cluster_name(b)) == 0;
	if (lists(a, b) || lists(b, a))
		return true;
	if (cluster_name(a) || cluster_name(b))
		return !a->zone_count || !b->zone_count;
	return !a->zone_count || !b->zone_count || same_zones(a, b);
}

static bool new_group(
	struct cw_imported *imported, enum cw_imported_role role, size_t *ret, struct cw_error *error)
{
	if (!cw_memory_grow(&imported->groups, &imported->group_capacity, imported->group_count,
		    sizeof *imported->groups))
		return cw_error_memory(error);
	*ret = imported->group_count;
	imported->groups[imported->group_count++] = (struct cw_imported_group){.role = role};
	return true;
}

/* The process nodes that a publisher's answer names are its cluster. */
static void by_process_nodes(struct cw_imported *imported, size_t publisher)
{
	const struct cw_evidence *evidence = imported->evidence;
	size_t source = CW_IMPORTED_NONE;
	for (size_t i = 0; i < evidence->fact_count; i++)
		if (evidence->facts[i].key == CW_FACT_VOICE_NODE &&
			cw_imported_box_find(imported, evidence->facts[i].value) == publisher)
			source = evidence->facts[i].source;
	for (size_t i = 0; source != CW_IMPORTED_NONE && i < evidence->fact_count; i++) {
		if (evidence->facts[i].key != CW_FACT_VOICE_NODE || evidence->facts[i].source != source)
			continue;
		size_t box = cw_imported_box_find(imported, evidence->facts[i].value);
		if (box == CW_IMPORTED_NONE || imported->boxes[box].role != CW_IMPORTED_CUCM)
			continue;
		imported->boxes[box].group = imported->boxes[publisher].group;
		imported->boxes[box].publisher &= box == publisher; /* a cluster has one */
	}
}

/* A certificate of several nodes is one cluster's. */
static void by_shared_certs(struct cw_imported *imported, size_t index)
{
	struct cw_imported_box *box = &imported->boxes[index];
	const struct cw_imported_certs *tomcat = &box->identities[CW_IMPORTED_TOMCAT];
	for (size_t i = 0; i < imported->box_count && tomcat->known; i++)
		if (imported->boxes[i].publisher && imported->boxes[i].fqdn && box->fqdn &&
			imported->boxes[i].group != CW_IMPORTED_NONE &&
			cw_naming_cert_has(tomcat->items[0], imported->boxes[i].fqdn))
			box->group = imported->boxes[i].group;
}

/* Several publishers are several clusters. */
static bool group_voice(struct cw_imported *imported, struct cw_error *error)
{
	size_t publishers = 0;
	for (size_t i = 0; i < imported->box_count; i++)
		publishers += imported->boxes[i].role == CW_IMPORTED_CUCM && imported->boxes[i].publisher;
	if (publishers < 2)
		return true;
	for (size_t i = 0; i < imported->box_count; i++) {
		struct cw_imported_box *box = &imported->boxes[i];
		if (box->role != CW_IMPORTED_CUCM || !box->publisher)
			continue;
		if (!new_group(imported, CW_IMPORTED_CUCM, &box->group, error))
			return false;
	}
	for (size_t i = 0; i < imported->box_count; i++)
		if (imported->boxes[i].role == CW_IMPORTED_CUCM && imported->boxes[i].publisher)
			by_process_nodes(imported, i);
	for (size_t i = 0; i < imported->box_count; i++)
		if (imported->boxes[i].role == CW_IMPORTED_CUCM &&
			imported->boxes[i].group == CW_IMPORTED_NONE)
			by_shared_certs(imported, i);
	return true;
}

static bool group_box(struct cw_imported *imported, size_t index, struct cw_error *error)
{
	struct cw_imported_box *box = &imported->boxes[index];
	if (box->role == CW_IMPORTED_UNKNOWN || !box->fqdn || !cw_naming_is_host(box->fqdn) ||
		box->group != CW_IMPORTED_NONE)
		return true;
	for (size_t i = 0; i < imported->box_count; i++)
		if (i != index && imported->boxes[i].group != CW_IMPORTED_NONE &&
			together(&imported->boxes[i], box)) {
			box->group = imported->boxes[i].group;
			return true;
		}
	return new_group(imported, box->role, &box->group, error);
}

/* Those that say something of their cluster first: the others join them. */
bool cw_merge_group_boxes(struct cw_imported *imported, struct cw_error *error)
{
	for (unsigned round = 0; round < 2; round++)
		for (size_t i = 0; i < imported->box_count; i++) {
			const struct cw_imported_box *box = &imported->boxes[i];
			bool says = cluster_name(box) || box->cluster_peers.count || box->zone_count;
			if ((says || round == 1) && !group_box(imported, i, error))
				return false;
		}
	return true;
}

/* Groups whose boxes all went to another one. */
static void drop_empty(struct cw_imported *imported)
{
	for (size_t group = imported->group_count; group-- > 0;) {
		bool empty = true;
		for (size_t i = 0; i < imported->box_count && empty; i++)
			empty = imported->boxes[i].group != group;
		if (!empty)
			continue;
		memmove(imported->groups + group, imported->groups + group + 1,
			(imported->group_count - group - 1) * sizeof *imported->groups);
		imported->group_count--;
		for (size_t i = 0; i < imported->box_count; i++)
			if (imported->boxes[i].group != CW_IMPORTED_NONE && imported->boxes[i].group > group)
				imported->boxes[i].group--;
	}
}

/* --- the name of a cluster --- */

static size_t size_of(const struct cw_imported *imported, size_t group)
{
	size_t count = 0;
	for (size_t i = 0; i < imported->box_count; i++)
		count += imported->boxes[i].group == group;
	return count;
}

/* No setting says it: the common name that all peers' certificates share and that is no peer's own name. */
static bool name_by_certs(struct cw_imported *imported, size_t group, struct cw_error *error)
{
	const char *common = NULL;
	size_t source = CW_IMPORTED_NONE;
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_box *box = &imported->boxes[i];
		const struct cw_imported_certs *server = &box->identities[CW_IMPORTED_SERVER];
		if (box->group != group)
			continue;
		const char *name = server->known ? cw_cert_common_name(server->items[0]) : NULL;
		if (!name || !strchr(name, '.') || strcasecmp(name, box->fqdn) == 0 ||
			(common && strcasecmp(common, name) != 0))
			return true;
		common = name;
		source = server->source;
	}
	return !common || strchr(common, '*') ||
		cw_imported_value_set(&imported->groups[group].cluster, common, source, 0, error);
}

static bool name_clusters(struct cw_imported *imported, struct cw_error *error)
{
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_box *box = &imported->boxes[i];
		const struct cw_imported_value *name = &box->settings[CW_FACT_CLUSTER_NAME];
		if (box->group == CW_IMPORTED_NONE || !name->text ||
			imported->groups[box->group].cluster.text)
			continue;
		if (!cw_imported_value_set(&imported->groups[box->group].cluster, name->text, name->source,
			    name->line, error))
			return false;
	}
	for (size_t i = 0; i < imported->group_count; i++) {
		enum cw_imported_role role = imported->groups[i].role;
		bool expressway = role == CW_IMPORTED_C || role == CW_IMPORTED_E;
		if (expressway && !imported->groups[i].cluster.text && size_of(imported, i) > 1 &&
			!name_by_certs(imported, i, error))
			return false;
	}
	return true;
}

/* --- what holds for all --- */

static const struct cw_evidence_fact *same_row(
	const struct cw_evidence *evidence, const struct cw_evidence_fact *of, enum cw_fact_key key)
{
	size_t count;
	const struct cw_evidence_fact *facts = cw_evidence_facts_of(evidence, of->source, &count);
	for (size_t i = 0; i < count; i++)
		if (facts[i].key == key && facts[i].a == of->a && facts[i].variant == of->variant)
			return &facts[i];
	return NULL;
}

/* A box's domain that MRA does not use is no edge domain; where no source says so, it is one. */
static bool take_domain(
	struct cw_imported *imported, const struct cw_evidence_fact *fact, struct cw_error *error)
{
	const struct cw_evidence_fact *edge = same_row(imported->evidence, fact, CW_FACT_DOMAIN_EDGE);
	const struct cw_evidence_fact *xmpp = same_row(imported->evidence, fact, CW_FACT_DOMAIN_FEDERATION);
	if (xmpp && strcasecmp(xmpp->value, "On") == 0 &&
		!cw_imported_values_add(
			&imported->federation_domains, fact->value, fact->source, fact->line, error))
		return false;
	if (edge && strcasecmp(edge->value, "On") != 0)
		return true;
	return cw_imported_values_add(&imported->domains, fact->value, fact->source, fact->line, error);
}

static bool take_profile(
	struct cw_imported *imported, const struct cw_evidence_fact *fact, struct cw_error *error)
{
	const struct cw_evidence_fact *mode = same_row(imported->evidence, fact, CW_FACT_PROFILE_MODE);
	return !mode || strcasecmp(mode->value, "Encrypted") != 0 ||
		cw_imported_values_add(
			&imported->phone_profiles, fact->value, fact->source, fact->line, error);
}

/*
 * Which kind of endpoint a model is: its name, or how its name begins. Jabber and the Webex app register as the same
 * device types, which is asked; older phones know no Mobile and Remote Access and are left out.
 */
static const char *kind_of(const char *model)
{
	static const struct {
		const char *begins, *kind;
	} models[] = {
		{"Cisco Unified Client Services Framework", "jabber"},
		{"Cisco Dual Mode for ", "jabber"},
		{"Cisco Jabber for Tablet", "jabber"},
		{"Cisco 78", "phone-7800"},
		{"Cisco 88", "phone-8800"},
		{"Cisco 98", "phone-9800"},
		{"Cisco TelePresence ", "telepresence"},
		{"Cisco Webex Room", "telepresence"},
		{"Cisco Webex Desk", "telepresence"},
		{"Cisco Webex Board", "telepresence"},
		{"Cisco Spark Room", "telepresence"},
		{"Cisco Room", "telepresence"},
	};
	for (size_t i = 0; i < sizeof models / sizeof models[0]; i++)
		if (strncasecmp(model, models[i].begins, strlen(models[i].begins)) == 0)
			return models[i].kind;
	return NULL;
}

static bool take_model(
	struct cw_imported *imported, const struct cw_evidence_fact *fact, struct cw_error *error)
{
	const char *kind = kind_of(fact->value);
	return !kind || cw_imported_values_add(&imported->endpoints, kind, fact->source, fact->line, error);
}

/* One value for all; what differs is told. */
static bool take_value(struct cw_imported *imported, const char *key, struct cw_imported_value *value,
	const char *text, const struct cw_evidence_fact *fact, struct cw_error *error)
{
	struct cw_imported_value other = {(char *)text, fact->source, fact->line};
	if (!value->text)
		return cw_imported_value_set(value, text, fact->source, fact->line, error);
	return cw_imported_conflict_add(imported, key, value, &other, error);
}

/* C makes a zone for each CUCM node by itself: CEtls-NODE where it registers over TLS, else CEtcp-NODE. */
static bool take_zone_name(
	struct cw_imported *imported, const struct cw_evidence_fact *fact, struct cw_error *error)
{
	const char *secure = NULL;
	if (strncasecmp(fact->value, "CEtls-", 6) == 0)
		secure = "on";
	else if (strncasecmp(fact->value, "CEtcp-", 6) == 0 && !imported->secure_registration.text)
		secure = "off";
	if (!secure)
		return true;
	if (strcmp(secure, "on") == 0 && imported->secure_registration.text)
		return strcmp(imported->secure_registration.text, "on") == 0 ||
			cw_imported_value_set(
				&imported->secure_registration, "on", fact->source, fact->line, error);
	return cw_imported_value_set(&imported->secure_registration, secure, fact->source, fact->line, error);
}

static bool take_mode(
	struct cw_imported *imported, const struct cw_evidence_fact *fact, struct cw_error *error)
{
	const char *secure = strcmp(fact->value, "1") == 0 ? "on" : "off";
	struct cw_imported_value *value = &imported->secure_registration;
	if (value->text && strcmp(value->text, secure) == 0)
		return true;
	return take_value(imported, "secure-registration", value, secure, fact, error);
}

static bool take_of_all(
	struct cw_imported *imported, const struct cw_evidence_fact *fact, struct cw_error *error)
{
	switch ((int)fact->key) {
	case CW_FACT_DOMAIN:
		return take_domain(imported, fact, error);
	case CW_FACT_PROFILE:
		return take_profile(imported, fact, error);
	case CW_FACT_PHONE_MODEL:
		return take_model(imported, fact, error);
	case CW_FACT_ZONE_NAME:
		return take_zone_name(imported, fact, error);
	case CW_FACT_SECURITY_MODE:
		return take_mode(imported, fact, error);
	case CW_FACT_CUCM_VERIFY:
		return take_value(imported, "cucm-tls-verify", &imported->cucm_verify,
			strcasecmp(fact->value, "On") == 0 ? "on" : "off", fact, error);
	default:
		return true;
	}
}

static bool grouped(struct cw_imported *imported, struct cw_error *error)
{
	if (!group_voice(imported, error) || !cw_merge_group_boxes(imported, error))
		return false;
	drop_empty(imported);
	return cw_merge_peers(imported, error);
}

bool cw_merge_clusters(struct cw_imported *imported, struct cw_error *error)
{
	for (size_t i = 0; i < imported->evidence->fact_count; i++)
		if (!take_of_all(imported, &imported->evidence->facts[i], error))
			return false;
	return cw_merge_servers(imported, error) && grouped(imported, error) &&
		name_clusters(imported, error) && cw_merge_links(imported, error);
}
