#include "cli/verbs.h"

#include "base/strings.h"
#include "report/explain.h"
#include "report/topic.h"

#include <stdlib.h>

/* Against a typing error, among all codes and topics. */
static const char *meant(const char *typed)
{
	size_t topic_count, count = 0;
	const struct cw_topic *topics = cw_topic_all(&topic_count);
	AUTO(free) const char **names = calloc(CW_CODE_COUNT + topic_count, sizeof *names);
	if (!names)
		return NULL;
	for (int code = 0; code < CW_CODE_COUNT; code++)
		names[count++] = cw_finding_code_name((enum cw_code)code);
	for (size_t i = 0; i < topic_count; i++)
		names[count++] = topics[i].name;
	return cw_strings_suggest(typed, names, count);
}

static bool refuse(const char *typed, struct cw_error *error)
{
	const char *name = meant(typed);
	if (name)
		return cw_error_set(error, CW_E_USAGE,
			"there is no finding code or topic \"%s\"; did you mean \"%s\"?", typed, name);
	return cw_error_set(error, CW_E_USAGE,
		"there is no finding code or topic \"%s\"; \"causeway explain\" lists them", typed);
}

static bool explain_one(struct cw_buffer *answer, const char *word, struct cw_error *error)
{
	enum cw_code code;
	const struct cw_topic *topic = cw_topic_find(word);
	if (cw_finding_code_named(word, &code)) /* "expired" is a code, and no topic begins so by chance */
		cw_explain_code(answer, code);
	else if (topic)
		cw_buffer_text(answer, topic->text);
	else
		return refuse(word, error);
	return true;
}

static enum cw_exit explain(struct cw_call *call)
{
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	if (!call->arguments.word_count)
		cw_explain_all(&answer);
	for (size_t i = 0; i < call->arguments.word_count; i++) {
		cw_buffer_text(&answer, i ? "\n" : "");
		if (!explain_one(&answer, call->arguments.words[i], &error))
			return cw_call_trouble(call, &error);
	}
	if (!cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_explain = {
	.name = "explain",
	.summary = "what a finding code means, and how it all hangs together",
	.words = "[CODE|TOPIC]...",
	.words_max = CW_WORDS_MANY,
	.about = "Every reason that a report gives has a code that stays the same. This tells what it\n"
		 "means, what to do, what the box shows, and where the rule comes from.\n"
		 "\n"
		 "Topics are the background: chains, the handshake, what certificates may be used for,\n"
		 "names, the order of trust lists, tunnels, how to have a request signed, what the\n"
		 "words of a report mean (degraded, dead, ...). The beginning of a topic will do. Without a\n"
		 "word: the list of both.\n",
	.example =
		"$ causeway explain issuer-missing\n"
		"issuer-missing\n"
		"  Means         A CA certificate between the leaf and its root is neither in the judge's trust list\n"
		"                nor sent by the other side.\n"
		"  What to do    Append the named CA certificate to the named list. A box that sends only its leaf\n"
		"...\n"
		"$ causeway explain trust-list\n",
	.run = explain,
};
