#include "admin/desk/desk_parts.h"

static void show_log(struct cw_desk_job *job)
{
	struct cw_desk_page page = {0};
	const struct cw_desk_part *part = job->asked ? &job->parts[job->asked - 1] : NULL;
	cw_desk_page_begin(&page, job->visitor, CW_DESK_STEP_LOG, "Log");
	cw_html_element(&page.html, "p", NULL,
		"The lines of a log that tell of a refusal, explained: who refused whom, and what the text misleads to.");
	cw_desk_page_form(&page, "/log", true);
	cw_desk_page_input(
		&page, "file", "file", "A log, or an archive with one (none: those that were dropped)");
	cw_desk_page_button(&page, "Explain");
	cw_html_close(&page.html, "form");
	if (part) {
		cw_desk_page_trouble(&page, part);
		cw_desk_page_text(&page, cw_buffer_string(&part->out));
	}
	cw_desk_page_end(&page, job->exchange);
}

void cw_desk_log_page(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, show_log);
	if (job)
		cw_desk_job_begin(job);
}

void cw_desk_log_explain(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, show_log);
	AUTO_BUFFER content = {.secret = true};
	struct cw_http_text file;
	if (!job)
		return;
	const char *what = CW_DESK_SOURCES;
	if (cw_web_form_find(cw_web_exchange_form(exchange), "file", 0, &file) && file.length) {
		cw_buffer_append(&content, file.at, file.length);
		cw_desk_job_ask(job, CW_DESK_FRAME_PUT, "logs/dropped", &content);
		what = "logs/dropped";
	}
	if (job->visitor->imported)
		cw_desk_job_run(job, (const char *const[]){"log", what, "-d", CW_DESK_SITE, NULL});
	else
		cw_desk_job_run(job, (const char *const[]){"log", what, NULL});
	cw_desk_job_begin(job);
}
