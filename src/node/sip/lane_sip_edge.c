#include "node/sip/lane_sip_edge.h"

#include "node/sip/sip_core.h"
#include "node/sip/sip_edge_parts.h"
#include "report/json.h"

#include <string.h>

#define NAME CW_LANE_SIP_EDGE_NAME

static const struct cw_limits limits = {.connect = 3000,
	.handshake = 10000,
	.first_byte = CW_SIP_EDGE_FIRST_MS,
	.idle = CW_SIP_EDGE_IDLE_MS,
	.drain = 2000};

static bool wanted(const struct cw_snapshot *snapshot)
{
	return snapshot->node->identities[CW_IDENTITY_SERVER].private_key != NULL;
}

/* --- the port --- */

/* Nobody shows a certificate here, and the node's own is no question: a box comes up with whatever is installed. */
static bool on_judge(void *context, const struct cw_listener_question *question, struct cw_judgement *ret,
	struct cw_error *error)
{
	(void)context;
	(void)question;
	(void)error;
	*ret = (struct cw_judgement){0};
	return true;
}

static void on_came(void *context, struct cw_listener_peer *peer)
{
	struct cw_sip_edge *edge = context;
	edge->clients++;
	if (!cw_sip_edge_client(edge, peer))
		cw_connection_refuse(cw_listener_peer_connection(peer), "out of memory");
}

static void on_said(void *context, struct cw_listener_peer *peer, const char *data, size_t length)
{
	struct cw_sip_edge_client *client = cw_listener_peer_context(peer);
	(void)context;
	if (client)
		cw_sip_edge_client_said(client, data, length);
}

static void on_left(void *context, struct cw_listener_peer *peer, const struct cw_connection_report *report)
{
	struct cw_sip_edge *edge = context;
	char address[INET_ADDRSTRLEN] = "?";
	const struct sockaddr_in from = cw_listener_peer_from(peer);
	inet_ntop(AF_INET, &from.sin_addr, address, sizeof address);
	if (!report->handshake_done)
		cw_sip_edge_refused(edge, address, report->reason);
	cw_sip_edge_client_free(cw_listener_peer_context(peer));
}

static bool open_listener(struct cw_sip_edge *edge, struct cw_error *error)
{
	const struct cw_snapshot *snapshot = edge->worker->snapshot;
	struct cw_node *node = snapshot->node;
	const struct cw_identity *identity = &node->identities[CW_IDENTITY_SERVER];
	const struct cw_listener_setup setup = {.base = edge->worker->base,
		.socket = edge->socket,
		.leaf = identity->leaf,
		.key = identity->private_key,
		.list = &node->stores[CW_STORE_TRUSTED_CA].list,
		.profile = CW_PROFILE_EXPRESSWAY,
		.sends_leaf_only = node->sends == CW_SENDS_LEAF,
		.versions = cw_snapshot_versions(snapshot),
		.keylog = edge->worker->keylog,
		.limits = &limits,
		.owner = {.came = on_came,
			.said = on_said,
			.left = on_left,
			.judge = on_judge,
			.context = edge}};
	return cw_listener_open(&setup, &edge->listener, error);
}

/* --- the lane --- */

static bool lives(void *context, const struct cw_sip_flow *flow, enum cw_sip_hop_side side)
{
	const struct cw_sip_edge *edge = context;
	if (side == CW_SIP_HOP_INNER)
		return cw_sip_carry_has(&edge->shared, flow->zone);
	return flow->worker == edge->hop.worker && cw_sip_edge_find(edge, flow->connection);
}

static void drop_client(struct cw_listener_peer *peer, void *context)
{
	(void)context;
	cw_sip_edge_client_free(cw_listener_peer_context(peer));
}

static void end(void *context)
{
	struct cw_sip_edge *edge = context;
	if (!edge)
		return;
	if (edge->listener)
		cw_listener_each(edge->listener, drop_client, NULL);
	cw_listener_free(edge->listener);
	free(edge);
}
CW_DEFINE_AUTO(struct cw_sip_edge *, end)

static void take_names(struct cw_sip_edge *edge)
{
	snprintf(edge->host, sizeof edge->host, "%s", edge->worker->snapshot->node->fqdn);
	edge->hop.host = edge->host;
	edge->hop.port = 5061;
}

