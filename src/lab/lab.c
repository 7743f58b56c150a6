#include "lab/lab.h"

#include "base/file.h"
#include "lab/lab_build.h"
#include "lab/lab_faults.h"
#include "lab/lab_realise.h"
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
static bool write_all(
	const struct cw_lab_plan *plan, const struct cw_lab_options *options, struct cw_error *error)
{
	AUTO(free) char *unfinished = marker(options->folder, error);
	return unfinished && cw_file_write(unfinished, "", 0, 0644, error) &&
		cw_lab_write_all(plan, options, options->folder, error) && cw_file_remove(unfinished, error);
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

bool cw_lab_new(const struct cw_lab_options *options, struct cw_error *error)
{
	AUTO_LAB_PLAN plan = {0};
	return cw_lab_check(options, error) && cw_lab_build(&plan, options, error) &&
		make_empty_folder(options->folder, error) && cw_lab_realise(&plan, options, error) &&
		write_all(&plan, options, error);
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
