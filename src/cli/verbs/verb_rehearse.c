#include "cli/call_deployment.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "plan/remedies.h"
#include "rehearse/serve_folder.h"
#include "report/observed/rehearsal_report.h"

#include <signal.h>
#include <string.h>

static const struct cw_option options[] = {
	CW_OPTION_FORMAT("text|json|html"),
	CW_OPTION_OUTPUT,
	CW_OPTION_AT,
	{"profile", 0, "PROFILE", "expressway|rfc5280", false,
		"judge with one search of issuers everywhere: expressway or rfc5280"},
	{"tls", 0, "VERSION", "1.2|1.3", false, "use this TLS version only, where the keys allow it"},
	{"hold", 0, NULL, NULL, false,
		"keep the rehearsal up afterwards and say how to connect to it; ends with Ctrl-C"},
	{"no-tunnels", 0, NULL, NULL, false,
		"leave the SSH tunnels out; they are then not rehearsed, which is no pass"},
	CW_OPTION_COLOR,
	CW_OPTIONS_END,
};

/* What a rehearsal stands on; released from the bottom up. */
struct job {
	struct cw_call *call;
	struct cw_pool *pool;
	struct cw_deployment *deployment;
	struct cw_rehearsal_options options;
	struct cw_check *check;
	struct cw_rehearsal *rehearsal;
	struct cw_progress progress;
};

static void job_finish(struct job *job)
{
	cw_rehearsal_free(job->rehearsal);
	cw_check_free(job->check);
	cw_cache_free(job->options.check.cache);
	cw_deployment_free(job->deployment);
	cw_pool_free(job->pool);
}

#define AUTO_JOB __attribute__((cleanup(job_finish))) struct job

static void show_progress(void *context, size_t done, size_t total)
{
	struct job *job = context;
	cw_progress_show(&job->progress, cw_time_now(), done, total);
}

static bool prepare(struct job *job, struct cw_error *error)
{
	const struct cw_arguments *arguments = &job->call->arguments;
	const char *profile = cw_arguments_value(arguments, "profile");
	const char *tls = cw_arguments_value(arguments, "tls");
	struct cw_rehearsal_options *options_ = &job->options;
	if (!cw_call_time(job->call, &options_->check.at, error))
		return false;
	options_->check.force_profile = profile && cw_judge_profile_named(profile, &options_->check.profile);
	options_->versions = CW_TLS_ANY;
	if (tls)
		options_->versions = strcmp(tls, "1.2") == 0 ? CW_TLS_1_2 : CW_TLS_1_3;
	options_->without_tunnels = cw_arguments_given(arguments, "no-tunnels");
	options_->keeps_tunnels = cw_arguments_given(arguments, "hold");
	options_->progress = show_progress;
	options_->context = job;
	options_->check.cache = cw_cache_new();
	job->pool = cw_pool_new();
	job->progress = cw_progress_begin(job->call, "links rehearsed");
	return job->pool && options_->check.cache ? true : cw_error_memory(error);
}

static enum cw_exit tell_problems(const struct job *job, const struct cw_strings *problems)
{
	struct cw_error error;
	if (!problems->count) { /* there was no memory even to say so */
		cw_error_memory(&error);
		return cw_call_trouble(job->call, &error);
	}
	for (size_t i = 0; i < problems->count; i++)
		cw_call_tell(job->call, problems->items[i]);
	return CW_EXIT_TROUBLE;
}

static bool report(struct job *job, struct cw_error *error)
{
	const char *format = cw_arguments_value(&job->call->arguments, "format");
	const struct cw_observed_set *observed = cw_rehearsal_observed(job->rehearsal);
	AUTO_BUFFER answer = {0};
	bool written;
	if (format && strcmp(format, "json") == 0)
		written = cw_rehearsal_report_json(observed, &answer, error);
	else if (format && strcmp(format, "html") == 0)
		written = cw_rehearsal_report_html(observed, &answer, error);
	else
		written = cw_rehearsal_report_text(observed, cw_call_look(job->call), &answer, error);
	return written && cw_call_write(job->call, &answer, error);
}

