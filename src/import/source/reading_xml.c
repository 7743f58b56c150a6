#include "import/source/reading.h"

#include "base/buffer.h"

#include <expat.h>
#include <string.h>
#include <strings.h>

/* Against a stack of elements without end; a dump is 8 deep. */
#define DEPTH_MAX 64
#define NAME_MAX_LENGTH 96
#define FIELDS_MAX 8

static void free_parser(XML_Parser parser)
{
	if (parser)
		XML_ParserFree(parser);
}
CW_DEFINE_AUTO(XML_Parser, free_parser)

/* A row of an AXL answer, put together until its element ends. */
struct row {
	size_t depth; /* of its element; 0: no row is open */
	char names[FIELDS_MAX][32];
	char values[FIELDS_MAX][256];
	size_t count;
};

struct parse {
	const struct cw_reading *read;
	XML_Parser parser;
	struct cw_error *error;
	bool failed;
	size_t depth;
	size_t marks[DEPTH_MAX]; /* length of the path above each element */
	bool leaf;		 /* no element ended since the last one began */
	struct cw_buffer path;
	struct cw_buffer text;
	struct row row;
	unsigned rows[3]; /* numbers given to rows, by kind */
};

static void fail(struct parse *parse)
{
	parse->failed = true;
	XML_StopParser(parse->parser, XML_FALSE);
}

static const char *local_name(const char *name)
{
	const char *colon = strrchr(name, ':');
	return colon ? colon + 1 : name;
}

static bool is_row(const char *name)
{
	return strcmp(name, "processNode") == 0 || strcmp(name, "phoneSecurityProfile") == 0 ||
		strcmp(name, "row") == 0;
}

/* The root's own name is no word of a setting. */
static void push(struct parse *parse, const char *name, const char **attributes)
{
	parse->marks[parse->depth - 1] = parse->path.length;
	if (parse->depth == 1)
		return;
	cw_buffer_printf(&parse->path, "%s%.*s", parse->path.length ? " " : "", NAME_MAX_LENGTH, name);
	for (size_t i = 0; attributes[i]; i += 2)
		if (strcmp(attributes[i], "item") == 0 &&
			strspn(attributes[i + 1], "0123456789") == strlen(attributes[i + 1]))
			cw_buffer_printf(&parse->path, ".%.9s", attributes[i + 1]);
}

static void XMLCALL on_start(void *context, const char *name, const char **attributes)
{
	struct parse *parse = context;
	if (parse->depth == DEPTH_MAX) {
		cw_error_set(parse->error, CW_E_LIMIT, "line %lu: more than %d elements deep",
			XML_GetCurrentLineNumber(parse->parser), DEPTH_MAX);
		fail(parse);
		return;
	}
	parse->depth++;
	push(parse, local_name(name), attributes);
	if (!parse->row.depth && is_row(local_name(name)))
		parse->row = (struct row){.depth = parse->depth};
	parse->text.length = 0;
	parse->leaf = true;
}

static void XMLCALL on_text(void *context, const char *text, int length)
{
	struct parse *parse = context;
	if (parse->text.length + (size_t)length <= CW_EVIDENCE_VALUE_MAX)
		cw_buffer_append(&parse->text, text, (size_t)length);
}

static bool add(struct parse *parse, enum cw_fact_key key, unsigned a, const char *value)
{
	struct cw_evidence_fact fact = {.source = parse->read->source,
		.line = XML_GetCurrentLineNumber(parse->parser),
		.key = key,
		.a = a};
	return cw_evidence_add_fact(parse->read->evidence, &fact, value, strlen(value), parse->error);
}

static const char *field(const struct row *row, const char *name)
{
	for (size_t i = 0; i < row->count; i++)
		if (strcasecmp(row->names[i], name) == 0)
			return row->values[i];
	return NULL;
}

static bool add_if(struct parse *parse, enum cw_fact_key key, unsigned a, const char *value)
{
	return !value || add(parse, key, a, value);
}

/* tknodeusage of the data dictionary: 0 publisher, 1 subscriber. */
static const char *usage_of(const struct row *row)
{
	const char *number = field(row, "tknodeusage");
	if (number)
		return strcmp(number, "0") == 0 ? "Publisher" : "Subscriber";
	return field(row, "nodeUsage");
}

