#include "node/sip/sip_edge_parts.h"

#include "node/sip/lane_sip_edge.h"
#include "node/sip/sip_service.h"
#include "report/json.h"
#include "sip/sip_registration.h"
#include "sip/sip_stun.h"

#include <string.h>

void cw_sip_edge_refused(struct cw_sip_edge *edge, const char *who, const char *why)
{
	edge->refused++;
	snprintf(edge->last, sizeof edge->last, "%s: %.200s", who, why);
	cw_worker_say(edge->worker, CW_LANE_SIP_EDGE_NAME ": %s", edge->last);
}

/* --- flows --- */

struct cw_sip_edge_client *cw_sip_edge_find(const struct cw_sip_edge *edge, uint64_t id)
{
	struct cw_sip_edge_client *client = edge->buckets[id % CW_SIP_EDGE_BUCKETS];
	while (client && client->id != id)
		client = client->next;
	return client;
}

bool cw_sip_edge_client(struct cw_sip_edge *edge, struct cw_listener_peer *peer)
{
	struct cw_sip_edge_client *client = calloc(1, sizeof *client);
	if (!client)
		return false;
	client->edge = edge;
	client->peer = peer;
	client->id = ++edge->next;
	client->from = cw_listener_peer_from(peer);
	inet_ntop(AF_INET, &client->from.sin_addr, client->address, sizeof client->address);
	client->place = &edge->buckets[client->id % CW_SIP_EDGE_BUCKETS];
	client->next = *client->place;
	if (client->next)
		client->next->place = &client->next;
	*client->place = client;
	edge->sessions++;
	cw_listener_peer_set_context(peer, client);
	return true;
}

static void drop_held(struct cw_sip_edge_client *client)
{
	cw_buffer_finish(&client->held);
	client->held_since = 0;
}

void cw_sip_edge_client_free(struct cw_sip_edge_client *client)
{
	if (!client)
		return;
	*client->place = client->next;
	if (client->next)
		client->next->place = client->place;
	client->edge->sessions--;
	cw_listener_peer_set_context(client->peer, NULL);
	cw_sip_frame_finish(&client->frame);
	drop_held(client);
	free(client);
}

static struct cw_connection *connection_of(const struct cw_sip_edge_client *client)
{
	return cw_listener_peer_connection(client->peer);
}

/* --- to the zone --- */

static void send_to_zone(struct cw_sip_edge *edge, uint16_t zone, const struct cw_buffer *out)
{
	AUTO(json_decref) json_t *frame = cw_sip_carry_write(zone, out->data, out->length);
	if (frame)
		cw_worker_send(edge->worker, CW_LANE_SIP_EDGE_NAME, frame, NULL, 0);
}

/* It stays with its zone, and has another one where that is gone: in turn, so that they share. */
static uint16_t zone_of(struct cw_sip_edge_client *client)
{
	struct cw_sip_edge *edge = client->edge;
	if (!cw_sip_carry_has(&edge->shared, client->zone)) {
		client->zone = 0;
		client->checked = false;
		if (edge->shared.zone_count)
			client->zone = edge->shared.zones[edge->turn++ % edge->shared.zone_count];
	}
	return client->zone;
}

/* The registration waits until Expressway-C has seen this node's certificate. */
static void hold(struct cw_sip_edge_client *client, const struct cw_sip_message *registration,
	struct cw_buffer *forwarded)
{
	struct cw_sip_edge *edge = client->edge;
	AUTO_BUFFER out = {0};
	struct cw_error error;
	const struct cw_sip_flow flow = {edge->hop.worker, client->zone, client->id, true};
	const struct cw_cert *own = edge->worker->snapshot->node->identities[CW_IDENTITY_SERVER].leaf;
	drop_held(client);
	client->held = *forwarded;
	*forwarded = (struct cw_buffer){0};
	client->held_since = cw_time_now();
	if (!own || !cw_sip_service_write(&edge->hop, &flow, registration, own, &out, &error))
		cw_sip_edge_refused(
			edge, client->address, own ? error.message : "no certificate of this node's");
	else
		send_to_zone(edge, client->zone, &out);
}

/* --- from the client --- */

