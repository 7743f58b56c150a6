#include "node/replica/replica_record.h"

#include "base/file.h"
#include "pki/bundle/pem_write.h"
#include "report/json.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "replica.json"
#define FILE_MAX_BYTES (4 * 1024 * 1024)
/* Of a document, which may have 64 KB: the rest of the certificates comes with the next ones. */
#define CERTS_MAX (40 * 1024)

static const enum cw_store_kind stores[] = {CW_STORE_TOMCAT_TRUST, CW_STORE_CALLMANAGER_TRUST};
#define STORES (sizeof stores / sizeof stores[0])

static bool has(const struct cw_trust_list *list, const char *sha256)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(cw_cert_sha256_text(list->entries[i].cert), sha256) == 0)
			return true;
	return false;
}

/* {"seen":[…],"touched":{SHA256:true,…}} of a list. */
static json_t *part_of(json_t *record, enum cw_store_kind kind)
{
	const char *name = cw_node_store_name(kind);
	json_t *part = json_object_get(record, name);
	if (part)
		return part;
	part = json_pack("{s:[],s:{}}", "seen", "touched");
	return part && json_object_set_new(record, name, part) == 0 ? part : NULL;
}

static json_t *seen_of(const struct cw_trust_list *list)
{
	json_t *seen = json_array();
	for (size_t i = 0; seen && i < list->count; i++)
		if (json_array_append_new(seen, json_string(cw_cert_sha256_text(list->entries[i].cert))) !=
			0) {
			json_decref(seen);
			return NULL;
		}
	return seen;
}

/* What came or went since it was looked at last. */
static bool touch(json_t *part, const struct cw_trust_list *list, bool *ret_changed)
{
	json_t *touched = json_object_get(part, "touched"), *seen = json_object_get(part, "seen"), *item;
	size_t i;
	bool good = true;
	json_array_foreach(seen, i, item)
	{
		const char *sha256 = json_string_value(item);
		if (sha256 && !has(list, sha256)) {
			*ret_changed = true;
			good = good && json_object_set_new(touched, sha256, json_false()) == 0;
		}
	}
	for (i = 0; i < list->count; i++) {
		const char *sha256 = cw_cert_sha256_text(list->entries[i].cert);
		size_t k;
		bool known = false;
		json_array_foreach(seen, k, item) known |= strcmp(json_string_value(item), sha256) == 0;
		if (!known) {
			*ret_changed = true;
			good = good && json_object_set_new(touched, sha256, json_true()) == 0;
		}
	}
	return good;
}

static bool take_in(json_t *record, const struct cw_snapshot *snapshot, bool first, bool *ret_changed)
{
	*ret_changed = first;
	for (size_t i = 0; i < STORES; i++) {
		const struct cw_trust_list *list = &snapshot->node->stores[stores[i]].list;
		json_t *part = part_of(record, stores[i]);
		if (!part || (!first && !touch(part, list, ret_changed)))
			return false;
		json_t *seen = seen_of(list);
		if (!seen || json_object_set_new(part, "seen", seen) != 0)
			return false;
	}
	return true;
}

static bool save(const json_t *record, const char *folder, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, FILE_NAME);
	AUTO_BUFFER text = {0};
	const struct cw_json json = {0};
	if (!path)
		return cw_error_memory(error);
	return cw_json_print(&json, record, true, &text, error) &&
		cw_file_write(path, text.data, text.length, 0600, error);
}

bool cw_replica_record_open(
	const char *folder, const struct cw_snapshot *snapshot, json_t **ret, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, FILE_NAME);
	AUTO(json_decref) json_t *record = NULL;
	AUTO_BUFFER text = {0};
	bool changed, first = path && access(path, F_OK) != 0;
	if (!path)
		return cw_error_memory(error);
	if (!first && !cw_file_read(path, FILE_MAX_BYTES, &text, error))
		return false;
	if (first)
		record = json_object();
	else if (!cw_json_read(text.data, text.length, &record, error))
		return cw_error_prefix(error, "%s", path);
	if (!record)
		return cw_error_memory(error);
	if (!json_is_object(record))
		return cw_error_set(error, CW_E_FORMAT, "%s: wanted a JSON object", path);
	if (!take_in(record, snapshot, first, &changed))
		return cw_error_memory(error);
	if (changed && !save(record, folder, error))
		return false;
	*ret = TAKE(record);
	return true;
}