static bool any_refused(const struct job *job)
{
	for (size_t i = 0; i < job->check->link_count; i++)
		if (cw_rehearsal_observed(job->rehearsal)->items[i].state == CW_OBSERVED_REFUSED)
			return true;
	return cw_check_refused(job->check);
}

static bool make_links(struct job *job, struct cw_error *error)
{
	bool made = cw_remedies_check(job->deployment, &job->options.check, &job->check, error) &&
		cw_rehearsal_new(job->check, &job->options, &job->rehearsal, error) &&
		cw_rehearsal_run(job->rehearsal, error);
	cw_progress_end(&job->progress);
	return made;
}

static void say(void *context, const char *text)
{
	const struct cw_call *call = context;
	cw_call_say(call, text);
}

static bool serve(struct cw_call *call, struct cw_rehearsal *rehearsal, struct cw_error *error)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	const struct cw_serve_folder_owner owner = {.say = say, .context = call};
	/* but for the time that they end it: a second one would leave keys behind */
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		signal(numbers[i], SIG_IGN);
	return cw_serve_folder(rehearsal, &owner, error);
}

static enum cw_exit rehearse(struct cw_call *call)
{
	AUTO_JOB job = {.call = call};
	AUTO_STRINGS problems = {0};
	struct cw_error error;
	if (!prepare(&job, &error))
		return cw_call_trouble(call, &error);
	if (!cw_load_deployment(call->arguments.words[0], job.pool, &job.deployment, &problems))
		return tell_problems(&job, &problems);
	cw_call_deployment_tell(call, job.deployment);
	if (!make_links(&job, &error) || !report(&job, &error))
		return cw_call_trouble(call, &error);
	if (cw_arguments_given(&call->arguments, "hold") && !serve(call, job.rehearsal, &error))
		return cw_call_trouble(call, &error);
	if (cw_observed_differing(cw_rehearsal_observed(job.rehearsal)))
		return CW_EXIT_DIFFERS;
	return any_refused(&job) ? CW_EXIT_REFUSED : CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_rehearse = {
	.name = "rehearse",
	.summary = "make every link as a real TLS handshake on loopback, beside the prediction",
	.words = "DEPLOYMENT",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "Brings the deployment up once more on this machine (in a network of its own\n"
		 "inside 127.0.0.0/8) and makes every TLS link of it, with Causeway's judge inside\n"
		 "the handshake on both sides. No private key of the real boxes is needed:\n"
		 "certificates are copied byte for byte with other keys behind them. Nothing is\n"
		 "sent to the boxes.\n"
		 "\n"
		 "The table has two columns: what check predicts, and what really happened. Where\n"
		 "they differ, the exit status is 3; otherwise it is that of check.\n"
		 "\n"
		 "SSH tunnels follow their zones, by OpenSSH (openssh-client, openssh-server) as an\n"
		 "ordinary user; root gives itself up for the account causeway or sshd. Without\n"
		 "them, tunnels are not rehearsable, which is no pass.\n"
		 "\n"
		 "With --hold the rehearsal stays up until Ctrl-C (or SIGTERM, SIGHUP): traversal zones\n"
		 "and tunnels keep themselves alive, other tools can connect, and every client is\n"
		 "judged and told of. Private keys that the deployment names are used where they\n"
		 "stand; all others are made up, live in a folder below TMPDIR and are removed at\n"
		 "the end.\n",
	.example = "$ causeway lab new demo --fault root-missing\n"
		   "$ causeway rehearse demo\n"
		   "...\n"
		   "  traversal  c1.acme.test -> e1.acme.test:7001    refused    refused  in TLS\n"
		   "             c1.acme.test refused: root-missing; alert unknown_ca, sent and seen\n"
		   "...\n",
	.run = rehearse,
};
