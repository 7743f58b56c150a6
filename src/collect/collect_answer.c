#include "collect/collect_answer.h"

#include "base/escape.h"
#include "import/fact.h"

#include <expat.h>
#include <jansson.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

CW_DEFINE_AUTO(json_t *, json_decref)
CW_DEFINE_AUTO(XML_Parser, XML_ParserFree)

/* Of what a server says about its refusal, in the report. */
#define SAID_MAX 200
/* As deep as answers are, and deeper than any that was seen: against a stack that runs over. */
#define JSON_DEPTH_MAX 64

static bool CW_PRINTF(4, 5) settle(struct cw_collect_result *ret, enum cw_collect_outcome outcome,
	struct cw_error *error, const char *format, ...)
{
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	if (!cw_buffer_ok(&text, error))
		return false;
	free(ret->why);
	ret->outcome = outcome;
	ret->why = text.length ? cw_buffer_steal(&text) : NULL;
	return true;
}

static bool contains(const struct cw_buffer *body, const char *text)
{
	return text && *text && memmem(cw_buffer_string(body), body->length, text, strlen(text));
}

/* A shorter one ("cisco") is a word of ordinary answers. */
#define PASSWORD_LOOKED_FOR 8

static bool holds_login(const struct cw_collect_answer *answer)
{
	const char *password = answer->login->password;
	return contains(answer->body, answer->token) ||
		(password && strlen(password) >= PASSWORD_LOOKED_FOR && contains(answer->body, password));
}

/* --- what is no answer --- */

static const struct {
	long status;
	enum cw_collect_outcome outcome;
	const char *why;
} statuses[] = {
	{401, CW_COLLECT_FAILED,
		"401: the account or its password was refused; it is not tried again, on no box"},
	{403, CW_COLLECT_FAILED,
		"403: the account may not ask this (Expressway: Users > Administrator accounts > API access; CUCM: the role "
		"of the application user)"},
	{404, CW_COLLECT_ABSENT, "404: this release has no such interface"},
	{405, CW_COLLECT_ABSENT, "405: this release has no such interface"},
	{410, CW_COLLECT_ABSENT, "410: this release has no such interface"},
	{429, CW_COLLECT_FAILED, "429: the box is asked too often; try again later"},
	{503, CW_COLLECT_FAILED, "503: the service is not running, or busy"},
};

/* "<faultstring>...": AXL says there what it did not like. */
static bool add_fault(const struct cw_buffer *body, struct cw_buffer *ret)
{
	static const char mark[] = "<faultstring>";
	const char *text = cw_buffer_string(body);
	const char *at = memmem(text, body->length, mark, sizeof mark - 1);
	if (!at)
		return false;
	at += sizeof mark - 1;
	size_t length = strcspn(at, "<\r\n");
	cw_buffer_text(ret, ": ");
	cw_escape(ret, at, length < SAID_MAX ? length : SAID_MAX, "");
	return true;
}

/* "Supported axl versions are 12.x, 14.0 and 15.0" on the page of a version that is refused. */
static bool add_page(const struct cw_buffer *body, struct cw_buffer *ret)
{
	const char *at = strcasestr(cw_buffer_string(body), "supported axl versions");
	if (!at)
		return false;
	size_t length = strcspn(at, "<\r\n");
	cw_buffer_text(ret, ": ");
	cw_escape(ret, at, length < SAID_MAX ? length : SAID_MAX, "");
	return true;
}

static bool refuse_status(
	const struct cw_collect_answer *answer, struct cw_collect_result *ret, struct cw_error *error)
{
	AUTO_BUFFER said = {0};
	if (answer->status == 404 && answer->request->account == CW_COLLECT_AXL)
		return settle(ret, CW_COLLECT_ABSENT, error, "404: AXL is not active on this node");
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
		if (statuses[i].status == answer->status)
			return settle(ret, statuses[i].outcome, error, "%s", statuses[i].why);
	if (answer->status == 599) {
		if (!add_page(answer->body, &said))
			add_fault(answer->body, &said);
		return settle(ret, CW_COLLECT_FAILED, error,
			"599: the box takes none of the AXL versions that were asked for%s",
			cw_buffer_string(&said));
	}
	if (answer->status >= 300 && answer->status < 400) {
		const char *where = answer->location ? answer->location : "nowhere";
		cw_escape(&said, where, strnlen(where, SAID_MAX), "");
		return settle(ret, CW_COLLECT_FAILED, error, "%ld: a redirect to %s, which is not followed",
			answer->status, cw_buffer_string(&said));
	}
	add_fault(answer->body, &said);
	return settle(ret, CW_COLLECT_FAILED, error, "the box answered %ld%s", answer->status,
		cw_buffer_string(&said));
}

