#include "import/merge_parts.h"
#include "import/naming.h"

#include <string.h>
#include <strings.h>

/*
 * A source that says whose it is makes a box, or belongs to the one of that name. The others belong to the box
 * that lies nearest: in the same folder, else in the folder above, up to the archive or the folder that was
 * named on the command line; where several boxes lie there, to the one that the file's name mentions.
 */

/* A fact of this source (and of the variant in it, 0: any), or NULL. */
static const struct cw_evidence_fact *fact_of(
	const struct cw_evidence *evidence, size_t source, unsigned variant, enum cw_fact_key key)
{
	size_t count;
	const struct cw_evidence_fact *facts = cw_evidence_facts_of(evidence, source, &count);
	for (size_t i = 0; i < count; i++)
		if (facts[i].key == key && (!variant || facts[i].variant == variant))
			return &facts[i];
	return NULL;
}

/* What a source calls its box; empty where it does not. */
static bool own_name(const struct cw_evidence *evidence, size_t source, unsigned variant,
	struct cw_imported_value *ret, struct cw_error *error)
{
	AUTO_BUFFER name = {0};
	const struct cw_evidence_fact *host = fact_of(evidence, source, variant, CW_FACT_HOST_NAME);
	const struct cw_evidence_fact *domain = fact_of(evidence, source, variant, CW_FACT_DOMAIN_NAME);
	const struct cw_evidence_fact *fqdn = fact_of(evidence, source, variant, CW_FACT_FQDN);
	size_t line = 0;
	if (host && (domain || !fqdn)) {
		cw_buffer_printf(&name, "%s", host->value);
		if (domain && !strchr(host->value, '.'))
			cw_buffer_printf(&name, ".%s", domain->value);
		line = host->line;
	} else if (fqdn) {
		cw_buffer_text(&name, fqdn->value);
		line = fqdn->line;
	} else if (evidence->sources[source].box) {
		cw_buffer_text(&name, evidence->sources[source].box);
	}
	return !name.length ? cw_buffer_ok(&name, error)
			    : cw_buffer_ok(&name, error) &&
			cw_imported_value_set(ret, cw_buffer_string(&name), source, line, error);
}

static bool is_address(const char *name)
{
	return strspn(name, "0123456789.") == strlen(name) || strchr(name, ':');
}

/* "c1" and "c1.acme.test" are one box: the longer name stays. An address is not a name. */
static bool name_box(struct cw_imported *imported, size_t box, const struct cw_imported_value *name,
	struct cw_error *error)
{
	struct cw_imported_box *at = &imported->boxes[box];
	if (is_address(name->text))
		return cw_imported_values_add(&at->addresses, name->text, name->source, name->line, error);
	if (at->fqdn && strlen(at->fqdn) >= strlen(name->text))
		return true;
	free(at->fqdn);
	at->fqdn = strdup(name->text);
	return at->fqdn ? cw_imported_value_set(&at->name, name->text, name->source, name->line, error)
			: cw_error_memory(error);
}

static bool box_named(struct cw_imported *imported, const struct cw_imported_value *name, size_t *ret,
	struct cw_error *error)
{
	*ret = cw_imported_box_find(imported, name->text);
	if (*ret == CW_IMPORTED_NONE && !cw_imported_add_box(imported, ret, error))
		return false;
	return name_box(imported, *ret, name, error);
}

/* Longer names first, so that "c1" finds "c1.acme.test": two rounds. */
static bool take_named(struct cw_imported *imported, bool whole, struct cw_error *error)
{
	const struct cw_evidence *evidence = imported->evidence;
	for (size_t i = 0; i < evidence->source_count; i++) {
		struct cw_imported_value name = {0};
		if (evidence->sources[i].kind == CW_SNIFF_SESSION)
			continue;
		if (!own_name(evidence, i, 0, &name, error))
			return false;
		bool fine = !name.text || (strchr(name.text, '.') != NULL) != whole ||
			box_named(imported, &name, &imported->source_box[i], error);
		free(name.text);
		if (!fine)
			return false;
	}
	return true;
}

static unsigned variants_of(const struct cw_evidence *evidence, size_t source)
{
	unsigned most = 1;
	size_t count;
	const struct cw_evidence_fact *facts = cw_evidence_facts_of(evidence, source, &count);
	for (size_t i = 0; i < count; i++)
		if (facts[i].variant > most)
			most = facts[i].variant;
	return most;
}

