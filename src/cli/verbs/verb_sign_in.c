#include "cli/ask.h"
#include "cli/call_deployment.h"
#include "cli/verbs.h"

#include "plan/remedies.h"
#include "report/observed/sign_in_report.h"
#include "signin/signin.h"

#include <arpa/inet.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define KINDS "jabber|telepresence|phone-7800|phone-8800|phone-9800|webex"
#define PORT_MAX 65535
#define DNS_PORT 53

static const struct cw_option options[] = {
	{"edge", 0, "HOST", NULL, false,
		"this Expressway-E (port 8443 unless HOST:PORT) instead of those of DNS"},
	{"as", 0, KINDS, KINDS, false, "whose part is played (jabber)"},
	{"trust", 0, "FILE", NULL, true, "whom it trusts: the system's list, unless given"},
	{"deployment", 'd', "DEPLOYMENT", NULL, false,
		"its endpoint of that kind with its list; and what its files predict"},
	{"endpoint", 0, "NAME", NULL, false, "of the deployment, instead of --as: by its name"},
	{"accept", 0, "SHA256", NULL, false, "of the certificate that a Jabber's user would accept"},
	{"host", 0, "FQDN=IP", NULL, true, "where a host is, instead of asking DNS"},
	{"dns", 0, "IP", NULL, false, "ask this name server (port 53 unless IP:PORT)"},
	{"register", 0, NULL, NULL, false, "register over SIP too, and take it back at once"},
	{"device", 0, "NAME", NULL, false, "as this device of the user; displaces it where it is signed in"},
	{"password-file", 0, "FILE", NULL, false, "its first line; /dev/fd/3 for a descriptor"},
	{"timeout", 0, "SECONDS", NULL, false, "for each step (10)"},
	CW_OPTION_FORMAT("text|json"),
	CW_OPTION_OUTPUT,
	CW_OPTION_AT,
	CW_OPTION_COLOR,
	CW_OPTIONS_END,
};

struct job {
	struct cw_call *call;
	struct cw_signin_setup setup;
	struct cw_strings words; /* own the setup's texts */
	const char **places;
	struct sockaddr_in dns;
	struct cw_pool *pool;
	struct cw_trust_list list;
	struct cw_call_deployment opened; /* -d */
	struct cw_check *predicted;	  /* of it */
	const struct cw_endpoint *endpoint;
	struct cw_deployment *edges; /* the edge alone, whose links judge */
	struct cw_check *links;
	struct cw_sign_in record;
};

static void job_finish(struct job *job)
{
	cw_sign_in_finish(&job->record);
	cw_check_free(job->links);
	cw_deployment_free(job->edges);
	cw_check_free(job->predicted);
	cw_call_deployment_finish(&job->opened);
	cw_trust_list_finish(&job->list);
	cw_pool_free(job->pool);
	cw_strings_finish(&job->words);
	free(job->places);
}

#define AUTO_JOB __attribute__((cleanup(job_finish))) struct job

/* --- what was typed --- */

static const char *keep(struct job *job, const char *text, size_t length)
{
	return cw_strings_add_range(&job->words, text, length) ? job->words.items[job->words.count - 1]
							       : NULL;
}

/* "HOST:PORT" or "HOST". */
static bool read_port(
	const char *typed, const char *option, size_t *ret_length, unsigned *ret, struct cw_error *error)
{
	const char *colon = strrchr(typed, ':');
	char *end = NULL;
	*ret_length = colon ? (size_t)(colon - typed) : strlen(typed);
	unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;
	if (!*ret_length || (colon && (*end || end == colon + 1 || !port || port > PORT_MAX)))
		return cw_error_set(
			error, CW_E_USAGE, "%s: wanted HOST or HOST:PORT, found \"%s\"", option, typed);
	*ret = (unsigned)port;
	return true;
}

/* What is written into a deployment file and asked of DNS. */
static bool is_domain(const char *text)
{
	size_t length = strlen(text);
	return length && length < 254 && *text != '.' && strchr(text, '.') && !strstr(text, "..") &&
		strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") == length;
}

static bool read_user(struct job *job, struct cw_error *error)
{
	const char *typed = job->call->arguments.words[0], *at = strrchr(typed, '@');
	if (!at || at == typed || !is_domain(at + 1))
		return cw_error_set(error, CW_E_USAGE,
			"wanted USER@DOMAIN (alice@acme.test), the user ID and the domain of Mobile and Remote Access, "
			"found \"%s\"",
			typed);
	job->setup.user = keep(job, typed, (size_t)(at - typed));
	job->setup.domain = at + 1;
	return job->setup.user || cw_error_memory(error);
}

