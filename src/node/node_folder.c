#include "node/node_folder.h"

#include "base/file.h"
#include "node/migrate/node_migrate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSION_MAX 64

void cw_node_folder_finish(struct cw_node_folder *folder)
{
	if (folder->lock >= 0)
		close(folder->lock);
	if (folder->run >= 0)
		close(folder->run);
	free(folder->path);
	free(folder->former);
	*folder = CW_NODE_FOLDER_NONE;
}

static bool make_part(const char *folder, const char *name, mode_t mode, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, name);
	if (!path)
		return cw_error_memory(error);
	if (mkdir(path, mode) != 0 && errno != EEXIST)
		return cw_error_set(error, CW_E_IO, "%s: cannot be made: %s", path, strerror(errno));
	return chmod(path, mode) == 0 ? true : cw_error_set(error, CW_E_IO, "%s: %s", path, strerror(errno));
}

/* Root's tunnels run as another account, which must come through to its folder in run/. */
bool cw_node_folder_make(const char *path, struct cw_error *error)
{
	const mode_t way = geteuid() == 0 ? 0711 : 0700;
	AUTO(free) char *yaml = cw_file_path(path, "node.yaml");
	AUTO(free) char *version = cw_file_path(path, "version");
	if (!yaml || !version)
		return cw_error_memory(error);
	if (access(yaml, F_OK) == 0)
		return cw_error_set(
			error, CW_E_USAGE, "%s: holds a node already; choose another folder", path);
	if (!cw_file_make_folder(path, error) || !make_part(path, ".", way, error) ||
		!make_part(path, "certs", 0700, error) || !make_part(path, "secrets", 0700, error) ||
		!make_part(path, "run", way, error))
		return false;
	char text[16];
	int length = snprintf(text, sizeof text, "%d\n", CW_NODE_FOLDER_VERSION);
	return cw_file_write(version, text, (size_t)length, 0644, error);
}

static bool read_version(const char *folder, long *ret, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, "version");
	AUTO_BUFFER text = {0};
	if (!path)
		return cw_error_memory(error);
	if (!cw_file_read(path, VERSION_MAX, &text, error))
		return cw_error_prefix(
			error, "%s is no folder of a node (causeway node init makes one)", folder);
	char *end;
	long version = strtol(cw_buffer_string(&text), &end, 10);
	if (version < 1 || (*end && *end != '\n'))
		return cw_error_set(error, CW_E_FORMAT, "%s: wanted the number of a version", path);
	if (version > CW_NODE_FOLDER_VERSION)
		return cw_error_set(error, CW_E_FORMAT,
			"%s: this folder is of version %ld, made by a newer causeway; this one knows up to %d",
			path, version, CW_NODE_FOLDER_VERSION);
	*ret = version;
	return true;
}

static bool take_lock(struct cw_node_folder *folder, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder->path, "lock");
	if (!path)
		return cw_error_memory(error);
	folder->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (folder->lock < 0)
		return cw_error_set(error, CW_E_IO, "%s: %s", path, strerror(errno));
	if (flock(folder->lock, LOCK_EX | LOCK_NB) == 0)
		return true;
	return cw_error_set(error, CW_E_USAGE, "%s: a node runs here; \"causeway node status %s\" asks it",
		folder->path, folder->path);
}

/* The lock of the former folder is held until that of the new one is. */
static bool bring_up(struct cw_node_folder *folder, long version, struct cw_error *error)
{
	int lock;
	if (version == CW_NODE_FOLDER_VERSION) {
		folder->former = cw_node_migrate_finish(folder->path);
		return true;
	}
	if (!cw_node_migrate(folder->path, version, &lock, &folder->former, error))
		return false;
	close(folder->lock);
	folder->lock = lock;
	return true;
}

/* Private keys that a killed run left for its ssh and sshd. */
static void sweep_keys(const struct cw_node_folder *folder)
{
	static const char *const keys[] = {"user_key", "host_key"};
	int place = openat(folder->run, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *run = place >= 0 ? fdopendir(place) : NULL;
	const struct dirent *entry;
	char name[300];
	while (run && (entry = readdir(run)))
		for (size_t i = 0; entry->d_name[0] != '.' && i < sizeof keys / sizeof keys[0]; i++) {
			snprintf(name, sizeof name, "%s/%s", entry->d_name, keys[i]);
			unlinkat(folder->run, name, 0);
		}
	if (run)
		closedir(run);
	else if (place >= 0)
		close(place);
}

bool cw_node_folder_open(const char *path, bool locks, struct cw_node_folder *ret, struct cw_error *error)
{
	AUTO_NODE_FOLDER folder = CW_NODE_FOLDER_NONE;
	folder.path = realpath(path, NULL);
	if (!folder.path)
		return cw_error_set(error, CW_E_IO, "%s: %s", path, strerror(errno));
	long version;
	if (!read_version(folder.path, &version, error) || (locks && !take_lock(&folder, error)) ||
		(locks && !bring_up(&folder, version, error)))
		return false;
	AUTO(free) char *run = cw_file_path(folder.path, "run");
	if (!run)
		return cw_error_memory(error);
	folder.run = open(run, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder.run < 0)
		return cw_error_set(error, CW_E_IO, "%s: %s", run, strerror(errno));
	if (locks)
		sweep_keys(&folder);
	*ret = folder;
	folder = CW_NODE_FOLDER_NONE;
	return true;
}

const char *cw_node_folder_run_name(
	const struct cw_node_folder *folder, const char *name, char ret[CW_NODE_FOLDER_NAME_SIZE])
{
	snprintf(ret, CW_NODE_FOLDER_NAME_SIZE, "/proc/self/fd/%d/%s", folder->run, name);
	return ret;
}
