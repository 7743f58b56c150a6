#include "cli/verbs.h"

#include "base/strings.h"
#include "cli/help.h"
#include "pki/error_mark.h"

#include <string.h>

/* In the order of the help: first what most people come for. */
static const struct cw_verb *const table[] = {
	&cw_verb_check,
	&cw_verb_rehearse,
	&cw_verb_fix,
	&cw_verb_renew,
	&cw_verb_horizon,
	&cw_verb_watch,
	&cw_verb_whatif,
	&cw_verb_diff,
	&cw_verb_capture,
	&cw_verb_log,
	&cw_verb_probe,
	&cw_verb_sign_in,
	&cw_verb_desk,
	&cw_verb_cert_show,
	&cw_verb_cert_verify,
	&cw_verb_cert_accept,
	&cw_verb_cert_convert,
	&cw_verb_cert_split,
	&cw_verb_cert_chain,
	&cw_verb_cert_diff,
	&cw_verb_client_test,
	&cw_verb_csr_new,
	&cw_verb_csr_show,
	&cw_verb_csr_discard,
	&cw_verb_trust_list,
	&cw_verb_trust_append,
	&cw_verb_trust_remove,
	&cw_verb_trust_move,
	&cw_verb_trust_diff,
	&cw_verb_trust_tidy,
	&cw_verb_crl_fetch,
	&cw_verb_explain,
	&cw_verb_import,
	&cw_verb_collect,
	&cw_verb_lab_new,
	&cw_verb_lab_faults,
	&cw_verb_lab_export,
	&cw_verb_lab_up,
	&cw_verb_lab_break,
	&cw_verb_lab_repair,
	&cw_verb_lab_restart,
	&cw_verb_lab_exercise,
	&cw_verb_node_history,
	&cw_verb_node_init,
	&cw_verb_node_run,
	&cw_verb_node_status,
	&cw_verb_node_link,
	&cw_verb_node_try,
	&cw_verb_ca_new,
	&cw_verb_ca_sign,
	&cw_verb_help,
	&cw_verb_version,
};

#define TABLE_COUNT (sizeof table / sizeof table[0])

const struct cw_verb *const *cw_verbs(size_t *count)
{
	*count = TABLE_COUNT;
	return table;
}

bool cw_verb_is_group(const char *name)
{
	for (size_t i = 0; i < TABLE_COUNT; i++)
		if (table[i]->sub && strcmp(table[i]->name, name) == 0)
			return true;
	return false;
}

const char *cw_verb_text(const struct cw_verb *verb, char text[CW_VERB_TEXT_SIZE])
{
	if (verb->sub)
		snprintf(text, CW_VERB_TEXT_SIZE, "%s %s", verb->name, verb->sub);
	else
		snprintf(text, CW_VERB_TEXT_SIZE, "%s", verb->name);
	return text;
}

/* `group` NULL: the first words; else the second words of that group. */
static const char *suggest(const char *typed, const char *group)
{
	const char *candidates[TABLE_COUNT];
	size_t count = 0;
	for (size_t i = 0; i < TABLE_COUNT; i++)
		if (!group)
			candidates[count++] = table[i]->name;
		else if (table[i]->sub && strcmp(table[i]->name, group) == 0)
			candidates[count++] = table[i]->sub;
	return cw_strings_suggest(typed, candidates, count);
}

static bool refuse_word(const char *typed, const char *group, struct cw_error *error)
{
	const char *space = group ? " " : "";
	group = group ? group : "";
	const char *meant = suggest(typed, *group ? group : NULL);
	if (meant)
		return cw_error_set(error, CW_E_USAGE,
			"unknown verb \"%s%s%s\"; did you mean \"causeway %s%s%s\"?", group, space, typed,
			group, space, meant);
	return cw_error_set(error, CW_E_USAGE, "unknown verb \"%s%s%s\"; \"causeway help%s%s\" lists them",
		group, space, typed, space, group);
}

