#include "traversal/conversation.h"

#include "sip/sip_admit.h"

#include <stdio.h>
#include <string.h>

#define REALM "TraversalZone"

void cw_conversation_finish(struct cw_conversation *conversation)
{
	cw_buffer_finish(&conversation->in);
	cw_buffer_finish(&conversation->told);
	cw_sip_frame_finish(&conversation->frame);
	cw_sip_auth_client_finish(&conversation->client);
}

void cw_conversation_break_off(struct cw_conversation *conversation, const char *reason)
{
	conversation->state = CW_CONVERSATION_BROKEN;
	snprintf(conversation->reason, sizeof conversation->reason, "%s", reason);
}

static const char *method_of(const struct cw_conversation *conversation)
{
	if (conversation->informs)
		return "INFO";
	return conversation->kind == CW_CONVERSATION_REGISTER ? "REGISTER" : "OPTIONS";
}

/* Whatever is not written is no memory: no text in it comes from outside. */
static void end_with(struct cw_sip_writer *writer, const char *document)
{
	struct cw_error error;
	const char *type = document ? CW_CONVERSATION_DOCUMENT_TYPE : NULL;
	struct cw_sip_text body = {0};
	if (document)
		body = cw_sip_text_of(document);
	if (!cw_sip_writer_end(writer, type, body, &error))
		writer->out->failed = true;
}

static void end(struct cw_sip_writer *writer)
{
	end_with(writer, NULL);
}

static void request(struct cw_conversation *conversation, const char *document, struct cw_buffer *out)
{
	conversation->sequence++;
	struct cw_sip_writer writer = {.out = out};
	struct cw_error error;
	AUTO_BUFFER uri = {0};
	bool bare_ipv6 = strchr(conversation->host, ':') && *conversation->host != '[';
	cw_buffer_printf(&uri, bare_ipv6 ? "sip:[%s]" : "sip:%s", conversation->host);
	const char *method = method_of(conversation), *to = cw_buffer_string(&uri);
	cw_sip_writer_request(&writer, method, to);
	cw_sip_writer_field(&writer, CW_SIP_VIA, "SIP/2.0/TLS rehearsal.invalid;branch=z9hG4bK%u",
		conversation->sequence);
	cw_sip_writer_field(&writer, CW_SIP_MAX_FORWARDS, "1");
	cw_sip_writer_field(&writer, CW_SIP_FROM, "<sip:rehearsal.invalid>;tag=1");
	cw_sip_writer_field(&writer, CW_SIP_TO, "<%s>", to);
	cw_sip_writer_field(&writer, CW_SIP_CALL_ID, "rehearsal");
	cw_sip_writer_field(&writer, CW_SIP_CSEQ, "%u %s", conversation->sequence, method);
	if (!cw_sip_auth_client_write(&conversation->client, &writer, method, to, &error))
		out->failed = true;
	end_with(&writer, document);
	out->failed |= uri.failed;
}

void cw_conversation_ask(struct cw_conversation *conversation, struct cw_buffer *out)
{
	conversation->informs = false;
	request(conversation, NULL, out);
}

void cw_conversation_inform(struct cw_conversation *conversation, struct cw_buffer *out)
{
	conversation->informs = true;
	request(conversation, conversation->document, out);
}

/* The whole document each time: it takes the place of the one before. */
static void keep(struct cw_conversation *conversation, const struct cw_sip_message *message)
{
	if (message->body.length > CW_CONVERSATION_DOCUMENT_MAX) {
		cw_conversation_break_off(conversation, "a zone document over 64 KB");
		return;
	}
	cw_buffer_finish(&conversation->told);
	cw_buffer_append(&conversation->told, message->body.data, message->body.length);
	conversation->news = true;
}

static void answer(
	const struct cw_sip_message *request, unsigned status, const char *reason, struct cw_buffer *out)
{
	struct cw_sip_writer writer = {.out = out};
	cw_sip_writer_answer(&writer, request, status, reason, "2");
	end(&writer);
}

/* The conversation has no clock: a nonce is good as long as its connection. */
static void challenge(struct cw_conversation *conversation, const struct cw_sip_message *request, bool stale,
	struct cw_buffer *out)
{
	struct cw_sip_writer writer = {.out = out};
	struct cw_error error;
	cw_sip_writer_answer(&writer, request, 401, NULL, "2");
	if (!cw_sip_auth_server_challenge(&conversation->auth, &writer, stale, 0, &error))
		out->failed = true;
	end(&writer);
}

