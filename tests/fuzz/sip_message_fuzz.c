/**
 * Any bytes as SIP messages: each is read or refused; the answer to it can be read; and what goes on from a
 * hop is taken by the next one and says the same.
 */
#include "sip/sip_admit.h"
#include "sip/sip_frame.h"
#include "sip/sip_registration.h"
#include "sip/sip_writer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const methods[] = {"OPTIONS", "REGISTER", "INVITE", NULL};
static const char *const types[] = {"application/sdp", NULL};

static struct cw_sip_message *read_again(const struct cw_buffer *bytes)
{
	struct cw_sip_frame_piece piece;
	struct cw_sip_frame frame = {0};
	struct cw_error error;
	struct cw_sip_message *message = NULL;
	if (!cw_sip_frame_feed(&frame, bytes->data, bytes->length, &error))
		abort();
	if (cw_sip_frame_next(&frame, &piece) == CW_SIP_FRAME_MESSAGE && piece.length != bytes->length)
		abort();
	if (piece.kind == CW_SIP_FRAME_MESSAGE &&
		!cw_sip_message_parse(piece.data, piece.length, piece.head, &message, &error))
		abort();
	cw_sip_frame_finish(&frame);
	return message;
}

/* The only way to be unreadable is to be over a bound, which our own fields may push it. */
static void check_answer(const struct cw_sip_message *message)
{
	static const struct cw_sip_admit admit = {.methods = methods, .types = types};
	AUTO_BUFFER out = {0};
	struct cw_sip_writer writer = {.out = &out};
	struct cw_error error;
	unsigned status = cw_sip_admit_check(message, &admit);
	cw_sip_writer_answer(&writer, message, status ? status : 200, NULL, "t1");
	cw_sip_admit_explain(&writer, message, &admit, status);
	if (!cw_sip_writer_end(&writer, NULL, (struct cw_sip_text){0}, &error))
		abort();
	AUTO(cw_sip_message_free) struct cw_sip_message *answer = read_again(&out);
	if (!answer && out.length < CW_SIP_HEAD_MAX / 2 && message->head.count < CW_SIP_FIELDS_MAX / 2)
		abort();
	if (answer && answer->start.status != (status ? status : 200))
		abort();
	if (answer && !message->refusal.status && answer->refusal.status)
		abort();
}

static void same(const struct cw_sip_message *one, const struct cw_sip_message *other)
{
	if (other->refusal.status || one->via_count != other->via_count ||
		one->address_count != other->address_count || one->cseq.number != other->cseq.number ||
		!cw_sip_text_same(one->call_id, other->call_id) || !cw_sip_text_same(one->body, other->body))
		abort();
	for (size_t i = 0; i < one->address_count; i++)
		if (!cw_sip_text_same(one->addresses[i].whole, other->addresses[i].whole))
			abort();
}

static void check_hop(const struct cw_sip_message *message)
{
	static const struct cw_sip_forward as_it_is = {0};
	static const struct cw_sip_forward changed = {.via = "SIP/2.0/TLS e1;branch=z9hG4bKb",
		.received = "192.0.2.7",
		.path = "<sip:t@e1;lr>",
		.record_route = "<sip:t@e1;lr>",
		.drop_route = true};
	struct cw_error error;
	for (unsigned i = 0; i < 2; i++) {
		AUTO_BUFFER out = {0};
		struct cw_sip_writer writer = {.out = &out};
		cw_sip_writer_forward(&writer, message, i ? &changed : &as_it_is);
		if (!cw_sip_writer_end(&writer, NULL, message->body, &error))
			abort();
		AUTO(cw_sip_message_free) struct cw_sip_message *next = read_again(&out);
		if (!next && message->length < CW_SIP_HEAD_MAX / 2 &&
			message->head.count < CW_SIP_FIELDS_MAX / 2)
			abort();
		if (next && !i)
			same(message, next);
		if (next && next->refusal.status &&
			message->address_count + message->via_count < CW_SIP_VALUES_MAX / 2 &&
			message->vias[0].parameters.count + 2 < CW_SIP_PARAMETERS_MAX &&
			message->vias[0].whole.length + 100 < CW_SIP_VALUE_MAX)
			abort();
	}
}

static void look(const struct cw_sip_message *message)
{
	struct cw_sip_registration binding;
	unsigned seen = cw_sip_registration_check(message);
	for (unsigned nth = 0; cw_sip_registration_read(message, nth, 60, &binding); nth++)
		seen += binding.expires;
	seen += cw_sip_message_lists(message, CW_SIP_SUPPORTED, "path");
	for (size_t i = 0; i < message->via_count; i++)
		seen += (unsigned)(strlen(cw_sip_via_host(&message->vias[i])) +
			cw_sip_via_branch(&message->vias[i]).length);
	for (size_t i = 0; i < message->address_count; i++) {
		AUTO_BUFFER bytes = {0};
		const struct cw_sip_uri *uri = &message->addresses[i].uri;
		if (uri->sip && strlen(cw_sip_uri_host(uri)) > uri->whole.length)
			abort();
		if (cw_sip_uri_user(uri))
			cw_sip_uri_unescape(cw_sip_uri_user(uri), &bytes);
		seen += cw_sip_uri_parameter(uri, "lr") != NULL;
	}
	if (seen == UINT32_MAX)
		abort();
}

static void check(const struct cw_sip_message *message)
{
	AUTO_BUFFER out = {0};
	struct cw_sip_writer writer = {.out = &out};
	look(message);
	if (message->start.status) {
		cw_sip_writer_return(&writer, message);
		(void)cw_sip_admit_return(message);
		return;
	}
	check_answer(message);
	if (!message->refusal.status)
		check_hop(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cw_sip_frame frame = {0};
	struct cw_sip_frame_piece piece;
	struct cw_error error;
	if (size > 64 * 1024 || !cw_sip_frame_feed(&frame, (const char *)data, size, &error))
		return 0;
	for (;;) {
		cw_sip_frame_next(&frame, &piece);
		AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
		if (piece.head &&
			!cw_sip_message_parse(piece.data, piece.length, piece.head, &message, &error))
			abort();
		if (message)
			check(message);
		if (piece.kind == CW_SIP_FRAME_MORE || piece.kind == CW_SIP_FRAME_BROKEN)
			break;
	}
	cw_sip_frame_finish(&frame);
	return 0;
}