/* A session may have been on several boxes, one after the other. */
static bool take_sessions(struct cw_imported *imported, struct cw_error *error)
{
	const struct cw_evidence *evidence = imported->evidence;
	for (size_t i = 0; i < evidence->source_count; i++) {
		unsigned count = evidence->sources[i].kind == CW_SNIFF_SESSION ? variants_of(evidence, i) : 0;
		for (unsigned variant = 1; variant <= count; variant++) {
			struct cw_imported_value name = {0};
			size_t box;
			if (!own_name(evidence, i, variant, &name, error))
				return false;
			bool fine = !name.text || box_named(imported, &name, &box, error);
			if (fine && name.text)
				imported->source_box[i] = box;
			free(name.text);
			if (!fine)
				return false;
		}
	}
	return true;
}

static bool below(const char *folder, const char *path)
{
	size_t length = strlen(folder);
	return length && strncmp(path, folder, length) == 0 && (!path[length] || path[length] == '/');
}

/* The one box with sources in this folder (`deep`: or below it); several: the one that `shown` mentions. */
static size_t box_in(const struct cw_imported *imported, const char *folder, bool deep, const char *shown)
{
	size_t found = CW_IMPORTED_NONE;
	size_t mentioned = CW_IMPORTED_NONE;
	bool several = false;
	for (size_t i = 0; i < imported->evidence->source_count; i++) {
		size_t box = imported->source_box[i];
		const char *other = imported->evidence->sources[i].folder;
		if (box == CW_IMPORTED_NONE ||
			(strcmp(other, folder) != 0 && !(deep && below(folder, other))))
			continue;
		several |= found != CW_IMPORTED_NONE && found != box;
		found = box;
		const char *fqdn = imported->boxes[box].fqdn;
		if (fqdn && cw_naming_mentions(shown + strlen(folder), fqdn))
			mentioned = box;
	}
	return several ? mentioned : found;
}

/*
 * In the same folder; in an archive, which is one box's, also in a folder above. Not above the archive: two
 * archives beside each other are two boxes.
 */
size_t cw_merge_nearest(const struct cw_imported *imported, size_t source)
{
	const struct cw_evidence_source *at = &imported->evidence->sources[source];
	AUTO(free) char *folder = strdup(at->folder);
	if (!folder)
		return CW_IMPORTED_NONE;
	size_t box = box_in(imported, folder, false, at->shown);
	while (at->packed && box == CW_IMPORTED_NONE && strlen(folder) >= strlen(at->container)) {
		box = box_in(imported, folder, true, at->shown);
		char *slash = strrchr(folder, '/');
		if (!slash)
			break;
		*slash = 0;
	}
	return box;
}

/* Loose certificates are placed by what they are as well (merge_loose.c). */
static bool waits(enum cw_sniff_kind kind)
{
	return kind == CW_SNIFF_CERTIFICATES || kind == CW_SNIFF_SESSION || kind == CW_SNIFF_SHOWCERTS ||
		kind == CW_SNIFF_CAPTURE || kind == CW_SNIFF_SIGNED_LIST;
}

static bool take_beside(struct cw_imported *imported, struct cw_error *error)
{
	const struct cw_evidence *evidence = imported->evidence;
	AUTO(free) size_t *boxes = malloc(sizeof *boxes * (evidence->source_count + 1));
	if (!boxes)
		return cw_error_memory(error);
	for (size_t i = 0; i < evidence->source_count; i++) {
		boxes[i] = imported->source_box[i];
		if (boxes[i] == CW_IMPORTED_NONE && !waits(evidence->sources[i].kind))
			boxes[i] = cw_merge_nearest(imported, i);
	}
	memcpy(imported->source_box, boxes, sizeof *boxes * evidence->source_count);
	return true;
}

bool cw_merge_boxes(struct cw_imported *imported, struct cw_error *error)
{
	size_t count = imported->evidence->source_count;
	imported->source_box = malloc(sizeof *imported->source_box * (count + 1));
	if (!imported->source_box)
		return cw_error_memory(error);
	for (size_t i = 0; i < count; i++)
		imported->source_box[i] = CW_IMPORTED_NONE;
	return take_named(imported, true, error) && take_named(imported, false, error) &&
		take_sessions(imported, error) && take_beside(imported, error);
}

size_t cw_merge_box_of(const struct cw_imported *imported, size_t source, const char *host, unsigned variant)
{
	const struct cw_evidence *evidence = imported->evidence;
	if (evidence->sources[source].kind != CW_SNIFF_SESSION)
		return imported->source_box[source];
	if (host)
		return cw_imported_box_find(imported, host);
	const struct cw_evidence_fact *fqdn =
		variant ? fact_of(evidence, source, variant, CW_FACT_FQDN) : NULL;
	if (fqdn)
		return cw_imported_box_find(imported, fqdn->value);
	return imported->source_box[source];
}
