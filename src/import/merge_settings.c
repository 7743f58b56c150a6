#include "import/merge_parts.h"

#include <string.h>
#include <strings.h>

/* The newer of two sources is taken, the contradiction told. */
static bool set_value(struct cw_imported *imported, const char *fqdn, const char *what,
	struct cw_imported_value *value, const struct cw_evidence_fact *fact, struct cw_error *error)
{
	struct cw_imported_value found = {fact->value, fact->source, fact->line};
	if (!value->text)
		return cw_imported_value_set(value, fact->value, fact->source, fact->line, error);
	if (strcasecmp(value->text, fact->value) == 0)
		return true;
	const struct cw_evidence_source *sources = imported->evidence->sources;
	bool take = sources[fact->source].time > sources[value->source].time;
	AUTO_BUFFER key = {0};
	cw_buffer_printf(&key, "%s %s", fqdn, what);
	if (!cw_buffer_ok(&key, error))
		return false;
	const struct cw_imported_value *pair[] = {value, &found};
	if (!cw_imported_conflict_add(imported, cw_buffer_string(&key), pair[take], pair[!take], error))
		return false;
	return !take || cw_imported_value_set(value, fact->value, fact->source, fact->line, error);
}

/* Settings that a box has several of, each a value of a list. */
static struct cw_imported_values *list_of(struct cw_imported_box *box, enum cw_fact_key key)
{
	switch ((int)key) {
	case CW_FACT_ADDRESS:
		return &box->addresses;
	case CW_FACT_CLUSTER_PEER:
		return &box->cluster_peers;
	case CW_FACT_LIST_NAME:
		return &box->listed;
	default:
		return NULL;
	}
}

static bool is_zone(enum cw_fact_key key)
{
	return key >= CW_FACT_ZONE_NAME && key <= CW_FACT_ZONE_NEIGHBOR_PEER;
}

/* What is of a cluster or of the whole deployment is read from the evidence later (merge_clusters.c). */
static bool is_of_all(enum cw_fact_key key)
{
	return (key >= CW_FACT_DOMAIN && key <= CW_FACT_DOMAIN_FEDERATION) || key >= CW_FACT_CUCM_ADDRESS;
}

static bool take_fact(struct cw_imported *imported, size_t index, const struct cw_evidence_fact *fact,
	struct cw_error *error)
{
	struct cw_imported_box *box = &imported->boxes[index];
	struct cw_imported_values *list = list_of(box, fact->key);
	if (list)
		return cw_imported_values_add(list, fact->value, fact->source, fact->line, error);
	if (is_zone(fact->key) ||
		(is_of_all(fact->key) && fact->key != CW_FACT_SECURITY_MODE &&
			fact->key != CW_FACT_VOICE_RELEASE))
		return true;
	return set_value(imported, box->fqdn ? box->fqdn : "?", cw_fact_words(fact->key),
		&box->settings[fact->key], fact, error);
}

/* --- zones --- */

/* A fact of the zone with this number, in this source. */
static const struct cw_evidence_fact *zone_fact(
	const struct cw_evidence_fact *facts, size_t count, enum cw_fact_key key, unsigned number)
{
	for (size_t i = 0; i < count; i++)
		if (facts[i].key == key && facts[i].a == number)
			return &facts[i];
	return NULL;
}

static struct cw_imported_zone *zone_in(struct cw_imported_box *box, bool client, const char *name)
{
	for (size_t i = 0; i < box->zone_count; i++) {
		struct cw_imported_zone *zone = &box->zones[i];
		if (zone->client == client &&
			(!name || !zone->name.text || strcasecmp(zone->name.text, name) == 0))
			return zone;
	}
	return NULL;
}

static struct cw_imported_zone *zone_new(struct cw_imported_box *box)
{
	if (!cw_memory_grow(&box->zones, &box->zone_capacity, box->zone_count, sizeof *box->zones))
		return NULL;
	box->zones[box->zone_count] = (struct cw_imported_zone){0};
	return &box->zones[box->zone_count++];
}

static bool set_zone_value(struct cw_imported *imported, const struct cw_imported_box *box,
	struct cw_imported_value *value, const struct cw_evidence_fact *fact, struct cw_error *error)
{
	return !fact ||
		set_value(
			imported, box->fqdn ? box->fqdn : "?", cw_fact_words(fact->key), value, fact, error);
}

static bool fill_zone(struct cw_imported *imported, struct cw_imported_box *box,
	struct cw_imported_zone *zone, const struct cw_evidence_fact *facts, size_t count,
	struct cw_error *error)
{
	unsigned n = zone->number;
	enum cw_fact_key port = zone->client ? CW_FACT_ZONE_C_PORT : CW_FACT_ZONE_E_PORT;
	enum cw_fact_key user = zone->client ? CW_FACT_ZONE_C_USER : CW_FACT_ZONE_E_USER;
	if (!set_zone_value(
		    imported, box, &zone->name, zone_fact(facts, count, CW_FACT_ZONE_NAME, n), error) ||
		!set_zone_value(imported, box, &zone->port, zone_fact(facts, count, port, n), error) ||
		!set_zone_value(imported, box, &zone->user, zone_fact(facts, count, user, n), error) ||
		!set_zone_value(imported, box, &zone->verify_name,
			zone_fact(facts, count, CW_FACT_ZONE_E_VERIFY_NAME, n), error))
		return false;
	for (size_t i = 0; i < count; i++)
		if (facts[i].key == CW_FACT_ZONE_C_PEER && facts[i].a == n &&
			!cw_imported_values_add(
				&zone->peers, facts[i].value, facts[i].source, facts[i].line, error))
			return false;
	return true;
}

/* The zones for Unified Communications: "Collaboration Edge" is on. */
static bool take_zones(struct cw_imported *imported, size_t index, const struct cw_evidence_fact *facts,
	size_t count, struct cw_error *error)
{
	for (size_t i = 0; i < count; i++) {
		bool client = facts[i].key == CW_FACT_ZONE_C_EDGE;
		if ((!client && facts[i].key != CW_FACT_ZONE_E_EDGE) || strcasecmp(facts[i].value, "On") != 0)
			continue;
		struct cw_imported_box *box = &imported->boxes[index];
		const struct cw_evidence_fact *name = zone_fact(facts, count, CW_FACT_ZONE_NAME, facts[i].a);
		struct cw_imported_zone *zone = zone_in(box, client, name ? name->value : NULL);
		if (!zone)
			zone = zone_new(box);
		if (!zone)
			return cw_error_memory(error);
		zone->client = client;
		zone->number = facts[i].a;
		if (!fill_zone(imported, box, zone, facts, count, error))
			return false;
	}
	return true;
}

bool cw_merge_settings(struct cw_imported *imported, struct cw_error *error)
{
	const struct cw_evidence *evidence = imported->evidence;
	for (size_t i = 0; i < evidence->source_count; i++) {
		size_t count;
		const struct cw_evidence_fact *facts = cw_evidence_facts_of(evidence, i, &count);
		for (size_t j = 0; j < count; j++) {
			size_t box = cw_merge_box_of(imported, i, NULL, facts[j].variant);
			if (box != CW_IMPORTED_NONE && !take_fact(imported, box, &facts[j], error))
				return false;
		}
		if (imported->source_box[i] != CW_IMPORTED_NONE &&
			!take_zones(imported, imported->source_box[i], facts, count, error))
			return false;
	}
	return true;
}
