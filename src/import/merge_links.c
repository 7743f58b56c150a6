#include "import/merge_parts.h"
#include "import/naming.h"

#include <string.h>
#include <strings.h>

/* A box that only others speak of: everything of it is unknown. */
static bool mention(struct cw_imported *imported, enum cw_imported_role role, size_t group,
	const struct cw_imported_value *name, struct cw_error *error)
{
	size_t index;
	if (!cw_imported_add_box(imported, &index, error))
		return false;
	struct cw_imported_box *box = &imported->boxes[index];
	*box = (struct cw_imported_box){
		.role = role, .mentioned = true, .group = group, .fqdn = strdup(name->text)};
	if (!box->fqdn)
		return cw_error_memory(error);
	return cw_imported_value_set(&box->name, name->text, name->source, name->line, error);
}

static bool is_name(const char *text)
{
	return strchr(text, '.') && text[strspn(text, "0123456789.")] && cw_naming_is_host(text);
}

static bool cert_has(const struct cw_imported_certs *certs, const char *name)
{
	return certs->known && certs->count && cw_naming_cert_has(certs->items[0], name);
}

/* What is typed is an address, an alias in the box's own domain, or a name of its certificate. Another domain's name is
 * another deployment's box, though one name and one box be left. */
static bool may_be_typed_for(const struct cw_imported_box *box, const char *name)
{
	const char *domain = strchr(name, '.');
	const char *own = box->fqdn ? strchr(box->fqdn, '.') : NULL;
	return !is_name(name) || !own || strcasecmp(domain, own) == 0 ||
		cert_has(&box->identities[CW_IMPORTED_SERVER], name) ||
		cert_has(&box->identities[CW_IMPORTED_TOMCAT], name);
}

/* The only box of this role that none of these names reaches, or CW_IMPORTED_NONE. */
static size_t only_unnamed(const struct cw_imported *imported, enum cw_imported_role role, size_t group,
	const struct cw_imported_values *names)
{
	size_t found = CW_IMPORTED_NONE;
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_box *box = &imported->boxes[i];
		if (box->role != role || (group != CW_IMPORTED_NONE && box->group != group))
			continue;
		bool named = false;
		for (size_t j = 0; j < names->count && !named; j++)
			named = cw_imported_box_find(imported, names->items[j].text) == i;
		if (named)
			continue;
		if (found != CW_IMPORTED_NONE)
			return CW_IMPORTED_NONE;
		found = i;
	}
	return found;
}

static size_t unknown_names(const struct cw_imported *imported, const struct cw_imported_values *names)
{
	size_t count = 0;
	for (size_t i = 0; i < names->count; i++)
		count += cw_imported_box_find(imported, names->items[i].text) == CW_IMPORTED_NONE;
	return count;
}

/* Each name belongs to a box; where one name and one box are left, they belong together. */
static bool match_names(struct cw_imported *imported, const struct cw_imported_values *names,
	enum cw_imported_role role, size_t group, struct cw_error *error)
{
	for (size_t i = 0; i < names->count; i++) {
		const struct cw_imported_value *name = &names->items[i];
		if (cw_imported_box_find(imported, name->text) != CW_IMPORTED_NONE)
			continue;
		size_t box = CW_IMPORTED_NONE;
		if (unknown_names(imported, names) == 1)
			box = only_unnamed(imported, role, group, names);
		if (box != CW_IMPORTED_NONE && !may_be_typed_for(&imported->boxes[box], name->text))
			box = CW_IMPORTED_NONE;
		if (box != CW_IMPORTED_NONE) {
			if (!cw_imported_values_add(&imported->boxes[box].addresses, name->text, name->source,
				    name->line, error))
				return false;
		} else if (is_name(name->text) && !mention(imported, role, group, name, error)) {
			return false;
		}
	}
	return true;
}

/* --- servers behind C --- */

static bool collect(struct cw_imported_values *ret, const struct cw_evidence_fact *fact, const char *text,
	struct cw_error *error)
{
	return cw_imported_values_add(ret, text, fact->source, fact->line, error);
}

/* As C has them: the publishers from its list of servers, all nodes from the zones that it makes by itself. */
static bool collect_servers(struct cw_imported *imported, struct cw_imported_values *publishers,
	struct cw_imported_values *presence, struct cw_imported_values *nodes, struct cw_error *error)
{
	const struct cw_evidence *evidence = imported->evidence;
	for (size_t i = 0; i < evidence->fact_count; i++) {
		const struct cw_evidence_fact *fact = &evidence->facts[i];
		bool fine = true;
		if (fact->key == CW_FACT_CUCM_ADDRESS)
			fine = collect(publishers, fact, fact->value, error);
		else if (fact->key == CW_FACT_IMP_ADDRESS)
			fine = collect(presence, fact, fact->value, error);
		else if (fact->key == CW_FACT_ZONE_NAME &&
			(strncasecmp(fact->value, "CEtls-", 6) == 0 ||
				strncasecmp(fact->value, "CEtcp-", 6) == 0))
			fine = collect(nodes, fact, fact->value + 6, error);
		if (!fine)
			return false;
	}
	return true;
}

