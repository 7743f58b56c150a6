#include "import/merge_parts.h"
#include "import/naming.h"

#include <string.h>
#include <strings.h>

/*
 * What a box is: by its own zones and certificates, then by what others say of it, then by the names in its
 * certificates and its own, last by what is left. Nothing of that: it stays unknown, and is asked about.
 */

/* A client of a traversal zone is Expressway-C, the server is Expressway-E. */
static enum cw_imported_role by_zones(const struct cw_imported_box *box)
{
	for (size_t i = 0; i < box->zone_count; i++)
		return box->zones[i].client ? CW_IMPORTED_C : CW_IMPORTED_E;
	return CW_IMPORTED_UNKNOWN;
}

/* Certificates of services that only one kind of node has. */
static enum cw_imported_role by_services(const struct cw_imported *imported, size_t index)
{
	const struct cw_imported_box *box = &imported->boxes[index];
	bool tomcat =
		box->identities[CW_IMPORTED_TOMCAT].known || box->stores[CW_IMPORTED_TOMCAT_TRUST].known;
	bool snapshot = false;
	for (size_t i = 0; i < imported->evidence->source_count; i++) {
		size_t count;
		const struct cw_evidence_cert *certs = cw_evidence_certs_of(imported->evidence, i, &count);
		for (size_t j = 0; j < count; j++) {
			if (!certs[j].service || cw_merge_box_of(imported, i, certs[j].host, 0) != index)
				continue;
			if (strncasecmp(certs[j].service, "cup", 3) == 0)
				return CW_IMPORTED_IMP;
			snapshot |= imported->evidence->sources[i].kind == CW_SNIFF_JSON;
		}
	}
	for (size_t i = 0; i < box->listed.count; i++) {
		if (strncasecmp(box->listed.items[i].text, "cup", 3) == 0)
			return CW_IMPORTED_IMP;
		if (strncasecmp(box->listed.items[i].text, "CallManager", 11) == 0)
			return CW_IMPORTED_CUCM;
	}
	if (box->identities[CW_IMPORTED_CALLMANAGER].known)
		return CW_IMPORTED_CUCM;
	if (!tomcat)
		return CW_IMPORTED_UNKNOWN;
	/* A snapshot shows every service: without CallManager and cup it is Unity Connection's. */
	return snapshot ? CW_IMPORTED_UNITY : CW_IMPORTED_UNKNOWN;
}

static bool says(const struct cw_imported_box *box, const char *name)
{
	return (box->fqdn && strcasecmp(box->fqdn, name) == 0) ||
		cw_imported_values_contain(&box->addresses, name);
}

/* Others have it as a peer of their zone, or verify its name. */
static enum cw_imported_role by_others(const struct cw_imported *imported, const struct cw_imported_box *box)
{
	const struct cw_imported_certs *server = &box->identities[CW_IMPORTED_SERVER];
	for (size_t i = 0; i < imported->box_count; i++)
		for (size_t j = 0; j < imported->boxes[i].zone_count; j++) {
			const struct cw_imported_zone *zone = &imported->boxes[i].zones[j];
			for (size_t k = 0; k < zone->peers.count; k++)
				if (says(box, zone->peers.items[k].text))
					return CW_IMPORTED_E;
			if (zone->verify_name.text && server->known &&
				cw_naming_cert_has(server->items[0], zone->verify_name.text))
				return CW_IMPORTED_C;
		}
	return CW_IMPORTED_UNKNOWN;
}

static bool is_voice(const struct cw_imported_box *box)
{
	return box->identities[CW_IMPORTED_TOMCAT].known || box->stores[CW_IMPORTED_TOMCAT_TRUST].known ||
		box->identities[CW_IMPORTED_CALLMANAGER].known;
}

