#include "node/worker/node_process.h"

#include "base/buffer.h"
#include "node/history/history_writer.h"
#include "node/worker/worker_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int run_worker(const char *argument)
{
	(void)argument;
	return cw_worker_run();
}

static const struct {
	const char *word;
	int (*run)(const char *argument);
	bool survives; /* the core: what it was told is written, whoever is killed */
} rows[] = {
	[CW_NODE_PROCESS_EDGE_WORKER] = {"--edge-worker", run_worker, false},
	[CW_NODE_PROCESS_HISTORY_WRITER] = {"--history-writer", cw_history_writer_run, true},
};

bool cw_node_process_start(enum cw_node_process kind, int type, const char *argument, struct cw_child *ret,
	int *ret_socket, struct cw_error *error)
{
	/* the file that this program runs from, also where a package has put another one in its place */
	const char *const arguments[] = {"/proc/self/exe", rows[kind].word, argument, NULL};
	const char *const *environment = NULL;
#ifdef __SANITIZE_ADDRESS__ /* what is said of it to the core holds for all of its processes */
	AUTO_BUFFER options = {0};
	const char *given = getenv("ASAN_OPTIONS");
	cw_buffer_printf(&options, "ASAN_OPTIONS=%s", given ? given : "");
	const char *const sanitized[] = {cw_buffer_string(&options), NULL};
	if (given)
		environment = sanitized;
#endif
	int ends[2];
	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0)
		return cw_error_set(error, CW_E_IO, "a process of the node: %s", strerror(errno));
	const struct cw_child_setup setup = {.arguments = arguments,
		.environment = environment,
		.in = ends[1],
		.out = CW_CHILD_NULL,
		.err = STDERR_FILENO,
		.survives = rows[kind].survives};
	bool good = fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 && cw_child_start(&setup, ret, error);
	close(ends[1]);
	if (good)
		*ret_socket = ends[0];
	else
		close(ends[0]);
	return good;
}

/* Without what a program does at its end: nothing was opened that must be closed. */
void cw_node_process_enter(int count, char **words)
{
	for (size_t i = 0; count >= 2 && i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(words[1], rows[i].word) == 0)
			_exit(rows[i].run(count > 2 ? words[2] : NULL));
}
