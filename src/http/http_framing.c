#include "http/http_framing.h"

static bool has(const struct cw_http_head *head, enum cw_http_known known)
{
	return head->first[known] != 0;
}

/* One option, "close" or "keep-alive". Any other names a field that is to be dropped on the way (RFC
 * 9110 7.6.1): with it, a client makes a proxy take away what the next server decides by. */
static bool decide_connection(struct cw_http_head *head, enum cw_http_reason *ret_reason)
{
	struct cw_http_text option;
	head->keep_alive = head->start.version_minor == 1;
	if (has(head, CW_HTTP_FIELD_UPGRADE) || has(head, CW_HTTP_FIELD_HTTP2_SETTINGS))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_UPGRADE);
	if (!cw_http_head_known(head, CW_HTTP_FIELD_CONNECTION, &option))
		return true;
	if (cw_http_text_same_word(option, "close"))
		head->keep_alive = false;
	else if (!cw_http_text_same_word(option, "keep-alive"))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_CONNECTION_OPTION);
	return true;
}

/* "chunked", once and alone (RFC 9112 6.1; a list, a quoted or a decorated word is what proxies disagree
 * about). */
static bool decide_coding(struct cw_http_head *head, enum cw_http_reason *ret_reason)
{
	struct cw_http_text coding;
	if (!cw_http_head_known(head, CW_HTTP_FIELD_TRANSFER_ENCODING, &coding))
		return true;
	if (has(head, CW_HTTP_FIELD_CONTENT_LENGTH))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_LENGTH_AND_CODING);
	if (!cw_http_text_is(coding, CW_HTTP_IN_TOKEN))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_CODING_FORM);
	if (!cw_http_text_same_word(coding, "chunked"))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_CODING_UNKNOWN);
	if (head->start.version_minor == 0)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_CODING_VERSION);
	head->framing = CW_HTTP_BY_CHUNKS;
	return true;
}

static bool decide_length(struct cw_http_head *head, enum cw_http_reason *ret_reason)
{
	struct cw_http_text length;
	if (!cw_http_head_known(head, CW_HTTP_FIELD_CONTENT_LENGTH, &length))
		return true;
	if (!cw_http_text_number(length, &head->length))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_LENGTH_FORM);
	head->framing = CW_HTTP_BY_LENGTH;
	return true;
}

static bool decide_request(struct cw_http_head *head, enum cw_http_reason *ret_reason)
{
	struct cw_http_text value;
	if (!cw_http_head_known(head, CW_HTTP_FIELD_HOST, &value))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_HOST_MISSING);
	if (!cw_http_host_parse(value, &head->host))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_HOST_FORM);
	if (cw_http_head_known(head, CW_HTTP_FIELD_EXPECT, &value)) {
		if (!cw_http_text_same_word(value, "100-continue"))
			return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_EXPECTATION);
		head->expects_continue = head->start.version_minor == 1 && head->framing != CW_HTTP_NO_BODY;
	}
	bool takes_body = cw_http_head_method_has_body(head->start.method);
	if (takes_body && head->framing == CW_HTTP_NO_BODY)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_LENGTH_MISSING);
	if (!takes_body && (head->framing == CW_HTTP_BY_CHUNKS || head->length))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_BODY_UNWANTED);
	if (!takes_body)
		head->framing = CW_HTTP_NO_BODY;
	return true;
}

/* Statuses that end with their head (RFC 9112 6.3): 304 may state the length that 200 would have had. */
static bool decide_response(struct cw_http_head *head, enum cw_http_reason *ret_reason)
{
	unsigned status = head->start.status;
	bool never = status < 200 || status == 204;
	if (status == 101)
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_UPGRADE);
	if (never && (head->framing == CW_HTTP_BY_CHUNKS || head->length))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_BODY_UNWANTED);
	if (never || status == 304 || head->asked == CW_HTTP_METHOD_HEAD)
		head->framing = CW_HTTP_NO_BODY;
	else if (head->framing == CW_HTTP_NO_BODY) {
		head->framing = CW_HTTP_BY_CLOSE;
		head->keep_alive = false;
	}
	return true;
}

bool cw_http_framing_decide(struct cw_http_head *head, enum cw_http_reason *ret_reason)
{
	if (has(head, CW_HTTP_FIELD_TRAILER))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_TRAILER);
	if (!decide_coding(head, ret_reason) || !decide_length(head, ret_reason) ||
		!decide_connection(head, ret_reason))
		return false;
	if (head->kind == CW_HTTP_REQUEST)
		return decide_request(head, ret_reason);
	return decide_response(head, ret_reason);
}
