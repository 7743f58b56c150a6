#include "node/edge/edge_core_parts.h"

#include "node/edge/edge_inner.h"
#include "node/edge/lane_relay.h"
#include "node/worker/node_workers.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void forget(struct cw_edge_core_dialling *dialling)
{
	*dialling->place = dialling->next;
	if (dialling->next)
		dialling->next->place = dialling->place;
	dialling->edge->dialling--;
	cw_node_find_cancel(&dialling->find);
	if (dialling->ready)
		event_free(dialling->ready);
	if (dialling->timer)
		event_free(dialling->timer);
	if (dialling->socket >= 0)
		close(dialling->socket);
	free(dialling);
}

/* `why` NULL: it is connected. */
static void answer(struct cw_edge_core_dialling *dialling, const char *why)
{
	struct cw_node_core *core = dialling->edge->core;
	struct cw_edge_core_word word = {.worker = dialling->worker,
		.lane = dialling->lane,
		.word = why ? "failed" : "connected",
		.id = dialling->id,
		.why = why,
		.file = -1};
	if (!why) {
		event_free(dialling->ready);
		dialling->ready = NULL;
		word.file = dialling->socket;
		dialling->socket = -1;
	}
	forget(dialling);
	cw_edge_core_say(core, &word);
}

void cw_edge_core_dial_refused(
	struct cw_node_core *core, const struct cw_edge_core_want *want, const char *why)
{
	const struct cw_edge_core_word word = {.worker = want->worker,
		.lane = want->lane,
		.word = "failed",
		.id = want->id,
		.why = why,
		.file = -1};
	cw_edge_core_say(core, &word);
}

static void on_ready(evutil_socket_t socket, short what, void *context)
{
	struct cw_edge_core_dialling *dialling = context;
	int trouble = 0;
	socklen_t size = sizeof trouble;
	(void)what;
	getsockopt(socket, SOL_SOCKET, SO_ERROR, &trouble, &size);
	answer(dialling, trouble ? strerror(trouble) : NULL);
}

static void on_time(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	answer(context, "it cannot be reached in time");
}

static bool connect_to(struct cw_edge_core_dialling *dialling, struct in_addr address)
{
	struct cw_node_core *core = dialling->edge->core;
	const struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)dialling->port), .sin_addr = address};
	const struct sockaddr_in from = {
		.sin_family = AF_INET, .sin_addr = core->snapshot->file->listen.from};
	dialling->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (dialling->socket < 0 || bind(dialling->socket, (const struct sockaddr *)&from, sizeof from) < 0 ||
		(connect(dialling->socket, (const struct sockaddr *)&to, sizeof to) < 0 &&
			errno != EINPROGRESS))
		return false;
	dialling->ready = event_new(core->base, dialling->socket, EV_WRITE, on_ready, dialling);
	return dialling->ready && event_add(dialling->ready, NULL) == 0;
}

static void on_found(void *context, const struct in_addr *address, const char *why)
{
	struct cw_edge_core_dialling *dialling = context;
	if (!address)
		answer(dialling, why);
	else if (!connect_to(dialling, *address))
		answer(dialling, strerror(errno));
}

void cw_edge_core_dial(struct cw_node_core *core, const struct cw_edge_core_want *want)
{
	static const struct timeval wait = {CW_EDGE_INNER_CONNECT_MS / 1000, 0};
	struct cw_edge_core *edge = core->edge;
	struct cw_edge_core_dialling *dialling = calloc(1, sizeof *dialling);
	if (!dialling || edge->dialling >= CW_EDGE_CORE_WAITING_MAX) {
		free(dialling);
		cw_edge_core_dial_refused(core, want, "too many connections are being made");
		return;
	}
	*dialling = (struct cw_edge_core_dialling){.edge = edge,
		.lane = want->lane,
		.worker = want->worker,
		.id = want->id,
		.port = want->port,
		.find = {.found = on_found, .context = dialling},
		.socket = -1,
		.next = edge->diallings,
		.place = &edge->diallings};
	if (dialling->next)
		dialling->next->place = &dialling->next;
	edge->diallings = dialling;
	edge->dialling++;
	dialling->timer = evtimer_new(core->base, on_time, dialling);
	if (!dialling->timer || event_add(dialling->timer, &wait) < 0)
		answer(dialling, "out of memory");
	else
		cw_node_find(core, &dialling->find, want->host);
}

static void read_text(const json_t *from, const char *key, char *ret, size_t size)
{
	const char *text = json_string_value(json_object_get(from, key));
	snprintf(ret, size, "%s", text ? text : "");
}

/* As a worker that reads strangers' bytes tells it: shown, and nothing else. */
static void note_session(struct cw_edge_core *edge, const json_t *told)
{
	cw_time now = cw_time_now();
	struct cw_traffic_sessions_row row = {
		.since = now, .until = json_integer_value(json_object_get(told, "until"))};
	read_text(told, "user", row.user, sizeof row.user);
	read_text(told, "client", row.client, sizeof row.client);
	read_text(told, "agent", row.agent, sizeof row.agent);
	read_text(told, "address", row.address, sizeof row.address);
	read_text(told, "edge", row.edge, sizeof row.edge);
	if (row.until > now && !cw_traffic_sessions_take(&edge->sessions, &row, now))
		cw_node_core_say(edge->core, "sign-in: %s is not shown: out of memory", row.user);
}

void cw_edge_core_inner_heard(
	struct cw_node_core *core, unsigned worker, const json_t *with, int *files, size_t file_count)
{
	const json_t *connect = json_object_get(with, "connect"), *session = json_object_get(with, "session");
	const char *host = json_string_value(json_object_get(with, "host"));
	json_int_t port = json_integer_value(json_object_get(with, "port"));
	(void)files;
	(void)file_count;
	if (core->edge && json_is_object(session))
		note_session(core->edge, session);
	if (!core->edge || !json_is_integer(connect) || !host)
		return;
	const struct cw_edge_core_want want = {.worker = worker,
		.lane = CW_LANE_RELAY_NAME,
		.id = (unsigned)json_integer_value(connect),
		.host = host,
		.port = (unsigned)port};
	/* hostile bytes may stand behind the worker: it reaches what signed-in people may reach, and nothing else */
	if (port < 1 || port > 65535 || !cw_edge_inner_may_connect(core->snapshot, host, (unsigned)port))
		cw_edge_core_dial_refused(core, &want, "the allow list has no such host and port");
	else
		cw_edge_core_dial(core, &want);
}

void cw_edge_core_drop_diallings(struct cw_edge_core *edge, unsigned worker)
{
	struct cw_edge_core_dialling *next;
	for (struct cw_edge_core_dialling *at = edge->diallings; at; at = next) {
		next = at->next;
		if (worker == CW_NODE_WORKERS_ALL)
			answer(at, "this node's files have changed");
		else if (at->worker == worker)
			forget(at);
	}
}

void cw_edge_core_inner_lost(struct cw_node_core *core, unsigned worker)
{
	if (core->edge)
		cw_edge_core_drop_diallings(core->edge, worker);
}
