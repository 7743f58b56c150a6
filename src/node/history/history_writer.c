#include "node/history/history_writer.h"

#include "base/confine.h"
#include "base/file.h"
#include "node/worker/node_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* So many in one transaction: each costs a wait for the disk. */
#define BATCH_MAX 256
#define TRIM_EVERY 1000

struct writer {
	int socket;
	char *path;
	struct cw_history_store *store;
	struct cw_history_writer_answer answer;
	uint64_t written;
};

static const char *text_of(const json_t *event, const char *key)
{
	return json_string_value(json_object_get(event, key));
}

static bool add(struct writer *writer, const json_t *event, struct cw_error *error)
{
	const struct cw_history_event row = {.boot = text_of(event, "boot"),
		.number = (uint64_t)json_integer_value(json_object_get(event, "number")),
		.at = json_integer_value(json_object_get(event, "at")),
		.kind = text_of(event, "kind"),
		.about = text_of(event, "about"),
		.who = text_of(event, "who"),
		.before = text_of(event, "before"),
		.after = text_of(event, "after"),
		.text = text_of(event, "text")};
	if (!row.boot || !row.kind)
		return true;
	if (!cw_history_store_add(writer->store, &row, error))
		return false;
	writer->answer.number = row.number;
	return true;
}

static bool trim(struct writer *writer, const json_t *event, struct cw_error *error)
{
	json_int_t days = json_integer_value(json_object_get(event, "days"));
	json_int_t megabytes = json_integer_value(json_object_get(event, "megabytes"));
	if (!days || !megabytes || writer->written++ % TRIM_EVERY != 0)
		return true;
	return cw_history_store_trim(writer->store,
		json_integer_value(json_object_get(event, "at")) - days * CW_DAY,
		(uint64_t)megabytes * 1024 * 1024, error);
}

/* 1: an event; 0: none for now; -1: there will be no more. An owner that is gone, with answers that it has not read, is a
 * reset first, once; what it had sent comes behind that. */
static int take(struct writer *writer, bool waits, json_t **ret)
{
	static char bytes[CW_HISTORY_WRITER_MESSAGE_MAX];
	json_error_t ignored;
	ssize_t got;
	do
		got = recv(writer->socket, bytes, sizeof bytes, waits ? 0 : MSG_DONTWAIT);
	while (got < 0 && (errno == EINTR || errno == ECONNRESET));
	if (got <= 0)
		return got < 0 && errno == EAGAIN ? 0 : -1;
	*ret = json_loadb(bytes, (size_t)got, 0, &ignored);
	return 1;
}

/* False: something could not be written. `*ret_more`: there may be more to come. */
static bool write_batch(struct writer *writer, bool *ret_more, struct cw_error *error)
{
	json_t *event = NULL;
	int got = take(writer, true, &event);
	*ret_more = got == 1;
	if (got != 1)
		return true;
	bool good = cw_history_store_begin(writer->store, error);
	for (size_t i = 0; good && got == 1 && i < BATCH_MAX; i++) {
		good = add(writer, event, error) && trim(writer, event, error);
		json_decref(event);
		event = NULL;
		if (good && i + 1 < BATCH_MAX)
			got = take(writer, false, &event);
	}
	json_decref(event);
	*ret_more = got >= 0;
	return good && cw_history_store_commit(writer->store, error);
}

static void answer(struct writer *writer)
{
	(void)!send(writer->socket, &writer->answer, sizeof writer->answer, MSG_NOSIGNAL);
}

/* The owner ends; what is in the socket is written first. */
static int write_all(struct writer *writer)
{
	struct cw_error error;
	bool more = true, good = cw_history_store_open(writer->path, &writer->store, &error);
	while (good && more) {
		uint64_t before = writer->answer.number;
		good = write_batch(writer, &more, &error);
		if (!good)
			writer->answer.number = before;
		else if (more)
			answer(writer);
	}
	if (!good) {
		snprintf(writer->answer.trouble, sizeof writer->answer.trouble, "%.190s", error.message);
		answer(writer);
	}
	cw_history_store_close(writer->store);
	return good ? 0 : 1;
}

int cw_history_writer_run(const char *folder)
{
	if (!folder)
		return 1;
	const struct cw_confine_path paths[] = {
		{folder, CW_CONFINE_WRITE}, {"/dev/urandom", CW_CONFINE_READ}};
	struct cw_confine confine = CW_CONFINE_NONE;
	struct cw_error error;
	struct writer writer = {.socket = dup2(STDIN_FILENO, 3), .path = cw_file_path(folder, "history.db")};
	prctl(PR_SET_NAME, "causeway-history");
	int nothing =
		open("/dev/null", O_RDWR | O_CLOEXEC); /* SQLite wants the standard descriptors in use */
	if (writer.socket < 0 || !writer.path || nothing < 0 || dup2(nothing, STDIN_FILENO) < 0)
		return 1;
	/* the node ends its writer by closing its socket, also where a terminal ends the whole group */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (!cw_confine_prepare(paths, 2, &confine, &error) || !cw_confine_enter(&confine))
		snprintf(writer.answer.trouble, sizeof writer.answer.trouble, "cannot be confined");
	cw_confine_finish(&confine);
	if (*writer.answer.trouble || !cw_confine_calls()) {
		answer(&writer);
		return 1;
	}
	return write_all(&writer);
}

bool cw_history_writer_start(
	const char *folder, int *ret_socket, struct cw_child *ret_process, struct cw_error *error)
{
	return cw_node_process_start(CW_NODE_PROCESS_HISTORY_WRITER, SOCK_SEQPACKET, folder, ret_process,
		       ret_socket, error) ||
		cw_error_prefix(error, "history");
}

void cw_history_writer_wait(struct cw_child *process, int milliseconds)
{
	struct pollfd wait = {.fd = process->pidfd, .events = POLLIN};
	if (!cw_child_ended(process) && wait.fd >= 0)
		(void)!poll(&wait, 1, milliseconds);
	cw_child_finish(process);
}
