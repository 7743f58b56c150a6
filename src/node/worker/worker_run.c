#include "node/worker/worker_run.h"

#include "net/accept.h"
#include "node/worker/worker_confine.h"
#include "node/worker/worker_lane.h"
#include "node/worker/worker_snapshot.h"
#include "report/json.h"

#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

struct open_lane {
	void *state; /* NULL: not open */
	int socket;
};

struct worker_run {
	struct cw_worker worker;
	struct open_lane lanes[CW_WORKER_LANES_MAX];
	bool ready;
};

static void answer(struct worker_run *run, const char *what, json_t *rest)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *frame = rest ? rest : json_object();
	cw_json_put(&json, frame, "do", cw_json_text(what));
	if (!json.failed)
		cw_worker_channel_send(run->worker.channel, frame, NULL, 0);
}

static void answer_text(struct worker_run *run, const char *what, const char *lane, const char *text)
{
	struct cw_json json = {0};
	json_t *frame = json_object();
	cw_json_put(&json, frame, "lane", cw_json_text(lane));
	cw_json_put(&json, frame, "text", cw_json_text(text));
	answer(run, what, frame);
}

static const struct cw_worker_lane *lane_at(size_t place)
{
	size_t count;
	return cw_worker_lanes(&count)[place];
}

static size_t lane_count(void)
{
	size_t count;
	(void)cw_worker_lanes(&count);
	return count;
}

static void close_lane(struct worker_run *run, size_t place)
{
	struct open_lane *lane = &run->lanes[place];
	if (lane->state)
		lane_at(place)->end(lane->state);
	if (lane->socket >= 0)
		close(lane->socket);
	*lane = (struct open_lane){NULL, -1};
}

/* --- the beginning --- */

static unsigned number_of(const json_t *frame, const char *key)
{
	json_int_t number = json_integer_value(json_object_get(frame, key));
	return number >= 0 && number <= UINT32_MAX ? (unsigned)number : UINT32_MAX;
}

static void on_begin(struct worker_run *run, const json_t *frame, int *files, size_t count)
{
	struct cw_error error;
	if (run->ready)
		return;
	run->worker.number = number_of(frame, "number");
	if (count && (run->worker.keylog = fdopen(files[0], "a")))
		files[0] = -1;
	const struct cw_rights_user user = {number_of(frame, "uid"), number_of(frame, "gid")};
	if (!cw_worker_confine(&user, &error)) {
		answer_text(run, "trouble", NULL, error.message);
		return;
	}
	run->ready = true;
	answer(run, "ready", NULL);
}

/* --- what the core says --- */

static void reload_lanes(struct worker_run *run, const struct cw_snapshot *before)
{
	struct cw_error error;
	for (size_t i = 0; i < lane_count(); i++)
		if (run->lanes[i].state && !lane_at(i)->reload(run->lanes[i].state, before, &error))
			answer_text(run, "trouble", lane_at(i)->name, error.message);
}

static void on_snapshot(struct worker_run *run, const json_t *frame, int *files, size_t count)
{
	AUTO_STRINGS problems = {0};
	struct cw_snapshot *after = NULL;
	struct cw_json json = {0};
	if (!run->ready || count != 1)
		return;
	if (!cw_worker_snapshot_read(frame, files[0], cw_time_now(), &after, &problems)) {
		answer_text(run, "trouble", NULL, problems.count ? problems.items[0] : "out of memory");
		return;
	}
	AUTO(cw_snapshot_free) struct cw_snapshot *before = run->worker.snapshot;
	run->worker.snapshot = after;
	if (before)
		reload_lanes(run, before);
	json_t *taken = json_object();
	cw_json_put(&json, taken, "number", cw_json_count(after->number));
	answer(run, "taken", taken);
}

static size_t lane_of(const struct worker_run *run, const json_t *frame)
{
	const char *name = json_string_value(json_object_get(frame, "lane"));
	if (!run->worker.snapshot)
		return lane_count();
	return cw_worker_lane_find(run->worker.snapshot->node->kind, name);
}

