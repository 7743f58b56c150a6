#include "config/values.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define CHOICES_MAX 8

void cw_value_wrong(struct cw_problems *problems, const struct cw_yaml *value, const char *wanted, bool show)
{
	char quoted[CW_QUOTED_SIZE];
	if (value->kind == CW_YAML_BROKEN)
		return;
	bool text = value->kind == CW_YAML_TEXT && show;
	cw_problem(problems, value, "wanted %s, found %s", wanted,
		text ? cw_problem_quote(value->text, quoted) : cw_yaml_tree_what(value));
}

static bool has_control(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c < 0x20 || *c == 0x7f || (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0))
			return true;
	return false;
}

const char *cw_value_text(struct cw_problems *problems, const struct cw_yaml *value, const char *wanted)
{
	if (!value)
		return NULL;
	if (value->kind != CW_YAML_TEXT) {
		cw_value_wrong(problems, value, wanted, false);
		return NULL;
	}
	const char *trouble = NULL;
	if (!*value->text)
		trouble = "an empty text";
	else if (has_control(value->text))
		trouble = "a text with a line break or another control character in it";
	if (trouble)
		cw_problem(problems, value, "wanted %s, found %s", wanted, trouble);
	return trouble ? NULL : value->text;
}

static void copy(struct cw_problems *problems, const char *text, char **ret)
{
	if (!text || *ret)
		return;
	*ret = strdup(text);
	if (!*ret)
		problems->no_memory = true;
}

void cw_value_copy(struct cw_problems *problems, const struct cw_yaml *value, const char *wanted, char **ret)
{
	copy(problems, cw_value_text(problems, value, wanted), ret);
}

void cw_value_host_copy(struct cw_problems *problems, const struct cw_yaml *value, char **ret)
{
	copy(problems, cw_value_host(problems, value), ret);
}

void cw_value_hosts(
	struct cw_problems *problems, const struct cw_yaml *value, bool one_will_do, struct cw_strings *ret)
{
	bool single = value && value->kind == CW_YAML_TEXT && one_will_do;
	if (!single &&
		!cw_value_is_list(problems, value,
			one_will_do ? "a host name, an IP address or a list of them" : "a list of names"))
		return;
	size_t count = single ? 1 : value->count;
	if (count > CW_NAMES_MAX) {
		cw_problem(problems, value, "%zu names; at most %d are read", count, CW_NAMES_MAX);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const char *host = cw_value_host(problems, single ? value : &value->entries[i].value);
		if (host && !cw_strings_add(ret, host))
			problems->no_memory = true;
	}
}

/* YAML 1.1's own list. */
static bool boolean(const char *text, bool *ret)
{
	static const char *const spellings[2][4] = {{"off", "no", "false", "n"}, {"on", "yes", "true", "y"}};
	for (size_t i = 0; i < 8; i++)
		if (strcasecmp(text, spellings[i / 4][i % 4]) == 0) {
			*ret = i >= 4;
			return true;
		}
	return false;
}

void cw_value_on_off(struct cw_problems *problems, const struct cw_yaml *value, bool *ret)
{
	if (value && (value->kind != CW_YAML_TEXT || !boolean(value->text, ret)))
		cw_value_wrong(problems, value, "on or off", true);
}

/* "a", "a or b", "a, b or c" */
static void list_choices(const struct cw_value_word *choices, size_t count, char *text, size_t size)
{
	size_t used = 0;
	for (size_t i = 0; i < count && used < size; i++) {
		const char *between = i + 1 < count ? ", " : " or ";
		used += (size_t)snprintf(
			text + used, size - used, "%s%s", i == 0 ? "" : between, choices[i].name);
	}
}

static bool is_choice(const struct cw_value_word *choice, const char *text)
{
	bool named, given;
	if (strcmp(choice->name, text) == 0)
		return true;
	return boolean(choice->name, &named) && boolean(text, &given) && named == given;
}

void cw_value_choice(struct cw_problems *problems, const struct cw_yaml *value,
	const struct cw_value_word *choices, size_t count, int *ret)
{
	if (!value || value->kind == CW_YAML_BROKEN)
		return;
	const char *names[CHOICES_MAX];
	for (size_t i = 0; i < count; i++) {
		if (value->kind == CW_YAML_TEXT && is_choice(&choices[i], value->text)) {
			*ret = choices[i].value;
			return;
		}
		names[i] = choices[i].name;
	}
	char wanted[160], quoted[CW_QUOTED_SIZE];
	list_choices(choices, count, wanted, sizeof wanted);
	const char *meant =
		value->kind == CW_YAML_TEXT ? cw_problem_suggest_lower(value->text, names, count) : NULL;
	if (meant)
		cw_problem(problems, value, "wanted %s, found %s; did you mean \"%s\"?", wanted,
			cw_problem_quote(value->text, quoted), meant);
	else
		cw_value_wrong(problems, value, wanted, true);
}

void cw_value_port(struct cw_problems *problems, const struct cw_yaml *value, unsigned *ret)
{
	static const char *const wanted = "a port from 1 to 65535";
	if (!value)
		return;
	bool number = value->kind == CW_YAML_TEXT && *value->text && strlen(value->text) <= 5;
	unsigned port = 0;
	for (const char *c = value->text; number && *c; c++) {
		number = isdigit((unsigned char)*c);
		port = port * 10 + (unsigned)(*c - '0');
	}
	if (number && port >= 1 && port <= 65535)
		*ret = port;
	else
		cw_value_wrong(problems, value, wanted, true);
}

void cw_value_texts(struct cw_problems *problems, const struct cw_yaml *value, struct cw_strings *ret)
{
	if (!cw_value_is_list(problems, value, "a list of names"))
		return;
	if (value->count > CW_NAMES_MAX) {
		cw_problem(problems, value, "%zu names; at most %d are read", value->count, CW_NAMES_MAX);
		return;
	}
	for (size_t i = 0; i < value->count; i++) {
		const char *text = cw_value_text(problems, &value->entries[i].value, "a name");
		if (text && !cw_strings_add(ret, text))
			problems->no_memory = true;
	}
}

void cw_value_release(
	struct cw_problems *problems, const struct cw_yaml *value, bool expressway, struct cw_release *ret)
{
	struct cw_error error;
	const char *text =
		cw_value_text(problems, value, expressway ? "a release like X14.2" : "a release like 14");
	if (!text)
		return;
	bool known =
		expressway ? cw_release_parse(text, ret, &error) : cw_release_cucm_parse(text, ret, &error);
	if (!known)
		cw_problem(problems, value, "%s", error.message);
}

bool cw_value_is_list(struct cw_problems *problems, const struct cw_yaml *value, const char *wanted)
{
	if (!value || value->kind == CW_YAML_LIST)
		return value;
	cw_value_wrong(problems, value, wanted, false);
	return false;
}