/* --- what a subscriber is told --- */

static json_t *changes_of(struct cw_json *json, const json_t *part)
{
	json_t *changes = json_object(), *present = json_array(), *absent = json_array(), *there;
	const char *sha256;
	json_object_foreach(json_object_get(part, "touched"), sha256, there)
		cw_json_add(json, json_is_true(there) ? present : absent, cw_json_text(sha256));
	cw_json_put(json, changes, "present", present);
	cw_json_put(json, changes, "absent", absent);
	return changes;
}

static bool contains(const json_t *array, const char *text)
{
	size_t i;
	json_t *item;
	json_array_foreach(array, i,
		item) if (json_is_string(item) && strcmp(json_string_value(item), text) == 0) return true;
	return false;
}

static bool put_certs(const struct cw_snapshot *snapshot, const json_t *wanted, struct cw_buffer *ret,
	struct cw_error *error)
{
	for (size_t i = 0; i < STORES; i++) {
		const struct cw_trust_list *list = &snapshot->node->stores[stores[i]].list;
		for (size_t k = 0; k < list->count && ret->length < CERTS_MAX; k++)
			if (contains(wanted, cw_cert_sha256_text(list->entries[k].cert)) &&
				!cw_pem_write_cert(ret, list->entries[k].cert, error))
				return false;
	}
	return cw_buffer_ok(ret, error);
}

bool cw_replica_record_document(const json_t *record, const struct cw_snapshot *snapshot,
	const json_t *wanted, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_json json = {0};
	AUTO_BUFFER certs = {0};
	AUTO(json_decref) json_t *object = json_object();
	json_t *all = json_object();
	if (!put_certs(snapshot, wanted, &certs, error)) {
		json_decref(all);
		return false;
	}
	for (size_t i = 0; i < STORES; i++) {
		const char *name = cw_node_store_name(stores[i]);
		cw_json_put(&json, all, name, changes_of(&json, json_object_get(record, name)));
	}
	cw_json_put(&json, object, "version", cw_json_count(1));
	cw_json_put(&json, object, "serial", cw_json_count(snapshot->number));
	cw_json_put(&json, object, "node", cw_json_text(snapshot->node->fqdn));
	cw_json_put(&json, object, "stores", all);
	cw_json_put(&json, object, "certs", cw_json_text(cw_buffer_string(&certs)));
	return cw_json_print(&json, object, true, ret, error);
}

/* --- the subscriber's side --- */

struct applying {
	const struct cw_snapshot *snapshot;
	struct cw_bundle sent;
	struct cw_json json;
	json_t *wanted;
	struct cw_strings *told;
};

static bool say(struct applying *applying, const char *what, enum cw_store_kind kind, const char *name)
{
	return cw_strings_addf(applying->told, "%s: %s %s", cw_node_store_name(kind), what, name);
}

static struct cw_cert *find_sent(const struct applying *applying, const char *sha256)
{
	for (size_t i = 0; i < applying->sent.count; i++)
		if (strcmp(cw_cert_sha256_text(applying->sent.entries[i].cert), sha256) == 0)
			return applying->sent.entries[i].cert;
	return NULL;
}

/* The list without what is to be absent. */
static bool put_kept(struct applying *applying, enum cw_store_kind kind, const json_t *absent,
	struct cw_buffer *pem, bool *ret_changed, struct cw_error *error)
{
	const struct cw_trust_list *list = &applying->snapshot->node->stores[kind].list;
	for (size_t i = 0; i < list->count; i++) {
		const struct cw_cert *cert = list->entries[i].cert;
		if (contains(absent, cw_cert_sha256_text(cert))) {
			*ret_changed = true;
			if (!say(applying, "removed", kind, cw_cert_label(cert)))
				return cw_error_memory(error);
		} else if (!cw_pem_write_cert(pem, cert, error)) {
			return false;
		}
	}
	return true;
}

