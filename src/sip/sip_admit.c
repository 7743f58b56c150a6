#include "sip/sip_admit.h"

#include "base/forward.h"

#include <arpa/inet.h>
#include <string.h>

/* What is known to be a method is not allowed (405); what nobody knows is not implemented (501). */
static const char *const known_methods[] = {"INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "INFO",
	"PRACK", "SUBSCRIBE", "NOTIFY", "UPDATE", "MESSAGE", "REFER", "PUBLISH", "SERVICE", NULL};

static bool listed(const char *const *list, struct cw_sip_text text, bool by_case)
{
	for (; list && *list; list++)
		if (by_case ? cw_sip_text_same(text, cw_sip_text_of(*list)) : cw_sip_text_is(text, *list))
			return true;
	return false;
}

static enum cw_sip_field_id extensions_of(const struct cw_sip_admit *admit)
{
	return admit->hop ? CW_SIP_PROXY_REQUIRE : CW_SIP_REQUIRE;
}

/* Calls for each option tag that nobody here has; stops where there is no writer. */
static bool find_unsupported(
	const struct cw_sip_message *request, const struct cw_sip_admit *admit, struct cw_buffer *out)
{
	bool any = false;
	struct cw_sip_text value;
	for (unsigned nth = 0; (value = cw_sip_message_field(request, extensions_of(admit), nth)).data;
		nth++) {
		size_t unread = CW_FORWARD_BEGIN;
		for (size_t at = 0; at <= value.length && cw_forward(&unread, value.length - at);) {
			size_t end = cw_sip_text_find(value, at, ',');
			struct cw_sip_text tag = cw_sip_text_trim(cw_sip_text_part(value, at, end - at));
			at = end + 1;
			if (listed(admit->extensions, tag, false))
				continue;
			if (out)
				cw_buffer_printf(out, "%s%.*s", any ? ", " : "", CW_SIP_TEXT_ARGS(tag));
			any = true;
		}
	}
	return any;
}

/* type/subtype, without parameters. */
static struct cw_sip_text media_type(struct cw_sip_text value)
{
	return cw_sip_text_trim(cw_sip_text_part(value, 0, cw_sip_text_find(value, 0, ';')));
}

/* An answer with a body would have one of the types; where Accept names none of them there is none to give.
 */
static bool accepts_any(const struct cw_sip_message *request, const char *const *types)
{
	struct cw_sip_text value = cw_sip_message_field(request, CW_SIP_ACCEPT, 0);
	for (unsigned nth = 0; value.data; value = cw_sip_message_field(request, CW_SIP_ACCEPT, ++nth)) {
		size_t unread = CW_FORWARD_BEGIN;
		for (size_t at = 0; at <= value.length && cw_forward(&unread, value.length - at);) {
			size_t end = cw_sip_text_find(value, at, ',');
			struct cw_sip_text type = media_type(cw_sip_text_part(value, at, end - at));
			at = end + 1;
			if (cw_sip_text_is(type, "*/*") || listed(types, type, false))
				return true;
		}
	}
	return cw_sip_message_field(request, CW_SIP_ACCEPT, 0).data == NULL;
}

/* A registrar's To is an address of record (RFC 4475 §3.3.4). */
static bool registers_nobody(const struct cw_sip_message *request)
{
	const struct cw_sip_address *to = cw_sip_message_address(request, CW_SIP_TO, 0);
	return cw_sip_message_is(request, "REGISTER") && (!to || !to->uri.sip);
}

static unsigned check_here(const struct cw_sip_message *request, const struct cw_sip_admit *admit)
{
	struct cw_sip_text type = cw_sip_message_field(request, CW_SIP_CONTENT_TYPE, 0);
	if (!listed(admit->methods, request->start.method, true))
		return listed(known_methods, request->start.method, true) ? 405 : 501;
	if (registers_nobody(request))
		return 400;
	if (!admit->types)
		return 0;
	if (request->body.length && !listed(admit->types, media_type(type), false))
		return 415;
	return accepts_any(request, admit->types) ? 0 : 406;
}

unsigned cw_sip_admit_check(const struct cw_sip_message *request, const struct cw_sip_admit *admit)
{
	if (request->refusal.status)
		return request->refusal.status;
	if (!request->start.uri.sip)
		return 416;
	if (admit->hop && request->max_forwards == 0)
		return 483;
	if (!admit->hop || admit->methods) {
		unsigned status = check_here(request, admit);
		if (status)
			return status;
	}
	return find_unsupported(request, admit, NULL) ? 420 : 0;
}

static void put_list(struct cw_sip_writer *writer, enum cw_sip_field_id id, const char *const *list)
{
	AUTO_BUFFER line = {0};
	for (size_t i = 0; list && list[i]; i++)
		cw_buffer_printf(&line, "%s%s", i ? ", " : "", list[i]);
	cw_sip_writer_field(writer, id, "%s", cw_buffer_string(&line));
	writer->out->failed |= line.failed;
}

void cw_sip_admit_explain(struct cw_sip_writer *writer, const struct cw_sip_message *request,
	const struct cw_sip_admit *admit, unsigned status)
{
	AUTO_BUFFER line = {0};
	if (request->refusal.status)
		cw_sip_writer_field(writer, CW_SIP_WARNING, "399 causeway \"%s\"", request->refusal.reason);
	else if (status == 405 || status == 501)
		put_list(writer, CW_SIP_ALLOW, admit->methods);
	else if (status == 415 || status == 406)
		put_list(writer, CW_SIP_ACCEPT, admit->types);
	else if (status == 420 && find_unsupported(request, admit, &line))
		cw_sip_writer_field(writer, CW_SIP_UNSUPPORTED, "%s", cw_buffer_string(&line));
	writer->out->failed |= line.failed;
}

bool cw_sip_admit_return(const struct cw_sip_message *response)
{
	struct in_addr address;
	if (!response->start.status || response->refusal.status || response->via_count < 2)
		return false;
	if (inet_pton(AF_INET, cw_sip_via_host(&response->vias[1]), &address) != 1)
		return true;
	uint32_t number = ntohl(address.s_addr);
	return number != INADDR_BROADCAST && number >> 28 != 14;
}
