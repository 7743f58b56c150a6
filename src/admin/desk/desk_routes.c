#include "admin/desk/desk_parts.h"

#include <stdlib.h>
#include <string.h>

#define SITE "site"
#define SOURCES "sources"
#define FILES_MAX 6 /* of a form without script: it takes eight parts */
#define FORM_MAX ((size_t)CW_DESK_FRAME_DATA_MAX)

static const struct cw_desk_page no_page;
#define AUTO_PAGE(name) struct cw_desk_page name = no_page

/* --- drop --- */

static void put_drop_form(struct cw_desk_page *page)
{
	struct cw_html *html = &page->html;
	cw_html_element(html, "p", NULL,
		"Diagnostic archives of every Expressway peer, certificate snapshots or CLI sessions of Unified CM, "
		"xConfiguration and xStatus dumps, REST answers, PEM files, ITL files, packet captures: in any mix. "
		"Private keys and passwords are dropped when they are read.");
	cw_desk_page_form(page, "/drop", true);
	cw_html_open(html, "div");
	cw_html_attribute(html, "class", "drop");
	cw_html_attribute(html, "id", "drop");
	cw_html_open(html, "p");
	cw_html_open(html, "label");
	cw_html_element(html, "span", NULL, "Files");
	cw_html_open(html, "input");
	cw_html_attribute(html, "type", "file");
	cw_html_attribute(html, "name", "file");
	cw_html_attribute(html, "id", "files");
	cw_html_flag(html, "multiple", true);
	cw_html_close(html, "input");
	cw_html_close(html, "label");
	cw_html_close(html, "p");
	cw_html_element(html, "p", "hint",
		"Drop any number of files here. Without script: up to six, or one archive (zip, tar.gz) of all.");
	cw_html_close(html, "div");
	cw_html_open(html, "p");
	cw_html_open(html, "label");
	cw_html_element(html, "span", NULL, "Or paste what a terminal showed");
	cw_html_open(html, "textarea");
	cw_html_attribute(html, "name", "pasted");
	cw_html_attribute(html, "rows", "5");
	cw_html_attribute(html, "spellcheck", "false");
	cw_html_text(html, "");
	cw_html_close(html, "textarea");
	cw_html_close(html, "label");
	cw_html_close(html, "p");
	cw_desk_page_button(page, "Read them");
	cw_html_close(html, "form");
	cw_html_open(html, "p");
	cw_html_attribute(html, "id", "progress");
	cw_html_attribute(html, "role", "status");
	cw_html_text(html, "");
	cw_html_close(html, "p");
}

static void on_start(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_visitor *visitor = cw_desk_visitor(context, exchange);
	AUTO_PAGE(page);
	cw_desk_page_begin(&page, visitor, CW_DESK_STEP_DROP, "Drop what the boxes gave you");
	if (visitor->dropped + visitor->pasted) {
		cw_html_begin(&page.html, "p", NULL);
		cw_html_printf(&page.html, "%zu so far; what you add is read together with them.",
			visitor->dropped + visitor->pasted);
		cw_html_close(&page.html, "p");
	}
	put_drop_form(&page);
	cw_desk_page_end(&page, exchange);
}

static void on_imported(struct cw_desk_job *job)
{
	const struct cw_desk_part *part = &job->parts[job->asked - 1];
	struct cw_desk_visitor *visitor = job->visitor;
	cw_buffer_finish(&visitor->said);
	cw_buffer_append(&visitor->said, part->out.data, part->out.length);
	visitor->imported = part->whole && part->status <= 1;
	if (visitor->imported) {
		cw_desk_page_go(visitor, job->exchange, "/site", NULL);
		return;
	}
	AUTO_PAGE(page);
	cw_desk_page_begin(&page, visitor, CW_DESK_STEP_DROP, "Nothing could be made of this");
	cw_desk_page_trouble(&page, part);
	if (visitor->said.length)
		cw_desk_page_text(&page, cw_buffer_string(&visitor->said));
	put_drop_form(&page);
	cw_desk_page_end(&page, job->exchange);
}

static void import(struct cw_desk_job *job)
{
	cw_desk_job_run(job, (const char *const[]){"import", SOURCES, "-o", SITE, NULL});
	cw_desk_job_begin(job);
}

