#include "admin/desk/desk_parts.h"

#include <string.h>

/* --- what was understood --- */

static void show_site(struct cw_desk_job *job)
{
	struct cw_desk_page page = {0};
	struct cw_html *html = &page.html;
	cw_desk_page_begin(&page, job->visitor, CW_DESK_STEP_SITE, "What was understood");
	cw_desk_page_trouble(&page, &job->parts[0]);
	cw_desk_page_text(&page, cw_buffer_string(&job->visitor->said));
	cw_desk_answers_form(&page, cw_buffer_string(&job->parts[0].out));
	cw_html_element(html, "h2", NULL, "Go on");
	cw_html_open(html, "ul");
	cw_desk_page_link(&page, "report", "Who is cut off, and why");
	cw_desk_page_link(&page, "plan", "What repairs it, and the files to upload");
	cw_desk_page_link(&page, "download/deployment.tar.gz", "Take the deployment folder along");
	cw_html_close(html, "ul");
	cw_html_open(html, "details");
	cw_html_element(html, "summary", NULL, "The deployment file");
	cw_desk_page_text(&page, cw_buffer_string(&job->parts[0].out));
	cw_html_close(html, "details");
	cw_desk_page_end(&page, job->exchange);
}

void cw_desk_report_site(void *context, struct cw_web_exchange *exchange)
{
	cw_desk_job_ask_one(context, exchange, show_site, CW_DESK_FRAME_GET, CW_DESK_SITE "/deployment.yaml");
}

/* --- the report --- */

void cw_desk_report_page(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_visitor *visitor = cw_desk_visitor(context, exchange);
	struct cw_desk_page page = {0};
	struct cw_html *html = &page.html;
	cw_desk_page_begin(&page, visitor, CW_DESK_STEP_REPORT, "Report");
	page.answer.kind = CW_WEB_ANSWER_FRAME;
	cw_html_open(html, "p");
	cw_html_link(html, "download/report.html", "Download it as one file, to mail");
	cw_html_close(html, "p");
	cw_html_open(html, "iframe");
	cw_html_attribute(html, "src", "/report/page");
	cw_html_attribute(html, "title", "Report of the deployment");
	cw_html_text(html, "");
	cw_html_close(html, "iframe");
	cw_desk_page_end(&page, exchange);
}

static void show_report_page(struct cw_desk_job *job)
{
	const struct cw_desk_part *part = &job->parts[0];
	AUTO_WEB_ANSWER answer = {.kind = CW_WEB_ANSWER_FRAMED};
	if (part->out.length) {
		cw_buffer_append(&answer.body, part->out.data, part->out.length);
	} else {
		answer.type = "text/plain; charset=utf-8";
		cw_buffer_append(&answer.body, part->err.data, part->err.length);
	}
	cw_web_exchange_answer(job->exchange, &answer);
}

void cw_desk_report_frame(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, show_report_page);
	if (!job)
		return;
	cw_desk_job_run(job, (const char *const[]){"check", CW_DESK_SITE, "-f", "html", NULL});
	cw_desk_job_begin(job);
}

/* --- the plan --- */

static void put_uploads(struct cw_desk_page *page, const char *names)
{
	struct cw_html *html = &page->html;
	if (!*names)
		return;
	cw_html_element(html, "h2", NULL, "Files to upload");
	cw_html_open(html, "ul");
	for (const char *at = names; *at;) {
		size_t length = strcspn(at, "\n");
		AUTO_BUFFER path = {0}, name = {0};
		cw_buffer_append(&name, at, length);
		cw_buffer_printf(&path, "pem/%s", cw_buffer_string(&name));
		cw_desk_page_link(page, cw_buffer_string(&path), cw_buffer_string(&name));
		at += length + (at[length] == '\n');
	}
	cw_desk_page_link(page, "download/uploads.tar.gz", "all of them");
	cw_html_close(html, "ul");
}

static void show_plan(struct cw_desk_job *job)
{
	struct cw_desk_page page = {0};
	cw_desk_page_begin(&page, job->visitor, CW_DESK_STEP_PLAN, "Repair");
	cw_desk_page_trouble(&page, &job->parts[1]);
	cw_desk_page_text(&page, cw_buffer_string(&job->parts[1].out));
	put_uploads(&page, cw_buffer_string(&job->parts[2].out));
	cw_html_element(&page.html, "p", NULL,
		"Commands above that name site/ are for the deployment folder: take it along, unpack it, and run them "
		"where it was unpacked.");
	cw_html_open(&page.html, "ul");
	cw_desk_page_link(&page, "download/deployment.tar.gz", "Take the deployment folder along");
	cw_html_close(&page.html, "ul");
	cw_desk_page_end(&page, job->exchange);
}

void cw_desk_report_plan(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, show_plan);
	if (!job)
		return;
	cw_desk_job_ask(job, CW_DESK_FRAME_REMOVE, "uploads", NULL);
	cw_desk_job_run(job, (const char *const[]){"fix", CW_DESK_SITE, "--pem", "uploads", NULL});
	cw_desk_job_ask(job, CW_DESK_FRAME_LIST, "uploads", NULL);
	cw_desk_job_begin(job);
}