static bool end_row(struct parse *parse)
{
	const struct row *row = &parse->row;
	const char *name = field(row, "name");
	const char *parameter = field(row, "paramname");
	if (parameter && strcasecmp(parameter, "ClusterSecurityMode") == 0)
		return add_if(parse, CW_FACT_SECURITY_MODE, 0, field(row, "paramvalue"));
	if (field(row, "model"))
		return add(parse, CW_FACT_PHONE_MODEL, 0, field(row, "model"));
	if (name && field(row, "deviceSecurityMode")) {
		unsigned number = ++parse->rows[0];
		return add(parse, CW_FACT_PROFILE, number, name) &&
			add_if(parse, CW_FACT_PROFILE_MODE, number, field(row, "deviceSecurityMode"));
	}
	if (name && usage_of(row)) {
		unsigned number = ++parse->rows[1];
		return add(parse, CW_FACT_VOICE_NODE, number, name) &&
			add_if(parse, CW_FACT_VOICE_USAGE, number, usage_of(row)) &&
			add_if(parse, CW_FACT_VOICE_ROLE, number, field(row, "processNodeRole"));
	}
	return true;
}

static void keep_field(struct row *row, const char *name, const char *value)
{
	if (row->count == FIELDS_MAX || strlen(name) >= sizeof row->names[0] ||
		strlen(value) >= sizeof row->values[0])
		return;
	strcpy(row->names[row->count], name);
	strcpy(row->values[row->count++], value);
}

static bool end_leaf(struct parse *parse, const char *name)
{
	const char *value = cw_buffer_string(&parse->text);
	size_t line = XML_GetCurrentLineNumber(parse->parser);
	if (!*value)
		return true;
	if (strstr(value, "{cipher}") || cw_fact_is_secret(name))
		return cw_evidence_drop(parse->read->evidence, parse->read->source, line,
			"password of a setting", parse->error);
	if (parse->row.depth && parse->depth == parse->row.depth + 1)
		keep_field(&parse->row, name, value);
	struct cw_evidence_fact fact = {.source = parse->read->source, .line = line};
	if (!cw_fact_find(cw_buffer_string(&parse->path), &fact.key, &fact.a, &fact.b))
		return true;
	return cw_evidence_add_fact(parse->read->evidence, &fact, value, strlen(value), parse->error);
}

static void trim(struct cw_buffer *text)
{
	size_t start = 0;
	while (start < text->length && strchr(" \t\r\n", text->data[start]))
		start++;
	while (text->length > start && strchr(" \t\r\n", text->data[text->length - 1]))
		text->length--;
	if (start)
		memmove(text->data, text->data + start, text->length - start);
	text->length -= start;
	if (text->data)
		text->data[text->length] = 0;
}

static void XMLCALL on_end(void *context, const char *name)
{
	struct parse *parse = context;
	trim(&parse->text);
	bool fine = !parse->leaf || end_leaf(parse, local_name(name));
	if (fine && parse->row.depth == parse->depth) {
		fine = end_row(parse);
		parse->row.depth = 0;
	}
	parse->leaf = false;
	parse->text.length = 0;
	parse->depth--;
	parse->path.length = parse->marks[parse->depth];
	if (parse->path.data)
		parse->path.data[parse->path.length] = 0;
	if (!fine)
		fail(parse);
	else if (parse->path.failed || parse->text.failed) {
		cw_error_memory(parse->error);
		fail(parse);
	}
}

/* Entities are declared in a document type; none of these documents has one. */
static void XMLCALL on_doctype(
	void *context, const char *name, const char *system, const char *public, int has_internal)
{
	struct parse *parse = context;
	(void)name, (void)system, (void)public, (void)has_internal;
	cw_error_set(parse->error, CW_E_FORMAT,
		"line %lu: a document type declaration; no box writes one, and entities are not read",
		XML_GetCurrentLineNumber(parse->parser));
	fail(parse);
}

static bool run(struct parse *parse)
{
	XML_SetUserData(parse->parser, parse);
	XML_SetElementHandler(parse->parser, on_start, on_end);
	XML_SetCharacterDataHandler(parse->parser, on_text);
	XML_SetStartDoctypeDeclHandler(parse->parser, on_doctype);
	if (XML_Parse(parse->parser, parse->read->data, (int)parse->read->length, XML_TRUE) !=
			XML_STATUS_OK &&
		!parse->failed)
		return cw_error_set(parse->error, CW_E_FORMAT, "line %lu: XML that cannot be read: %s",
			XML_GetCurrentLineNumber(parse->parser),
			XML_ErrorString(XML_GetErrorCode(parse->parser)));
	return !parse->failed;
}

bool cw_reading_xml(const struct cw_reading *read, struct cw_error *error)
{
	AUTO(free_parser) XML_Parser parser = XML_ParserCreate(NULL);
	if (!parser)
		return cw_error_memory(error);
	struct parse parse = {.read = read, .parser = parser, .error = error};
	bool done = run(&parse);
	cw_buffer_finish(&parse.path);
	cw_buffer_finish(&parse.text);
	return done;
}
