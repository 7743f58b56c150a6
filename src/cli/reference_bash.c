#include "cli/reference.h"

#include "cli/deployment_names.h"

#include <string.h>

/* One line of a case: what may follow this option. */
static void option_values(struct cw_buffer *ret, const struct cw_option *option)
{
	AUTO_BUFFER values = {0};
	if (!option->value)
		return;
	cw_reference_values(&values, option);
	ret->failed |= values.failed;
	cw_buffer_text(ret, "\t\t");
	if (option->letter)
		cw_buffer_printf(ret, "-%c | ", option->letter);
	const char *kind = cw_deployment_names_kind(option->name, option->value);
	if (kind && !values.length)
		cw_buffer_printf(ret, "--%s) values=$(_causeway_names %s); files= ;;\n", option->name, kind);
	else
		cw_buffer_printf(ret, "--%s) values=\"%s\"; files=%s ;;\n", option->name,
			cw_buffer_string(&values), values.length ? "" : "yes");
}

static void verb(struct cw_buffer *ret, const struct cw_verb *verb)
{
	char text[CW_VERB_TEXT_SIZE];
	AUTO_BUFFER words = {0};
	cw_reference_words(&words, verb);
	ret->failed |= words.failed;
	cw_buffer_printf(ret, "\t\"%s\")\n\t\toptions=\"", cw_verb_text(verb, text));
	for (const struct cw_option *option = verb->options; option && option->name; option++)
		cw_buffer_printf(ret, "--%s ", option->name);
	const char *kind = cw_deployment_names_kind(NULL, verb->words);
	cw_buffer_printf(ret, "--help\"\n\t\tvalues=\"%s", cw_buffer_string(&words));
	if (kind)
		cw_buffer_printf(ret, "$(_causeway_names %s)", kind);
	cw_buffer_printf(
		ret, "\"; files=%s\n\t\tcase $before in\n", words.length || !*verb->words ? "" : "yes");
	for (const struct cw_option *option = verb->options; option && option->name; option++)
		option_values(ret, option);
	cw_buffer_text(ret, "\t\tesac\n\t\t;;\n");
}

/* The second words of a group, or the first words of all verbs (`group` NULL), each once. */
static void names(struct cw_buffer *ret, const char *group)
{
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	const char *before = "";
	for (size_t i = 0; i < count; i++) {
		if (group ? strcmp(group, verbs[i]->name) != 0 : !cw_reference_first(verbs[i]))
			continue;
		cw_buffer_printf(ret, "%s%s", before, group ? verbs[i]->sub : verbs[i]->name);
		before = " ";
	}
}

static void groups(struct cw_buffer *ret)
{
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	for (size_t i = 0; i < count; i++) {
		if (!verbs[i]->sub || !cw_reference_first(verbs[i]))
			continue;
		cw_buffer_printf(ret,
			"\t%s)\n\t\tif ((COMP_CWORD == 2)); then\n\t\t\tCOMPREPLY=($(compgen -W \"",
			verbs[i]->name);
		names(ret, verbs[i]->name);
		cw_buffer_text(ret,
			"\" -- \"$now\"))\n\t\t\treturn\n\t\tfi\n\t\tverb+=\" ${COMP_WORDS[2]}\"\n\t\t;;\n");
	}
}

void cw_reference_bash(struct cw_buffer *ret)
{
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	cw_buffer_text(ret,
		"# bash completion for causeway, made by \"causeway help --as bash\".\n"
		"# Names of a kind, of the first deployment in the line.\n"
		"_causeway_names() {\n"
		"\tlocal word\n"
		"\tfor word in \"${COMP_WORDS[@]:2}\"; do\n"
		"\t\tif [[ -f $word/deployment.yaml || ( -f $word && $word == *.yaml ) ]]; then\n"
		"\t\t\tcauseway help --as \"$1\" \"$word\" 2>/dev/null\n"
		"\t\t\treturn\n"
		"\t\tfi\n"
		"\tdone\n"
		"}\n"
		"_causeway() {\n"
		"\tlocal now=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
		"\tlocal verb=${COMP_WORDS[1]} options= values= files= left=\n"
		"\t# readline takes a word apart at a colon: NODE:STORE is put together again\n"
		"\tif [[ $now == : && COMP_CWORD -gt 2 ]]; then\n"
		"\t\tleft=$before: now= before=${COMP_WORDS[COMP_CWORD - 2]}\n"
		"\telif [[ $before == : && COMP_CWORD -gt 3 ]]; then\n"
		"\t\tleft=${COMP_WORDS[COMP_CWORD - 2]}: before=${COMP_WORDS[COMP_CWORD - 3]}\n"
		"\tfi\n"
		"\tif [[ $now == = ]]; then now=; fi\n"
		"\tif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi\n"
		"\tif ((COMP_CWORD == 1)); then\n"
		"\t\tCOMPREPLY=($(compgen -W \"");
	names(ret, NULL);
	cw_buffer_text(ret, "\" -- \"$now\"))\n\t\treturn\n\tfi\n\tcase $verb in\n");
	groups(ret);
	cw_buffer_text(ret, "\tesac\n\tcase $verb in\n");
	for (size_t i = 0; i < count; i++)
		verb(ret, verbs[i]);
	cw_buffer_text(ret,
		"\tesac\n"
		"\tif [[ $now == -* ]]; then values=$options; files=; fi\n"
		"\tCOMPREPLY=($(compgen -W \"$values\" -- \"$left$now\"))\n"
		"\tif [[ $left ]]; then COMPREPLY=(\"${COMPREPLY[@]#\"$left\"}\"); return; fi\n"
		"\tif [[ $files ]]; then\n"
		"\t\tcompopt -o filenames 2>/dev/null\n"
		"\t\tmapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -f -- \"$now\")\n"
		"\tfi\n"
		"}\n"
		"complete -F _causeway causeway\n");
}
