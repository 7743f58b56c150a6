#include "node/work/work_yaml.h"

#include "base/file.h"
#include "config/deployment_keys.h"
#include "config/deployment_write.h"
#include "config/load.h"
#include "node/node_init.h"
#include "node/work/work_apply.h"
#include "node/work/work_json.h"

#include <string.h>

#define FILE_NAME "node.yaml"

void cw_work_yaml_quote(struct cw_buffer *ret, const char *text)
{
	cw_node_init_quote(ret, text);
}

/* --- what stands there --- */

struct present {
	char *path;
	struct cw_buffer text;
	struct cw_yaml tree;
};

static void present_finish(struct present *present)
{
	free(present->path);
	cw_buffer_finish(&present->text);
	cw_yaml_tree_finish(&present->tree);
}

#define AUTO_PRESENT __attribute__((cleanup(present_finish))) struct present

/* Keys of the outermost map each begin a line: then a key's words are the lines up to the next key. */
static bool has_lines(const struct cw_yaml *root)
{
	if (root->kind != CW_YAML_MAP)
		return false;
	for (size_t i = 0; i < root->count; i++)
		if (root->entries[i].column != 1 || (i && root->entries[i].line <= root->entries[i - 1].line))
			return false;
	return true;
}

static bool read_present(struct cw_work_call *call, struct present *ret)
{
	struct cw_problems problems = {0};
	ret->text.secret = true;
	ret->path = cw_file_path(call->core->folder.path, FILE_NAME);
	if (!ret->path)
		return cw_work_call_memory(call);
	if (!cw_file_read(ret->path, CW_DEPLOYMENT_FILE_MAX, &ret->text, call->error))
		return false;
	bool good = cw_yaml_tree_read(cw_buffer_string(&ret->text), ret->text.length, &ret->tree, &problems);
	bool no_memory = problems.no_memory;
	cw_problems_finish(&problems);
	if (no_memory)
		return cw_work_call_memory(call);
	if (good && has_lines(&ret->tree))
		return true;
	return cw_work_call_refuse(call, 409,
		"Write it with one key a line, or change it by hand; the node reads it by itself.",
		"%s: wanted keys that each begin a line, which pages can write again; found another layout",
		FILE_NAME);
}

/* The byte at which a line (from 1) begins. */
static size_t begin_of(const struct cw_buffer *text, size_t line)
{
	const char *data = cw_buffer_string(text);
	size_t at = 0;
	for (size_t number = 1; number < line && at < text->length; at++)
		number += data[at] == '\n';
	return at;
}

/* A byte order mark and "---" in front of the first key belong to no key. */
static bool is_own(const char *key)
{
	for (size_t i = 0; i < cw_deployment_schema.count; i++)
		if (strcmp(cw_deployment_schema.keys[i].name, key) == 0)
			return false;
	return true;
}

static const struct cw_work_yaml_own *changed(const struct cw_work_yaml_change *change, const char *key)
{
	for (size_t i = 0; i < change->own_count; i++)
		if (strcmp(change->own[i].key, key) == 0)
			return &change->own[i];
	return NULL;
}

static void put_lines(const struct present *present, size_t entry, struct cw_buffer *ret)
{
	const struct cw_yaml *tree = &present->tree;
	size_t from = begin_of(&present->text, tree->entries[entry].line), to = present->text.length;
	if (entry + 1 < tree->count)
		to = begin_of(&present->text, tree->entries[entry + 1].line);
	cw_buffer_append(ret, cw_buffer_string(&present->text) + from, to - from);
	if (ret->length && ret->data[ret->length - 1] != '\n')
		cw_buffer_char(ret, '\n');
}

static bool has_key(const struct present *present, const char *key)
{
	for (size_t i = 0; i < present->tree.count; i++)
		if (strcmp(present->tree.entries[i].key, key) == 0)
			return true;
	return false;
}

static void put_own(
	const struct present *present, const struct cw_work_yaml_change *change, struct cw_buffer *ret)
{
	for (size_t i = 0; i < present->tree.count; i++) {
		const char *key = present->tree.entries[i].key;
		const struct cw_work_yaml_own *own = changed(change, key);
		if (!is_own(key))
			continue;
		if (own)
			cw_buffer_text(ret, own->text ? own->text : "");
		else
			put_lines(present, i, ret);
	}
	for (size_t i = 0; i < change->own_count; i++)
		if (change->own[i].text && !has_key(present, change->own[i].key))
			cw_buffer_text(ret, change->own[i].text);
}

/* --- what is to stand there --- */

/* A name that the file does not say is the folder's. */
static bool write_model(const struct present *present, const struct cw_deployment *deployment,
	struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_deployment unnamed = *deployment;
	if (!has_key(present, "name"))
		unnamed.name = NULL;
	return cw_deployment_write(&unnamed, NULL, NULL, ret, error);
}

