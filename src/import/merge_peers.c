#include "import/merge_parts.h"

#include <string.h>
#include <strings.h>

/*
 * What the peers of one cluster say differently. Their configuration is one: a difference comes from dumps of
 * different days, from an upgrade that is under way, or from a cluster that no longer replicates. It is told with both
 * places, and the newer value stands for all of them.
 */

static const enum cw_fact_key keys[] = {CW_FACT_RELEASE, CW_FACT_CLUSTER_NAME, CW_FACT_REVOCATION,
	CW_FACT_REVOCATION_CRL, CW_FACT_REVOCATION_FALLBACK, CW_FACT_EKU_CHECK, CW_FACT_SERVER_EKU_UPLOAD,
	CW_FACT_TUNNEL_KEYS, CW_FACT_VERIFY_ORIGIN, CW_FACT_CLUSTER_VERIFY, CW_FACT_MRA};

static bool is_newer(const struct cw_imported *imported, const struct cw_imported_value *value,
	const struct cw_imported_value *than)
{
	const struct cw_evidence_source *sources = imported->evidence->sources;
	return sources[value->source].time > sources[than->source].time;
}

static bool tell(struct cw_imported *imported, const struct cw_imported_box *one,
	const struct cw_imported_box *other, const char *what, const struct cw_imported_value *pair[2],
	struct cw_error *error)
{
	AUTO_BUFFER key = {0};
	cw_buffer_printf(&key, "%s and %s: %s", one->fqdn, other->fqdn, what);
	return cw_buffer_ok(&key, error) &&
		cw_imported_conflict_add(imported, cw_buffer_string(&key), pair[0], pair[1], error);
}

/* `one` and `other` are the same setting of two peers. */
static bool settle(struct cw_imported *imported, const struct cw_imported_box *boxes[2], const char *what,
	struct cw_imported_value *values[2], struct cw_error *error)
{
	if (!values[0]->text || !values[1]->text || strcasecmp(values[0]->text, values[1]->text) == 0)
		return true;
	bool second = is_newer(imported, values[1], values[0]);
	const struct cw_imported_value *pair[2] = {values[second], values[!second]};
	if (!tell(imported, boxes[0], boxes[1], what, pair, error))
		return false;
	char *text = strdup(pair[0]->text);
	bool done =
		text && cw_imported_value_set(values[!second], text, pair[0]->source, pair[0]->line, error);
	free(text);
	return done || cw_error_memory(error);
}

static bool settle_zone(struct cw_imported *imported, const struct cw_imported_box *boxes[2],
	struct cw_imported_zone *one, struct cw_imported_zone *other, struct cw_error *error)
{
	struct cw_imported_value *const rows[][2] = {{&one->port, &other->port}, {&one->user, &other->user},
		{&one->verify_name, &other->verify_name}};
	static const char *const words[] = {
		"SIP port of the zone", "user name of the zone", "TLS verify subject name of the zone"};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_imported_value *values[2] = {rows[i][0], rows[i][1]};
		if (!settle(imported, boxes, words[i], values, error))
			return false;
	}
	return true;
}

static bool is_same_zone(const struct cw_imported_zone *one, const struct cw_imported_zone *other)
{
	return one->client == other->client && one->name.text && other->name.text &&
		strcasecmp(one->name.text, other->name.text) == 0;
}

static bool settle_boxes(struct cw_imported *imported, size_t one, size_t other, struct cw_error *error)
{
	struct cw_imported_box *a = &imported->boxes[one], *b = &imported->boxes[other];
	const struct cw_imported_box *boxes[2] = {a, b};
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		struct cw_imported_value *values[2] = {&a->settings[keys[i]], &b->settings[keys[i]]};
		if (!settle(imported, boxes, cw_fact_words(keys[i]), values, error))
			return false;
	}
	for (size_t i = 0; i < a->zone_count; i++)
		for (size_t j = 0; j < b->zone_count; j++)
			if (is_same_zone(&a->zones[i], &b->zones[j]) &&
				!settle_zone(imported, boxes, &a->zones[i], &b->zones[j], error))
				return false;
	return true;
}

/* Each peer is compared with the first one, which has the newest value so far. */
bool cw_merge_peers(struct cw_imported *imported, struct cw_error *error)
{
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_box *box = &imported->boxes[i];
		size_t first = 0;
		if (box->group == CW_IMPORTED_NONE ||
			(box->role != CW_IMPORTED_C && box->role != CW_IMPORTED_E))
			continue;
		while (imported->boxes[first].group != box->group)
			first++;
		if (first < i && !settle_boxes(imported, first, i, error))
			return false;
	}
	return true;
}
