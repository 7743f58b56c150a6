#include "admin/desk/desk_parts.h"

#include <string.h>

#define FILES_MAX 6 /* of a form without script: it takes eight parts */

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

void cw_desk_drop_page(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_visitor *visitor = cw_desk_visitor(context, exchange);
	struct cw_desk_page page = {0};
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
	struct cw_desk_page page = {0};
	cw_desk_page_begin(&page, visitor, CW_DESK_STEP_DROP, "Nothing could be made of this");
	cw_desk_page_trouble(&page, part);
	if (visitor->said.length)
		cw_desk_page_text(&page, cw_buffer_string(&visitor->said));
	put_drop_form(&page);
	cw_desk_page_end(&page, job->exchange);
}

static void import(struct cw_desk_job *job)
{
	cw_desk_job_run(job, (const char *const[]){"import", CW_DESK_SOURCES, "-o", CW_DESK_SITE, NULL});
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
	snprintf(name, sizeof name, CW_DESK_SOURCES "/%s-%zu", kind, number);
	cw_buffer_append(&content, bytes.at, bytes.length);
	cw_desk_job_ask(job, CW_DESK_FRAME_PUT, name, &content);
}

void cw_desk_drop_form(void *context, struct cw_web_exchange *exchange)
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
		cw_desk_job_ask(job, CW_DESK_FRAME_LIST, CW_DESK_SOURCES, NULL);
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

bool cw_desk_drop_name(struct cw_http_text part, struct cw_buffer *ret)
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

void cw_desk_drop_file(void *context, struct cw_web_exchange *exchange)
{
	const struct cw_http_text body = cw_web_exchange_body(exchange);
	AUTO_BUFFER name = {0}, content = {.secret = true};
	cw_buffer_text(&name, CW_DESK_SOURCES "/");
	size_t from = name.length;
	if (!cw_desk_drop_name(cw_web_exchange_part(exchange, 0), &name) || name.length - from > 180) {
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

void cw_desk_drop_import(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, on_imported);
	if (job)
		import(job);
}

void cw_desk_drop_forget(void *context, struct cw_web_exchange *exchange)
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