static bool compose(struct cw_work_call *call, const struct present *present,
	const struct cw_work_yaml_change *change, struct cw_buffer *ret)
{
	ret->secret = true;
	if (!write_model(present, change->model->file->deployment, ret, call->error))
		return cw_work_call_failed(call, 409, NULL);
	cw_buffer_char(ret, '\n');
	put_own(present, change, ret);
	return cw_buffer_ok(ret, call->error);
}

static size_t count_comments(const struct cw_buffer *text)
{
	const char *line = cw_buffer_string(text);
	size_t count = 0;
	while (line && *line) {
		const char *first = line + strspn(line, " \t");
		const char *end = strchr(line, '\n');
		const char *mark = memmem(line, end ? (size_t)(end - line) : strlen(line), " #", 2);
		count += *first == '#' || mark;
		line = end ? end + 1 : NULL;
	}
	return count;
}

static void put_warnings(struct cw_work_call *call, const struct present *present)
{
	size_t count = count_comments(&present->text);
	json_t *warnings = json_array();
	char text[160];
	snprintf(text, sizeof text,
		"%zu %s of node.yaml may go; the file as it is now is kept as former/node.yaml", count,
		count == 1 ? "comment" : "comments");
	if (count)
		cw_json_add(&call->json, warnings, cw_json_text(text));
	cw_work_call_put(call, "warnings", warnings);
}

static bool read_back(struct cw_work_call *call, const struct cw_buffer *yaml, struct cw_snapshot **ret)
{
	const struct cw_node_core *core = call->core;
	AUTO_STRINGS problems = {0};
	const struct cw_load_text text = {.data = cw_buffer_string(yaml),
		.length = yaml->length,
		.shown = "node.yaml",
		.folder = core->folder.path};
	if (cw_snapshot_take(&text, core->snapshot->number + 1, cw_time_now(), ret, &problems))
		return true;
	if (!problems.count)
		return cw_work_call_memory(call);
	return cw_work_call_refuse(
		call, 409, NULL, "the changed node.yaml would not be taken: %.900s", problems.items[0]);
}

static bool write_file(struct cw_work_call *call, const struct present *present, const struct cw_buffer *yaml)
{
	AUTO_WORK_LOCKS locks = {0};
	return cw_work_apply_lock(call, present->path, &locks) && cw_work_apply_keep(call, present->path) &&
		cw_file_write(present->path, cw_buffer_string(yaml), yaml->length, 0600, call->error);
}

bool cw_work_yaml_write(struct cw_work_call *call, const struct cw_work_yaml_change *change)
{
	AUTO_PRESENT present = {0};
	AUTO_BUFFER yaml = {0};
	AUTO(cw_snapshot_free) struct cw_snapshot *after = NULL;
	return read_present(call, &present) && compose(call, &present, change, &yaml) &&
		read_back(call, &yaml, &after) && write_file(call, &present, &yaml);
}

bool cw_work_yaml_apply(struct cw_work_call *call, const struct cw_work_yaml_change *change)
{
	AUTO_PRESENT present = {0};
	AUTO_BUFFER yaml = {0};
	AUTO(cw_snapshot_free) struct cw_snapshot *after = NULL;
	if (!read_present(call, &present) || !compose(call, &present, change, &yaml) ||
		!read_back(call, &yaml, &after))
		return false;
	put_warnings(call, &present);
	if (change->tries)
		return cw_work_apply_try(call, after);
	return write_file(call, &present, &yaml) && cw_work_apply_done(call);
}

/* --- identities --- */

/* As node.yaml names it: from its folder on. */
static char *named(const char *folder, const char *path)
{
	size_t length = strlen(folder);
	return strdup(strncmp(path, folder, length) == 0 && path[length] == '/' ? path + length + 1 : path);
}

static bool is_named(const char *present, const char *wanted)
{
	return present && wanted && strcmp(present, wanted) == 0;
}

bool cw_work_yaml_name_identity(struct cw_work_call *call, struct cw_snapshot *after,
	enum cw_identity_kind kind, const struct cw_node_files *files)
{
	struct cw_identity *identity = &after->node->identities[kind];
	const struct cw_work_yaml_change change = {.model = after};
	const char *folder = call->core->folder.path;
	bool both = strcmp(files->key, files->certificate) == 0;
	AUTO(free) char *path = named(folder, files->certificate);
	AUTO(free) char *key = both ? NULL : named(folder, files->key);
	if (!path || (!both && !key))
		return cw_work_call_memory(call);
	if (is_named(identity->path, path) && (both || is_named(identity->key_path, key)))
		return true;
	free(identity->path);
	free(identity->key_path);
	identity->state = CW_KNOWN;
	identity->path = TAKE(path);
	identity->key_path = TAKE(key);
	return cw_work_yaml_write(call, &change);
}
