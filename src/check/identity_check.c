#include "check/node_check.h"

#include "check/check.h"
#include "check/upload.h"

static bool is_expressway(const struct cw_node *node)
{
	return node->kind == CW_NODE_EXPRESSWAY_C || node->kind == CW_NODE_EXPRESSWAY_E;
}

/* One certificate as tomcat and as callmanager is examined as one: what it is by itself is told of the first. */
static bool is_told(const struct cw_node_checking *checking, enum cw_identity_kind kind, enum cw_code code)
{
	const struct cw_identity *identities = checking->node->identities;
	if (code != CW_EXPIRES_SOON || is_expressway(checking->node))
		return false;
	for (unsigned earlier = 0; earlier < (unsigned)kind; earlier++)
		if (identities[earlier].state == CW_KNOWN &&
			cw_cert_same(identities[earlier].leaf, identities[kind].leaf))
			return true;
	return false;
}

/* What the upload page would say becomes a complaint of the node about itself. */
static bool complain(
	const struct cw_node_checking *checking, enum cw_identity_kind kind, struct cw_findings *from)
{
	for (size_t i = 0; i < from->count; i++) {
		if (is_told(checking, kind, from->items[i].code))
			continue;
		struct cw_complaint *complaint =
			cw_check_complaints_take(checking->complaints, &from->items[i]);
		if (!complaint)
			return cw_error_memory(checking->error);
		enum cw_code code = complaint->finding.code;
		bool about_list = cw_check_code_is_about_list(code);
		complaint->judge = checking->node->fqdn;
		complaint->judge_node = checking->node;
		complaint->store = about_list ? cw_node_store_name(cw_upload_store(checking->node, kind))
					      : cw_node_identity_name(kind);
		if (!about_list)
			complaint->vendor_text =
				cw_node_check_vendor_text(checking->node, code, complaint->store);
	}
	return true;
}

static struct cw_upload upload_of(const struct cw_node_checking *checking, enum cw_identity_kind kind)
{
	const struct cw_identity *identity = &checking->node->identities[kind];
	size_t extra = cw_node_sends_file(checking->node) ? 0 : identity->extra;
	const struct cw_cert *first = NULL;
	if (identity->leaf_number > 1 && identity->extra)
		first = identity->others[0];
	return (struct cw_upload){
		.deployment = checking->check->deployment,
		.node = checking->node,
		.kind = kind,
		.leaf = identity->leaf,
		.path = identity->path,
		.format = identity->format,
		.extra = extra,
		.leaf_number = identity->leaf_number,
		.first = first,
		.key = identity->key,
		.key_path = identity->key_path,
		.at = checking->options->at,
		.cache = checking->options->cache,
	};
}

/* A client store is there from X15.5 on; before that, the file is not in use. */
static bool in_use(const struct cw_node *node, enum cw_identity_kind kind)
{
	if (node->identities[kind].state != CW_KNOWN)
		return false;
	bool expressway_client = kind == CW_IDENTITY_CLIENT && is_expressway(node);
	return !expressway_client || cw_release_row(node->group->release)->client_store;
}

bool cw_node_check_identities(const struct cw_node_checking *checking)
{
	for (unsigned i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		enum cw_identity_kind kind = (enum cw_identity_kind)i;
		AUTO_FINDINGS findings = {0};
		if (!in_use(checking->node, kind))
			continue;
		const struct cw_upload upload = upload_of(checking, kind);
		if (!cw_upload_check(&upload, &findings, checking->error) ||
			!complain(checking, kind, &findings))
			return false;
	}
	return true;
}
