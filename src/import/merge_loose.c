#include "import/merge_parts.h"
#include "import/naming.h"

#include <string.h>
#include <strings.h>

/*
 * Files of certificates that say nothing but what they hold. Which kind (identity, list) the file's name says
 * (naming.h), else its certificates; which box, in this order: the box whose own sources lie beside it, the box
 * whose name is in the certificate, the box that the file's name mentions; for an identity, a box that is new.
 * Identities go first, so that lists find the boxes that identities made. Where two places are left, the file is
 * not placed, and the reason is told.
 */

struct loose {
	struct cw_imported *imported;
	struct cw_error *error;
	size_t source;
	const char *shown;
	const struct cw_evidence_cert *certs;
	size_t count;
	struct cw_naming naming;
};

static bool not_placed(const struct loose *loose, const char *why)
{
	return cw_imported_not_placed(loose->imported, loose->source, why, loose->error);
}

static bool all_ca(const struct loose *loose)
{
	for (size_t i = 0; i < loose->count; i++)
		if (!cw_cert_is_ca(loose->certs[i].cert))
			return false;
	return true;
}

/* What the name does not say, the certificates may: a list holds CAs, an identity is none. */
static void tell_kind(struct loose *loose)
{
	const struct cw_evidence_source *source = &loose->imported->evidence->sources[loose->source];
	loose->naming = cw_naming_file(cw_evidence_name(source, false));
	if (loose->naming.is != CW_NAMING_NOTHING || !loose->count)
		return;
	if (all_ca(loose)) {
		loose->naming.is = loose->count > 1 ? CW_NAMING_STORE : CW_NAMING_NOTHING;
		loose->naming.store = CW_IMPORTED_TRUSTED_CA;
	}
}

static bool begin(struct cw_imported *imported, size_t source, struct loose *ret, struct cw_error *error)
{
	*ret = (struct loose){.imported = imported,
		.error = error,
		.source = source,
		.shown = cw_evidence_name(&imported->evidence->sources[source], true)};
	ret->certs = cw_evidence_certs_of(imported->evidence, source, &ret->count);
	if (!ret->count || ret->certs->place != CW_EVIDENCE_LOOSE)
		return false;
	tell_kind(ret);
	return true;
}

/* --- boxes --- */

/* Boxes whose name the certificate has; of several, the one that the file's name mentions. */
static size_t box_of_names(const struct loose *loose)
{
	size_t found = CW_IMPORTED_NONE;
	size_t mentioned = CW_IMPORTED_NONE;
	size_t count = 0;
	for (size_t i = 0; i < loose->imported->box_count; i++) {
		const char *fqdn = loose->imported->boxes[i].fqdn;
		if (!fqdn || !cw_naming_cert_has(loose->certs->cert, fqdn))
			continue;
		found = i;
		count++;
		if (cw_naming_mentions(loose->shown, fqdn))
			mentioned = i;
	}
	return count > 1 ? mentioned : found;
}

static size_t box_mentioned(const struct loose *loose)
{
	size_t found = CW_IMPORTED_NONE;
	for (size_t i = 0; i < loose->imported->box_count; i++) {
		const char *fqdn = loose->imported->boxes[i].fqdn;
		if (!fqdn || !cw_naming_mentions(loose->shown, fqdn))
			continue;
		if (found != CW_IMPORTED_NONE)
			return CW_IMPORTED_NONE;
		found = i;
	}
	return found;
}

/* Another loose identity of the same kind lies in the same folder: the folder is not one box's. */
static bool has_rival(const struct loose *loose)
{
	const struct cw_evidence *evidence = loose->imported->evidence;
	for (size_t i = 0; i < evidence->source_count; i++) {
		struct loose other;
		struct cw_error error;
		if (i == loose->source ||
			strcmp(evidence->sources[i].folder, evidence->sources[loose->source].folder) != 0)
			continue;
		if (begin(loose->imported, i, &other, &error) && other.naming.is == loose->naming.is &&
			other.naming.identity == loose->naming.identity &&
			!cw_cert_same(other.certs->cert, loose->certs->cert))
			return true;
	}
	return false;
}

/* Another loose certificate has this name, too. */
static bool is_shared(const struct loose *loose, const char *name)
{
	const struct cw_evidence *evidence = loose->imported->evidence;
	for (size_t i = 0; i < evidence->cert_count; i++) {
		const struct cw_evidence_cert *other = &evidence->certs[i];
		if (!cw_cert_same(other->cert, loose->certs->cert) && other->number == 1 &&
			!cw_cert_is_ca(other->cert) && other->place == CW_EVIDENCE_LOOSE &&
			other->source != loose->source && cw_naming_cert_has(other->cert, name))
			return true;
	}
	return false;
}

/*
 * Of the hosts in the certificate: the one that the path mentions; else the host that the path says by itself, which
 * the certificate then lacks; else one that no other identity has. A domain is no host, whatever mentions it: every
 * file of c2.acme.test mentions acme.test.
 */
