#include "admin/desk/desk_parts.h"

#include <string.h>

static const struct {
	const char *path, *name;
} steps[CW_DESK_STEP_COUNT] = {
	[CW_DESK_STEP_DROP] = {"", "Drop files"},
	[CW_DESK_STEP_SITE] = {"site", "What was understood"},
	[CW_DESK_STEP_REPORT] = {"report", "Report"},
	[CW_DESK_STEP_PLAN] = {"plan", "Repair"},
	[CW_DESK_STEP_RENEW] = {"renew", "New certificate"},
	[CW_DESK_STEP_LOG] = {"log", "Log"},
};

static void put_steps(struct cw_desk_page *page, enum cw_desk_step step)
{
	struct cw_html *html = &page->html;
	cw_html_open(html, "nav");
	cw_html_attribute(html, "aria-label", "Steps");
	cw_html_open(html, "ol");
	for (int i = 0; i < CW_DESK_STEP_COUNT; i++) {
		if (i > CW_DESK_STEP_DROP && i != CW_DESK_STEP_LOG && !page->visitor->imported)
			continue;
		cw_html_open(html, "li");
		cw_html_open(html, "a");
		cw_html_path(html, steps[i].path, NULL, NULL);
		cw_html_attribute(html, "aria-current", i == (int)step ? "page" : NULL);
		cw_html_text(html, steps[i].name);
		cw_html_close(html, "a");
		cw_html_close(html, "li");
	}
	cw_html_close(html, "ol");
	cw_html_close(html, "nav");
}

static void put_head(struct cw_html *html, const char *title, const char *secret)
{
	cw_html_open(html, "head");
	cw_html_open(html, "meta");
	cw_html_attribute(html, "charset", "utf-8");
	cw_html_close(html, "meta");
	cw_html_open(html, "meta");
	cw_html_attribute(html, "name", "viewport");
	cw_html_attribute(html, "content", "width=device-width, initial-scale=1");
	cw_html_close(html, "meta");
	if (secret) {
		cw_html_open(html, "meta");
		cw_html_attribute(html, "name", "csrf");
		cw_html_attribute(html, "content", secret);
		cw_html_close(html, "meta");
	}
	cw_html_open(html, "title");
	cw_html_printf(html, "%s - Causeway desk", title);
	cw_html_close(html, "title");
	cw_html_open(html, "link");
	cw_html_attribute(html, "rel", "stylesheet");
	cw_html_attribute(html, "href", "/desk.css");
	cw_html_close(html, "link");
	cw_html_open(html, "script");
	cw_html_attribute(html, "src", "/desk.js");
	cw_html_flag(html, "defer", true);
	cw_html_text(html, " ");
	cw_html_close(html, "script");
	cw_html_close(html, "head");
}

static void put_beginning(struct cw_desk_page *page, const char *title, const char *secret)
{
	struct cw_html *html = &page->html;
	html->out = &page->answer.body;
	cw_buffer_text(html->out, "<!DOCTYPE html>\n");
	cw_html_open(html, "html");
	cw_html_attribute(html, "lang", "en");
	put_head(html, title, secret);
	cw_html_open(html, "body");
	cw_html_begin(html, "header", NULL);
	cw_html_element(html, "p", "product", "Causeway desk");
}

void cw_desk_page_head(struct cw_desk_page *page, const char *title, const char *secret)
{
	put_beginning(page, title, secret);
	cw_html_close(&page->html, "header");
	cw_html_open(&page->html, "main");
	cw_html_element(&page->html, "h1", NULL, title);
}

void cw_desk_page_begin(
	struct cw_desk_page *page, struct cw_desk_visitor *visitor, enum cw_desk_step step, const char *title)
{
	struct cw_html *html = &page->html;
	page->visitor = visitor;
	put_beginning(page, title, visitor->secret);
	put_steps(page, step);
	cw_html_close(html, "header");
	cw_html_open(html, "main");
	cw_html_element(html, "h1", NULL, title);
	if (visitor->notice.length) {
		cw_html_open(html, "p");
		cw_html_attribute(html, "class", "notice");
		cw_html_attribute(html, "role", "status");
		cw_html_text(html, cw_buffer_string(&visitor->notice));
		cw_html_close(html, "p");
		cw_buffer_finish(&visitor->notice);
	}
}

