#include "cli/call_deployment.h"
#include "cli/file_watch.h"
#include "cli/verbs.h"

#include "base/child.h"
#include "base/file.h"
#include "plan/remedies.h"
#include "report/plan/compare_report.h"
#include "report/summary.h"
#include "report/text/layout.h"
#include "workbench/post.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define WAIT_SECONDS_MAX 3600 /* a clock that was set, or a machine that slept, is noticed within that time */
#define COMMAND_SECONDS_MAX 600 /* against a command that never ends: no change would be told any more */
#define PATH_DEFAULT "/usr/local/bin:/usr/bin:/bin"

extern char **environ;

static const struct cw_option options[] = {
	{"post", 0, "URL|@FILE", NULL, false,
		"send each change as JSON to this URL (@FILE: to the one in the first line of FILE)"},
	CW_OPTIONS_END,
};

/* URLs are shorter. */
#define URL_FILE_MAX 4096

/* A deployment as it was judged at one time: the check points into what was loaded. */
struct watched {
	struct cw_call_deployment loaded;
	struct cw_check *check;
};

static void watched_finish(struct watched *watched)
{
	cw_check_free(watched->check);
	cw_call_deployment_finish(&watched->loaded);
	*watched = (struct watched){0};
}

#define AUTO_WATCHED __attribute__((cleanup(watched_finish))) struct watched

static bool judge(struct cw_call *call, cw_time now, struct watched *ret)
{
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	struct cw_check_options how = {.at = now, .cache = cache};
	struct cw_error error;
	if (!cache) {
		cw_call_tell(call, "out of memory");
		return false;
	}
	if (!cw_call_deployment_load(call, call->arguments.words[0], &ret->loaded))
		return false;
	if (cw_remedies_check(ret->loaded.deployment, &how, &ret->check, &error))
		return true;
	cw_call_trouble(call, &error);
	return false;
}

static void print(struct cw_call *call, const struct cw_buffer *text)
{
	fwrite(cw_buffer_string(text), 1, text->length, call->out);
	fflush(call->out);
}

static void print_summary(struct cw_call *call, const struct cw_check *check)
{
	AUTO_BUFFER marked = {0};
	AUTO_BUFFER text = {0};
	cw_summary_sentence(&marked, check);
	cw_buffer_char(&marked, '\n');
	cw_layout_render(&marked, cw_call_look(call), &text);
	print(call, &text);
}

/* The program as an absolute path: as typed where it has a slash, else the first of that name in $PATH. */
static char *find_program(const char *name)
{
	const char *path = getenv("PATH");
	if (strchr(name, '/'))
		return realpath(name, NULL);
	for (const char *at = path ? path : PATH_DEFAULT; *at;) {
		AUTO_BUFFER candidate = {0};
		size_t length = strcspn(at, ":");
		cw_buffer_append(&candidate, at, length);
		cw_buffer_printf(&candidate, "/%s", name);
		if (length && access(cw_buffer_string(&candidate), X_OK) == 0)
			return realpath(cw_buffer_string(&candidate), NULL);
		at += length + (at[length] == ':');
	}
	errno = ENOENT;
	return NULL;
}

/* What the command finds in its environment besides ours. */
static bool make_environment(
	const struct cw_check *check, const struct cw_compare *compare, struct cw_strings *ret)
{
	for (char **at = environ; *at; at++)
		if (!cw_strings_add(ret, *at))
			return false;
	return cw_strings_addf(ret, "CAUSEWAY_DEPLOYMENT=%s", check->deployment->name) &&
		cw_strings_addf(ret, "CAUSEWAY_WORSE=%zu", compare->worse) &&
		cw_strings_addf(ret, "CAUSEWAY_BETTER=%zu", compare->better) &&
		cw_strings_addf(ret, "CAUSEWAY_REFUSED=%zu", check->verdicts[CW_VERDICT_REFUSED]);
}

/* Waits for its end; whatever has not ended by then is killed with the child. */
static void wait_for(struct cw_call *call, struct cw_child *child, const char *name)
{
	char status[CW_CHILD_STATUS_SIZE];
	AUTO_BUFFER line = {0};
	struct pollfd ended = {.fd = child->pidfd, .events = POLLIN};
	poll(&ended, 1, COMMAND_SECONDS_MAX * 1000);
	if (!cw_child_ended(child))
		cw_buffer_printf(
			&line, "%s: did not end within %d seconds and was killed", name, COMMAND_SECONDS_MAX);
	else if (child->status)
		cw_buffer_printf(&line, "%s: %s", name, cw_child_status_text(child->status, status));
	if (line.length)
		cw_call_tell(call, cw_buffer_string(&line));
	cw_child_finish(child);
}

