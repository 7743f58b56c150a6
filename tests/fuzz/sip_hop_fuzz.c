/**
 * Any bytes as SIP messages at the hops of Expressway-E and Expressway-C, from each side: what goes on, or is answered, can be read
 * again; what goes to the zone is never taken for the zone's own; a SERVICE is read or refused.
 */
#include "node/sip/sip_service.h"
#include "sip/sip_frame.h"
#include "sip/sip_hop.h"
#include "traversal/conversation.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t key[CW_SIP_FLOW_KEY];

static bool lives(void *context, const struct cw_sip_flow *flow, enum cw_sip_hop_side side)
{
	(void)context;
	(void)side;
	return flow->connection % 2;
}

/* NULL: over a bound, by what the hop has added. */
static struct cw_sip_message *read_again(const struct cw_buffer *bytes)
{
	struct cw_sip_frame frame = {0};
	struct cw_sip_frame_piece piece;
	struct cw_sip_message *message = NULL;
	struct cw_error error;
	if (!cw_sip_frame_feed(&frame, bytes->data, bytes->length, &error))
		abort();
	if (cw_sip_frame_next(&frame, &piece) == CW_SIP_FRAME_MESSAGE &&
		(!cw_sip_message_parse(piece.data, piece.length, piece.head, &message, &error) ||
			!cw_sip_frame_is_clean(&frame)))
		abort();
	cw_sip_frame_finish(&frame);
	return message;
}

static void try_hop(
	const struct cw_sip_message *message, enum cw_sip_hop_side zone, enum cw_sip_hop_side side)
{
	struct cw_sip_hop hop = {
		.host = "n.acme.test", .port = 5061, .key = key, .zone_side = zone, .lives = lives};
	const struct cw_sip_hop_from from = {
		.side = side, .zone = 1, .connection = 1, .received = "192.0.2.7", .rport = 4};
	struct cw_sip_hop_step step;
	struct cw_error error;
	AUTO_BUFFER out = {0};
	if (!cw_sip_hop_take(&hop, message, &from, &out, &step, &error))
		return;
	if ((step.way == CW_SIP_HOP_DROP) != (out.length == 0))
		abort();
	AUTO(cw_sip_message_free) struct cw_sip_message *next = out.length ? read_again(&out) : NULL;
	if (!next)
		return;
	bool answer = step.way == CW_SIP_HOP_ANSWER;
	if (answer && (message->start.status || next->start.status != step.status))
		abort();
	bool request_to_zone =
		!next->start.status && (step.way == CW_SIP_HOP_INWARD) == (zone == CW_SIP_HOP_INNER);
	/* Expressway-E is the zone's server, its requests are for the client's end, and the other way round */
	if (!answer && request_to_zone && zone == CW_SIP_HOP_INNER && !cw_conversation_relays(next, false))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cw_sip_frame frame = {0};
	struct cw_sip_frame_piece piece;
	struct cw_error error;
	if (size > 64 * 1024 || !cw_sip_frame_feed(&frame, (const char *)data, size, &error))
		return 0;
	while (cw_sip_frame_next(&frame, &piece) == CW_SIP_FRAME_MESSAGE) {
		AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
		struct cw_cert *cert = NULL;
		const char *reason = NULL;
		if (!cw_sip_message_parse(piece.data, piece.length, piece.head, &message, &error))
			abort();
		for (int i = 0; i < 4; i++)
			try_hop(message, i & 1 ? CW_SIP_HOP_INNER : CW_SIP_HOP_OUTER,
				i & 2 ? CW_SIP_HOP_INNER : CW_SIP_HOP_OUTER);
		if (!cw_sip_service_read(message, &cert, &reason) && !reason)
			abort();
		cw_cert_free(cert);
	}
	cw_sip_frame_finish(&frame);
	return 0;
}
