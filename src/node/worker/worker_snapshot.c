#include "node/worker/worker_snapshot.h"

#include "config/load.h"
#include "config/yaml_tree.h"
#include "pki/bundle/pem_write.h"
#include "pki/error_mark.h"
#include "report/json.h"

#include <errno.h>
#include <openssl/x509.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Against a length that the memory file has not: the lists of a node, with CRLs. */
#define BYTES_MAX (512 * 1024 * 1024)

CW_DEFINE_AUTO(PKCS8_PRIV_KEY_INFO *, PKCS8_PRIV_KEY_INFO_free)

/* --- node.yaml --- */

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), wanted = strlen(end);
	return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

static bool is_left_out(const char *key)
{
	return ends_with(key, "password-file") || strcmp(key, "endpoints") == 0;
}

/* As JSON, which is YAML. Depth is bounded by the reader of the tree. */
static json_t *without_passwords(struct cw_json *json, const struct cw_yaml *value)
{
	json_t *made = NULL;
	switch (value->kind) {
	case CW_YAML_TEXT:
		return cw_json_text(value->text);
	case CW_YAML_NOTHING:
	case CW_YAML_BROKEN:
		return json_null();
	case CW_YAML_LIST:
		made = json_array();
		for (size_t i = 0; i < value->count; i++)
			cw_json_add(json, made, without_passwords(json, &value->entries[i].value));
		return made;
	case CW_YAML_MAP:
		made = json_object();
		for (size_t i = 0; i < value->count; i++) {
			const char *key = value->entries[i].key;
			if (strcmp(key, "password") == 0)
				cw_json_put(json, made, key, cw_json_text("-"));
			else if (!is_left_out(key))
				cw_json_put(
					json, made, key, without_passwords(json, &value->entries[i].value));
		}
		return made;
	}
	return NULL;
}

static bool put_yaml(const struct cw_buffer *text, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_YAML tree = {0};
	struct cw_problems problems = {0};
	struct cw_json json = {0};
	bool read = cw_yaml_tree_read(cw_buffer_string(text), text->length, &tree, &problems);
	cw_problems_finish(&problems);
	if (!read) /* it was read before */
		return cw_error_memory(error);
	AUTO(json_decref) json_t *object = without_passwords(&json, &tree);
	return cw_json_print(&json, object, true, ret, error);
}

/* --- the files that it names --- */

/* Of every file its part of one run of bytes. */
struct holding {
	struct cw_json json;
	json_t *files; /* [{"path","from"}] */
	struct cw_buffer *bytes;
	struct cw_error *error;
};

static bool begin_file(struct holding *holding, const char *path)
{
	size_t i;
	json_t *row;
	json_array_foreach(holding->files, i, row)
	{
		const char *held = json_string_value(json_object_get(row, "path"));
		if (held && strcmp(held, path) == 0)
			return false; /* one file in two places: what it holds is held */
	}
	row = json_object();
	cw_json_put(&holding->json, row, "path", cw_json_text(path));
	cw_json_put(&holding->json, row, "from", cw_json_count(holding->bytes->length));
	cw_json_add(&holding->json, holding->files, row);
	return true;
}

static bool put_key(struct holding *holding, const EVP_PKEY *key)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(PKCS8_PRIV_KEY_INFO_free) PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	unsigned char *der = NULL;
	int length = info ? i2d_PKCS8_PRIV_KEY_INFO(info, &der) : -1;
	bool good = length > 0
		? cw_pem_write_block(holding->bytes, "PRIVATE KEY", der, (size_t)length, holding->error)
		: cw_error_mark_report(&mark, holding->error, CW_E_CRYPTO, "a private key cannot be written");
	if (length > 0)
		OPENSSL_cleanse(der, (size_t)length);
	OPENSSL_free(der);
	return good;
}

static bool put_identity(struct holding *holding, const struct cw_identity *identity)
{
	bool apart = identity->key_path && identity->path && strcmp(identity->key_path, identity->path) != 0;
	if (!identity->path || !identity->leaf || !begin_file(holding, identity->path))
		return true;
	if (!cw_pem_write_cert(holding->bytes, identity->leaf, holding->error))
		return false;
	for (size_t i = 0; i < identity->extra; i++)
		if (!cw_pem_write_cert(holding->bytes, identity->others[i], holding->error))
			return false;
	if (identity->private_key && !apart && !put_key(holding, identity->private_key))
		return false;
	if (!apart || !identity->private_key || !begin_file(holding, identity->key_path))
		return true;
	return put_key(holding, identity->private_key);
}

