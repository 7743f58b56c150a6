#include "labrun/lab_nodes.h"

#include "base/buffer.h"
#include "base/child.h"
#include "base/time.h"
#include "node/node_run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* A node ends its tunnels first. */
#ifndef STOP_MS /* the build with counters gives them longer, to write them (cmake/coverage.cmake) */
#define STOP_MS 5000
#endif
#define AGAIN_SECONDS 1
#define QUICK_SECONDS 5
#define QUICK_MAX 5
#define PAUSE_SECONDS 10
/* Against a node that writes without a line end. */
#define LINE_MAX_BYTES 4096

struct lab_node {
	struct cw_lab_nodes *nodes;
	const struct cw_lab_folder *folder;
	struct cw_child child;
	struct event *output, *end, *again;
	struct cw_buffer text;
	cw_time started;
	size_t starts, quick;
	bool at_once; /* it was told to end: it begins without a wait */
};

struct cw_lab_nodes {
	struct cw_lab_nodes_setup setup;
	struct lab_node *items;
	size_t count;
};

/* --- what they say --- */

static void tell_line(const struct lab_node *node, const char *text)
{
	const struct cw_lab_nodes_owner *owner = &node->nodes->setup.owner;
	owner->line(owner->context, node->folder->node->fqdn, text);
	if (strcmp(text, CW_NODE_RUN_AGAIN) == 0) /* by its pages: the same process goes on */
		owner->restarted(owner->context, node->folder->node->fqdn);
}

static void tell_lines(struct lab_node *node)
{
	size_t from = 0;
	for (size_t i = 0; i < node->text.length; i++)
		if (node->text.data[i] == '\n') {
			node->text.data[i] = '\0';
			tell_line(node, node->text.data + from);
			from = i + 1;
		}
	if (from)
		memmove(node->text.data, node->text.data + from, node->text.length - from + 1);
	node->text.length -= from;
	if (node->text.length > LINE_MAX_BYTES)
		node->text.length = 0;
}

static void on_output(evutil_socket_t socket, short what, void *context)
{
	struct lab_node *node = context;
	const struct cw_lab_nodes_owner *owner = &node->nodes->setup.owner;
	char bytes[4096];
	(void)what;
	ssize_t got = read(socket, bytes, sizeof bytes);
	if (got <= 0) {
		if (got == 0 || (errno != EAGAIN && errno != EINTR))
			event_del(node->output);
		return;
	}
	cw_buffer_append(&node->text, bytes, (size_t)got);
	tell_lines(node);
	owner->news(owner->context);
}

/* --- beginning and end of one --- */

static void forget(struct lab_node *node)
{
	if (node->output)
		event_free(node->output);
	if (node->end)
		event_free(node->end);
	node->output = node->end = NULL;
	cw_child_finish(&node->child);
	node->child = CW_CHILD_NONE;
}

static void start_later(struct lab_node *node)
{
	struct timeval wait = {AGAIN_SECONDS, 0};
	bool quick = cw_time_now() - node->started < QUICK_SECONDS;
	node->quick = quick && !node->at_once ? node->quick + 1 : 0;
	if (node->quick >= QUICK_MAX)
		wait.tv_sec = PAUSE_SECONDS;
	if (node->at_once)
		wait.tv_sec = 0;
	node->at_once = false;
	(void)event_add(node->again, &wait);
}

static void on_end(evutil_socket_t socket, short what, void *context)
{
	struct lab_node *node = context;
	const struct cw_lab_nodes_owner *owner = &node->nodes->setup.owner;
	char text[CW_CHILD_STATUS_SIZE];
	(void)socket;
	(void)what;
	on_output(node->child.err, EV_READ, node);
	if (!cw_child_ended(&node->child))
		return;
	tell_line(node, cw_child_status_text(node->child.status, text));
	forget(node);
	start_later(node);
	owner->news(owner->context);
}

