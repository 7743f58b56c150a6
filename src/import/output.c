#include "import/output.h"

#include "base/file.h"
#include "base/lock.h"
#include "config/load.h"
#include "import/answered.h"
#include "import/describe.h"
#include "import/record.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define YAML "deployment.yaml"
#define BEFORE "deployment.yaml.before"
#define RECORD "import.json"
#define BEGUN ".causeway-import.json" /* the record of an import that has not ended, or was killed */

void cw_output_finish(struct cw_output *output)
{
	cw_strings_finish(&output->changed);
	cw_strings_finish(&output->kept);
	*output = (struct cw_output){0};
}

struct writing {
	struct cw_imported *imported;
	const char *folder;
	struct cw_document *document;
	struct cw_describe_files files;
	struct cw_buffer yaml;	      /* the file to be written */
	struct cw_buffer present;     /* the one that stands there */
	bool is_there;		      /* it does */
	bool cut_short;		      /* and is what an import wrote that was killed then */
	struct cw_record last;	      /* of the import before */
	struct cw_record begun;	      /* of one that was killed */
	const struct cw_record *from; /* which of them the present file was written from */
	struct cw_record now;
	struct cw_output *output;
	struct cw_error *error;
};

static bool exists(const char *folder, const char *name)
{
	AUTO(free) char *path = cw_file_path(folder, name);
	return path && access(path, F_OK) == 0;
}

static bool read_file(const char *folder, const char *name, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, name);
	if (!path)
		return cw_error_memory(error);
	return cw_file_read(path, CW_DEPLOYMENT_FILE_MAX, ret, error);
}

static bool write_file(struct writing *writing, const char *name, const void *data, size_t length)
{
	AUTO(free) char *path = cw_file_path(writing->folder, name);
	AUTO(free) char *parent = path ? cw_file_folder(path) : NULL;
	if (!parent)
		return cw_error_memory(writing->error);
	if (!cw_file_make_folder(parent, writing->error))
		return false;
	cw_lock_sweep_beside(path);
	return cw_file_write(path, data, length, 0644, writing->error);
}

/* --- the last import --- */

/*
 * An import that is killed can be given again. Before it changes a file it writes its record as BEGUN, with the hash
 * of the deployment.yaml that it is about to write; at the end the record becomes RECORD, and BEGUN is removed. So
 * the next import knows which of the two records the file that it finds was written from: with that hash, or where no
 * import ever ended, it is BEGUN, else RECORD. Values that an import wrote are never taken for a person's.
 */

static bool hash(const void *data, size_t length, char ret[65])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	if (!EVP_Digest(data, length, digest, &size, EVP_sha256(), NULL) || size != 32)
		return false;
	for (unsigned i = 0; i < 32; i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
	return true;
}

static bool add_hash(struct writing *writing, const char *path, const struct cw_buffer *data)
{
	char text[65];
	return hash(cw_buffer_string(data), data->length, text) &&
			cw_document_values_add(&writing->now.files, path, text)
		? true
		: cw_error_memory(writing->error);
}

static bool load_record(struct writing *writing, const char *name, struct cw_record *ret)
{
	AUTO_BUFFER json = {0};
	return read_file(writing->folder, name, &json, writing->error) &&
		cw_record_read(name, cw_buffer_string(&json), json.length, ret, writing->error);
}

/* What a killed import began becomes the last one, before the present import begins its own. */
static bool take_over(struct writing *writing)
{
	AUTO_BUFFER json = {0};
	writing->from = &writing->begun;
	return read_file(writing->folder, BEGUN, &json, writing->error) &&
		write_file(writing, RECORD, json.data, json.length);
}

static bool load_begun(struct writing *writing)
{
	char present[65];
	if (!load_record(writing, BEGUN, &writing->begun))
		return false;
	if (!hash(cw_buffer_string(&writing->present), writing->present.length, present))
		return cw_error_memory(writing->error);
	const char *wanted = cw_document_values_find(&writing->begun.files, YAML);
	writing->cut_short = wanted && strcmp(wanted, present) == 0;
	return !writing->cut_short && writing->output->again ? true : take_over(writing);
}

