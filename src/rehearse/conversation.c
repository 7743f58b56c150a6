#include "rehearse/conversation.h"

#include "rehearse/message.h"

#include <string.h>

#define REALM "TraversalZone"

void cw_conversation_finish(struct cw_conversation *conversation)
{
	cw_buffer_finish(&conversation->in);
}

static const char *method_of(const struct cw_conversation *conversation)
{
	switch (conversation->kind) {
	case CW_CONVERSATION_ZONE:
	case CW_CONVERSATION_OPTIONS:
		return "OPTIONS";
	case CW_CONVERSATION_REGISTER:
		return "REGISTER";
	case CW_CONVERSATION_HTTP:
		return "GET";
	}
	return "OPTIONS";
}

static void break_off(struct cw_conversation *conversation, const char *reason)
{
	conversation->state = CW_CONVERSATION_BROKEN;
	snprintf(conversation->reason, sizeof conversation->reason, "%s", reason);
}

static void put_credentials(struct cw_conversation *conversation, const char *uri, struct cw_buffer *out)
{
	AUTO_BUFFER user = {0};
	char response[CW_DIGEST_SIZE];
	cw_digest_quote(&user, conversation->username);
	const struct cw_digest_login login = {
		cw_buffer_string(&user), conversation->password, REALM, conversation->nonce};
	if (!cw_digest_response(&login, method_of(conversation), uri, response)) {
		out->failed = true;
		return;
	}
	cw_buffer_printf(out,
		"Authorization: Digest username=\"%s\", realm=\"" REALM "\", nonce=\"%s\", uri=\"%s\", "
		"response=\"%s\", algorithm=MD5\r\n",
		cw_buffer_string(&user), conversation->nonce, uri, response);
}

static void ask_sip(struct cw_conversation *conversation, struct cw_buffer *out)
{
	AUTO_BUFFER uri = {0};
	cw_buffer_printf(&uri, "sip:%s", conversation->host);
	cw_buffer_printf(out,
		"%s %s SIP/2.0\r\n"
		"Via: SIP/2.0/TLS rehearsal.invalid;branch=z9hG4bK%u\r\n"
		"Max-Forwards: 1\r\nFrom: <sip:rehearsal.invalid>;tag=1\r\nTo: <%s>\r\n"
		"Call-ID: rehearsal\r\nCSeq: %u %s\r\n",
		method_of(conversation), cw_buffer_string(&uri), conversation->sequence,
		cw_buffer_string(&uri), conversation->sequence, method_of(conversation));
	if (*conversation->nonce)
		put_credentials(conversation, cw_buffer_string(&uri), out);
	cw_buffer_text(out, "Content-Length: 0\r\n\r\n");
	out->failed |= uri.failed;
}

