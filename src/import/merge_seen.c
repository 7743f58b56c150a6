#include "import/merge_parts.h"
#include "import/naming.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/*
 * What was seen from outside: chains on the wire and certificates in the trust lists of phones. A certificate
 * that a box is known to have tells the address at which it was shown. One that it is not known to have fills
 * a gap, or contradicts: a box shows what it was started with, its file what was uploaded since.
 */

static bool holds(const struct cw_imported_box *box, const struct cw_cert *cert)
{
	for (size_t i = 0; i < CW_IMPORTED_IDENTITIES; i++)
		if (box->identities[i].known && cw_cert_same(box->identities[i].items[0], cert))
			return true;
	return false;
}

/* The box with this identity; CW_IMPORTED_NONE: none, or several share it. */
static size_t box_with(const struct cw_imported *imported, const struct cw_cert *cert)
{
	size_t found = CW_IMPORTED_NONE;
	for (size_t i = 0; i < imported->box_count; i++) {
		if (!holds(&imported->boxes[i], cert))
			continue;
		if (found != CW_IMPORTED_NONE)
			return CW_IMPORTED_NONE;
		found = i;
	}
	return found;
}

/* Which identity a box shows on a port. */
static bool identity_on(const struct cw_imported_box *box, unsigned port, enum cw_imported_identity *ret)
{
	bool expressway = box->role == CW_IMPORTED_C || box->role == CW_IMPORTED_E;
	if (expressway)
		*ret = CW_IMPORTED_SERVER;
	else if (port == 8443 || port == 443 || port == 5091)
		*ret = CW_IMPORTED_TOMCAT;
	else if (port == 5061 || port == 6972)
		*ret = CW_IMPORTED_CALLMANAGER;
	else
		return false;
	return true;
}

static bool take_presented(
	struct cw_imported *imported, const struct cw_evidence_cert *cert, struct cw_error *error)
{
	size_t owner = box_with(imported, cert->cert);
	size_t box = cert->host ? cw_imported_box_find(imported, cert->host) : CW_IMPORTED_NONE;
	enum cw_imported_identity identity;
	if (owner != CW_IMPORTED_NONE)
		return !cert->host || box != CW_IMPORTED_NONE || !cert->port ||
			cw_imported_values_add(&imported->boxes[owner].addresses, cert->host, cert->source,
				cert->line, error);
	for (size_t i = 0; box == CW_IMPORTED_NONE && cw_naming_cert_host(cert->cert, i); i++)
		box = cw_imported_box_find(imported, cw_naming_cert_host(cert->cert, i));
	if (box == CW_IMPORTED_NONE || holds(&imported->boxes[box], cert->cert))
		return true;
	if (!identity_on(&imported->boxes[box], cert->port, &identity))
		return true;
	/* A client on a connection of its own has no port that says what it showed. */
	struct cw_merge_found found = {box, cert->source, cert->line, cert, 1};
	return cw_merge_set_identity(imported, &found, identity, error);
}

/* The host of a record is the name of a CUCM node: its CallManager certificate. */
static bool take_record(
	struct cw_imported *imported, const struct cw_evidence_cert *cert, struct cw_error *error)
{
	if (!cert->host || strcmp(cert->service, "CallManager") != 0)
		return true;
	size_t box = cw_imported_box_find(imported, cert->host);
	if (box == CW_IMPORTED_NONE) {
		if (!strchr(cert->host, '.'))
			return true;
		if (!cw_imported_add_box(imported, &box, error))
			return false;
		struct cw_imported_box *at = &imported->boxes[box];
		at->role = CW_IMPORTED_CUCM;
		at->fqdn = strdup(cert->host);
		if (!at->fqdn)
			return cw_error_memory(error);
		if (!cw_imported_value_set(&at->name, cert->host, cert->source, 0, error))
			return false;
	}
	if (imported->boxes[box].role == CW_IMPORTED_UNKNOWN)
		imported->boxes[box].role = CW_IMPORTED_CUCM;
	struct cw_merge_found found = {box, cert->source, 0, cert, 1};
	enum cw_imported_identity kind = CW_IMPORTED_CALLMANAGER;
	if (cw_cert_key(cert->cert)->kind == CW_KEY_EC)
		kind = CW_IMPORTED_CALLMANAGER_ECDSA;
	return cw_merge_set_identity(imported, &found, kind, error);
}

/* --- trust lists of phones as text: the certificates are elsewhere, or nowhere --- */

