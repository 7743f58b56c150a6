#include "cli/call_deployment.h"
#include "cli/verbs.h"

#include "collect/probe.h"
#include "plan/remedies.h"
#include "report/observed/probe_beside.h"
#include "report/observed/probe_report.h"

#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

static const struct cw_option options[] = {
	{"deployment", 'd', "DEPLOYMENT", NULL, false, "every address of the deployment, beside its files"},
	{"as", 0, CW_PROBED_ROLES, CW_PROBED_ROLES, false,
		"which client judges, and the port where none is given"},
	{"sni", 0, "NAME", NULL, false, "ask for this name instead of the host's, and judge by it"},
	{"starttls", 0, "xmpp", "xmpp", false, "speak the protocol's words before TLS (XMPP: port 5222)"},
	{"trust", 0, "FILE", NULL, true, "the list to judge by; --as edge: the system's, unless given"},
	{"host", 0, "FQDN=IP", NULL, true, "where a host is, instead of asking DNS"},
	{"sip-options", 0, NULL, NULL, false, "send SIP OPTIONS after TLS"},
	{"ssh", 0, NULL, NULL, false,
		"read an SSH banner: one connection; boxes may ban who does this often"},
	{"beside", 0, "FILE", NULL, true, "an earlier probe's JSON, from elsewhere: say what differs"},
	{"extract", 0, "DIR", NULL, false, "write each presented chain as DIR/HOST_PORT.pem"},
	{"rehearsed", 0, "FILE", NULL, false, "what `rehearse -f json` wrote: a column of -f html"},
	CW_OPTION_FORMAT("text|json|html"),
	CW_OPTION_OUTPUT,
	CW_OPTION_AT,
	CW_OPTION_COLOR,
	CW_OPTIONS_END,
};

struct job {
	struct cw_call *call;
	struct cw_call_deployment opened;
	struct cw_check_options terms;
	struct cw_check *check;
	struct cw_pool *pool; /* of --trust */
	struct cw_trust_list list;
	bool has_list;
	const struct cw_probed_role *role;
	struct cw_strings hosts; /* own the targets' texts */
	struct cw_probe_target *targets;
	size_t count, capacity;
	struct cw_probed_set set;
	struct cw_buffer answer;
};

static void job_finish(struct job *job)
{
	cw_probed_set_finish(&job->set);
	cw_buffer_finish(&job->answer);
	cw_strings_finish(&job->hosts);
	free(job->targets);
	cw_trust_list_finish(&job->list);
	cw_pool_free(job->pool);
	cw_check_free(job->check);
	cw_cache_free(job->terms.cache);
	cw_call_deployment_finish(&job->opened);
}

#define AUTO_JOB __attribute__((cleanup(job_finish))) struct job

/* The address that --host gives, or NULL. */
static const char *address_of(const struct cw_call *call, const char *host)
{
	const char *given;
	size_t length = strlen(host);
	for (size_t i = 0; (given = cw_arguments_nth(&call->arguments, "host", i)); i++)
		if (strncasecmp(given, host, length) == 0 && given[length] == '=')
			return given + length + 1;
	return NULL;
}

static bool check_hosts(const struct cw_call *call, struct cw_error *error)
{
	const char *given;
	for (size_t i = 0; (given = cw_arguments_nth(&call->arguments, "host", i)); i++) {
		const char *equals = strchr(given, '=');
		if (!equals || equals == given || !equals[1])
			return cw_error_set(error, CW_E_USAGE,
				"--host: wanted FQDN=IP (e1.acme.test=10.0.0.1), found \"%s\"", given);
	}
	return true;
}

static bool add_target(struct job *job, const char *host, unsigned port, struct cw_error *error)
{
	const struct cw_arguments *arguments = &job->call->arguments;
	struct cw_probe_target target = {
		.host = host, .port = port, .sni = cw_arguments_value(arguments, "sni")};
	target.at = address_of(job->call, host);
	if (cw_arguments_given(arguments, "starttls"))
		target.words = CW_PROBE_XMPP;
	else if (cw_arguments_given(arguments, "ssh"))
		target.words = CW_PROBE_SSH;
	else if (cw_arguments_given(arguments, "sip-options"))
		target.words = CW_PROBE_SIP_OPTIONS;
	if (!cw_memory_grow(&job->targets, &job->capacity, job->count, sizeof *job->targets))
		return cw_error_memory(error);
	job->targets[job->count++] = target;
	return true;
}

