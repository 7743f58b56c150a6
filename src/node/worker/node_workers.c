#include "node/worker/node_workers_parts.h"

#include "net/accept.h"
#include "node/node_effect.h"
#include "node/worker/worker_snapshot.h"
#include "report/json.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <unistd.h>

/* A worker that has not told its status so long hangs: whatever it does takes milliseconds. */
#define SILENT_SECONDS 20
/* So often one after the other is told. */
#define ENDS_ALARM 3

/* --- ports --- */

static const struct sockaddr_in *address_of(const struct cw_node_workers *workers, size_t listen)
{
	const char *file = (const char *)&workers->core->snapshot->file->listen;
	return (const struct sockaddr_in *)(const void *)(file + listen);
}

static void close_port(struct cw_node_workers *workers, size_t place)
{
	if (workers->sockets[place] >= 0)
		close(workers->sockets[place]);
	workers->sockets[place] = -1;
}

/* `wanted` becomes false again where the port cannot be had. */
static bool open_port(struct cw_node_workers *workers, size_t place, const struct cw_worker_lane *lane,
	struct cw_error *error)
{
	if (lane->listen == CW_WORKER_LANE_NO_PORT || workers->sockets[place] >= 0)
		return true;
	const struct sockaddr_in *address = address_of(workers, lane->listen);
	evutil_socket_t made = -1;
	if (!cw_accept_listen((const struct sockaddr *)address, sizeof *address, &made, error))
		return cw_error_prefix(error, "%s, port %u", lane->name, (unsigned)ntohs(address->sin_port));
	workers->sockets[place] = made;
	return true;
}

/* False: `error` says which port could not be had; the others are. */
static bool open_ports(struct cw_node_workers *workers, struct cw_error *error)
{
	const struct cw_snapshot *snapshot = workers->core->snapshot;
	size_t lanes;
	const struct cw_worker_lane *const *table = cw_worker_lanes(&lanes);
	bool good = true;
	for (size_t i = 0; i < lanes; i++) {
		struct cw_error own;
		bool wants = table[i]->role == snapshot->node->kind && table[i]->wanted(snapshot);
		workers->trouble[i][0] = '\0';
		workers->wanted[i] = wants && open_port(workers, i, table[i], &own);
		if (wants && !workers->wanted[i]) {
			snprintf(workers->trouble[i], sizeof workers->trouble[i], "%.290s", own.message);
			*error = own;
			good = false;
		}
		if (!wants)
			close_port(workers, i);
	}
	return good;
}

static bool any_wanted(const struct cw_node_workers *workers)
{
	for (size_t i = 0; i < CW_WORKER_LANES_MAX; i++)
		if (workers->wanted[i])
			return true;
	return false;
}

/* --- how many --- */

static void stop_all(struct cw_node_workers *workers)
{
	for (size_t i = 0; i < workers->count; i++)
		cw_node_workers_stop(&workers->items[i]);
	free(workers->items);
	workers->items = NULL;
	workers->count = 0;
}

/* Another number takes effect at once: all of them are new ones. */
static bool start_all(struct cw_node_workers *workers, struct cw_error *error)
{
	size_t count = any_wanted(workers) ? workers->core->snapshot->file->workers : 0;
	if (count == workers->count)
		return true;
	stop_all(workers);
	workers->items = calloc(count + 1, sizeof *workers->items);
	if (!workers->items)
		return cw_error_memory(error);
	workers->count = count;
	for (size_t i = 0; i < count; i++) {
		workers->items[i].workers = workers;
		workers->items[i].number = (unsigned)i;
		workers->items[i].child = CW_CHILD_NONE;
	}
	for (size_t i = 0; i < count; i++)
		cw_node_workers_start(&workers->items[i]);
	return true;
}

