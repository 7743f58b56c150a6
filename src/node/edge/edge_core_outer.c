#include "node/edge/edge_core_parts.h"

#include "node/edge/lane_https.h"
#include "node/node_accept.h"
#include "node/worker/node_workers.h"

#include <string.h>

static void begin_next(struct cw_edge_core *edge);

static void forget(struct cw_edge_core_opening *opening)
{
	struct cw_edge_core *edge = opening->edge;
	*opening->place = opening->next;
	if (opening->next)
		opening->next->place = opening->place;
	edge->waiting--;
	edge->opening -= opening->dial != NULL;
	free(opening);
}

static void answer(struct cw_edge_core_opening *opening, evutil_socket_t socket)
{
	struct cw_node_core *core = opening->edge->core;
	const struct cw_edge_core_word word = {.worker = opening->worker,
		.lane = CW_LANE_HTTPS_NAME,
		.word = socket >= 0 ? "stream" : "none",
		.id = opening->id,
		.file = socket};
	forget(opening);
	cw_edge_core_say(core, &word);
}

static void on_ended(void *context, enum cw_tunnel_dial_end end, evutil_socket_t socket)
{
	struct cw_edge_core_opening *opening = context;
	struct cw_edge_core *edge = opening->edge;
	(void)end;
	answer(opening, socket);
	begin_next(edge);
}

static bool begin(struct cw_edge_core_opening *opening)
{
	const struct cw_tunnel_dial_owner owner = {on_ended, opening};
	struct cw_error error;
	if (!cw_node_accept_stream(opening->edge->core, &owner, &opening->dial, &error)) {
		opening->dial = NULL;
		return false;
	}
	opening->edge->opening++;
	return true;
}

/* The oldest that waits stands at the end. */
static struct cw_edge_core_opening *find_next(const struct cw_edge_core *edge)
{
	struct cw_edge_core_opening *oldest = NULL;
	for (struct cw_edge_core_opening *at = edge->openings; at; at = at->next)
		if (!at->dial)
			oldest = at;
	return oldest;
}

static void begin_next(struct cw_edge_core *edge)
{
	while (edge->opening < CW_EDGE_CORE_OPENING_MAX) { /* ends: one that waits fewer each time */
		struct cw_edge_core_opening *next = find_next(edge);
		if (!next)
			return;
		if (!begin(next))
			answer(next, -1);
	}
}

/* One more sign-in of this user: whichever worker it came to. */
static void count(struct cw_edge_core *edge, unsigned worker, unsigned id, const char *user)
{
	const struct cw_node_file_edge *words = &edge->core->snapshot->file->edge;
	unsigned wait = 0;
	bool may = cw_edge_rate_take(edge->rate, cw_http_text(user), words->authorizations,
		words->period_seconds, cw_time_now(), &wait);
	const struct cw_edge_core_word word = {.worker = worker,
		.lane = CW_LANE_HTTPS_NAME,
		.word = "counted",
		.id = id,
		.wait = may ? 0 : wait,
		.file = -1};
	cw_edge_core_say(edge->core, &word);
}

void cw_edge_core_outer_heard(
	struct cw_node_core *core, unsigned worker, const json_t *with, int *files, size_t file_count)
{
	struct cw_edge_core *edge = core->edge;
	const json_t *stream = json_object_get(with, "stream"), *counted = json_object_get(with, "count");
	const char *user = json_string_value(json_object_get(with, "user"));
	(void)files;
	(void)file_count;
	if (edge && json_is_integer(counted) && user)
		count(edge, worker, (unsigned)json_integer_value(counted), user);
	if (!edge || !json_is_integer(stream))
		return;
	unsigned id = (unsigned)json_integer_value(stream);
	struct cw_edge_core_opening *opening = NULL;
	if (edge->waiting < CW_EDGE_CORE_WAITING_MAX)
		opening = calloc(1, sizeof *opening);
	if (!opening) {
		const struct cw_edge_core_word none = {
			.worker = worker, .lane = CW_LANE_HTTPS_NAME, .word = "none", .id = id, .file = -1};
		cw_edge_core_say(core, &none);
		return;
	}
	*opening = (struct cw_edge_core_opening){
		.edge = edge, .worker = worker, .id = id, .next = edge->openings, .place = &edge->openings};
	if (opening->next)
		opening->next->place = &opening->next;
	edge->openings = opening;
	edge->waiting++;
	begin_next(edge);
}

void cw_edge_core_drop_openings(struct cw_edge_core *edge, unsigned worker)
{
	struct cw_edge_core_opening *next;
	for (struct cw_edge_core_opening *at = edge->openings; at; at = next) {
		next = at->next;
		if (worker != CW_NODE_WORKERS_ALL && at->worker != worker)
			continue;
		struct cw_tunnel_dial *dial = at->dial;
		forget(at);
		cw_tunnel_dial_free(dial);
	}
}

void cw_edge_core_outer_lost(struct cw_node_core *core, unsigned worker)
{
	if (!core->edge)
		return;
	cw_edge_core_drop_openings(core->edge, worker);
	begin_next(core->edge);
}
