#include "cli/call_again.h"
#include "cli/call_deployment.h"
#include "cli/progress.h"
#include "cli/verbs.h"

#include "plan/harmless.h"
#include "plan/horizon.h"
#include "plan/remedies.h"
#include "plan/repair.h"
#include "report/report_format.h"
#include "workbench/leftovers.h"

static const struct cw_option options[] = {
	CW_OPTION_FORMAT(CW_REPORT_FORMATS),
	CW_OPTION_OUTPUT,
	CW_OPTION_AT,
	{"profile", 0, "PROFILE", "expressway|rfc5280", false,
		"judge with one search of issuers everywhere: expressway or rfc5280"},
	{"quiet", 'q', NULL, NULL, false, "text: one line a deployment, the answer"},
	{"all", 'a', NULL, NULL, false, "text: every link and every note, nothing cut short"},
	CW_OPTION_COLOR,
	CW_OPTIONS_END,
};

/* What is the same for all deployments of a call. */
struct job {
	struct cw_call *call;
	struct cw_check_options check;
	const struct cw_report_format *format;
	struct cw_report_options report;
	struct cw_buffer answer;
	size_t reported; /* deployments that the answer has a report on */
};

static void job_finish(struct job *job)
{
	cw_cache_free(job->check.cache);
	cw_buffer_finish(&job->answer);
}

#define AUTO_JOB __attribute__((cleanup(job_finish))) struct job

static bool prepare(struct job *job, struct cw_error *error)
{
	const struct cw_arguments *arguments = &job->call->arguments;
	const char *format = cw_arguments_value(arguments, "format");
	const char *profile = cw_arguments_value(arguments, "profile");
	if (!cw_call_time(job->call, &job->check.at, error))
		return false;
	job->check.force_profile = profile && cw_judge_profile_named(profile, &job->check.profile);
	job->check.cache = cw_cache_new();
	job->format = cw_report_format(format ? format : "text");
	job->report = (struct cw_report_options){.look = cw_call_look(job->call),
		.all = cw_arguments_given(arguments, "all"),
		.quiet = cw_arguments_given(arguments, "quiet"),
		.several = arguments->word_count > 1};
	if (job->format->one && job->report.several)
		return cw_error_set(error, CW_E_USAGE, "check: -f %s takes one deployment, found %zu", format,
			arguments->word_count);
	return job->check.cache ? true : cw_error_memory(error);
}

/* What a call of this format ends with where a deployment could not be judged. */
static enum cw_exit trouble(struct job *job, const char *path)
{
	if (!job->format->trouble)
		return CW_EXIT_TROUBLE;
	job->format->trouble(&job->answer, path);
	job->reported++;
	return (enum cw_exit)job->format->trouble_status;
}

/* No answer at all. Who runs it wrongly is told so as by every verb. */
static enum cw_exit no_answer(const struct job *job, const struct cw_error *error)
{
	enum cw_exit status = cw_call_trouble(job->call, error);
	bool wrong_words = error->code == CW_E_USAGE;
	return job->format && job->format->trouble && !wrong_words ? (enum cw_exit)job->format->trouble_status
								   : status;
}

static bool report(struct job *job, const struct cw_deployment *deployment, const struct cw_check *check,
	enum cw_exit *status, struct cw_error *error)
{
	AUTO_HORIZON horizon = {0};
	if (job->format->looks_ahead && !cw_horizon_find(deployment, &job->check, &horizon, error))
		return false;
	job->report.horizon = &horizon;
	*status = cw_check_refused(check) ? CW_EXIT_REFUSED : CW_EXIT_GOOD;
	if (job->format->status)
		*status = (enum cw_exit)job->format->status(check, &job->report);
	bool good = job->format->write(check, &job->report, &job->answer, error);
	job->report.horizon = NULL;
	return good;
}

/* A file without a link (no zone, no endpoint) has no answer that anybody waits for: a script must not take it for
 * "nothing is refused". */
static enum cw_exit where_nothing_is_judged(const struct job *job, const char *path)
{
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line,
		"%s: no link can be derived from it, so nothing was judged but the boxes by themselves; a link "
		"needs both its ends (expressway-c with traversal, expressway-e, cucm, endpoints)",
		path);
	cw_call_tell(job->call, cw_buffer_string(&line));
	return job->format->trouble ? (enum cw_exit)job->format->trouble_status : CW_EXIT_TROUBLE;
}

/* What a killed command left is no finding: no box knows of it. It is told beside the report. */
static bool tell_leftovers(
	const struct job *job, const struct cw_deployment *deployment, struct cw_error *error)
{
	AUTO_STRINGS found = {0};
	if (!cw_leftovers_find(deployment, &found, error))
		return false;
	for (size_t i = 0; i < found.count; i++)
		cw_call_tell(job->call, found.items[i]);
	return true;
}