bool cw_node_workers_begin(struct cw_node_core *core, struct cw_error *error)
{
	struct cw_node_workers *workers = core->workers = calloc(1, sizeof *workers);
	if (!workers)
		return cw_error_memory(error);
	workers->core = core;
	for (size_t i = 0; i < CW_WORKER_LANES_MAX; i++)
		workers->sockets[i] = -1;
	workers->shared = json_object();
	if (!workers->shared)
		return cw_error_memory(error);
	return open_ports(workers, error) && start_all(workers, error);
}

void cw_node_workers_end(struct cw_node_core *core)
{
	struct cw_node_workers *workers = core->workers;
	if (!workers)
		return;
	stop_all(workers);
	for (size_t i = 0; i < CW_WORKER_LANES_MAX; i++) {
		close_port(workers, i);
		json_decref(workers->ended[i]);
	}
	json_decref(workers->shared);
	free(workers);
	core->workers = NULL;
}

/* --- changes --- */

void cw_node_workers_reload(struct cw_node_core *core)
{
	struct cw_node_workers *workers = core->workers;
	AUTO(json_decref) json_t *frame = NULL;
	struct cw_error error;
	int file = -1;
	if (!workers)
		return;
	if (!open_ports(workers, &error))
		cw_node_core_say(core, "%s", error.message);
	if (!start_all(workers, &error) || !cw_worker_snapshot_write(core->snapshot, &frame, &file, &error)) {
		cw_node_core_say(core, "edge workers: the snapshot cannot be sent: %s", error.message);
		return;
	}
	for (size_t i = 0; i < workers->count; i++)
		cw_node_workers_bring(&workers->items[i], frame, file);
	close(file);
}

static void send_word(struct cw_node_worker *worker, const char *word)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *frame = json_object();
	cw_json_put(&json, frame, "do", cw_json_text(word));
	if (!json.failed && worker->channel)
		cw_worker_channel_send(worker->channel, frame, NULL, 0);
}

void cw_node_workers_judge(struct cw_node_core *core)
{
	cw_time now = cw_time_now();
	for (size_t i = 0; core->workers && i < core->workers->count; i++) {
		struct cw_node_worker *worker = &core->workers->items[i];
		if (!worker->channel)
			continue;
		send_word(worker, "judge");
		if (!worker->asked) {
			worker->asked = now;
			send_word(worker, "status");
		} else if (now - worker->asked > SILENT_SECONDS) {
			cw_node_workers_replace(worker, "does not answer");
		}
	}
}

void cw_node_workers_send(struct cw_node_core *core, unsigned number, const char *lane, json_t *with,
	const int *files, size_t file_count)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *frame = json_object();
	cw_json_put(&json, frame, "do", cw_json_text("lane"));
	cw_json_put(&json, frame, "lane", cw_json_text(lane));
	cw_json_put(&json, frame, "with", json_incref(with));
	for (size_t i = 0; core->workers && !json.failed && i < core->workers->count; i++) {
		const struct cw_node_worker *worker = &core->workers->items[i];
		if (worker->channel && worker->ready &&
			(number == CW_NODE_WORKERS_ALL || number == worker->number))
			cw_worker_channel_send(worker->channel, frame, files, file_count);
	}
}

unsigned cw_node_workers_serving(const struct cw_node_core *core, unsigned turn)
{
	const struct cw_node_workers *workers = core->workers;
	for (size_t i = 0; workers && i < workers->count; i++) {
		const struct cw_node_worker *worker = &workers->items[(turn + i) % workers->count];
		if (worker->channel && worker->ready)
			return worker->number;
	}
	return CW_NODE_WORKERS_ALL;
}

bool cw_node_workers_serves(const struct cw_node_core *core, unsigned number, const char *lane)
{
	size_t place = cw_worker_lane_find(core->snapshot->node->kind, lane);
	for (size_t i = 0; core->workers && place < CW_WORKER_LANES_MAX && i < core->workers->count; i++) {
		const struct cw_node_worker *worker = &core->workers->items[i];
		if (worker->number == number)
			return worker->channel && worker->ready && worker->opened[place];
	}
	return false;
}