static void put_forget(struct cw_desk_page *page)
{
	struct cw_html *html = &page->html;
	cw_html_element(html, "p", NULL,
		"All of this is in memory on the desk's machine, and gone with the session or with the desk.");
	if (page->visitor->session) {
		cw_desk_page_form(page, "/forget", false);
		cw_desk_page_button(page, "Forget everything now");
		cw_html_close(html, "form");
	}
	if (!*page->visitor->user)
		return;
	cw_html_begin(html, "p", NULL);
	cw_html_printf(html, "Here as %s.", page->visitor->user);
	cw_html_close(html, "p");
	if (!*page->visitor->hash)
		return;
	cw_desk_page_form(page, "/logout", false);
	cw_desk_page_button(page, "Log out, and forget everything");
	cw_html_close(html, "form");
}

void cw_desk_page_end(struct cw_desk_page *page, struct cw_web_exchange *exchange)
{
	struct cw_html *html = &page->html;
	cw_html_close(html, "main");
	cw_html_open(html, "footer");
	if (page->visitor)
		put_forget(page);
	cw_html_close(html, "footer");
	cw_html_close(html, "body");
	cw_html_close(html, "html");
	if (page->answer.body.failed)
		cw_web_exchange_fault(exchange, 503, "out of memory");
	else
		cw_web_exchange_answer(exchange, &page->answer);
	cw_web_answer_finish(&page->answer);
}

void cw_desk_page_form(struct cw_desk_page *page, const char *action, bool upload)
{
	struct cw_html *html = &page->html;
	cw_html_open(html, "form");
	cw_html_attribute(html, "method", "post");
	cw_html_attribute(html, "action", action);
	cw_html_attribute(html, "enctype", upload ? "multipart/form-data" : NULL);
	if (!page->visitor)
		return;
	cw_html_open(html, "input");
	cw_html_attribute(html, "type", "hidden");
	cw_html_attribute(html, "name", CW_WEB_EXCHANGE_TOKEN_FIELD);
	cw_html_attribute(html, "value", page->visitor->secret);
	cw_html_close(html, "input");
}

void cw_desk_page_button(struct cw_desk_page *page, const char *label)
{
	struct cw_html *html = &page->html;
	cw_html_open(html, "p");
	cw_html_open(html, "button");
	cw_html_text(html, label);
	cw_html_close(html, "button");
	cw_html_close(html, "p");
}

void cw_desk_page_input(struct cw_desk_page *page, const char *type, const char *name, const char *label)
{
	struct cw_html *html = &page->html;
	cw_html_open(html, "p");
	cw_html_open(html, "label");
	cw_html_element(html, "span", NULL, label);
	cw_html_open(html, "input");
	cw_html_attribute(html, "type", type);
	cw_html_attribute(html, "name", name);
	cw_html_attribute(html, "autocomplete", "off");
	cw_html_close(html, "input");
	cw_html_close(html, "label");
	cw_html_close(html, "p");
}

void cw_desk_page_text(struct cw_desk_page *page, const char *text)
{
	struct cw_html *html = &page->html;
	cw_html_open(html, "pre");
	cw_html_attribute(html, "tabindex", "0");
	cw_html_lines(html, text);
	cw_html_close(html, "pre");
}

void cw_desk_page_trouble(struct cw_desk_page *page, const struct cw_desk_part *part)
{
	struct cw_html *html = &page->html;
	if (!part->err.length)
		return;
	cw_html_open(html, "div");
	cw_html_attribute(html, "class", "trouble");
	cw_html_attribute(html, "role", "alert");
	cw_html_lines(html, cw_buffer_string(&part->err));
	cw_html_close(html, "div");
}

void cw_desk_page_go(struct cw_desk_visitor *visitor, struct cw_web_exchange *exchange, const char *path,
	const char *notice)
{
	AUTO_WEB_ANSWER answer = {0};
	cw_buffer_finish(&visitor->notice);
	if (notice)
		cw_buffer_text(&visitor->notice, notice);
	cw_web_answer_redirect(&answer, path);
	cw_web_exchange_answer(exchange, &answer);
}

void cw_desk_page_link(struct cw_desk_page *page, const char *path, const char *text)
{
	cw_html_open(&page->html, "li");
	cw_html_link(&page->html, path, text);
	cw_html_close(&page->html, "li");
}