static void answer_broken(struct cw_sip_edge_client *client, const struct cw_sip_frame_piece *piece)
{
	AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
	AUTO_BUFFER out = {0};
	struct cw_error error;
	if (piece->head && cw_sip_message_parse(piece->data, piece->length, piece->head, &message, &error) &&
		message->via_count && !message->start.status &&
		cw_sip_hop_answer(&client->edge->hop, message, piece->status, piece->reason, &out, &error))
		cw_connection_send(connection_of(client), out.data, out.length);
	cw_sip_edge_refused(client->edge, client->address, piece->reason);
	cw_connection_refuse(connection_of(client), piece->reason);
}

static void answer_stun(struct cw_sip_edge_client *client, const struct cw_sip_frame_piece *piece)
{
	AUTO_BUFFER out = {0};
	struct cw_sip_stun stun;
	const char *reason;
	struct cw_sip_stun_address from = {.port = ntohs(client->from.sin_port)};
	memcpy(from.bytes, &client->from.sin_addr, 4);
	if (!cw_sip_stun_parse(piece->data, piece->length, &stun, &reason))
		return;
	cw_sip_stun_answer(&stun, &from, &out);
	if (out.length && !out.failed)
		cw_connection_send(connection_of(client), out.data, out.length);
}

/* Keep-alives keep registrations; without one somebody only takes up room. */
static void touch(struct cw_sip_edge_client *client, bool message)
{
	if (message || client->registered)
		cw_connection_touch(connection_of(client));
}

static void take(struct cw_sip_edge_client *client, const struct cw_sip_message *message)
{
	struct cw_sip_edge *edge = client->edge;
	AUTO_BUFFER out = {0};
	struct cw_error error;
	struct cw_sip_hop_step step;
	const struct cw_sip_hop_from from = {.side = CW_SIP_HOP_OUTER,
		.zone = zone_of(client),
		.connection = client->id,
		.received = client->address,
		.rport = ntohs(client->from.sin_port)};
	if (!edge->shared.keyed || !cw_sip_hop_take(&edge->hop, message, &from, &out, &step, &error)) {
		cw_connection_refuse(connection_of(client), "no answer can be made");
		return;
	}
	if (*step.why)
		cw_sip_edge_refused(edge, client->address, step.why);
	if (step.way == CW_SIP_HOP_ANSWER)
		cw_connection_send(connection_of(client), out.data, out.length);
	else if (step.way == CW_SIP_HOP_INWARD && !client->checked && cw_sip_service_wanted(message))
		hold(client, message, &out);
	else if (step.way == CW_SIP_HOP_INWARD)
		send_to_zone(edge, step.flow.zone, &out);
}

static void take_message(struct cw_sip_edge_client *client, const struct cw_sip_frame_piece *piece)
{
	AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
	struct cw_error error;
	if (cw_sip_message_parse(piece->data, piece->length, piece->head, &message, &error))
		take(client, message);
	else
		cw_connection_refuse(connection_of(client), "out of memory");
}

void cw_sip_edge_client_said(struct cw_sip_edge_client *client, const char *data, size_t length)
{
	struct cw_sip_frame_piece piece;
	struct cw_error error;
	if (client->frame.broken)
		return;
	if (!cw_sip_frame_feed(&client->frame, data, length, &error)) {
		cw_connection_refuse(connection_of(client), error.message);
		return;
	}
	for (;;) /* ends: each piece takes bytes, and what is broken is the last */
		switch (cw_sip_frame_next(&client->frame, &piece)) {
		case CW_SIP_FRAME_MORE:
			return;
		case CW_SIP_FRAME_BROKEN:
			answer_broken(client, &piece);
			return;
		case CW_SIP_FRAME_PING:
			cw_connection_send(connection_of(client), CW_SIP_FRAME_PONG_TEXT,
				sizeof CW_SIP_FRAME_PONG_TEXT - 1);
			touch(client, false);
			break;
		case CW_SIP_FRAME_PONG:
			break;
		case CW_SIP_FRAME_STUN:
			answer_stun(client, &piece);
			touch(client, false);
			break;
		case CW_SIP_FRAME_MESSAGE:
			touch(client, true);
			take_message(client, &piece);
			break;
		}
}

void cw_sip_edge_client_turn(struct cw_sip_edge_client *client, cw_time now)
{
	if (client->held_since && client->held_since + CW_SIP_EDGE_HELD_SECONDS < now) {
		drop_held(client);
		cw_sip_edge_refused(client->edge, client->address,
			"SERVICE has no answer: the registration is not carried on");
	}
	if (!client->registered || client->registered >= now)
		return;
	client->registered = 0;
	cw_connection_set_idle(connection_of(client), CW_SIP_EDGE_IDLE_MS);
}

