#include "node/work/work_recover.h"

#include "base/file.h"
#include "node/work/node_work.h"
#include "workbench/install.h"

#include <string.h>
#include <unistd.h>

#define INSTALLING "installing"
#define UNCONFIRMED "unconfirmed"
#define KEPT "former/unconfirmed.yaml"
#define NOTE_MAX 16384
#define YAML_MAX (8 * 1024 * 1024)

bool cw_work_recover_note(const char *folder, const struct cw_node_files *files, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, INSTALLING);
	AUTO_BUFFER text = {0};
	if (!path)
		return cw_error_memory(error);
	if (strchr(files->certificate, '\n') || strchr(files->key, '\n'))
		return cw_error_set(error, CW_E_USAGE, "%s: a path with a line break", files->certificate);
	cw_buffer_printf(&text, "%s\n%s\n", files->certificate, files->key);
	return cw_buffer_ok(&text, error) &&
		cw_file_write(path, cw_buffer_string(&text), text.length, 0600, error);
}

static bool remove_note(const char *folder, const char *name, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, name);
	return path ? cw_file_remove(path, error) : cw_error_memory(error);
}

bool cw_work_recover_done(const char *folder, struct cw_error *error)
{
	return remove_note(folder, INSTALLING, error);
}

static bool read_note(
	const char *folder, const char *name, struct cw_buffer *ret, bool *there, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, name);
	*there = path && access(path, F_OK) == 0;
	if (!path)
		return cw_error_memory(error);
	return !*there || cw_file_read(path, NOTE_MAX, ret, error);
}

/* Two lines. What is none is no note of ours. */
static bool recover_upload(const char *folder, struct cw_strings *told, struct cw_error *error)
{
	AUTO_BUFFER note = {0};
	AUTO_NODE_FILES files = {0};
	bool there, undone;
	if (!read_note(folder, INSTALLING, &note, &there, error))
		return false;
	if (!there)
		return true;
	const char *first = cw_buffer_string(&note), *middle = strchr(first, '\n');
	const char *last = middle ? strchr(middle + 1, '\n') : NULL;
	if (!last)
		return cw_work_recover_done(folder, error);
	files.certificate = strndup(first, (size_t)(middle - first));
	files.key = strndup(middle + 1, (size_t)(last - middle - 1));
	if (!files.certificate || !files.key)
		return cw_error_memory(error);
	if (strcmp(files.certificate, files.key) == 0) /* one file, written in one step */
		return cw_work_recover_done(folder, error);
	if (!cw_install_undo(&files, &undone, error))
		return false;
	if (undone &&
		!cw_strings_addf(told,
			"%s: an upload was killed between certificate and key: the former key is back, and the "
			"certificate is to be uploaded again",
			files.key))
		return cw_error_memory(error);
	return cw_work_recover_done(folder, error);
}

/* --- what waits to be confirmed --- */

static bool copy_file(const char *folder, const char *from, const char *to, struct cw_error *error)
{
	AUTO(free) char *source = cw_file_path(folder, from);
	AUTO(free) char *target = cw_file_path(folder, to);
	AUTO_BUFFER content = {0};
	if (!source || !target)
		return cw_error_memory(error);
	return cw_file_read(source, YAML_MAX, &content, error) &&
		cw_file_write(target, cw_buffer_string(&content), content.length, 0600, error);
}

bool cw_work_recover_keep(const char *folder, cw_time until, struct cw_error *error)
{
	AUTO(free) char *former = cw_file_path(folder, "former");
	AUTO(free) char *path = cw_file_path(folder, UNCONFIRMED);
	char text[CW_TIME_TEXT_SIZE];
	if (!former || !path)
		return cw_error_memory(error);
	cw_time_format(until, text);
	return cw_file_make_folder(former, error) && copy_file(folder, "node.yaml", KEPT, error) &&
		cw_file_write(path, text, strlen(text), 0600, error);
}

bool cw_work_recover_confirm(const char *folder, struct cw_error *error)
{
	return remove_note(folder, UNCONFIRMED, error) && remove_note(folder, KEPT, error);
}

bool cw_work_recover_undo(const char *folder, bool *ret_undone, struct cw_error *error)
{
	AUTO_BUFFER note = {0};
	if (!read_note(folder, UNCONFIRMED, &note, ret_undone, error))
		return false;
	return !*ret_undone ||
		(copy_file(folder, KEPT, "node.yaml", error) && cw_work_recover_confirm(folder, error));
}

bool cw_node_work_recover(const char *folder, struct cw_strings *told, struct cw_error *error)
{
	bool undone;
	if (!recover_upload(folder, told, error) || !cw_work_recover_undo(folder, &undone, error))
		return false;
	return !undone ||
		cw_strings_add(told,
			"a change that was not confirmed was taken back: node.yaml is the former one") ||
		cw_error_memory(error);
}
