#include "cli/reference.h"

#include <string.h>

void cw_reference_roff(struct cw_buffer *ret, const char *text, size_t length)
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

void cw_reference_roff_lines(struct cw_buffer *ret, const char *text, const char *empty)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		if (length)
			cw_reference_roff(ret, text, length);
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
	cw_reference_roff(ret, option->help, strlen(option->help));
	if (option->repeated)
		cw_buffer_text(ret, "May be repeated.\n");
}

static void synopsis(struct cw_buffer *ret, const struct cw_verb *verb)
{
	char text[CW_VERB_TEXT_SIZE];
	cw_buffer_printf(ret, "\\fBcauseway %s\\fR", cw_verb_text(verb, text));
	if (verb->options)
		cw_buffer_text(ret, " [\\fIOPTION\\fR]...");
	cw_buffer_printf(ret, "%s%s\n", *verb->words ? " " : "", verb->words);
}

static void options_of(struct cw_buffer *ret, const struct cw_verb *verb)
{
	for (const struct cw_option *at = verb->options; at && at->name; at++)
		option(ret, at);
}

static void example(struct cw_buffer *ret, const struct cw_verb *verb)
{
	cw_buffer_text(ret, ".nf\n.RS 4\n");
	cw_reference_roff_lines(ret, verb->example, "\n");
	cw_buffer_text(ret, ".RE\n.fi\n");
}

static void verb(struct cw_buffer *ret, const struct cw_verb *verb)
{
	char text[CW_VERB_TEXT_SIZE];
	cw_buffer_printf(ret, ".SS %s\n", cw_verb_text(verb, text));
	cw_reference_roff(ret, verb->summary, strlen(verb->summary));
	cw_buffer_text(ret, ".PP\n");
	synopsis(ret, verb);
	cw_buffer_text(ret, ".PP\n");
	cw_reference_roff_lines(ret, verb->about, ".PP\n");
	options_of(ret, verb);
	if (!*verb->example)
		return;
	cw_buffer_text(ret, ".PP\n");
	example(ret, verb);
}

static const char exit_status[] = ".SH EXIT STATUS\n"
				  ".TP\n0\nNothing is refused.\n"
				  ".TP\n1\nSomething is refused.\n"
				  ".TP\n2\nThe question could not be asked.\n"
				  ".TP\n3\nA prediction and what really happened differ.\n";

void cw_reference_page(struct cw_buffer *ret, const char *verb)
{
	size_t length = strlen(verb);
	cw_buffer_text(ret, "causeway\\-");
	for (size_t i = 0; i < length; i++)
		cw_buffer_text(ret, verb[i] == ' ' || verb[i] == '-' ? "\\-" : (char[]){verb[i], '\0'});
}

void cw_reference_man_verb(struct cw_buffer *ret, const struct cw_verb *verb)
{
	char text[CW_VERB_TEXT_SIZE];
	AUTO_BUFFER page = {0};
	cw_reference_page(&page, cw_verb_text(verb, text));
	const char *name = cw_buffer_string(&page);
	cw_buffer_printf(ret, ".TH %s 1 2026-11-20 \"causeway " CW_VERSION "\" \"User Commands\"\n", name);
	cw_buffer_printf(ret, ".SH NAME\n%s \\- ", name);
	cw_reference_roff(ret, verb->summary, strlen(verb->summary));
	cw_buffer_text(ret, ".SH SYNOPSIS\n");
	synopsis(ret, verb);
	cw_buffer_text(ret, ".SH DESCRIPTION\n");
	cw_reference_roff_lines(ret, verb->about, ".PP\n");
	if (verb->options)
		cw_buffer_text(ret, ".SH OPTIONS\n");
	options_of(ret, verb);
	cw_buffer_text(ret, exit_status);
	cw_buffer_text(ret, ".SH EXAMPLES\n");
	example(ret, verb);
	cw_buffer_text(ret, ".SH SEE ALSO\n.BR causeway (1),\n.BR causeway\\-deployment (5)\n");
	ret->failed |= page.failed;
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
	cw_buffer_text(ret, exit_status);
	cw_buffer_text(ret,
		".SH ENVIRONMENT\n"
		".TP\n\\fBNO_COLOR\\fR\nNo colour, also on a terminal.\n"
		".TP\n\\fBSSL_CERT_FILE\\fR\nThe system's trust list, in place of OpenSSL's.\n"
		".SH SEE ALSO\n.BR causeway\\-deployment (5)\n");
}