void cw_sip_edge_client_zones(struct cw_sip_edge_client *client)
{
	if (!client->zone || cw_sip_carry_has(&client->edge->shared, client->zone))
		return;
	/* its registration names a way that is gone: it comes back by another one */
	drop_held(client);
	cw_connection_refuse(connection_of(client), "its traversal zone is gone");
}

/* --- from the zone --- */

static void on_service(struct cw_sip_edge_client *client, const struct cw_sip_message *answer)
{
	char text[200];
	bool good = answer->start.status / 100 == 2;
	if (!client->held_since || answer->start.status < 200)
		return;
	if (good) {
		client->checked = true;
		send_to_zone(client->edge, client->zone, &client->held);
	} else {
		snprintf(text, sizeof text,
			"SERVICE is refused by Expressway-C with %u: the registration is not carried on",
			answer->start.status);
		cw_sip_edge_refused(client->edge, client->address, text);
	}
	drop_held(client);
}

/* What the registrar gave: the longest of the bindings; none where it is taken back. */
static void note_registration(struct cw_sip_edge_client *client, const struct cw_sip_message *answer)
{
	uint32_t longest = 0;
	struct cw_sip_registration binding;
	for (unsigned nth = 0; cw_sip_registration_read(answer, nth, 0, &binding); nth++)
		if (binding.expires > longest)
			longest = binding.expires;
	if (longest > CW_SIP_EDGE_EXPIRES_MAX)
		longest = CW_SIP_EDGE_EXPIRES_MAX;
	client->registered = longest ? cw_time_now() + longest : 0;
	cw_connection_set_idle(
		connection_of(client), longest ? longest * 1000 + CW_SIP_EDGE_GRACE_MS : CW_SIP_EDGE_IDLE_MS);
}

static void count_challenge(struct cw_sip_edge_client *client, unsigned status)
{
	if (status == 401 || status == 407)
		client->challenged++;
	else if (status >= 200)
		client->challenged = 0;
	if (client->challenged < CW_SIP_EDGE_CHALLENGES_MAX)
		return;
	cw_sip_edge_refused(client->edge, client->address, "one password after the other is tried");
	cw_connection_refuse(connection_of(client), "one password after the other is tried");
}

static void to_client(struct cw_sip_edge *edge, const struct cw_sip_message *message,
	const struct cw_sip_hop_step *step, const struct cw_buffer *out)
{
	struct cw_sip_edge_client *client = cw_sip_edge_find(edge, step->flow.connection);
	if (!client)
		return;
	cw_connection_send(connection_of(client), out->data, out->length);
	count_challenge(client, message->start.status);
	if (message->start.status / 100 == 2 &&
		cw_sip_text_same(message->cseq.method, cw_sip_text_of("REGISTER")))
		note_registration(client, message);
}

void cw_sip_edge_from_zone(struct cw_sip_edge *edge, const json_t *with)
{
	AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
	AUTO_BUFFER out = {0};
	struct cw_error error;
	struct cw_sip_hop_from from = {.side = CW_SIP_HOP_INNER};
	struct cw_sip_hop_step step;
	struct cw_sip_flow flow;
	uint64_t ignored;
	if (!cw_sip_carry_read(with, &from.zone, &message) || !edge->shared.keyed)
		return;
	if (message->start.status && cw_sip_text_same(message->cseq.method, cw_sip_text_of("SERVICE"))) {
		struct cw_sip_edge_client *client = NULL;
		if (cw_sip_hop_read_branch(edge->shared.key, message, &flow, &ignored) &&
			flow.zone == from.zone)
			client = cw_sip_edge_find(edge, flow.connection);
		if (client)
			on_service(client, message);
		return;
	}
	if (!cw_sip_hop_take(&edge->hop, message, &from, &out, &step, &error))
		return;
	if (*step.why)
		cw_sip_edge_refused(edge, "from the zone", step.why);
	if (step.way == CW_SIP_HOP_ANSWER)
		send_to_zone(edge, from.zone, &out);
	else if (step.way == CW_SIP_HOP_OUTWARD)
		to_client(edge, message, &step, &out);
}
