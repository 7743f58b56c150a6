#include "cli/reference.h"

#include <string.h>

/* A line of text for roff: a backslash is itself, a dash is the
 * one that is typed, and no line is a request. */
static void line(struct cw_buffer *ret, const char *text, size_t length)
{
	if (length && (*text == '.' || *text == '\''))
		cw_buffer_text(ret, "\\&");
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\\')
			cw_buffer_text(ret, "\\e");
		else if (text[i] == '-')
			cw_buffer_text(ret, "\\-");
		else
			cw_buffer_char(ret, text[i]);
	}
	cw_buffer_char(ret, '\n');
}

/* Lines; an empty one begins a paragraph, or stays empty in an example. */
static void lines(struct cw_buffer *ret, const char *text, const char *empty)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		if (length)
			line(ret, text, length);
		else
			cw_buffer_text(ret, empty);
		text += length + (text[length] == '\n');
	}
}

static void option(struct cw_buffer *ret, const struct cw_option *option)
{
	cw_buffer_text(ret, ".TP\n");
	if (option->letter)
		cw_buffer_printf(ret, "\\fB\\-%c\\fR, ", option->letter);
	cw_buffer_printf(ret, "\\fB\\-\\-");
	for (const char *at = option->name; *at; at++)
		cw_buffer_printf(ret, *at == '-' ? "\\-" : "%c", *at);
	cw_buffer_text(ret, "\\fR");
	if (option->value)
		cw_buffer_printf(ret, " \\fI%s\\fR", option->value);
	cw_buffer_char(ret, '\n');
	line(ret, option->help, strlen(option->help));
	if (option->repeated)
		cw_buffer_text(ret, "May be repeated.\n");
}

static void verb(struct cw_buffer *ret, const struct cw_verb *verb)
{
	char text[CW_VERB_TEXT_SIZE];
	cw_buffer_printf(ret, ".SS %s\n", cw_verb_text(verb, text));
	line(ret, verb->summary, strlen(verb->summary));
	cw_buffer_printf(ret, ".PP\n\\fBcauseway %s\\fR", cw_verb_text(verb, text));
	if (verb->options)
		cw_buffer_text(ret, " [\\fIOPTION\\fR]...");
	cw_buffer_printf(ret, "%s%s\n.PP\n", *verb->words ? " " : "", verb->words);
	lines(ret, verb->about, ".PP\n");
	for (const struct cw_option *at = verb->options; at && at->name; at++)
		option(ret, at);
	if (!*verb->example)
		return;
	cw_buffer_text(ret, ".PP\n.nf\n.RS 4\n");
	lines(ret, verb->example, "\n");
	cw_buffer_text(ret, ".RE\n.fi\n");
}

void cw_reference_man(struct cw_buffer *ret)
{
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	cw_buffer_text(ret,
		".TH CAUSEWAY 1 2026-11-20 \"causeway " CW_VERSION "\" \"User Commands\"\n"
		".SH NAME\n"
		"causeway \\- certificates and trust of a Mobile and Remote Access deployment\n"
		".SH SYNOPSIS\n"
		"\\fBcauseway\\fR \\fIVERB\\fR [\\fIOPTION\\fR]... [\\fIWORD\\fR]...\n"
		".SH DESCRIPTION\n"
		"Tells which box of a Mobile and Remote Access deployment refuses which certificate, why, and\n"
		"what to upload, move or re\\-issue, and where.\n"
		".PP\n"
		"Long options are written whole. Options and words may be mixed, and \\fB\\-\\-\\fR ends the\n"
		"options. \\fB\\-\\fR as a file is standard input or output.\n"
		".SH VERBS\n");
	for (size_t i = 0; i < count; i++)
		verb(ret, verbs[i]);
	cw_buffer_text(ret,
		".SH EXIT STATUS\n"
		".TP\n0\nNothing is refused.\n"
		".TP\n1\nSomething is refused.\n"
		".TP\n2\nThe question could not be asked.\n"
		".TP\n3\nA prediction and what really happened differ.\n"
		".SH ENVIRONMENT\n"
		".TP\n\\fBNO_COLOR\\fR\nNo colour, also on a terminal.\n"
		".TP\n\\fBSSL_CERT_FILE\\fR\nThe system's trust list, in place of OpenSSL's.\n");
}
