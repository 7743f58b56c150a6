#include "node/sip/sip_carry.h"

#include "http/http_base64.h"
#include "report/json.h"
#include "sip/sip_frame.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX (CW_SIP_HEAD_MAX + CW_SIP_BODY_MAX)

json_t *cw_sip_carry_write(uint16_t zone, const char *data, size_t length)
{
	AUTO_BUFFER text = {0};
	struct cw_json json = {0};
	json_t *object = json_object();
	cw_http_base64_encode(&text, (struct cw_http_text){data, length}, CW_HTTP_BASE64_PADDED);
	cw_json_put(&json, object, "zone", cw_json_count(zone));
	cw_json_put(&json, object, "message", cw_json_text(cw_buffer_string(&text)));
	if (!json.failed && !text.failed)
		return object;
	json_decref(object);
	return NULL;
}

static bool parse(struct cw_http_text bytes, struct cw_sip_message **ret)
{
	struct cw_sip_frame frame = {0};
	struct cw_sip_frame_piece piece;
	AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
	struct cw_error error;
	bool good = cw_sip_frame_feed(&frame, bytes.at, bytes.length, &error) &&
		cw_sip_frame_next(&frame, &piece) == CW_SIP_FRAME_MESSAGE &&
		cw_sip_message_parse(piece.data, piece.length, piece.head, &message, &error) &&
		cw_sip_frame_next(&frame, &piece) == CW_SIP_FRAME_MORE && cw_sip_frame_is_clean(&frame);
	cw_sip_frame_finish(&frame);
	if (good)
		*ret = TAKE(message);
	return good;
}

bool cw_sip_carry_read(const json_t *frame, uint16_t *ret_zone, struct cw_sip_message **ret)
{
	json_int_t zone = json_integer_value(json_object_get(frame, "zone"));
	const char *text = json_string_value(json_object_get(frame, "message"));
	AUTO(free) char *bytes = malloc(MESSAGE_MAX);
	struct cw_http_text read;
	if (!bytes || !text || zone < 1 || zone > UINT16_MAX ||
		!cw_http_base64_decode(cw_http_text(text), CW_HTTP_BASE64_PADDED, &read, bytes, MESSAGE_MAX))
		return false;
	*ret_zone = (uint16_t)zone;
	return parse(read, ret);
}

json_t *cw_sip_carry_share(const struct cw_sip_carry_shared *shared)
{
	AUTO_BUFFER key = {.secret = true};
	struct cw_json json = {0};
	json_t *object = json_object(), *zones = json_array();
	cw_buffer_hex(&key, shared->key, sizeof shared->key);
	for (size_t i = 0; i < shared->zone_count; i++)
		cw_json_add(&json, zones, cw_json_count(shared->zones[i]));
	cw_json_put(&json, object, "key", cw_json_text(cw_buffer_string(&key)));
	cw_json_put(&json, object, "zones", zones);
	if (!json.failed && !key.failed)
		return object;
	json_decref(object);
	return NULL;
}

static bool read_key(const char *text, uint8_t ret[CW_SIP_FLOW_KEY])
{
	if (!text || strlen(text) != 2 * (size_t)CW_SIP_FLOW_KEY ||
		strspn(text, "0123456789abcdef") != 2 * (size_t)CW_SIP_FLOW_KEY)
		return false;
	for (size_t i = 0; i < CW_SIP_FLOW_KEY; i++) {
		const char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};
		ret[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return true;
}

void cw_sip_carry_shared(const json_t *value, struct cw_sip_carry_shared *ret)
{
	size_t i;
	json_t *row;
	*ret = (struct cw_sip_carry_shared){0};
	ret->keyed = read_key(json_string_value(json_object_get(value, "key")), ret->key);
	json_array_foreach(json_object_get(value, "zones"), i, row)
	{
		json_int_t zone = json_integer_value(row);
		if (zone > 0 && zone <= UINT16_MAX && ret->zone_count < CW_SIP_CARRY_ZONES_MAX)
			ret->zones[ret->zone_count++] = (uint16_t)zone;
	}
}

bool cw_sip_carry_has(const struct cw_sip_carry_shared *shared, uint16_t zone)
{
	for (size_t i = 0; i < shared->zone_count; i++)
		if (shared->zones[i] == zone)
			return true;
	return false;
}