/* By what C has each of them. */
static bool note_reached(
	struct cw_imported *imported, const struct cw_imported_values *names, struct cw_error *error)
{
	for (size_t i = 0; i < names->count; i++) {
		const struct cw_imported_value *name = &names->items[i];
		size_t index = cw_imported_box_find(imported, name->text);
		if (index != CW_IMPORTED_NONE && !imported->boxes[index].reached.text &&
			!cw_imported_value_set(
				&imported->boxes[index].reached, name->text, name->source, name->line, error))
			return false;
	}
	return true;
}

/* C's list of CUCM servers holds the publishers: one name that is no box's, and one publisher that it does not name. */
static bool match_publisher(
	struct cw_imported *imported, const struct cw_imported_values *publishers, struct cw_error *error)
{
	const struct cw_imported_value *name = NULL;
	size_t box = CW_IMPORTED_NONE;
	for (size_t i = 0; i < publishers->count && unknown_names(imported, publishers) == 1; i++)
		if (cw_imported_box_find(imported, publishers->items[i].text) == CW_IMPORTED_NONE)
			name = &publishers->items[i];
	for (size_t i = 0; i < imported->box_count && name; i++) {
		bool named = false;
		for (size_t j = 0; j < publishers->count && !named; j++)
			named = cw_imported_box_find(imported, publishers->items[j].text) == i;
		if (!imported->boxes[i].publisher || named)
			continue;
		if (box != CW_IMPORTED_NONE)
			return true;
		box = i;
	}
	return box == CW_IMPORTED_NONE || !may_be_typed_for(&imported->boxes[box], name->text) ||
		cw_imported_values_add(
			&imported->boxes[box].addresses, name->text, name->source, name->line, error);
}

static void finish(struct cw_imported_values *values)
{
	for (size_t i = 0; i < values->count; i++)
		free(values->items[i].text);
	free(values->items);
}

static void mark_publishers(struct cw_imported *imported, const struct cw_imported_values *names)
{
	for (size_t i = 0; i < names->count; i++) {
		size_t box = cw_imported_box_find(imported, names->items[i].text);
		if (box != CW_IMPORTED_NONE && imported->boxes[box].role == CW_IMPORTED_CUCM)
			imported->boxes[box].publisher = true;
	}
}

/* A node of CUCM that lies beside nothing else is the publisher; of several, C's list says which. */
bool cw_merge_servers(struct cw_imported *imported, struct cw_error *error)
{
	struct cw_imported_values publishers = {0}, presence = {0}, nodes = {0};
	bool fine = collect_servers(imported, &publishers, &presence, &nodes, error) &&
		match_names(imported, &nodes, CW_IMPORTED_CUCM, CW_IMPORTED_NONE, error) &&
		match_publisher(imported, &publishers, error) &&
		match_names(imported, &publishers, CW_IMPORTED_CUCM, CW_IMPORTED_NONE, error) &&
		match_names(imported, &presence, CW_IMPORTED_IMP, CW_IMPORTED_NONE, error) &&
		note_reached(imported, &publishers, error) && note_reached(imported, &nodes, error) &&
		note_reached(imported, &presence, error);
	if (fine)
		mark_publishers(imported, &publishers);
	finish(&publishers);
	finish(&presence);
	finish(&nodes);
	return fine;
}

/* --- zones --- */

static bool add_link(struct cw_imported *imported, size_t c, size_t e, const struct cw_imported_zone *on_c,
	const struct cw_imported_zone *on_e, struct cw_error *error)
{
	if (!cw_memory_grow(&imported->links, &imported->link_capacity, imported->link_count,
		    sizeof *imported->links))
		return cw_error_memory(error);
	imported->links[imported->link_count++] = (struct cw_imported_link){c, e, on_c, on_e};
	return true;
}

static size_t only_group(const struct cw_imported *imported, enum cw_imported_role role)
{
	size_t found = CW_IMPORTED_NONE;
	for (size_t i = 0; i < imported->group_count; i++) {
		if (imported->groups[i].role != role)
			continue;
		if (found != CW_IMPORTED_NONE)
			return CW_IMPORTED_NONE;
		found = i;
	}
	return found;
}

