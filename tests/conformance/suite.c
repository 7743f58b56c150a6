#include "suite.h"

#include "base/file.h"
#include "pki/bundle/bundle.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SUITE_FILE_MAX (1024 * 1024)
#define ARGUMENTS_MAX 64
#define REASON_SIZE 400
#define CASES_A_POOL 512

/* Everything that a case's question points at. */
struct material {
	struct cw_pool *pool; /* the suite's */
	struct cw_bundle leaf, untrusted, trusted, crls;
	struct cw_trust_list list;
	struct cw_cert **chain;
	struct cw_wanted_name name;
};

static void material_finish(struct material *material)
{
	cw_bundle_finish(&material->leaf);
	cw_bundle_finish(&material->untrusted);
	cw_bundle_finish(&material->trusted);
	cw_bundle_finish(&material->crls);
	cw_trust_list_finish(&material->list);
	free(material->chain);
}

static bool parse(struct material *material, const char *pem, struct cw_bundle *ret)
{
	struct cw_error error;
	return !pem || !*pem ||
		cw_bundle_parse(&(struct cw_bundle_file){pem, strlen(pem), "case"}, NULL, material->pool, ret,
			&error);
}

static bool prepare(struct material *material, const struct suite_case *asked)
{
	if (!material->pool || !parse(material, asked->leaf, &material->leaf) || material->leaf.count == 0 ||
		!parse(material, asked->untrusted, &material->untrusted) ||
		!parse(material, asked->trusted, &material->trusted) ||
		!parse(material, asked->crls, &material->crls))
		return false;
	size_t count = 1 + material->untrusted.count;
	material->chain = calloc(count, sizeof *material->chain);
	if (!material->chain || !cw_trust_list_add_bundle(&material->list, &material->trusted))
		return false;
	material->chain[0] = material->leaf.entries[0].cert;
	for (size_t i = 1; i < count; i++)
		material->chain[i] = material->untrusted.entries[i - 1].cert;
	return true;
}

/* The first thing that refuses, for the reader of a difference. */
static void tell_reason(const struct cw_judgement *judgement, char reason[REASON_SIZE])
{
	const struct cw_finding *refused = NULL;
	for (size_t i = 0; i < judgement->findings.count && !refused; i++)
		if (judgement->findings.items[i].severity == CW_SEVERITY_REFUSED)
			refused = &judgement->findings.items[i];
	if (refused)
		snprintf(reason, REASON_SIZE, "%s: %s", cw_finding_code_name(refused->code),
			refused->detail ? refused->detail : "");
}

/* Cases share their certificates, and so each is parsed once; of ten thousand cases not all are kept. */
static struct cw_pool *pool_of(struct suite *suite)
{
	if (suite->asked % CASES_A_POOL == 0) {
		cw_pool_free(suite->pool);
		suite->pool = cw_pool_new();
	}
	return suite->pool;
}

/* What cannot be read is refused, as on a wire. */
static bool library_accepts(struct suite *suite, const struct suite_case *asked, char reason[REASON_SIZE])
{
	struct material material __attribute__((cleanup(material_finish))) = {.pool = pool_of(suite)};
	AUTO_JUDGEMENT judgement = {0};
	struct cw_error error;
	if (!prepare(&material, asked))
		return false;
	material.name = (struct cw_wanted_name){{asked->name, NULL}, CW_PEER_NAME_MISMATCH, CW_LAYER_TLS};
	struct cw_judge_question question = {
		.chain = material.chain,
		.chain_count = 1 + material.untrusted.count,
		.list = &material.list,
		.profile = CW_PROFILE_RFC5280,
		.purpose = asked->purpose,
		.names = &material.name,
		.name_count = asked->name ? 1 : 0,
		.revocation = {.on = asked->crls,
			.crls = material.crls.crls,
			.count = material.crls.crl_count},
		.policies = asked->policies,
		.at = asked->at,
	};
	if (!cw_judge(&question, &judgement, &error))
		return false;
	tell_reason(&judgement, reason);
	return judgement.verdict != CW_VERDICT_REFUSED;
}

/* The command line of one case, and the files that it names. */
struct command {
	char folder[64];
	char paths[4][96];
	size_t path_count;
	const char *words[ARGUMENTS_MAX];
	size_t count;
};

static void command_finish(struct command *command)
{
	for (size_t i = 0; i < command->path_count; i++)
		unlink(command->paths[i]);
	if (command->folder[0])
		rmdir(command->folder);
}

static void add_word(struct command *command, const char *word)
{
	if (command->count + 1 < ARGUMENTS_MAX)
		command->words[command->count++] = word;
}

static bool add_file(struct command *command, const char *option, const char *pem)
{
	struct cw_error error;
	char *path = command->paths[command->path_count];
	if (!pem)
		return true;
	char folder[sizeof command->folder];
	memcpy(folder, command->folder, sizeof folder);
	snprintf(path, sizeof command->paths[0], "%s/%zu.pem", folder, command->path_count);
	command->path_count++;
	if (!cw_file_create(path, pem, strlen(pem), 0600, &error))
		return false;
	if (option)
		add_word(command, option);
	add_word(command, path);
	return true;
}

static void add_policies(struct command *command, const struct cw_policies *policies)
{
	if (policies->on && policies->count == 0)
		add_word(command, "--policy-check");
	for (size_t i = 0; i < policies->count; i++) {
		add_word(command, "--policy");
		add_word(command, policies->oids[i]);
	}
	if (policies->explicit)
		add_word(command, "--explicit-policy");
	if (policies->inhibit_mapping)
		add_word(command, "--inhibit-policy-mapping");
	if (policies->inhibit_any)
		add_word(command, "--inhibit-any-policy");
}

