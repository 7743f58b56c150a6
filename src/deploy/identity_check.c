#include "deploy/node_check.h"

#include "deploy/complaint.h"
#include "deploy/required_names.h"
#include "trust/names.h"

#include <string.h>
#include <strings.h>

#define EXPIRES_SOON (30 * CW_DAY) /* design.md §5 rule 10 */

static bool is_expressway(const struct cw_node *node)
{
	return node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E;
}

/* Any node: what the file is, whether the key fits, how long it lasts. */
static bool check_file(const struct cw_node_checking *checking, enum cw_identity_kind kind)
{
	const struct cw_identity *identity = &checking->node->identities[kind];
	const char *name = cw_identity_name(kind);
	struct cw_cert *leaf = identity->leaf;
	if (identity->format != CW_FORMAT_PEM &&
		!cw_node_complain(checking, CW_NOT_PEM, name, leaf,
			"%s is %s; the upload page wants PEM (Base-64)", identity->path,
			cw_format_name(identity->format)))
		return false;
	if (identity->extra &&
		!cw_node_complain(checking, CW_EXTRA_CERTIFICATES, name, leaf,
			"%s holds %zu more certificate%s behind the leaf; they are not installed",
			identity->path, identity->extra, identity->extra == 1 ? "" : "s"))
		return false;
	if (identity->key == CW_KEY_DIFFERS &&
		!cw_node_complain(checking, CW_KEY_MISMATCH, name, leaf,
			"the key in %s is not the key of the certificate in %s",
			identity->key_path ? identity->key_path : identity->path, identity->path))
		return false;
	cw_time left = cw_cert_not_after(leaf) - checking->options->at;
	if (left < 0 || left > EXPIRES_SOON)
		return true; /* expired: every link that uses it says so */
	char date[CW_TIME_TEXT_SIZE];
	return cw_node_complain(checking, CW_EXPIRES_SOON, name, leaf,
		"the %s certificate expires on %s, in %lld days", name,
		cw_time_format_date(cw_cert_not_after(leaf), date), (long long)(left / CW_DAY));
}

bool cw_identity_upload_wants_client(const struct cw_node *node)
{
	switch (cw_release_row(node->group->release)->upload) {
	case CW_UPLOAD_BOTH:
		return true;
	case CW_UPLOAD_BOTH_UNLESS_ENABLED_ON_E:
		return !(node->kind == CW_NODE_EXPRESSWAY_E && node->group->server_eku_upload);
	case CW_UPLOAD_SERVER:
		return false;
	}
	return true;
}

/* design.md §5 rule 11: "EKU: none at all means any purpose in a handshake (the upload page still refuses
 * it)". */
static bool check_eku(const struct cw_node_checking *checking, enum cw_identity_kind kind)
{
	struct cw_cert *leaf = checking->node->identities[kind].leaf;
	const struct cw_eku *eku = cw_cert_eku(leaf);
	const char *name = cw_identity_name(kind),
		   *found = eku->present ? "" : ": it has no extended key usage at all";
	bool server = kind == CW_IDENTITY_SERVER;
	bool client = !server || cw_identity_upload_wants_client(checking->node);
	if (server && !eku->server_auth &&
		!cw_node_complain(checking, CW_SERVER_AUTH_MISSING, name, leaf,
			"the upload page refuses a %s certificate without serverAuth%s", name, found))
		return false;
	return !client || eku->client_auth ||
		cw_node_complain(checking, CW_CLIENT_AUTH_MISSING, name, leaf,
			"the upload page refuses a %s certificate without clientAuth%s", name, found);
}

/* The same CA stands in the list twice, the older certificate first: it is there, and entry-expired says the
 * rest. */
static bool is_older_self(const struct cw_finding *finding)
{
	return finding->code == CW_ISSUER_SHADOWED && finding->better &&
		cw_cert_same_key(finding->cert, finding->better);
}

/* seed 003: "Before you upload a server certificate, the server must trust all CA certificates in the chain."
 */
