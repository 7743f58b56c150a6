#include "node/worker/node_workers_parts.h"

#include "node/worker/worker_snapshot.h"
#include "report/json.h"

#include <string.h>
#include <unistd.h>

/* Of one lane: the statuses of HTTP, and some names. */
#define COUNTS_MAX 640

/* Everything here comes from a process that reads strangers' bytes: it is bounded, and believed to be no more than what
 * that process says. */

static const char *text_of(const json_t *frame, const char *key)
{
	return json_string_value(json_object_get(frame, key));
}

static const char *some_text(const json_t *frame, const char *key)
{
	const char *text = text_of(frame, key);
	return text ? text : "";
}

static size_t count_of(const json_t *frame, const char *key)
{
	json_int_t count = json_integer_value(json_object_get(frame, key));
	return count > 0 && count < INT32_MAX ? (size_t)count : 0;
}

static size_t lane_of(const struct cw_node_worker *worker, const json_t *frame)
{
	return cw_worker_lane_find(worker->workers->core->snapshot->node->kind, text_of(frame, "lane"));
}

/* The log and the history are not to be filled by one process. */
static bool may_speak(struct cw_node_worker *worker)
{
	struct cw_node_core *core = worker->workers->core;
	cw_time now = cw_time_now();
	if (worker->second != now) {
		if (worker->not_shown)
			cw_node_core_say(
				core, "edge worker %u: %u lines more", worker->number, worker->not_shown);
		worker->second = now;
		worker->lines = worker->not_shown = 0;
	}
	if (worker->lines < CW_NODE_WORKERS_LINES_MAX)
		return ++worker->lines;
	worker->not_shown++;
	return false;
}

static void hear_say(struct cw_node_worker *worker, const json_t *frame)
{
	if (may_speak(worker))
		cw_node_core_say(worker->workers->core, "%.*s", CW_WORKER_TEXT_MAX, some_text(frame, "text"));
}

static void hear_refused(struct cw_node_worker *worker, const json_t *frame)
{
	cw_node_history_refused(worker->workers->core->history, some_text(frame, "what"),
		some_text(frame, "who"), some_text(frame, "code"), text_of(frame, "detail"));
}

static bool find_link_kind(const char *name, enum cw_link_kind *ret)
{
	for (int kind = 0; kind < CW_LINK_KIND_COUNT; kind++)
		if (strcmp(cw_link_kind_name((enum cw_link_kind)kind), name) == 0) {
			*ret = (enum cw_link_kind)kind;
			return true;
		}
	return false;
}

static void hear_live(struct cw_node_worker *worker, const json_t *frame)
{
	unsigned id = (unsigned)count_of(frame, "id");
	json_t *chain = json_object_get(frame, "chain");
	enum cw_link_kind kind;
	size_t place = 0;
	if (!find_link_kind(some_text(frame, "link"), &kind))
		return;
	while (place < worker->live_count &&
		(worker->live[place].id != id || worker->live[place].kind != kind))
		place++;
	if (place < worker->live_count) {
		json_decref(worker->live[place].chain);
		worker->live[place] = worker->live[--worker->live_count];
	}
	if (!json_array_size(chain) || json_array_size(chain) > CW_NODE_WORKERS_CHAIN_MAX ||
		worker->live_count == CW_NODE_WORKERS_LIVE_MAX ||
		!cw_memory_grow(
			&worker->live, &worker->live_capacity, worker->live_count, sizeof *worker->live))
		return;
	worker->live[worker->live_count++] = (struct cw_node_worker_live){id, kind, json_incref(chain)};
}

static void hear_ready(struct cw_node_worker *worker, const json_t *frame)
{
	json_t *made = NULL;
	int file = -1;
	struct cw_error error;
	(void)frame;
	worker->ready = true;
	if (!cw_worker_snapshot_write(worker->workers->core->snapshot, &made, &file, &error)) {
		snprintf(worker->trouble, sizeof worker->trouble, "%.290s", error.message);
		return;
	}
	cw_node_workers_bring(worker, made, file);
	json_decref(made);
	close(file);
}