static bool is_first_of(const struct cw_strings *paths, const char *path, size_t place)
{
	for (size_t i = 0; i < paths->count; i++)
		if (strcmp(paths->items[i], path) == 0)
			return i == place;
	return place == 0; /* of a folder's file: with the first that is named */
}

static bool put_crls(struct holding *holding, const struct cw_crl_set *crls)
{
	for (size_t i = 0; i < crls->count; i++) {
		AUTO_ERROR_MARK mark = cw_error_mark_open();
		unsigned char *der = NULL;
		int length = i2d_X509_CRL(cw_crl_x509(crls->items[i]), &der);
		bool good = length > 0
			? cw_pem_write_block(holding->bytes, "X509 CRL", der, (size_t)length, holding->error)
			: cw_error_mark_report(
				  &mark, holding->error, CW_E_CRYPTO, "a revocation list cannot be written");
		OPENSSL_free(der);
		if (!good)
			return false;
	}
	return true;
}

/* Every entry behind the path that it came from; what came with it (CRLs) with the first. */
static bool put_store(struct holding *holding, const struct cw_store *store, const struct cw_crl_set *crls)
{
	for (size_t place = 0; place < store->paths.count; place++) {
		if (!begin_file(holding, store->paths.items[place]))
			continue;
		for (size_t i = 0; i < store->list.count; i++)
			if (is_first_of(&store->paths, store->list.entries[i].path, place) &&
				!cw_pem_write_cert(
					holding->bytes, store->list.entries[i].cert, holding->error))
				return false;
		if (place == 0 && crls && !put_crls(holding, crls))
			return false;
	}
	return true;
}

/* Identities first: a file that is a list as well has its key with it. */
static bool put_node(struct holding *holding, const struct cw_node *node)
{
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (!put_identity(holding, &node->identities[i]))
			return false;
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++) {
		bool carries = i == CW_STORE_TRUSTED_CA && !node->crl_paths.count;
		if (!put_store(holding, &node->stores[i], carries ? &node->crls : NULL))
			return false;
	}
	for (size_t i = 0; i < node->crl_paths.count; i++)
		if (begin_file(holding, node->crl_paths.items[i]) && i == 0 &&
			!put_crls(holding, &node->crls))
			return false;
	return true;
}

static bool put_files(struct holding *holding, const struct cw_deployment *deployment)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			if (!put_node(holding, deployment->groups[i]->nodes[k]))
				return false;
	return !deployment->front || put_node(holding, deployment->front);
}

/* --- the memory file --- */

static bool write_all(int file, const struct cw_buffer *bytes)
{
	size_t done = 0;
	while (done < bytes->length) { /* ends: each turn writes something, or fails */
		ssize_t wrote = write(file, bytes->data + done, bytes->length - done);
		if (wrote <= 0)
			return false;
		done += (size_t)wrote;
	}
	return true;
}

static bool to_memory_file(const struct cw_buffer *bytes, int *ret, struct cw_error *error)
{
	int file = memfd_create("snapshot", MFD_CLOEXEC);
	if (file >= 0 && write_all(file, bytes)) {
		*ret = file;
		return true;
	}
	cw_error_set(error, CW_E_IO, "a memory file cannot be written: %s", strerror(errno));
	if (file >= 0)
		close(file);
	return false;
}