static bool load_last(struct writing *writing)
{
	bool begun = exists(writing->folder, BEGUN);
	writing->from = &writing->last;
	writing->is_there = exists(writing->folder, YAML);
	if (!writing->is_there)
		return true;
	writing->output->again = exists(writing->folder, RECORD);
	if (!writing->output->again && !begun)
		return cw_error_set(writing->error, CW_E_USAGE,
			"%s holds a deployment.yaml that no import wrote; choose another folder, or move it away",
			writing->folder);
	return read_file(writing->folder, YAML, &writing->present, writing->error) &&
		(!writing->output->again || load_record(writing, RECORD, &writing->last)) &&
		(!begun || load_begun(writing));
}

static bool keep_edits(struct writing *writing)
{
	AUTO_PROBLEMS problems = {0};
	AUTO_YAML tree = {0};
	if (!writing->is_there)
		return true;
	if (!cw_yaml_tree_read(
		    cw_buffer_string(&writing->present), writing->present.length, &tree, &problems))
		return problems.no_memory
			? cw_error_memory(writing->error)
			: cw_error_set(writing->error, CW_E_YAML,
				  "%s/deployment.yaml: cannot be read as YAML, so that its edits cannot be kept; "
				  "\"causeway check\" says where",
				  writing->folder);
	AUTO(cw_document_free) struct cw_document *current = cw_document_of_yaml(&tree);
	return current &&
			cw_document_keep(
				writing->document, current, &writing->from->values, &writing->output->kept)
		? true
		: cw_error_memory(writing->error);
}

/* --- what is new --- */

static bool tell_changes(struct writing *writing)
{
	const struct cw_document_values *old = &writing->last.values;
	const struct cw_document_values *new = &writing->now.values;
	struct cw_strings *changed = &writing->output->changed;
	bool fine = true;
	for (size_t i = 0; i < new->count &&fine; i++) {
		const char *before = cw_document_values_find(old, new->items[i].path);
		if (!before)
			fine = cw_strings_addf(
				changed, "%s: new, %s", new->items[i].path + 1, new->items[i].text);
		else if (strcmp(before, new->items[i].text) != 0)
			fine = cw_strings_addf(
				changed, "%s: %s -> %s", new->items[i].path + 1, before, new->items[i].text);
	}
	for (size_t i = 0; i < old->count && fine; i++)
		if (!cw_document_values_find(new, old->items[i].path))
			fine = cw_strings_addf(
				changed, "%s: gone, was %s", old->items[i].path + 1, old->items[i].text);
	return fine ? true : cw_error_memory(writing->error);
}

static bool is_hash_in(const struct cw_record *record, const char *path, const char *text)
{
	const char *written = cw_document_values_find(&record->files, path);
	return written && strcmp(written, text) == 0;
}

/* A file that a person changed since the last import stays as it is. */
static bool write_one(struct writing *writing, const struct cw_describe_file *file)
{
	char there[65];
	const char *now = cw_document_values_find(&writing->now.files, file->path);
	const char *last = cw_document_values_find(&writing->last.files, file->path);
	const char *written = last ? last : cw_document_values_find(&writing->begun.files, file->path);
	AUTO_BUFFER present = {0};
	if (written && exists(writing->folder, file->path)) {
		if (!read_file(writing->folder, file->path, &present, writing->error))
			return false;
		if (!hash(cw_buffer_string(&present), present.length, there))
			return cw_error_memory(writing->error);
		if (!is_hash_in(&writing->last, file->path, there) &&
			!is_hash_in(&writing->begun, file->path, there) && strcmp(there, now) != 0)
			return cw_strings_add(&writing->output->kept, file->path)
				? true
				: cw_error_memory(writing->error);
		if (last && strcmp(last, now) != 0 &&
			!cw_strings_addf(&writing->output->changed, "%s: other content", file->path))
			return cw_error_memory(writing->error);
	}
	return write_file(writing, file->path, cw_buffer_string(&file->data), file->data.length);
}

static void write_questions(const struct cw_imported *imported, struct cw_buffer *ret)
{
	if (imported->question_count)
		cw_buffer_text(ret, "#\n# Still to be asked:\n");
	for (size_t i = 0; i < imported->question_count; i++) {
		const struct cw_imported_question *question = &imported->questions[i];
		cw_buffer_printf(ret, "#  %zu. %s\n", i + 1, question->text);
		for (const char *at = question->where; *at;) {
			size_t length = strcspn(at, "\n");
			cw_buffer_printf(ret, "#       %.*s\n", (int)length, at);
			at += length + (at[length] == '\n');
		}
	}
}

