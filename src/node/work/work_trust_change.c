/*
 * Changes of a trust list. The list is opened as files, changed in memory by what the file verbs use, and either laid over
 * a snapshot that is nobody's (to try), or written.
 */
#include "node/work/work_apply.h"
#include "node/work/work_do.h"
#include "node/work/work_json.h"
#include "node/work/work_trust.h"

#include <string.h>

void cw_work_trust_finish(struct cw_work_trust *trust)
{
	cw_buffer_finish(&trust->file);
	cw_bundle_finish(&trust->bundle);
	cw_append_finish(&trust->append);
	cw_list_finish(&trust->list);
	cw_snapshot_free(trust->after);
}

bool cw_work_trust_open(struct cw_work_call *call, enum cw_store_kind kind, struct cw_work_trust *trust)
{
	trust->kind = kind;
	return cw_work_apply_read(call, &trust->after) &&
		cw_work_identity_list(call, trust->after, kind, &trust->list);
}

/* --- trying and doing --- */

static bool lay_over(struct cw_work_call *call, struct cw_work_trust *trust)
{
	struct cw_trust_list *list = &trust->after->node->stores[trust->kind].list;
	AUTO_TRUST_LIST changed = {.unordered = list->unordered};
	for (size_t i = 0; i < trust->list.count; i++) {
		const struct cw_list_item *item = &trust->list.items[i];
		const char *path =
			item->file < trust->list.file_count ? trust->list.files[item->file].shown : "";
		if (item->cert && !cw_trust_list_add(&changed, item->cert, path, i + 1))
			return cw_work_call_memory(call);
	}
	struct cw_trust_list former = *list;
	*list = changed;
	changed = former;
	return true;
}

bool cw_work_trust_try(struct cw_work_call *call, struct cw_work_trust *trust)
{
	return lay_over(call, trust) && cw_work_apply_try(call, trust->after);
}

static bool keep_files(struct cw_work_call *call, const struct cw_list *list)
{
	for (size_t i = 0; i < list->file_count; i++)
		if (list->files[i].changed && !cw_work_apply_keep(call, list->files[i].path))
			return false;
	return true;
}

/* The lock of each folder, taken before the list was opened again. */
bool cw_work_trust_lock(struct cw_work_call *call, const struct cw_list *list, struct cw_locks *locks)
{
	for (size_t i = 0; i < list->file_count; i++)
		if (!cw_work_apply_lock(call, list->files[i].path, locks))
			return false;
	AUTO_BUFFER inside = {0};
	cw_buffer_printf(&inside, "%s/entry", list->folder ? list->folder : "");
	if (inside.failed)
		return cw_work_call_memory(call);
	return !list->folder || cw_work_apply_lock(call, cw_buffer_string(&inside), locks);
}

bool cw_work_trust_write(struct cw_work_call *call, struct cw_work_trust *trust)
{
	if (!keep_files(call, &trust->list))
		return false;
	if (!cw_list_write(&trust->list, call->error))
		return cw_work_call_failed(call, 409, NULL);
	return cw_work_apply_done(call);
}

/* --- appending --- */

static bool read_file(struct cw_work_call *call, struct cw_work_trust *trust)
{
	const char *name;
	bool given;
	trust->file.secret = true;
	if (!cw_work_call_file_name(call, "the file", &name) ||
		!cw_work_call_file(call, "file", &trust->file, &given))
		return false;
	if (!given)
		return cw_work_call_refuse(call, 400, "Select the file containing trusted CA certificates.",
			"file: wanted certificates, found no file");
	const struct cw_bundle_file file = {cw_buffer_string(&trust->file), trust->file.length, name};
	if (!cw_bundle_parse(&file, NULL, trust->after->pool, &trust->bundle, call->error)) {
		if (call->error->code == CW_E_MEMORY)
			return false;
		trust->unfit = true;
		snprintf(trust->why, sizeof trust->why, "%s", call->error->message);
		return true;
	}
	trust->unfit = !trust->bundle.count;
	if (trust->unfit)
		snprintf(trust->why, sizeof trust->why, "%.200s: holds no certificate", name);
	return true;
}

