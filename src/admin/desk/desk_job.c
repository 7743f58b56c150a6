#include "admin/desk/desk_parts.h"

#include <stdlib.h>
#include <string.h>

static void free_job(struct cw_desk_job *job)
{
	job->visitor->jobs--;
	for (size_t i = 0; i < CW_DESK_JOB_PARTS; i++) {
		cw_buffer_finish(&job->parts[i].out);
		cw_buffer_finish(&job->parts[i].err);
	}
	free(job);
}

static void go_on(struct cw_desk_job *job)
{
	if (!job->begun || job->answered < job->asked)
		return;
	if (job->exchange) {
		cw_web_exchange_set_context(job->exchange, NULL);
		job->render(job);
	}
	free_job(job);
}

static void on_answer(void *context, const struct cw_desk_session_answer *answer)
{
	struct cw_desk_part *part = context;
	part->whole = answer->whole;
	part->status = answer->status;
	cw_buffer_append(&part->out, answer->out->data, answer->out->length);
	cw_buffer_append(&part->err, answer->err->data, answer->err->length);
	if (!answer->whole)
		cw_buffer_text(&part->err,
			"the process of this session has ended: what was dropped is gone, drop it again\n");
	part->job->answered++;
	go_on(part->job);
}

static void on_left(struct cw_desk_waiter *waiter)
{
	((struct cw_desk_job *)waiter)->exchange = NULL; /* its answers still come */
}

struct cw_desk_job *cw_desk_job_new(
	struct cw_desk *desk, struct cw_web_exchange *exchange, void (*render)(struct cw_desk_job *job))
{
	struct cw_desk_job *job = calloc(1, sizeof *job);
	if (!job) {
		cw_web_exchange_fault(exchange, 503, "out of memory");
		return NULL;
	}
	job->desk = desk;
	job->visitor = cw_desk_visitor(desk, exchange);
	job->visitor->jobs++;
	job->waiter.left = on_left;
	job->exchange = exchange;
	job->render = render;
	cw_web_exchange_set_context(exchange, &job->waiter);
	return job;
}

static void ask(struct cw_desk_job *job, enum cw_desk_frame_kind kind, const struct cw_buffer *name,
	const struct cw_buffer *data)
{
	struct cw_desk_part *part = &job->parts[job->asked++];
	struct cw_desk_session *session = cw_desk_visitor_session(job->desk, job->visitor);
	part->job = job;
	if (session && cw_desk_session_ask(session, kind, name, data, on_answer, part))
		return;
	part->status = 2;
	cw_buffer_text(&part->err, "this session takes nothing more: forget it, and begin another\n");
	job->answered++;
}

void cw_desk_job_run(struct cw_desk_job *job, const char *const *words)
{
	AUTO_BUFFER name = {0};
	for (size_t i = 0; words[i]; i++)
		cw_buffer_append(&name, words[i], strlen(words[i]) + 1);
	ask(job, CW_DESK_FRAME_RUN, &name, NULL);
}

void cw_desk_job_ask(
	struct cw_desk_job *job, enum cw_desk_frame_kind kind, const char *name, const struct cw_buffer *data)
{
	AUTO_BUFFER text = {0};
	cw_buffer_text(&text, name);
	ask(job, kind, &text, data);
}

void cw_desk_job_begin(struct cw_desk_job *job)
{
	job->begun = true;
	go_on(job);
}

void cw_desk_job_ask_one(void *context, struct cw_web_exchange *exchange,
	void (*render)(struct cw_desk_job *job), enum cw_desk_frame_kind kind, const char *name)
{
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, render);
	if (!job)
		return;
	cw_desk_job_ask(job, kind, name, NULL);
	cw_desk_job_begin(job);
}
