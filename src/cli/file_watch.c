#include "cli/file_watch.h"

#include "base/file.h"

#include <errno.h>
#include <fts.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define QUIET_MS 300
#define SETTLE_ROUNDS_MAX 100 /* against a file that is written all the time */
#define EVENTS (IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ONLYDIR)

void cw_file_watch_close(struct cw_file_watch *watch)
{
	if (watch->file >= 0)
		close(watch->file);
	watch->file = -1;
}

static bool add_folder(struct cw_file_watch *watch, const char *path, struct cw_error *error)
{
	const char *folder = *path ? path : ".";
	if (watch->folders >= CW_FILE_WATCH_FOLDERS_MAX)
		return cw_error_set(error, CW_E_LIMIT,
			"%s: more than %d folders below it; put the deployment into a folder of its own",
			folder, CW_FILE_WATCH_FOLDERS_MAX);
	if (inotify_add_watch(watch->file, folder, EVENTS) >= 0)
		watch->folders++;
	else if (errno != ENOENT && errno != ENOTDIR)
		return cw_error_set(error, CW_E_IO, "%s: cannot watch: %s", folder, strerror(errno));
	return true;
}

static bool add_tree(struct cw_file_watch *watch, const char *folder, struct cw_error *error)
{
	char *const roots[] = {(char *)(*folder ? folder : "."), NULL};
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
	if (!tree)
		return cw_error_set(error, CW_E_IO, "%s: cannot read: %s", roots[0], strerror(errno));
	bool good = true;
	for (FTSENT *entry = fts_read(tree); good && entry; entry = fts_read(tree))
		if (entry->fts_info == FTS_D)
			good = add_folder(watch, entry->fts_path, error);
	fts_close(tree);
	return good;
}

static bool is_folder(const char *path)
{
	struct stat found;
	return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

bool cw_file_watch_open(const char *path, struct cw_file_watch *ret, struct cw_error *error)
{
	AUTO(free) char *folder = is_folder(path) ? strdup(path) : cw_file_folder(path);
	struct cw_file_watch watch = {.file = inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
	if (watch.file < 0)
		return cw_error_set(error, CW_E_IO, "inotify: %s", strerror(errno));
	if (!folder || !add_tree(&watch, folder, error)) {
		cw_file_watch_close(&watch);
		return folder ? false : cw_error_memory(error);
	}
	*ret = watch;
	return true;
}

/* `path` as typed in the deployment file: a file or a folder. */
static bool add_path(struct cw_file_watch *watch, const struct cw_deployment *deployment, const char *path,
	struct cw_error *error)
{
	AUTO(free) char *whole = path ? cw_file_path(deployment->folder, path) : NULL;
	if (!path)
		return true;
	if (!whole)
		return cw_error_memory(error);
	AUTO(free) char *folder = is_folder(whole) ? strdup(whole) : cw_file_folder(whole);
	return folder ? add_folder(watch, folder, error) : cw_error_memory(error);
}

static bool add_paths(struct cw_file_watch *watch, const struct cw_deployment *deployment,
	const struct cw_strings *paths, struct cw_error *error)
{
	for (size_t i = 0; i < paths->count; i++)
		if (!add_path(watch, deployment, paths->items[i], error))
			return false;
	return true;
}

static bool add_node(struct cw_file_watch *watch, const struct cw_deployment *deployment,
	const struct cw_node *node, struct cw_error *error)
{
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (!add_path(watch, deployment, node->identities[i].path, error) ||
			!add_path(watch, deployment, node->identities[i].key_path, error))
			return false;
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++)
		if (!add_paths(watch, deployment, &node->stores[i].paths, error))
			return false;
	return add_paths(watch, deployment, &node->crl_paths, error);
}

bool cw_file_watch_add(
	struct cw_file_watch *watch, const struct cw_deployment *deployment, struct cw_error *error)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			if (!add_node(watch, deployment, deployment->groups[i]->nodes[k], error))
				return false;
	for (size_t i = 0; i < deployment->endpoint_count; i++)
		if (!add_paths(watch, deployment, &deployment->endpoints[i].trust.paths, error))
			return false;
	return !deployment->front || add_node(watch, deployment, deployment->front, error);
}

/* True: something came within `timeout` milliseconds. All of it is read and dropped. */
static bool take_events(const struct cw_file_watch *watch, int timeout)
{
	struct pollfd poller = {.fd = watch->file, .events = POLLIN};
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	if (poll(&poller, 1, timeout) <= 0)
		return false;
	while (read(watch->file, events, sizeof events) > 0)
		;
	return true;
}

bool cw_file_watch_wait(struct cw_file_watch *watch, cw_time seconds, bool *changed, struct cw_error *error)
{
	if (watch->file < 0)
		return cw_error_set(error, CW_E_IO, "inotify: not open");
	*changed = take_events(watch, (int)(seconds * 1000));
	for (int round = 0; *changed && round < SETTLE_ROUNDS_MAX && take_events(watch, QUIET_MS); round++)
		;
	return true;
}