bool cw_work_trust_append(struct cw_work_call *call, enum cw_same_subject same, struct cw_work_trust *trust)
{
	const struct cw_append_options options = {.same = same, .leaves = trust->leaves};
	if (!read_file(call, trust))
		return false;
	if (trust->unfit)
		return true;
	return cw_append_run(&trust->list, &trust->bundle, 1, &options, &trust->append, call->error) ||
		cw_work_call_failed(call, 409, NULL);
}

static const char *outcome_name(enum cw_append_outcome outcome)
{
	static const char *const names[] = {[CW_APPEND_ADDED] = "added",
		[CW_APPEND_REPLACED] = "replaced",
		[CW_APPEND_ALREADY] = "already",
		[CW_APPEND_LEAF] = "leaf",
		[CW_APPEND_CONFLICT] = "conflict",
		[CW_APPEND_OLDER] = "older"};
	return names[outcome];
}

static bool is_taken(const struct cw_append *append, const struct cw_append_row *row)
{
	return !append->refused && (row->outcome == CW_APPEND_ADDED || row->outcome == CW_APPEND_REPLACED);
}

static void put_rows(struct cw_work_call *call, const struct cw_work_trust *trust)
{
	const struct cw_append *append = &trust->append;
	struct cw_json *json = &call->json;
	json_t *rows = json_array(), *added = json_array(), *already = json_array();
	bool full = append->count <= CW_NODE_WORK_LIST_FULL;
	cw_time now = cw_time_now();
	for (size_t i = 0; i < append->count; i++) {
		const struct cw_append_row *row = &append->rows[i];
		json_t *object = json_object();
		cw_json_put(json, object, "subject", cw_json_text(cw_cert_subject_text(row->cert)));
		cw_json_put(json, object, "sha256", cw_json_text(cw_cert_sha256_text(row->cert)));
		cw_json_put(json, object, "outcome", cw_json_text(outcome_name(row->outcome)));
		cw_json_put(json, object, "position", row->place ? cw_json_count(row->place) : json_null());
		cw_json_put(json, object, "former",
			cw_json_text(row->former ? cw_cert_subject_text(row->former) : NULL));
		cw_json_add(json, rows, object);
		if (is_taken(append, row))
			cw_json_add(json, added, cw_work_json_cert(row->cert, now, full));
		if (row->outcome == CW_APPEND_ALREADY)
			cw_json_add(json, already, cw_work_json_cert(row->cert, now, full));
	}
	cw_work_call_put(call, "rows", rows);
	cw_work_call_put(call, "added", added);
	cw_work_call_put(call, "already", already);
}

static size_t count_taken(const struct cw_append *append)
{
	size_t count = 0;
	for (size_t i = 0; i < append->count; i++)
		count += is_taken(append, &append->rows[i]);
	return count;
}

/* The first that stands in the way, in a sentence. */
static void conflict_text(const struct cw_append *append, struct cw_buffer *ret)
{
	for (size_t i = 0; i < append->count; i++) {
		const struct cw_append_row *row = &append->rows[i];
		if (row->outcome == CW_APPEND_CONFLICT)
			cw_buffer_printf(ret,
				"Not appended: entry %zu is another certificate of the same subject, %s; the search "
				"stops at the first. Replace it, or delete it first.",
				row->place, cw_cert_subject_text(row->cert));
		if (row->outcome == CW_APPEND_OLDER)
			cw_buffer_printf(ret,
				"Not uploaded: entry %zu is a newer certificate of the same subject, %s.",
				row->place, cw_cert_subject_text(row->cert));
		if (ret->length)
			return;
	}
}

static void taken_text(
	const struct cw_work_call *call, const struct cw_work_trust *trust, struct cw_buffer *ret)
{
	size_t taken = count_taken(&trust->append);
	const char *what = taken == 1 ? "certificate" : "certificates";
	if (!taken)
		cw_buffer_text(ret,
			"There is nothing to append: everything is there already, or is no CA certificate.");
	else if (cw_work_call_tries(call))
		cw_buffer_printf(ret, "%zu CA %s would be appended.", taken, what);
	else if (trust->kind != CW_STORE_TRUSTED_CA)
		cw_buffer_text(ret, "Success: Certificate Uploaded...");
	else
		cw_buffer_printf(ret, "%zu CA %s appended.", taken, what);
}

