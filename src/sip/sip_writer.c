#include "sip/sip_writer.h"

#include <inttypes.h>
#include <string.h>

static const struct {
	unsigned status;
	const char *reason;
} reasons[] = {
	{100, "Trying"},
	{200, "OK"},
	{202, "Accepted"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{406, "Not Acceptable"},
	{407, "Proxy Authentication Required"},
	{408, "Request Timeout"},
	{413, "Request Entity Too Large"},
	{415, "Unsupported Media Type"},
	{416, "Unsupported URI Scheme"},
	{420, "Bad Extension"},
	{421, "Extension Required"},
	{423, "Interval Too Brief"},
	{430, "Flow Failed"},
	{439, "First Hop Lacks Outbound Support"},
	{480, "Temporarily Unavailable"},
	{481, "Call/Transaction Does Not Exist"},
	{483, "Too Many Hops"},
	{500, "Server Internal Error"},
	{501, "Not Implemented"},
	{502, "Bad Gateway"},
	{503, "Service Unavailable"},
	{504, "Server Time-out"},
	{505, "Version Not Supported"},
	{513, "Message Too Large"},
};

const char *cw_sip_writer_reason(unsigned status)
{
	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "";
}

/* What was written since `from` has no line end in it: then comes ours. */
static void end_line(struct cw_sip_writer *writer, size_t from)
{
	const struct cw_buffer *out = writer->out;
	size_t length = out->length - from;
	const char *line = cw_buffer_string(out) + from;
	if (length &&
		(memchr(line, '\r', length) || memchr(line, '\n', length) || memchr(line, '\0', length)))
		writer->unfit = "a line end or NUL in a line of SIP";
	cw_buffer_append(writer->out, "\r\n", 2);
}

void cw_sip_writer_request(struct cw_sip_writer *writer, const char *method, const char *uri)
{
	size_t from = writer->out->length;
	if (!cw_sip_text_is_token(cw_sip_text_of(method)) || !*uri || strpbrk(uri, " \t<>\""))
		writer->unfit = "a method or URI that is none";
	cw_buffer_text(writer->out, method);
	cw_buffer_char(writer->out, ' ');
	cw_buffer_text(writer->out, uri);
	cw_buffer_text(writer->out, " SIP/2.0");
	end_line(writer, from);
}

void cw_sip_writer_status(struct cw_sip_writer *writer, unsigned status, const char *reason)
{
	size_t from = writer->out->length;
	if (status < 100 || status > 699)
		writer->unfit = "a status that is none";
	cw_buffer_printf(
		writer->out, "SIP/2.0 %u %s", status, reason ? reason : cw_sip_writer_reason(status));
	end_line(writer, from);
}

static void put_text(struct cw_sip_writer *writer, struct cw_sip_text name, struct cw_sip_text value)
{
	cw_buffer_append(writer->out, name.data, name.length);
	cw_buffer_append(writer->out, ": ", 2);
	cw_buffer_append(writer->out, value.data, value.length);
	cw_buffer_append(writer->out, "\r\n", 2);
}

void cw_sip_writer_field(struct cw_sip_writer *writer, enum cw_sip_field_id id, const char *format, ...)
{
	size_t from = writer->out->length;
	va_list args;
	va_start(args, format);
	cw_buffer_text(writer->out, cw_sip_head_name(id));
	cw_buffer_append(writer->out, ": ", 2);
	cw_buffer_vprintf(writer->out, format, args);
	va_end(args);
	end_line(writer, from);
}

void cw_sip_writer_other(struct cw_sip_writer *writer, const char *name, const char *format, ...)
{
	size_t from = writer->out->length;
	va_list args;
	if (!cw_sip_text_is_token(cw_sip_text_of(name)))
		writer->unfit = "a header field's name that is none";
	va_start(args, format);
	cw_buffer_text(writer->out, name);
	cw_buffer_append(writer->out, ": ", 2);
	cw_buffer_vprintf(writer->out, format, args);
	va_end(args);
	end_line(writer, from);
}

static struct cw_sip_text name_of(const struct cw_sip_message *message, const struct cw_sip_field *field)
{
	if (field->id != CW_SIP_OTHER)
		return cw_sip_text_of(cw_sip_head_name(field->id));
	return (struct cw_sip_text){message->bytes + field->name_at, field->name_length};
}

static struct cw_sip_text value_of(const struct cw_sip_message *message, const struct cw_sip_field *field)
{
	return (struct cw_sip_text){message->bytes + field->value_at, field->value_length};
}

void cw_sip_writer_copy(
	struct cw_sip_writer *writer, const struct cw_sip_message *message, enum cw_sip_field_id id)
{
	for (uint32_t i = 0; i < message->head.count; i++) {
		const struct cw_sip_field *field = &message->head.fields[i];
		if (field->id == id)
			put_text(writer, name_of(message, field), value_of(message, field));
	}
}

/* The first line of a field, with something behind its value. */
static void copy_first(struct cw_sip_writer *writer, const struct cw_sip_message *message,
	enum cw_sip_field_id id, const char *tag)
{
	struct cw_sip_text value = cw_sip_message_field(message, id, 0);
	if (!value.data)
		return;
	cw_buffer_printf(writer->out, "%s: ", cw_sip_head_name(id));
	cw_buffer_append(writer->out, value.data, value.length);
	if (tag)
		cw_buffer_printf(writer->out, ";tag=%s", tag);
	if (tag && !cw_sip_text_is_token(cw_sip_text_of(tag)))
		writer->unfit = "a tag that is none";
	cw_buffer_append(writer->out, "\r\n", 2);
}

void cw_sip_writer_answer(struct cw_sip_writer *writer, const struct cw_sip_message *request, unsigned status,
	const char *reason, const char *tag)
{
	const struct cw_sip_address *to = cw_sip_message_address(request, CW_SIP_TO, 0);
	bool has_tag = !to || cw_sip_parameters_find(&to->parameters, "tag");
	cw_sip_writer_status(writer, status, reason);
	cw_sip_writer_copy(writer, request, CW_SIP_VIA);
	copy_first(writer, request, CW_SIP_FROM, NULL);
	copy_first(writer, request, CW_SIP_TO, has_tag || status == 100 ? NULL : tag);
	copy_first(writer, request, CW_SIP_CALL_ID, NULL);
	copy_first(writer, request, CW_SIP_CSEQ, NULL);
}

bool cw_sip_writer_end(
	struct cw_sip_writer *writer, const char *type, struct cw_sip_text body, struct cw_error *error)
{
	if (type)
		cw_sip_writer_field(writer, CW_SIP_CONTENT_TYPE, "%s", type);
	cw_buffer_printf(writer->out, "Content-Length: %zu\r\n\r\n", body.length);
	if (body.length)
		cw_buffer_append(writer->out, body.data, body.length);
	if (writer->unfit)
		return cw_error_set(error, CW_E_FORMAT, "a SIP message was not written: %s", writer->unfit);
	if (body.length > CW_SIP_BODY_MAX)
		return cw_error_set(error, CW_E_LIMIT, "a SIP body of %zu bytes; at most %d", body.length,
			CW_SIP_BODY_MAX);
	return cw_buffer_ok(writer->out, error);
}
