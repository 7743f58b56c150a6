#include "cli/arguments.h"

#include "base/strings.h"

#include <string.h>

/* Far more than any table has. */
#define SUGGESTIONS_MAX 64

void cw_arguments_finish(struct cw_arguments *arguments)
{
	free(arguments->uses);
	free(arguments->words);
	*arguments = (struct cw_arguments){0};
}

static bool add_word(struct cw_arguments *arguments, const char *word, struct cw_error *error)
{
	if (!cw_memory_grow(&arguments->words, &arguments->word_capacity, arguments->word_count,
		    sizeof *arguments->words))
		return cw_error_memory(error);
	arguments->words[arguments->word_count++] = word;
	return true;
}

static bool choice_exists(const char *choices, const char *value)
{
	size_t length = strlen(value);
	for (const char *at = choices; *at;) {
		size_t one = strcspn(at, "|");
		if (one == length && memcmp(at, value, one) == 0)
			return true;
		at += one + (at[one] == '|');
	}
	return false;
}

static bool refuse_choice(const struct cw_option *option, const char *value, struct cw_error *error)
{
	AUTO_STRINGS choices = {0};
	for (const char *at = option->choices; *at;) {
		size_t one = strcspn(at, "|");
		if (!cw_strings_add_range(&choices, at, one))
			return cw_error_memory(error);
		at += one + (at[one] == '|');
	}
	const char *meant = cw_strings_suggest(value, (const char *const *)choices.items, choices.count);
	if (meant)
		return cw_error_set(error, CW_E_USAGE, "--%s: \"%s\" is none of %s; did you mean \"%s\"?",
			option->name, value, option->choices, meant);
	return cw_error_set(
		error, CW_E_USAGE, "--%s: \"%s\" is none of %s", option->name, value, option->choices);
}

static bool add_use(struct cw_arguments *arguments, const struct cw_option *option, const char *value,
	struct cw_error *error)
{
	if (!option->repeated && cw_arguments_given(arguments, option->name))
		return cw_error_set(error, CW_E_USAGE, "--%s: given twice; it takes one value", option->name);
	if (value && option->choices && !choice_exists(option->choices, value))
		return refuse_choice(option, value, error);
	if (!cw_memory_grow(&arguments->uses, &arguments->use_capacity, arguments->use_count,
		    sizeof *arguments->uses))
		return cw_error_memory(error);
	arguments->uses[arguments->use_count++] = (struct cw_option_use){option, value};
	return true;
}

static bool refuse_name(
	const struct cw_option *table, const char *name, size_t length, struct cw_error *error)
{
	const char *names[SUGGESTIONS_MAX];
	size_t count = 0;
	for (const struct cw_option *option = table; option && option->name && count < SUGGESTIONS_MAX;
		option++)
		names[count++] = option->name;
	AUTO(free) char *typed = strndup(name, length);
	if (!typed)
		return cw_error_memory(error);
	const char *meant = cw_strings_suggest(typed, names, count);
	if (meant)
		return cw_error_set(
			error, CW_E_USAGE, "unknown option --%s; did you mean --%s?", typed, meant);
	return cw_error_set(error, CW_E_USAGE, "unknown option --%s", typed);
}

static const struct cw_option *by_name(const struct cw_option *table, const char *name, size_t length)
{
	for (const struct cw_option *option = table; option && option->name; option++)
		if (strlen(option->name) == length && memcmp(option->name, name, length) == 0)
			return option;
	return NULL;
}

static const struct cw_option *by_letter(const struct cw_option *table, char letter)
{
	for (const struct cw_option *option = table; option && option->name; option++)
		if (option->letter == letter)
			return option;
	return NULL;
}

/* An argument that begins with a dash, and `next`, the one behind it (NULL at the end). `*used_next` says
 * whether that one was its value. */
static bool parse_option(const struct cw_option *table, const char *item, const char *next, bool *used_next,
	struct cw_arguments *arguments, struct cw_error *error)
{
	bool is_long = item[1] == '-';
	const char *name = item + (is_long ? 2 : 1);
	size_t length = is_long ? strcspn(name, "=") : 1;
	const struct cw_option *option = is_long ? by_name(table, name, length) : by_letter(table, *name);
	if (!option && is_long)
		return refuse_name(table, name, length, error);
	if (!option)
		return cw_error_set(error, CW_E_USAGE, "unknown option -%c", *name);
	const char *attached = name[length] ? name + length + is_long : NULL;
	if (!option->value && attached)
		return cw_error_set(error, CW_E_USAGE, "--%s: takes no value, but \"%s\" was given",
			option->name, attached);
	if (!option->value || attached)
		return add_use(arguments, option, attached, error);
	if (!next)
		return cw_error_set(
			error, CW_E_USAGE, "--%s: wanted %s, found nothing", option->name, option->value);
	*used_next = true;
	return add_use(arguments, option, next, error);
}

/* In the answer they would be marks of its layout, on a terminal orders to it. A pattern may hold line ends. */
static bool refuse_controls(char *const *items, size_t count, struct cw_error *error)
{
	for (size_t i = 0; i < count; i++)
		for (const char *at = items[i]; *at; at++)
			if (((unsigned char)*at < ' ' && !strchr("\t\r\n", *at)) || *at == 0x7f)
				return cw_error_set(error, CW_E_USAGE,
					"\"%s\": character %td is a control character, which nothing that is typed here may "
					"hold",
					items[i], at - items[i] + 1);
	return true;
}

bool cw_arguments_parse(const struct cw_option *table, char *const *items, size_t count,
	struct cw_arguments *ret, struct cw_error *error)
{
	AUTO_ARGUMENTS arguments = {0};
	bool options_over = false;
	if (!refuse_controls(items, count, error))
		return false;
	for (size_t i = 0; i < count; i++) {
		bool used_next = false;
		if (options_over || items[i][0] != '-' || !items[i][1]) {
			if (!add_word(&arguments, items[i], error))
				return false;
		} else if (strcmp(items[i], "--") == 0) {
			options_over = true;
		} else if (!parse_option(table, items[i], i + 1 < count ? items[i + 1] : NULL, &used_next,
				   &arguments, error)) {
			return false;
		}
		i += used_next;
	}
	*ret = arguments;
	arguments = (struct cw_arguments){0};
	return true;
}

const char *cw_arguments_nth(const struct cw_arguments *arguments, const char *name, size_t index)
{
	for (size_t i = 0; i < arguments->use_count; i++)
		if (strcmp(arguments->uses[i].option->name, name) == 0 && index-- == 0)
			return arguments->uses[i].value;
	return NULL;
}

const char *cw_arguments_value(const struct cw_arguments *arguments, const char *name)
{
	return cw_arguments_nth(arguments, name, 0);
}

bool cw_arguments_given(const struct cw_arguments *arguments, const char *name)
{
	for (size_t i = 0; i < arguments->use_count; i++)
		if (strcmp(arguments->uses[i].option->name, name) == 0)
			return true;
	return false;
}
