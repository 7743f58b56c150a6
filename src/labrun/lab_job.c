#include "labrun/lab_job.h"

#include "base/child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The program, its words and an end. */
#define WORDS_MAX 32

struct cw_lab_job {
	struct cw_child child;
	struct event *output, *errors, *end, *late;
	struct cw_buffer out, err;
	bool failed; /* it said too much, or took too long */
	cw_lab_job_done *done;
	void *context;
};

void cw_lab_job_end(struct cw_lab_job *job)
{
	if (!job)
		return;
	struct event *const events[] = {job->output, job->errors, job->end, job->late};
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (events[i])
			event_free(events[i]);
	cw_child_finish(&job->child);
	cw_buffer_finish(&job->out);
	cw_buffer_finish(&job->err);
	free(job);
}

/* False: there is nothing to read now, or never again. */
static bool take_bytes(struct cw_lab_job *job, int pipe, struct cw_buffer *text)
{
	char bytes[16384];
	errno = 0; /* at its end read sets none */
	ssize_t got = read(pipe, bytes, sizeof bytes);
	if (got <= 0)
		return got < 0 && errno == EINTR;
	cw_buffer_append(text, bytes, (size_t)got);
	if (!text->failed && text->length <= CW_LAB_JOB_OUTPUT_MAX)
		return true;
	job->failed = true;
	cw_child_signal(&job->child, SIGKILL);
	return false;
}

static void on_output(evutil_socket_t pipe, short what, void *context)
{
	struct cw_lab_job *job = context;
	(void)what;
	if (!take_bytes(job, pipe, &job->out) && errno != EAGAIN)
		event_del(job->output);
}

static void on_errors(evutil_socket_t pipe, short what, void *context)
{
	struct cw_lab_job *job = context;
	(void)what;
	if (!take_bytes(job, pipe, &job->err) && errno != EAGAIN)
		event_del(job->errors);
}

static void on_late(evutil_socket_t socket, short what, void *context)
{
	struct cw_lab_job *job = context;
	(void)socket;
	(void)what;
	job->failed = true;
	cw_child_signal(&job->child, SIGKILL);
}

static void on_end(evutil_socket_t socket, short what, void *context)
{
	AUTO(cw_lab_job_end) struct cw_lab_job *job = context;
	(void)socket;
	(void)what;
	if (!cw_child_ended(&job->child)) {
		job = NULL; /* it goes on */
		return;
	}
	while (!job->failed && take_bytes(job, job->child.out, &job->out)) {
	}
	while (!job->failed && take_bytes(job, job->child.err, &job->err)) {
	}
	bool exited = WIFEXITED(job->child.status) && !job->failed;
	job->done(job->context, exited ? WEXITSTATUS(job->child.status) : -1, &job->out, &job->err);
}

static bool give(struct cw_lab_job *job, const char *input, struct cw_error *error)
{
	size_t length = input ? strlen(input) : 0;
	bool whole = !length || write(job->child.in, input, length) == (ssize_t)length;
	close(job->child.in);
	job->child.in = -1;
	return whole ? true : cw_error_set(error, CW_E_IO, "the verb takes no input");
}

static bool watch(struct cw_lab_job *job, const struct cw_lab_job_setup *setup, struct cw_error *error)
{
	const struct timeval until = {(time_t)setup->seconds, 0};
	job->output = event_new(setup->base, job->child.out, EV_READ | EV_PERSIST, on_output, job);
	job->errors = event_new(setup->base, job->child.err, EV_READ | EV_PERSIST, on_errors, job);
	job->end = event_new(setup->base, job->child.pidfd, EV_READ | EV_PERSIST, on_end, job);
	job->late = evtimer_new(setup->base, on_late, job);
	bool good = job->output && job->errors && job->end && job->late &&
		event_add(job->output, NULL) == 0 && event_add(job->errors, NULL) == 0 &&
		event_add(job->end, NULL) == 0 && event_add(job->late, &until) == 0;
	return good ? true : cw_error_memory(error);
}

bool cw_lab_job_begin(const struct cw_lab_job_setup *setup, struct cw_lab_job **ret, struct cw_error *error)
{
	const char *arguments[WORDS_MAX + 2] = {setup->program};
	const struct cw_child_setup child = {.arguments = arguments,
		.environment = (const char *const *)environ,
		.in = CW_CHILD_PIPE,
		.out = CW_CHILD_PIPE,
		.err = CW_CHILD_PIPE};
	for (size_t i = 0; setup->words[i]; i++) {
		if (i == WORDS_MAX)
			return cw_error_set(error, CW_E_LIMIT, "over %d words for a verb", WORDS_MAX);
		arguments[i + 1] = setup->words[i];
	}
	if (setup->input && strlen(setup->input) > CW_LAB_JOB_INPUT_MAX)
		return cw_error_set(error, CW_E_LIMIT, "wanted %d bytes at most, found %zu",
			CW_LAB_JOB_INPUT_MAX, strlen(setup->input));
	AUTO(cw_lab_job_end) struct cw_lab_job *job = calloc(1, sizeof *job);
	if (!job)
		return cw_error_memory(error);
	*job = (struct cw_lab_job){.child = CW_CHILD_NONE, .done = setup->done, .context = setup->context};
	if (!cw_child_start(&child, &job->child, error) || !give(job, setup->input, error) ||
		!watch(job, setup, error))
		return false;
	*ret = TAKE(job);
	return true;
}