static enum cw_imported_role by_names(const struct cw_imported *imported, const struct cw_imported_box *box)
{
	const struct cw_imported_certs *server = &box->identities[CW_IMPORTED_SERVER];
	if (server->known && cw_naming_cert_is_edge(server->items[0]))
		return CW_IMPORTED_E;
	enum cw_imported_role role = box->fqdn ? cw_naming_role(box->fqdn) : CW_IMPORTED_UNKNOWN;
	if (role == CW_IMPORTED_UNKNOWN && server->known)
		role = cw_naming_role(cw_evidence_name(&imported->evidence->sources[server->source], true));
	bool expressway = role == CW_IMPORTED_C || role == CW_IMPORTED_E;
	if (role != CW_IMPORTED_UNKNOWN && expressway == is_voice(box))
		return CW_IMPORTED_UNKNOWN;
	return role;
}

/* A file of process nodes says publisher, subscriber and which role. */
static void by_cluster(struct cw_imported *imported)
{
	const struct cw_evidence *evidence = imported->evidence;
	for (size_t i = 0; i < evidence->fact_count; i++) {
		const struct cw_evidence_fact *fact = &evidence->facts[i];
		if (fact->key != CW_FACT_VOICE_NODE || strcasecmp(fact->value, "EnterpriseWideData") == 0)
			continue;
		size_t box = cw_imported_box_find(imported, fact->value);
		if (box == CW_IMPORTED_NONE)
			continue;
		for (size_t j = i + 1; j < evidence->fact_count &&
			evidence->facts[j].source == fact->source && evidence->facts[j].a == fact->a;
			j++) {
			struct cw_imported_box *at = &imported->boxes[box];
			if (evidence->facts[j].key == CW_FACT_VOICE_USAGE)
				at->publisher |= strcasecmp(evidence->facts[j].value, "Publisher") == 0 &&
					at->role != CW_IMPORTED_IMP;
			/* Unity Connection is no process node: that was told from a snapshot with few services */
			if (evidence->facts[j].key == CW_FACT_VOICE_ROLE &&
				(at->role == CW_IMPORTED_UNKNOWN || at->role == CW_IMPORTED_UNITY))
				at->role = strcasestr(evidence->facts[j].value, "presence")
					? CW_IMPORTED_IMP
					: CW_IMPORTED_CUCM;
		}
		if (imported->boxes[box].role == CW_IMPORTED_UNKNOWN)
			imported->boxes[box].role = CW_IMPORTED_CUCM;
	}
}

static size_t count_of(const struct cw_imported *imported, enum cw_imported_role role)
{
	size_t count = 0;
	for (size_t i = 0; i < imported->box_count; i++)
		count += imported->boxes[i].role == role;
	return count;
}

/* Of boxes with a server certificate, those that are not E where there are E, and the other way round. */
static void by_what_is_left(struct cw_imported *imported)
{
	bool has_c = count_of(imported, CW_IMPORTED_C) > 0;
	bool has_e = count_of(imported, CW_IMPORTED_E) > 0;
	for (size_t i = 0; i < imported->box_count; i++) {
		struct cw_imported_box *box = &imported->boxes[i];
		if (box->role != CW_IMPORTED_UNKNOWN)
			continue;
		if (is_voice(box))
			box->role = CW_IMPORTED_CUCM;
		else if (box->identities[CW_IMPORTED_SERVER].known && has_e != has_c)
			box->role = has_e ? CW_IMPORTED_C : CW_IMPORTED_E;
	}
}

bool cw_merge_roles(struct cw_imported *imported, struct cw_error *error)
{
	for (size_t i = 0; i < imported->box_count; i++) {
		struct cw_imported_box *box = &imported->boxes[i];
		box->role = by_zones(box);
		if (box->role == CW_IMPORTED_UNKNOWN)
			box->role = by_services(imported, i);
	}
	for (size_t i = 0; i < imported->box_count; i++) {
		struct cw_imported_box *box = &imported->boxes[i];
		if (box->role == CW_IMPORTED_UNKNOWN && !is_voice(box))
			box->role = by_others(imported, box);
		if (box->role == CW_IMPORTED_UNKNOWN)
			box->role = by_names(imported, box);
	}
	(void)error;
	by_cluster(imported);
	by_what_is_left(imported);
	return true;
}
