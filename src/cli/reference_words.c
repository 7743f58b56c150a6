#include "cli/reference.h"

#include "report/topic.h"
#include "trust/finding.h"

#include <string.h>

bool cw_reference_first(const struct cw_verb *verb)
{
	size_t count, i = 0;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	while (strcmp(verbs[i]->name, verb->name) != 0)
		i++;
	return verbs[i] == verb;
}

static void add(struct cw_buffer *ret, const char *word)
{
	cw_buffer_text(ret, ret->length ? " " : "");
	cw_buffer_text(ret, word);
}

static void codes(struct cw_buffer *ret)
{
	for (int code = 0; code < CW_CODE_COUNT; code++)
		add(ret, cw_finding_code_name((enum cw_code)code));
}

void cw_reference_values(struct cw_buffer *ret, const struct cw_option *option)
{
	if (option->value && strcmp(option->value, "CODE") == 0)
		codes(ret);
	for (const char *at = option->choices; at && *at;) {
		size_t length = strcspn(at, "|");
		cw_buffer_text(ret, ret->length ? " " : "");
		cw_buffer_append(ret, at, length);
		at += length + (at[length] == '|');
	}
}

static void verb_names(struct cw_buffer *ret)
{
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	for (size_t i = 0; i < count; i++)
		if (cw_reference_first(verbs[i]))
			add(ret, verbs[i]->name);
}

void cw_reference_words(struct cw_buffer *ret, const struct cw_verb *verb)
{
	size_t count;
	const struct cw_topic *topics = cw_topic_all(&count);
	if (strcmp(verb->name, "help") == 0)
		verb_names(ret);
	if (strstr(verb->words, "CODE"))
		codes(ret);
	if (strcmp(verb->name, "explain") != 0)
		return;
	for (size_t i = 0; i < count; i++)
		add(ret, topics[i].name);
}

void cw_reference_verbs(struct cw_buffer *ret)
{
	size_t count;
	const struct cw_verb *const *verbs = cw_verbs(&count);
	char text[CW_VERB_TEXT_SIZE];
	for (size_t i = 0; i < count; i++)
		cw_buffer_printf(ret, "%s\n", cw_verb_text(verbs[i], text));
}
