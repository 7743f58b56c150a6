#include "check/upload.h"

#include "check/check.h"
#include "check/node_check.h"
#include "check/question.h"

static bool is_expressway(const struct cw_node *node)
{
	return node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E;
}

static bool is_uc(const struct cw_node *node)
{
	return node->kind == CW_NODE_CUCM || node->kind == CW_NODE_IMP || node->kind == CW_NODE_UNITY;
}

/* A finding about the file; whoever adds one looks at `failed` in the end. */
static struct cw_finding *add(const struct cw_upload *upload, struct cw_findings *ret, enum cw_code code)
{
	struct cw_finding *finding = cw_findings_add(ret, code, 0, upload->leaf);
	if (finding)
		finding->layer = CW_LAYER_FILE;
	return finding;
}

/* "tomcat", or "tomcat and callmanager" of a node where one certificate is both (CUCM 14: reuse). */
static void add_uses(const struct cw_upload *upload, struct cw_buffer *ret)
{
	size_t count = 0;
	for (unsigned kind = 0; !upload->gate && kind < CW_IDENTITY_KIND_COUNT; kind++) {
		const struct cw_identity *identity = &upload->node->identities[kind];
		if (identity->state == CW_KNOWN && cw_cert_same(identity->leaf, upload->leaf))
			cw_buffer_printf(ret, "%s%s", count++ ? " and " : "",
				cw_node_identity_name((enum cw_identity_kind)kind));
	}
	if (!count)
		cw_buffer_text(ret, cw_node_identity_name(upload->kind));
}

static void check_end(const struct cw_upload *upload, struct cw_findings *ret)
{
	cw_time left = cw_cert_not_after(upload->leaf) - upload->at;
	if (left < 0 || left > cw_node_check_warn_before(upload->leaf))
		return; /* expired: every link that uses it says so */
	char date[CW_TIME_TEXT_SIZE];
	AUTO_BUFFER uses = {0};
	add_uses(upload, &uses);
	ret->failed |= uses.failed;
	cw_finding_detail(ret, add(upload, ret, CW_EXPIRES_SOON),
		"the %s certificate expires on %s, in %lld days", cw_buffer_string(&uses),
		cw_time_format_date(cw_cert_not_after(upload->leaf), date), (long long)(left / CW_DAY));
}

/* Any node: what the file is, whether the key fits, how long it lasts. */
static void check_file(const struct cw_upload *upload, struct cw_findings *ret)
{
	const char *name = cw_node_identity_name(upload->kind);
	if (upload->format != CW_FORMAT_PEM)
		cw_finding_detail(ret, add(upload, ret, CW_NOT_PEM),
			"%s is %s; the upload page wants PEM (Base-64)", upload->path,
			cw_bundle_format_name(upload->format));
	if (upload->extra)
		cw_finding_detail(ret, add(upload, ret, CW_EXTRA_CERTIFICATES),
			"%s holds %zu more certificate%s beside the leaf; they are not installed",
			upload->path, upload->extra, upload->extra == 1 ? "" : "s");
	if (upload->format == CW_FORMAT_PEM && upload->leaf_number > 1)
		cw_finding_detail(ret, add(upload, ret, CW_KEY_MISMATCH),
			"%s begins with a CA certificate (%s); the %s certificate is number %zu in it: put it first "
			"(causeway cert split %s)",
			upload->path, upload->first ? cw_cert_label(upload->first) : "another", name,
			upload->leaf_number, upload->path);
	if (upload->key == CW_KEY_DIFFERS)
		cw_finding_detail(ret, add(upload, ret, CW_KEY_MISMATCH),
			"the key in %s is not the key of the certificate in %s",
			upload->key_path ? upload->key_path : upload->path, upload->path);
	check_end(upload, ret);
}

bool cw_node_check_upload_wants_client(const struct cw_node *node)
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

/* rules 11: "EKU: none at all means any purpose in a handshake (the upload page still refuses
 * it)". */