static void on_stored(struct cw_desk_job *job)
{
	for (size_t i = 0; i < job->asked; i++)
		if (!job->parts[i].whole || job->parts[i].status) {
			cw_desk_page_go(
				job->visitor, job->exchange, "/", cw_buffer_string(&job->parts[i].err));
			return;
		}
	struct cw_desk_job *next = cw_desk_job_new(job->desk, job->exchange, on_imported);
	if (next)
		import(next);
}

/* A form's files have no names here: what they are is told by their content. */
static void put_next(struct cw_desk_job *job, struct cw_http_text bytes, const char *kind, size_t number)
{
	AUTO_BUFFER content = {.secret = true};
	char name[64];
	snprintf(name, sizeof name, SOURCES "/%s-%zu", kind, number);
	cw_buffer_append(&content, bytes.at, bytes.length);
	cw_desk_job_ask(job, CW_DESK_FRAME_PUT, name, &content);
}

static void on_drop(void *context, struct cw_web_exchange *exchange)
{
	const struct cw_web_form *form = cw_web_exchange_form(exchange);
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, on_stored);
	struct cw_http_text bytes;
	if (!job)
		return;
	for (size_t i = 0; i < FILES_MAX && cw_web_form_find(form, "file", i, &bytes); i++)
		if (bytes.length && job->asked < CW_DESK_JOB_PARTS - 1)
			put_next(job, bytes, "dropped", ++job->visitor->dropped);
	if (cw_web_form_find(form, "pasted", 0, &bytes) && bytes.length)
		put_next(job, bytes, "pasted", ++job->visitor->pasted);
	if (!job->asked)
		cw_desk_job_ask(job, CW_DESK_FRAME_LIST, SOURCES, NULL);
	cw_desk_job_begin(job);
}

static void on_put(struct cw_desk_job *job)
{
	AUTO_WEB_ANSWER answer = {
		.status = job->parts[0].status ? 409 : 200, .type = "text/plain; charset=utf-8"};
	cw_buffer_append(&answer.body, job->parts[0].err.data, job->parts[0].err.length);
	if (!job->parts[0].status)
		cw_buffer_text(&answer.body, "taken\n");
	cw_web_exchange_answer(job->exchange, &answer);
}

/* A name of one segment, its %XX undone; what no file here may be called becomes "_". */
static bool read_name(struct cw_http_text part, struct cw_buffer *ret)
{
	for (size_t i = 0; i < part.length; i++) {
		char byte = part.at[i];
		if (byte == '%' && i + 2 < part.length) {
			int high = cw_http_text_hex(part.at[i + 1]), low = cw_http_text_hex(part.at[i + 2]);
			if (high < 0 || low < 0)
				return false;
			byte = (char)(high * 16 + low);
			i += 2;
		}
		bool fits = (unsigned char)byte > ' ' && byte != 0x7f && byte != '/' && byte != '\\';
		cw_buffer_char(ret, fits ? byte : '_');
	}
	return !ret->failed;
}

static void on_file(void *context, struct cw_web_exchange *exchange)
{
	const struct cw_http_text body = cw_web_exchange_body(exchange);
	AUTO_BUFFER name = {0}, content = {.secret = true};
	cw_buffer_text(&name, SOURCES "/");
	size_t from = name.length;
	if (!read_name(cw_web_exchange_part(exchange, 0), &name) || name.length - from > 180) {
		cw_web_exchange_fault(exchange, 400, "a file's name that is none");
		return;
	}
	if (name.data[from] == '.')
		name.data[from] = '_';
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, on_put);
	if (!job)
		return;
	job->visitor->dropped++;
	cw_buffer_append(&content, body.at, body.length);
	cw_desk_job_ask(job, CW_DESK_FRAME_PUT, cw_buffer_string(&name), &content);
	cw_desk_job_begin(job);
}

static void on_import(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, on_imported);
	if (job)
		import(job);
}

/* --- what was understood --- */

static void link_to(struct cw_desk_page *page, const char *path, const char *text)
{
	cw_html_open(&page->html, "li");
	cw_html_link(&page->html, path, text);
	cw_html_close(&page->html, "li");
}

