#include "node/sip/sip_relay_parts.h"

#include "node/sip/lane_sip_relay.h"
#include "node/sip/sip_service.h"
#include "report/json.h"

#include <stdarg.h>
#include <string.h>

void cw_sip_relay_refused(struct cw_sip_relay *relay, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(relay->last, sizeof relay->last, format, args);
	va_end(args);
	relay->refused++;
	cw_worker_say(relay->worker, "%s", relay->last);
}

void cw_sip_relay_to_zone(struct cw_sip_relay *relay, uint16_t zone, const struct cw_buffer *out)
{
	AUTO(json_decref) json_t *frame = NULL;
	if (!out->length || !cw_sip_carry_has(&relay->shared, zone))
		return;
	frame = cw_sip_carry_write(zone, out->data, out->length);
	if (frame)
		cw_worker_send(relay->worker, CW_LANE_SIP_RELAY_NAME, frame, NULL, 0);
}

/* --- who waits --- */

static void forget(struct cw_sip_relay *relay, struct cw_sip_relay_waiting *waiting)
{
	*waiting->place = waiting->next;
	if (waiting->next)
		waiting->next->place = waiting->place;
	relay->waiting_count--;
	cw_sip_message_free(waiting->message);
	free(waiting);
}

static void answer_here(struct cw_sip_relay *relay, const struct cw_sip_message *request, uint16_t zone,
	unsigned status, const char *sentence)
{
	AUTO_BUFFER out = {0};
	struct cw_error error;
	if (cw_sip_hop_answer(&relay->hop, request, status, sentence, &out, &error))
		cw_sip_relay_to_zone(relay, zone, &out);
}

bool cw_sip_relay_give_up(
	struct cw_sip_relay_server *server, unsigned status, const char *sentence, cw_time since)
{
	struct cw_sip_relay *relay = server->relay;
	bool any = false;
	for (size_t i = 0; relay->waiting_count && i < CW_SIP_RELAY_BUCKETS; i++) {
		struct cw_sip_relay_waiting *next;
		for (struct cw_sip_relay_waiting *at = relay->waiting[i]; at; at = next) {
			next = at->next;
			if (at->server != server || (since && at->since > since))
				continue;
			answer_here(relay, at->message, at->zone, status, sentence);
			forget(relay, at);
			any = true;
		}
	}
	return any;
}

/* Takes the message, which is NULL afterwards. */
static bool wait_for(struct cw_sip_relay_server *server, struct cw_sip_message **message,
	const struct cw_sip_hop_step *step)
{
	struct cw_sip_relay *relay = server->relay;
	struct cw_sip_relay_waiting *waiting =
		relay->waiting_count < CW_SIP_RELAY_WAITING_MAX ? calloc(1, sizeof *waiting) : NULL;
	if (!waiting)
		return false;
	struct cw_sip_relay_waiting **place = &relay->waiting[step->sent % CW_SIP_RELAY_BUCKETS];
	*waiting = (struct cw_sip_relay_waiting){.sent = step->sent,
		.message = TAKE(*message),
		.zone = step->flow.zone,
		.server = server,
		.since = cw_time_now(),
		.next = *place,
		.place = place};
	if (waiting->next)
		waiting->next->place = &waiting->next;
	*place = waiting;
	relay->waiting_count++;
	return true;
}

/* False: nobody waits for that answer: it came too late. */
static bool found(struct cw_sip_relay *relay, uint64_t sent, bool final)
{
	struct cw_sip_relay_waiting *at = relay->waiting[sent % CW_SIP_RELAY_BUCKETS];
	while (at && at->sent != sent)
		at = at->next;
	if (at && final)
		forget(relay, at);
	return at != NULL;
}

/* --- SERVICE --- */

static const struct cw_link *service_link(const struct cw_sip_relay *relay, const struct cw_cert *leaf)
{
	return cw_snapshot_link_from(relay->worker->snapshot, CW_LINK_SERVICE, leaf);
}

/* Expressway-E's certificate, by this node's list; a node without such a question lets it pass. */
static void take_service(struct cw_sip_relay *relay, const struct cw_sip_message *request, uint16_t zone)
{
	struct cw_cert *cert = NULL;
	struct cw_snapshot_answer answer = {.code = "not-asked"};
	struct cw_error error;
	const char *reason;
	if (!cw_sip_service_read(request, &cert, &reason)) {
		cw_sip_relay_refused(relay, "service: refused: %s", reason);
		answer_here(relay, request, zone, 400, reason);
		return;
	}
	const struct cw_link *link = service_link(relay, cert);
	const struct cw_snapshot_evidence evidence = {
		.chain = &cert, .count = 1, .cache = relay->worker->cache, .now = cw_time_now()};
	bool good = !link ||
		(cw_snapshot_ask(relay->worker->snapshot, link, &evidence, &answer, &error) &&
			!answer.refuses);
	if (!good) {
		cw_sip_relay_refused(relay, "service (%s): refused by this node: %s: %s", cw_cert_label(cert),
			answer.code, answer.detail);
		cw_worker_refused(relay->worker, "service", cw_cert_label(cert), answer.code, answer.detail);
	}
	if (good)
		answer_here(relay, request, zone, 200, NULL);
	else
		answer_here(relay, request, zone, 408, "Request Timeout");
	cw_cert_free(cert);
}