static void check_eku(const struct cw_upload *upload, struct cw_findings *ret)
{
	const struct cw_eku *eku = cw_cert_eku(upload->leaf);
	const char *name = cw_node_identity_name(upload->kind),
		   *found = eku->present ? "" : ": it has no extended key usage at all";
	bool server = upload->kind == CW_IDENTITY_SERVER;
	bool client = !server || cw_node_check_upload_wants_client(upload->node);
	if (server && !eku->server_auth)
		cw_finding_detail(ret, add(upload, ret, CW_SERVER_AUTH_MISSING),
			"the upload page refuses a %s certificate without serverAuth%s", name, found);
	if (client && !eku->client_auth)
		cw_finding_detail(ret, add(upload, ret, CW_CLIENT_AUTH_MISSING),
			"the upload page refuses a %s certificate without clientAuth%s", name, found);
}

enum cw_store_kind cw_upload_store(const struct cw_node *node, enum cw_identity_kind kind)
{
	if (is_expressway(node) || node->kind == CW_NODE_FRONT)
		return CW_STORE_TRUSTED_CA;
	return kind == CW_IDENTITY_CALLMANAGER || kind == CW_IDENTITY_CALLMANAGER_ECDSA
		? CW_STORE_CALLMANAGER_TRUST
		: CW_STORE_TOMCAT_TRUST;
}

/* The same CA stands in the list twice, the older certificate first: it is there, and entry-expired says the
 * rest. */
static bool is_older_self(const struct cw_finding *finding)
{
	return finding->code == CW_ISSUER_SHADOWED && finding->better &&
		cw_cert_same_key(finding->cert, finding->better);
}

/* the Expressway troubleshooting guide: "Before you upload a server certificate, the server must trust all CA certificates in the chain."
 */
static bool check_own_chain(const struct cw_upload *upload, struct cw_findings *ret, struct cw_error *error)
{
	const struct cw_store *store = &upload->node->stores[cw_upload_store(upload->node, upload->kind)];
	if (store->state != CW_KNOWN)
		return true;
	struct cw_cert *leaf = upload->leaf;
	struct cw_judge_question question = {
		.chain = &leaf,
		.chain_count = 1,
		.list = &store->list,
		.profile = is_expressway(upload->node) ? CW_PROFILE_EXPRESSWAY : CW_PROFILE_RFC5280,
		.at = upload->at,
		.known = upload->deployment->pool,
		.cache = upload->cache,
	};
	AUTO_JUDGEMENT judgement = {0};
	if (!cw_question_ask_alone(CW_ALONE_UPLOAD, &question, &judgement, error))
		return false;
	for (size_t i = 0; i < judgement.findings.count; i++) {
		struct cw_finding *finding = &judgement.findings.items[i];
		if ((!upload->gate && !cw_check_code_is_about_list(finding->code)) || is_older_self(finding))
			continue;
		finding->layer = CW_LAYER_FILE;
		/* the MRA certificates guide: CUCM accepts more; but its page wants the CA in the trust store first (the API: 400) */
		if (!is_expressway(upload->node) && finding->severity == CW_SEVERITY_REFUSED &&
			!(upload->gate && cw_check_code_is_about_list(finding->code)))
			cw_finding_severity(finding, CW_SEVERITY_WARN);
		if (!cw_findings_adopt(ret, finding))
			return cw_error_memory(error);
	}
	return true;
}

bool cw_upload_check(const struct cw_upload *upload, struct cw_findings *ret, struct cw_error *error)
{
	check_file(upload, ret);
	if ((is_expressway(upload->node) || upload->gate) && !check_own_chain(upload, ret, error))
		return false;
	if (upload->gate && is_uc(upload->node))
		cw_upload_check_wildcard(upload, ret);
	if (!is_expressway(upload->node))
		return cw_findings_ok(ret, error);
	check_eku(upload, ret);
	return cw_upload_check_names(upload, ret, error);
}
