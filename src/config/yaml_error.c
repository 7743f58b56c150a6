#include "config/yaml_error.h"

#include <ctype.h>
#include <string.h>

/* Where to point: at the place where libyaml gave up, or at the beginning of what it could not finish. */
enum pointing { AT_PROBLEM, AT_CONTEXT, AT_BOTH };

struct row {
	const char *problem; /* libyaml 0.2's words */
	const char *context; /* or NULL: any */
	enum pointing pointing;
	const char *words;
};

/* libyaml 0.2.5, scanner.c and parser.c; the first row that fits counts. */
static const struct row rows[] = {
	{"mapping values are not allowed in this context", NULL, AT_PROBLEM,
		"a key may not stand here: its line is indented too far, or the \":\" of the line above has "
		"no space "
		"after it, or a value holds \": \" and needs quotes"},
	{"block sequence entries are not allowed in this context", NULL, AT_PROBLEM,
		"a list item (\"- \") may not stand here: it belongs on a line of its own"},
	{"mapping keys are not allowed in this context", NULL, AT_PROBLEM,
		"\"? \" may not stand here; where a value begins with it, put the value in quotes"},
	{"could not find expected ':'", NULL, AT_CONTEXT,
		"wanted \"key: value\", found no \":\" (with a space after it)"},
	{"found unexpected end of stream", "while scanning a quoted scalar", AT_CONTEXT,
		"this quote is never closed"},
	{"found unexpected document indicator", NULL, AT_CONTEXT,
		"this quote is not closed before \"---\" or \"...\""},
	{"found unknown escape character", NULL, AT_PROBLEM,
		"\"\\\" and this character mean nothing inside double quotes; put a path with \"\\\" in "
		"single quotes"},
	{"did not find expected hexdecimal number", NULL, AT_PROBLEM,
		"wanted hexadecimal digits after \"\\x\", \"\\u\" or \"\\U\"; put a path with \"\\\" in "
		"single quotes"},
	{"found invalid Unicode character escape code", NULL, AT_PROBLEM,
		"no Unicode character has this number"},
	{"did not find expected ',' or ']'", NULL, AT_BOTH, "wanted \",\" or \"]\" in this list"},
	{"did not find expected ',' or '}'", NULL, AT_BOTH, "wanted \",\" or \"}\" in this map"},
	{"did not find expected '-' indicator", NULL, AT_BOTH,
		"wanted the next \"- \" of a list: this line is not indented as the list is"},
	{"did not find expected key", NULL, AT_BOTH,
		"wanted the next key of a map: this line is not indented as its keys are, or a quote or "
		"bracket "
		"before it is wrong"},
	{"did not find expected node content", NULL, AT_PROBLEM,
		"wanted a value, found \",\", \"]\" or \"}\""},
	{"did not find expected <document start>", NULL, AT_PROBLEM,
		"wanted the end of the file: this line is not indented as the keys above are"},
	{"found a tab character where an indentation space is expected", NULL, AT_PROBLEM,
		"a tab where spaces are wanted: YAML is indented with spaces"},
	{"found a tab character that violates indentation", NULL, AT_PROBLEM,
		"a tab where spaces are wanted: YAML is indented with spaces"},
	{"did not find expected alphabetic or numeric character", "while scanning an alias", AT_CONTEXT,
		"a value that begins with \"*\" must stand in quotes"},
	{"did not find expected alphabetic or numeric character", "while scanning an anchor", AT_CONTEXT,
		"a value that begins with \"&\" must stand in quotes"},
	{"found undefined tag handle", NULL, AT_PROBLEM,
		"a value that begins with \"!\" must stand in quotes"},
	{"did not find expected whitespace or line break", "while scanning a tag", AT_CONTEXT,
		"a value that begins with \"!\" must stand in quotes"},
	{"did not find expected tag URI", NULL, AT_CONTEXT,
		"a value that begins with \"!\" must stand in quotes"},
	{"found duplicate %YAML directive", NULL, AT_PROBLEM, "a second %YAML line"},
	{"found incompatible YAML document", NULL, AT_PROBLEM, "wanted %YAML 1.1 or 1.2, or no such line"},
};

static const struct row *find_row(const yaml_parser_t *parser)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].problem, parser->problem) == 0 &&
			(!rows[i].context ||
				(parser->context && strcmp(rows[i].context, parser->context) == 0)))
			return &rows[i];
	return NULL;
}