/* A login page, where the interface is off or the path is another release's. */
static bool is_page(const struct cw_buffer *body)
{
	const char *text = cw_buffer_string(body);
	while (*text == ' ' || *text == '\r' || *text == '\n' || *text == '\t')
		text++;
	return strncasecmp(text, "<!doctype html", 14) == 0 || strncasecmp(text, "<html", 5) == 0;
}

/* --- secrets --- */

/* "{cipher}..." up to what ends a value, wherever it stands. */
static void mask_ciphers(struct cw_buffer *body)
{
	static const char mark[] = "{cipher}";
	char *at = body->length ? (char *)body->data : NULL;
	const char *end = at ? at + body->length : NULL;
	while (at && (at = memmem(at, (size_t)(end - at), mark, sizeof mark - 1)))
		while (at < end && !strchr("\"'<\r\n ", *at))
			*at++ = '*';
}

static bool is_secret_text(const char *name, const char *text)
{
	return (name && *text && cw_fact_is_secret(name)) || strstr(text, "PRIVATE KEY-----");
}

/* jansson bounds the depth that it reads, and `depth` what is walked. */
static void mask_json(json_t *value, const char *name, unsigned depth)
{
	const char *key;
	json_t *inner;
	size_t index;
	if (json_is_string(value) && is_secret_text(name, json_string_value(value)))
		json_string_set(value, CW_COLLECT_MASK);
	if (depth >= JSON_DEPTH_MAX)
		return;
	json_object_foreach(value, key, inner) mask_json(inner, key, depth + 1);
	json_array_foreach(value, index, inner) mask_json(inner, name, depth + 1);
}

static bool too_deep(const json_t *value, unsigned depth)
{
	const char *key;
	json_t *inner;
	size_t index;
	if (depth > JSON_DEPTH_MAX)
		return true;
	json_object_foreach((json_t *)value, key, inner) if (too_deep(inner, depth + 1)) return true;
	json_array_foreach((json_t *)value, index, inner) if (too_deep(inner, depth + 1)) return true;
	return false;
}

static int append(const char *text, size_t length, void *buffer)
{
	cw_buffer_append(buffer, text, length);
	return 0;
}

static void replace(struct cw_buffer *body, struct cw_buffer *by)
{
	cw_buffer_finish(body);
	*body = *by;
	*by = (struct cw_buffer){0};
}

/* A single answer does not repeat the question; import must know which service it is of, and on which node. */
static json_t *with_question(const struct cw_collect_answer *answer, json_t *root)
{
	const struct cw_collect_request *request = answer->request;
	const char *key = request->trust ? "certificates" : "certificate";
	if (!request->service)
		return json_incref(root);
	json_t *whole = json_pack("{s:s, s:s}", "service", request->service, "server", answer->host);
	json_t *certs = json_object_get(root, key);
	json_object_set(whole, key, certs ? certs : root);
	return whole;
}

static bool take_json(struct cw_collect_answer *answer, struct cw_collect_result *ret, struct cw_error *error)
{
	struct cw_buffer *body = answer->body;
	json_error_t trouble;
	AUTO_BUFFER text = {0};
	AUTO(json_decref)
	json_t *root = json_loadb(cw_buffer_string(body), body->length, JSON_DECODE_ANY, &trouble);
	if (!root)
		return settle(ret, CW_COLLECT_FAILED, error,
			"wanted JSON, found what breaks off or is none (line %d)", trouble.line);
	if (too_deep(root, 0))
		return settle(ret, CW_COLLECT_FAILED, error, "JSON more than %d deep", JSON_DEPTH_MAX);
	mask_json(root, NULL, 0);
	AUTO(json_decref) json_t *whole = with_question(answer, root);
	if (!whole || json_dump_callback(whole, append, &text, JSON_INDENT(1)) != 0)
		return settle(ret, CW_COLLECT_FAILED, error, "JSON that cannot be kept");
	cw_buffer_text(&text, "\n");
	bool empty = (json_is_array(root) || json_is_object(root)) && !json_array_size(root) &&
		!json_object_size(root);
	replace(body, &text);
	mask_ciphers(body);
	return settle(ret, empty ? CW_COLLECT_EMPTY : CW_COLLECT_HAD, error, "%s", "");
}

/* --- XML --- */

struct masking {
	XML_Parser parser;
	char *text;
	size_t secret; /* how deep inside an element whose content is a secret; 0: outside */
	bool refused;
};

/* "ns:password", "password" */
static const char *local_name(const char *name)
{
	const char *colon = strrchr(name, ':');
	return colon ? colon + 1 : name;
}

