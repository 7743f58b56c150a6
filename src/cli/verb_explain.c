#include "cli/verbs.h"

#include "base/strings.h"
#include "report/explain.h"

static bool refuse_code(const char *typed, struct cw_error *error)
{
	const char *names[CW_CODE_COUNT];
	for (int code = 0; code < CW_CODE_COUNT; code++)
		names[code] = cw_code_name((enum cw_code)code);
	const char *meant = cw_suggest(typed, names, CW_CODE_COUNT);
	if (meant)
		return cw_error_set(error, CW_E_USAGE,
			"there is no finding code \"%s\"; did you mean \"%s\"?", typed, meant);
	return cw_error_set(
		error, CW_E_USAGE, "there is no finding code \"%s\"; \"causeway explain\" lists them", typed);
}

static enum cw_exit explain(struct cw_call *call)
{
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	if (!call->arguments.word_count)
		cw_explain_all(&answer);
	for (size_t i = 0; i < call->arguments.word_count; i++) {
		enum cw_code code;
		if (!cw_code_from_name(call->arguments.words[i], &code)) {
			refuse_code(call->arguments.words[i], &error);
			return cw_call_trouble(call, &error);
		}
		cw_buffer_text(&answer, i ? "\n" : "");
		cw_explain_code(&answer, code);
	}
	if (!cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_explain = {
	.name = "explain",
	.summary = "what a finding code means, and what to do about it",
	.words = "[CODE]...",
	.words_max = CW_WORDS_MANY,
	.about = "Every reason that a report gives has a code that stays the same. This tells what it\n"
		 "means, what to do, what the box shows, and where the rule comes from. Without a code:\n"
		 "all of them.\n",
	.example = "$ causeway explain issuer-missing\n"
		   "issuer-missing\n"
		   "  Means         A CA certificate between the leaf and its root is neither in the ...\n"
		   "  What to do    Append the named CA certificate to the named list. ...\n"
		   "  The box shows TLS Negotiation Error\n",
	.run = explain,
};
