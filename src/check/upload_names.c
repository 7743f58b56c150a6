#include "check/upload.h"
#include "model/required_names.h"
#include "trust/names.h"

#include <string.h>
#include <strings.h>

static struct cw_finding *add(const struct cw_upload *upload, struct cw_findings *ret, enum cw_code code)
{
	struct cw_finding *finding = cw_findings_add(ret, code, 0, upload->leaf);
	if (finding)
		finding->layer = CW_LAYER_FILE;
	return finding;
}

static const char *first_wildcard(const struct cw_sans *sans)
{
	for (size_t i = 0; i < sans->count; i++)
		if (sans->items[i].kind == CW_SAN_DNS && sans->items[i].text[0] == '*')
			return sans->items[i].text;
	return NULL;
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
static void check_wildcard(
	const struct cw_upload *upload, const struct cw_required_names *names, struct cw_findings *ret)
{
	const char *common_name = cw_cert_common_name(upload->leaf);
	bool refused = common_name && common_name[0] == '*';
	const char *wildcard = refused ? common_name : first_wildcard(cw_cert_sans(upload->leaf));
	if (!wildcard)
		return;
	const char *needed = needs_wildcard(upload->leaf, names);
	struct cw_finding *finding = add(upload, ret, CW_WILDCARD_NAME);
	if (needed)
		cw_finding_detail(
			ret, finding, "the certificate bears %s, the only match for %s", wildcard, needed);
	else
		cw_finding_detail(ret, finding, "the certificate bears %s", wildcard);
	if (refused || needed)
		cw_finding_severity(finding, CW_SEVERITY_REFUSED);
}

/* CUCM's certificate pages know one name or several (multi-server), and no pattern. */
void cw_upload_check_wildcard(const struct cw_upload *upload, struct cw_findings *ret)
{
	const char *common_name = cw_cert_common_name(upload->leaf);
	const char *wildcard = common_name && common_name[0] == '*'
		? common_name
		: first_wildcard(cw_cert_sans(upload->leaf));
	if (!wildcard)
		return;
	struct cw_finding *finding = add(upload, ret, CW_WILDCARD_NAME);
	cw_finding_detail(ret, finding,
		"the certificate bears %s, and this page takes no wildcard certificate: one with the names of the "
		"nodes, each by itself, does (multi-server SAN)",
		wildcard);
	cw_finding_severity(finding, CW_SEVERITY_REFUSED);
}

static void check_required(
	const struct cw_upload *upload, const struct cw_required_names *names, struct cw_findings *ret)
{
	const struct cw_name_rule rule = {.san_is_cut = true};
	for (size_t i = 0; i < names->count; i++) {
		const struct cw_required_name *wanted = &names->items[i];
		if (wanted->missing == CW_PHONE_PROFILE_MISSING && !upload->gate)
			continue; /* a link finding: sip-out says it */
		if (cw_name_found(cw_name_find(upload->leaf, wanted->name, rule)) ||
			(wanted->alternative &&
				cw_name_found(cw_name_find(upload->leaf, wanted->alternative, rule))))
			continue;
		struct cw_finding *finding = add(upload, ret, wanted->missing);
		if (wanted->alternative)
			cw_finding_detail(ret, finding, "wanted %s or %s among the names (%s)", wanted->name,
				wanted->alternative, wanted->reason);
		else
			cw_finding_detail(
				ret, finding, "wanted %s among the names (%s)", wanted->name, wanted->reason);
		cw_finding_name(ret, finding, wanted->name);
		/* Older guides want it on C; since X12.5 the table of names does not (X15.4 certificate guide) */
		if (wanted->missing == CW_DOMAIN_MISSING && upload->node->kind == CW_NODE_EXPRESSWAY_C)
			cw_finding_severity(finding, CW_SEVERITY_INFO);
		else if (upload->gate) /* the page does not look for names: links do */
			cw_finding_severity(finding, CW_SEVERITY_WARN);
	}
}

/* the MRA certificates guide: a missing CN; 999 characters of names. */
static void check_name_form(const struct cw_upload *upload, struct cw_findings *ret)
{
	struct cw_cert *leaf = upload->leaf;
	if (!cw_cert_common_name(leaf))
		cw_finding_detail(ret, add(upload, ret, CW_COMMON_NAME_MISSING),
			"the subject %s has no common name", cw_cert_subject_text(leaf));
	size_t length = cw_cert_sans(leaf)->text_length;
	if (length > CW_SAN_CHARACTERS_MAX)
		cw_finding_detail(ret, add(upload, ret, CW_SAN_TOO_LONG),
			"the names are %zu characters long; what stands behind character %d is ignored",
			length, CW_SAN_CHARACTERS_MAX);
}

/* the MRA certificates guide: the cluster FQDN as CN. */
static void check_cluster_name(const struct cw_upload *upload, struct cw_findings *ret)
{
	const char *common_name = cw_cert_common_name(upload->leaf), *cluster = upload->node->group->cluster;
	if (common_name && cluster && strcasecmp(common_name, cluster) != 0)
		cw_finding_detail(ret, add(upload, ret, CW_CLUSTER_CN_DIFFERS),
			"the common name is %s; the cluster FQDN is %s", common_name, cluster);
}

/* What an Expressway shows as server, and from X15.5 on as client. The set of names is the server's. */
bool cw_upload_check_names(const struct cw_upload *upload, struct cw_findings *ret, struct cw_error *error)
{
	AUTO_REQUIRED_NAMES names = {0};
	if (cw_cert_is_temporary(upload->leaf))
		cw_finding_detail(ret, add(upload, ret, CW_TEMPORARY_CERTIFICATE),
			"%s is the temporary certificate of a new box", cw_cert_subject_text(upload->leaf));
	if (!cw_required_names_of(upload->deployment, upload->node, &names, error))
		return false;
	check_name_form(upload, ret);
	if (upload->kind == CW_IDENTITY_SERVER) {
		check_cluster_name(upload, ret);
		check_required(upload, &names, ret);
	}
	check_wildcard(upload, &names, ret);
	return cw_findings_ok(ret, error);
}