bool cw_work_trust_tell(struct cw_work_call *call, const struct cw_work_trust *trust)
{
	AUTO_BUFFER page = {0};
	if (trust->unfit)
		cw_buffer_text(&page, cw_finding_row(CW_NOT_PEM)->vendor_text);
	else if (trust->append.refused)
		conflict_text(&trust->append, &page);
	else
		taken_text(call, trust, &page);
	if (page.failed)
		return cw_work_call_memory(call);
	AUTO_FINDINGS findings = {0};
	if (trust->unfit) {
		struct cw_finding *finding = cw_findings_add(&findings, CW_NOT_PEM, 0, NULL);
		cw_finding_severity(finding, CW_SEVERITY_REFUSED);
		cw_finding_detail(&findings, finding, "%s", trust->why);
	}
	cw_work_call_put(call, "store", cw_json_text(cw_work_identity_store_name(trust->kind)));
	cw_work_call_put(call, "refused", json_boolean(trust->unfit || trust->append.refused));
	cw_work_call_put(call, "page_text", cw_json_text(cw_buffer_string(&page)));
	cw_work_call_put(call, "findings", cw_work_json_findings(&findings));
	put_rows(call, trust);
	return cw_findings_ok(&findings, call->error);
}

bool cw_work_trust_upload(struct cw_work_call *call, struct cw_work_trust *trust, enum cw_store_kind kind,
	enum cw_same_subject same, bool tries)
{
	AUTO_WORK_LOCKS locks = {0};
	if (!cw_work_trust_open(call, kind, trust) ||
		(!tries && !cw_work_trust_lock(call, &trust->list, &locks)) ||
		!cw_work_trust_append(call, same, trust) || !cw_work_trust_tell(call, trust))
		return false;
	if (trust->unfit || trust->append.refused || !count_taken(&trust->append)) {
		cw_work_apply_nothing(call, "nothing is changed");
		return true;
	}
	return tries ? cw_work_trust_try(call, trust) : cw_work_trust_write(call, trust);
}

static bool upload(struct cw_work_call *call, enum cw_same_subject same, bool tries)
{
	enum cw_store_kind kind;
	AUTO_WORK_TRUST trust = {0};
	return cw_work_identity_store(call, call->core->snapshot->node, &kind) &&
		cw_work_trust_upload(call, &trust, kind, same, tries);
}

bool cw_work_do_trust_try(struct cw_work_call *call)
{
	bool replaces = false;
	return cw_work_call_switch(call, "replace", &replaces) &&
		upload(call, replaces ? CW_SAME_REPLACE : CW_SAME_REFUSE, true);
}

bool cw_work_do_trust_append(struct cw_work_call *call)
{
	return upload(call, CW_SAME_REFUSE, false);
}

bool cw_work_do_trust_replace(struct cw_work_call *call)
{
	return upload(call, CW_SAME_REPLACE, false);
}

/* --- taking out and moving --- */

static bool find_entry(struct cw_work_call *call, const struct cw_list *list, const char *sha256, size_t *ret)
{
	size_t count = cw_list_certs(list);
	for (size_t place = 1; place <= count; place++)
		if (strcmp(cw_cert_sha256_text(cw_list_at(list, place)->cert), sha256) == 0) {
			*ret = place;
			return true;
		}
	return cw_work_call_refuse(call, 404, "Load the list again: somebody else may have changed it.",
		"sha256: %.64s is not in the list", sha256);
}

bool cw_work_trust_remove(
	struct cw_work_call *call, struct cw_work_trust *trust, const struct cw_strings *sha256)
{
	json_t *removed = json_array();
	cw_time now = cw_time_now();
	cw_work_call_put(call, "removed", removed);
	if (!sha256->count)
		return cw_work_call_refuse(call, 400, "Tick at least one certificate.",
			"sha256: wanted the certificates to delete, found none");
	for (size_t i = 0; i < sha256->count; i++) {
		size_t place;
		if (!find_entry(call, &trust->list, sha256->items[i], &place))
			return false;
		cw_json_add(&call->json, removed,
			cw_work_json_cert(cw_list_at(&trust->list, place)->cert, now,
				sha256->count <= CW_NODE_WORK_LIST_FULL));
		cw_list_remove(&trust->list, place);
	}
	return true;
}