static const char *choose_name(const struct loose *loose, char ret_path[CW_NAMING_HOST_SIZE])
{
	const struct cw_cert *cert = loose->certs->cert;
	const char *first = NULL, *unique = NULL, *name;
	for (size_t i = 0; (name = cw_naming_cert_host(cert, i)); i++) {
		if (cw_naming_is_domain_in(cert, name))
			continue;
		if (cw_naming_mentions(loose->shown, name))
			return name;
		first = first ? first : name;
		if (!unique && !is_shared(loose, name))
			unique = name;
	}
	if (cw_naming_path_host(loose->shown, cert, ret_path))
		return ret_path;
	return unique ? unique : first;
}

static bool make_box(const struct loose *loose, size_t *ret)
{
	char path[CW_NAMING_HOST_SIZE];
	const char *name = choose_name(loose, path);
	*ret = CW_IMPORTED_NONE;
	if (!name)
		return true;
	if (!cw_imported_add_box(loose->imported, ret, loose->error))
		return false;
	struct cw_imported_box *box = &loose->imported->boxes[*ret];
	box->fqdn = strdup(name);
	return box->fqdn
		? cw_imported_value_set(&box->name, name, loose->source, loose->certs->line, loose->error)
		: cw_error_memory(loose->error);
}

/* --- identities --- */

static bool names_a_host(const struct cw_cert *cert)
{
	const char *name;
	for (size_t i = 0; (name = cw_naming_cert_host(cert, i)); i++)
		if (!cw_naming_is_domain_in(cert, name))
			return true;
	return false;
}

/* A dump, an answer or a session of the box lies in the folder, and not loose certificates alone. */
static bool is_beside_own(const struct loose *loose, size_t box)
{
	const struct cw_evidence *evidence = loose->imported->evidence;
	for (size_t i = 0; i < evidence->source_count; i++) {
		struct loose other;
		if (loose->imported->source_box[i] == box &&
			strcmp(evidence->sources[i].folder, evidence->sources[loose->source].folder) == 0 &&
			!begin(loose->imported, i, &other, loose->error))
			return true;
	}
	return false;
}

/*
 * The box whose files share the folder. Where these are loose certificates as well, the folder may hold those of many
 * boxes: a certificate that names a host, and another one, is not of that box.
 */
static size_t box_of_folder(const struct loose *loose)
{
	size_t box = has_rival(loose) ? CW_IMPORTED_NONE : cw_merge_nearest(loose->imported, loose->source);
	if (box == CW_IMPORTED_NONE)
		return box;
	const char *fqdn = loose->imported->boxes[box].fqdn;
	bool fits =
		!names_a_host(loose->certs->cert) || (fqdn && cw_naming_cert_has(loose->certs->cert, fqdn));
	return fits || is_beside_own(loose, box) ? box : CW_IMPORTED_NONE;
}

/* The same certificate under a name that says what it is. */
static bool is_placed(const struct loose *loose)
{
	for (size_t i = 0; i < loose->imported->box_count; i++)
		for (unsigned kind = 0; kind < CW_IMPORTED_IDENTITIES; kind++) {
			const struct cw_imported_certs *certs = &loose->imported->boxes[i].identities[kind];
			if (certs->known && certs->count && cw_cert_same(certs->items[0], loose->certs->cert))
				return true;
		}
	return false;
}

/* No name says which identity it is; on an Expressway there is one. */
static bool guess_kind(struct loose *loose, size_t box)
{
	bool expressway = cw_naming_cert_is_edge(loose->certs->cert);
	if (box != CW_IMPORTED_NONE) {
		const struct cw_imported_box *at = &loose->imported->boxes[box];
		expressway |=
			at->stores[CW_IMPORTED_TRUSTED_CA].known || at->identities[CW_IMPORTED_SERVER].known;
	}
	enum cw_imported_role role = cw_naming_role(loose->shown);
	for (size_t i = 0; role == CW_IMPORTED_UNKNOWN && cw_naming_cert_host(loose->certs->cert, i); i++)
		role = cw_naming_role(cw_naming_cert_host(loose->certs->cert, i));
	if (role != CW_IMPORTED_C && role != CW_IMPORTED_E && !expressway)
		return false;
	loose->naming.is = CW_NAMING_IDENTITY;
	loose->naming.identity = CW_IMPORTED_SERVER;
	return true;
}

static bool place_identity(struct loose *loose)
{
	size_t box = box_of_folder(loose);
	if (loose->naming.is == CW_NAMING_NOTHING && is_placed(loose))
		return true;
	if (box == CW_IMPORTED_NONE)
		box = box_of_names(loose);
	if (box == CW_IMPORTED_NONE)
		box = box_mentioned(loose);
	if (loose->naming.is == CW_NAMING_NOTHING && !guess_kind(loose, box))
		return not_placed(loose,
			"a certificate of a host, and nothing says whether it is its server, tomcat or "
			"CallManager certificate; say so by its name (HOST_tomcat.pem)");
	if (box == CW_IMPORTED_NONE && !make_box(loose, &box))
		return false;
	if (box == CW_IMPORTED_NONE)
		return not_placed(loose, "no host name in the certificate, and none in the file's name");
	loose->imported->source_box[loose->source] = box;
	struct cw_merge_found found = {box, loose->source, loose->certs->line, loose->certs, loose->count};
	return cw_merge_set_identity(loose->imported, &found, loose->naming.identity, loose->error);
}

