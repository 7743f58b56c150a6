#include "node/edge/lane_https.h"

#include "net/accept.h"
#include "node/edge/edge_core.h"
#include "node/edge/edge_outer.h"
#include "node/edge/edge_share.h"
#include "report/json.h"

#include <arpa/inet.h>
#include <unistd.h>

struct lane {
	struct cw_worker *worker;
	struct cw_edge_outer *outer;
	struct cw_accept *accept;
};

static bool wanted(const struct cw_snapshot *snapshot)
{
	return snapshot->node->identities[CW_IDENTITY_SERVER].private_key != NULL;
}

static void on_stream(void *context, unsigned id)
{
	const struct lane *lane = context;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *with = json_object();
	cw_json_put(&json, with, "stream", cw_json_count(id));
	cw_worker_send(lane->worker, CW_LANE_HTTPS_NAME, with, NULL, 0);
}

static void on_count(void *context, unsigned id, const char *user)
{
	const struct lane *lane = context;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *with = json_object();
	cw_json_put(&json, with, "count", cw_json_count(id));
	cw_json_put(&json, with, "user", cw_json_text(user));
	cw_worker_send(lane->worker, CW_LANE_HTTPS_NAME, with, NULL, 0);
}

static void on_signed_in(void *context, const struct cw_edge_outer_sign_in *sign_in)
{
	const struct lane *lane = context;
	const char *fault = "";
	if (sign_in->fault != CW_EDGE_FAULT_NOTHING)
		fault = cw_edge_fault_name(sign_in->fault);
	cw_worker_say(lane->worker, "sign-in: %s (%s) from %s: %u%s%s", sign_in->user, sign_in->client,
		sign_in->from, sign_in->status, *fault ? " " : "", fault);
}

static void on_crowded(void *context, bool crowded)
{
	const struct lane *lane = context;
	if (!lane->accept)
		return; /* it is at its end */
	if (crowded)
		cw_accept_stop(lane->accept);
	else
		cw_accept_go_on(lane->accept);
}

static void on_accepted(void *context, evutil_socket_t socket, const struct sockaddr *from, int length)
{
	const struct lane *lane = context;
	char address[INET_ADDRSTRLEN] = "";
	const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)from;
	if (from->sa_family == AF_INET && length >= (int)sizeof *in)
		inet_ntop(AF_INET, &in->sin_addr, address, sizeof address);
	cw_edge_outer_take(lane->outer, socket, address);
}

/* Domains and keys, as the core has shared them last. */
static bool take_shared(struct lane *lane)
{
	AUTO_STRINGS domains = {0};
	return cw_edge_share_read(cw_worker_shared(lane->worker, CW_EDGE_CORE_SHARED), cw_time_now(),
		       cw_edge_outer_ring(lane->outer), &domains) &&
		cw_edge_outer_set_domains(lane->outer, &domains);
}

static void end(void *context)
{
	struct lane *lane = context;
	if (!lane)
		return;
	cw_accept_free(lane->accept);
	lane->accept = NULL;
	cw_edge_outer_free(lane->outer);
	free(lane);
}
CW_DEFINE_AUTO(struct lane *, end)

static bool begin(struct cw_worker *worker, int socket, void **ret, struct cw_error *error)
{
	AUTO(end) struct lane *lane = calloc(1, sizeof *lane);
	int own = dup(socket);
	if (!lane || own < 0) {
		if (own >= 0)
			close(own);
		return cw_error_memory(error);
	}
	lane->worker = worker;
	const struct cw_edge_outer_setup setup = {.base = worker->base,
		.keylog = worker->keylog,
		.owner = {on_stream, on_count, on_signed_in, on_crowded, lane}};
	const struct cw_accept_owner owner = {.accepted = on_accepted, .context = lane};
	if (!cw_edge_outer_new(&setup, worker->snapshot, &lane->outer, error) || !take_shared(lane)) {
		close(own);
		return lane->outer ? cw_error_memory(error) : false;
	}
	if (!cw_accept_adopt(worker->base, own, &owner, &lane->accept, error))
		return false;
	*ret = TAKE(lane);
	return true;
}

static bool reload(void *context, const struct cw_snapshot *before, struct cw_error *error)
{
	struct lane *lane = context;
	if (before)
		return cw_edge_outer_set_snapshot(lane->outer, lane->worker->snapshot, error);
	return take_shared(lane) ? true : cw_error_memory(error);
}

static void judge(void *context)
{
	(void)context; /* nobody shows a certificate here */
}

static void frame(void *context, const json_t *with, int *files, size_t file_count)
{
	struct lane *lane = context;
	const json_t *stream = json_object_get(with, "stream"), *none = json_object_get(with, "none"),
		     *counted = json_object_get(with, "counted");
	if (json_is_integer(stream) && file_count == 1) {
		cw_edge_outer_streamed(lane->outer, (unsigned)json_integer_value(stream), files[0]);
		files[0] = -1;
	} else if (json_is_integer(none)) {
		cw_edge_outer_unstreamed(lane->outer, (unsigned)json_integer_value(none));
	} else if (json_is_integer(counted)) {
		cw_edge_outer_counted(lane->outer, (unsigned)json_integer_value(counted),
			(unsigned)json_integer_value(json_object_get(with, "wait")));
	}
}

static json_t *counts_json(struct cw_json *json, const struct cw_edge_outer_counts *counts)
{
	json_t *object = json_object();
	char name[8];
	cw_json_put(json, object, "requests", cw_json_count(counts->requests));
	cw_json_put(json, object, "refused", cw_json_count(counts->refused));
	cw_json_put(json, object, "sign_ins", cw_json_count(counts->sign_ins));
	cw_json_put(json, object, "sign_ins_refused", cw_json_count(counts->sign_ins_refused));
	for (size_t i = 0; i < sizeof counts->statuses / sizeof *counts->statuses; i++) {
		if (!counts->statuses[i])
			continue;
		snprintf(name, sizeof name, "%zu", i);
		cw_json_put(json, object, name, cw_json_count(counts->statuses[i]));
	}
	return object;
}

static void status(const void *context, json_t *ret)
{
	const struct lane *lane = context;
	struct cw_json json = {0};
	const struct cw_edge_outer_counts *counts = cw_edge_outer_counts(lane->outer);
	cw_json_put(&json, ret, "clients", cw_json_count(counts->clients));
	cw_json_put(&json, ret, "refused", cw_json_count(counts->refused));
	cw_json_put(&json, ret, "active", cw_json_count(cw_edge_outer_active(lane->outer)));
	cw_json_put(&json, ret, "counts", counts_json(&json, counts));
	cw_json_put(&json, ret, "reason", cw_json_text(cw_edge_outer_last(lane->outer)));
}

const struct cw_worker_lane cw_lane_https = {.name = CW_LANE_HTTPS_NAME,
	.role = CW_NODE_EXPRESSWAY_E,
	.listen = offsetof(struct cw_node_file_listen, https),
	.wanted = wanted,
	.begin = begin,
	.end = end,
	.reload = reload,
	.judge = judge,
	.frame = frame,
	.status = status,
	.heard = cw_edge_core_outer_heard,
	.lost = cw_edge_core_outer_lost};