/* And with what is to be present, as far as it was sent. */
static bool put_new(struct applying *applying, enum cw_store_kind kind, const json_t *present,
	struct cw_buffer *pem, bool *ret_changed, struct cw_error *error)
{
	const struct cw_trust_list *list = &applying->snapshot->node->stores[kind].list;
	size_t i;
	json_t *item;
	json_array_foreach(present, i, item)
	{
		const char *sha256 = json_string_value(item);
		if (!sha256 || has(list, sha256))
			continue;
		const struct cw_cert *cert = find_sent(applying, sha256);
		if (!cert) {
			cw_json_add(&applying->json, applying->wanted, cw_json_text(sha256));
			continue;
		}
		*ret_changed = true;
		if (!say(applying, "added", kind, cw_cert_label(cert)))
			return cw_error_memory(error);
		if (!cw_pem_write_cert(pem, cert, error))
			return false;
	}
	return true;
}

static bool apply_store(
	struct applying *applying, enum cw_store_kind kind, const json_t *changes, struct cw_error *error)
{
	const struct cw_store *store = &applying->snapshot->node->stores[kind];
	AUTO_BUFFER pem = {0};
	struct stat status;
	bool changed = false;
	if (!changes)
		return true;
	if (!put_kept(applying, kind, json_object_get(changes, "absent"), &pem, &changed, error) ||
		!put_new(applying, kind, json_object_get(changes, "present"), &pem, &changed, error))
		return false;
	if (!changed)
		return true;
	const char *folder = applying->snapshot->file->deployment->folder;
	bool one = store->paths.count == 1;
	AUTO(free) char *path = one ? cw_file_path(folder, store->paths.items[0]) : NULL;
	if (one && !path)
		return cw_error_memory(error);
	if (!path || stat(path, &status) != 0 || !S_ISREG(status.st_mode))
		return cw_error_set(error, CW_E_USAGE,
			"%s: wanted one PEM file, to be changed as the publisher says",
			cw_node_store_name(kind));
	return cw_buffer_ok(&pem, error) && cw_file_write(path, pem.data, pem.length, 0644, error);
}

static bool apply_all(struct applying *applying, const json_t *document, struct cw_error *error)
{
	const char *certs = json_string_value(json_object_get(document, "certs"));
	const json_t *all = json_object_get(document, "stores");
	if (json_integer_value(json_object_get(document, "version")) != 1 || !json_is_object(all))
		return cw_error_set(
			error, CW_E_FORMAT, "what the publisher told is no document of trust lists");
	if (certs && *certs &&
		!cw_bundle_parse(
			&(struct cw_bundle_file){certs, strlen(certs), "the publisher's certificates"}, NULL,
			applying->snapshot->pool, &applying->sent, error))
		return false;
	for (size_t i = 0; i < STORES; i++)
		if (!apply_store(
			    applying, stores[i], json_object_get(all, cw_node_store_name(stores[i])), error))
			return false;
	return applying->json.failed ? cw_error_memory(error) : true;
}

bool cw_replica_record_apply(const struct cw_snapshot *snapshot, const char *text, size_t length,
	json_t **ret_wanted, struct cw_strings *told, struct cw_error *error)
{
	AUTO(json_decref) json_t *document = NULL;
	if (!cw_json_read(text, length, &document, error))
		return cw_error_prefix(error, "what the publisher told");
	struct applying applying = {.snapshot = snapshot, .wanted = json_array(), .told = told};
	bool good = applying.wanted ? apply_all(&applying, document, error) : cw_error_memory(error);
	cw_bundle_finish(&applying.sent);
	if (good)
		*ret_wanted = applying.wanted;
	else
		json_decref(applying.wanted);
	return good;
}
