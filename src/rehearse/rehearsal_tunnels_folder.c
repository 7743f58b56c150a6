#include "base/file.h"
#include "rehearse/rehearsal_tunnels_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_PREFIX "causeway-tunnels-"
#define TRIES_MAX 3

static const char *base_folder(void)
{
	const char *base = getenv("TMPDIR");
	return base && *base ? base : "/tmp";
}

/* One side's folder of a rehearsal that was killed: what traversal writes, and nothing else. */
static void remove_side(const char *path)
{
	static const char *const files[] = {"host_key", "user_key", "authorized_keys", "known_hosts",
		"sshd_config", "children", "relay.sock", "host_key.new", "user_key.new",
		"authorized_keys.new", "known_hosts.new", "sshd_config.new", "children.new"};
	struct cw_error why;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		AUTO(free) char *file = cw_file_path(path, files[i]);
		if (file && strstr(files[i], "_key") && access(file, F_OK) == 0)
			(void)!cw_file_destroy(file, &why);
		else if (file)
			unlink(file);
	}
	rmdir(path);
}

static void remove_left_folder(const char *path)
{
	struct stat status;
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *stream = NULL;
	if (folder >= 0 && fstat(folder, &status) == 0 && status.st_uid == geteuid() &&
		flock(folder, LOCK_EX | LOCK_NB) == 0)
		stream = opendir(path);
	for (const struct dirent *entry; stream && (entry = readdir(stream));) {
		AUTO(free) char *side = cw_file_path(path, entry->d_name);
		if (side && (entry->d_name[0] == 'c' || entry->d_name[0] == 'e'))
			remove_side(side);
	}
	if (stream) {
		closedir(stream);
		rmdir(path);
	}
	if (folder >= 0)
		close(folder);
}

/* The lock of a process that was killed is gone with it. */
static void remove_left_folders(void)
{
	DIR *stream = opendir(base_folder());
	for (const struct dirent *entry; stream && (entry = readdir(stream));) {
		AUTO(free) char *path = cw_file_path(base_folder(), entry->d_name);
		if (path && strncmp(entry->d_name, FOLDER_PREFIX, sizeof FOLDER_PREFIX - 1) == 0)
			remove_left_folder(path);
	}
	if (stream)
		closedir(stream);
}

static bool make_locked(struct cw_rehearsal_tunnels *tunnels, struct cw_error *error)
{
	int length = snprintf(
		tunnels->folder, sizeof tunnels->folder, "%s/" FOLDER_PREFIX "XXXXXX", base_folder());
	if (length < 0 || (size_t)length >= sizeof tunnels->folder || !mkdtemp(tunnels->folder)) {
		tunnels->folder[0] = '\0';
		return cw_error_set(error, CW_E_IO, "no folder can be made in %.200s: %s", base_folder(),
			strerror(errno));
	}
	/* the account goes through it to the folders inside, which nobody else reads */
	mode_t mode = geteuid() == 0 ? 0711 : 0700;
	tunnels->lock = open(tunnels->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return (tunnels->lock >= 0 && flock(tunnels->lock, LOCK_EX) == 0 &&
		       chmod(tunnels->folder, mode) == 0) ||
		cw_error_set(error, CW_E_IO, "%s: %s", tunnels->folder, strerror(errno));
}

/* Another rehearsal that begins now may take the empty folder for one that was left, before it is locked. */
bool cw_rehearsal_tunnels_make_folder(struct cw_rehearsal_tunnels *tunnels, struct cw_error *error)
{
	remove_left_folders();
	for (unsigned tries = 0; tries < TRIES_MAX; tries++) {
		if (make_locked(tunnels, error))
			return true;
		if (tunnels->lock >= 0)
			close(tunnels->lock);
		tunnels->lock = -1;
	}
	return false;
}
