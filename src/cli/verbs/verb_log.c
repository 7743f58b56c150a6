#include "cli/call_deployment.h"
#include "cli/verbs.h"

#include "observe/log/log_source.h"
#include "plan/remedies.h"
#include "report/observed/log_report.h"

#include <string.h>

static const struct cw_option options[] = {
	{"deployment", 'd', "DEPLOYMENT", NULL, false,
		"name link, list and page, and whether its files still say so"},
	CW_OPTION_FORMAT("text|json"),
	CW_OPTION_OUTPUT,
	CW_OPTION_AT,
	CW_OPTION_COLOR,
	CW_OPTIONS_END,
};

struct job {
	struct cw_call_deployment opened;
	struct cw_check *check;
	struct cw_log_scan *scan;
	struct cw_strings troubles;
	struct cw_buffer answer;
};

static void job_finish(struct job *job)
{
	cw_buffer_finish(&job->answer);
	cw_strings_finish(&job->troubles);
	cw_log_scan_free(job->scan);
	cw_check_free(job->check);
	cw_call_deployment_finish(&job->opened);
}

#define AUTO_JOB __attribute__((cleanup(job_finish))) struct job

static bool check(struct cw_call *call, struct job *job, struct cw_error *error)
{
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	struct cw_check_options terms = {.cache = cache};
	if (!cache)
		return cw_error_memory(error);
	return cw_call_time(call, &terms.at, error) &&
		cw_remedies_check(job->opened.deployment, &terms, &job->check, error);
}

static bool read_all(struct cw_call *call, struct job *job, struct cw_log_result *ret, struct cw_error *error)
{
	if (!cw_log_scan_new(&job->scan, error))
		return false;
	for (size_t i = 0; i < call->arguments.word_count; i++)
		if (!cw_log_source_read(job->scan, call->arguments.words[i], &job->troubles, error))
			return false;
	if (!cw_log_scan_finish(job->scan, error))
		return false;
	cw_log_scan_result(job->scan, ret);
	return true;
}

static bool answer(
	struct cw_call *call, struct job *job, struct cw_log_result *result, struct cw_error *error)
{
	const char *format = cw_arguments_value(&call->arguments, "format");
	const struct cw_log_report report = {result, &job->troubles, job->check};
	bool good = format && strcmp(format, "json") == 0
		? cw_log_report_json(&report, &job->answer, error)
		: cw_log_report_text(&report, cw_call_look(call), &job->answer, error);
	return good && cw_call_write(call, &job->answer, error);
}

static enum cw_exit explain_logs(struct cw_call *call)
{
	AUTO_JOB job = {0};
	struct cw_error error;
	struct cw_log_result result;
	const char *deployment = cw_arguments_value(&call->arguments, "deployment");
	if (deployment && !cw_call_deployment_load(call, deployment, &job.opened))
		return CW_EXIT_TROUBLE;
	if ((deployment && !check(call, &job, &error)) || !read_all(call, &job, &result, &error) ||
		!answer(call, &job, &result, &error))
		return cw_call_trouble(call, &error);
	return result.faults ? CW_EXIT_REFUSED : CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_log = {
	.name = "log",
	.summary = "what the lines of the boxes' and endpoints' logs mean for certificates",
	.words = "FILE...",
	.words_min = 1,
	.words_max = CW_WORDS_MANY,
	.options = options,
	.about = "Reads logs of Expressways (diagnostic log, event log, traffic server, XCP), CUCM,\n"
		 "endpoints, Jabber and phones, tshark's summary, and what pages answered; as files,\n"
		 "folders, archives, packed, or from standard input (-). A packet capture beside them is\n"
		 "looked at as well: the same refusal is told once. Refusals are told, not lines:\n"
		 "the same one is counted, with its first and last time, who refused whom, what the\n"
		 "text is mistaken for and what to do. What looks like a certificate fault and is none\n"
		 "stands apart. A line that is not known is said to be so; no cause is made up for it.\n"
		 "\n"
		 "With --deployment: which link, which list on which box, which page, and whether the\n"
		 "present files still say so. Exit status 1: a certificate fault was found.\n",
	.example = "$ causeway lab new demo\n"
		   "$ causeway lab export demo --as bundle -o sources\n"
		   "$ causeway log sources/*.tar.gz -d demo\n"
		   "$ echo 'tlsv1 alert unknown ca ...' | causeway log -\n",
	.run = explain_logs,
};