void cw_node_workers_share(struct cw_node_core *core, const char *key, json_t *value)
{
	struct cw_json json = {0};
	struct cw_node_workers *workers = core->workers;
	AUTO(json_decref) json_t *owned = value, *frame = json_object();
	if (!workers)
		return;
	cw_json_put(&json, workers->shared, key, json_incref(owned));
	cw_json_put(&json, frame, "do", cw_json_text("shared"));
	cw_json_put(&json, frame, "values", json_incref(workers->shared));
	for (size_t i = 0; !json.failed && i < workers->count; i++)
		if (workers->items[i].channel && workers->items[i].ready)
			cw_worker_channel_send(workers->items[i].channel, frame, NULL, 0);
}

/* --- what is told of them --- */

static bool is_served(const struct cw_node_workers *workers, size_t place)
{
	for (size_t i = 0; i < workers->count; i++)
		if (workers->items[i].opened[place])
			return true;
	return false;
}

static void look_at_worker(struct cw_node_core *core, const struct cw_node_worker *worker)
{
	char key[sizeof core->alarms[0].key];
	snprintf(key, sizeof key, "worker %u", worker->number);
	if (worker->ends >= ENDS_ALARM)
		cw_node_core_alarm(core, NULL, "Alert", key,
			"edge worker %u has ended %u times, one soon after the other", worker->number,
			worker->ends);
	else if (*worker->trouble)
		cw_node_core_alarm(
			core, NULL, "Alert", key, "edge worker %u: %s", worker->number, worker->trouble);
}

void cw_node_workers_look(struct cw_node_core *core)
{
	const struct cw_node_workers *workers = core->workers;
	char key[64];
	for (size_t i = 0; workers && i < CW_WORKER_LANES_MAX; i++) {
		if (!*workers->trouble[i])
			continue;
		snprintf(key, sizeof key, "lane %zu", i);
		cw_node_core_alarm(core, NULL, "Alert", key, "%s", workers->trouble[i]);
	}
	for (size_t i = 0; workers && i < workers->count; i++)
		look_at_worker(core, &workers->items[i]);
}

static size_t count_of(const json_t *row, const char *key)
{
	json_int_t count = json_integer_value(json_object_get(row, key));
	return count > 0 ? (size_t)count : 0;
}

static unsigned port_of(int socket)
{
	struct sockaddr_in address = {0};
	socklen_t length = sizeof address;
	if (socket < 0 || getsockname(socket, (struct sockaddr *)&address, &length) < 0)
		return 0;
	return ntohs(address.sin_port);
}

static json_t *lane_row(struct cw_json *json, const struct cw_node_workers *workers, size_t place,
	const struct cw_worker_lane *lane)
{
	json_t *row = json_object();
	size_t clients = workers->clients[place], refused = workers->refused[place];
	const char *reason = "";
	char name[64];
	for (size_t i = 0; i < workers->count; i++) {
		const json_t *told = json_object_get(workers->items[i].told, lane->name);
		const char *last = json_string_value(json_object_get(told, "reason"));
		clients += count_of(told, "clients");
		refused += count_of(told, "refused");
		if (last && *last)
			reason = last;
	}
	if (*workers->trouble[place])
		reason = workers->trouble[place];
	snprintf(name, sizeof name, "%s:%u", lane->name, port_of(workers->sockets[place]));
	cw_json_put(json, row, "peer", cw_json_text(name));
	cw_json_put(json, row, "state", cw_json_text(is_served(workers, place) ? "On" : "Off"));
	cw_json_put(json, row, "clients", cw_json_count(clients));
	cw_json_put(json, row, "refused", cw_json_count(refused));
	cw_json_put(json, row, "reason", cw_json_text(reason));
	return row;
}

