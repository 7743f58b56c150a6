/**
 * A verb of this program run beside the lab's loop: what waits for nodes, or reads what a browser sent, keeps nobody else
 * waiting and can break nothing.
 *
 * The child gets a text on its standard input and is killed when its time is over. Says nothing of what the verb answered.
 */
#ifndef CW_LABRUN_LAB_JOB_H
#define CW_LABRUN_LAB_JOB_H

#include "base/buffer.h"

#include <event2/event.h>

/* Against a verb that says too much: a report has some 100 kB. */
#define CW_LAB_JOB_OUTPUT_MAX (4 * 1024 * 1024)
/* What a pipe takes at once (pipe(7)): the child reads it when it likes. */
#define CW_LAB_JOB_INPUT_MAX (60 * 1024)

struct cw_lab_job;

/** It is over. `status`: its exit status; -1: it was killed, or said too much. The buffers are borrowed. */
typedef void cw_lab_job_done(
	void *context, int status, const struct cw_buffer *output, const struct cw_buffer *errors);

/* Everything borrowed but until cw_lab_job_begin returns, apart from the loop and the context. */
struct cw_lab_job_setup {
	struct event_base *base;
	const char *program;	  /* causeway itself, an absolute path */
	const char *const *words; /* the verb and its words, ended by NULL */
	const char *input;	  /* for its standard input; NULL: none */
	unsigned seconds;	  /* it may take */
	cw_lab_job_done *done;	  /* called once, from the loop; the job is gone then */
	void *context;
};

/** Starts it. CW_E_IO, CW_E_LIMIT for too long an input, CW_E_MEMORY. */
CW_MUST_USE bool cw_lab_job_begin(
	const struct cw_lab_job_setup *setup, struct cw_lab_job **ret, struct cw_error *error);
/** Kills it; `done` is not called. */
void cw_lab_job_end(struct cw_lab_job *job);
CW_DEFINE_AUTO(struct cw_lab_job *, cw_lab_job_end)

#endif
