#include "labrun/lab_files.h"

#include "base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Against a file that is none of a lab's. */
#define FILE_MAX (16 * 1024 * 1024)

static void close_folder(DIR *folder)
{
	if (folder)
		closedir(folder);
}

CW_DEFINE_AUTO(DIR *, close_folder)

/* A walk over node.yaml and the files of certs/. */
typedef bool visit(void *context, const char *name, struct cw_error *error);

static bool walk(const char *node, visit *each, void *context, struct cw_error *error)
{
	const struct dirent *entry;
	AUTO(free) char *path = cw_file_path(node, "certs");
	if (!path)
		return cw_error_memory(error);
	AUTO(close_folder) DIR *folder = opendir(path);
	if (!each(context, "node.yaml", error))
		return false;
	while (folder && (entry = readdir(folder))) {
		AUTO(free) char *name = cw_file_path("certs", entry->d_name);
		if (!name)
			return cw_error_memory(error);
		if (entry->d_type == DT_REG && !each(context, name, error))
			return false;
	}
	return true;
}

struct copying {
	const char *from, *to, *last; /* `last`: or NULL: everything is copied */
	struct cw_lab_files_change *change;
};

static bool copy_file(const char *from, const char *to, struct cw_error *error)
{
	AUTO_BUFFER content = {0};
	struct stat status;
	AUTO(free) char *parent = cw_file_folder(to);
	if (!parent)
		return cw_error_memory(error);
	if (stat(from, &status) != 0)
		return true; /* it has none */
	return cw_file_read(from, FILE_MAX, &content, error) && cw_file_make_folder(parent, error) &&
		cw_file_write(to, cw_buffer_string(&content), content.length, status.st_mode & 0777, error);
}

static bool same_file(const char *one, const char *other)
{
	AUTO_BUFFER first = {0}, second = {0};
	struct cw_error ignored;
	return cw_file_read(one, FILE_MAX, &first, &ignored) &&
		cw_file_read(other, FILE_MAX, &second, &ignored) && first.length == second.length &&
		memcmp(cw_buffer_string(&first), cw_buffer_string(&second), first.length) == 0;
}

static bool copy_one(void *context, const char *name, struct cw_error *error)
{
	const struct copying *copying = context;
	AUTO(free) char *from = cw_file_path(copying->from, name), *to = cw_file_path(copying->to, name);
	AUTO(free) char *last = copying->last ? cw_file_path(copying->last, name) : NULL;
	if (!from || !to || (copying->last && !last))
		return cw_error_memory(error);
	if (last && same_file(from, last))
		return true;
	if (copying->change) {
		copying->change->files++;
		copying->change->certified |=
			strcmp(name, "node.yaml") != 0 && !strstr(name, "trust") && !strstr(name, "crl");
	}
	return copy_file(from, to, error);
}

bool cw_lab_files_copy(const char *from, const char *to, struct cw_error *error)
{
	struct copying copying = {.from = from, .to = to};
	return walk(from, copy_one, &copying, error);
}

static char *made_folder(const char *folder, const char *fqdn, struct cw_error *error)
{
	AUTO_BUFFER path = {0};
	cw_buffer_printf(&path, "%s/.lab/made/%s", folder, fqdn);
	return cw_buffer_ok(&path, error) ? cw_buffer_steal(&path) : NULL;
}

bool cw_lab_files_note(const char *folder, const struct cw_lab_folders *folders, struct cw_error *error)
{
	for (size_t i = 0; i < folders->count; i++) {
		AUTO(free) char *to = made_folder(folder, folders->items[i].node->fqdn, error);
		if (!to || !cw_lab_files_copy(folders->items[i].path, to, error))
			return false;
	}
	return true;
}

bool cw_lab_files_apply(const char *folder, const struct cw_lab_folders *made,
	struct cw_lab_files_change *ret, struct cw_error *error)
{
	for (size_t i = 0; i < made->count; i++) {
		const char *fqdn = made->items[i].node->fqdn;
		AUTO(free) char *last = made_folder(folder, fqdn, error);
		AUTO(free) char *to = cw_file_path(folder, fqdn);
		ret[i] = (struct cw_lab_files_change){0};
		if (!last || !to)
			return cw_error_memory(error);
		if (*made->items[i].trouble)
			continue;
		struct copying copying = {
			.from = made->items[i].path, .to = to, .last = last, .change = &ret[i]};
		if (!walk(made->items[i].path, copy_one, &copying, error))
			return false;
		cw_file_remove_folder(last);
		if (!cw_lab_files_copy(made->items[i].path, last, error))
			return false;
	}
	return true;
}
