#include "node/work/work_identity.h"

#include "node/work/work_apply.h"
#include "node/work/work_do.h"
#include "node/work/work_json.h"
#include "pki/request.h"
#include "trust/send.h"
#include "workbench/list/list.h"
#include "workbench/pending.h"
#include "workbench/request_spec.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

const char *cw_work_identity_name(enum cw_identity_kind kind)
{
	static const char *const names[] = {[CW_IDENTITY_SERVER] = "server",
		[CW_IDENTITY_CLIENT] = "client",
		[CW_IDENTITY_TOMCAT] = "tomcat",
		[CW_IDENTITY_CALLMANAGER] = "CallManager",
		[CW_IDENTITY_TOMCAT_ECDSA] = "tomcat-ECDSA",
		[CW_IDENTITY_CALLMANAGER_ECDSA] = "CallManager-ECDSA"};
	return names[kind];
}

const char *cw_work_identity_store_name(enum cw_store_kind kind)
{
	return kind == CW_STORE_CALLMANAGER_TRUST ? "CallManager-trust" : cw_node_store_name(kind);
}

bool cw_work_identity_named(
	struct cw_work_call *call, const struct cw_node *node, const char *name, enum cw_identity_kind *ret)
{
	for (unsigned i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (strcasecmp(name, cw_node_identity_name((enum cw_identity_kind)i)) == 0)
			name = cw_node_identity_name((enum cw_identity_kind)i);
	return cw_node_files_choose_identity(node, name, ret, call->error) ||
		cw_work_call_failed(call, 404, "The page of the certificates names those there are.");
}

bool cw_work_identity_choose(
	struct cw_work_call *call, const struct cw_node *node, enum cw_identity_kind *ret)
{
	const char *name;
	return cw_work_call_want(call, "identity", &name) && cw_work_identity_named(call, node, name, ret);
}

static bool replace(char **place, const char *text)
{
	free(*place);
	*place = text ? strdup(text) : NULL;
	return *place;
}

/* The file verbs have one request a node: the first identity's. */
static bool own_request(const struct cw_node *node, enum cw_identity_kind kind, struct cw_node_files *files)
{
	static const char *const endings[] = {".csr", ".csr.key", ".discarded"};
	char **const places[] = {&files->csr, &files->csr_key, &files->discarded};
	for (size_t i = 0; i < 3; i++) {
		AUTO_BUFFER path = {0};
		cw_buffer_printf(&path, "%s/%s-%s%s", files->folder, node->fqdn, cw_work_identity_name(kind),
			endings[i]);
		if (path.failed || !replace(places[i], cw_buffer_string(&path)))
			return false;
	}
	return true;
}

bool cw_work_identity_files(struct cw_work_call *call, const struct cw_snapshot *snapshot,
	enum cw_identity_kind kind, struct cw_node_files *ret)
{
	const struct cw_node *node = snapshot->node;
	const struct cw_identity *identity = &node->identities[kind];
	bool first = kind == CW_IDENTITY_SERVER || kind == CW_IDENTITY_TOMCAT;
	bool both = !cw_node_is_expressway(node) || (identity->path && !identity->key_path);
	if (!cw_node_files_find(snapshot->file->deployment, node, kind, ret, call->error))
		return false;
	if ((!first && !own_request(node, kind, ret)) || (both && !replace(&ret->key, ret->certificate)))
		return cw_work_call_memory(call);
	return true;
}

json_t *cw_work_identity_request(const struct cw_node_files *files)
{
	AUTO(cw_request_free) struct cw_request *request = NULL;
	struct cw_error ignored;
	const char *slash = strrchr(files->csr, '/');
	if (!cw_pending_exists(files) || !cw_request_read(files->csr, &request, &ignored))
		return json_null();
	return cw_work_json_request(request, slash ? slash + 1 : files->csr);
}

/* --- stores --- */

bool cw_work_identity_store_named(
	struct cw_work_call *call, const struct cw_node *node, const char *name, enum cw_store_kind *ret)
{
	bool expressway = cw_node_is_expressway(node);
	for (unsigned i = 0; i < CW_STORE_TRUST; i++)
		if (strcasecmp(name, cw_node_store_name((enum cw_store_kind)i)) == 0 &&
			(i == CW_STORE_TRUSTED_CA) == expressway) {
			*ret = (enum cw_store_kind)i;
			return true;
		}
	return cw_work_call_refuse(call, 404, NULL, "store: wanted %s, found \"%.60s\"",
		expressway ? "trusted-ca" : "tomcat-trust or CallManager-trust", name);
}

bool cw_work_identity_store(struct cw_work_call *call, const struct cw_node *node, enum cw_store_kind *ret)
{
	const char *name;
	if (!cw_work_call_text(call, "store", &name))
		return false;
	if (!name && cw_node_is_expressway(node))
		name = "trusted-ca";
	if (!name)
		return cw_work_call_want(call, "store", &name);
	return cw_work_identity_store_named(call, node, name, ret);
}

bool cw_work_identity_list(struct cw_work_call *call, const struct cw_snapshot *snapshot,
	enum cw_store_kind kind, struct cw_list *ret)
{
	AUTO_BUFFER word = {0};
	cw_buffer_printf(&word, "%s:%s", snapshot->node->fqdn, cw_node_store_name(kind));
	if (word.failed)
		return cw_work_call_memory(call);
	return cw_list_open_store(snapshot->file->deployment, cw_buffer_string(&word), snapshot->pool, ret,
		       call->error) ||
		cw_work_call_failed(call, 409, "Name a file for this list in node.yaml.");
}

/* --- the page --- */

static json_t *names_of(struct cw_work_call *call, enum cw_identity_kind kind)
{
	const struct cw_snapshot *snapshot = call->core->snapshot;
	const struct cw_request_spec_options options = {0};
	AUTO_REQUEST_SPEC spec = {0};
	struct cw_error ignored;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *names = json_array();
	if (!cw_request_spec_make(
		    snapshot->file->deployment, snapshot->node, kind, &options, &spec, &ignored))
		return TAKE(names);
	for (size_t i = 0; i < spec.count; i++) {
		json_t *row = json_object();
		cw_json_put(&json, row, "name", cw_json_text(spec.names[i].name));
		cw_json_put(&json, row, "reason", cw_json_text(spec.names[i].reason));
		cw_json_add(&json, names, row);
	}
	return json.failed ? NULL : TAKE(names);
}

static json_t *identities_of(const struct cw_node *node)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *names = json_array();
	for (unsigned i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		enum cw_identity_kind kind;
		struct cw_error ignored;
		if (cw_node_files_choose_identity(
			    node, cw_node_identity_name((enum cw_identity_kind)i), &kind, &ignored))
			cw_json_add(&json, names, cw_json_text(cw_work_identity_name(kind)));
	}
	return json.failed ? NULL : TAKE(names);
}