static bool read_edge(struct job *job, struct cw_error *error)
{
	const char *typed = cw_arguments_value(&job->call->arguments, "edge");
	size_t length;
	struct in_addr address;
	if (!typed)
		return true;
	if (!read_port(typed, "--edge", &length, &job->setup.port, error))
		return false;
	if (!(job->setup.edge = keep(job, typed, length)))
		return cw_error_memory(error);
	return inet_pton(AF_INET, job->setup.edge, &address) != 1 ||
		cw_error_set(error, CW_E_USAGE,
			"--edge: wanted the name that its clients use, found the address %s: --edge FQDN --host "
			"FQDN=%s",
			job->setup.edge, job->setup.edge);
}

static bool read_dns(struct job *job, struct cw_error *error)
{
	const char *typed = cw_arguments_value(&job->call->arguments, "dns");
	size_t length;
	unsigned port;
	if (!typed)
		return true;
	if (!read_port(typed, "--dns", &length, &port, error))
		return false;
	const char *host = keep(job, typed, length);
	if (!host)
		return cw_error_memory(error);
	job->dns = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons((uint16_t)(port ? port : DNS_PORT))};
	if (inet_pton(AF_INET, host, &job->dns.sin_addr) != 1)
		return cw_error_set(error, CW_E_USAGE, "--dns: wanted an IPv4 address, found \"%s\"", typed);
	job->setup.dns = &job->dns;
	return true;
}

static bool read_places(struct job *job, struct cw_error *error)
{
	const char *given;
	size_t count = 0;
	struct in_addr address;
	while (cw_arguments_nth(&job->call->arguments, "host", count))
		count++;
	if (!(job->places = calloc(count + 1, sizeof *job->places)))
		return cw_error_memory(error);
	for (size_t i = 0; (given = cw_arguments_nth(&job->call->arguments, "host", i)); i++) {
		const char *equals = strchr(given, '=');
		if (!equals || equals == given || inet_pton(AF_INET, equals + 1, &address) != 1)
			return cw_error_set(error, CW_E_USAGE,
				"--host: wanted FQDN=IP (e1.acme.test=10.0.0.1), found \"%s\"", given);
		job->places[i] = given;
	}
	job->setup.places = job->places;
	return true;
}

/* 64 hex digits, with or without colons. */
static bool read_accept(struct job *job, struct cw_error *error)
{
	const char *typed = cw_arguments_value(&job->call->arguments, "accept");
	char digits[CW_SHA256_TEXT_SIZE];
	size_t length = 0;
	if (!typed)
		return true;
	for (const char *at = typed; *at && length < sizeof digits; at++)
		if (*at != ':')
			digits[length++] = *at;
	if (length != sizeof digits - 1 || strspn(typed, "0123456789abcdefABCDEF:") != strlen(typed))
		return cw_error_set(error, CW_E_USAGE,
			"--accept: wanted the certificate's SHA-256, 64 hex digits, found \"%s\"", typed);
	job->setup.accept = keep(job, digits, length);
	return job->setup.accept || cw_error_memory(error);
}

static bool read_device(struct job *job, struct cw_error *error)
{
	const struct cw_arguments *arguments = &job->call->arguments;
	bool registers = cw_arguments_given(arguments, "register");
	const char *device = cw_arguments_value(arguments, "device");
	if (registers == (device != NULL)) {
		job->setup.device = device;
		return true;
	}
	return cw_error_set(error, CW_E_USAGE,
		registers
			? "--register: as which device? wanted --device NAME; it displaces that device where it "
			  "is signed in"
			: "--device NAME is for --register");
}

static bool read_timeout(struct job *job, struct cw_error *error)
{
	const char *text = cw_arguments_value(&job->call->arguments, "timeout");
	char *end;
	unsigned long seconds = text ? strtoul(text, &end, 10) : 10;
	if (text && (*end || seconds < 1 || seconds > 3600))
		return cw_error_set(
			error, CW_E_USAGE, "--timeout: wanted 1 to 3600 seconds, found \"%s\"", text);
	job->setup.seconds = (unsigned)seconds;
	return true;
}

static void read_kind(struct job *job)
{
	const char *as = cw_arguments_value(&job->call->arguments, "as");
	for (int kind = 0; as && kind <= CW_ENDPOINT_WEBEX; kind++)
		if (strcmp(as, cw_endpoint_kind_name((enum cw_endpoint_kind)kind)) == 0)
			job->setup.kind = (enum cw_endpoint_kind)kind;
}

/* --- whom it trusts --- */