/* --- from the zone --- */

static struct cw_sip_relay_server *server_for(
	struct cw_sip_relay *relay, const struct cw_sip_message *request)
{
	const char *host = request->start.uri.sip ? cw_sip_uri_host(&request->start.uri) : NULL;
	return cw_sip_relay_server(relay, host);
}

static void carry_request(
	struct cw_sip_relay *relay, struct cw_sip_message **message, struct cw_sip_hop_from *from)
{
	AUTO_BUFFER out = {0};
	struct cw_error error;
	struct cw_sip_hop_step step;
	struct cw_sip_relay_server *server = server_for(relay, *message);
	if (!server) {
		answer_here(relay, *message, from->zone, 502, "no Unified CM is known");
		return;
	}
	cw_sip_relay_server_wake(server);
	from->connection = server->connection;
	if (!cw_sip_hop_take(&relay->hop, *message, from, &out, &step, &error))
		return;
	if (*step.why)
		cw_sip_relay_refused(relay, "sip: %s", step.why);
	if (step.way == CW_SIP_HOP_ANSWER)
		cw_sip_relay_to_zone(relay, from->zone, &out);
	else if (step.way == CW_SIP_HOP_INWARD && wait_for(server, message, &step))
		cw_sip_relay_server_send(server, &out);
	else if (step.way == CW_SIP_HOP_INWARD)
		answer_here(relay, *message, from->zone, 503, "too many wait for an answer");
}

static void carry_answer(
	struct cw_sip_relay *relay, const struct cw_sip_message *message, const struct cw_sip_hop_from *from)
{
	AUTO_BUFFER out = {0};
	struct cw_error error;
	struct cw_sip_hop_step step;
	struct cw_sip_relay_server *server = NULL;
	if (!cw_sip_hop_take(&relay->hop, message, from, &out, &step, &error))
		return;
	if (step.way == CW_SIP_HOP_INWARD)
		server = cw_sip_relay_server_of(relay, step.flow.connection);
	if (server)
		cw_sip_relay_server_send(server, &out);
}

void cw_sip_relay_from_zone(struct cw_sip_relay *relay, const json_t *with)
{
	AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
	struct cw_sip_hop_from from = {.side = CW_SIP_HOP_OUTER};
	if (!cw_sip_carry_read(with, &from.zone, &message) || !relay->shared.keyed ||
		!cw_sip_carry_has(&relay->shared, from.zone))
		return;
	relay->messages++;
	if (!message->start.status && !message->refusal.status && cw_sip_message_is(message, "SERVICE")) {
		take_service(relay, message, from.zone);
		return;
	}
	if (!message->start.status) {
		carry_request(relay, &message, &from);
		return;
	}
	/* an answer to Unified CM: its token names the connection */
	struct cw_sip_flow flow;
	uint64_t ignored;
	if (cw_sip_hop_read_branch(relay->shared.key, message, &flow, &ignored))
		carry_answer(relay, message, &from);
}

/* --- from Unified CM --- */

static void take_from_server(struct cw_sip_relay_server *server, const struct cw_sip_message *message)
{
	struct cw_sip_relay *relay = server->relay;
	AUTO_BUFFER out = {0};
	struct cw_error error;
	struct cw_sip_hop_step step;
	const struct cw_sip_hop_from from = {.side = CW_SIP_HOP_INNER, .connection = server->connection};
	if (!relay->shared.keyed || !cw_sip_hop_take(&relay->hop, message, &from, &out, &step, &error))
		return;
	if (*step.why)
		cw_sip_relay_refused(relay, "sip from %s: %s", server->host, step.why);
	if (step.way == CW_SIP_HOP_ANSWER) {
		cw_sip_relay_server_send(server, &out);
		return;
	}
	if (step.way != CW_SIP_HOP_OUTWARD ||
		(message->start.status && !found(relay, step.sent, message->start.status >= 200)))
		return;
	if (message->start.status / 100 == 2 &&
		cw_sip_text_same(message->cseq.method, cw_sip_text_of("REGISTER")))
		cw_sip_bindings_note(&relay->bindings, message, step.flow.zone, cw_time_now());
	cw_sip_relay_to_zone(relay, step.flow.zone, &out);
}

void cw_sip_relay_from_server(struct cw_sip_relay_server *server, const char *data, size_t length)
{
	struct cw_sip_frame_piece piece;
	struct cw_error error;
	if (!cw_sip_frame_feed(&server->frame, data, length, &error)) {
		cw_edge_stream_close(server->stream);
		return;
	}
	for (;;) { /* ends: each piece takes bytes, and what is broken is the last */
		enum cw_sip_frame_kind kind = cw_sip_frame_next(&server->frame, &piece);
		if (kind == CW_SIP_FRAME_MORE)
			return;
		if (kind == CW_SIP_FRAME_BROKEN) {
			cw_sip_relay_refused(server->relay, "sip-out to %s: %s", server->host, piece.reason);
			cw_edge_stream_close(server->stream);
			return;
		}
		AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
		if (kind == CW_SIP_FRAME_MESSAGE &&
			cw_sip_message_parse(piece.data, piece.length, piece.head, &message, &error))
			take_from_server(server, message);
	}
}
