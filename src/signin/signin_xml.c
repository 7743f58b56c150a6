#include "signin/signin_xml.h"

#include <expat.h>
#include <limits.h>
#include <string.h>

struct reading {
	XML_Parser parser;
	struct cw_signin_xml *xml;
	struct cw_buffer path;
	size_t lengths[CW_SIGNIN_XML_DEPTH_MAX]; /* of the path before each open element */
	size_t depth;
	struct cw_buffer text; /* of the innermost element, since it or its last child began */
	const char *trouble;   /* fixed text */
	bool failed;
};

static void cut(struct cw_buffer *buffer, size_t length)
{
	buffer->length = length;
	if (buffer->data)
		buffer->data[length] = '\0';
}

void cw_signin_xml_finish(struct cw_signin_xml *xml)
{
	cw_strings_finish(&xml->paths);
	cw_strings_finish(&xml->texts);
}

static void stop(struct reading *reading, const char *trouble)
{
	if (!reading->trouble)
		reading->trouble = trouble;
	XML_StopParser(reading->parser, XML_FALSE);
}

static void add(struct reading *reading, const char *path, const char *text)
{
	if (reading->xml->paths.count >= CW_SIGNIN_XML_ITEMS_MAX) {
		stop(reading, "too many elements");
		return;
	}
	if (!cw_strings_add(&reading->xml->paths, path) || !cw_strings_add(&reading->xml->texts, text)) {
		reading->failed = true;
		stop(reading, "out of memory");
	}
}

static void on_start(void *context, const char *name, const char **attributes)
{
	struct reading *reading = context;
	if (reading->depth >= CW_SIGNIN_XML_DEPTH_MAX) {
		stop(reading, "elements in one another too deep");
		return;
	}
	reading->lengths[reading->depth++] = reading->path.length;
	if (reading->path.length)
		cw_buffer_char(&reading->path, '/');
	cw_buffer_text(&reading->path, name);
	for (size_t i = 0; attributes[i] && !reading->trouble; i += 2) {
		size_t length = reading->path.length;
		cw_buffer_char(&reading->path, '@');
		cw_buffer_text(&reading->path, attributes[i]);
		add(reading, cw_buffer_string(&reading->path), attributes[i + 1]);
		cut(&reading->path, length);
	}
	cut(&reading->text, 0);
}

static const char *trimmed(struct cw_buffer *text)
{
	size_t length = text->length;
	while (length && strchr(" \t\r\n", text->data[length - 1]))
		length--;
	cut(text, length);
	const char *whole = cw_buffer_string(text);
	return whole + strspn(whole, " \t\r\n");
}

static void on_end(void *context, const char *name)
{
	struct reading *reading = context;
	(void)name;
	const char *text = trimmed(&reading->text);
	if (reading->text.failed || reading->path.failed)
		reading->failed = true;
	else
		add(reading, cw_buffer_string(&reading->path), text);
	cut(&reading->path, reading->lengths[--reading->depth]);
	cut(&reading->text, 0);
}

static void on_text(void *context, const char *text, int length)
{
	struct reading *reading = context;
	if (reading->text.length + (size_t)length > CW_SIGNIN_XML_TEXT_MAX)
		stop(reading, "an element with too long a text");
	else
		cw_buffer_append(&reading->text, text, (size_t)length);
}

static void on_doctype(void *context, const char *name, const char *system, const char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	stop(context, "a document type, which may hold entities");
}

static bool finish(struct reading *reading, enum XML_Status status, struct cw_error *error)
{
	if (reading->failed)
		return cw_error_memory(error);
	if (status == XML_STATUS_OK)
		return true;
	const char *why =
		reading->trouble ? reading->trouble : XML_ErrorString(XML_GetErrorCode(reading->parser));
	return cw_error_set(error, CW_E_FORMAT, "line %lu: %s",
		(unsigned long)XML_GetCurrentLineNumber(reading->parser), why);
}

bool cw_signin_xml_read(const char *data, size_t length, struct cw_signin_xml *ret, struct cw_error *error)
{
	AUTO_SIGNIN_XML xml = {0};
	struct reading reading = {.parser = XML_ParserCreate(NULL), .xml = &xml};
	if (!reading.parser)
		return cw_error_memory(error);
	XML_SetUserData(reading.parser, &reading);
	XML_SetElementHandler(reading.parser, on_start, on_end);
	XML_SetCharacterDataHandler(reading.parser, on_text);
	XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);
	bool good = length <= INT_MAX ||
		cw_error_set(error, CW_E_LIMIT, "an answer of %zu bytes is not read", length);
	if (good)
		good = finish(&reading, XML_Parse(reading.parser, data, (int)length, XML_TRUE), error);
	XML_ParserFree(reading.parser);
	cw_buffer_finish(&reading.path);
	cw_buffer_finish(&reading.text);
	if (!good)
		return false;
	*ret = xml;
	xml = (struct cw_signin_xml){0};
	return true;
}

static bool ends_in(const char *whole, const char *end)
{
	size_t length = strlen(whole), tail = strlen(end);
	return length >= tail && strcmp(whole + length - tail, end) == 0 &&
		(length == tail || whole[length - tail - 1] == '/');
}

const char *cw_signin_xml_find(const struct cw_signin_xml *xml, const char *path, size_t nth)
{
	for (size_t i = 0; i < xml->paths.count; i++)
		if (ends_in(xml->paths.items[i], path) && nth-- == 0)
			return xml->texts.items[i];
	return NULL;
}
