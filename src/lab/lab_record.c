#include "lab/lab_record.h"

#include "base/file.h"

#include <jansson.h>
#include <string.h>

/* Against a file that somebody put there: all faults together have 3 kB. */
#define RECORD_MAX (64 * 1024)
#define FAULTS_MAX 200

CW_DEFINE_AUTO(json_t *, json_decref)

void cw_lab_record_finish(struct cw_lab_record *record)
{
	cw_strings_finish(&record->faults);
}

static const char *const sizes[] = {"small", "cluster", "large"};

bool cw_lab_record_write(const char *folder, const struct cw_lab_options *options, struct cw_error *error)
{
	char at[CW_TIME_TEXT_SIZE];
	AUTO(free) char *path = cw_file_path(folder, CW_LAB_RECORD_FILE);
	AUTO(json_decref) json_t *faults = json_array();
	for (size_t i = 0; i < options->fault_count; i++)
		if (json_array_append_new(faults, json_string(options->faults[i])) != 0)
			return cw_error_memory(error);
	AUTO(json_decref)
	json_t *record = json_pack("{s:i,s:s,s:s,s:s,s:b,s:O}", "causeway", 1, "size", sizes[options->size],
		"key", options->key ? options->key : "rsa", "at", cw_time_format(options->at, at), "comments",
		options->comments, "faults", faults);
	AUTO(free) char *text = record ? json_dumps(record, JSON_COMPACT) : NULL;
	AUTO_BUFFER line = {0};
	if (!text || !path)
		return cw_error_memory(error);
	cw_buffer_printf(&line, "%s\n", text);
	return cw_buffer_ok(&line, error) && cw_file_write(path, line.data, line.length, 0644, error);
}

static bool take_faults(const json_t *faults, struct cw_lab_record *ret, struct cw_error *error)
{
	size_t i;
	json_t *fault;
	if (!json_is_array(faults) || json_array_size(faults) > FAULTS_MAX)
		return cw_error_set(error, CW_E_USAGE, "is no record of a lab");
	json_array_foreach(faults, i, fault)
	{
		if (!json_is_string(fault))
			return cw_error_set(error, CW_E_USAGE, "is no record of a lab");
		if (!cw_strings_add(&ret->faults, json_string_value(fault)))
			return cw_error_memory(error);
	}
	return true;
}

static bool take(const json_t *record, struct cw_lab_record *ret, struct cw_error *error)
{
	const char *size = json_string_value(json_object_get(record, "size"));
	const char *key = json_string_value(json_object_get(record, "key"));
	const char *at = json_string_value(json_object_get(record, "at"));
	if (json_integer_value(json_object_get(record, "causeway")) != 1 || !size || !key || !at ||
		strlen(key) >= sizeof ret->key)
		return cw_error_set(error, CW_E_USAGE, "is no record of a lab");
	if (!take_faults(json_object_get(record, "faults"), ret, error))
		return false;
	snprintf(ret->key, sizeof ret->key, "%s", key);
	ret->options.key = ret->key;
	ret->options.comments = json_is_true(json_object_get(record, "comments"));
	ret->options.faults = (const char *const *)ret->faults.items;
	ret->options.fault_count = ret->faults.count;
	return cw_lab_size_from_name(size, &ret->options.size, error) &&
		cw_time_parse(at, 0, &ret->options.at, error) && cw_lab_check(&ret->options, error);
}

bool cw_lab_record_read(const char *folder, struct cw_lab_record *ret, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	json_error_t where;
	AUTO(free) char *path = cw_file_path(folder, CW_LAB_RECORD_FILE);
	*ret = (struct cw_lab_record){.options = {.folder = folder}};
	if (!path)
		return cw_error_memory(error);
	if (!cw_file_read(path, RECORD_MAX, &text, error))
		return cw_error_set(error, CW_E_USAGE,
			"%s: wanted a folder that \"causeway lab new\" made: only there can faults be planted and "
			"taken out again",
			folder);
	AUTO(json_decref) json_t *record = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &where);
	if (!record)
		return cw_error_set(error, CW_E_USAGE, "%s:%d: %s", path, where.line, where.text);
	return take(record, ret, error) ? true : cw_error_prefix(error, "%s", path);
}
