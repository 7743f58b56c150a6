#include "base/file.h"
#include "base/unopened.h"
#include "workbench/list/append.h"

#include <dirent.h>
#include <string.h>

/* Against a folder that holds something else altogether. */
#define FILES_MAX 10000

void cw_append_bundles_free(struct cw_bundle *bundles, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cw_bundle_finish(&bundles[i]);
	free(bundles);
}

static int by_name(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static bool list_names(const char *folder, struct cw_strings *names, struct cw_error *error)
{
	DIR *stream = opendir(folder);
	if (!stream)
		return cw_unopened_error(error, folder);
	bool good = true;
	const struct dirent *entry;
	while (good && (entry = readdir(stream)) && names->count < FILES_MAX)
		if (entry->d_name[0] != '.' && entry->d_type != DT_DIR)
			good = cw_strings_add(names, entry->d_name);
	closedir(stream);
	if (!good)
		return cw_error_memory(error);
	if (names->count)
		qsort(names->items, names->count, sizeof *names->items, by_name);
	return true;
}

static bool read_one(const char *path, struct cw_pool *pool, struct cw_bundle *bundles, size_t *count,
	struct cw_strings *skipped, struct cw_error *error)
{
	struct cw_bundle *bundle = &bundles[*count];
	struct cw_error why;
	*bundle = (struct cw_bundle){0};
	if (!cw_bundle_read(path, path, NULL, pool, bundle, &why)) {
		if (why.code == CW_E_MEMORY)
			return cw_error_memory(error);
		return cw_strings_add(skipped, why.message) || cw_error_memory(error);
	}
	if (bundle->count) {
		++*count;
		return true;
	}
	cw_bundle_finish(bundle);
	return cw_strings_addf(skipped, "%s: holds no certificate", path) || cw_error_memory(error);
}

bool cw_append_folder(const char *folder, struct cw_pool *pool, struct cw_bundle **ret, size_t *count,
	struct cw_strings *skipped, struct cw_error *error)
{
	AUTO_STRINGS names = {0};
	if (!list_names(folder, &names, error))
		return false;
	struct cw_bundle *bundles = calloc(names.count ? names.count : 1, sizeof *bundles);
	size_t read = 0;
	bool good = bundles || cw_error_memory(error);
	for (size_t i = 0; good && i < names.count; i++) {
		AUTO(free) char *path = cw_file_path(folder, names.items[i]);
		good = path ? read_one(path, pool, bundles, &read, skipped, error) : cw_error_memory(error);
	}
	if (good && !read)
		good = cw_error_set(error, CW_E_USAGE, "%s: none of its files holds a certificate", folder);
	if (!good) {
		cw_append_bundles_free(bundles, bundles ? read : 0);
		return false;
	}
	*ret = bundles;
	*count = read;
	return true;
}
