#include "cli/reference.h"

#include "cli/deployment_names.h"

#include <string.h>

/* Inside single quotes. */
static void quoted(struct cw_buffer *ret, const char *text)
{
	cw_buffer_char(ret, '\'');
	for (; *text; text++) {
		if (strchr("'\\", *text))
			cw_buffer_char(ret, '\\');
		cw_buffer_char(ret, *text);
	}
	cw_buffer_char(ret, '\'');
}

/* "-n '__causeway_verb cert show'": holds where these are the words behind the program. */
static void begin(struct cw_buffer *ret, const char *condition, const char *words)
{
	cw_buffer_printf(ret, "complete -c causeway -n '%s%s%s'", condition, *words ? " " : "", words);
}

static void option(struct cw_buffer *ret, const struct cw_option *option, const char *verb)
{
	AUTO_BUFFER values = {0};
	const char *kind = cw_deployment_names_kind(option->name, option->value);
	cw_reference_values(&values, option);
	begin(ret, "__causeway_verb", verb);
	if (option->letter)
		cw_buffer_printf(ret, " -s %c", option->letter);
	cw_buffer_printf(ret, " -l %s -d ", option->name);
	quoted(ret, option->help);
	if (option->value && values.length)
		cw_buffer_printf(ret, " -x -a '%s'", cw_buffer_string(&values));
	else if (kind)
		cw_buffer_printf(ret, " -x -a '(__causeway_names %s)'", kind);
	else if (option->value)
		cw_buffer_text(ret, " -r -F");
	cw_buffer_char(ret, '\n');
	ret->failed |= values.failed;
}

static void verb(struct cw_buffer *ret, const struct cw_verb *verb)
{
	char text[CW_VERB_TEXT_SIZE];
	AUTO_BUFFER words = {0};
	cw_reference_words(&words, verb);
	cw_verb_text(verb, text);
	for (const struct cw_option *at = verb->options; at && at->name; at++)
		option(ret, at, text);
	const char *kind = cw_deployment_names_kind(NULL, verb->words);
	if (words.length || kind) {
		begin(ret, "__causeway_verb", text);
		if (words.length)
			cw_buffer_printf(ret, " -f -a '%s'\n", cw_buffer_string(&words));
		else
			cw_buffer_printf(ret, " -a '(__causeway_names %s)'\n", kind);
	} else if (!*verb->words) {
		begin(ret, "__causeway_verb", text);
		cw_buffer_text(ret, " -f\n");
	}
	ret->failed |= words.failed;
}

/* The first words of all verbs, and the second words of each group. */
static void names(struct cw_buffer *ret)
{
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	for (size_t i = 0; i < count; i++) {
		if (cw_reference_first(verbs[i])) {
			begin(ret, "__causeway_first", "");
			cw_buffer_printf(ret, " -f -a %s -d ", verbs[i]->name);
			quoted(ret, verbs[i]->sub ? "..." : verbs[i]->summary);
			cw_buffer_char(ret, '\n');
		}
		if (!verbs[i]->sub)
			continue;
		begin(ret, "__causeway_second", verbs[i]->name);
		cw_buffer_printf(ret, " -f -a %s -d ", verbs[i]->sub);
		quoted(ret, verbs[i]->summary);
		cw_buffer_char(ret, '\n');
	}
}

void cw_reference_fish(struct cw_buffer *ret)
{
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	cw_buffer_text(ret,
		"# fish completion for causeway, made by \"causeway help --as fish\".\n"
		"function __causeway_first\n"
		"\ttest (count (commandline -opc)) -eq 1\n"
		"end\n"
		"function __causeway_second\n"
		"\tset -l words (commandline -opc)\n"
		"\ttest (count $words) -eq 2; and test $words[2] = $argv[1]\n"
		"end\n"
		"function __causeway_verb\n"
		"\tset -l words (commandline -opc)\n"
		"\tset -l last (math (count $argv) + 1)\n"
		"\ttest (count $words) -ge $last; and test \"$words[2..$last]\" = \"$argv\"\n"
		"end\n"
		"# Names of a kind, of the first deployment in the line.\n"
		"function __causeway_names\n"
		"\tfor word in (commandline -opc)\n"
		"\t\tif test -f $word/deployment.yaml; or string match -q '*.yaml' -- $word\n"
		"\t\t\tcauseway help --as $argv[1] $word 2>/dev/null\n"
		"\t\t\treturn\n"
		"\t\tend\n"
		"\tend\n"
		"end\n");
	names(ret);
	for (size_t i = 0; i < count; i++)
		verb(ret, verbs[i]);
}
