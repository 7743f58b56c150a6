#include "cli/help.h"

#include "report/text/layout.h"

#include <string.h>

/* Names in lists stand in a column of this width. */
#define NAME_WIDTH 14
#define OPTION_WIDTH 26

static const char opening[] =
	"causeway tells which box of a Mobile and Remote Access deployment refuses which\n"
	"certificate, why, and what to upload, move or re-issue, and where.\n"
	"\n"
	"First steps\n"
	"  causeway lab new demo --fault issuer-missing   a deployment to look at, with a fault\n"
	"  causeway check demo                            who is cut off, and what repairs it\n"
	"  causeway explain issuer-missing                what that means\n"
	"\n"
	"Then write a deployment.yaml that names the PEM files exported from your own boxes\n"
	"(demo/deployment.yaml is a pattern to copy) and check that.\n";

/* Each line of `text` with two spaces in front. */
static void indented(struct cw_buffer *buffer, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		if (length)
			cw_buffer_text(buffer, "  ");
		cw_buffer_append(buffer, text, length);
		cw_buffer_char(buffer, '\n');
		text += length + (text[length] == '\n');
	}
}

static void verb_line(struct cw_buffer *buffer, const struct cw_verb *verb)
{
	char text[CW_VERB_TEXT_SIZE];
	cw_buffer_printf(buffer, "  %-*s %s\n", NAME_WIDTH, cw_verb_text(verb, text), verb->summary);
}

void cw_help_overview(struct cw_buffer *buffer)
{
	cw_buffer_text(buffer, opening);
	cw_buffer_text(buffer, "\nVerbs\n");
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	for (size_t i = 0; i < count; i++)
		verb_line(buffer, verbs[i]);
	cw_buffer_text(buffer,
		"\ncauseway help VERB shows its options and a worked example.\n"
		"Exit status: 0 nothing is refused, 1 something is, 2 the question could not be asked.\n");
}

void cw_help_group(struct cw_buffer *buffer, const char *name)
{
	cw_buffer_printf(buffer, "usage: causeway %s VERB ...\n\n", name);
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	for (size_t i = 0; i < count; i++)
		if (verbs[i]->sub && strcmp(verbs[i]->name, name) == 0)
			verb_line(buffer, verbs[i]);
	cw_buffer_printf(buffer, "\ncauseway help %s VERB shows its options and a worked example.\n", name);
}

void cw_help_usage(struct cw_buffer *buffer, const struct cw_verb *verb)
{
	char text[CW_VERB_TEXT_SIZE];
	cw_buffer_printf(buffer, "usage: causeway %s", cw_verb_text(verb, text));
	if (verb->options)
		cw_buffer_text(buffer, " [OPTION]...");
	if (*verb->words)
		cw_buffer_printf(buffer, " %s", verb->words);
	cw_buffer_char(buffer, '\n');
}

static void option_line(struct cw_buffer *buffer, const struct cw_option *option)
{
	AUTO_BUFFER left = {0};
	if (option->letter)
		cw_buffer_printf(&left, "-%c, ", option->letter);
	cw_buffer_printf(&left, "--%s", option->name);
	if (option->value)
		cw_buffer_printf(&left, " %s", option->value);
	AUTO_BUFFER prefix = {0};
	AUTO_BUFFER help = {0};
	cw_buffer_printf(&help, "%s%s", option->help, option->repeated ? " (may be repeated)" : "");
	if (left.length > OPTION_WIDTH)
		cw_buffer_printf(buffer, "  %s\n", cw_buffer_string(&left));
	cw_buffer_printf(
		&prefix, "  %-*s ", OPTION_WIDTH, left.length > OPTION_WIDTH ? "" : cw_buffer_string(&left));
	cw_layout_wrap(buffer, cw_buffer_string(&prefix), OPTION_WIDTH + 3, cw_buffer_string(&help));
	buffer->failed |= left.failed || prefix.failed || help.failed;
}

void cw_help_verb(struct cw_buffer *buffer, const struct cw_verb *verb)
{
	char text[CW_VERB_TEXT_SIZE];
	cw_buffer_printf(buffer, "causeway %s: %s\n\n", cw_verb_text(verb, text), verb->summary);
	cw_help_usage(buffer, verb);
	cw_buffer_printf(buffer, "\n%s", verb->about);
	if (verb->options)
		cw_buffer_text(buffer, "\nOptions\n");
	for (const struct cw_option *option = verb->options; option && option->name; option++)
		option_line(buffer, option);
	cw_buffer_text(buffer, "\nExample\n");
	indented(buffer, verb->example);
}