static void show_site(struct cw_desk_job *job)
{
	AUTO_PAGE(page);
	struct cw_html *html = &page.html;
	cw_desk_page_begin(&page, job->visitor, CW_DESK_STEP_SITE, "What was understood");
	cw_desk_page_trouble(&page, &job->parts[0]);
	cw_desk_page_text(&page, cw_buffer_string(&job->visitor->said));
	cw_desk_answers_form(&page, cw_buffer_string(&job->parts[0].out));
	cw_html_element(html, "h2", NULL, "Go on");
	cw_html_open(html, "ul");
	link_to(&page, "report", "Who is cut off, and why");
	link_to(&page, "plan", "What repairs it, and the files to upload");
	link_to(&page, "download/deployment.tar.gz", "Take the deployment folder along");
	cw_html_close(html, "ul");
	cw_html_open(html, "details");
	cw_html_element(html, "summary", NULL, "The deployment file");
	cw_desk_page_text(&page, cw_buffer_string(&job->parts[0].out));
	cw_html_close(html, "details");
	cw_desk_page_end(&page, job->exchange);
}

static void ask_one(void *context, struct cw_web_exchange *exchange, void (*render)(struct cw_desk_job *job),
	enum cw_desk_frame_kind kind, const char *name)
{
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, render);
	if (!job)
		return;
	cw_desk_job_ask(job, kind, name, NULL);
	cw_desk_job_begin(job);
}

static void on_site(void *context, struct cw_web_exchange *exchange)
{
	ask_one(context, exchange, show_site, CW_DESK_FRAME_GET, SITE "/deployment.yaml");
}

/* --- the report --- */

static void on_report(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_visitor *visitor = cw_desk_visitor(context, exchange);
	AUTO_PAGE(page);
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

static void on_report_page(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, show_report_page);
	if (!job)
		return;
	cw_desk_job_run(job, (const char *const[]){"check", SITE, "-f", "html", NULL});
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
		link_to(page, cw_buffer_string(&path), cw_buffer_string(&name));
		at += length + (at[length] == '\n');
	}
	link_to(page, "download/uploads.tar.gz", "all of them");
	cw_html_close(html, "ul");
}

static void show_plan(struct cw_desk_job *job)
{
	AUTO_PAGE(page);
	cw_desk_page_begin(&page, job->visitor, CW_DESK_STEP_PLAN, "Repair");
	cw_desk_page_trouble(&page, &job->parts[1]);
	cw_desk_page_text(&page, cw_buffer_string(&job->parts[1].out));
	put_uploads(&page, cw_buffer_string(&job->parts[2].out));
	cw_html_element(&page.html, "p", NULL,
		"Commands above that name site/ are for the deployment folder: take it along, unpack it, and run them "
		"where it was unpacked.");
	cw_html_open(&page.html, "ul");
	link_to(&page, "download/deployment.tar.gz", "Take the deployment folder along");
	cw_html_close(&page.html, "ul");
	cw_desk_page_end(&page, job->exchange);
}

static void on_plan(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, show_plan);
	if (!job)
		return;
	cw_desk_job_ask(job, CW_DESK_FRAME_REMOVE, "uploads", NULL);
	cw_desk_job_run(job, (const char *const[]){"fix", SITE, "--pem", "uploads", NULL});
	cw_desk_job_ask(job, CW_DESK_FRAME_LIST, "uploads", NULL);
	cw_desk_job_begin(job);
}

/* --- a new certificate --- */

static void put_renew_form(struct cw_desk_page *page)
{
	static const char *const identities[] = {"server", "client", "tomcat", "callmanager"};
	struct cw_html *html = &page->html;
	cw_html_element(html, "p", NULL,
		"Drop the new certificate here, with the CAs that its CA sent along, or none where it is not issued yet: "
		"what changes, and the order in which nobody is cut off.");
	cw_desk_page_form(page, "/renew", true);
	cw_desk_page_input(page, "text", "box", "Box (its FQDN in the deployment)");
	cw_html_open(html, "p");
	cw_html_open(html, "label");
	cw_html_element(html, "span", NULL, "Which certificate");
	cw_html_open(html, "select");
	cw_html_attribute(html, "name", "identity");
	for (size_t i = 0; i < sizeof identities / sizeof *identities; i++) {
		cw_html_open(html, "option");
		cw_html_text(html, identities[i]);
		cw_html_close(html, "option");
	}
	cw_html_close(html, "select");
	cw_html_close(html, "label");
	cw_html_close(html, "p");
	cw_desk_page_input(page, "file", "file", "New certificate (PEM, or a PKCS#7 bundle)");
	cw_desk_page_button(page, "What would it do?");
	cw_html_close(html, "form");
}

