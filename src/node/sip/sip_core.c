#include "node/sip/sip_core.h"

#include "node/edge/edge_core.h"
#include "node/sip/lane_sip_edge.h"
#include "node/sip/lane_sip_relay.h"
#include "node/sip/sip_carry.h"
#include "node/sip/sip_server.h"
#include "node/traffic/traffic_status.h"
#include "node/worker/node_workers.h"
#include "report/json.h"
#include "sip/sip_hop.h"
#include "traversal/conversation.h"

#include <openssl/rand.h>
#include <string.h>

struct zone {
	uint16_t number;
	char peer[256];
	struct cw_connection *connection;
};

struct cw_sip_core {
	struct cw_node_core *core;
	uint8_t key[CW_SIP_FLOW_KEY];
	uint16_t next;
	struct zone zones[CW_SIP_CARRY_ZONES_MAX];
	size_t count;
	size_t lost; /* messages for a zone that does not take them fast enough */
};

static bool is_outer(const struct cw_node_core *core)
{
	return core->snapshot->node->kind == CW_NODE_EXPRESSWAY_E;
}

static const char *lane_of(const struct cw_node_core *core)
{
	return is_outer(core) ? CW_LANE_SIP_EDGE_NAME : CW_LANE_SIP_RELAY_NAME;
}

static void share(struct cw_sip_core *sip)
{
	struct cw_sip_carry_shared shared = {.keyed = true};
	memcpy(shared.key, sip->key, sizeof shared.key);
	for (size_t i = 0; i < sip->count; i++)
		shared.zones[shared.zone_count++] = sip->zones[i].number;
	json_t *value = cw_sip_carry_share(&shared);
	if (value)
		cw_node_workers_share(sip->core, CW_SIP_CARRY_SHARED, value);
	explicit_bzero(&shared, sizeof shared);
}

bool cw_sip_core_begin(struct cw_node_core *core, struct cw_error *error)
{
	struct cw_sip_core *sip = calloc(1, sizeof *sip);
	uint8_t first[2];
	if (!sip)
		return cw_error_memory(error);
	sip->core = core;
	if (RAND_bytes(sip->key, sizeof sip->key) != 1 || RAND_bytes(first, sizeof first) != 1) {
		free(sip);
		return cw_error_set(error, CW_E_CRYPTO, "no random bytes for the key of flow tokens");
	}
	sip->next = (uint16_t)(first[0] << 8 | first[1]);
	core->sip = sip;
	share(sip);
	return true;
}

void cw_sip_core_end(struct cw_node_core *core)
{
	if (!core->sip)
		return;
	explicit_bzero(core->sip->key, sizeof core->sip->key);
	free(core->sip);
	core->sip = NULL;
}

/* --- zones --- */

static struct zone *find_zone(const struct cw_sip_core *sip, uint16_t number)
{
	for (size_t i = 0; sip && i < sip->count; i++)
		if (sip->zones[i].number == number)
			return (struct zone *)&sip->zones[i];
	return NULL;
}

uint16_t cw_sip_core_up(struct cw_node_core *core, const char *peer, struct cw_connection *connection)
{
	struct cw_sip_core *sip = core->sip;
	if (!sip || sip->count == CW_SIP_CARRY_ZONES_MAX)
		return 0;
	do /* ends: there are fewer zones than numbers */
		sip->next++;
	while (!sip->next || find_zone(sip, sip->next));
	struct zone *zone = &sip->zones[sip->count++];
	*zone = (struct zone){.number = sip->next, .connection = connection};
	snprintf(zone->peer, sizeof zone->peer, "%s", peer);
	share(sip);
	return zone->number;
}

void cw_sip_core_down(struct cw_node_core *core, uint16_t number)
{
	struct cw_sip_core *sip = core->sip;
	struct zone *zone = number ? find_zone(sip, number) : NULL;
	if (!zone)
		return;
	*zone = sip->zones[--sip->count];
	share(sip);
}

/* --- from the zone --- */

/* Whoever has the connection that the message is for; a request inward goes by its Call-ID, so that a client stays with one. */
static unsigned worker_for(const struct cw_sip_core *sip, const struct cw_sip_message *message)
{
	unsigned workers = sip->core->snapshot->file->workers, hash = 5381;
	struct cw_sip_flow flow;
	uint64_t ignored;
	bool known = message->start.status ? cw_sip_hop_read_branch(sip->key, message, &flow, &ignored)
					   : cw_sip_hop_read_route(sip->key, message, &flow);
	if (!workers)
		return 0;
	if (known)
		return flow.worker % workers;
	for (size_t i = 0; i < message->call_id.length; i++)
		hash = hash * 33 + (unsigned char)message->call_id.data[i];
	return hash % workers;
}

