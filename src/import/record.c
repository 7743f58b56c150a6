#include "import/record.h"

#include <jansson.h>
#include <string.h>

CW_DEFINE_AUTO(json_t *, json_decref)

void cw_record_finish(struct cw_record *record)
{
	cw_document_values_finish(&record->values);
	cw_document_values_finish(&record->files);
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *sources_json(const struct cw_imported *imported)
{
	const struct cw_evidence *evidence = imported->evidence;
	json_t *list = json_array();
	for (size_t i = 0; i < evidence->source_count; i++) {
		char time[CW_TIME_TEXT_SIZE];
		const struct cw_evidence_source *source = &evidence->sources[i];
		size_t box = imported->source_box[i];
		const char *node = box == CW_IMPORTED_NONE ? NULL : imported->boxes[box].fqdn;
		const char *when = source->time ? cw_time_format(source->time, time) : NULL;
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:o, s:o}", "file", source->shown, "kind",
				cw_sniff_word(source->kind), "node", text_or_null(node), "time",
				text_or_null(when)));
	}
	return list;
}

static json_t *nodes_json(const struct cw_imported *imported)
{
	json_t *list = json_array();
	for (size_t i = 0; i < imported->box_count; i++)
		if (imported->boxes[i].fqdn && imported->boxes[i].group != CW_IMPORTED_NONE)
			json_array_append_new(list, json_string(imported->boxes[i].fqdn));
	return list;
}

static json_t *questions_json(const struct cw_imported *imported)
{
	json_t *list = json_array();
	for (size_t i = 0; i < imported->question_count; i++)
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s}", "key", imported->questions[i].key, "question",
				imported->questions[i].text, "where", imported->questions[i].where));
	return list;
}

static json_t *conflicts_json(const struct cw_imported *imported)
{
	json_t *list = json_array();
	for (size_t i = 0; i < imported->conflict_count; i++) {
		const struct cw_imported_conflict *conflict = &imported->conflicts[i];
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:[s, s]}", "key", conflict->key, "taken", conflict->taken,
				"left", conflict->left, "sources", conflict->taken_at, conflict->left_at));
	}
	return list;
}

static void append_notes(json_t *list, const struct cw_evidence_notes *notes, const char *word)
{
	for (size_t i = 0; i < notes->count; i++)
		json_array_append_new(list,
			json_pack("{s:s, s:s}", "file", notes->items[i].file, word, notes->items[i].text));
}

static json_t *values_json(const struct cw_document_values *values)
{
	json_t *map = json_object();
	for (size_t i = 0; i < values->count; i++)
		json_object_set_new(map, values->items[i].path, json_string(values->items[i].text));
	return map;
}

static int append_text(const char *text, size_t length, void *buffer)
{
	cw_buffer_append(buffer, text, length);
	return 0;
}

bool cw_record_write(const struct cw_imported *imported, const struct cw_record *record,
	struct cw_buffer *ret, struct cw_error *error)
{
	json_t *not_placed = json_array();
	json_t *dropped = json_array();
	append_notes(not_placed, &imported->not_placed, "why");
	append_notes(not_placed, &imported->evidence->unused, "why");
	append_notes(dropped, &imported->evidence->dropped, "what");
	AUTO(json_decref)
	json_t *root = json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "causeway", 1, "sources",
		sources_json(imported), "nodes", nodes_json(imported), "questions", questions_json(imported),
		"conflicts", conflicts_json(imported), "not_placed", not_placed, "dropped", dropped,
		"written", values_json(&record->values), "files", values_json(&record->files));
	if (!root || json_dump_callback(root, append_text, ret, JSON_INDENT(1)) != 0)
		return cw_error_memory(error);
	cw_buffer_char(ret, '\n');
	return cw_buffer_ok(ret, error);
}

static bool read_values(const json_t *map, struct cw_document_values *ret)
{
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)map, key, value) if (json_is_string(value) &&
		!cw_document_values_add(ret, key, json_string_value(value))) return false;
	return true;
}

bool cw_record_read(
	const char *name, const char *json, size_t length, struct cw_record *ret, struct cw_error *error)
{
	json_error_t trouble;
	AUTO(json_decref) json_t *root = json_loadb(json, length, 0, &trouble);
	if (!root || !json_is_object(json_object_get(root, "written")))
		return cw_error_set(error, CW_E_FORMAT,
			"%s: not as an import writes it; move it and deployment.yaml away to begin anew",
			name);
	return read_values(json_object_get(root, "written"), &ret->values) &&
			read_values(json_object_get(root, "files"), &ret->files)
		? true
		: cw_error_memory(error);
}
