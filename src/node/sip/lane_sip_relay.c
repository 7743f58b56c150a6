#include "node/sip/lane_sip_relay.h"

#include "node/edge/edge_core.h"
#include "node/sip/sip_core.h"
#include "node/sip/sip_relay_parts.h"
#include "report/json.h"

#include <string.h>

static bool wanted(const struct cw_snapshot *snapshot)
{
	return snapshot->node->identities[CW_IDENTITY_SERVER].private_key &&
		cw_snapshot_link(snapshot, CW_LINK_TOMCAT, NULL, NULL);
}

/* Outward the zone has to be there; inward the connection that a Route names. */
static bool lives(void *context, const struct cw_sip_flow *flow, enum cw_sip_hop_side side)
{
	const struct cw_sip_relay *relay = context;
	if (side == CW_SIP_HOP_OUTER)
		return cw_sip_carry_has(&relay->shared, flow->zone);
	return cw_sip_relay_server_of(relay, flow->connection) != NULL;
}

static void on_time(evutil_socket_t socket, short what, void *context)
{
	struct cw_sip_relay *relay = context;
	cw_time now = cw_time_now();
	(void)socket;
	(void)what;
	for (struct cw_sip_relay_server *server = relay->servers; server; server = server->next)
		cw_sip_relay_server_turn(server, now);
}

static void end(void *context)
{
	struct cw_sip_relay *relay = context;
	if (!relay)
		return;
	relay->shared.zone_count = 0; /* nobody is told any more */
	while (relay->servers) {
		struct cw_sip_relay_server *server = relay->servers;
		relay->servers = server->next;
		(void)cw_sip_relay_give_up(server, 503, NULL, 0);
		cw_sip_relay_server_free(server);
	}
	cw_edge_streams_finish(&relay->streams);
	if (relay->timer)
		event_free(relay->timer);
	SSL_CTX_free(relay->tls);
	free(relay);
}
CW_DEFINE_AUTO(struct cw_sip_relay *, end)

static void take_names(struct cw_sip_relay *relay)
{
	snprintf(relay->host, sizeof relay->host, "%s", relay->worker->snapshot->node->fqdn);
	relay->hop.host = relay->host;
	relay->hop.port = 5061;
}

static bool begin(struct cw_worker *worker, int socket, void **ret, struct cw_error *error)
{
	static const struct timeval second = {1, 0};
	AUTO(end) struct cw_sip_relay *relay = calloc(1, sizeof *relay);
	(void)socket;
	if (!relay)
		return cw_error_memory(error);
	relay->worker = worker;
	relay->next_connection = (uint64_t)cw_time_now() << 24; /* no number of a former process */
	relay->hop = (struct cw_sip_hop){.key = relay->shared.key,
		.worker = (uint16_t)worker->number,
		.zone_side = CW_SIP_HOP_OUTER,
		.lives = lives,
		.context = relay};
	take_names(relay);
	cw_sip_carry_shared(cw_worker_shared(worker, CW_SIP_CARRY_SHARED), &relay->shared);
	relay->timer = event_new(worker->base, -1, EV_PERSIST, on_time, relay);
	if (!relay->timer || event_add(relay->timer, &second) < 0)
		return cw_error_memory(error);
	if (!cw_sip_relay_server_tls(relay, error))
		return false;
	*ret = TAKE(relay);
	return true;
}

static void judge_all(struct cw_sip_relay *relay, bool another)
{
	for (struct cw_sip_relay_server *server = relay->servers; server; server = server->next)
		cw_sip_relay_server_judge(server, another);
}

static bool reload(void *context, const struct cw_snapshot *before, struct cw_error *error)
{
	struct cw_sip_relay *relay = context;
	if (!before) {
		cw_sip_carry_shared(cw_worker_shared(relay->worker, CW_SIP_CARRY_SHARED), &relay->shared);
		return true;
	}
	take_names(relay);
	if (!cw_sip_relay_server_tls(relay, error))
		return false;
	judge_all(relay, cw_snapshot_other_identity(before, relay->worker->snapshot));
	return true;
}

static void judge(void *context)
{
	judge_all(context, false);
}

static void frame(void *context, const json_t *with, int *files, size_t file_count)
{
	struct cw_sip_relay *relay = context;
	const json_t *connected = json_object_get(with, "connected"),
		     *failed = json_object_get(with, "failed");
	const char *why = json_string_value(json_object_get(with, "why"));
	if (json_is_integer(connected) && file_count == 1) {
		cw_sip_relay_server_dialled(relay, (unsigned)json_integer_value(connected), files[0], NULL);
		files[0] = -1;
	} else if (json_is_integer(failed)) {
		cw_sip_relay_server_dialled(
			relay, (unsigned)json_integer_value(failed), -1, why ? why : "it cannot be reached");
	} else {
		cw_sip_relay_from_zone(relay, with);
	}
}

static void status(const void *context, json_t *ret)
{
	struct cw_sip_relay *relay = (struct cw_sip_relay *)context; /* what is over is forgotten */
	struct cw_sip_bindings_count count;
	struct cw_json json = {0};
	json_t *zones = json_object();
	char number[8];
	cw_sip_bindings_count(&relay->bindings, &relay->shared, cw_time_now(), &count);
	for (size_t i = 0; i < relay->shared.zone_count; i++) {
		snprintf(number, sizeof number, "%u", relay->shared.zones[i]);
		cw_json_put(&json, zones, number, cw_json_count(count.zones[i]));
	}
	cw_json_put(&json, ret, "clients", cw_json_count(relay->messages));
	cw_json_put(&json, ret, "refused", cw_json_count(relay->refused));
	cw_json_put(&json, ret, "reason", cw_json_text(relay->last));
	cw_json_put(&json, ret, "registrations", cw_json_count(count.all));
	cw_json_put(&json, ret, "zones", zones);
}

const struct cw_worker_lane cw_lane_sip_relay = {.name = CW_LANE_SIP_RELAY_NAME,
	.role = CW_NODE_EXPRESSWAY_C,
	.listen = CW_WORKER_LANE_NO_PORT,
	.wanted = wanted,
	.begin = begin,
	.end = end,
	.reload = reload,
	.judge = judge,
	.frame = frame,
	.status = status,
	.heard = cw_sip_core_inner_heard,
	.lost = cw_edge_core_inner_lost};