static bool start(struct lab_node *node, struct cw_error *error)
{
	const struct cw_lab_nodes_setup *setup = &node->nodes->setup;
	const char *arguments[] = {setup->program, "node", "run", node->folder->path, NULL, NULL, NULL};
	if (setup->keylog) {
		arguments[4] = "--keylog";
		arguments[5] = setup->keylog;
	}
	const struct cw_child_setup child = {.arguments = arguments,
		.environment = (const char *const *)environ,
		.in = CW_CHILD_NULL,
		.out = CW_CHILD_NULL,
		.err = CW_CHILD_PIPE};
	if (!cw_child_start(&child, &node->child, error))
		return false;
	node->started = cw_time_now();
	node->starts++;
	node->output = event_new(setup->base, node->child.err, EV_READ | EV_PERSIST, on_output, node);
	node->end = event_new(setup->base, node->child.pidfd, EV_READ | EV_PERSIST, on_end, node);
	if (!node->output || !node->end || event_add(node->output, NULL) < 0 ||
		event_add(node->end, NULL) < 0)
		return cw_error_memory(error);
	return true;
}

static void on_again(evutil_socket_t socket, short what, void *context)
{
	struct lab_node *node = context;
	const struct cw_lab_nodes_owner *owner = &node->nodes->setup.owner;
	struct cw_error error;
	(void)socket;
	(void)what;
	if (node->child.pid)
		return;
	bool again = node->starts > 0;
	if (!start(node, &error)) {
		tell_line(node, error.message);
		forget(node);
		start_later(node);
		return;
	}
	if (again)
		owner->restarted(owner->context, node->folder->node->fqdn);
	owner->news(owner->context);
}

static void wait_for(struct lab_node *node)
{
	struct pollfd wait = {.fd = node->child.pidfd, .events = POLLIN};
	if (node->child.pid && !cw_child_ended(&node->child))
		(void)poll(&wait, 1, STOP_MS);
}

/* --- all of them --- */

void cw_lab_nodes_end(struct cw_lab_nodes *nodes)
{
	if (!nodes)
		return;
	for (size_t i = 0; i < nodes->count; i++)
		cw_child_signal(&nodes->items[i].child, SIGTERM);
	for (size_t i = 0; i < nodes->count; i++) {
		struct lab_node *node = &nodes->items[i];
		wait_for(node);
		forget(node);
		if (node->again)
			event_free(node->again);
		cw_buffer_finish(&node->text);
	}
	free(nodes->items);
	free(nodes);
}

bool cw_lab_nodes_begin(
	const struct cw_lab_nodes_setup *setup, struct cw_lab_nodes **ret, struct cw_error *error)
{
	AUTO(cw_lab_nodes_end) struct cw_lab_nodes *nodes = calloc(1, sizeof *nodes);
	size_t running = 0;
	if (!nodes)
		return cw_error_memory(error);
	nodes->setup = *setup;
	nodes->items = calloc(setup->folders->count + 1, sizeof *nodes->items);
	if (!nodes->items)
		return cw_error_memory(error);
	for (size_t i = 0; i < setup->folders->count; i++) {
		struct lab_node *node = &nodes->items[nodes->count++];
		*node = (struct lab_node){
			.nodes = nodes, .folder = &setup->folders->items[i], .child = CW_CHILD_NONE};
		node->again = evtimer_new(setup->base, on_again, node);
		if (!node->again)
			return cw_error_memory(error);
		if (*node->folder->trouble)
			continue;
		if (!start(node, error))
			return false;
		running++;
	}
	if (!running)
		return cw_error_set(error, CW_E_USAGE, "no node of this deployment can run");
	*ret = TAKE(nodes);
	return true;
}

bool cw_lab_nodes_runs(const struct cw_lab_nodes *nodes, size_t place)
{
	return nodes->items[place].child.pid != 0;
}

size_t cw_lab_nodes_restarts(const struct cw_lab_nodes *nodes, size_t place)
{
	size_t starts = nodes->items[place].starts;
	return starts ? starts - 1 : 0;
}

void cw_lab_nodes_reload(struct cw_lab_nodes *nodes, size_t place)
{
	const struct cw_child *child = &nodes->items[place].child;
	if (child->pid)
		(void)kill(child->pid, SIGHUP); /* its ssh and sshd are in its group, and are not meant */
}

void cw_lab_nodes_restart(struct cw_lab_nodes *nodes, size_t place)
{
	struct lab_node *node = &nodes->items[place];
	node->at_once = true;
	if (node->child.pid)
		(void)kill(node->child.pid, SIGTERM);
	else
		start_later(node);
}
