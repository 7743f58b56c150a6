#include "node/work/work_apply.h"

#include "base/file.h"
#include "node/history/node_changes.h"
#include "node/node_effect.h"
#include "node/work/work_json.h"
#include "pki/bundle/bundle.h"

#include <string.h>
#include <unistd.h>

bool cw_work_apply_read(struct cw_work_call *call, struct cw_snapshot **ret)
{
	const struct cw_node_core *core = call->core;
	AUTO_STRINGS problems = {0};
	if (cw_snapshot_read(core->folder.path, core->snapshot->number + 1, cw_time_now(), ret, &problems))
		return true;
	if (!problems.count)
		return cw_work_call_memory(call);
	return cw_work_call_refuse(call, 409,
		"The node goes on with what it read before. Repair this file first.",
		"the node's files cannot be read as they are now: %.900s", problems.items[0]);
}

static bool put_effect(struct cw_work_call *call, json_t *effect)
{
	AUTO(json_decref) json_t *owned = effect;
	if (!owned)
		return cw_work_call_memory(call);
	cw_work_json_effect(&call->json, call->answer, owned);
	return true;
}

static json_t *effect_of(const struct cw_node_core *core, const struct cw_snapshot *after)
{
	struct cw_json json = {0};
	AUTO_BUFFER change = {0};
	AUTO(json_decref) json_t *effect = cw_node_effect(core, after);
	if (!effect)
		return NULL;
	cw_snapshot_compare(core->snapshot, after, &change);
	cw_json_put(&json, effect, "problems", json_array());
	cw_json_put(&json, effect, "change", cw_json_text(cw_buffer_string(&change)));
	return json.failed || change.failed ? NULL : TAKE(effect);
}

bool cw_work_apply_try(struct cw_work_call *call, struct cw_snapshot *after)
{
	if (!cw_snapshot_judge(after, cw_time_now(), call->error))
		return cw_work_call_failed(call, 409, NULL);
	return put_effect(call, effect_of(call->core, after));
}

/* Where nothing runs: there is no link that could end. */
static json_t *reload_quietly(struct cw_work_call *call)
{
	struct cw_node_core *core = call->core;
	struct cw_snapshot *after;
	if (!cw_work_apply_read(call, &after))
		return NULL;
	json_t *effect = effect_of(core, after);
	if (core->history)
		cw_node_changes_tell(core->history, call->who->user, core->snapshot, after);
	if (after->file->after_restart)
		cw_snapshot_keep_identities(core->snapshot, after);
	cw_snapshot_free(core->snapshot);
	core->snapshot = after;
	return effect;
}

bool cw_work_apply_done(struct cw_work_call *call)
{
	struct cw_node_core *core = call->core;
	json_t *effect = core->reload ? core->reload(core, call->who->user) : reload_quietly(call);
	if (!effect && call->status)
		return false;
	return put_effect(call, effect);
}

void cw_work_apply_nothing(struct cw_work_call *call, const char *change)
{
	cw_work_call_put(call, "change", cw_json_text(change));
	cw_work_call_put(call, "ends", json_array());
	cw_work_call_put(call, "begins", json_array());
	cw_work_call_put(call, "problems", json_array());
}

bool cw_work_apply_lock(struct cw_work_call *call, const char *path, struct cw_locks *locks)
{
	locks->who = "the node's pages";
	locks->wait_seconds = -1;
	return cw_lock_take_for(locks, path, call->error) ||
		cw_work_call_refuse(call, 409, "Try again when the other command has ended.", "%.900s",
			call->error->message);
}

/* "certs/trusted-ca.pem" becomes "former/certs-trusted-ca.pem". */
static char *former_path(const char *folder, const char *path)
{
	AUTO_BUFFER name = {0};
	size_t length = strlen(folder);
	bool inside = strncmp(path, folder, length) == 0 && path[length] == '/';
	cw_buffer_printf(&name, "%s/former/", folder);
	for (const char *c = inside ? path + length + 1 : path + (*path == '/'); *c; c++)
		cw_buffer_char(&name, *c == '/' ? '-' : *c);
	return cw_buffer_steal(&name);
}

bool cw_work_apply_keep(struct cw_work_call *call, const char *path)
{
	AUTO_BUFFER content = {0};
	const char *folder = call->core->folder.path;
	if (access(path, F_OK) != 0)
		return true;
	AUTO(free) char *to = former_path(folder, path);
	AUTO(free) char *former = cw_file_path(folder, "former");
	if (!to || !former)
		return cw_work_call_memory(call);
	return cw_file_make_folder(former, call->error) &&
		cw_file_read(path, CW_BUNDLE_FILE_MAX, &content, call->error) &&
		cw_file_write(to, cw_buffer_string(&content), content.length, 0600, call->error);
}

struct cw_cert *cw_work_apply_installed(const struct cw_node_core *core, enum cw_identity_kind kind)
{
	const struct cw_identity *identity = &core->snapshot->node->identities[kind];
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	struct cw_error ignored;
	if (!pool || !identity->path)
		return NULL;
	AUTO(free) char *path = cw_file_path(core->folder.path, identity->path);
	if (!path || !cw_bundle_read(path, identity->path, NULL, pool, &bundle, &ignored) || !bundle.count)
		return NULL;
	return cw_cert_ref(bundle.entries[cw_bundle_leaf(&bundle)].cert);
}

void cw_work_apply_restart_wanted(const struct cw_node_core *core, struct cw_buffer *ret)
{
	char date[CW_TIME_TEXT_SIZE];
	for (unsigned i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		enum cw_identity_kind kind = (enum cw_identity_kind)i;
		const struct cw_cert *shown = core->snapshot->node->identities[kind].leaf;
		AUTO(cw_cert_free) struct cw_cert *installed = cw_work_apply_installed(core, kind);
		if (!installed || !shown || cw_cert_same(installed, shown))
			continue;
		cw_buffer_printf(ret,
			"%sThe new %s certificate, which expires on %s, is shown after a restart.",
			ret->length ? " " : "", cw_node_identity_name(kind),
			cw_time_format_date(cw_cert_not_after(installed), date));
	}
}
