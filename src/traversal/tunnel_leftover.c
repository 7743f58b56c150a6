#include "traversal/tunnel_leftover.h"

#include "base/buffer.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NAME "children"
#define LINE_SIZE 64
/* As many as a server lets in, and a margin. */
#define CHILDREN_MAX 256
#define FILE_MAX (64 + CHILDREN_MAX * LINE_SIZE)
#define STAT_MAX 4096
#define BOOT_MAX 64
/* That a killed process may take to be gone. */
#define END_MILLISECONDS 1000

/* A group by its number and the time that its leader began: numbers come again. */
struct group {
	pid_t number;
	unsigned long long began; /* ticks since the boot, as /proc/PID/stat has it */
};

struct seen_process {
	char name[32];
	pid_t group;
	unsigned long long began;
};

/* The numbers of processes and ticks mean nothing after a restart of the machine. */
static bool read_boot(struct cw_buffer *ret, struct cw_error *error)
{
	if (!cw_file_read("/proc/sys/kernel/random/boot_id", BOOT_MAX, ret, error))
		return false;
	while (ret->length && ret->data[ret->length - 1] == '\n')
		ret->data[--ret->length] = '\0';
	return true;
}

/* "PID (name) S ppid pgrp …"; the name may hold spaces and parentheses, and is of interest up to the last. */
static bool read_process(pid_t pid, struct seen_process *ret)
{
	char path[48];
	AUTO_BUFFER text = {0};
	struct cw_error ignored;
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	if (!cw_file_read(path, STAT_MAX, &text, &ignored))
		return false;
	const char *open = strchr(cw_buffer_string(&text), '(');
	const char *close = strrchr(cw_buffer_string(&text), ')');
	if (!open || !close || close < open)
		return false;
	snprintf(ret->name, sizeof ret->name, "%.*s", (int)(close - open - 1), open + 1);
	int group;
	return sscanf(close + 1,
		       " %*c %*d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
		       &group, &ret->began) == 2 &&
		(ret->group = group) > 0;
}

bool cw_tunnel_leftover_note(
	const struct cw_tunnel_folder *folder, const pid_t *children, size_t count, struct cw_error *error)
{
	AUTO_BUFFER boot = {0};
	AUTO_BUFFER text = {0};
	struct seen_process seen;
	if (!read_boot(&boot, error))
		return false;
	cw_buffer_printf(&text, "%s\n", cw_buffer_string(&boot));
	for (size_t i = 0; i < count; i++)
		if (read_process(children[i], &seen))
			cw_buffer_printf(&text, "%d %llu\n", (int)children[i], seen.began);
	return cw_buffer_ok(&text, error) &&
		cw_tunnel_folder_write(folder, NAME, text.data, text.length, error);
}

/* What was noted; an unreadable line ends it. */
static size_t read_groups(const char *text, const char *boot, struct group groups[CHILDREN_MAX])
{
	size_t count = 0, length = strlen(boot);
	int number, used;
	if (strncmp(text, boot, length) != 0 || text[length] != '\n')
		return 0;
	text += length + 1;
	while (count < CHILDREN_MAX &&
		sscanf(text, "%d %llu\n%n", &number, &groups[count].began, &used) == 2 && number > 1) {
		groups[count++].number = number;
		text += used;
	}
	return count;
}

static bool is_left(
	pid_t pid, const struct cw_tunnel_folder *folder, const struct group *groups, size_t count)
{
	struct seen_process seen;
	struct stat status;
	char path[48];
	snprintf(path, sizeof path, "/proc/%d", (int)pid);
	if (!read_process(pid, &seen) || stat(path, &status) != 0 || status.st_uid != folder->account.uid ||
		(strcmp(seen.name, "sshd") != 0 && strcmp(seen.name, "ssh") != 0))
		return false;
	for (size_t i = 0; i < count; i++)
		if (groups[i].number == seen.group && groups[i].began <= seen.began)
			return true;
	return false;
}

/* By a descriptor, so that the number cannot become another's meanwhile; returns once it holds no port any more.
 */
static bool end_process(
	pid_t pid, const struct cw_tunnel_folder *folder, const struct group *groups, size_t count)
{
	int descriptor = (int)syscall(SYS_pidfd_open, pid, 0);
	if (descriptor < 0)
		return false;
	struct pollfd ended = {.fd = descriptor, .events = POLLIN};
	bool killed = is_left(pid, folder, groups, count) &&
		syscall(SYS_pidfd_send_signal, descriptor, SIGKILL, NULL, 0) == 0;
	if (killed)
		poll(&ended, 1, END_MILLISECONDS);
	close(descriptor);
	return killed;
}

static size_t kill_groups(const struct cw_tunnel_folder *folder, const struct group *groups, size_t count)
{
	size_t killed = 0;
	DIR *processes = count ? opendir("/proc") : NULL;
	if (!processes)
		return 0;
	for (struct dirent *entry; (entry = readdir(processes));) {
		int pid = atoi(entry->d_name);
		if (pid > 1 && is_left(pid, folder, groups, count) && end_process(pid, folder, groups, count))
			killed++;
	}
	closedir(processes);
	return killed;
}

bool cw_tunnel_leftover_kill(const struct cw_tunnel_folder *folder, size_t *ret, struct cw_error *error)
{
	char path[CW_TUNNEL_PATH_SIZE];
	struct stat status;
	AUTO_BUFFER boot = {0};
	AUTO_BUFFER text = {0};
	struct group groups[CHILDREN_MAX];
	*ret = 0;
	if (lstat(cw_tunnel_folder_path(folder, NAME, path), &status) != 0 && errno == ENOENT)
		return true;
	if (!cw_file_read(path, FILE_MAX, &text, error) || !read_boot(&boot, error))
		return false;
	*ret = kill_groups(
		folder, groups, read_groups(cw_buffer_string(&text), cw_buffer_string(&boot), groups));
	return cw_tunnel_folder_remove(folder, NAME)
		? true
		: cw_error_set(error, CW_E_IO, "%s: cannot be removed: %s", path, strerror(errno));
}
