#include "import/merge_parts.h"
#include "import/naming.h"

#include <string.h>
#include <strings.h>

static bool newer(const struct cw_imported *imported, size_t source, size_t than)
{
	return imported->evidence->sources[source].time > imported->evidence->sources[than].time;
}

/* "c1.acme.test server": what two sources do not agree on; `take` the new one. */
static bool tell_conflict(struct cw_imported *imported, const struct cw_merge_found *found, const char *what,
	const struct cw_imported_value values[2], bool take, struct cw_error *error)
{
	AUTO_BUFFER key = {0};
	const char *fqdn = imported->boxes[found->box].fqdn;
	cw_buffer_printf(&key, "%s %s", fqdn ? fqdn : "?", what);
	return cw_buffer_ok(&key, error) &&
		cw_imported_conflict_add(
			imported, cw_buffer_string(&key), &values[take], &values[!take], error);
}

static void clear(struct cw_imported_certs *certs)
{
	for (size_t i = 0; i < certs->count; i++)
		cw_cert_free(certs->items[i]);
	certs->count = 0;
	certs->unordered = certs->partial = certs->der = false;
}

static bool fill(struct cw_imported *imported, struct cw_imported_certs *certs,
	const struct cw_merge_found *found, struct cw_error *error)
{
	certs->known = true;
	certs->source = found->source;
	for (size_t i = 0; i < found->count; i++)
		if (!cw_imported_certs_add(certs, found->certs[i].cert, error))
			return false;
	certs->der = found->count == 1 && imported->evidence->sources[found->source].der;
	return true;
}

bool cw_merge_set_identity(struct cw_imported *imported, const struct cw_merge_found *found,
	enum cw_imported_identity kind, struct cw_error *error)
{
	struct cw_imported_certs *certs = &imported->boxes[found->box].identities[kind];
	if (!certs->known)
		return fill(imported, certs, found, error);
	struct cw_cert *other = found->certs[0].cert;
	if (cw_cert_same(certs->items[0], other))
		return true;
	bool take = newer(imported, found->source, certs->source);
	struct cw_imported_value values[] = {{(char *)cw_cert_sha256_text(certs->items[0]), certs->source, 0},
		{(char *)cw_cert_sha256_text(other), found->source, found->line}};
	if (!tell_conflict(imported, found, cw_imported_identity_key(kind), values, take, error))
		return false;
	if (!take)
		return true;
	clear(certs);
	return fill(imported, certs, found, error);
}

static bool same_entries(const struct cw_imported_certs *certs, const struct cw_merge_found *found)
{
	if (certs->count != found->count)
		return false;
	for (size_t i = 0; i < found->count; i++)
		if (!cw_cert_same(certs->items[i], found->certs[i].cert))
			return false;
	return true;
}

static bool in_list(const struct cw_imported_certs *certs, const struct cw_cert *cert)
{
	for (size_t i = 0; i < certs->count; i++)
		if (cw_cert_same(certs->items[i], cert))
			return true;
	return false;
}

/* Single files beside a list that another source gives whole: those that are in it say nothing new. */
static bool compare_singles(struct cw_imported *imported, const struct cw_merge_found *found,
	enum cw_imported_store kind, struct cw_error *error)
{
	struct cw_imported_certs *certs = &imported->boxes[found->box].stores[kind];
	bool take = newer(imported, found->source, certs->source);
	for (size_t i = 0; i < found->count; i++) {
		if (in_list(certs, found->certs[i].cert))
			continue;
		struct cw_imported_value values[] = {{"not in the list", certs->source, 0},
			{(char *)cw_cert_sha256_text(found->certs[i].cert), found->source, found->line}};
		if (!tell_conflict(imported, found, cw_imported_store_key(kind), values, take, error) ||
			(take && !cw_imported_certs_add(certs, found->certs[i].cert, error)))
			return false;
	}
	return true;
}

bool cw_merge_add_entries(struct cw_imported *imported, const struct cw_merge_found *found,
	enum cw_imported_store kind, bool more, struct cw_error *error)
{
	struct cw_imported_certs *certs = &imported->boxes[found->box].stores[kind];
	bool first = !certs->known;
	if (first || certs->source == found->source || (more && certs->unordered)) {
		certs->unordered = (first && more) || certs->unordered;
		return fill(imported, certs, found, error);
	}
	if (more)
		return compare_singles(imported, found, kind, error);
	if (same_entries(certs, found))
		return true;
	bool take = newer(imported, found->source, certs->source);
	char counts[2][40];
	snprintf(counts[0], sizeof counts[0], "%zu certificates", certs->count);
	snprintf(counts[1], sizeof counts[1], "%zu certificates, not the same", found->count);
	struct cw_imported_value values[] = {
		{counts[0], certs->source, 0}, {counts[1], found->source, found->line}};
	if (!tell_conflict(imported, found, cw_imported_store_key(kind), values, take, error))
		return false;
	if (!take)
		return true;
	clear(certs);
	return fill(imported, certs, found, error);
}