static bool check_own_chain(const struct cw_node_checking *checking, enum cw_identity_kind kind)
{
	const struct cw_store *store = &checking->node->stores[CW_STORE_TRUSTED_CA];
	if (store->state != CW_KNOWN)
		return true;
	struct cw_cert *leaf = checking->node->identities[kind].leaf;
	struct cw_question question = {
		.chain = &leaf,
		.chain_count = 1,
		.list = &store->list,
		.profile = CW_PROFILE_EXPRESSWAY,
		.purpose = CW_PURPOSE_ANY,
		.at = checking->options->at,
		.known = checking->check->deployment->pool,
		.cache = checking->options->cache,
	};
	AUTO_JUDGEMENT judgement = {0};
	if (!cw_judge(&question, &judgement, checking->error))
		return false;
	for (size_t i = 0; i < judgement.findings.count; i++) {
		struct cw_finding *finding = &judgement.findings.items[i];
		if (!cw_code_is_about_list(finding->code) || is_older_self(finding))
			continue;
		struct cw_complaint *complaint = cw_complaints_take(checking->complaints, finding);
		if (!complaint)
			return cw_error_memory(checking->error);
		complaint->finding.layer = CW_LAYER_FILE;
		complaint->judge = checking->node->fqdn;
		complaint->judge_node = checking->node;
		complaint->store = cw_store_name(CW_STORE_TRUSTED_CA);
	}
	return true;
}

/* The first needed name that no name but a wildcard stands for, or NULL. */
static const char *needs_wildcard(const struct cw_cert *leaf, const struct cw_required_names *names)
{
	const struct cw_name_rule rule = {.san_is_cut = true};
	for (size_t i = 0; i < names->count; i++) {
		const struct cw_required_name *wanted = &names->items[i];
		enum cw_name_match match = cw_name_find(leaf, wanted->name, rule), other = CW_NAME_NONE;
		if (wanted->alternative)
			other = cw_name_find(leaf, wanted->alternative, rule);
		bool wildcard = match == CW_NAME_WILDCARD || other == CW_NAME_WILDCARD;
		if (wildcard && match != CW_NAME_EXACT && other != CW_NAME_EXACT)
			return match == CW_NAME_WILDCARD ? wanted->name : wanted->alternative;
	}
	return NULL;
}

/* The seed's wildcard sentence: refused where the CN, or the only match for a needed name, is one (design.md
 * §5 rule 8). */
static bool check_wildcard(const struct cw_node_checking *checking, enum cw_identity_kind kind,
	const struct cw_required_names *names)
{
	struct cw_cert *leaf = checking->node->identities[kind].leaf;
	const struct cw_sans *sans = cw_cert_sans(leaf);
	const char *common_name = cw_cert_common_name(leaf), *wildcard = NULL;
	bool refused = common_name && common_name[0] == '*';
	if (refused)
		wildcard = common_name;
	for (size_t i = 0; i < sans->count && !wildcard; i++)
		if (sans->items[i].kind == CW_SAN_DNS && sans->items[i].text[0] == '*')
			wildcard = sans->items[i].text;
	if (!wildcard)
		return true;
	const char *needed = needs_wildcard(leaf, names);
	struct cw_complaint *complaint = cw_node_complain(checking, CW_WILDCARD_NAME, cw_identity_name(kind),
		leaf, "the certificate bears %s%s%s", wildcard, needed ? ", the only match for " : "",
		needed ? needed : "");
	if (!complaint)
		return false;
	if (refused || needed)
		cw_finding_severity(&complaint->finding, CW_SEVERITY_REFUSED);
	return true;
}

