#include "pki/bundle/bundle_folder.h"

#include "base/file.h"
#include "base/folder.h"
#include "pki/bundle/bundle.h"

#include <stdlib.h>
#include <unistd.h>

void cw_bundle_folder_finish(struct cw_bundle_folder *folder)
{
	cw_strings_finish(&folder->files);
	cw_strings_finish(&folder->notes);
}

/* What cannot be read holds none; who reads it for its content says why. */
static bool find_certificates(
	const struct cw_strings *files, const char *password, bool *ret, struct cw_error *error)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	if (!pool)
		return cw_error_memory(error);
	for (size_t i = 0; i < files->count; i++) {
		AUTO_BUNDLE bundle = {0};
		struct cw_error why;
		ret[i] = cw_bundle_read(files->items[i], files->items[i], password, pool, &bundle, &why) &&
			bundle.count;
	}
	return true;
}

static bool sort_by_number(struct cw_bundle_folder *folder, const char *password, struct cw_error *error)
{
	bool numbered;
	AUTO(free) bool *certificates = calloc(folder->files.count + 1, sizeof *certificates);
	if (!certificates)
		return cw_error_memory(error);
	if (!find_certificates(&folder->files, password, certificates, error) ||
		!cw_folder_sort_numbers(&folder->files, certificates, &numbered, &folder->notes, error))
		return false;
	folder->numbered = numbered;
	folder->ordered |= numbered;
	return true;
}

bool cw_bundle_folder_open(
	const char *path, const char *password, struct cw_bundle_folder *ret, struct cw_error *error)
{
	AUTO_BUNDLE_FOLDER folder = {0};
	AUTO(free) char *order = cw_file_path(path, CW_FOLDER_ORDER);
	if (!order)
		return cw_error_memory(error);
	if (!cw_folder_files(path, &folder.files, &folder.ordered, error))
		return false;
	if (access(order, F_OK) != 0 && cw_folder_has_numbers(&folder.files) &&
		!sort_by_number(&folder, password, error))
		return false;
	*ret = folder;
	folder = (struct cw_bundle_folder){0};
	return true;
}
