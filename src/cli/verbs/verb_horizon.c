#include "cli/call_deployment.h"
#include "cli/verbs.h"

#include "report/horizon_report.h"
#include "report/html/horizon_html.h"
#include "report/monitor/horizon_calendar.h"

#include <string.h>

static const struct cw_option options[] = {
	CW_OPTION_FORMAT("text|json|html|ics"),
	CW_OPTION_OUTPUT,
	CW_OPTION_AT,
	CW_OPTION_COLOR,
	CW_OPTIONS_END,
};

static bool look_ahead(struct cw_call *call, const struct cw_deployment *deployment, struct cw_buffer *answer,
	struct cw_horizon *horizon, struct cw_error *error)
{
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	struct cw_check_options check = {.cache = cache};
	const char *format = cw_arguments_value(&call->arguments, "format");
	if (!cache)
		return cw_error_memory(error);
	if (!cw_call_time(call, &check.at, error) || !cw_horizon_find(deployment, &check, horizon, error))
		return false;
	if (format && strcmp(format, "json") == 0)
		return cw_horizon_report_json(deployment, horizon, false, answer, error);
	if (format && strcmp(format, "html") == 0)
		return cw_horizon_html(deployment, horizon, answer, error);
	if (format && strcmp(format, "ics") == 0)
		return cw_horizon_calendar(deployment, horizon, answer, error);
	return cw_horizon_report_text(deployment, horizon, cw_call_look(call), answer, error);
}

static enum cw_exit horizon(struct cw_call *call)
{
	AUTO_CALL_DEPLOYMENT loaded = {0};
	AUTO_HORIZON found = {0};
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	if (!cw_call_deployment_load(call, call->arguments.words[0], &loaded))
		return CW_EXIT_TROUBLE;
	if (!look_ahead(call, loaded.deployment, &answer, &found, &error) ||
		!cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return found.refused_now ? CW_EXIT_REFUSED : CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_horizon = {
	.name = "horizon",
	.summary = "the dates on which links break if nobody does anything, the first one on top",
	.words = "DEPLOYMENT",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about =
		"Every certificate and every CRL of the deployment ends on a known date. The deployment is\n"
		"judged again at each of them, and what gets worse is told: who can no longer sign in,\n"
		"which links break, whose certificate it is. Links that are refused already are counted\n"
		"first and make the exit status 1; \"causeway check\" says why they are.\n"
		"\n"
		"-f ics is a calendar: an event on each date, with what to do, and alarms 30 and 7 days ahead.\n",
	.example = "$ causeway lab new demo\n"
		   "$ causeway horizon demo\n"
		   "$ causeway horizon demo --at 2027-01-01 -f json\n"
		   "$ causeway horizon demo -f html -o dates.html\n"
		   "$ causeway horizon demo -f ics -o demo.ics\n",
	.run = horizon,
};