/* The bytes of a line (from 0), without its end. */
static const char *line_of(const char *data, size_t length, size_t line, size_t *ret_length)
{
	const char *end = data + length;
	while (line && data < end) { /* ends: one byte a turn */
		bool pair = data[0] == '\r' && data + 1 < end && data[1] == '\n';
		line -= data[0] == '\n' || (data[0] == '\r' && !pair);
		data++;
	}
	const char *stop = data;
	while (stop < end && *stop != '\n' && *stop != '\r')
		stop++;
	*ret_length = (size_t)(stop - data);
	return data;
}

/* The classic: a line that is indented with tabs. libyaml stumbles over it in a dozen ways. */
static bool report_tab(const char *data, size_t length, size_t line, struct cw_problems *problems)
{
	size_t size;
	const char *text = line_of(data, length, line, &size);
	for (size_t i = 0; i < size && (text[i] == ' ' || text[i] == '\t'); i++) {
		if (text[i] != '\t')
			continue;
		cw_problem_at(problems, line + 1, i + 1,
			"a tab indents this line; wanted spaces: YAML is indented with spaces only");
		return true;
	}
	return false;
}

/* "%foo: bar", "@home", "`x`": no value may begin with these. */
static void report_character(
	const yaml_parser_t *parser, const char *data, size_t length, struct cw_problems *problems)
{
	size_t size;
	const char *text = line_of(data, length, parser->problem_mark.line, &size);
	size_t column = 0;
	/* ends: one byte a turn */
	while (size && column < parser->problem_mark.column) {
		text++;
		size--;
		column += !size || (*text & 0xc0) != 0x80;
	}
	cw_problem_at(problems, parser->problem_mark.line + 1, parser->problem_mark.column + 1,
		"a value that begins with \"%.*s\" must stand in quotes",
		size && isgraph((unsigned char)*text) ? 1 : 0, text);
}

static void report_grammar(
	const yaml_parser_t *parser, const char *data, size_t length, struct cw_problems *problems)
{
	size_t context_line = parser->context ? parser->context_mark.line : parser->problem_mark.line;
	if (report_tab(data, length, parser->problem_mark.line, problems) ||
		report_tab(data, length, context_line, problems))
		return;
	if (strcmp(parser->problem, "found character that cannot start any token") == 0) {
		report_character(parser, data, length, problems);
		return;
	}
	const struct row *row = find_row(parser);
	const yaml_mark_t *problem = &parser->problem_mark, *context = &parser->context_mark;
	if (!row)
		cw_problem_at(problems, problem->line + 1, problem->column + 1, "this is no YAML: %s %s",
			parser->problem, parser->context ? parser->context : "");
	else if (row->pointing == AT_PROBLEM || !parser->context)
		cw_problem_at(problems, problem->line + 1, problem->column + 1, "%s", row->words);
	else if (row->pointing == AT_CONTEXT)
		cw_problem_at(problems, context->line + 1, context->column + 1, "%s", row->words);
	else
		cw_problem_at(problems, problem->line + 1, problem->column + 1, "%s; it begins at %zu:%zu",
			row->words, context->line + 1, context->column + 1);
}

/* A byte that is no text: libyaml counts bytes here, people count lines. */
static void report_byte(
	const yaml_parser_t *parser, const char *data, size_t length, struct cw_problems *problems)
{
	size_t offset = parser->problem_offset < length ? parser->problem_offset : length;
	size_t line = 1, column = 1;
	for (size_t i = 0; i < offset; i++) {
		if (data[i] == '\n') {
			line++;
			column = 1;
		} else if ((data[i] & 0xc0) != 0x80) {
			column++;
		}
	}
	unsigned byte = offset < length ? (unsigned char)data[offset] : 0;
	if (byte >= 0x80)
		cw_problem_at(problems, line, column,
			"byte 0x%02x is not UTF-8; wanted a YAML file, saved as UTF-8", byte);
	else
		cw_problem_at(problems, line, column,
			"byte 0x%02x is no text; wanted a YAML file, saved as UTF-8", byte);
}

void cw_yaml_error_report(
	const yaml_parser_t *parser, const char *data, size_t length, struct cw_problems *problems)
{
	if (parser->error == YAML_MEMORY_ERROR || !parser->problem)
		problems->no_memory = true;
	else if (parser->error == YAML_READER_ERROR)
		report_byte(parser, data, length, problems);
	else
		report_grammar(parser, data, length, problems);
}

bool cw_yaml_error_is_text(const char *data, size_t length, struct cw_problems *problems)
{
	if (length < 2)
		return true;
	bool marked = memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0;
	bool every_other_is_nul = (data[0] && !data[1]) || (!data[0] && data[1]);
	if (!marked && !every_other_is_nul)
		return true;
	cw_problem_at(problems, 1, 1, "the file is UTF-16 text; wanted a YAML file, saved as UTF-8");
	return false;
}