static bool open_locked(
	struct cw_work_call *call, struct cw_work_trust *trust, struct cw_locks *locks, bool *tries)
{
	enum cw_store_kind kind;
	return cw_work_identity_store(call, call->core->snapshot->node, &kind) &&
		cw_work_call_switch(call, "try", tries) && cw_work_trust_open(call, kind, trust) &&
		(*tries || cw_work_trust_lock(call, &trust->list, locks));
}

static bool finish(struct cw_work_call *call, struct cw_work_trust *trust, bool tries)
{
	return tries ? cw_work_trust_try(call, trust) : cw_work_trust_write(call, trust);
}

bool cw_work_do_trust_remove(struct cw_work_call *call)
{
	AUTO_WORK_LOCKS locks = {0};
	AUTO_WORK_TRUST trust = {0};
	AUTO_STRINGS sha256 = {0};
	bool tries = false, given;
	return cw_work_call_texts(call, "sha256", &sha256, &given) &&
		open_locked(call, &trust, &locks, &tries) && cw_work_trust_remove(call, &trust, &sha256) &&
		finish(call, &trust, tries);
}

bool cw_work_do_trust_move(struct cw_work_call *call)
{
	AUTO_WORK_LOCKS locks = {0};
	AUTO_WORK_TRUST trust = {0};
	const char *sha256;
	bool tries = false;
	size_t place, to = 0;
	if (!cw_work_call_want(call, "sha256", &sha256) || !open_locked(call, &trust, &locks, &tries) ||
		!find_entry(call, &trust.list, sha256, &place) ||
		!cw_work_call_number(call, "position", 1, cw_list_certs(&trust.list), &to))
		return false;
	if (!to)
		return cw_work_call_refuse(
			call, 400, NULL, "position: wanted the new place, from 1; found nothing");
	if (!cw_list_move(&trust.list, place, to, call->error))
		return cw_work_call_failed(call, 409, NULL);
	return finish(call, &trust, tries);
}

/* "Reset to default CA certificate": the list as the box comes, the temporary CA alone. What the node's own certificate
 * needs stays, so that it is not cut off by the button. */
static bool is_kept(const struct cw_work_trust *trust, const struct cw_cert *cert)
{
	const struct cw_node *node = trust->after->node;
	if (cw_cert_is_temporary(cert))
		return true;
	for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
		const struct cw_cert *at = node->identities[kind].leaf;
		for (unsigned depth = 0; at && depth < CW_PATH_DEPTH_MAX && !cw_cert_self_issued(at);
			depth++) {
			size_t place = cw_trust_list_search(
				&node->stores[CW_STORE_TRUSTED_CA].list, cw_cert_issuer(at), 0);
			at = place < node->stores[CW_STORE_TRUSTED_CA].list.count
				? node->stores[CW_STORE_TRUSTED_CA].list.entries[place].cert
				: NULL;
			if (at && cw_cert_same(at, cert))
				return true;
		}
	}
	return false;
}

bool cw_work_do_trust_reset(struct cw_work_call *call)
{
	AUTO_WORK_LOCKS locks = {0};
	AUTO_WORK_TRUST trust = {0};
	bool tries = false;
	cw_time now = cw_time_now();
	if (!open_locked(call, &trust, &locks, &tries))
		return false;
	json_t *removed = json_array();
	for (size_t place = cw_list_certs(&trust.list); place; place--) {
		struct cw_cert *cert = cw_list_at(&trust.list, place)->cert;
		if (is_kept(&trust, cert))
			continue;
		bool full = json_array_size(removed) < CW_NODE_WORK_LIST_FULL;
		cw_json_add(&call->json, removed, cw_work_json_cert(cert, now, full));
		cw_list_remove(&trust.list, place);
	}
	cw_work_call_put(call, "removed", removed);
	return finish(call, &trust, tries);
}
