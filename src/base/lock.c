#include "base/lock.h"

#include "base/draft.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HOLDER_MAX 128		  /* "1234 trust append": more is not what Causeway wrote */
#define STEP_NANOSECONDS 20000000 /* between two looks at a lock that another holds */

struct cw_lock_item {
	char *path; /* of the lock file */
	int fd;
	dev_t device; /* of the folder */
	ino_t inode;
};

void cw_lock_release(struct cw_locks *locks)
{
	for (size_t i = locks->count; i-- > 0;) {
		struct cw_lock_item *item = &locks->items[i];
		if (item->fd >= 0) {
			unlink(item->path); /* while it is ours: who waits for it sees that, and opens a new one */
			close(item->fd);
		}
		free(item->path);
	}
	free(locks->items);
	locks->items = NULL;
	locks->count = locks->capacity = 0;
}

static void tell(const struct cw_locks *locks, const struct cw_buffer *message)
{
	if (locks->tell && !message->failed)
		locks->tell(locks->context, cw_buffer_string(message));
}

static bool system_error(struct cw_error *error, const char *path)
{
	return cw_error_set(error, CW_E_IO,
		"%s: cannot lock this folder, in which something is to be written: %s", path,
		strerror(errno));
}

/* Who wrote its name into the lock file, as "process 1234 (causeway trust append)". */
static void read_holder(int fd, struct cw_buffer *ret)
{
	char text[HOLDER_MAX + 1];
	ssize_t length = pread(fd, text, HOLDER_MAX, 0);
	text[length > 0 ? length : 0] = '\0';
	char *what;
	long process = strtol(text, &what, 10);
	size_t words = strcspn(what, "\r\n");
	if (process > 0)
		cw_buffer_printf(ret, "process %ld (causeway%.*s)", process, (int)words, what);
	else
		cw_buffer_text(ret, "another command");
}

static void write_holder(const struct cw_locks *locks, int fd)
{
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "%ld %s\n", (long)getpid(), locks->who ? locks->who : "");
	/* Only what the others are told depends on it. */
	if (text.failed || ftruncate(fd, 0) != 0 || pwrite(fd, text.data, text.length, 0) < 0)
		return;
}

static long long milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool give_up(const struct cw_locks *locks, const char *folder, const struct cw_buffer *holder,
	struct cw_error *error)
{
	if (locks->wait_seconds < 0)
		return cw_error_set(error, CW_E_IO, "%s: %s is changing it; try again when that has ended",
			folder, cw_buffer_string(holder));
	return cw_error_set(error, CW_E_IO,
		"%s: %s has held its lock for %ld seconds; wait until it has ended, or end it, and try again",
		folder, cw_buffer_string(holder),
		locks->wait_seconds ? locks->wait_seconds : (long)CW_LOCK_WAIT_SECONDS);
}

/* Ends at the limit, whatever the other does. */
static bool wait_for(const struct cw_locks *locks, const char *folder, int fd, struct cw_error *error)
{
	const struct timespec step = {.tv_nsec = STEP_NANOSECONDS};
	long seconds = locks->wait_seconds ? locks->wait_seconds : CW_LOCK_WAIT_SECONDS;
	long long end = milliseconds() + seconds * 1000LL;
	bool told = locks->wait_seconds < 0;
	for (;;) {
		AUTO_BUFFER holder = {0}, message = {0};
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return system_error(error, folder);
		read_holder(fd, &holder);
		if (!cw_buffer_ok(&holder, error))
			return false;
		if (milliseconds() >= end)
			return give_up(locks, folder, &holder, error);
		cw_buffer_printf(&message, "%s: waiting for %s, which is changing it", folder,
			cw_buffer_string(&holder));
		if (!told)
			tell(locks, &message);
		told = true;
		nanosleep(&step, NULL);
	}
}

/* Who wrote here last took the file away before it let go: then another one stands there, or none. */
static bool is_still(const char *path, int fd)
{
	struct stat here, there;
	return fstat(fd, &here) == 0 && stat(path, &there) == 0 && here.st_dev == there.st_dev &&
		here.st_ino == there.st_ino;
}

static int open_lock(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
	if (fd < 0 && errno == EACCES) { /* another user's, left behind: it locks all the same */
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		errno = EACCES;
	}
	return fd;
}