static void XMLCALL on_open(void *context, const XML_Char *name, const XML_Char **attributes)
{
	struct masking *masking = context;
	for (size_t i = 0; attributes[i]; i += 2)
		if (*attributes[i + 1] && cw_fact_is_secret(local_name(attributes[i])))
			masking->refused = true; /* an attribute cannot be found again in the text */
	if (masking->secret || cw_fact_is_secret(local_name(name)))
		masking->secret++;
}

static void XMLCALL on_close(void *context, const XML_Char *name)
{
	struct masking *masking = context;
	(void)name;
	if (masking->secret)
		masking->secret--;
}

static void XMLCALL on_text(void *context, const XML_Char *text, int length)
{
	struct masking *masking = context;
	XML_Index at = XML_GetCurrentByteIndex(masking->parser);
	int count = XML_GetCurrentByteCount(masking->parser);
	(void)text, (void)length;
	for (int i = 0; masking->secret && at >= 0 && i < count; i++)
		if (!strchr(" \t\r\n", masking->text[at + i]))
			masking->text[at + i] = '*';
}

static void XMLCALL on_document_type(
	void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
	struct masking *masking = context;
	(void)name, (void)system, (void)public, (void)internal;
	masking->refused = true; /* entities are no part of an answer, and grow without end */
	XML_StopParser(masking->parser, XML_FALSE);
}

static bool take_xml(struct cw_collect_answer *answer, struct cw_collect_result *ret, struct cw_error *error)
{
	struct cw_buffer *body = answer->body;
	AUTO_BUFFER parsed = {0};
	AUTO(XML_ParserFree) XML_Parser parser = XML_ParserCreate(NULL);
	/* what is read stays as it is; what is kept is overwritten */
	cw_buffer_append(&parsed, body->data, body->length);
	if (!parser || !cw_buffer_ok(&parsed, error))
		return cw_error_memory(error);
	struct masking masking = {.parser = parser, .text = (char *)body->data};
	XML_SetUserData(parser, &masking);
	XML_SetElementHandler(parser, on_open, on_close);
	XML_SetCharacterDataHandler(parser, on_text);
	XML_SetStartDoctypeDeclHandler(parser, on_document_type);
	bool good =
		XML_Parse(parser, cw_buffer_string(&parsed), (int)parsed.length, XML_TRUE) == XML_STATUS_OK;
	if (masking.refused)
		return settle(ret, CW_COLLECT_FAILED, error,
			"XML with a document type or a secret in an attribute");
	if (!good)
		return settle(ret, CW_COLLECT_FAILED, error,
			"wanted XML, found what breaks off or is none (line %lu)",
			XML_GetCurrentLineNumber(parser));
	mask_ciphers(body);
	return settle(ret, CW_COLLECT_HAD, error, "%s", "");
}

/* --- the rest --- */

static bool take_text(struct cw_collect_answer *answer, const char *wanted, const char *called,
	struct cw_collect_result *ret, struct cw_error *error)
{
	if (!contains(answer->body, wanted))
		return settle(ret, CW_COLLECT_FAILED, error, "wanted %s, found something else", called);
	if (contains(answer->body, "PRIVATE KEY-----"))
		return settle(
			ret, CW_COLLECT_FAILED, error, "the answer holds a private key, and is not kept");
	mask_ciphers(answer->body);
	return settle(ret, CW_COLLECT_HAD, error, "%s", "");
}

static bool take_body(struct cw_collect_answer *answer, struct cw_collect_result *ret, struct cw_error *error)
{
	switch (answer->request->body) {
	case CW_COLLECT_PEM:
		return take_text(answer, "-----BEGIN CERTIFICATE-----", "PEM certificates", ret, error);
	case CW_COLLECT_RAML:
		return take_text(answer, "#%RAML", "RAML", ret, error);
	case CW_COLLECT_JSON:
		return take_json(answer, ret, error);
	case CW_COLLECT_XML:
		return take_xml(answer, ret, error);
	case CW_COLLECT_FILE:
		break; /* kept as it came; import drops the secrets in it */
	}
	return settle(ret, CW_COLLECT_HAD, error, "%s", "");
}

bool cw_collect_answer_take(
	struct cw_collect_answer *answer, struct cw_collect_result *ret, struct cw_error *error)
{
	if (holds_login(answer))
		return settle(ret, CW_COLLECT_FAILED, error,
			"the answer holds the password that it was asked with, and is not kept");
	if (answer->status < 200 || answer->status > 299)
		return refuse_status(answer, ret, error);
	if (!answer->body->length)
		return settle(ret, CW_COLLECT_FAILED, error, "an empty answer");
	if (is_page(answer->body))
		return settle(ret, CW_COLLECT_FAILED, error,
			"a web page instead of the answer: the interface is off, or this is another server");
	return take_body(answer, ret, error);
}

bool cw_collect_answer_is_ready(const struct cw_collect_answer *answer)
{
	return contains(answer->body, "Ready to download");
}