/* 0 good, 1 refused, 2 not to be asked: what cannot be read is refused. */
static bool run(struct command *command)
{
	posix_spawn_file_actions_t actions;
	pid_t child;
	int status = 0;
	command->words[command->count] = NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", 1, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", 1, 0);
	extern char **environ;
	int failed = posix_spawn(
		&child, command->words[0], &actions, NULL, (char *const *)command->words, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (failed || waitpid(child, &status, 0) != child)
		return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static const char *purpose_word(enum cw_purpose purpose)
{
	return purpose == CW_PURPOSE_SERVER ? "server" : purpose == CW_PURPOSE_CLIENT ? "client" : "any";
}

static bool program_accepts(const struct suite *suite, const struct suite_case *asked)
{
	struct command command
		__attribute__((cleanup(command_finish))) = {.folder = "/tmp/causeway-suite-XXXXXX"};
	char at[CW_TIME_TEXT_SIZE];
	if (!mkdtemp(command.folder))
		return false;
	const char *const fixed[] = {suite->program, "cert", "verify", "--profile", "rfc5280", "--purpose",
		purpose_word(asked->purpose), "--at", cw_time_format(asked->at, at)};
	for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
		add_word(&command, fixed[i]);
	if (asked->name) {
		add_word(&command, "--name");
		add_word(&command, asked->name);
	}
	add_policies(&command, &asked->policies);
	return add_file(&command, "--trusted-ca", asked->trusted) &&
		add_file(&command, "--untrusted", asked->untrusted) &&
		add_file(&command, "--crl", asked->crls) && add_file(&command, NULL, asked->leaf) &&
		run(&command);
}

/* A line of the list of explained differences. */
struct suite_reason {
	char pattern[160];
	bool sometimes;			/* "~ID": some versions of the suite do not have the case */
	size_t cases, asked, differing; /* that it stands for, and how often they were asked */
};

static void read_reasons(struct suite *suite)
{
	AUTO_BUFFER text = {0};
	struct cw_error error;
	if (!suite->differences || suite->reasons ||
		!cw_file_read(suite->differences, SUITE_FILE_MAX, &text, &error))
		return;
	size_t lines = 1;
	for (const char *at = cw_buffer_string(&text); *at; at++)
		lines += *at == '\n';
	suite->reasons = calloc(lines, sizeof *suite->reasons);
	for (const char *line = cw_buffer_string(&text); suite->reasons && *line;
		line += strcspn(line, "\n"), line += *line == '\n') {
		size_t mark = line[0] == '~', length = strcspn(line + mark, " \n");
		if (line[0] == '#' || line[mark + length] != ' ')
			continue; /* a line without a reason explains nothing */
		struct suite_reason *reason = &suite->reasons[suite->reason_count++];
		reason->sometimes = mark;
		snprintf(reason->pattern, sizeof reason->pattern, "%.*s", (int)length, line + mark);
	}
}

/* Whether a line stands for the case; each that does takes note of how it went. `again`: the program is asked what the
 * library was asked before. */
static bool is_explained(struct suite *suite, const char *id, bool differs, bool again)
{
	bool found = false;
	read_reasons(suite);
	for (size_t i = 0; i < suite->reason_count; i++) {
		struct suite_reason *reason = &suite->reasons[i];
		if (strcmp(reason->pattern, id) != 0)
			continue;
		found = true;
		reason->cases += !again;
		reason->asked++;
		reason->differing += differs;
	}
	return found;
}

static size_t tell_stale(const struct suite *suite)
{
	size_t stale = 0;
	for (size_t i = 0; i < suite->reason_count; i++) {
		const struct suite_reason *reason = &suite->reasons[i];
		const char *fault = NULL;
		if (reason->cases > 1)
			fault = "the line stands for more than one case";
		else if (!reason->cases && !reason->sometimes)
			fault = "no case has this name";
		else if (reason->cases && !reason->differing)
			fault = "listed as a difference, and does not differ";
		if (!fault)
			continue;
		printf("%s: %s: %s\n", suite->name, reason->pattern, fault);
		stale++;
	}
	return stale;
}

static const char the_library[] = "the library";

static void count(struct suite *suite, const struct suite_case *asked, const char *through, bool accepted,
	const char *reason)
{
	bool differs = accepted != asked->want_valid;
	bool explained = is_explained(suite, asked->id, differs, through != the_library);
	suite->asked++;
	if (!differs) {
		suite->agreed++;
		return;
	}
	if (explained) {
		suite->explained++;
		return;
	}
	suite->unexplained++;
	printf("%s: %s: wanted %s, %s %s%s%s\n", suite->name, asked->id,
		asked->want_valid ? "valid" : "refused", through, accepted ? "accepts" : "refuses",
		*reason ? ": " : "", reason);
}

void suite_ask(struct suite *suite, const struct suite_case *asked)
{
	char reason[REASON_SIZE] = "";
	bool accepted = library_accepts(suite, asked, reason);
	count(suite, asked, the_library, accepted, reason);
	if (suite->program && suite->cases++ % (suite->program_every ? suite->program_every : 1) == 0)
		count(suite, asked, "cert verify", program_accepts(suite, asked), "");
}

int suite_close(struct suite *suite)
{
	size_t stale = tell_stale(suite);
	printf("%s: %zu asked, %zu agree, %zu differ as explained, %zu differ\n", suite->name, suite->asked,
		suite->agreed, suite->explained, suite->unexplained);
	cw_pool_free(suite->pool);
	suite->pool = NULL;
	free(suite->reasons);
	suite->reasons = NULL;
	return suite->asked == 0 || suite->unexplained || stale ? 1 : 0;
}