/* A file in memory that holds the change: a command that reads nothing keeps nobody waiting. */
static int input_of(const struct cw_buffer *json)
{
	int file = memfd_create("change", MFD_CLOEXEC);
	if (file < 0)
		return -1;
	if (write(file, cw_buffer_string(json), json->length) != (ssize_t)json->length ||
		lseek(file, 0, SEEK_SET) != 0) {
		close(file);
		return -1;
	}
	return file;
}

static bool start_command(struct cw_call *call, const char *const *arguments, const char *const *environment,
	const struct cw_buffer *json, struct cw_error *error)
{
	struct cw_child child = CW_CHILD_NONE;
	int input = input_of(json);
	if (input < 0)
		return cw_error_set(error, CW_E_IO, "memory file: %s", strerror(errno));
	struct cw_child_setup setup = {.arguments = arguments,
		.environment = environment,
		.in = input,
		.out = STDOUT_FILENO,
		.err = STDERR_FILENO};
	bool good = cw_child_start(&setup, &child, error);
	close(input);
	if (good)
		wait_for(call, &child, arguments[0]);
	return good;
}

static bool run_command(struct cw_call *call, const struct cw_check *before, const struct cw_check *after,
	const struct cw_compare *compare, struct cw_error *error)
{
	AUTO_STRINGS environment = {0};
	AUTO_BUFFER json = {0};
	size_t count = call->arguments.word_count - 1;
	AUTO(free) char *program = find_program(call->arguments.words[1]);
	if (!program)
		return cw_error_set(
			error, CW_E_IO, "%s: cannot run: %s", call->arguments.words[1], strerror(errno));
	AUTO(free) const char **arguments = calloc(count + 1, sizeof *arguments);
	if (!arguments || !make_environment(after, compare, &environment))
		return cw_error_memory(error);
	AUTO(free) const char **variables = calloc(environment.count + 1, sizeof *variables);
	if (!variables)
		return cw_error_memory(error);
	memcpy(variables, environment.items, environment.count * sizeof *variables);
	memcpy(arguments, call->arguments.words + 1, count * sizeof *arguments);
	arguments[0] = program;
	return cw_compare_report_json(before, after, compare, &json, error) &&
		start_command(call, arguments, variables, &json, error);
}

/* The URL of --post, from its file where it is named so: who looks at the processes of a machine sees no secret. The
 * caller frees it; NULL: not given. */
static bool post_url(const struct cw_call *call, char **ret, struct cw_error *error)
{
	const char *given = cw_arguments_value(&call->arguments, "post");
	AUTO_BUFFER content = {0};
	*ret = NULL;
	if (!given)
		return true;
	if (*given == '@') {
		if (!cw_file_read(given + 1, URL_FILE_MAX, &content, error))
			return false;
		given = cw_buffer_string(&content);
	}
	*ret = strndup(given, strcspn(given, "\r\n"));
	return *ret ? cw_post_check(*ret, error) || cw_error_prefix(error, "--post") : cw_error_memory(error);
}

static bool post(struct cw_call *call, const struct cw_check *before, const struct cw_check *after,
	const struct cw_compare *compare, struct cw_error *error)
{
	AUTO(free) char *url = NULL;
	AUTO_BUFFER json = {0};
	if (!post_url(call, &url, error))
		return false;
	return !url ||
		(cw_compare_report_json(before, after, compare, &json, error) &&
			cw_post_json(url, &json, error));
}

/* What cannot be sent is told, and the command is run all the same. */
static bool hand_on(struct cw_call *call, const struct cw_check *before, const struct cw_check *after,
	const struct cw_compare *compare, struct cw_error *error)
{
	struct cw_error unsent;
	if (!post(call, before, after, compare, &unsent))
		cw_call_trouble(call, &unsent);
	return call->arguments.word_count < 2 || run_command(call, before, after, compare, error);
}

