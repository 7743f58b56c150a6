/*
 * cw_sip_message_parse: start line, then what may stand once and what must be there, then each value.
 *
 * Each step returns false where memory failed and nothing else. The first rule that is broken makes the
 * refusal; later steps go on, so that Via, From and To are there for the answer.
 */
#include "base/forward.h"
#include "sip/sip_message.h"

#include <string.h>

enum reading {
	READ_NOT,     /* as it came */
	READ_ADDRESS, /* one address */
	READ_LIST,    /* addresses with commas between them */
	READ_VIA,
};

struct rule {
	enum reading reading;
	bool once;     /* RFC 3261 §7.3.1: no list */
	bool required; /* RFC 3261 §8.1.1; Max-Forwards is looked at where it counts (§16.3) */
};

static const struct rule rules[CW_SIP_FIELD_COUNT] = {
	[CW_SIP_CALL_ID] = {READ_NOT, true, true},
	[CW_SIP_CSEQ] = {READ_NOT, true, true},
	[CW_SIP_FROM] = {READ_ADDRESS, true, true},
	[CW_SIP_TO] = {READ_ADDRESS, true, true},
	[CW_SIP_VIA] = {READ_VIA, false, true},
	[CW_SIP_CONTACT] = {READ_LIST, false, false},
	[CW_SIP_ROUTE] = {READ_LIST, false, false},
	[CW_SIP_RECORD_ROUTE] = {READ_LIST, false, false},
	[CW_SIP_PATH] = {READ_LIST, false, false},
	[CW_SIP_SERVICE_ROUTE] = {READ_LIST, false, false},
	[CW_SIP_ASSERTED_IDENTITY] = {READ_LIST, false, false},
	[CW_SIP_MAX_FORWARDS] = {READ_NOT, true, false},
	[CW_SIP_CONTENT_LENGTH] = {READ_NOT, true, false},
	[CW_SIP_CONTENT_TYPE] = {READ_NOT, true, false},
	[CW_SIP_EXPIRES] = {READ_NOT, true, false},
	[CW_SIP_MIN_EXPIRES] = {READ_NOT, true, false},
	[CW_SIP_EVENT] = {READ_NOT, true, false},
	[CW_SIP_DATE] = {READ_NOT, true, false},
	[CW_SIP_IDENTITY] = {READ_NOT, true, false},
	[CW_SIP_FLOW_TIMER] = {READ_NOT, true, false},
	[CW_SIP_SESSION_ID] = {READ_NOT, true, false},
};

/* One text where a field may stand once, or has to be there. */
static const struct {
	enum cw_sip_field_id id;
	const char *missing;
} needed[] = {
	{CW_SIP_VIA, "Via is missing"},
	{CW_SIP_FROM, "From is missing"},
	{CW_SIP_TO, "To is missing"},
	{CW_SIP_CALL_ID, "Call-ID is missing"},
	{CW_SIP_CSEQ, "CSeq is missing"},
};

static void refuse(struct cw_sip_message *message, unsigned status, const char *reason)
{
	if (!message->refusal.status)
		message->refusal = (struct cw_sip_refusal){status, reason};
}

/* "SIP/2.0"; another version of SIP is told from no SIP at all (RFC 4475 §3.1.2.16). */
static void check_version(struct cw_sip_message *message, struct cw_sip_text version)
{
	if (cw_sip_text_is(version, "SIP/2.0"))
		return;
	size_t dot = cw_sip_text_find(version, 0, '.');
	uint64_t number;
	bool is_sip = version.length > 4 && cw_sip_text_is(cw_sip_text_part(version, 0, 4), "SIP/") &&
		dot > 4 && cw_sip_text_number(cw_sip_text_part(version, 4, dot - 4), UINT32_MAX, &number) &&
		cw_sip_text_number(cw_sip_text_part(version, dot + 1, version.length), UINT32_MAX, &number);
	if (is_sip)
		refuse(message, 505, "a version of SIP other than 2.0");
	else
		refuse(message, 400, "wanted a SIP start line");
}