static bool has_sha1(const struct cw_cert *cert, const char *sha1)
{
	uint8_t digest[CW_SHA1_SIZE];
	char text[2 * CW_SHA1_SIZE + 1];
	cw_cert_sha1(cert, digest);
	for (size_t i = 0; i < CW_SHA1_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", (unsigned)digest[i]);
	return strcmp(text, sha1) == 0;
}

/* Every certificate of the evidence by its SHA-1: a list of phones may name many, and an import hold many more. */
struct hashed {
	uint8_t sha1[CW_SHA1_SIZE];
	const struct cw_evidence_cert *cert;
};

static int by_sha1(const void *left, const void *right)
{
	const struct hashed *a = left, *b = right;
	return memcmp(a->sha1, b->sha1, sizeof a->sha1);
}

static bool hash_all(const struct cw_evidence *evidence, struct hashed **ret, struct cw_error *error)
{
	struct hashed *all = calloc(evidence->cert_count + 1, sizeof *all);
	if (!all)
		return cw_error_memory(error);
	for (size_t i = 0; i < evidence->cert_count; i++) {
		all[i].cert = &evidence->certs[i];
		cw_cert_sha1(evidence->certs[i].cert, all[i].sha1);
	}
	qsort(all, evidence->cert_count, sizeof *all, by_sha1);
	*ret = all;
	return true;
}

/* `sha1` is hex as the reader of sessions writes it. */
static const struct cw_evidence_cert *cert_with(
	const struct hashed *all, const struct cw_evidence *evidence, const char *sha1)
{
	struct hashed key = {0};
	for (size_t i = 0; i < CW_SHA1_SIZE; i++) {
		unsigned byte = 0;
		if (sscanf(sha1 + 2 * i, "%2x", &byte) != 1)
			return NULL;
		key.sha1[i] = (uint8_t)byte;
	}
	const struct hashed *found = bsearch(&key, all, evidence->cert_count, sizeof *all, by_sha1);
	return found ? found->cert : NULL;
}

static bool is_of(const struct cw_imported_box *box, const char *sha1)
{
	static const enum cw_imported_identity kinds[] = {
		CW_IMPORTED_CALLMANAGER, CW_IMPORTED_CALLMANAGER_ECDSA};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (box->identities[kinds[i]].known && has_sha1(box->identities[kinds[i]].items[0], sha1))
			return true;
	return false;
}

/* Some record of this host is of a certificate that the box has: the others are twins, or of before. */
static bool is_told(const struct cw_imported *imported, const struct cw_evidence_fact *sha1, const char *host,
	const struct cw_imported_box *box)
{
	size_t count;
	const struct cw_evidence_fact *facts = cw_evidence_facts_of(imported->evidence, sha1->source, &count);
	for (size_t i = 1; i < count; i++)
		if (facts[i].key == CW_FACT_SIGNED_SHA1 && strcasecmp(facts[i - 1].value, host) == 0 &&
			is_of(box, facts[i].value))
			return true;
	return false;
}

/* Phones were given another certificate than the one that is installed now: the service was not restarted since. */
static bool contradict(struct cw_imported *imported, const struct cw_evidence_fact *sha1, const char *host,
	const struct cw_imported_box *box, struct cw_error *error)
{
	const struct cw_imported_certs *own = &box->identities[CW_IMPORTED_CALLMANAGER];
	AUTO_BUFFER key = {0}, left = {0};
	if (!own->known || is_told(imported, sha1, host, box))
		return true;
	cw_buffer_printf(&key, "%s callmanager", box->fqdn ? box->fqdn : host);
	cw_buffer_printf(&left, "one with SHA-1 %s in the phones' trust list", sha1->value);
	struct cw_imported_value taken = {
		.text = (char *)cw_cert_subject_text(own->items[0]), .source = own->source};
	struct cw_imported_value other = {.source = sha1->source, .line = sha1->line};
	if (!cw_buffer_ok(&key, error) || !cw_buffer_ok(&left, error))
		return false;
	other.text = (char *)cw_buffer_string(&left);
	return cw_imported_conflict_add(imported, cw_buffer_string(&key), &taken, &other, error);
}

static bool take_hash(struct cw_imported *imported, const struct hashed *all,
	const struct cw_evidence_fact *sha1, const char *host, struct cw_error *error)
{
	const struct cw_evidence_cert *found = cert_with(all, imported->evidence, sha1->value);
	size_t box = cw_imported_box_find(imported, host);
	if (found) {
		struct cw_evidence_cert record = {.source = sha1->source,
			.line = sha1->line,
			.cert = found->cert,
			.service = "CallManager",
			.host = (char *)host};
		return (box != CW_IMPORTED_NONE && is_told(imported, sha1, host, &imported->boxes[box])) ||
			take_record(imported, &record, error);
	}
	return box == CW_IMPORTED_NONE || contradict(imported, sha1, host, &imported->boxes[box], error);
}

/* A hash stands right behind its host (reading_session.c). */
static bool is_hash(const struct cw_evidence *evidence, size_t fact)
{
	const struct cw_evidence_fact *sha1 = &evidence->facts[fact];
	return fact && sha1->key == CW_FACT_SIGNED_SHA1 && sha1[-1].key == CW_FACT_SIGNED_HOST &&
		sha1[-1].source == sha1->source;
}

static bool take_hashes(struct cw_imported *imported, struct cw_error *error)
{
	const struct cw_evidence *evidence = imported->evidence;
	AUTO(free) struct hashed *all = NULL;
	for (size_t i = 0; i < evidence->fact_count; i++) {
		const struct cw_evidence_fact *sha1 = &evidence->facts[i];
		if (!is_hash(evidence, i))
			continue;
		if (!all && !hash_all(evidence, &all, error))
			return false;
		if (!take_hash(imported, all, sha1, sha1[-1].value, error))
			return false;
	}
	return true;
}

bool cw_merge_seen(struct cw_imported *imported, struct cw_error *error)
{
	const struct cw_evidence *evidence = imported->evidence;
	for (size_t i = 0; i < evidence->cert_count; i++) {
		const struct cw_evidence_cert *cert = &evidence->certs[i];
		if (cert->place == CW_EVIDENCE_SIGNED_LIST && !take_record(imported, cert, error))
			return false;
		if (cert->place != CW_EVIDENCE_PRESENTED || cert->number != 1)
			continue;
		if (!take_presented(imported, cert, error))
			return false;
	}
	return take_hashes(imported, error);
}