static unsigned default_port(const struct job *job)
{
	if (cw_arguments_given(&job->call->arguments, "ssh"))
		return 2222;
	if (cw_arguments_given(&job->call->arguments, "starttls"))
		return 5222;
	return job->role->port;
}

/* "host", "host:port", "[v6]", "[v6]:port", "v6". */
static bool read_target(struct job *job, const char *typed, struct cw_error *error)
{
	const char *host = typed, *colon = strrchr(typed, ':');
	size_t length = strlen(typed);
	unsigned long port = default_port(job);
	char *end = NULL;
	bool brackets = *typed == '[' && strchr(typed, ']');
	if (brackets) {
		host = typed + 1;
		length = strcspn(host, "]");
		colon = host[length + 1] == ':' ? host + length + 1 : NULL;
	} else if (colon && strchr(typed, ':') != colon) {
		colon = NULL; /* an IPv6 address */
	} else if (colon) {
		length = (size_t)(colon - typed);
	}
	if (colon)
		port = strtoul(colon + 1, &end, 10);
	if (!length || (colon && (*end || end == colon + 1)) || !port || port > 65535)
		return cw_error_set(error, CW_E_USAGE, "wanted HOST or HOST:PORT, found \"%s\"", typed);
	if (port == 2222 && !cw_arguments_given(&job->call->arguments, "ssh"))
		return cw_error_set(error, CW_E_USAGE,
			"%s: port 2222 is the SSH tunnels'; it is looked at with --ssh alone, since Expressway-E may "
			"ban the address that does",
			typed);
	if (!cw_strings_add_range(&job->hosts, host, length))
		return cw_error_memory(error);
	return add_target(job, job->hosts.items[job->hosts.count - 1], (unsigned)port, error);
}

static bool add_link(struct job *job, const struct cw_link *link, struct cw_error *error)
{
	if (link->kind == CW_LINK_TUNNEL ||
		!link->port) /* 2222 is left alone; some have no connection of their own */
		return true;
	for (size_t i = 0; i < job->count; i++)
		if (job->targets[i].port == link->port &&
			strcasecmp(job->targets[i].host, link->address) == 0)
			return true;
	return add_target(job, link->address, link->port, error);
}

static bool find_targets(struct job *job, struct cw_error *error)
{
	const struct cw_arguments *arguments = &job->call->arguments;
	for (size_t i = 0; i < arguments->word_count; i++)
		if (!read_target(job, arguments->words[i], error))
			return false;
	for (size_t i = 0; job->check && i < job->check->link_count; i++)
		if (!add_link(job, job->check->links[i], error))
			return false;
	return job->count ||
		cw_error_set(error, CW_E_USAGE, "probe: wanted HOST[:PORT]..., or -d DEPLOYMENT");
}

static bool add_list(struct job *job, const char *path, struct cw_error *error)
{
	AUTO_BUNDLE bundle = {0};
	if (!cw_bundle_read(path, path, NULL, job->pool, &bundle, error))
		return false;
	job->has_list = true;
	return cw_trust_list_add_bundle(&job->list, &bundle) || cw_error_memory(error);
}

static bool read_lists(struct job *job, struct cw_error *error)
{
	const char *path, *system = getenv(X509_get_default_cert_file_env());
	if (!(job->pool = cw_pool_new()))
		return cw_error_memory(error);
	for (size_t i = 0; (path = cw_arguments_nth(&job->call->arguments, "trust", i)); i++)
		if (!add_list(job, path, error))
			return false;
	if (job->has_list || strcmp(job->role->name, "edge") != 0)
		return true;
	if (!system)
		system = X509_get_default_cert_file();
	struct cw_error ignored; /* a machine without a system list has an empty one */
	if (!add_list(job, system, &ignored))
		job->has_list = true;
	return true;
}

static bool prepare(struct job *job, struct cw_error *error)
{
	const char *as = cw_arguments_value(&job->call->arguments, "as");
	job->role = cw_probed_judge_role(as ? as : "edge");
	bool html = cw_arguments_value(&job->call->arguments, "format") &&
		strcmp(cw_arguments_value(&job->call->arguments, "format"), "html") == 0;
	if (cw_arguments_given(&job->call->arguments, "rehearsed") && !html)
		return cw_error_set(error, CW_E_USAGE, "--rehearsed is a column of -f html");
	if (html && !job->opened.deployment)
		return cw_error_set(
			error, CW_E_USAGE, "-f html is a page of a deployment: wanted -d DEPLOYMENT");
	if (!check_hosts(job->call, error) || !cw_call_time(job->call, &job->terms.at, error))
		return false;
	if (!job->opened.deployment)
		return read_lists(job, error);
	job->terms.cache = cw_cache_new();
	return job->terms.cache ? cw_remedies_check(job->opened.deployment, &job->terms, &job->check, error)
				: cw_error_memory(error);
}