/* One space between method, URI and version, and none elsewhere (RFC 4475 §3.1.2.8 to §3.1.2.10). */
static bool read_request_line(struct cw_sip_message *message, struct cw_sip_text line)
{
	const char *first = memchr(line.data, ' ', line.length);
	const char *last = memrchr(line.data, ' ', line.length);
	const char *reason;
	size_t method_end = first ? (size_t)(first - line.data) : line.length;
	message->start.method = cw_sip_text_part(line, 0, method_end);
	if (!first || first == last || !cw_sip_text_is_token(message->start.method)) {
		refuse(message, 400, "wanted a SIP start line");
		return true;
	}
	size_t at = (size_t)(last - line.data);
	struct cw_sip_text uri = cw_sip_text_part(line, method_end + 1, at - method_end - 1);
	check_version(message, cw_sip_text_part(line, at + 1, line.length));
	if (cw_sip_uri_parse(uri, &message->start.uri, &reason)) {
		if (message->start.uri.headers)
			refuse(message, 400, "header fields in the Request-URI");
		return true;
	}
	if (reason)
		refuse(message, 400, "wanted a URI in the start line, found other bytes");
	return reason != NULL;
}

/* "SIP/2.0 SP 3DIGIT SP reason", where the reason may be nothing. */
static void read_status_line(struct cw_sip_message *message, struct cw_sip_text line)
{
	uint64_t status = 0;
	struct cw_sip_text code = cw_sip_text_part(line, 8, 3);
	message->start.status = 1; /* a response, whatever it is worth */
	if (line.length < 12 || line.data[7] != ' ' || line.data[11] != ' ' ||
		!cw_sip_text_number(code, 699, &status) || status < 100) {
		refuse(message, 400, "wanted a status from 100 to 699");
		return;
	}
	message->start.status = (unsigned)status;
	message->start.reason = cw_sip_text_part(line, 12, line.length);
}

static bool read_start(struct cw_sip_message *message)
{
	struct cw_sip_text line = {message->bytes, message->head.start_length};
	if (!cw_sip_text_is(cw_sip_text_part(line, 0, 8), "SIP/2.0 "))
		return read_request_line(message, line);
	read_status_line(message, line);
	return true;
}

static void check_counts(struct cw_sip_message *message)
{
	unsigned counts[CW_SIP_FIELD_COUNT] = {0};
	for (uint32_t i = 0; i < message->head.count; i++) {
		const struct cw_sip_field *field = &message->head.fields[i];
		counts[field->id]++;
		if (field->control && rules[field->id].reading != READ_ADDRESS &&
			rules[field->id].reading != READ_LIST)
			refuse(message, 400, "a control byte in a header field that has no display name");
		if (field->id && rules[field->id].once && counts[field->id] == 2)
			refuse(message, 400, "a header field that may stand once stands there twice");
	}
	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
		if (rules[needed[i].id].required && !counts[needed[i].id])
			refuse(message, 400, needed[i].missing);
}

static bool add_via(struct cw_sip_message *message, struct cw_sip_text text)
{
	const char *reason;
	struct cw_sip_via via;
	if (!cw_memory_grow(
		    &message->vias, &message->via_capacity, message->via_count, sizeof *message->vias))
		return false;
	if (cw_sip_via_parse(text, &via, &reason))
		message->vias[message->via_count++] = via;
	else if (reason)
		refuse(message, 400, reason);
	else
		return false;
	return true;
}

static bool add_address(struct cw_sip_message *message, enum cw_sip_field_id id, struct cw_sip_text text)
{
	const char *reason;
	struct cw_sip_address address;
	if (!cw_memory_grow(&message->addresses, &message->address_capacity, message->address_count,
		    sizeof *message->addresses))
		return false;
	if (cw_sip_address_parse(id, text, &address, &reason))
		message->addresses[message->address_count++] = address;
	else if (reason)
		refuse(message, 400, reason);
	else
		return false;
	return true;
}

static bool read_values(struct cw_sip_message *message, enum cw_sip_field_id id, struct cw_sip_text value)
{
	size_t unread = CW_FORWARD_BEGIN;
	for (size_t at = 0; at <= value.length && cw_forward(&unread, value.length - at);) {
		bool one = rules[id].reading == READ_ADDRESS;
		size_t end = one ? value.length : cw_sip_text_find(value, at, ',');
		struct cw_sip_text part = cw_sip_text_trim(cw_sip_text_part(value, at, end - at));
		if (message->via_count + message->address_count == CW_SIP_VALUES_MAX) {
			refuse(message, 400, "more than 80 values in Via, Contact, Route and the like");
			return true;
		}
		if (!(id == CW_SIP_VIA ? add_via(message, part) : add_address(message, id, part)))
			return false;
		at = end + 1;
	}
	return true;
}