/* What is sent behind the leaf: the file's, or issuers out of the own list. */
static json_t *chain_of(const struct cw_node *node, enum cw_identity_kind kind, cw_time now)
{
	const struct cw_identity *identity = &node->identities[kind];
	const struct cw_store *store =
		&node->stores[cw_node_is_expressway(node) ? CW_STORE_TRUSTED_CA : CW_STORE_TOMCAT_TRUST];
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	enum cw_profile profile = cw_node_is_expressway(node) ? CW_PROFILE_EXPRESSWAY : CW_PROFILE_RFC5280;
	size_t count = 0;
	if (cw_node_sends_file(node))
		return cw_work_json_certs(identity->others, identity->extra, now);
	if (identity->leaf && node->sends != CW_SENDS_LEAF)
		count = cw_send_chain(identity->leaf, &store->list, profile, chain);
	return cw_work_json_certs(chain + 1, count ? count - 1 : 0, now);
}

bool cw_work_do_identity(struct cw_work_call *call)
{
	const struct cw_snapshot *snapshot = call->core->snapshot;
	enum cw_identity_kind kind;
	AUTO_NODE_FILES files = {0};
	AUTO_BUFFER restart = {0};
	cw_time now = cw_time_now();
	if (!cw_work_identity_choose(call, snapshot->node, &kind) ||
		!cw_work_identity_files(call, snapshot, kind, &files))
		return false;
	const struct cw_identity *identity = &snapshot->node->identities[kind];
	AUTO(cw_cert_free) struct cw_cert *installed = cw_work_apply_installed(call->core, kind);
	const struct cw_cert *present = installed ? installed : identity->leaf;
	bool another = present && identity->leaf && !cw_cert_same(present, identity->leaf);
	cw_work_apply_restart_wanted(call->core, &restart);
	cw_work_call_put(call, "identity", cw_json_text(cw_work_identity_name(kind)));
	cw_work_call_put(call, "certificate", cw_work_json_cert_or_null(present, now));
	cw_work_call_put(call, "shown", cw_work_json_cert_or_null(another ? identity->leaf : NULL, now));
	cw_work_call_put(call, "chain", chain_of(snapshot->node, kind, now));
	cw_work_call_put(call, "key", json_boolean(identity->private_key != NULL));
	cw_work_call_put(call, "request", cw_work_identity_request(&files));
	cw_work_call_put(
		call, "restart_wanted", cw_json_text(restart.length ? cw_buffer_string(&restart) : NULL));
	cw_work_call_put(call, "names", names_of(call, kind));
	cw_work_call_put(call, "identities", identities_of(snapshot->node));
	return true;
}
