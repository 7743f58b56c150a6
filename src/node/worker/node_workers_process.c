#include "node/worker/node_workers_parts.h"

#include "base/rights.h"
#include "node/worker/node_process.h"
#include "report/json.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_MAX 30
/* Who stays this long has not ended again and again. */
#define STAYS_SECONDS 60

static void send_frame(struct cw_node_worker *worker, const struct cw_json *json, const json_t *frame,
	const int *files, size_t count)
{
	if (!json->failed && worker->channel)
		cw_worker_channel_send(worker->channel, frame, files, count);
}

/* --- its end --- */

static void close_process(struct cw_node_worker *worker)
{
	if (worker->ended)
		event_free(worker->ended);
	worker->ended = NULL;
	cw_worker_channel_free(worker->channel);
	worker->channel = NULL;
	cw_child_finish(&worker->child);
	cw_node_workers_forget(worker);
}

void cw_node_workers_stop(struct cw_node_worker *worker)
{
	if (worker->again)
		event_free(worker->again);
	worker->again = NULL;
	close_process(worker);
	free(worker->live);
}

static void tell_lost(const struct cw_node_worker *worker)
{
	struct cw_node_core *core = worker->workers->core;
	size_t lanes;
	const struct cw_worker_lane *const *table = cw_worker_lanes(&lanes);
	for (size_t i = 0; i < lanes; i++)
		if (table[i]->role == core->snapshot->node->kind && table[i]->lost)
			table[i]->lost(core, worker->number);
}

static void start_later(struct cw_node_worker *worker)
{
	const struct timeval wait = {(time_t)worker->wait, 0};
	worker->wait = worker->wait ? worker->wait * 2 : 1;
	if (worker->wait > WAIT_MAX)
		worker->wait = WAIT_MAX;
	(void)event_add(worker->again, &wait);
}

void cw_node_workers_replace(struct cw_node_worker *worker, const char *why)
{
	struct cw_node_core *core = worker->workers->core;
	char about[32];
	snprintf(about, sizeof about, "edge worker %u", worker->number);
	const struct cw_node_history_event event = {.kind = "worker-ended", .about = about, .text = why};
	if (cw_time_now() - worker->began > STAYS_SECONDS)
		worker->ends = worker->wait = 0;
	worker->ends++;
	worker->total++;
	cw_node_core_say(core, "%s: %s", about, why);
	cw_node_history_tell(core->history, &event);
	close_process(worker);
	tell_lost(worker);
	start_later(worker);
	cw_node_core_changed(core);
}

static void on_process_ended(evutil_socket_t socket, short what, void *context)
{
	struct cw_node_worker *worker = context;
	char text[CW_CHILD_STATUS_SIZE];
	(void)socket;
	(void)what;
	if (cw_child_ended(&worker->child))
		cw_node_workers_replace(worker, cw_child_status_text(worker->child.status, text));
}

/* Mostly it is about to end, and the end of its process says more about that. */
static void on_channel_ended(void *context, const char *reason)
{
	struct cw_node_worker *worker = context;
	if (!cw_child_ended(&worker->child))
		cw_node_core_say(worker->workers->core, "edge worker %u: its channel ends: %s",
			worker->number, reason);
	cw_worker_channel_free(worker->channel);
	worker->channel = NULL;
	cw_child_signal(&worker->child, SIGKILL);
}

/* --- its beginning --- */

static void say_hello(struct cw_node_worker *worker)
{
	struct cw_node_core *core = worker->workers->core;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *frame = json_object();
	unsigned uid = geteuid(), gid = getegid();
	if (uid == 0)
		uid = gid = CW_RIGHTS_NOBODY;
	if (core->account.drops) {
		uid = core->account.uid;
		gid = core->account.gid;
	}
	cw_json_put(&json, frame, "do", cw_json_text("begin"));
	cw_json_put(&json, frame, "number", cw_json_count(worker->number));
	cw_json_put(&json, frame, "uid", cw_json_count(uid));
	cw_json_put(&json, frame, "gid", cw_json_count(gid));
	int keylog = core->keylog ? fileno(core->keylog) : -1;
	send_frame(worker, &json, frame, &keylog, keylog >= 0);
}

static bool start(struct cw_node_worker *worker, struct cw_error *error)
{
	struct event_base *base = worker->workers->core->base;
	const struct cw_worker_channel_owner owner = {cw_node_workers_hear, on_channel_ended, worker};
	int socket;
	if (!cw_node_process_start(
		    CW_NODE_PROCESS_EDGE_WORKER, SOCK_STREAM, NULL, &worker->child, &socket, error) ||
		!cw_worker_channel_open(base, socket, &owner, &worker->channel, error))
		return false;
	worker->ended = event_new(base, worker->child.pidfd, EV_READ | EV_PERSIST, on_process_ended, worker);
	if (!worker->ended || event_add(worker->ended, NULL) < 0)
		return cw_error_memory(error);
	say_hello(worker);
	return true;
}

static void on_again(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	cw_node_workers_start(context);
}

void cw_node_workers_start(struct cw_node_worker *worker)
{
	struct cw_error error;
	worker->began = cw_time_now();
	if (!worker->again)
		worker->again = evtimer_new(worker->workers->core->base, on_again, worker);
	if (worker->again && !start(worker, &error))
		cw_node_workers_replace(worker, error.message);
}

/* --- what it is brought --- */

static void open_lane(struct cw_node_worker *worker, size_t place, const char *name)
{
	const int *socket = &worker->workers->sockets[place];
	struct cw_json json = {0};
	AUTO(json_decref) json_t *frame = json_object();
	cw_json_put(&json, frame, "do", cw_json_text("open"));
	cw_json_put(&json, frame, "lane", cw_json_text(name));
	send_frame(worker, &json, frame, socket, *socket >= 0);
	worker->sent[place] = true;
}

static void close_lane(struct cw_node_worker *worker, size_t place, const char *name)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *frame = json_object();
	cw_json_put(&json, frame, "do", cw_json_text("close"));
	cw_json_put(&json, frame, "lane", cw_json_text(name));
	send_frame(worker, &json, frame, NULL, 0);
	worker->sent[place] = worker->opened[place] = false;
}

void cw_node_workers_bring(struct cw_node_worker *worker, const json_t *frame, int file)
{
	const struct cw_node_workers *workers = worker->workers;
	size_t lanes;
	const struct cw_worker_lane *const *table = cw_worker_lanes(&lanes);
	struct cw_json json = {0};
	AUTO(json_decref) json_t *shared = json_object();
	bool first = !worker->taken;
	if (!worker->channel || !worker->ready)
		return;
	cw_json_put(&json, shared, "do", cw_json_text("shared"));
	cw_json_put(&json, shared, "values", json_incref(workers->shared));
	if (first)
		send_frame(worker, &json, shared, NULL, 0);
	cw_worker_channel_send(worker->channel, frame, &file, 1);
	for (size_t i = 0; i < lanes; i++) {
		if (workers->wanted[i] && !worker->sent[i])
			open_lane(worker, i, table[i]->name);
		else if (!workers->wanted[i] && worker->sent[i])
			close_lane(worker, i, table[i]->name);
	}
}