static bool add_list(struct job *job, const char *path, struct cw_error *error)
{
	AUTO_BUNDLE bundle = {0};
	return cw_bundle_read(path, path, NULL, job->pool, &bundle, error) &&
		(cw_trust_list_add_bundle(&job->list, &bundle) || cw_error_memory(error));
}

static bool read_lists(struct job *job, struct cw_error *error)
{
	const char *path, *system = getenv(X509_get_default_cert_file_env());
	size_t count = 0;
	job->setup.list = &job->list;
	for (; (path = cw_arguments_nth(&job->call->arguments, "trust", count)); count++)
		if (!add_list(job, path, error))
			return false;
	if (count)
		return true;
	struct cw_error ignored; /* a machine without a system list has an empty one */
	(void)!add_list(job, system ? system : X509_get_default_cert_file(), &ignored);
	return true;
}

/* By its name, else the first of this kind. */
static void find_endpoint(struct job *job, const char *name)
{
	const struct cw_deployment *deployment = job->opened.deployment;
	for (size_t i = 0; i < deployment->endpoint_count && !job->endpoint; i++) {
		const struct cw_endpoint *endpoint = &deployment->endpoints[i];
		if (name ? strcmp(endpoint->name, name) == 0 : endpoint->kind == job->setup.kind)
			job->endpoint = endpoint;
	}
}

/* The deployment's endpoint, and what its check says of it. */
static bool read_endpoint(struct job *job, struct cw_error *error)
{
	const struct cw_deployment *deployment = job->opened.deployment;
	const struct cw_check_options terms = {.at = job->setup.at};
	const char *name = cw_arguments_value(&job->call->arguments, "endpoint");
	find_endpoint(job, name);
	if (!job->endpoint && name)
		return cw_error_set(error, CW_E_USAGE, "%s: has no endpoint \"%s\"", deployment->path, name);
	if (!job->endpoint)
		return cw_error_set(error, CW_E_USAGE, "%s: has no endpoint of kind %s", deployment->path,
			cw_endpoint_kind_name(job->setup.kind));
	job->setup.kind = job->endpoint->kind;
	if (!cw_arguments_given(&job->call->arguments, "trust"))
		job->setup.list = job->endpoint->trust.state == CW_KNOWN ? &job->endpoint->trust.list : NULL;
	return cw_remedies_check(deployment, &terms, &job->predicted, error);
}

static const struct cw_service *predicted(const struct job *job)
{
	for (size_t i = 0; job->predicted && i < job->predicted->service_count; i++) {
		const struct cw_service *service = &job->predicted->services[i];
		if (service->endpoint == job->endpoint &&
			strcasecmp(service->domain->name, job->setup.domain) == 0)
			return service;
	}
	return NULL;
}

static bool prepare(struct job *job, struct cw_error *error)
{
	if (cw_arguments_given(&job->call->arguments, "endpoint") && !job->opened.deployment)
		return cw_error_set(
			error, CW_E_USAGE, "--endpoint NAME is one of a deployment: -d DEPLOYMENT");
	read_kind(job);
	if (!(job->pool = cw_pool_new()))
		return cw_error_memory(error);
	return read_user(job, error) && read_edge(job, error) && read_dns(job, error) &&
		read_places(job, error) && read_accept(job, error) && read_device(job, error) &&
		read_timeout(job, error) && cw_call_time(job->call, &job->setup.at, error) &&
		read_lists(job, error) && (!job->opened.deployment || read_endpoint(job, error));
}

/* --- what signin asks for --- */

static bool give_password(void *context, char **ret, struct cw_error *error)
{
	struct job *job = context;
	const char *file = cw_arguments_value(&job->call->arguments, "password-file");
	AUTO_BUFFER prompt = {0};
	if (file)
		return cw_ask_password_file(file, ret, error);
	cw_buffer_printf(
		&prompt, "Password of %s for Mobile and Remote Access (to one host, once)", job->setup.user);
	return cw_buffer_ok(&prompt, error) && cw_ask_password(cw_buffer_string(&prompt), ret, error);
}

/* A deployment of the edge alone: its links to this endpoint are what judges. */
static void write_edges(const struct job *job, const struct cw_strings *hosts, struct cw_buffer *ret)
{
	cw_buffer_printf(ret, "causeway: 1\ndomains: [\"%s\"]\nexpressway-e:\n  release: X15.0\n  nodes:\n",
		job->setup.domain);
	for (size_t i = 0; i < hosts->count; i++)
		cw_buffer_printf(ret,
			"    - fqdn: \"%s\"\n      server: unknown\n      trusted-ca: unknown\n",
			hosts->items[i]);
	cw_buffer_printf(ret, "endpoints:\n  - name: client\n    kind: %s\n    trust: unknown\n",
		cw_endpoint_kind_name(job->setup.kind));
}