static json_t *worker_row(struct cw_json *json, const struct cw_node_worker *worker)
{
	json_t *row = json_object();
	unsigned number = worker->workers->core->snapshot->number;
	bool up = worker->ready && worker->taken == number;
	char name[32];
	snprintf(name, sizeof name, "%u", worker->number);
	cw_json_put(json, row, "peer", cw_json_text(name));
	cw_json_put(json, row, "pid", cw_json_count((size_t)worker->child.pid));
	cw_json_put(json, row, "state", cw_json_text(up ? "Active" : "Checking"));
	cw_json_put(json, row, "snapshot", cw_json_count(worker->taken));
	cw_json_put(json, row, "restarts", cw_json_count(worker->total));
	cw_json_put(json, row, "reason", cw_json_text(worker->trouble));
	return row;
}

bool cw_node_workers_status(const struct cw_node_core *core, json_t *services, json_t *rows)
{
	const struct cw_node_workers *workers = core->workers;
	struct cw_json json = {0};
	size_t lanes;
	const struct cw_worker_lane *const *table = cw_worker_lanes(&lanes);
	for (size_t i = 0; workers && i < lanes; i++)
		if (workers->wanted[i] || *workers->trouble[i])
			cw_json_add(&json, services, lane_row(&json, workers, i, table[i]));
	for (size_t i = 0; workers && i < workers->count; i++)
		cw_json_add(&json, rows, worker_row(&json, &workers->items[i]));
	return !json.failed;
}

void cw_node_workers_told(const struct cw_node_core *core, const char *lane,
	void (*each)(void *context, const json_t *row), void *context)
{
	for (size_t i = 0; core->workers && i < core->workers->count; i++) {
		const json_t *row = json_object_get(core->workers->items[i].told, lane);
		if (json_is_object(row))
			each(context, row);
	}
	size_t place = cw_worker_lane_find(core->snapshot->node->kind, lane);
	if (core->workers && place < CW_WORKER_LANES_MAX && core->workers->ended[place])
		each(context, core->workers->ended[place]);
}

/* --- who is there --- */

static unsigned digit_of(char c)
{
	return (unsigned)(isdigit((unsigned char)c) ? c - '0' : c - 'a' + 10);
}

/* NULL: it is none. */
static struct cw_cert *cert_of(const json_t *shown)
{
	const char *hex = json_string_value(shown);
	size_t length = hex ? strspn(hex, "0123456789abcdef") : 0;
	struct cw_cert *cert = NULL;
	struct cw_error ignored;
	if (!length || hex[length] || length % 2 || length / 2 > CW_CERT_DER_MAX)
		return NULL;
	AUTO(free) uint8_t *der = malloc(length / 2);
	for (size_t i = 0; der && i < length / 2; i++)
		der[i] = (uint8_t)(digit_of(hex[2 * i]) << 4 | digit_of(hex[2 * i + 1]));
	return der && cw_cert_parse(der, length / 2, &cert, &ignored) ? cert : NULL;
}

static void tell_live(const struct cw_node_worker_live *seen, const struct cw_node_live_owner *owner)
{
	struct cw_cert *chain[CW_NODE_WORKERS_CHAIN_MAX] = {NULL};
	size_t count = 0;
	for (size_t i = 0; i < json_array_size(seen->chain) && i < CW_NODE_WORKERS_CHAIN_MAX; i++) {
		chain[count] = cert_of(json_array_get(seen->chain, i));
		count += chain[count] != NULL;
	}
	const struct cw_node_live live = {.kind = seen->kind,
		.by_server = true,
		.peer = count ? cw_cert_label(chain[0]) : "",
		.chain = chain,
		.count = count};
	if (count)
		owner->each(owner->context, &live);
	for (size_t i = 0; i < count; i++)
		cw_cert_free(chain[i]);
}

void cw_node_workers_live(const struct cw_node_core *core, const struct cw_node_live_owner *owner)
{
	for (size_t i = 0; core->workers && i < core->workers->count; i++)
		for (size_t k = 0; k < core->workers->items[i].live_count; k++)
			tell_live(&core->workers->items[i].live[k], owner);
}