bool cw_verb_find(
	char *const *words, size_t count, const struct cw_verb **ret, size_t *used, struct cw_error *error)
{
	if (!count)
		return cw_error_set(error, CW_E_USAGE, "wanted a verb; \"causeway help\" lists them");
	bool group = cw_verb_is_group(words[0]);
	if (group && (count == 1 || words[1][0] == '-'))
		return cw_error_set(error, CW_E_USAGE,
			"%s: wanted a second word; \"causeway help %s\" lists them", words[0], words[0]);
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		if (strcmp(table[i]->name, words[0]) != 0)
			continue;
		if (table[i]->sub && strcmp(table[i]->sub, words[1]) != 0)
			continue;
		*ret = table[i];
		*used = group ? 2 : 1;
		return true;
	}
	return group ? refuse_word(words[1], words[0], error) : refuse_word(words[0], NULL, error);
}

static bool check_word_count(const struct cw_call *call, struct cw_error *error)
{
	const struct cw_verb *verb = call->verb;
	size_t count = call->arguments.word_count;
	char text[CW_VERB_TEXT_SIZE];
	cw_verb_text(verb, text);
	if (count < verb->words_min)
		return cw_error_set(error, CW_E_USAGE, "%s: wanted %s, found %s", text, verb->words,
			count ? "too few words" : "nothing");
	if (count > verb->words_max)
		return cw_error_set(error, CW_E_USAGE, "%s: \"%s\" is one word too many; wanted %s", text,
			call->arguments.words[verb->words_max], *verb->words ? verb->words : "options only");
	return true;
}

static enum cw_exit usage_trouble(const struct cw_call *call, const struct cw_error *error)
{
	AUTO_BUFFER usage = {0};
	char text[CW_VERB_TEXT_SIZE];
	cw_help_usage(&usage, call->verb);
	cw_call_trouble(call, error);
	fprintf(call->err, "%s\"causeway help %s\" shows the options and an example.\n",
		cw_buffer_string(&usage), cw_verb_text(call->verb, text));
	return CW_EXIT_TROUBLE;
}

static void tell_of_lock(void *context, const char *message)
{
	cw_call_tell(context, message);
}

static enum cw_exit run_verb(struct cw_call *call, char *const *words, size_t count)
{
	struct cw_error error;
	char name[CW_VERB_TEXT_SIZE];
	call->locks = (struct cw_locks){
		.who = cw_verb_text(call->verb, name), .tell = tell_of_lock, .context = call};
	if (!cw_arguments_parse(call->verb->options, words, count, &call->arguments, &error))
		return usage_trouble(call, &error);
	enum cw_exit status =
		check_word_count(call, &error) ? call->verb->run(call) : usage_trouble(call, &error);
	cw_lock_release(&call->locks);
	cw_arguments_finish(&call->arguments);
	return status;
}

static bool asks_help(char *const *words, size_t count)
{
	for (size_t i = 0; i < count && strcmp(words[i], "--") != 0; i++)
		if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0)
			return true;
	return false;
}

/* "check --help", "cert --help", "--help": the same words before the first option, given to help. */
static enum cw_exit run_help(struct cw_call *call, char *const *words, size_t count)
{
	size_t named = 0;
	while (named < count && named < 2 && words[named][0] != '-')
		named++;
	if (named == 2 && !cw_verb_is_group(words[0]))
		named = 1;
	call->verb = &cw_verb_help;
	return run_verb(call, words, named);
}

enum cw_exit cw_verbs_run(char *const *words, size_t count, FILE *out, FILE *err, cw_time now, bool colour)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	struct cw_call call = {.out = out, .err = err, .now = now, .colour = colour, .mark = &mark};
	struct cw_error error;
	size_t used;
	if (!count) {
		run_help(&call, words, 0);
		return CW_EXIT_TROUBLE; /* no question was asked; a script should notice */
	}
	if (asks_help(words, count))
		return run_help(&call, words, count);
	if (strcmp(words[0], "--version") == 0) {
		call.verb = &cw_verb_version;
		return run_verb(&call, words + 1, count - 1);
	}
	if (!cw_verb_find(words, count, &call.verb, &used, &error))
		return cw_call_trouble(&call, &error);
	return run_verb(&call, words + used, count - used);
}