void cw_conversation_ask(struct cw_conversation *conversation, struct cw_buffer *out)
{
	conversation->sequence++;
	if (conversation->kind == CW_CONVERSATION_HTTP)
		cw_buffer_printf(out, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", conversation->host);
	else
		ask_sip(conversation, out);
}

static void answer(const struct cw_message *request, bool http, const char *status, const char *header,
	struct cw_buffer *out)
{
	static const char *const copied[] = {"Via", "From", "To", "Call-ID", "CSeq"};
	cw_buffer_printf(out, "%s %s\r\n", http ? "HTTP/1.1" : "SIP/2.0", status);
	for (size_t i = 0; !http && i < sizeof copied / sizeof copied[0]; i++) {
		const char *value;
		size_t length;
		if (cw_message_header(request, copied[i], &value, &length))
			cw_buffer_printf(out, "%s: %.*s\r\n", copied[i], (int)length, value);
	}
	cw_buffer_printf(out, "%sContent-Length: 0\r\n\r\n", header);
}

static void challenge(
	struct cw_conversation *conversation, const struct cw_message *request, struct cw_buffer *out)
{
	if (!*conversation->nonce && !cw_digest_nonce(conversation->nonce)) {
		out->failed = true;
		return;
	}
	AUTO_BUFFER header = {0};
	cw_buffer_printf(&header,
		"WWW-Authenticate: Digest realm=\"" REALM "\", nonce=\"%s\", algorithm=MD5\r\n",
		conversation->nonce);
	answer(request, false, "401 Unauthorised", cw_buffer_string(&header), out);
	out->failed |= header.failed;
}

/* Which of the two is wrong is told apart here only; the other side just hears no. */
static bool credentials_fit(struct cw_conversation *conversation, const char *value, size_t length)
{
	AUTO_BUFFER user = {0};
	AUTO_BUFFER nonce = {0};
	AUTO_BUFFER uri = {0};
	AUTO_BUFFER response = {0};
	AUTO_BUFFER own = {0};
	char wanted[CW_DIGEST_SIZE];
	cw_digest_quote(&own, conversation->username);
	if (!cw_message_parameter(value, length, "username", &user) ||
		!cw_message_parameter(value, length, "nonce", &nonce) ||
		!cw_message_parameter(value, length, "uri", &uri) ||
		!cw_message_parameter(value, length, "response", &response))
		return false;
	conversation->user_differs = strcmp(cw_buffer_string(&own), cw_buffer_string(&user)) != 0;
	if (conversation->user_differs || strcmp(cw_buffer_string(&nonce), conversation->nonce) != 0)
		return false;
	const struct cw_digest_login login = {
		cw_buffer_string(&own), conversation->password, REALM, conversation->nonce};
	return cw_digest_response(&login, method_of(conversation), cw_buffer_string(&uri), wanted) &&
		strcmp(wanted, cw_buffer_string(&response)) == 0;
}

static void serve_zone(
	struct cw_conversation *conversation, const struct cw_message *request, struct cw_buffer *out)
{
	const char *value;
	size_t length;
	if (!*conversation->nonce || !cw_message_header(request, "Authorization", &value, &length)) {
		challenge(conversation, request, out);
	} else if (credentials_fit(conversation, value, length)) {
		answer(request, false, "200 OK", "", out);
		conversation->state = CW_CONVERSATION_UP;
	} else {
		answer(request, false, "403 Authentication Failed", "", out);
		conversation->state = CW_CONVERSATION_DENIED;
		snprintf(conversation->reason, sizeof conversation->reason, "%s",
			conversation->user_differs ? "the zone's user name is another one"
						   : "the zone's password is another one");
	}
}

static void serve(
	struct cw_conversation *conversation, const struct cw_message *request, struct cw_buffer *out)
{
	bool http = conversation->kind == CW_CONVERSATION_HTTP;
	if (!cw_message_word(request, 0, method_of(conversation)) ||
		!cw_message_word(request, 2, http ? "HTTP/1.1" : "SIP/2.0")) {
		break_off(conversation, http ? "wanted an HTTP request" : "wanted another SIP request");
	} else if (conversation->kind == CW_CONVERSATION_ZONE) {
		serve_zone(conversation, request, out);
	} else if (conversation->forbid) {
		answer(request, http, "403 Forbidden", "", out);
		conversation->state = CW_CONVERSATION_FORBIDDEN;
	} else {
		answer(request, http, "200 OK", "", out);
		conversation->state = CW_CONVERSATION_UP;
	}
}

static bool take_nonce(struct cw_conversation *conversation, const struct cw_message *message)
{
	const char *value;
	size_t length;
	AUTO_BUFFER nonce = {0};
	if (!cw_message_header(message, "WWW-Authenticate", &value, &length) ||
		!cw_message_parameter(value, length, "nonce", &nonce) ||
		nonce.length >= sizeof conversation->nonce || !nonce.length)
		return false;
	memcpy(conversation->nonce, cw_buffer_string(&nonce), nonce.length + 1);
	return true;
}

static void hear_answer(
	struct cw_conversation *conversation, const struct cw_message *message, struct cw_buffer *out)
{
	unsigned status = cw_message_status(message);
	bool zone = conversation->kind == CW_CONVERSATION_ZONE;
	if (status / 100 == 2) {
		conversation->state = CW_CONVERSATION_UP;
	} else if (status == 401 && zone && !conversation->answered && take_nonce(conversation, message)) {
		conversation->answered = true;
		cw_conversation_ask(conversation, out);
	} else if (zone && (status == 401 || status == 403)) {
		conversation->state = CW_CONVERSATION_DENIED;
		snprintf(conversation->reason, sizeof conversation->reason, "Authentication Failed");
	} else if (status == 403) {
		conversation->state = CW_CONVERSATION_FORBIDDEN;
		snprintf(conversation->reason, sizeof conversation->reason, "403 Forbidden");
	} else {
		break_off(conversation, "wanted an answer of 200, 401 or 403");
	}
}

static void drop(struct cw_buffer *buffer, size_t length)
{
	memmove(buffer->data, buffer->data + length, buffer->length - length + 1);
	buffer->length -= length;
}

bool cw_conversation_take(
	struct cw_conversation *conversation, const char *data, size_t length, struct cw_buffer *out)
{
	bool any = false;
	cw_buffer_append(&conversation->in, data, length);
	out->failed |= conversation->in.failed;
	while (!out->failed && conversation->in.length && conversation->state != CW_CONVERSATION_BROKEN) {
		struct cw_message message;
		const char *reason;
		switch (cw_message_read(conversation->in.data, conversation->in.length, &message, &reason)) {
		case CW_MESSAGE_PART:
			return any;
		case CW_MESSAGE_BROKEN:
			break_off(conversation, reason);
			return any;
		case CW_MESSAGE_WHOLE:
			break;
		}
		any = true;
		if (conversation->server)
			serve(conversation, &message, out);
		else
			hear_answer(conversation, &message, out);
		drop(&conversation->in, message.length);
	}
	return any;
}