/* fix has no profile: with one, it finds another plan. */
static bool note_again(
	const struct job *job, struct cw_buffer *again, struct cw_repair *plan, struct cw_error *error)
{
	cw_call_again_options(&job->call->arguments, again);
	plan->again = job->check.force_profile ? NULL : cw_buffer_string(again);
	return cw_buffer_ok(again, error);
}

static bool glance(
	const struct job *job, const struct cw_check *check, struct cw_repair *plan, struct cw_error *error)
{
	bool told = job->format->has_room && !job->report.quiet;
	return !told || cw_repair_glance_at_alternatives(check, &job->check, plan, error);
}

static enum cw_exit check_one(struct job *job, const char *path)
{
	AUTO_CALL_DEPLOYMENT loaded = {0};
	AUTO_REPAIR plan = {0}; /* outlives the check */
	AUTO_BUFFER again = {0};
	AUTO(cw_check_free) struct cw_check *check = NULL;
	struct cw_error error;
	enum cw_exit status;
	if (!cw_call_deployment_load(job->call, path, &loaded))
		return trouble(job, path);
	if (!tell_leftovers(job, loaded.deployment, &error) ||
		!cw_remedies_check(loaded.deployment, &job->check, &check, &error) ||
		!cw_repair_find(check, &job->check, &plan, &error) || !glance(job, check, &plan, &error) ||
		!note_again(job, &again, &plan, &error) || !cw_repair_assign(check, &plan, &error) ||
		!cw_harmless_remedies(check, &job->check, &error) ||
		!report(job, loaded.deployment, check, &status, &error)) {
		cw_call_trouble(job->call, &error);
		return trouble(job, path);
	}
	job->reported++;
	if (check->link_count || status != CW_EXIT_GOOD)
		return status;
	return where_nothing_is_judged(job, path);
}

static enum cw_exit check_all(struct job *job)
{
	const struct cw_arguments *arguments = &job->call->arguments;
	struct cw_progress progress = cw_progress_begin(job->call, "deployments");
	enum cw_exit worst = CW_EXIT_GOOD;
	job->call->progress = &progress;
	for (size_t i = 0; i < arguments->word_count; i++) {
		cw_progress_show(&progress, cw_time_now(), i, arguments->word_count);
		job->report.number = i;
		enum cw_exit status = check_one(job, arguments->words[i]);
		worst = status > worst ? status : worst;
	}
	cw_progress_end(&progress);
	job->call->progress = NULL;
	return worst;
}

static enum cw_exit check(struct cw_call *call)
{
	AUTO_JOB job = {.call = call};
	struct cw_error error;
	enum cw_exit worst;
	if (!prepare(&job, &error))
		return no_answer(&job, &error);
	if (job.format->begin)
		job.format->begin(&job.answer);
	worst = check_all(&job);
	if (job.format->end)
		job.format->end(&job.answer);
	/* No answer at all leaves an older one in its file alone. */
	if (job.reported && !cw_call_write(call, &job.answer, &error))
		return no_answer(&job, &error);
	return worst;
}

const struct cw_verb cw_verb_check = {
	.name = "check",
	.summary = "judge a whole deployment from its files: who is cut off, why, what repairs it",
	.words = "DEPLOYMENT...",
	.words_min = 1,
	.words_max = CW_WORDS_MANY,
	.options = options,
	.about =
		"DEPLOYMENT is a deployment.yaml, or a folder that holds one, or - for standard input. It\n"
		"names the certificates and trust lists exported from the boxes; nothing is asked of the\n"
		"boxes themselves. \"causeway lab new DIR\" makes one to copy from.\n"
		"\n"
		"The report begins with the people: who can sign in and who cannot. Then come the links,\n"
		"who refuses which, and each cause once, with the box, the page and the file that put it\n"
		"right.\n"
		"\n"
		"-f html is one page with a map to click on, which needs nothing but a browser and can be\n"
		"mailed and printed. -f junit is for build servers. -f json is for programs; with several\n"
		"deployments it prints one object a line, and html and junit a section for each.\n"
		"\n"
		"-f openmetrics is for a metrics collector (node_exporter's textfile collector reads the file):\n"
		"verdict, reason and days to the first break of every link and sign-in. -f nagios is one line\n"
		"with the exit status of a monitoring plugin: 0 OK, 1 warning (a break within 30 days), 2\n"
		"critical (something is refused, or a break within 7 days), 3 unknown.\n"
		"\n"
		"Sign-in works, prompts (the user is asked about a certificate), is degraded (one of several\n"
		"boxes that could carry it cannot), is unknown, or is dead.\n",
	.example = "$ causeway lab new demo --fault issuer-missing\n"
		   "$ causeway check demo\n"
		   "sign-in is dead for jabber laptop and 2 more: 1 upload on 1 node repairs it (cause 1)\n"
		   "...\n"
		   "$ causeway check demo --at +30d        # and in a month?\n"
		   "$ causeway check demo -f html -o demo.html\n",
	.run = check,
};
