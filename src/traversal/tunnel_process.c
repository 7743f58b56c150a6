#include "traversal/tunnel_process.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Against a peer that makes sshd talk without end: the loop has others to serve. */
#define READS_AT_ONCE_MAX 8

struct cw_tunnel_process {
	struct cw_child child;
	struct cw_tunnel_process_owner owner;
	struct event *end, *words;
	char line[CW_TUNNEL_LINE_MAX];
	size_t length;
};

void cw_tunnel_process_free(struct cw_tunnel_process *process)
{
	if (!process)
		return;
	if (process->end)
		event_free(process->end);
	if (process->words)
		event_free(process->words);
	cw_child_finish(&process->child);
	free(process);
}

static void end_line(struct cw_tunnel_process *process)
{
	while (process->length && process->line[process->length - 1] == '\r')
		process->length--;
	process->line[process->length] = '\0';
	bool empty = process->length == 0;
	process->length = 0;
	if (!empty)
		process->owner.said(process->owner.context, process->line);
}

static void take(struct cw_tunnel_process *process, const char *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (data[i] == '\n')
			end_line(process);
		else if (process->length < sizeof process->line - 1 && data[i] != '\0')
			process->line[process->length++] = data[i];
	}
}

/* False: there will be no more. */
static bool read_words(struct cw_tunnel_process *process)
{
	char bytes[4096];
	for (unsigned reads = 0; reads < READS_AT_ONCE_MAX; reads++) {
		ssize_t got = read(process->child.err, bytes, sizeof bytes);
		if (got < 0)
			return errno == EAGAIN || errno == EINTR;
		if (got == 0)
			return false;
		take(process, bytes, (size_t)got);
	}
	return true;
}

static void on_words(evutil_socket_t descriptor, short what, void *context)
{
	(void)descriptor;
	(void)what;
	struct cw_tunnel_process *process = context;
	if (!read_words(process))
		event_del(process->words);
}

static void on_end(evutil_socket_t descriptor, short what, void *context)
{
	(void)descriptor;
	(void)what;
	struct cw_tunnel_process *process = context;
	char how[CW_CHILD_STATUS_SIZE];
	if (!cw_child_ended(&process->child))
		return;
	event_del(process->end);
	event_del(process->words);
	read_words(process);
	end_line(process);
	process->owner.ended(process->owner.context, cw_child_status_text(process->child.status, how));
	cw_tunnel_process_free(process);
}

bool cw_tunnel_process_start(struct event_base *base, const struct cw_child_setup *setup,
	const struct cw_tunnel_process_owner *owner, struct cw_tunnel_process **ret, struct cw_error *error)
{
	struct cw_child_setup child = *setup;
	struct cw_tunnel_process *process = calloc(1, sizeof *process);
	if (!process)
		return cw_error_memory(error);
	process->child = CW_CHILD_NONE;
	process->owner = *owner;
	child.err = CW_CHILD_PIPE;
	bool good = cw_child_start(&child, &process->child, error);
	if (good) {
		process->end = event_new(base, process->child.pidfd, EV_READ | EV_PERSIST, on_end, process);
		process->words = event_new(base, process->child.err, EV_READ | EV_PERSIST, on_words, process);
		good = process->end && process->words && event_add(process->end, NULL) == 0 &&
				event_add(process->words, NULL) == 0
			? true
			: cw_error_memory(error);
	}
	if (good)
		*ret = process;
	else
		cw_tunnel_process_free(process);
	return good;
}

pid_t cw_tunnel_process_id(const struct cw_tunnel_process *process)
{
	return process->child.pid;
}

void cw_tunnel_process_kill(struct cw_tunnel_process *process)
{
	cw_child_signal(&process->child, SIGKILL);
}