/* No source names them; the first line of every report is about them. */
static const char endpoints[] =
	"\n# Who signs in is in no source. Take the \"#\" away from what there is, and say what it trusts:\n"
	"# endpoints:\n"
	"#   - {name: laptop, kind: jabber, trust: system}\n"
	"#   - {name: room, kind: telepresence, trust: unknown}\n"
	"#   - {name: desk, kind: phone-8800, trust: unknown}\n";

static bool make_yaml(struct writing *writing)
{
	struct cw_buffer *yaml = &writing->yaml;
	cw_buffer_text(yaml,
		"# Made by `causeway import`. A comment behind a value says where it was found; what you change\n"
		"# here stays when you import again.\n");
	write_questions(writing->imported, yaml);
	cw_buffer_char(yaml, '\n');
	cw_document_write(writing->document, yaml);
	if (!cw_document_has(writing->document, "endpoints"))
		cw_buffer_text(yaml, endpoints);
	return cw_buffer_ok(yaml, writing->error) && add_hash(writing, YAML, yaml);
}

/* All that will be written, in memory: so that the record of it can be the first file. */
static bool make_all(struct writing *writing)
{
	if (!load_last(writing) ||
		!cw_describe_run(writing->imported, &writing->document, &writing->files, writing->error))
		return false;
	if (!cw_document_list(writing->document, &writing->now.values))
		return cw_error_memory(writing->error);
	if (!keep_edits(writing) || (writing->output->again && !tell_changes(writing)))
		return false;
	if (!cw_answered_drop(writing->imported, writing->document, &writing->output->kept))
		return cw_error_memory(writing->error);
	for (size_t i = 0; i < writing->files.count; i++)
		if (!add_hash(writing, writing->files.items[i].path, &writing->files.items[i].data))
			return false;
	return make_yaml(writing);
}

/* What an import wrote that was killed is nothing to keep, and neither is a file that stays the same: what a person
 * had before it would be lost. */
static bool write_before(struct writing *writing)
{
	const struct cw_buffer *present = &writing->present, *yaml = &writing->yaml;
	bool same = present->length == yaml->length &&
		memcmp(cw_buffer_string(present), cw_buffer_string(yaml), yaml->length) == 0;
	return !writing->is_there || writing->cut_short || same ||
		write_file(writing, BEFORE, present->data, present->length);
}

static bool remove_begun(struct writing *writing)
{
	AUTO(free) char *path = cw_file_path(writing->folder, BEGUN);
	return path ? cw_file_remove(path, writing->error) : cw_error_memory(writing->error);
}

static bool write_all(struct writing *writing)
{
	AUTO_BUFFER json = {0};
	if (!make_all(writing) || !cw_record_write(writing->imported, &writing->now, &json, writing->error) ||
		!write_file(writing, BEGUN, json.data, json.length) || !write_before(writing))
		return false;
	for (size_t i = 0; i < writing->files.count; i++)
		if (!write_one(writing, &writing->files.items[i]))
			return false;
	writing->output->files = writing->files.count;
	for (size_t i = 0; i < writing->imported->box_count; i++)
		writing->output->nodes += writing->imported->boxes[i].group != CW_IMPORTED_NONE;
	return write_file(writing, YAML, writing->yaml.data, writing->yaml.length) &&
		write_file(writing, RECORD, json.data, json.length) && remove_begun(writing);
}

bool cw_output_write(
	struct cw_imported *imported, const char *folder, struct cw_output *ret, struct cw_error *error)
{
	struct writing writing = {.imported = imported, .folder = folder, .output = ret, .error = error};
	*ret = (struct cw_output){0};
	bool done = write_all(&writing);
	cw_document_free(writing.document);
	cw_describe_files_finish(&writing.files);
	cw_buffer_finish(&writing.yaml);
	cw_buffer_finish(&writing.present);
	cw_record_finish(&writing.last);
	cw_record_finish(&writing.begun);
	cw_record_finish(&writing.now);
	if (!done)
		cw_output_finish(ret);
	return done;
}
