#include "admin/desk/desk_worker.h"

#include "admin/desk/desk_frame.h"
#include "admin/desk/desk_worker_files.h"
#include "base/confine.h"
#include "base/file.h"
#include "base/passing_folder.h"
#include "base/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 256

struct worker {
	cw_desk_worker_run *run;
	struct cw_passing_folder shared; /* where there is no file system of its own */
	struct cw_buffer name, data;	 /* of the request */
	struct cw_buffer out, err;	 /* of the answer */
};

/* --- a place of its own --- */

static bool write_text(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	bool good = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);
	if (file >= 0)
		close(file);
	return good;
}

/* In a user namespace this process is root over its own mounts, and over nothing else. */
static bool become_own_user(uid_t user, gid_t group)
{
	char users[48], groups[48];
	snprintf(users, sizeof users, "0 %u 1", (unsigned)user);
	snprintf(groups, sizeof groups, "0 %u 1", (unsigned)group);
	return write_text("/proc/self/setgroups", "deny") && write_text("/proc/self/uid_map", users) &&
		write_text("/proc/self/gid_map", groups);
}

/* A file system in memory over /tmp that nobody else sees and that goes with the last process in it. */
static bool mount_own(void)
{
	uid_t user = geteuid();
	gid_t group = getegid();
	if (unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0 ||
		(user != 0 && !become_own_user(user, group)))
		return false;
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
			"mode=0700,size=" CW_DESK_WORKER_FOLDER) == 0 &&
		chdir("/tmp") == 0;
}

static bool remove_left(const char *path, const char *name)
{
	if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
		if (unlink(path) != 0)
			cw_file_remove_folder(path);
	return true;
}

static bool share_memory(struct worker *worker, struct cw_error *error)
{
	const struct cw_passing_folder_kind kind = {"/dev/shm", "causeway-desk-", 0700, remove_left};
	return cw_passing_folder_make(&kind, &worker->shared, error) &&
		(chdir(worker->shared.path) == 0 ||
			cw_error_set(error, CW_E_IO, "%s: %s", worker->shared.path, strerror(errno)));
}

static bool drop_rights(struct cw_error *error)
{
	struct cw_rights_user user;
	if (geteuid() != 0)
		return true;
	return cw_rights_choose(NULL, &user, error) &&
		(chown(".", user.uid, user.gid) == 0 ||
			cw_error_set(error, CW_E_IO, "its folder cannot be given to its user: %s",
				strerror(errno))) &&
		cw_rights_drop(&user, error);
}

static void limit(int what, rlim_t most)
{
	const struct rlimit both = {most, most};
	setrlimit(what, &both);
}

static bool confine(struct cw_error *error)
{
	static const char *const read_only[] = {"/lib", "/lib64", "/usr/lib", "/usr/share/zoneinfo",
		"/etc/ssl", "/etc/ld.so.cache", "/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd",
		"/dev/urandom"};
	struct cw_confine_path paths[CW_CONFINE_PATHS_MAX];
	size_t count = 0;
	char own[4096];
	if (!getcwd(own, sizeof own))
		return cw_error_set(error, CW_E_IO, "its folder: %s", strerror(errno));
	paths[count++] = (struct cw_confine_path){own, CW_CONFINE_WRITE};
	paths[count++] = (struct cw_confine_path){"/dev/null", CW_CONFINE_WRITE};
	for (size_t i = 0; i < sizeof read_only / sizeof *read_only; i++)
		paths[count++] = (struct cw_confine_path){read_only[i], CW_CONFINE_READ};
	struct cw_confine confine = CW_CONFINE_NONE;
	bool good = cw_confine_prepare(paths, count, &confine, error) &&
		((cw_confine_enter(&confine) && cw_confine_calls()) ||
			cw_error_set(error, CW_E_IO, "it cannot be confined: %s", strerror(errno)));
	cw_confine_finish(&confine);
	limit(RLIMIT_NOFILE, CW_DESK_WORKER_DESCRIPTORS);
	limit(RLIMIT_CORE, 0);
	return good;
}

static bool begin(struct worker *worker, struct cw_error *error)
{
	signal(SIGPIPE, SIG_IGN);
	if (!mount_own() && !share_memory(worker, error))
		return false;
	return drop_rights(error) && confine(error);
}

/* --- a verb --- */

/* At most so many bytes of a file that was written by a child. */
static void take_file(const char *path, struct cw_buffer *ret)
{
	struct cw_error error;
	if (!cw_file_read(path, CW_DESK_FRAME_OUT_MAX, ret, &error))
		cw_buffer_text(ret, error.message);
	unlink(path);
}

static size_t split_words(struct cw_buffer *name, char *ret[WORDS_MAX])
{
	size_t count = 0;
	for (size_t at = 0; at < name->length && count < WORDS_MAX - 1; at += strlen(name->data + at) + 1)
		ret[count++] = name->data + at;
	ret[count] = NULL;
	return count;
}