/* The Expressway-E cluster that a zone of C reaches. */
static size_t reached(const struct cw_imported *imported, const struct cw_imported_zone *zone)
{
	for (size_t i = 0; i < zone->peers.count; i++) {
		size_t box = cw_imported_box_find(imported, zone->peers.items[i].text);
		if (box != CW_IMPORTED_NONE && imported->boxes[box].role == CW_IMPORTED_E)
			return imported->boxes[box].group;
	}
	return only_group(imported, CW_IMPORTED_E);
}

/* The zone of E that belongs to it: the only one, else the one with its port. */
static const struct cw_imported_zone *other_side(
	const struct cw_imported *imported, size_t e, const struct cw_imported_zone *zone)
{
	const struct cw_imported_zone *found = NULL;
	const struct cw_imported_zone *same_port = NULL;
	size_t count = 0;
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_box *box = &imported->boxes[i];
		if (box->group != e || count)
			continue; /* one peer's zones are the cluster's */
		for (size_t j = 0; j < box->zone_count; j++) {
			if (box->zones[j].client)
				continue;
			found = &box->zones[j];
			count++;
			if (zone && zone->port.text && found->port.text &&
				strcmp(zone->port.text, found->port.text) == 0)
				same_port = found;
		}
	}
	return count == 1 ? found : same_port;
}

static bool link_zone(
	struct cw_imported *imported, size_t c, const struct cw_imported_zone *zone, struct cw_error *error)
{
	struct cw_imported_values peers = zone->peers;
	size_t e = reached(imported, zone);
	if (!match_names(imported, &peers, CW_IMPORTED_E, e, error) || !cw_merge_group_boxes(imported, error))
		return false;
	e = reached(imported, zone);
	return e == CW_IMPORTED_NONE || add_link(imported, c, e, zone, other_side(imported, e, zone), error);
}

/* The zones of one peer of the cluster: all peers have the same. Boxes may be added meanwhile. */
static bool link_group(struct cw_imported *imported, size_t c, struct cw_error *error)
{
	for (size_t i = 0; i < imported->box_count; i++) {
		if (imported->boxes[i].group != c || !imported->boxes[i].zone_count)
			continue;
		const struct cw_imported_zone *zones = imported->boxes[i].zones;
		size_t count = imported->boxes[i].zone_count;
		for (size_t j = 0; j < count; j++)
			if (zones[j].client && !link_zone(imported, c, &zones[j], error))
				return false;
		return true;
	}
	size_t e = only_group(imported, CW_IMPORTED_E);
	return e == CW_IMPORTED_NONE || add_link(imported, c, e, NULL, other_side(imported, e, NULL), error);
}

/* Only E's side is there: C is the name that it verifies. */
static bool mention_c(struct cw_imported *imported, struct cw_error *error)
{
	for (size_t i = 0; i < imported->box_count; i++)
		for (size_t j = 0; j < imported->boxes[i].zone_count; j++) {
			const struct cw_imported_value *name = &imported->boxes[i].zones[j].verify_name;
			if (name->text && is_name(name->text))
				return mention(imported, CW_IMPORTED_C, CW_IMPORTED_NONE, name, error);
		}
	return true;
}

static bool has_role(const struct cw_imported *imported, enum cw_imported_role role)
{
	for (size_t i = 0; i < imported->group_count; i++)
		if (imported->groups[i].role == role)
			return true;
	return false;
}

/* The peers of a cluster that only a dump of another peer names: "Alternates Peer N Address". */
static bool mention_peers(struct cw_imported *imported, struct cw_error *error)
{
	for (size_t i = 0; i < imported->box_count; i++) {
		const struct cw_imported_box *box = &imported->boxes[i];
		bool expressway = box->role == CW_IMPORTED_C || box->role == CW_IMPORTED_E;
		const struct cw_imported_values peers = box->cluster_peers; /* the boxes may move */
		if (box->group != CW_IMPORTED_NONE && expressway && !box->mentioned &&
			!match_names(imported, &peers, box->role, box->group, error))
			return false;
	}
	return true;
}

bool cw_merge_links(struct cw_imported *imported, struct cw_error *error)
{
	if (!has_role(imported, CW_IMPORTED_C) && has_role(imported, CW_IMPORTED_E) &&
		(!mention_c(imported, error) || !cw_merge_group_boxes(imported, error)))
		return false;
	if (!mention_peers(imported, error))
		return false;
	for (size_t i = 0; i < imported->group_count; i++)
		if (imported->groups[i].role == CW_IMPORTED_C && !link_group(imported, i, error))
			return false;
	return true;
}