static bool give_links(
	void *context, const struct cw_strings *hosts, const struct cw_check **ret, struct cw_error *error)
{
	struct job *job = context;
	AUTO_BUFFER text = {0};
	AUTO_STRINGS problems = {0};
	const struct cw_check_options terms = {.at = job->setup.at};
	write_edges(job, hosts, &text);
	if (!cw_buffer_ok(&text, error))
		return false;
	const struct cw_load_text source = {
		.data = text.data, .length = text.length, .shown = "the edge of this domain", .folder = ""};
	if (!cw_load_deployment_text(&source, job->pool, &job->edges, &problems))
		return cw_error_set(error, CW_E_FORMAT, "%s",
			problems.count ? problems.items[0] : "the edge cannot be judged");
	/* Its list goes with each question. */
	if (job->setup.list)
		job->edges->endpoints[0].trust.state = CW_KNOWN;
	if (!cw_check_run(job->edges, &terms, &job->links, error))
		return false;
	*ret = job->links;
	return true;
}

/* --- the verb --- */

static bool answer(struct job *job, struct cw_error *error)
{
	const char *format = cw_arguments_value(&job->call->arguments, "format");
	const struct cw_sign_in_report report = {&job->record, predicted(job)};
	AUTO_BUFFER text = {0};
	bool good = format && strcmp(format, "json") == 0
		? cw_sign_in_report_json(&report, &text, error)
		: cw_sign_in_report_text(&report, cw_call_look(job->call), &text, error);
	return good && cw_call_write(job->call, &text, error);
}

static enum cw_exit status(const struct job *job)
{
	switch (job->record.state) {
	case CW_SERVICE_WORKS:
	case CW_SERVICE_PROMPTS:
		return CW_EXIT_GOOD;
	case CW_SERVICE_DEGRADED:
	case CW_SERVICE_DEAD:
		return CW_EXIT_REFUSED;
	case CW_SERVICE_UNKNOWN:
		return CW_EXIT_TROUBLE;
	}
	return CW_EXIT_TROUBLE;
}

static enum cw_exit sign_in(struct cw_call *call)
{
	AUTO_JOB job = {.call = call};
	struct cw_error error;
	const char *deployment = cw_arguments_value(&call->arguments, "deployment");
	if (deployment && !cw_call_deployment_load(call, deployment, &job.opened))
		return CW_EXIT_TROUBLE;
	job.setup.owner =
		(struct cw_signin_owner){.password = give_password, .links = give_links, .context = &job};
	if (!prepare(&job, &error))
		return cw_call_trouble(call, &error);
	if (job.setup.device)
		cw_call_tell(call,
			"--register: the device is displaced where it is signed in; it comes back by itself");
	if (!cw_signin_run(&job.setup, &job.record, &error) || !answer(&job, &error))
		return cw_call_trouble(call, &error);
	return status(&job);
}

const struct cw_verb cw_verb_sign_in = {
	.name = "sign-in",
	.summary = "sign in from outside as a client does, and say where it ends and why",
	.words = "USER@DOMAIN",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "Does what a Jabber, a TelePresence endpoint or a phone outside does, against any\n"
		 "Expressway-E: SRV and addresses, TLS with every one of them, get_edge_sso,\n"
		 "get_edge_config, the user's devices (UDS) and the device's file from every server that\n"
		 "has them, TLS for SIP and, with --register, REGISTER with every Unified CM of the\n"
		 "device's group; each with its time and what it is worth. What an Expressway-E presents\n"
		 "is judged by that client's list, with the words of \"check\".\n"
		 "\n"
		 "The password is asked for when it is needed, goes to one host, and after a refusal to\n"
		 "none: accounts are locked and addresses banned for less. Where Jabber would ask its\n"
		 "user about a certificate nothing is sent, unless --accept names it. An edge with single\n"
		 "sign-on alone ends the sign-in at \"sso\", unknown. With --register the device of that\n"
		 "name is displaced for a moment.\n"
		 "\n"
		 "Returns 0 where it works (or Jabber prompts), 1 where it is dead or degraded, 2 where\n"
		 "it could not be tried to its end.\n",
	.example = "$ causeway sign-in alice@acme.test\n"
		   "$ causeway sign-in alice@acme.test --edge e1.acme.test --as telepresence \\\n"
		   "      --trust room-cas.pem -d acme\n",
	.run = sign_in,
};
