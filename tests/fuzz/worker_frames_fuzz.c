/**
 * Whatever a worker that was taken over sends to its core: the core stays, what it says is bounded, and nothing of it is
 * more than what a worker says.
 *
 * Input: a byte; where it is '#', the rest goes over the socket as it is. Else every line is put into a frame.
 */
#include "node/node_effect.h"
#include "node/worker/node_workers_parts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TURNS_MAX 2000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
	struct event_base *base;
	struct cw_node_core core;
	struct cw_node_workers workers;
	struct cw_node_worker worker;
	bool ended;
} scene;

static void on_say(void *context, const char *line)
{
	(void)context;
	if (strlen(line) > 2 * CW_WORKER_TEXT_MAX)
		abort();
}

static void on_ended(void *context, const char *reason)
{
	(void)context;
	if (!*reason)
		abort();
	scene.ended = true;
	cw_worker_channel_free(scene.worker.channel);
	scene.worker.channel = NULL;
}

static void on_live(void *context, const struct cw_node_live *live)
{
	(void)context;
	if (!live->count || live->count > CW_NODE_WORKERS_CHAIN_MAX || !live->by_server)
		abort();
}

/* A core with nothing but what the frames reach. */
static void make_core(void)
{
	static struct cw_node node = {.kind = CW_NODE_EXPRESSWAY_C};
	static struct cw_check check;
	static struct cw_node_file file;
	static struct cw_snapshot snapshot = {.number = 3, .node = &node, .check = &check, .file = &file};
	static char fqdn[] = "c1.acme.test";
	node.fqdn = fqdn;
	scene.base = event_base_new();
	scene.core.base = scene.base;
	scene.core.snapshot = &snapshot;
	scene.core.say = on_say;
	scene.core.looks = 100;
	scene.core.workers = &scene.workers;
	scene.workers.core = &scene.core;
	scene.workers.items = &scene.worker;
	scene.workers.count = 1;
	for (size_t i = 0; i < CW_WORKER_LANES_MAX; i++)
		scene.workers.sockets[i] = -1;
	scene.worker.workers = &scene.workers;
	scene.worker.taken = 3;
	if (!scene.base)
		abort();
}

static void put_frame(struct cw_buffer *ret, const uint8_t *line, size_t length)
{
	const char head[] = {
		(char)(length >> 24), (char)(length >> 16), (char)(length >> 8), (char)length, 0};
	cw_buffer_append(ret, head, sizeof head);
	cw_buffer_append(ret, line, length);
}

static void put_lines(struct cw_buffer *ret, const uint8_t *data, size_t size)
{
	while (size) { /* ends: each turn takes a line */
		const uint8_t *end = memchr(data, '\n', size);
		size_t length = end ? (size_t)(end - data) : size;
		put_frame(ret, data, length);
		length += end != NULL;
		data += length;
		size -= length;
	}
}

static void run(int socket, const struct cw_buffer *bytes)
{
	size_t sent = 0;
	for (unsigned turns = 0; turns < TURNS_MAX && !scene.ended; turns++) {
		ssize_t went = sent < bytes->length
			? send(socket, bytes->data + sent, bytes->length - sent, MSG_DONTWAIT | MSG_NOSIGNAL)
			: 0;
		sent += went > 0 ? (size_t)went : 0;
		event_base_loop(scene.base, EVLOOP_NONBLOCK);
		if (sent == bytes->length && turns > 20)
			break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cw_worker_channel_owner owner = {cw_node_workers_hear, on_ended, &scene.worker};
	const struct cw_node_live_owner live = {on_live, NULL};
	struct cw_error error;
	AUTO_BUFFER bytes = {0};
	int ends[2];
	if (!scene.base)
		make_core();
	if (!size || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
		return 0;
	if (*data == '#')
		cw_buffer_append(&bytes, data + 1, size - 1);
	else
		put_lines(&bytes, data, size);
	scene.ended = false;
	if (!cw_worker_channel_open(scene.base, ends[0], &owner, &scene.worker.channel, &error))
		abort();
	run(ends[1], &bytes);
	cw_node_workers_live(&scene.core, &live);
	cw_node_workers_look(&scene.core);
	json_t *services = json_array(), *rows = json_array();
	if (!cw_node_workers_status(&scene.core, services, rows))
		abort();
	json_decref(services);
	json_decref(rows);
	cw_worker_channel_free(scene.worker.channel);
	scene.worker.channel = NULL;
	close(ends[1]);
	cw_node_workers_forget(&scene.worker);
	scene.worker.second = 0;
	scene.core.alarm_count = 0;
	return 0;
}
