#include "node/edge/edge_uds.h"

#include "http/http_host.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>

/* Against a stack of elements without end; the answer is 2 deep. */
#define DEPTH_MAX 16

static void free_parser(XML_Parser parser)
{
	if (parser)
		XML_ParserFree(parser);
}
CW_DEFINE_AUTO(XML_Parser, free_parser)

struct parse {
	XML_Parser parser;
	size_t depth;
	bool is_answer, in_home, failed;
	size_t home_length;
	struct cw_edge_uds_user found;
};

/* --- targets --- */

/* Unreserved bytes stand as they are (RFC 3986 2.3). */
static void put_encoded(struct cw_buffer *ret, struct cw_http_text text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	for (size_t i = 0; i < text.length; i++) {
		if (memchr(plain, text.at[i], sizeof plain - 1))
			cw_buffer_char(ret, text.at[i]);
		else
			cw_buffer_printf(ret, "%%%02X", (unsigned)(unsigned char)text.at[i]);
	}
}

void cw_edge_uds_target_user(struct cw_http_text user, struct cw_buffer *ret)
{
	bool mail = cw_http_text_find(user, '@') < user.length;
	cw_buffer_printf(ret, "/cucm-uds/clusterUser?%s=", mail ? "email" : "username");
	put_encoded(ret, user);
}

void cw_edge_uds_target_devices(struct cw_http_text user, struct cw_buffer *ret)
{
	cw_buffer_text(ret, "/cucm-uds/user/");
	put_encoded(ret, user);
	cw_buffer_text(ret, "/devices");
}

/* --- answers --- */

static void fail(struct parse *parse)
{
	parse->failed = true;
	XML_StopParser(parse->parser, XML_FALSE);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte at `*at`, a percent sign decoded. */
static int next_byte(const char **at)
{
	int high = **at == '%' ? digit((*at)[1]) : -1;
	int low = high >= 0 ? digit((*at)[2]) : -1;
	if (low < 0)
		return (unsigned char)*(*at)++;
	*at += 3;
	return high << 4 | low;
}

/* ".../cucm-uds/user/ANNA" */
static void take_user(struct parse *parse, const char *uri)
{
	static const char before[] = "/cucm-uds/user/";
	const char *at = strstr(uri, before);
	size_t length = 0;
	char *to = parse->found.user;
	if (!at)
		return;
	at += sizeof before - 1;
	while (*at && *at != '/' && *at != '?') { /* ends: a byte further each time */
		int byte = next_byte(&at);
		if (byte < ' ' || byte == 0x7f || length + 1 >= sizeof parse->found.user) {
			to[0] = '\0';
			return;
		}
		to[length++] = (char)byte;
	}
	to[length] = '\0';
}

static void XMLCALL on_start(void *context, const char *name, const char **attributes)
{
	struct parse *parse = context;
	if (parse->depth++ == DEPTH_MAX) {
		fail(parse);
		return;
	}
	if (parse->depth == 1)
		parse->is_answer = strcmp(name, "clusterUser") == 0;
	parse->in_home = parse->depth == 2 && strcmp(name, "homeCluster") == 0;
	if (parse->depth != 2 || strcmp(name, "result") != 0)
		return;
	for (size_t i = 0; attributes[i]; i += 2) {
		if (strcmp(attributes[i], "found") == 0)
			parse->found.found = strcmp(attributes[i + 1], "true") == 0;
		else if (strcmp(attributes[i], "uri") == 0)
			take_user(parse, attributes[i + 1]);
	}
}

static void XMLCALL on_text(void *context, const char *text, int length)
{
	struct parse *parse = context;
	if (!parse->in_home)
		return;
	if (parse->home_length + (size_t)length >= sizeof parse->found.home) {
		fail(parse);
		return;
	}
	memcpy(parse->found.home + parse->home_length, text, (size_t)length);
	parse->home_length += (size_t)length;
}

static void XMLCALL on_end(void *context, const char *name)
{
	struct parse *parse = context;
	(void)name;
	parse->depth--;
	parse->in_home = false;
}

/* Entities are declared in a document type; no answer has one. */
static void XMLCALL on_doctype(
	void *context, const char *name, const char *system, const char *public, int has_internal)
{
	(void)name, (void)system, (void)public, (void)has_internal;
	fail(context);
}

static struct cw_http_text without_white(struct cw_http_text text)
{
	static const char white[] = " \t\r\n";
	while (text.length && strchr(white, text.at[0]))
		text = cw_http_text_part(text, 1, CW_HTTP_REST);
	while (text.length && strchr(white, text.at[text.length - 1]))
		text.length--;
	return text;
}

bool cw_edge_uds_read_user(const char *data, size_t length, struct cw_edge_uds_user *ret)
{
	AUTO(free_parser) XML_Parser parser = XML_ParserCreate(NULL);
	struct parse parse = {.parser = parser};
	if (!parser || length > CW_EDGE_UDS_ANSWER_MAX)
		return false;
	XML_SetUserData(parser, &parse);
	XML_SetElementHandler(parser, on_start, on_end);
	XML_SetCharacterDataHandler(parser, on_text);
	XML_SetStartDoctypeDeclHandler(parser, on_doctype);
	if (XML_Parse(parser, data, (int)length, XML_TRUE) != XML_STATUS_OK || parse.failed ||
		!parse.is_answer)
		return false;
	struct cw_http_text home = without_white(cw_http_text(parse.found.home));
	if (home.length && !cw_http_host_is_name(home))
		return false;
	*ret = parse.found;
	if (home.length)
		memmove(ret->home, parse.found.home + (home.at - parse.found.home), home.length);
	ret->home[home.length] = '\0';
	return true;
}