static bool begin(struct cw_worker *worker, int socket, void **ret, struct cw_error *error)
{
	AUTO(end) struct cw_sip_edge *edge = calloc(1, sizeof *edge);
	if (!edge)
		return cw_error_memory(error);
	edge->worker = worker;
	edge->socket = socket;
	edge->next = (uint64_t)cw_time_now() << 24; /* no number of a former process */
	edge->hop = (struct cw_sip_hop){.key = edge->shared.key,
		.worker = (uint16_t)worker->number,
		.zone_side = CW_SIP_HOP_INNER,
		.lives = lives,
		.context = edge};
	take_names(edge);
	cw_sip_carry_shared(cw_worker_shared(worker, CW_SIP_CARRY_SHARED), &edge->shared);
	if (!open_listener(edge, error))
		return false;
	*ret = TAKE(edge);
	return true;
}

static void look_at_zone(struct cw_listener_peer *peer, void *context)
{
	struct cw_sip_edge_client *client = cw_listener_peer_context(peer);
	(void)context;
	if (client)
		cw_sip_edge_client_zones(client);
}

static bool reload(void *context, const struct cw_snapshot *before, struct cw_error *error)
{
	struct cw_sip_edge *edge = context;
	const struct cw_snapshot *snapshot = edge->worker->snapshot;
	const struct cw_identity *identity = &snapshot->node->identities[CW_IDENTITY_SERVER];
	if (!before) {
		cw_sip_carry_shared(cw_worker_shared(edge->worker, CW_SIP_CARRY_SHARED), &edge->shared);
		cw_listener_each(edge->listener, look_at_zone, NULL);
		return true;
	}
	take_names(edge);
	return (!cw_snapshot_other_identity(before, snapshot) ||
		       cw_listener_set_identity(
			       edge->listener, identity->leaf, identity->private_key, error)) &&
		cw_listener_set_list(
			edge->listener, &snapshot->node->stores[CW_STORE_TRUSTED_CA].list, error);
}

static void turn(struct cw_listener_peer *peer, void *context)
{
	struct cw_sip_edge_client *client = cw_listener_peer_context(peer);
	const cw_time *now = context;
	if (client)
		cw_sip_edge_client_turn(client, *now);
}

static void judge(void *context)
{
	const struct cw_sip_edge *edge = context;
	cw_time now = cw_time_now();
	cw_listener_each(edge->listener, turn, &now);
}

static void frame(void *context, const json_t *with, int *files, size_t file_count)
{
	(void)files;
	(void)file_count;
	cw_sip_edge_from_zone(context, with);
}

struct counted {
	size_t registrations;
	size_t zones[CW_SIP_CARRY_ZONES_MAX];
	const struct cw_sip_edge *edge;
};

static void count(struct cw_listener_peer *peer, void *context)
{
	const struct cw_sip_edge_client *client = cw_listener_peer_context(peer);
	struct counted *counted = context;
	const struct cw_sip_carry_shared *shared = &counted->edge->shared;
	if (!client || !client->registered)
		return;
	counted->registrations++;
	for (size_t i = 0; i < shared->zone_count; i++)
		counted->zones[i] += shared->zones[i] == client->zone;
}

static void status(const void *context, json_t *ret)
{
	const struct cw_sip_edge *edge = context;
	struct counted counted = {.edge = edge};
	struct cw_json json = {0};
	json_t *zones = json_object();
	char number[8];
	cw_listener_each(edge->listener, count, &counted);
	for (size_t i = 0; i < edge->shared.zone_count; i++) {
		snprintf(number, sizeof number, "%u", edge->shared.zones[i]);
		cw_json_put(&json, zones, number, cw_json_count(counted.zones[i]));
	}
	cw_json_put(&json, ret, "clients", cw_json_count(edge->clients));
	cw_json_put(&json, ret, "refused", cw_json_count(edge->refused));
	cw_json_put(&json, ret, "reason", cw_json_text(edge->last));
	cw_json_put(&json, ret, "sessions", cw_json_count(edge->sessions));
	cw_json_put(&json, ret, "registrations", cw_json_count(counted.registrations));
	cw_json_put(&json, ret, "zones", zones);
}

const struct cw_worker_lane cw_lane_sip_edge = {.name = NAME,
	.role = CW_NODE_EXPRESSWAY_E,
	.listen = offsetof(struct cw_node_file_listen, sip),
	.wanted = wanted,
	.begin = begin,
	.end = end,
	.reload = reload,
	.judge = judge,
	.frame = frame,
	.status = status,
	.heard = cw_sip_core_outer_heard};