static bool check_required(
	const struct cw_node_checking *checking, struct cw_cert *leaf, const struct cw_required_names *names)
{
	const struct cw_name_rule rule = {.san_is_cut = true};
	for (size_t i = 0; i < names->count; i++) {
		const struct cw_required_name *wanted = &names->items[i];
		if (wanted->missing == CW_PHONE_PROFILE_MISSING)
			continue; /* a link finding: sip-out says it */
		if (cw_name_found(cw_name_find(leaf, wanted->name, rule)) ||
			(wanted->alternative && cw_name_found(cw_name_find(leaf, wanted->alternative, rule))))
			continue;
		struct cw_complaint *complaint = cw_node_complain(checking, wanted->missing, "server", leaf,
			"wanted %s%s%s among the names (%s)", wanted->name, wanted->alternative ? " or " : "",
			wanted->alternative ? wanted->alternative : "", wanted->reason);
		if (!complaint)
			return false;
		complaint->finding.name = strdup(wanted->name);
		if (!complaint->finding.name)
			return cw_error_memory(checking->error);
	}
	return true;
}

/* seed 000: a missing CN; 999 characters of names. */
static bool check_name_form(const struct cw_node_checking *checking, enum cw_identity_kind kind)
{
	struct cw_cert *leaf = checking->node->identities[kind].leaf;
	if (!cw_cert_common_name(leaf) &&
		!cw_node_complain(checking, CW_COMMON_NAME_MISSING, cw_identity_name(kind), leaf,
			"the subject %s has no common name", cw_cert_subject_text(leaf)))
		return false;
	size_t length = cw_cert_sans(leaf)->text_length;
	return length <= CW_SAN_CHARACTERS_MAX ||
		cw_node_complain(checking, CW_SAN_TOO_LONG, cw_identity_name(kind), leaf,
			"the names are %zu characters long; what stands behind character %d is ignored",
			length, CW_SAN_CHARACTERS_MAX);
}

/* seed 000: the cluster FQDN as CN. */
static bool check_cluster_name(const struct cw_node_checking *checking)
{
	struct cw_cert *leaf = checking->node->identities[CW_IDENTITY_SERVER].leaf;
	const char *common_name = cw_cert_common_name(leaf), *cluster = checking->node->group->cluster;
	return !common_name || !cluster || strcasecmp(common_name, cluster) == 0 ||
		cw_node_complain(checking, CW_CLUSTER_CN_DIFFERS, "server", leaf,
			"the common name is %s; the cluster FQDN is %s", common_name, cluster);
}

/* What an Expressway shows as server, and from X15.5 on as client. The set of names is the server's. */
static bool check_names(const struct cw_node_checking *checking, enum cw_identity_kind kind)
{
	struct cw_cert *leaf = checking->node->identities[kind].leaf;
	AUTO_REQUIRED_NAMES names = {0};
	if (cw_cert_is_temporary(leaf) &&
		!cw_node_complain(checking, CW_TEMPORARY_CERTIFICATE, cw_identity_name(kind), leaf,
			"%s is the temporary certificate of a new box", cw_cert_subject_text(leaf)))
		return false;
	if (!cw_required_names_of(checking->check->deployment, checking->node, &names, checking->error) ||
		!check_name_form(checking, kind))
		return false;
	if (kind == CW_IDENTITY_SERVER &&
		(!check_cluster_name(checking) || !check_required(checking, leaf, &names)))
		return false;
	return check_wildcard(checking, kind, &names);
}

/* A client store is there from X15.5 on; before that, the file is not in use. */
static bool in_use(const struct cw_node *node, enum cw_identity_kind kind)
{
	if (node->identities[kind].state != CW_KNOWN)
		return false;
	bool expressway_client = kind == CW_IDENTITY_CLIENT && is_expressway(node);
	return !expressway_client || cw_release_row(node->group->release)->client_store;
}

bool cw_identity_check(const struct cw_node_checking *checking)
{
	for (unsigned i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		enum cw_identity_kind kind = (enum cw_identity_kind)i;
		if (!in_use(checking->node, kind))
			continue;
		if (!check_file(checking, kind))
			return false;
		if (is_expressway(checking->node) &&
			(!check_own_chain(checking, kind) || !check_eku(checking, kind) ||
				!check_names(checking, kind)))
			return false;
	}
	return true;
}