static void on_open(struct worker_run *run, const json_t *frame, int *files, size_t count)
{
	size_t place = lane_of(run, frame);
	struct cw_error error;
	if (place == lane_count())
		return;
	close_lane(run, place);
	struct open_lane *lane = &run->lanes[place];
	if (count)
		lane->socket = files[0];
	if (count)
		files[0] = -1;
	if (lane_at(place)->begin(&run->worker, lane->socket, &lane->state, &error)) {
		answer_text(run, "opened", lane_at(place)->name, NULL);
		return;
	}
	answer_text(run, "trouble", lane_at(place)->name, error.message);
	close_lane(run, place);
}

static void on_close(struct worker_run *run, const json_t *frame, int *files, size_t count)
{
	size_t place = lane_of(run, frame);
	(void)files;
	(void)count;
	if (place < lane_count())
		close_lane(run, place);
}

static void on_shared(struct worker_run *run, const json_t *frame, int *files, size_t count)
{
	(void)files;
	(void)count;
	json_t *values = json_object_get(frame, "values");
	if (!json_is_object(values))
		return;
	json_decref(run->worker.shared);
	run->worker.shared = json_incref(values);
	reload_lanes(run, NULL);
}

static void on_judge(struct worker_run *run, const json_t *frame, int *files, size_t count)
{
	(void)frame;
	(void)files;
	(void)count;
	for (size_t i = 0; i < lane_count(); i++)
		if (run->lanes[i].state)
			lane_at(i)->judge(run->lanes[i].state);
}

static void on_status(struct worker_run *run, const json_t *frame, int *files, size_t count)
{
	struct cw_json json = {0};
	json_t *told = json_object(), *lanes = json_object();
	(void)frame;
	(void)files;
	(void)count;
	for (size_t i = 0; i < lane_count(); i++) {
		if (!run->lanes[i].state)
			continue;
		json_t *row = json_object();
		lane_at(i)->status(run->lanes[i].state, row);
		cw_json_put(&json, lanes, lane_at(i)->name, row);
	}
	cw_json_put(&json, told, "lanes", lanes);
	answer(run, "status", told);
}

static void on_lane(struct worker_run *run, const json_t *frame, int *files, size_t count)
{
	size_t place = lane_of(run, frame);
	if (place < lane_count() && run->lanes[place].state && lane_at(place)->frame)
		lane_at(place)->frame(run->lanes[place].state, json_object_get(frame, "with"), files, count);
}

static void on_said(void *context, const json_t *frame, int *files, size_t count)
{
	static const struct {
		const char *name;
		void (*does)(struct worker_run *run, const json_t *frame, int *files, size_t count);
	} rows[] = {{"begin", on_begin}, {"snapshot", on_snapshot}, {"open", on_open}, {"close", on_close},
		{"shared", on_shared}, {"judge", on_judge}, {"status", on_status}, {"lane", on_lane}};
	const char *name = json_string_value(json_object_get(frame, "do"));
	for (size_t i = 0; name && i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].name, name) == 0)
			rows[i].does(context, frame, files, count);
}

static void on_ended(void *context, const char *reason)
{
	struct worker_run *run = context;
	(void)reason;
	cw_worker_channel_free(run->worker.channel);
	run->worker.channel = NULL;
	event_base_loopbreak(run->worker.base);
}

/* --- the process --- */

static bool begin(struct worker_run *run, int socket, struct cw_error *error)
{
	const struct cw_worker_channel_owner owner = {on_said, on_ended, run};
	run->worker.base = cw_accept_base_new();
	run->worker.cache = cw_cache_new();
	run->worker.recent = cw_recent_certs_new();
	run->worker.shared = json_object();
	if (!run->worker.base || !run->worker.cache || !run->worker.recent || !run->worker.shared)
		return cw_error_memory(error);
	return cw_worker_channel_open(run->worker.base, socket, &owner, &run->worker.channel, error);
}

int cw_worker_run(void)
{
	struct worker_run run = {.ready = false};
	struct cw_error error;
	for (size_t i = 0; i < CW_WORKER_LANES_MAX; i++)
		run.lanes[i].socket = -1;
	prctl(PR_SET_NAME, "causeway-edge");
	int socket = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC); /* standard descriptors stay in use */
	if (socket < 0 || nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 ||
		evutil_make_socket_nonblocking(socket) != 0 || !begin(&run, socket, &error))
		return 1;
	(void)event_base_dispatch(run.worker.base);
	/* what a lane has to say at its end goes nowhere: the core is gone */
	return 0;
}
