#include "cli/reference.h"

#include "cli/deployment_names.h"

#include <string.h>

/* For a description inside single quotes and brackets. */
static void quoted(struct cw_buffer *ret, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			cw_buffer_text(ret, "'\\''");
		else if (strchr("[]:\\", *text))
			cw_buffer_printf(ret, "\\%c", *text);
		else
			cw_buffer_char(ret, *text);
	}
}

static void values_or_files(struct cw_buffer *ret, const struct cw_buffer *values)
{
	ret->failed |= values->failed;
	if (values->length)
		cw_buffer_printf(ret, "(%s)", cw_buffer_string(values));
	else
		cw_buffer_text(ret, "_files");
}

static void option(struct cw_buffer *ret, const struct cw_option *option)
{
	AUTO_BUFFER values = {0};
	cw_reference_values(&values, option);
	cw_buffer_text(ret, " \\\n\t\t\t");
	if (option->repeated && option->letter)
		cw_buffer_printf(ret, "'*'{-%c,--%s}'[", option->letter, option->name);
	else if (option->repeated)
		cw_buffer_printf(ret, "'*--%s[", option->name);
	else if (option->letter)
		cw_buffer_printf(ret, "'(-%c --%s)'{-%c,--%s}'[", option->letter, option->name,
			option->letter, option->name);
	else
		cw_buffer_printf(ret, "'--%s[", option->name);
	quoted(ret, option->help);
	cw_buffer_text(ret, "]");
	if (option->value) {
		cw_buffer_text(ret, ":");
		quoted(ret, option->value);
		cw_buffer_text(ret, ":");
		const char *kind = cw_deployment_names_kind(option->name, option->value);
		if (kind && !values.length)
			cw_buffer_printf(ret, "_causeway_names %s", kind);
		else
			values_or_files(ret, &values);
	}
	cw_buffer_text(ret, "'");
}

static void verb(struct cw_buffer *ret, const struct cw_verb *verb)
{
	char text[CW_VERB_TEXT_SIZE];
	AUTO_BUFFER words = {0};
	cw_reference_words(&words, verb);
	cw_buffer_printf(ret, "\t'%s')\n\t\t_arguments '--help[show help]'", cw_verb_text(verb, text));
	for (const struct cw_option *at = verb->options; at && at->name; at++)
		option(ret, at);
	if (*verb->words) {
		cw_buffer_text(ret, " \\\n\t\t\t'*:");
		quoted(ret, verb->words);
		cw_buffer_text(ret, ":");
		const char *kind = cw_deployment_names_kind(NULL, verb->words);
		if (kind)
			cw_buffer_printf(ret, "_causeway_files_and %s", kind);
		else
			values_or_files(ret, &words);
		cw_buffer_text(ret, "'");
	}
	cw_buffer_text(ret, "\n\t\t;;\n");
}

/* 'name:summary' for each verb, or for each second word of a
 * group. A group has its second words as summary. */
static void described(struct cw_buffer *ret, const char *group)
{
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	for (size_t i = 0; i < count; i++) {
		if (group ? strcmp(verbs[i]->name, group) != 0 : !cw_reference_first(verbs[i]))
			continue;
		cw_buffer_printf(ret, " '%s:", group ? verbs[i]->sub : verbs[i]->name);
		if (!group && verbs[i]->sub)
			cw_buffer_printf(ret, "%s ...", verbs[i]->sub);
		else
			quoted(ret, verbs[i]->summary);
		cw_buffer_text(ret, "'");
	}
}

static void groups(struct cw_buffer *ret)
{
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	for (size_t i = 0; i < count; i++) {
		if (!verbs[i]->sub || !cw_reference_first(verbs[i]))
			continue;
		cw_buffer_printf(ret, "\t%s)\n\t\tif ((CURRENT == 3)); then\n\t\t\tverbs=(", verbs[i]->name);
		described(ret, verbs[i]->name);
		cw_buffer_text(ret,
			")\n\t\t\t_describe verb verbs\n\t\t\treturn\n\t\tfi\n"
			"\t\tverb+=\" $words[3]\"\n\t\tshift words\n\t\t((CURRENT--))\n\t\t;;\n");
	}
}

void cw_reference_zsh(struct cw_buffer *ret)
{
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	cw_buffer_text(ret,
		"#compdef causeway\n"
		"# zsh completion for causeway, made by \"causeway help --as zsh\".\n"
		"# Names of a kind, of the first deployment in the line.\n"
		"_causeway_names() {\n"
		"\tlocal word kind=${@[-1]}\n"
		"\tlocal -a names\n"
		"\tfor word in $words; do\n"
		"\t\tif [[ -f $word/deployment.yaml || ( -f $word && $word == *.yaml ) ]]; then\n"
		"\t\t\tnames=(${(f)\"$(causeway help --as $kind $word 2>/dev/null)\"})\n"
		"\t\t\tcompadd -a names\n"
		"\t\t\treturn\n"
		"\t\tfi\n"
		"\tdone\n"
		"}\n"
		"_causeway_files_and() {\n"
		"\t_causeway_names ${@[-1]}\n"
		"\t_files\n"
		"}\n"
		"_causeway() {\n"
		"\tlocal verb=$words[2]\n"
		"\tlocal -a verbs\n"
		"\tif ((CURRENT == 2)); then\n"
		"\t\tverbs=(");
	described(ret, NULL);
	cw_buffer_text(ret, ")\n\t\t_describe verb verbs\n\t\treturn\n\tfi\n\tcase $verb in\n");
	groups(ret);
	cw_buffer_text(ret, "\tesac\n\tshift words\n\t((CURRENT--))\n\tcase $verb in\n");
	for (size_t i = 0; i < count; i++)
		verb(ret, verbs[i]);
	cw_buffer_text(ret, "\tesac\n}\n_causeway \"$@\"\n");
}
