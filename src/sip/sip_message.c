#include "sip/sip_message.h"

#include "base/forward.h"

#include <string.h>

struct cw_sip_text cw_sip_message_field(
	const struct cw_sip_message *message, enum cw_sip_field_id id, unsigned nth)
{
	for (uint32_t i = 0; i < message->head.count; i++) {
		const struct cw_sip_field *field = &message->head.fields[i];
		if (field->id == id && nth-- == 0)
			return (struct cw_sip_text){message->bytes + field->value_at, field->value_length};
	}
	return (struct cw_sip_text){0};
}

struct cw_sip_text cw_sip_message_other(const struct cw_sip_message *message, const char *name)
{
	for (uint32_t i = 0; i < message->head.count; i++) {
		const struct cw_sip_field *field = &message->head.fields[i];
		struct cw_sip_text own = {message->bytes + field->name_at, field->name_length};
		if (field->id == CW_SIP_OTHER && cw_sip_text_is(own, name))
			return (struct cw_sip_text){message->bytes + field->value_at, field->value_length};
	}
	return (struct cw_sip_text){0};
}

const struct cw_sip_address *cw_sip_message_address(
	const struct cw_sip_message *message, enum cw_sip_field_id id, unsigned nth)
{
	for (size_t i = 0; i < message->address_count; i++)
		if (message->addresses[i].field == id && nth-- == 0)
			return &message->addresses[i];
	return NULL;
}

bool cw_sip_message_lists(const struct cw_sip_message *message, enum cw_sip_field_id id, const char *token)
{
	for (unsigned nth = 0;; nth++) {
		struct cw_sip_text value = cw_sip_message_field(message, id, nth);
		if (!value.data)
			return false;
		size_t unread = CW_FORWARD_BEGIN;
		for (size_t at = 0; at <= value.length && cw_forward(&unread, value.length - at);) {
			size_t end = cw_sip_text_find(value, at, ',');
			if (cw_sip_text_is(cw_sip_text_trim(cw_sip_text_part(value, at, end - at)), token))
				return true;
			at = end + 1;
		}
	}
}

bool cw_sip_message_is(const struct cw_sip_message *message, const char *method)
{
	return !message->start.status && cw_sip_text_same(message->start.method, cw_sip_text_of(method));
}

void cw_sip_message_free(struct cw_sip_message *message)
{
	if (!message)
		return;
	for (size_t i = 0; i < message->via_count; i++)
		cw_sip_via_finish(&message->vias[i]);
	for (size_t i = 0; i < message->address_count; i++)
		cw_sip_address_finish(&message->addresses[i]);
	cw_sip_uri_finish(&message->start.uri);
	free(message->vias);
	free(message->addresses);
	free(message->bytes);
	free(message);
}