/* --- lists --- */

static bool suits(const struct cw_imported_box *box, enum cw_imported_store store)
{
	bool voice =
		box->identities[CW_IMPORTED_TOMCAT].known || box->identities[CW_IMPORTED_CALLMANAGER].known;
	return voice ? store != CW_IMPORTED_TRUSTED_CA
		     : store == CW_IMPORTED_TRUSTED_CA || !box->identities[CW_IMPORTED_SERVER].known;
}

static bool place_entries(struct loose *loose)
{
	size_t box = box_mentioned(loose);
	if (box == CW_IMPORTED_NONE)
		box = cw_merge_nearest(loose->imported, loose->source);
	if (box == CW_IMPORTED_NONE)
		return not_placed(loose,
			"a list of certificates, and nothing says of which box; put it into a folder with the "
			"box's certificate, or its name into the file's name");
	if (!suits(&loose->imported->boxes[box], loose->naming.store))
		return not_placed(loose,
			"a list of certificates beside a box that has no such list; name it tomcat-trust or "
			"CallManager-trust");
	loose->imported->source_box[loose->source] = box;
	struct cw_merge_found found = {box, loose->source, loose->certs->line, loose->certs, loose->count};
	return cw_merge_add_entries(
		loose->imported, &found, loose->naming.store, loose->naming.single, loose->error);
}

/* What a name says goes before what it does not say; whole lists go before single entries, which say nothing new where
 * the list is there. */
enum round { ROUND_IDENTITIES, ROUND_KINDLESS, ROUND_LISTS, ROUND_SINGLES };

static enum round round_of(const struct loose *loose)
{
	if (loose->naming.is == CW_NAMING_IDENTITY)
		return ROUND_IDENTITIES;
	if (loose->naming.is == CW_NAMING_NOTHING && !all_ca(loose))
		return ROUND_KINDLESS;
	return loose->naming.single ? ROUND_SINGLES : ROUND_LISTS;
}

static bool place(struct loose *loose, enum round round)
{
	if (round == ROUND_IDENTITIES || round == ROUND_KINDLESS)
		return place_identity(loose);
	if (loose->naming.is == CW_NAMING_NOTHING)
		return not_placed(loose, "a CA certificate, and nothing says in which list it stands");
	return place_entries(loose);
}

static bool place_all(struct cw_imported *imported, enum round round, struct cw_error *error)
{
	size_t identities = 0;
	for (size_t i = 0; i < imported->evidence->source_count; i++) {
		struct loose loose;
		if (!begin(imported, i, &loose, error) || round_of(&loose) != round)
			continue;
		bool many = round < ROUND_LISTS && ++identities > CW_MERGE_IDENTITIES_MAX;
		if (many ? !not_placed(&loose, "more than 1000 loose certificates; import them in parts")
			 : !place(&loose, round))
			return false;
	}
	return true;
}

/* --- CRLs --- */

static bool add_crl(
	struct cw_imported *imported, size_t box, const struct cw_evidence_crl *crl, struct cw_error *error)
{
	struct cw_imported_crls *crls = &imported->boxes[box].crls;
	if (!cw_memory_grow(&crls->items, &crls->capacity, crls->count, sizeof *crls->items))
		return cw_error_memory(error);
	crls->items[crls->count++] = cw_crl_ref(crl->crl);
	crls->source = crl->source;
	return true;
}

static bool place_crls(struct cw_imported *imported, struct cw_error *error)
{
	for (size_t i = 0; i < imported->evidence->crl_count; i++) {
		const struct cw_evidence_crl *crl = &imported->evidence->crls[i];
		struct loose loose = {.imported = imported,
			.shown = cw_evidence_name(&imported->evidence->sources[crl->source], true)};
		size_t box = imported->source_box[crl->source];
		if (box == CW_IMPORTED_NONE)
			box = box_mentioned(&loose);
		if (box == CW_IMPORTED_NONE)
			box = cw_merge_nearest(imported, crl->source);
		if (box != CW_IMPORTED_NONE ? !add_crl(imported, box, crl, error)
					    : !cw_imported_not_placed(imported, crl->source,
						      "a CRL, and nothing says on which box it is", error))
			return false;
	}
	return true;
}

bool cw_merge_loose(struct cw_imported *imported, struct cw_error *error)
{
	for (enum round round = ROUND_IDENTITIES; round <= ROUND_SINGLES; round++)
		if (!place_all(imported, round, error))
			return false;
	return place_crls(imported, error);
}