static bool judge(struct job *job, struct cw_error *error)
{
	for (size_t i = 0; i < job->set.count; i++) {
		struct cw_probed *probed = &job->set.items[i];
		if (job->check ? !cw_probed_judge_links(probed, job->check, &job->terms, error)
			       : job->has_list &&
					!cw_probed_judge_alone(
						probed, job->role, &job->list, job->terms.at, error))
			return false;
	}
	return true;
}

static bool answer(struct job *job, struct cw_error *error)
{
	const struct cw_arguments *arguments = &job->call->arguments;
	const char *format = cw_arguments_value(arguments, "format");
	const char *folder = cw_arguments_value(arguments, "extract");
	const struct cw_probe_report report = {
		&job->set, job->check ? NULL : job->role, job->has_list, job->opened.deployment};
	const char *beside;
	for (size_t i = 0; (beside = cw_arguments_nth(arguments, "beside", i)); i++)
		if (!cw_probe_beside(&job->set, beside, error))
			return false;
	if (folder && !cw_call_lock_made(job->call, folder, error))
		return false;
	if (folder && !cw_probe_report_extract(&job->set, folder, error))
		return false;
	bool good;
	if (format && strcmp(format, "html") == 0)
		good = cw_probe_report_html(
			&report, job->check, cw_arguments_value(arguments, "rehearsed"), &job->answer, error);
	else if (format && strcmp(format, "json") == 0)
		good = cw_probe_report_json(&report, &job->answer, error);
	else
		good = cw_probe_report_text(&report, cw_call_look(job->call), &job->answer, error);
	return good && cw_call_write(job->call, &job->answer, error);
}

static enum cw_exit status(const struct job *job)
{
	enum cw_exit exit = CW_EXIT_GOOD;
	for (size_t i = 0; i < job->set.count; i++)
		if (cw_probe_report_verdict(&job->set.items[i]) == CW_VERDICT_REFUSED)
			exit = CW_EXIT_REFUSED;
	return exit;
}

static enum cw_exit probe(struct cw_call *call)
{
	AUTO_JOB job = {.call = call};
	struct cw_error error;
	const struct cw_probe_options how = {0};
	const char *deployment = cw_arguments_value(&call->arguments, "deployment");
	if (deployment && !cw_call_deployment_load(call, deployment, &job.opened))
		return CW_EXIT_TROUBLE;
	if (cw_arguments_given(&call->arguments, "ssh"))
		cw_call_tell(call,
			"--ssh: one connection to each; Expressway-E may ban an address that reads its "
			"banner often");
	if (!prepare(&job, &error) || !find_targets(&job, &error) ||
		!cw_probe_run(job.targets, job.count, &how, &job.set, &error) || !judge(&job, &error) ||
		!answer(&job, &error))
		return cw_call_trouble(call, &error);
	return status(&job);
}

const struct cw_verb cw_verb_probe = {
	.name = "probe",
	.summary = "what live servers present, ask for and refuse with, and whether it is trusted",
	.words = "HOST[:PORT]...",
	.words_max = CW_WORDS_MANY,
	.options = options,
	.about = "Connects to all of them at once, without a client certificate and without a request,\n"
		 "and says which certificates each sends, whether it asks for one (of which CAs) and what\n"
		 "it does without, and with which TLS versions. What is presented is judged as the client\n"
		 "of --as would. With --deployment every address of the deployment is probed, judged by\n"
		 "its links and put beside its files: a box that still presents the old certificate was\n"
		 "not restarted. What cannot be reached from here is unknown, never refused. Its -f html\n"
		 "page has what is presented beside what is predicted and, with --rehearsed, rehearsed.\n"
		 "\n"
		 "Exit status 1: something that was presented is refused.\n",
	.example = "$ causeway probe e1.acme.test --as traversal --trust c1/ca.pem\n"
		   "$ causeway probe -d demo --extract presented\n",
	.run = probe,
};