static void run_child(struct worker *worker)
{
	char *words[WORDS_MAX];
	size_t count = split_words(&worker->name, words);
	FILE *out = fopen(".out", "we"), *err = fopen(".err", "we");
	if (!out || !err)
		_exit(2);
#ifndef __SANITIZE_ADDRESS__ /* which reserves terabytes */
	limit(RLIMIT_AS, CW_DESK_WORKER_MEMORY);
#endif
	limit(RLIMIT_CPU, CW_DESK_WORKER_SECONDS);
	limit(RLIMIT_FSIZE, CW_DESK_FRAME_DATA_MAX);
	alarm(2 * CW_DESK_WORKER_SECONDS);
	close(STDIN_FILENO);
	(void)open("/dev/null", O_RDONLY);
	int status = worker->run(words, count, out, err);
	bool whole = fflush(out) == 0 && fflush(err) == 0;
	_exit(whole ? status : 2);
}

static uint32_t run_verb(struct worker *worker)
{
	int status = 0;
	pid_t child = fork();
	if (child == 0)
		run_child(worker);
	if (child < 0 || waitpid(child, &status, 0) != child) {
		cw_buffer_printf(&worker->err, "no process for it: %s\n", strerror(errno));
		return 2;
	}
	take_file(".out", &worker->out);
	take_file(".err", &worker->err);
	if (WIFEXITED(status))
		return (uint32_t)WEXITSTATUS(status);
	bool slow = WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGALRM;
	cw_buffer_printf(&worker->err, "%s\n",
		slow ? "it took too long and was ended: what was dropped needs more time than the desk gives"
		     : "it was ended by a fault in reading what was dropped; the rest of the session stands");
	return 2;
}

/* --- requests --- */

static bool read_all(char *to, size_t length)
{
	while (length) { /* ends: each turn reads something */
		ssize_t got = recv(STDIN_FILENO, to, length, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		length -= (size_t)got;
	}
	return true;
}

/* In pieces: nothing is reserved for what was only announced. */
static bool read_into(struct cw_buffer *buffer, size_t length, size_t most)
{
	char piece[65536];
	cw_buffer_finish(buffer);
	if (length > most)
		return false;
	while (length) { /* ends: each turn reads something */
		size_t now = length < sizeof piece ? length : sizeof piece;
		if (!read_all(piece, now))
			return false;
		cw_buffer_append(buffer, piece, now);
		length -= now;
	}
	return !buffer->failed;
}

static bool send_all(const char *from, size_t length)
{
	while (length) { /* ends: each turn sends something */
		ssize_t sent = send(STDIN_FILENO, from, length, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		from += sent;
		length -= (size_t)sent;
	}
	return true;
}

static uint32_t work_off(struct worker *worker, uint32_t kind)
{
	struct cw_error error;
	const char *name = cw_buffer_string(&worker->name);
	bool good = true;
	if (kind == CW_DESK_FRAME_RUN)
		return run_verb(worker);
	if (kind == CW_DESK_FRAME_PUT)
		good = cw_desk_worker_files_put(name, &worker->data, &error);
	else if (kind == CW_DESK_FRAME_GET)
		good = cw_desk_worker_files_get(name, &worker->out, &error);
	else if (kind == CW_DESK_FRAME_LIST)
		good = cw_desk_worker_files_list(name, &worker->out, &error);
	else if (kind == CW_DESK_FRAME_PACK)
		good = cw_desk_worker_files_pack(name, &worker->out, &error);
	else
		good = cw_desk_worker_files_remove(name, &error);
	if (!good)
		cw_buffer_printf(&worker->err, "%s\n", error.message);
	return good ? 0 : 2;
}

/* False: the desk is gone. */
static bool serve_one(struct worker *worker)
{
	unsigned char head[CW_DESK_FRAME_HEAD];
	if (!read_all((char *)head, sizeof head))
		return false;
	const struct cw_desk_frame_head asked = cw_desk_frame_get(head);
	if (asked.first >= CW_DESK_FRAME_KIND_COUNT ||
		!read_into(&worker->name, asked.second, CW_DESK_FRAME_NAME_MAX) ||
		!read_into(&worker->data, asked.third, CW_DESK_FRAME_DATA_MAX))
		return false;
	cw_buffer_finish(&worker->out);
	cw_buffer_finish(&worker->err);
	uint32_t status = work_off(worker, asked.first);
	cw_buffer_finish(&worker->data);
	if (worker->out.failed || worker->out.length > CW_DESK_FRAME_OUT_MAX) {
		status = 2;
		cw_buffer_finish(&worker->out);
		cw_buffer_text(&worker->err, "the answer is larger than the desk takes\n");
	}
	const struct cw_desk_frame_head answered = {
		status, (uint32_t)worker->out.length, (uint32_t)worker->err.length};
	cw_desk_frame_put(head, answered);
	return send_all((const char *)head, sizeof head) &&
		send_all(cw_buffer_string(&worker->out), worker->out.length) &&
		send_all(cw_buffer_string(&worker->err), worker->err.length);
}

int cw_desk_worker(cw_desk_worker_run *run)
{
	struct worker worker = {.run = run, .shared = CW_PASSING_FOLDER_NONE};
	struct cw_error error;
	if (!begin(&worker, &error)) {
		fprintf(stderr, "causeway desk: a session: %s\n", error.message);
		return 2;
	}
	while (serve_one(&worker))
		;
	if (*worker.shared.path)
		cw_file_remove_folder(worker.shared.path);
	cw_buffer_finish(&worker.name);
	cw_buffer_finish(&worker.out);
	cw_buffer_finish(&worker.err);
	_exit(0); /* a leak check would look at it from another process, which is not allowed here */
}