static void on_renew_page(void *context, struct cw_web_exchange *exchange)
{
	AUTO_PAGE(page);
	cw_desk_page_begin(
		&page, cw_desk_visitor(context, exchange), CW_DESK_STEP_RENEW, "A new certificate");
	put_renew_form(&page);
	cw_desk_page_end(&page, exchange);
}

static void show_renewal(struct cw_desk_job *job)
{
	AUTO_PAGE(page);
	struct cw_html *html = &page.html;
	const struct cw_desk_part *parts = &job->parts[job->asked - 2]; /* the last two */
	cw_desk_page_begin(&page, job->visitor, CW_DESK_STEP_RENEW, "A new certificate");
	cw_html_element(html, "h2", NULL, "The order without a break");
	cw_desk_page_trouble(&page, &parts[0]);
	cw_desk_page_text(&page, cw_buffer_string(&parts[0].out));
	if (parts[1].out.length) {
		cw_html_element(html, "h2", NULL, "If it were installed now, and nothing else done");
		cw_desk_page_text(&page, cw_buffer_string(&parts[1].out));
	}
	put_renew_form(&page);
	cw_desk_page_end(&page, job->exchange);
}

static void on_renew(void *context, struct cw_web_exchange *exchange)
{
	const struct cw_web_form *form = cw_web_exchange_form(exchange);
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, show_renewal);
	AUTO_BUFFER change = {0}, content = {0};
	struct cw_http_text file = {0};
	if (!job)
		return;
	bool given = cw_web_form_find(form, "file", 0, &file) && file.length;
	cw_buffer_printf(&change, "%s:%s=%s", cw_web_form_value(form, "box"),
		cw_web_form_value(form, "identity"), given ? "new/certificate" : "?");
	if (given) {
		cw_buffer_append(&content, file.at, file.length);
		cw_desk_job_ask(job, CW_DESK_FRAME_PUT, "new/certificate", &content);
	}
	const char *words = cw_buffer_string(&change);
	cw_desk_job_run(job, (const char *const[]){"renew", SITE, "--cert", words, NULL});
	if (given)
		cw_desk_job_run(job, (const char *const[]){"whatif", SITE, "--cert", words, NULL});
	else
		cw_desk_job_ask(job, CW_DESK_FRAME_LIST, "uploads", NULL);
	cw_desk_job_begin(job);
}

/* --- logs --- */

static void show_log(struct cw_desk_job *job)
{
	AUTO_PAGE(page);
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

static void on_log_page(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, show_log);
	if (job)
		cw_desk_job_begin(job);
}

static void on_log(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, show_log);
	AUTO_BUFFER content = {.secret = true};
	struct cw_http_text file;
	if (!job)
		return;
	const char *what = SOURCES;
	if (cw_web_form_find(cw_web_exchange_form(exchange), "file", 0, &file) && file.length) {
		cw_buffer_append(&content, file.at, file.length);
		cw_desk_job_ask(job, CW_DESK_FRAME_PUT, "logs/dropped", &content);
		what = "logs/dropped";
	}
	if (job->visitor->imported)
		cw_desk_job_run(job, (const char *const[]){"log", what, "-d", SITE, NULL});
	else
		cw_desk_job_run(job, (const char *const[]){"log", what, NULL});
	cw_desk_job_begin(job);
}

/* --- to take along --- */

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
	(void)!read_name(cw_web_exchange_part(job->exchange, 0), &name);
	send_file(job, cw_buffer_string(&name), "application/x-pem-file");
}