static bool take(
	const struct cw_locks *locks, const char *folder, struct cw_lock_item *item, struct cw_error *error)
{
	for (;;) { /* ends: each turn waited for another holder, within its limit, or got the lock */
		item->fd = open_lock(item->path);
		if (item->fd < 0)
			return system_error(error, folder);
		if (!wait_for(locks, folder, item->fd, error)) {
			close(item->fd);
			item->fd = -1;
			return false;
		}
		if (is_still(item->path, item->fd))
			return true;
		close(item->fd);
		item->fd = -1;
	}
}

/* Its owner is gone if its lock can be had. */
static bool sweep_one(const char *path)
{
	struct stat status;
	struct cw_error why;
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	bool gone = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
		flock(fd, LOCK_EX | LOCK_NB) == 0;
	if (gone) /* with a second name it is what a replaced secret was, and still is (base/draft.c) */
		gone = status.st_nlink > 1 ? cw_file_remove(path, &why) : cw_file_destroy(path, &why);
	close(fd);
	return gone;
}

/* Of a holder that was killed: it tells nobody anything any more. */
static void remove_left_lock(const char *folder)
{
	AUTO(free) char *path = cw_file_path(folder, CW_LOCK_NAME);
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && is_still(path, fd))
		unlink(path);
	close(fd);
}

/* A draft may hold a private key. What cannot be swept stays for the next who comes. */
void cw_lock_sweep(const struct cw_locks *locks, const char *folder)
{
	AUTO_BUFFER message = {0};
	size_t swept = 0;
	DIR *stream = opendir(*folder ? folder : ".");
	if (!stream)
		return;
	for (const struct dirent *entry; (entry = readdir(stream));) {
		if (!cw_draft_is_name(entry->d_name))
			continue;
		AUTO(free) char *path = cw_file_path(folder, entry->d_name);
		swept += path && sweep_one(path);
	}
	closedir(stream);
	remove_left_lock(folder);
	if (!swept)
		return;
	cw_buffer_printf(&message, "%s: unfinished files of a command that was killed are removed (%zu)",
		*folder ? folder : ".", swept);
	tell(locks, &message);
}

void cw_lock_sweep_beside(const char *path)
{
	static const struct cw_locks nobody = {0};
	AUTO(free) char *folder = cw_file_folder(path);
	if (folder)
		cw_lock_sweep(&nobody, folder);
}

/* A shared lock can be had where no owner has his. */
static bool is_left(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	bool left = flock(fd, LOCK_SH | LOCK_NB) == 0;
	close(fd);
	return left;
}

size_t cw_lock_count_left(const char *folder)
{
	size_t count = 0;
	DIR *stream = opendir(*folder ? folder : ".");
	if (!stream)
		return 0;
	for (const struct dirent *entry; (entry = readdir(stream));) {
		AUTO(free)
		char *path = cw_draft_is_name(entry->d_name) ? cw_file_path(folder, entry->d_name) : NULL;
		count += path && is_left(path);
	}
	closedir(stream);
	return count;
}

static bool has(const struct cw_locks *locks, const struct stat *folder)
{
	for (size_t i = 0; i < locks->count; i++)
		if (locks->items[i].device == folder->st_dev && locks->items[i].inode == folder->st_ino)
			return true;
	return false;
}

bool cw_lock_take(struct cw_locks *locks, const char *folder, struct cw_error *error)
{
	const char *shown = *folder ? folder : ".";
	struct stat status;
	if (stat(shown, &status) != 0)
		return system_error(error, shown);
	if (has(locks, &status))
		return true;
	if (!cw_memory_grow(&locks->items, &locks->capacity, locks->count, sizeof *locks->items))
		return cw_error_memory(error);
	struct cw_lock_item item = {cw_file_path(folder, CW_LOCK_NAME), -1, status.st_dev, status.st_ino};
	if (!item.path)
		return cw_error_memory(error);
	if (!take(locks, shown, &item, error)) {
		free(item.path);
		return false;
	}
	locks->items[locks->count++] = item;
	write_holder(locks, item.fd);
	cw_lock_sweep(locks, folder);
	return true;
}

bool cw_lock_take_for(struct cw_locks *locks, const char *path, struct cw_error *error)
{
	char real[PATH_MAX];
	AUTO(free) char *folder = cw_file_folder(realpath(path, real) ? real : path);
	return folder ? cw_lock_take(locks, folder, error) : cw_error_memory(error);
}