/* Between two workers there is none: who asks hears it at once, and comes again. */
static void answer_unserved(const struct zone *zone, const struct cw_sip_message *request)
{
	AUTO_BUFFER out = {0};
	struct cw_sip_writer writer = {.out = &out};
	struct cw_error error;
	if (request->start.status || cw_sip_message_is(request, "ACK"))
		return;
	cw_sip_writer_answer(&writer, request, 503, NULL, "unserved");
	cw_sip_writer_field(&writer, CW_SIP_RETRY_AFTER, "1");
	if (cw_sip_writer_end(&writer, NULL, (struct cw_sip_text){0}, &error))
		cw_connection_send(zone->connection, out.data, out.length);
}

void cw_sip_core_take(struct cw_node_core *core, uint16_t number, const struct cw_sip_message *message)
{
	AUTO(json_decref) json_t *frame = NULL;
	const struct zone *zone = number ? find_zone(core->sip, number) : NULL;
	if (!zone)
		return;
	unsigned worker = worker_for(core->sip, message);
	if (!cw_node_workers_serves(core, worker, lane_of(core))) {
		answer_unserved(zone, message);
		return;
	}
	frame = cw_sip_carry_write(number, message->bytes, message->length);
	if (frame)
		cw_node_workers_send(core, worker, lane_of(core), frame, NULL, 0);
}

/* --- from workers --- */

static void send_to_zone(struct cw_node_core *core, const json_t *with)
{
	AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
	uint16_t number;
	if (!core->sip || !cw_sip_carry_read(with, &number, &message))
		return;
	const struct zone *zone = find_zone(core->sip, number);
	/* a worker that strangers have taken over must not speak for the zone itself */
	if (!zone || message->refusal.status || !cw_conversation_relays(message, !is_outer(core)))
		return;
	if (cw_connection_pending(zone->connection) > CW_CONNECTION_OUTPUT_HIGH) {
		if (core->sip->lost++ % 1000 == 0)
			cw_node_core_say(core, "sip: %s takes no more messages for now: %zu were dropped",
				zone->peer, core->sip->lost);
		return;
	}
	cw_connection_send(zone->connection, message->bytes, message->length);
}

void cw_sip_core_outer_heard(
	struct cw_node_core *core, unsigned worker, const json_t *with, int *files, size_t file_count)
{
	(void)worker;
	(void)files;
	(void)file_count;
	send_to_zone(core, with);
}

void cw_sip_core_inner_heard(
	struct cw_node_core *core, unsigned worker, const json_t *with, int *files, size_t file_count)
{
	const json_t *connect = json_object_get(with, "connect");
	const char *host = json_string_value(json_object_get(with, "host"));
	json_int_t port = json_integer_value(json_object_get(with, "port"));
	(void)files;
	(void)file_count;
	if (!connect) {
		send_to_zone(core, with);
		return;
	}
	if (!core->edge || !json_is_integer(connect) || !host)
		return;
	const struct cw_edge_core_want want = {.worker = worker,
		.lane = CW_LANE_SIP_RELAY_NAME,
		.id = (unsigned)json_integer_value(connect),
		.host = host,
		.port = (unsigned)port};
	if (cw_sip_server_may(core->snapshot, host, (unsigned)port))
		cw_edge_core_dial(core, &want);
	else
		cw_edge_core_dial_refused(core, &want, "it is no Unified CM of this node's");
}

/* --- status --- */

struct counts {
	size_t sessions, registrations;
	size_t zones[CW_SIP_CARRY_ZONES_MAX];
	const struct cw_sip_core *sip;
};

static size_t count_of(const json_t *row, const char *key)
{
	json_int_t count = json_integer_value(json_object_get(row, key));
	return count > 0 && count < INT32_MAX ? (size_t)count : 0;
}

static void add_counts(void *context, const json_t *row)
{
	struct counts *counts = context;
	char number[8];
	counts->sessions += count_of(row, "sessions");
	counts->registrations += count_of(row, "registrations");
	for (size_t i = 0; i < counts->sip->count; i++) {
		snprintf(number, sizeof number, "%u", counts->sip->zones[i].number);
		counts->zones[i] += count_of(json_object_get(row, "zones"), number);
	}
}

json_t *cw_sip_core_status(const struct cw_node_core *core)
{
	struct counts counts = {.sip = core->sip};
	struct cw_json json = {0};
	if (!core->sip)
		return NULL;
	cw_node_workers_told(core, lane_of(core), add_counts, &counts);
	json_t *object = json_object(), *peers = json_array();
	for (size_t i = 0; i < core->sip->count; i++) {
		json_t *row = json_object();
		cw_json_put(&json, row, "peer", cw_json_text(core->sip->zones[i].peer));
		cw_json_put(&json, row, "registrations", cw_json_count(counts.zones[i]));
		cw_json_add(&json, peers, row);
	}
	cw_json_put(&json, object, "sessions", cw_json_count(counts.sessions));
	cw_json_put(&json, object, "registrations", cw_json_count(counts.registrations));
	cw_json_put(&json, object, "peers", peers);
	cw_traffic_status(core, object);
	if (!json.failed)
		return object;
	json_decref(object);
	return NULL;
}
