#include "admin/desk/desk_parts.h"

static void send_file(struct cw_desk_job *job, const char *name, const char *type)
{
	const struct cw_desk_part *part = &job->parts[job->asked - 1];
	AUTO_WEB_ANSWER answer = {.type = type};
	if (!part->out.length) {
		cw_web_exchange_fault(job->exchange, 404, "nothing to take along yet");
		return;
	}
	cw_buffer_append(&answer.body, part->out.data, part->out.length);
	cw_web_answer_download(&answer, name);
	cw_web_exchange_answer(job->exchange, &answer);
}

static void send_folder(struct cw_desk_job *job)
{
	send_file(job, "deployment.tar.gz", "application/gzip");
}

static void send_uploads(struct cw_desk_job *job)
{
	send_file(job, "uploads.tar.gz", "application/gzip");
}

static void send_report(struct cw_desk_job *job)
{
	send_file(job, "report.html", "text/html; charset=utf-8");
}

static void send_pem(struct cw_desk_job *job)
{
	AUTO_BUFFER name = {0};
	(void)!cw_desk_drop_name(cw_web_exchange_part(job->exchange, 0), &name);
	send_file(job, cw_buffer_string(&name), "application/x-pem-file");
}

void cw_desk_take_file(void *context, struct cw_web_exchange *exchange)
{
	const struct cw_http_text name = cw_web_exchange_part(exchange, 0);
	if (cw_http_text_equal(name, "deployment.tar.gz")) {
		cw_desk_job_ask_one(context, exchange, send_folder, CW_DESK_FRAME_PACK, CW_DESK_SITE);
	} else if (cw_http_text_equal(name, "uploads.tar.gz")) {
		cw_desk_job_ask_one(context, exchange, send_uploads, CW_DESK_FRAME_PACK, "uploads");
	} else if (cw_http_text_equal(name, "report.html")) {
		struct cw_desk_job *job = cw_desk_job_new(context, exchange, send_report);
		if (!job)
			return;
		cw_desk_job_run(job, (const char *const[]){"check", CW_DESK_SITE, "-f", "html", NULL});
		cw_desk_job_begin(job);
	} else {
		cw_web_exchange_fault(exchange, 404, "there is no such file");
	}
}

void cw_desk_take_pem(void *context, struct cw_web_exchange *exchange)
{
	AUTO_BUFFER name = {0};
	cw_buffer_text(&name, "uploads/");
	if (!cw_desk_drop_name(cw_web_exchange_part(exchange, 0), &name))
		cw_web_exchange_fault(exchange, 400, "a file's name that is none");
	else
		cw_desk_job_ask_one(context, exchange, send_pem, CW_DESK_FRAME_GET, cw_buffer_string(&name));
}