/* Which of the two is wrong is told apart here only; the other side just hears no. */
static void deny(
	struct cw_conversation *conversation, const struct cw_sip_message *request, struct cw_buffer *out)
{
	answer(request, 403, "Authentication Failed", out);
	conversation->state = CW_CONVERSATION_DENIED;
	snprintf(conversation->reason, sizeof conversation->reason, "%s",
		conversation->user_differs ? "the zone's user name is another one"
					   : "the zone's password is another one");
}

static void judge(struct cw_conversation *conversation, const struct cw_sip_message *request,
	const struct cw_sip_digest *digest, bool stale, struct cw_buffer *out)
{
	AUTO_BUFFER own = {0};
	struct cw_error error;
	bool fits;
	cw_sip_digest_quote(&own, conversation->username);
	conversation->user_differs =
		!cw_sip_text_same(digest->username, cw_sip_text_of(cw_buffer_string(&own)));
	const char *password = conversation->user_differs ? NULL : conversation->password;
	if (own.failed ||
		!cw_sip_auth_server_judge(&conversation->auth, request, digest, password, &fits, &error)) {
		out->failed = true;
	} else if (!fits) {
		deny(conversation, request, out);
	} else if (stale) {
		challenge(conversation, request, true, out);
	} else {
		answer(request, 200, NULL, out);
		conversation->state = CW_CONVERSATION_UP;
	}
}

static void serve_zone(
	struct cw_conversation *conversation, const struct cw_sip_message *request, struct cw_buffer *out)
{
	struct cw_sip_digest digest;
	conversation->auth.realm = REALM;
	switch (cw_sip_auth_server_read(&conversation->auth, request, 0, &digest)) {
	case CW_SIP_AUTH_SERVER_NONE:
		challenge(conversation, request, false, out);
		break;
	case CW_SIP_AUTH_SERVER_READ:
		judge(conversation, request, &digest, false, out);
		break;
	case CW_SIP_AUTH_SERVER_STALE:
		judge(conversation, request, &digest, true, out);
		break;
	case CW_SIP_AUTH_SERVER_REFUSED:
		answer(request, 400, NULL, out);
		cw_conversation_break_off(conversation, "wanted credentials for this request");
		break;
	}
}

/* Only over a connection whose user name and password were right. */
static void serve_document(
	struct cw_conversation *conversation, const struct cw_sip_message *request, struct cw_buffer *out)
{
	struct cw_sip_writer writer = {.out = out};
	if (conversation->state != CW_CONVERSATION_UP) {
		answer(request, 403, NULL, out);
		cw_conversation_break_off(conversation, "a zone document before the zone was up");
		return;
	}
	keep(conversation, request);
	cw_sip_writer_answer(&writer, request, 200, NULL, "2");
	end_with(&writer, conversation->document);
}

static void serve(
	struct cw_conversation *conversation, const struct cw_sip_message *request, struct cw_buffer *out)
{
	const char *const methods[] = {method_of(conversation), conversation->document ? "INFO" : NULL, NULL};
	const struct cw_sip_admit admit = {.methods = methods};
	unsigned status = cw_sip_admit_check(request, &admit);
	if (request->start.status) {
		cw_conversation_break_off(conversation, "wanted a SIP request");
	} else if (status) {
		answer(request, status, NULL, out);
		cw_conversation_break_off(conversation,
			request->refusal.status ? request->refusal.reason : "wanted another SIP request");
	} else if (cw_sip_message_is(request, "INFO")) {
		serve_document(conversation, request, out);
	} else if (conversation->kind == CW_CONVERSATION_ZONE) {
		serve_zone(conversation, request, out);
	} else if (conversation->forbid) {
		answer(request, 403, NULL, out);
		conversation->state = CW_CONVERSATION_FORBIDDEN;
	} else {
		answer(request, 200, NULL, out);
		conversation->state = CW_CONVERSATION_UP;
	}
}

