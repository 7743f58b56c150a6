#include "node/edge/lane_relay.h"

#include "node/edge/edge_core.h"
#include "node/edge/edge_inner.h"
#include "node/edge/edge_share.h"
#include "report/json.h"

#include <string.h>

struct lane {
	struct cw_worker *worker;
	struct cw_edge_inner *inner;
};

static bool wanted(const struct cw_snapshot *snapshot)
{
	return snapshot->node->identities[CW_IDENTITY_SERVER].private_key &&
		cw_snapshot_link(snapshot, CW_LINK_TOMCAT, NULL, NULL);
}

static void on_connect(void *context, unsigned id, const char *host, unsigned port)
{
	const struct lane *lane = context;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *with = json_object();
	cw_json_put(&json, with, "connect", cw_json_count(id));
	cw_json_put(&json, with, "host", cw_json_text(host));
	cw_json_put(&json, with, "port", cw_json_count(port));
	cw_worker_send(lane->worker, CW_LANE_RELAY_NAME, with, NULL, 0);
}

static void on_refused(void *context, const char *link, const char *host, const char *subject,
	const struct cw_snapshot_answer *answer, const char *reason)
{
	const struct lane *lane = context;
	if (!answer) {
		cw_worker_say(lane->worker, "%s to %s: %s", link, host, reason);
		return;
	}
	cw_worker_say(lane->worker, "%s to %s (%s): refused by this node: %s: %s", link, host, subject,
		answer->code, answer->detail);
	cw_worker_refused(lane->worker, link, subject, answer->code, answer->detail);
}

/* The core has all workers' sessions: for who looks, nothing hangs on them. */
static void tell_session(const struct lane *lane, const struct cw_edge_inner_sign_in *sign_in)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *with = json_object(), *session = json_object();
	cw_json_put(&json, session, "user", cw_json_text(sign_in->user));
	cw_json_put(&json, session, "client", cw_json_text(sign_in->client));
	cw_json_put(&json, session, "agent", cw_json_text(sign_in->agent));
	cw_json_put(&json, session, "address", cw_json_text(sign_in->from));
	cw_json_put(&json, session, "edge", cw_json_text(sign_in->edge));
	cw_json_put(&json, session, "until", json_integer(sign_in->until));
	cw_json_put(&json, with, "session", json_incref(session));
	cw_worker_send(lane->worker, CW_LANE_RELAY_NAME, with, NULL, 0);
}

static void on_signed_in(void *context, const struct cw_edge_inner_sign_in *sign_in)
{
	const struct lane *lane = context;
	const char *fault = "";
	if (sign_in->fault != CW_EDGE_FAULT_NOTHING)
		fault = cw_edge_fault_name(sign_in->fault);
	cw_worker_say(lane->worker, "sign-in: %s (%s) from %s: %u%s%s", sign_in->user, sign_in->client,
		sign_in->from, sign_in->status, *fault ? " " : "", fault);
	if (sign_in->status == 200)
		tell_session(lane, sign_in);
}

static bool take_shared(struct lane *lane, struct cw_error *error)
{
	const json_t *shared = cw_worker_shared(lane->worker, CW_EDGE_CORE_SHARED);
	const char *signer = json_string_value(json_object_get(shared, "signer"));
	if (signer && !cw_edge_inner_set_signer(lane->inner, signer, strlen(signer), error))
		return false;
	return cw_edge_share_read(shared, cw_time_now(), cw_edge_inner_ring(lane->inner), NULL)
		? true
		: cw_error_memory(error);
}

static void end(void *context)
{
	struct lane *lane = context;
	if (!lane)
		return;
	cw_edge_inner_free(lane->inner);
	free(lane);
}
CW_DEFINE_AUTO(struct lane *, end)

static bool begin(struct cw_worker *worker, int socket, void **ret, struct cw_error *error)
{
	AUTO(end) struct lane *lane = calloc(1, sizeof *lane);
	(void)socket;
	if (!lane)
		return cw_error_memory(error);
	lane->worker = worker;
	const struct cw_edge_inner_setup setup = {.base = worker->base,
		.cache = worker->cache,
		.recent = worker->recent,
		.keylog = worker->keylog,
		.owner = {on_connect, on_refused, on_signed_in, lane}};
	if (!cw_edge_inner_new(&setup, worker->snapshot, &lane->inner, error) || !take_shared(lane, error))
		return false;
	*ret = TAKE(lane);
	return true;
}

static bool reload(void *context, const struct cw_snapshot *before, struct cw_error *error)
{
	struct lane *lane = context;
	if (before)
		return cw_edge_inner_set_snapshot(lane->inner, lane->worker->snapshot, error);
	return take_shared(lane, error);
}

/* Connections to servers are short, and kept ones are judged when they are made: twenty seconds ago at most. */
static void judge(void *context)
{
	(void)context;
}

static void frame(void *context, const json_t *with, int *files, size_t file_count)
{
	struct lane *lane = context;
	const json_t *connected = json_object_get(with, "connected"),
		     *failed = json_object_get(with, "failed");
	const char *why = json_string_value(json_object_get(with, "why")),
		   *edge = json_string_value(json_object_get(with, "edge"));
	if (json_object_get(with, "take") && file_count == 1) {
		cw_edge_inner_take(lane->inner, files[0], edge ? edge : "");
		files[0] = -1;
	} else if (json_is_integer(connected) && file_count == 1) {
		cw_edge_inner_connected(lane->inner, (unsigned)json_integer_value(connected), files[0]);
		files[0] = -1;
	} else if (json_is_integer(failed)) {
		cw_edge_inner_unconnected(lane->inner, (unsigned)json_integer_value(failed),
			why ? why : "it cannot be reached");
	}
}

static void status(const void *context, json_t *ret)
{
	const struct lane *lane = context;
	struct cw_json json = {0};
	cw_json_put(&json, ret, "clients", cw_json_count(cw_edge_inner_clients(lane->inner)));
	cw_json_put(&json, ret, "requests", cw_json_count(cw_edge_inner_requests(lane->inner)));
	cw_json_put(&json, ret, "refused", cw_json_count(cw_edge_inner_refused(lane->inner)));
	cw_json_put(&json, ret, "reason", cw_json_text(cw_edge_inner_last(lane->inner)));
}

const struct cw_worker_lane cw_lane_relay = {.name = CW_LANE_RELAY_NAME,
	.role = CW_NODE_EXPRESSWAY_C,
	.listen = CW_WORKER_LANE_NO_PORT,
	.wanted = wanted,
	.begin = begin,
	.end = end,
	.reload = reload,
	.judge = judge,
	.frame = frame,
	.status = status,
	.heard = cw_edge_core_inner_heard,
	.lost = cw_edge_core_inner_lost};