/* A session or a snapshot that does not say its box: the names of its own certificates do. */
static bool name_by_cert(struct cw_imported *imported, size_t source, struct cw_error *error)
{
	size_t count;
	const struct cw_evidence_cert *certs = cw_evidence_certs_of(imported->evidence, source, &count);
	const char *chosen = NULL;
	const struct cw_evidence_cert *at = NULL;
	for (size_t i = 0; i < count && !at; i++)
		if (certs[i].place == CW_EVIDENCE_OWN && cw_naming_cert_host(certs[i].cert, 0))
			at = &certs[i];
	if (!at)
		return true;
	for (size_t i = 0; cw_naming_cert_host(at->cert, i); i++) {
		const char *name = cw_naming_cert_host(at->cert, i);
		size_t box = cw_imported_box_find(imported, name);
		if (box != CW_IMPORTED_NONE) {
			imported->source_box[source] = box;
			return true;
		}
		if (cw_naming_is_domain_in(at->cert, name))
			continue;
		if (!chosen ||
			cw_naming_mentions(
				cw_evidence_name(&imported->evidence->sources[source], true), name))
			chosen = name;
	}
	size_t box;
	if (!chosen)
		return true;
	if (!cw_imported_add_box(imported, &box, error))
		return false;
	imported->source_box[source] = box;
	imported->boxes[box].fqdn = strdup(chosen);
	return imported->boxes[box].fqdn
		? cw_imported_value_set(&imported->boxes[box].name, chosen, source, at->line, error)
		: cw_error_memory(error);
}

/* How many of `certs` from the first on stand in one file, list or chain. */
static size_t run_length(const struct cw_evidence_cert *certs, size_t count)
{
	size_t run = 1;
	while (run < count && certs[run].source == certs[0].source && certs[run].place == certs[0].place &&
		certs[run].number == certs[run - 1].number + 1)
		run++;
	return run;
}

static bool take_run(struct cw_imported *imported, const struct cw_evidence_cert *certs, size_t count,
	struct cw_error *error)
{
	enum cw_imported_identity identity;
	enum cw_imported_store store;
	struct cw_merge_found found = {.box = cw_merge_box_of(imported, certs->source, certs->host, 0),
		.source = certs->source,
		.line = certs->line,
		.certs = certs,
		.count = count};
	if (found.box == CW_IMPORTED_NONE)
		return cw_imported_not_placed(
			imported, certs->source, "nothing in it says of which box it is", error);
	if (certs->place == CW_EVIDENCE_OWN && cw_imported_identity_find(certs->service, &identity))
		return cw_merge_set_identity(imported, &found, identity, error);
	if (certs->place == CW_EVIDENCE_TRUST && cw_imported_store_find(certs->service, &store)) {
		if (!cw_merge_add_entries(imported, &found, store, false, error))
			return false;
		imported->boxes[found.box].stores[store].partial |=
			imported->evidence->sources[certs->source].kind == CW_SNIFF_SESSION;
	}
	return true; /* ipsec, CAPF, TVS, …: no link of MRA uses them */
}

/* A snapshot lists everything: a list that is not in it is empty. */
static bool has_snapshot(const struct cw_evidence *evidence, size_t source)
{
	return evidence->sources[source].kind == CW_SNIFF_JSON && evidence->sources[source].box;
}

static void complete_snapshot(struct cw_imported *imported, size_t source)
{
	static const enum cw_imported_store stores[] = {
		CW_IMPORTED_TOMCAT_TRUST, CW_IMPORTED_CALLMANAGER_TRUST};
	size_t box = imported->source_box[source];
	size_t count = 1;
	if (box != CW_IMPORTED_NONE && imported->boxes[box].identities[CW_IMPORTED_CALLMANAGER].known)
		count = 2;
	for (size_t i = 0; i < count && box != CW_IMPORTED_NONE; i++) {
		struct cw_imported_certs *certs = &imported->boxes[box].stores[stores[i]];
		if (!certs->known) {
			certs->known = true;
			certs->source = source;
		}
	}
}

bool cw_merge_certs(struct cw_imported *imported, struct cw_error *error)
{
	const struct cw_evidence *evidence = imported->evidence;
	for (size_t i = 0; i < evidence->source_count; i++)
		if (imported->source_box[i] == CW_IMPORTED_NONE && !name_by_cert(imported, i, error))
			return false;
	for (size_t i = 0; i < evidence->cert_count;) {
		const struct cw_evidence_cert *certs = &evidence->certs[i];
		size_t run = run_length(certs, evidence->cert_count - i);
		bool said = certs->place == CW_EVIDENCE_OWN || certs->place == CW_EVIDENCE_TRUST;
		if (said && !take_run(imported, certs, run, error))
			return false;
		i += run;
	}
	for (size_t i = 0; i < evidence->source_count; i++)
		if (has_snapshot(evidence, i))
			complete_snapshot(imported, i);
	return true;
}
