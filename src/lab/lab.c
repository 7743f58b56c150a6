#include "lab/lab.h"

#include "base/file.h"
#include "lab/lab_comments.h"
#include "lab/lab_faults.h"
#include "lab/lab_lists.h"
#include "lab/lab_realise.h"
#include "lab/lab_sizes.h"
#include "lab/lab_write.h"

#include <dirent.h>
#include <string.h>

/* Stands in the folder as long as the lab is not whole: what a command left that was killed is made anew. */
#define UNFINISHED ".causeway-unfinished"

/* What Causeway itself puts into a folder has a dot in front: its lock, its drafts. */
static bool is_empty(DIR *folder, bool *unfinished)
{
	const struct dirent *entry;
	bool empty = true;
	*unfinished = false;
	while ((entry = readdir(folder))) {
		*unfinished |= strcmp(entry->d_name, UNFINISHED) == 0;
		empty = empty &&
			(strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
				strncmp(entry->d_name, ".causeway", 9) == 0);
	}
	return empty;
}

static bool write_text(
	const char *folder, const char *name, const struct cw_buffer *text, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, name);
	if (!path)
		return cw_error_memory(error);
	return cw_buffer_ok(text, error) && cw_file_write(path, text->data, text->length, 0644, error);
}

/* Never over anything: a lab is made of dozens of files, some of them keys. */
static bool make_empty_folder(const char *path, struct cw_error *error)
{
	if (!cw_file_make_folder(path, error))
		return false;
	DIR *folder = opendir(path);
	if (!folder)
		return cw_error_set(error, CW_E_IO, "%s: cannot read this folder", path);
	bool unfinished, empty = is_empty(folder, &unfinished);
	closedir(folder);
	if (!empty && !unfinished)
		return cw_error_set(
			error, CW_E_USAGE, "%s: is not empty; wanted a folder of its own for the lab", path);
	return true;
}

static char *marker(const char *folder, struct cw_error *error)
{
	char *path = cw_file_path(folder, UNFINISHED);
	if (!path)
		cw_error_memory(error);
	return path;
}

/* Killed before the last line of this, the same command can be given again. */
static bool write_all(const struct cw_lab_plan *plan, const struct cw_lab_options *options,
	const struct cw_buffer *yaml, const struct cw_buffer *readme, struct cw_error *error)
{
	AUTO(free) char *unfinished = marker(options->folder, error);
	return unfinished && cw_file_write(unfinished, "", 0, 0644, error) &&
		cw_lab_write_files(plan, options->folder, error) &&
		write_text(options->folder, "README", readme, error) &&
		write_text(options->folder, "deployment.yaml", yaml, error) &&
		cw_file_remove(unfinished, error);
}

bool cw_lab_check(const struct cw_lab_options *options, struct cw_error *error)
{
	const char *key = options->key ? options->key : "rsa";
	if (strcmp(key, "rsa") != 0 && strcmp(key, "ec") != 0)
		return cw_error_set(error, CW_E_USAGE, "unknown kind of key \"%s\"; wanted rsa or ec", key);
	for (size_t i = 0; i < options->fault_count; i++)
		if (!cw_lab_fault_row(options->faults[i]))
			return cw_lab_fault_unknown(options->faults[i], error);
	return true;
}

static enum cw_lab_size size_for(const struct cw_lab_options *options)
{
	for (size_t i = 0; i < options->fault_count; i++)
		if (options->size == CW_LAB_SMALL && cw_lab_fault_row(options->faults[i])->fault.cluster)
			return CW_LAB_CLUSTER;
	return options->size;
}

/* Planted once, however often it is asked for. */
static bool is_repeated(const struct cw_lab_options *options, size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (strcmp(options->faults[i], options->faults[place]) == 0)
			return true;
	return false;
}

static void plant(struct cw_lab_plan *plan, const struct cw_lab_options *options, bool shape)
{
	for (size_t i = 0; i < options->fault_count; i++) {
		const struct cw_lab_fault_row *row = cw_lab_fault_row(options->faults[i]);
		cw_lab_change change = shape ? row->shape : row->lists;
		if (change && !is_repeated(options, i))
			change(plan);
	}
}

static bool build(struct cw_lab_plan *plan, const struct cw_lab_options *options, struct cw_error *error)
{
	plan->at = options->at;
	plan->key_kind = options->key ? options->key : "rsa";
	cw_lab_size_build(plan, size_for(options));
	plant(plan, options, true);
	if (!cw_lab_plan_ok(plan, error))
		return false;
	cw_lab_lists_fill(plan);
	plant(plan, options, false);
	return cw_lab_plan_ok(plan, error);
}

/* What this is, and a line for each planted fault. */
static void write_readme(
	const struct cw_lab_plan *plan, const struct cw_lab_options *options, struct cw_buffer *ret)
{
	char text[CW_TIME_TEXT_SIZE];
	cw_buffer_printf(ret,
		"A deployment made by `causeway lab new`, sound as of %s but for the faults below.\n"
		"`causeway check deployment.yaml` judges it; ca/ holds the CAs, for `causeway ca sign`.\n"
		"No key here protects anything.\n\n",
		cw_time_format(plan->at, text));
	for (size_t i = 0; i < options->fault_count; i++) {
		const struct cw_lab_fault *fault = cw_lab_fault_find(options->faults[i]);
		if (!fault)
			continue;
		cw_buffer_printf(ret, "%s: %s\n    Shows on: %s.", fault->code, fault->plants, fault->shows);
		if (*fault->companions)
			cw_buffer_printf(ret, " Brings along: %s.", fault->companions);
		cw_buffer_char(ret, '\n');
	}
	if (!options->fault_count)
		cw_buffer_text(ret, "No faults: everything passes.\n");
}

bool cw_lab_new(const struct cw_lab_options *options, struct cw_error *error)
{
	AUTO_LAB_PLAN plan = {0};
	AUTO_BUFFER yaml = {0};
	AUTO_BUFFER commented = {0};
	AUTO_BUFFER readme = {0};
	if (!cw_lab_check(options, error) || !build(&plan, options, error) ||
		!make_empty_folder(options->folder, error) || !cw_lab_realise(&plan, options, error))
		return false;
	write_readme(&plan, options, &readme);
	if (!cw_lab_write_yaml(&plan, &yaml, error))
		return false;
	if (options->comments)
		cw_lab_comments(&yaml, &commented);
	return write_all(&plan, options, options->comments ? &commented : &yaml, &readme, error);
}

bool cw_lab_size_from_name(const char *name, enum cw_lab_size *ret, struct cw_error *error)
{
	static const char *const names[] = {"small", "cluster", "large"};
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*ret = i;
		return true;
	}
	return cw_error_set(error, CW_E_USAGE, "unknown size \"%s\"; wanted small, cluster or large", name);
}