static void hear_challenge(
	struct cw_conversation *conversation, const struct cw_sip_message *response, struct cw_buffer *out)
{
	struct cw_error error;
	enum cw_sip_auth_client_state state;
	conversation->client.username = conversation->username;
	conversation->client.password = conversation->password;
	if (!cw_sip_auth_client_take(&conversation->client, response, &state, &error)) {
		out->failed = true;
		return;
	}
	switch (state) {
	case CW_SIP_AUTH_CLIENT_AGAIN:
		cw_conversation_ask(conversation, out);
		break;
	case CW_SIP_AUTH_CLIENT_DENIED:
		conversation->state = CW_CONVERSATION_DENIED;
		snprintf(conversation->reason, sizeof conversation->reason, "Authentication Failed");
		break;
	case CW_SIP_AUTH_CLIENT_UNFIT:
		cw_conversation_break_off(conversation, "a challenge that cannot be answered");
		break;
	}
}

static void hear_answer(
	struct cw_conversation *conversation, const struct cw_sip_message *response, struct cw_buffer *out)
{
	unsigned status = response->start.status;
	bool zone = conversation->kind == CW_CONVERSATION_ZONE;
	if (response->refusal.status) {
		cw_conversation_break_off(conversation, response->refusal.reason);
	} else if (!status || response->cseq.number != conversation->sequence) {
		cw_conversation_break_off(conversation, "wanted the answer to the request");
	} else if (status / 100 == 2 && conversation->informs) {
		keep(conversation, response);
	} else if (status / 100 == 2) {
		cw_sip_auth_client_accepted(&conversation->client);
		conversation->state = CW_CONVERSATION_UP;
	} else if (status == 401 && zone) {
		hear_challenge(conversation, response, out);
	} else if (status == 401 && conversation->kind == CW_CONVERSATION_REGISTER) {
		conversation->state = CW_CONVERSATION_UP; /* a registrar that asks for a device's password is reached */
	} else if (status == 403) {
		conversation->state = zone ? CW_CONVERSATION_DENIED : CW_CONVERSATION_FORBIDDEN;
		snprintf(conversation->reason, sizeof conversation->reason, "%s",
			zone ? "Authentication Failed" : "403 Forbidden");
	} else {
		cw_conversation_break_off(conversation, "wanted an answer of 200, 401 or 403");
	}
}

bool cw_conversation_relays(const struct cw_sip_message *message, bool server)
{
	bool request = message->start.status == 0;
	if (server)
		return !request || cw_sip_message_field(message, CW_SIP_ROUTE, 0).data;
	return request || message->via_count > 1;
}

/* Returns whether it was one of its own. */
static bool take_message(
	struct cw_conversation *conversation, const struct cw_sip_frame_piece *piece, struct cw_buffer *out)
{
	AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
	struct cw_error error;
	if (!cw_sip_message_parse(piece->data, piece->length, piece->head, &message, &error)) {
		out->failed = true;
		return true;
	}
	if (conversation->relay && conversation->state == CW_CONVERSATION_UP &&
		cw_conversation_relays(message, conversation->server)) {
		conversation->relay(conversation->relay_context, message);
		return false;
	}
	if (conversation->server)
		serve(conversation, message, out);
	else
		hear_answer(conversation, message, out);
	return true;
}

bool cw_conversation_take(
	struct cw_conversation *conversation, const char *data, size_t length, struct cw_buffer *out)
{
	bool any = false;
	struct cw_sip_frame_piece piece;
	struct cw_error error;
	conversation->frame.dialled = !conversation->server;
	if (!cw_sip_frame_feed(&conversation->frame, data, length, &error)) {
		out->failed = true;
		return false;
	}
	while (!out->failed && conversation->state != CW_CONVERSATION_BROKEN) {
		switch (cw_sip_frame_next(&conversation->frame, &piece)) {
		case CW_SIP_FRAME_MORE:
			return any;
		case CW_SIP_FRAME_PING:
			cw_buffer_text(out, CW_SIP_FRAME_PONG_TEXT);
			break;
		case CW_SIP_FRAME_PONG:
			break;
		case CW_SIP_FRAME_STUN:
			cw_conversation_break_off(conversation, "wanted SIP, found STUN");
			break;
		case CW_SIP_FRAME_BROKEN:
			cw_conversation_break_off(conversation, piece.reason);
			break;
		case CW_SIP_FRAME_MESSAGE:
			any |= take_message(conversation, &piece, out);
			break;
		}
	}
	return any;
}
