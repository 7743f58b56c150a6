#include "cli/call_deployment.h"
#include "cli/verbs.h"

#include "plan/remedies.h"
#include "report/plan/compare_report.h"

#include <string.h>

static const struct cw_option options[] = {
	CW_OPTION_AT,
	CW_OPTION_FORMAT("text|json"),
	CW_OPTION_OUTPUT,
	CW_OPTION_COLOR,
	CW_OPTIONS_END,
};

struct sides {
	struct cw_check *before, *after;
	struct cw_compare compare;
};

static void sides_finish(struct sides *sides)
{
	cw_compare_finish(&sides->compare);
	cw_check_free(sides->before);
	cw_check_free(sides->after);
}

static bool judge(struct cw_call *call, const struct cw_call_deployment opened[2], struct sides *sides,
	struct cw_buffer *answer, struct cw_error *error)
{
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	struct cw_check_options check = {.cache = cache};
	if (!cache)
		return cw_error_memory(error);
	if (!cw_call_time(call, &check.at, error) ||
		!cw_remedies_check(opened[0].deployment, &check, &sides->before, error) ||
		!cw_remedies_check(opened[1].deployment, &check, &sides->after, error) ||
		!cw_compare_checks(sides->before, sides->after, &sides->compare, error))
		return false;
	const char *format = cw_arguments_value(&call->arguments, "format");
	if (format && strcmp(format, "json") == 0)
		return cw_compare_report_json(sides->before, sides->after, &sides->compare, answer, error);
	return cw_compare_report_text(
		sides->before, sides->after, &sides->compare, cw_call_look(call), answer, error);
}

static enum cw_exit answer_with(struct cw_call *call, const struct cw_call_deployment opened[2])
{
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	struct sides sides __attribute__((cleanup(sides_finish))) = {0};
	if (!judge(call, opened, &sides, &answer, &error) || !cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return sides.compare.worse ? CW_EXIT_REFUSED : CW_EXIT_GOOD;
}

static enum cw_exit diff(struct cw_call *call)
{
	struct cw_call_deployment opened[2] = {0};
	bool good = cw_call_deployment_load(call, call->arguments.words[0], &opened[0]) &&
		cw_call_deployment_load(call, call->arguments.words[1], &opened[1]);
	enum cw_exit status = good ? answer_with(call, opened) : CW_EXIT_TROUBLE;
	cw_call_deployment_finish(&opened[0]);
	cw_call_deployment_finish(&opened[1]);
	return status;
}

const struct cw_verb cw_verb_diff = {
	.name = "diff",
	.summary = "what got better, worse or other between two deployments (before and after a change)",
	.words = "DEPLOYMENT DEPLOYMENT",
	.words_min = 2,
	.words_max = 2,
	.options = options,
	.about = "Judges both at one time and compares the answers: every link, every sign-in and every\n"
		 "finding about a box, matched by name. Two exports of one site, say: before the work and\n"
		 "after it. Exit status 1: something is worse in the second.\n",
	.example = "$ causeway lab new friday\n"
		   "$ cp -r friday monday\n"
		   "$ cp monday/ca/private-root/ca.pem monday/c1/ca.pem\n"
		   "$ causeway diff friday monday\n"
		   "$ causeway diff friday monday -f json\n",
	.run = diff,
};
