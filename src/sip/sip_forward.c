/*
 * cw_sip_writer_forward and cw_sip_writer_return: a message goes on, field by field.
 *
 * Ours (Via, Path, Record-Route) goes right in front of the first line of its kind, or to the end where there
 * is none; in front of which other fields it stands means nothing (RFC 3261 §7.3.1).
 */
#include "sip/sip_writer.h"

struct hop {
	struct cw_sip_writer *writer;
	const struct cw_sip_message *message;
	const struct cw_sip_forward *forward;
	bool seen[CW_SIP_FIELD_COUNT];
};

static void put(struct hop *hop, const struct cw_sip_field *field, struct cw_sip_text value)
{
	struct cw_buffer *out = hop->writer->out;
	if (field->id == CW_SIP_OTHER)
		cw_buffer_append(out, hop->message->bytes + field->name_at, field->name_length);
	else
		cw_buffer_text(out, cw_sip_head_name(field->id));
	cw_buffer_append(out, ": ", 2);
	cw_buffer_append(out, value.data, value.length);
	cw_buffer_append(out, "\r\n", 2);
}

static void put_parameter(struct cw_buffer *out, const struct cw_sip_parameter *one)
{
	const char *quote = one->quoted ? "\"" : "";
	cw_buffer_char(out, ';');
	cw_buffer_append(out, one->name.data, one->name.length);
	if (!one->value.data)
		return;
	cw_buffer_char(out, '=');
	cw_buffer_text(out, quote);
	cw_buffer_append(out, one->value.data, one->value.length);
	cw_buffer_text(out, quote);
}

/* received and rport are the receiver's to say: what the sender put there goes (RFC 3261 §18.2.1, RFC 3581
 * §4). */
static void put_received(struct hop *hop, const struct cw_sip_via *via)
{
	struct cw_buffer *out = hop->writer->out;
	bool rport = false;
	cw_buffer_text(out, "Via: ");
	cw_buffer_append(out, via->sent.data, via->sent.length);
	for (size_t i = 0; i < via->parameters.count; i++) {
		const struct cw_sip_parameter *one = &via->parameters.items[i];
		if (cw_sip_text_is(one->name, "rport"))
			rport = true;
		else if (!cw_sip_text_is(one->name, "received"))
			put_parameter(out, one);
	}
	cw_buffer_printf(out, ";received=%s", hop->forward->received);
	if (rport)
		cw_buffer_printf(out, ";rport=%u", hop->forward->rport);
	cw_buffer_append(out, "\r\n", 2);
}

/* What is behind the first value of a list; nothing where it is the only one. */
static struct cw_sip_text behind_first(struct cw_sip_text value)
{
	size_t comma = cw_sip_text_find(value, 0, ',');
	return cw_sip_text_trim(cw_sip_text_part(value, comma + (comma < value.length), value.length));
}

static void put_rest(struct hop *hop, const struct cw_sip_field *field, struct cw_sip_text value)
{
	struct cw_sip_text rest = behind_first(value);
	if (rest.length)
		put(hop, field, rest);
}

static void put_own(struct hop *hop, enum cw_sip_field_id id, const char *text)
{
	if (text && !hop->seen[id])
		cw_sip_writer_field(hop->writer, id, "%s", text);
	hop->seen[id] = true;
}

static void put_via(struct hop *hop, const struct cw_sip_field *field, struct cw_sip_text value)
{
	bool first = !hop->seen[CW_SIP_VIA];
	put_own(hop, CW_SIP_VIA, hop->forward->via);
	if (!first || !hop->forward->received || !hop->message->via_count) {
		put(hop, field, value);
		return;
	}
	put_received(hop, &hop->message->vias[0]);
	put_rest(hop, field, value);
}

static void put_max_forwards(struct hop *hop)
{
	int left = hop->message->max_forwards;
	if (left < 0)
		left = 71;
	if (!hop->seen[CW_SIP_MAX_FORWARDS])
		cw_sip_writer_field(hop->writer, CW_SIP_MAX_FORWARDS, "%d", left > 0 ? left - 1 : 0);
	hop->seen[CW_SIP_MAX_FORWARDS] = true;
}

/* Fields of ours that stand in front of others of their kind. */
static void put_in_front(struct hop *hop, enum cw_sip_field_id id)
{
	if (id == CW_SIP_PATH)
		put_own(hop, id, hop->forward->path);
	else if (id == CW_SIP_RECORD_ROUTE)
		put_own(hop, id, hop->forward->record_route);
}

static void forward_field(struct hop *hop, const struct cw_sip_field *field, struct cw_sip_text value)
{
	bool first = !hop->seen[field->id];
	if (field->id == CW_SIP_VIA) {
		put_via(hop, field, value);
	} else if (field->id == CW_SIP_MAX_FORWARDS) {
		put_max_forwards(hop);
	} else if (field->id == CW_SIP_CONTACT && hop->forward->contact) {
		put_own(hop, field->id, hop->forward->contact);
	} else if (field->id == CW_SIP_ROUTE && first && hop->forward->drop_route &&
		!hop->forward->drop_routes) {
		put_rest(hop, field, value);
	} else if (field->id != CW_SIP_CONTENT_LENGTH &&
		!(field->id == CW_SIP_ROUTE && hop->forward->drop_routes)) {
		put_in_front(hop, field->id);
		put(hop, field, value);
	}
	hop->seen[field->id] = true;
}

void cw_sip_writer_forward(struct cw_sip_writer *writer, const struct cw_sip_message *request,
	const struct cw_sip_forward *forward)
{
	struct hop hop = {.writer = writer, .message = request, .forward = forward};
	cw_buffer_append(writer->out, request->bytes, request->head.start_length);
	cw_buffer_append(writer->out, "\r\n", 2);
	for (uint32_t i = 0; i < request->head.count; i++) {
		const struct cw_sip_field *field = &request->head.fields[i];
		forward_field(&hop, field,
			(struct cw_sip_text){request->bytes + field->value_at, field->value_length});
	}
	put_own(&hop, CW_SIP_VIA, forward->via);
	put_own(&hop, CW_SIP_PATH, forward->path);
	put_own(&hop, CW_SIP_RECORD_ROUTE, forward->record_route);
	put_max_forwards(&hop);
}

void cw_sip_writer_return(struct cw_sip_writer *writer, const struct cw_sip_message *response)
{
	struct hop hop = {.writer = writer, .message = response};
	cw_buffer_append(writer->out, response->bytes, response->head.start_length);
	cw_buffer_append(writer->out, "\r\n", 2);
	for (uint32_t i = 0; i < response->head.count; i++) {
		const struct cw_sip_field *field = &response->head.fields[i];
		struct cw_sip_text value = {response->bytes + field->value_at, field->value_length};
		if (field->id == CW_SIP_VIA && !hop.seen[CW_SIP_VIA])
			put_rest(&hop, field, value);
		else if (field->id != CW_SIP_CONTENT_LENGTH)
			put(&hop, field, value);
		hop.seen[field->id] = true;
	}
}