static void hear_taken(struct cw_node_worker *worker, const json_t *frame)
{
	worker->taken = (unsigned)count_of(frame, "number");
	worker->trouble[0] = '\0';
}

static void hear_opened(struct cw_node_worker *worker, const json_t *frame)
{
	size_t place = lane_of(worker, frame);
	bool news = !worker->opened[place];
	worker->opened[place] = true;
	if (news)
		cw_node_core_changed(worker->workers->core);
}

static void hear_trouble(struct cw_node_worker *worker, const json_t *frame)
{
	const char *lane = some_text(frame, "lane");
	worker->sent[lane_of(worker, frame)] = false; /* to be tried with the next snapshot */
	snprintf(worker->trouble, sizeof worker->trouble, "%.40s%s%.240s", lane, *lane ? ": " : "",
		some_text(frame, "text"));
	if (!may_speak(worker))
		return;
	cw_node_core_say(worker->workers->core, "edge worker %u: %s", worker->number, worker->trouble);
	cw_node_core_changed(worker->workers->core);
}

static void hear_status(struct cw_node_worker *worker, const json_t *frame)
{
	json_t *lanes = json_object_get(frame, "lanes");
	worker->asked = 0;
	json_decref(worker->told);
	worker->told = json_is_object(lanes) ? json_incref(lanes) : NULL;
}

void cw_node_workers_hear(void *context, const json_t *frame, int *files, size_t count)
{
	static const struct {
		const char *name;
		void (*hear)(struct cw_node_worker *worker, const json_t *frame);
	} rows[] = {{"say", hear_say}, {"refused", hear_refused}, {"live", hear_live}, {"ready", hear_ready},
		{"taken", hear_taken}, {"opened", hear_opened}, {"trouble", hear_trouble},
		{"status", hear_status}};
	struct cw_node_worker *worker = context;
	const char *name = some_text(frame, "do");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].name, name) == 0) {
			rows[i].hear(worker, frame);
			return;
		}
	size_t lanes, place = lane_of(worker, frame);
	const struct cw_worker_lane *const *table = cw_worker_lanes(&lanes);
	if (strcmp(name, "lane") == 0 && place < lanes && table[place]->heard)
		table[place]->heard(
			worker->workers->core, worker->number, json_object_get(frame, "with"), files, count);
}

/* What it counted stays counted. Against a worker that makes up names without end. */
static void keep_counts(struct cw_node_workers *workers, size_t place, const json_t *row)
{
	json_t *counts = json_object_get(row, "counts"), *count, *kept;
	const char *name;
	if (!json_object_size(counts))
		return;
	if (!workers->ended[place])
		workers->ended[place] = json_pack("{s:{}}", "counts");
	kept = json_object_get(workers->ended[place], "counts");
	json_object_foreach(counts, name, count)
	{
		size_t before = count_of(kept, name);
		if (json_object_get(kept, name) || json_object_size(kept) < COUNTS_MAX)
			(void)!json_object_set_new(
				kept, name, cw_json_count(before + count_of(counts, name)));
	}
}

void cw_node_workers_forget(struct cw_node_worker *worker)
{
	size_t lanes;
	const struct cw_worker_lane *const *table = cw_worker_lanes(&lanes);
	for (size_t i = 0; i < lanes; i++) {
		const json_t *row = json_object_get(worker->told, table[i]->name);
		worker->workers->clients[i] += count_of(row, "clients");
		worker->workers->refused[i] += count_of(row, "refused");
		keep_counts(worker->workers, i, row);
		worker->opened[i] = worker->sent[i] = false;
	}
	for (size_t i = 0; i < worker->live_count; i++)
		json_decref(worker->live[i].chain);
	free(worker->live);
	worker->live = NULL;
	worker->live_count = worker->live_capacity = 0;
	json_decref(worker->told);
	worker->told = NULL;
	worker->ready = false;
	worker->taken = 0;
	worker->asked = 0;
	worker->trouble[0] = '\0';
}