bool cw_worker_snapshot_write(
	const struct cw_snapshot *snapshot, json_t **ret_frame, int *ret_file, struct cw_error *error)
{
	AUTO_BUFFER bytes = {.secret = true};
	AUTO(json_decref) json_t *frame = json_object();
	struct holding holding = {.files = json_array(), .bytes = &bytes, .error = error};
	int file;
	bool good = put_yaml(&snapshot->file->text, &bytes, error);
	cw_json_put(&holding.json, frame, "do", cw_json_text("snapshot"));
	cw_json_put(&holding.json, frame, "number", cw_json_count(snapshot->number));
	cw_json_put(&holding.json, frame, "yaml", cw_json_count(bytes.length));
	good = good && put_files(&holding, snapshot->file->deployment);
	cw_json_put(&holding.json, frame, "files", holding.files);
	cw_json_put(&holding.json, frame, "length", cw_json_count(bytes.length));
	if (!good)
		return false;
	if (holding.json.failed || bytes.failed)
		return cw_error_memory(error);
	if (!to_memory_file(&bytes, &file, error))
		return false;
	*ret_frame = TAKE(frame);
	*ret_file = file;
	return true;
}

/* --- the worker's side --- */

/* For want of memory, where that ran out since `failures` were counted. */
static bool fail(struct cw_strings *problems, unsigned failures, const char *message)
{
	bool added = cw_strings_add(problems, failures == cw_memory_failures() ? message : "out of memory");
	(void)added;
	return false;
}

static size_t number_of(const json_t *object, const char *key)
{
	json_int_t number = json_integer_value(json_object_get(object, key));
	return number > 0 && number <= BYTES_MAX ? (size_t)number : 0;
}

static bool read_bytes(int file, size_t length, struct cw_buffer *ret)
{
	char part[65536];
	ssize_t got = 1;
	while (ret->length < length && got > 0 &&
		!ret->failed) { /* ends: each turn reads something, or fails */
		got = pread(file, part, sizeof part, (off_t)ret->length);
		if (got > 0)
			cw_buffer_append(ret, part, (size_t)got);
	}
	OPENSSL_cleanse(part, sizeof part);
	return ret->length == length;
}

/* Each file with a NUL behind it, as its readers want it: a copy. */
struct held_files {
	struct cw_load_held *items;
	struct cw_buffer *copies;
	size_t count;
};

static void finish_held(struct held_files *held)
{
	for (size_t i = 0; i < held->count; i++)
		cw_buffer_finish(&held->copies[i]);
	free(held->copies);
	free(held->items);
}
#define AUTO_HELD __attribute__((cleanup(finish_held))) struct held_files

static bool cut_files(const json_t *rows, const struct cw_buffer *bytes, struct held_files *ret)
{
	size_t count = json_array_size(rows);
	ret->items = calloc(count + 1, sizeof *ret->items);
	ret->copies = calloc(count + 1, sizeof *ret->copies);
	if (!ret->items || !ret->copies) {
		cw_memory_count_failure();
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const json_t *row = json_array_get(rows, i);
		const char *path = json_string_value(json_object_get(row, "path"));
		size_t from = number_of(row, "from"), end = bytes->length;
		if (i + 1 < count)
			end = number_of(json_array_get(rows, i + 1), "from");
		if (!path || from > end || end > bytes->length)
			return false;
		struct cw_buffer *copy = &ret->copies[ret->count];
		copy->secret = true;
		cw_buffer_append(copy, bytes->data + from, end - from);
		if (copy->failed)
			return false;
		ret->items[ret->count++] = (struct cw_load_held){path, cw_buffer_string(copy), copy->length};
	}
	return true;
}

bool cw_worker_snapshot_read(
	const json_t *frame, int file, cw_time now, struct cw_snapshot **ret, struct cw_strings *problems)
{
	AUTO_BUFFER bytes = {.secret = true}, yaml = {.secret = true};
	AUTO_HELD held = {0};
	unsigned failures = cw_memory_failures();
	size_t length = number_of(frame, "length"), head = number_of(frame, "yaml");
	if (!length || head > length || !read_bytes(file, length, &bytes))
		return fail(problems, failures, "the snapshot cannot be read");
	cw_buffer_append(&yaml, bytes.data, head);
	if (yaml.failed || !cut_files(json_object_get(frame, "files"), &bytes, &held))
		return fail(problems, failures, "the snapshot is none");
	const struct cw_load_text text = {.data = cw_buffer_string(&yaml),
		.length = yaml.length,
		.shown = "node.yaml",
		.folder = "/",
		.held = held.items,
		.held_count = held.count};
	return cw_snapshot_take(&text, (unsigned)number_of(frame, "number"), now, ret, problems);
}