/* `*` stands alone, and takes all registrations away (RFC 3261 §10.2.2). */
static void check_contacts(struct cw_sip_message *message)
{
	unsigned count = 0;
	bool any = false;
	uint64_t number;
	for (size_t i = 0; i < message->address_count; i++) {
		const struct cw_sip_address *one = &message->addresses[i];
		if (one->field != CW_SIP_CONTACT)
			continue;
		count++;
		any |= one->any;
		struct cw_sip_text expires = cw_sip_address_parameter(one, "expires");
		if (expires.data && !cw_sip_text_number(expires, UINT32_MAX, &number))
			refuse(message, 400, "a Contact's expires is no number of seconds");
	}
	if (any && count > 1)
		refuse(message, 400, "Contact is * and something else");
}

static bool is_call_id(struct cw_sip_text text)
{
	size_t ats = 0;
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];
		if (c == '@' && i > 0 && i + 1 < text.length && ats++ == 0)
			continue;
		if (!cw_sip_text_token_byte(c) && (!c || !strchr("()<>:\\\"/[]?{}", c)))
			return false;
	}
	return text.length > 0;
}

/* The number is under 2^31, and the method that of the request (RFC 3261 §8.1.1.5). */
static void read_cseq(struct cw_sip_message *message)
{
	struct cw_sip_text value = cw_sip_message_field(message, CW_SIP_CSEQ, 0);
	size_t end = 0;
	uint64_t number;
	while (end < value.length && value.data[end] != ' ' && value.data[end] != '\t')
		end++;
	struct cw_sip_text method = cw_sip_text_trim(cw_sip_text_part(value, end, value.length));
	if (!value.data)
		return;
	if (!cw_sip_text_number(cw_sip_text_part(value, 0, end), INT32_MAX, &number) ||
		!cw_sip_text_is_token(method)) {
		refuse(message, 400, "CSeq is no number under 2^31 and a method");
		return;
	}
	message->cseq = (struct cw_sip_cseq){(uint32_t)number, method};
	if (!message->start.status && !cw_sip_text_same(method, message->start.method))
		refuse(message, 400, "CSeq has another method than the start line");
}

static void read_numbers(struct cw_sip_message *message)
{
	static const enum cw_sip_field_id seconds[] = {CW_SIP_EXPIRES, CW_SIP_MIN_EXPIRES, CW_SIP_FLOW_TIMER};
	struct cw_sip_text value = cw_sip_message_field(message, CW_SIP_MAX_FORWARDS, 0);
	uint64_t number;
	if (value.data && cw_sip_text_number(value, 255, &number))
		message->max_forwards = (int)number;
	else if (value.data)
		refuse(message, 400, "Max-Forwards is no number up to 255");
	for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
		value = cw_sip_message_field(message, seconds[i], 0);
		if (value.data && !cw_sip_text_number(value, UINT32_MAX, &number))
			refuse(message, 400, "Expires, Min-Expires or Flow-Timer is no number of seconds");
	}
	message->call_id = cw_sip_message_field(message, CW_SIP_CALL_ID, 0);
	if (message->call_id.data && !is_call_id(message->call_id))
		refuse(message, 400, "wanted a Call-ID, found other bytes");
	read_cseq(message);
}

static bool read_message(struct cw_sip_message *message)
{
	if (!read_start(message))
		return false;
	check_counts(message);
	for (uint32_t i = 0; i < message->head.count; i++) {
		const struct cw_sip_field *field = &message->head.fields[i];
		struct cw_sip_text value = {message->bytes + field->value_at, field->value_length};
		if (rules[field->id].reading != READ_NOT && !read_values(message, field->id, value))
			return false;
	}
	check_contacts(message);
	read_numbers(message);
	return true;
}

bool cw_sip_message_parse(const char *bytes, size_t length, const struct cw_sip_head *head,
	struct cw_sip_message **ret, struct cw_error *error)
{
	AUTO(cw_sip_message_free) struct cw_sip_message *message = calloc(1, sizeof *message);
	if (!message || !(message->bytes = malloc(length + 1)))
		return cw_error_memory(error);
	memcpy(message->bytes, bytes, length);
	message->bytes[length] = '\0';
	message->length = length;
	message->head = *head;
	message->max_forwards = -1;
	message->body = (struct cw_sip_text){message->bytes + head->length, length - head->length};
	if (!read_message(message))
		return cw_error_memory(error);
	*ret = TAKE(message);
	return true;
}