/* Tells what changed, and runs the command where something is better or worse than before. */
static bool tell_change(struct cw_call *call, const struct watched *before, const struct watched *after,
	struct cw_error *error)
{
	AUTO_COMPARE compare = {0};
	AUTO_BUFFER text = {0};
	if (!cw_compare_checks(before->check, after->check, &compare, error))
		return false;
	if (!compare.count)
		return true;
	if (!cw_compare_report_text(before->check, after->check, &compare, cw_call_look(call), &text, error))
		return false;
	print(call, &text);
	if (!compare.better && !compare.worse)
		return true;
	return hand_on(call, before->check, after->check, &compare, error);
}

/* One look: `last` becomes what was found, and stays where nothing could be judged. */
static void look(struct cw_call *call, cw_time now, struct watched *last)
{
	AUTO_WATCHED found = {0};
	struct cw_error error;
	if (!judge(call, now, &found))
		return;
	if (!last->check)
		print_summary(call, found.check);
	else if (!tell_change(call, last, &found, &error))
		cw_call_trouble(call, &error);
	struct watched older = *last;
	*last = found;
	found = older;
}

/* The folders are watched before the files are read: what changes in between is seen at the next wait. */
static bool watch_once(struct cw_call *call, struct watched *last, struct cw_error *error)
{
	AUTO_FILE_WATCH files = {.file = -1};
	bool changed = false;
	if (!cw_file_watch_open(call->arguments.words[0], &files, error))
		return false;
	cw_time now = cw_time_now();
	if (last->check && !cw_file_watch_add(&files, last->loaded.deployment, error))
		return false;
	look(call, now, last);
	if (!last->check)
		return true; /* not even once: the caller ends */
	if (!cw_file_watch_add(&files, last->loaded.deployment, error))
		return false;
	while (!changed && cw_time_now() - now < CW_DAY && cw_time_now() >= now)
		if (!cw_file_watch_wait(&files, WAIT_SECONDS_MAX, &changed, error))
			return false;
	return true;
}

static enum cw_exit watch(struct cw_call *call)
{
	AUTO_WATCHED last = {0};
	struct cw_error error;
	if (strcmp(call->arguments.words[0], "-") == 0) {
		cw_call_tell(
			call, "watch: wanted a file or a folder, found standard input, which cannot change");
		return CW_EXIT_TROUBLE;
	}
	AUTO(free) char *url = NULL;
	if (!post_url(call, &url, &error)) /* now, and not at the first change */
		return cw_call_trouble(call, &error);
	while (watch_once(call, &last, &error))
		if (!last.check)
			return CW_EXIT_TROUBLE;
	return cw_call_trouble(call, &error);
}

const struct cw_verb cw_verb_watch = {
	.name = "watch",
	.summary = "judge again when a file changes, and daily; hand on what changed",
	.words = "DEPLOYMENT [COMMAND [ARGUMENT]...]",
	.words_min = 1,
	.words_max = CW_WORDS_MANY,
	.options = options,
	.about =
		"Judges the deployment, then again whenever one of its files changes and once a day, and tells\n"
		"what became better or worse. COMMAND is run each time a verdict or a sign-in became better or\n"
		"worse (no shell is between; write -- before a command with options of its own). On its standard\n"
		"input it gets the change as JSON, as \"causeway diff -f json\" has it, and in its environment\n"
		"CAUSEWAY_DEPLOYMENT, CAUSEWAY_WORSE, CAUSEWAY_BETTER (how many) and CAUSEWAY_REFUSED (links\n"
		"refused now). A command that takes longer than ten minutes is killed.\n"
		"\n"
		"--post sends the same JSON to a URL; the server's certificate is judged by the system's list.\n"
		"A URL with a secret in it belongs into a file: --post @FILE. What cannot be sent within half\n"
		"a minute is told on standard error, and not sent again.\n"
		"\n"
		"A deployment that cannot be read for a while is told on standard error, and what was found\n"
		"before stays what the next one is compared with. Ends with the first interrupt; it keeps\n"
		"nothing between two runs.\n",
	.example = "$ causeway watch demo                                        # ends with Ctrl-C\n"
		   "$ causeway watch demo -- logger -t causeway \"a verdict changed\"\n"
		   "$ causeway watch demo --post https://chat.acme.test/hook\n",
	.run = watch,
};