static void on_download(void *context, struct cw_web_exchange *exchange)
{
	const struct cw_http_text name = cw_web_exchange_part(exchange, 0);
	if (cw_http_text_equal(name, "deployment.tar.gz")) {
		ask_one(context, exchange, send_folder, CW_DESK_FRAME_PACK, SITE);
	} else if (cw_http_text_equal(name, "uploads.tar.gz")) {
		ask_one(context, exchange, send_uploads, CW_DESK_FRAME_PACK, "uploads");
	} else if (cw_http_text_equal(name, "report.html")) {
		struct cw_desk_job *job = cw_desk_job_new(context, exchange, send_report);
		if (!job)
			return;
		cw_desk_job_run(job, (const char *const[]){"check", SITE, "-f", "html", NULL});
		cw_desk_job_begin(job);
	} else {
		cw_web_exchange_fault(exchange, 404, "there is no such file");
	}
}

static void on_pem(void *context, struct cw_web_exchange *exchange)
{
	AUTO_BUFFER name = {0};
	cw_buffer_text(&name, "uploads/");
	if (!read_name(cw_web_exchange_part(exchange, 0), &name))
		cw_web_exchange_fault(exchange, 400, "a file's name that is none");
	else
		ask_one(context, exchange, send_pem, CW_DESK_FRAME_GET, cw_buffer_string(&name));
}

static void on_forget(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_visitor *visitor = cw_desk_visitor(context, exchange);
	struct cw_desk_session *session = visitor->session;
	visitor->session = NULL;
	visitor->imported = false;
	visitor->dropped = visitor->pasted = 0;
	cw_buffer_finish(&visitor->said);
	cw_desk_session_free(session);
	cw_desk_page_go(visitor, exchange, "/", "Everything is forgotten.");
}

const struct cw_web_route cw_desk_routes[] = {
	{CW_HTTP_METHOD_GET, "/", 0, CW_WEB_BODY_NONE, 0, on_start, NULL},
	{CW_HTTP_METHOD_POST, "/drop", 0, CW_WEB_BODY_MULTIPART, FORM_MAX, on_drop, NULL},
	{CW_HTTP_METHOD_PUT, "/drop/{}", 0, CW_WEB_BODY_BYTES, FORM_MAX, on_file, NULL},
	{CW_HTTP_METHOD_POST, "/import", 0, CW_WEB_BODY_FORM, 4096, on_import, NULL},
	{CW_HTTP_METHOD_GET, "/site", 0, CW_WEB_BODY_NONE, 0, on_site, NULL},
	{CW_HTTP_METHOD_POST, "/answer", 0, CW_WEB_BODY_MULTIPART, 16 * 1024 * 1024, cw_desk_answers_take,
		NULL},
	{CW_HTTP_METHOD_GET, "/report", 0, CW_WEB_BODY_NONE, 0, on_report, NULL},
	{CW_HTTP_METHOD_GET, "/report/page", 0, CW_WEB_BODY_NONE, 0, on_report_page, NULL},
	{CW_HTTP_METHOD_GET, "/plan", 0, CW_WEB_BODY_NONE, 0, on_plan, NULL},
	{CW_HTTP_METHOD_GET, "/pem/{}", 0, CW_WEB_BODY_NONE, 0, on_pem, NULL},
	{CW_HTTP_METHOD_GET, "/renew", 0, CW_WEB_BODY_NONE, 0, on_renew_page, NULL},
	{CW_HTTP_METHOD_POST, "/renew", 0, CW_WEB_BODY_MULTIPART, 8 * 1024 * 1024, on_renew, NULL},
	{CW_HTTP_METHOD_GET, "/log", 0, CW_WEB_BODY_NONE, 0, on_log_page, NULL},
	{CW_HTTP_METHOD_POST, "/log", 0, CW_WEB_BODY_MULTIPART, FORM_MAX, on_log, NULL},
	{CW_HTTP_METHOD_GET, "/download/{}", 0, CW_WEB_BODY_NONE, 0, on_download, NULL},
	{CW_HTTP_METHOD_POST, "/forget", 0, CW_WEB_BODY_FORM, 4096, on_forget, NULL},
};

const size_t cw_desk_route_count = sizeof cw_desk_routes / sizeof *cw_desk_routes;
