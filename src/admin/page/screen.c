#include "admin/page/screen.h"

#include "report/html/page_style.h"

#include <string.h>

bool cw_screen_may_write(const struct cw_screen *screen)
{
	const char *role = cw_screen_json_text(screen->page, "user_role");
	return strcmp(role, "read-write") == 0 || strcmp(role, "write") == 0;
}

unsigned cw_screen_role_named(const char *role)
{
	static const struct {
		const char *name;
		enum cw_screen_role role;
	} rows[] = {
		{"expressway-c", CW_SCREEN_ROLE_C},
		{"expressway-e", CW_SCREEN_ROLE_E},
		{"cucm", CW_SCREEN_ROLE_CUCM},
		{"lab", CW_SCREEN_ROLE_LAB},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].name, role) == 0)
			return rows[i].role;
	return 0;
}

bool cw_screen_is_role(const struct cw_screen *screen, unsigned roles)
{
	return cw_screen_role_named(cw_screen_json_text(screen->page, "role")) & roles;
}

static const char *role_words(const struct cw_screen *screen)
{
	switch (cw_screen_role_named(cw_screen_json_text(screen->page, "role"))) {
	case CW_SCREEN_ROLE_C:
		return "Expressway-C";
	case CW_SCREEN_ROLE_E:
		return "Expressway-E";
	case CW_SCREEN_ROLE_CUCM:
		return "Cisco Unified OS Administration";
	case CW_SCREEN_ROLE_LAB:
		return "Causeway lab";
	default:
		return "Causeway";
	}
}

static void head(struct cw_screen *screen)
{
	struct cw_html *html = &screen->html;
	cw_buffer_text(html->out, "<!DOCTYPE html>\n");
	cw_html_open(html, "html");
	cw_html_attribute(html, "lang", "en");
	cw_html_open(html, "head");
	cw_html_open(html, "meta");
	cw_html_attribute(html, "charset", "utf-8");
	cw_html_close(html, "meta");
	cw_html_open(html, "meta");
	cw_html_attribute(html, "name", "viewport");
	cw_html_attribute(html, "content", "width=device-width, initial-scale=1");
	cw_html_close(html, "meta");
	cw_html_open(html, "title");
	cw_html_printf(html, "%s \xe2\x80\x93 %s", cw_vendor_word(screen->row->title),
		cw_screen_json_text(screen->page, "node"));
	cw_html_close(html, "title");
	cw_html_open(html, "link");
	cw_html_attribute(html, "rel", "stylesheet");
	cw_html_attribute(html, "href", "/style.css");
	cw_html_close(html, "link");
	cw_html_open(html, "script");
	cw_html_attribute(html, "src", "/script.js");
	cw_html_flag(html, "defer", true);
	cw_html_close(html, "script");
	cw_html_close(html, "head");
}

/* Leads to the alarms from every page, as the boxes' icon does. */
static void alarms(struct cw_screen *screen)
{
	struct cw_html *html = &screen->html;
	long long count = cw_screen_json_count(screen->page, "alarms");
	const char *class = count ? "alarms some" : "alarms";
	cw_html_begin(html, "p", class);
	cw_html_attribute(html, "id", "alarm-count");
	cw_html_flag(html, "data-live", true);
	cw_html_open(html, "a");
	cw_html_path(html, "alarms", NULL, NULL);
	if (count)
		cw_html_printf(html, count == 1 ? "%lld alarm" : "%lld alarms", count);
	else
		cw_html_text(html, "No alarms");
	cw_html_close(html, "a");
	cw_html_close(html, "p");
}

static void signed_in(struct cw_screen *screen)
{
	struct cw_html *html = &screen->html;
	if (cw_screen_is_role(screen, CW_SCREEN_ROLE_LAB)) { /* nobody logs in to a lab */
		cw_html_element(html, "p", "who", "For whoever sits at this machine");
		return;
	}
	alarms(screen);
	cw_html_begin(html, "p", "who");
	cw_html_text(html, "Signed in as ");
	cw_html_element(html, "b", NULL, cw_screen_json_text(screen->page, "user"));
	cw_html_printf(html, " (%s)", cw_screen_json_text(screen->page, "user_role"));
	cw_html_close(html, "p");
	cw_html_open(html, "form");
	cw_html_attribute(html, "method", "post");
	cw_html_attribute(html, "action", "/do/session/end");
	cw_html_open(html, "input");
	cw_html_attribute(html, "type", "hidden");
	cw_html_attribute(html, "name", "csrf");
	cw_html_attribute(html, "value", cw_screen_json_text(screen->page, "csrf"));
	cw_html_close(html, "input");
	cw_html_open(html, "button");
	cw_html_text(html, cw_vendor_word(CW_WORD_LOG_OUT));
	cw_html_close(html, "button");
	cw_html_close(html, "form");
}

static void header(struct cw_screen *screen, bool user)
{
	struct cw_html *html = &screen->html;
	cw_html_begin(html, "header", "node");
	cw_html_begin(html, "p", "name");
	cw_html_element(html, "b", NULL, cw_screen_json_text(screen->page, "node"));
	cw_html_printf(html, " %s", role_words(screen));
	cw_html_close(html, "p");
	if (user) {
		signed_in(screen);
		cw_html_begin(html, "a", "to-menu button");
		cw_html_attribute(html, "href", "#menu");
		cw_html_text(html, "Menu");
		cw_html_close(html, "a");
	}
	cw_html_close(html, "header");
}

static void menu_item(struct cw_screen *screen, const struct cw_screen_row *row)
{
	struct cw_html *html = &screen->html;
	cw_html_open(html, "li");
	cw_html_open(html, "a");
	cw_html_path(html, row->name, NULL, NULL);
	cw_html_attribute(html, "aria-current", row == screen->row ? "page" : NULL);
	cw_html_text(html, cw_vendor_word(row->title));
	cw_html_close(html, "a");
	cw_html_close(html, "li");
}

/* Rows of one place stand together in the table. */
static void menu(struct cw_screen *screen, const struct cw_screen_row *rows, size_t count)
{
	struct cw_html *html = &screen->html;
	const char *where = NULL;
	cw_html_begin(html, "nav", "menu");
	cw_html_attribute(html, "id", "menu");
	cw_html_attribute(html, "aria-label", "Menu");
	for (size_t i = 0; i < count; i++) {
		if (!rows[i].menu || !cw_screen_is_role(screen, rows[i].roles))
			continue;
		if (!where || strcmp(where, rows[i].where) != 0) {
			if (where)
				cw_html_close(html, "ul");
			where = rows[i].where;
			cw_html_element(html, "p", "where", where);
			cw_html_open(html, "ul");
		}
		menu_item(screen, &rows[i]);
	}
	if (where)
		cw_html_close(html, "ul");
	cw_html_begin(html, "a", "from-menu button");
	cw_html_attribute(html, "href", "#main");
	cw_html_text(html, "Close the menu");
	cw_html_close(html, "a");
	cw_html_close(html, "nav");
}

/* "You are here: Maintenance > Security > Server certificate", as every page of the boxes begins. */
static void breadcrumb(struct cw_screen *screen)
{
	struct cw_html *html = &screen->html;
	const char *at = screen->row->where;
	cw_html_begin(html, "nav", "here");
	cw_html_attribute(html, "aria-label", "You are here");
	cw_html_element(html, "span", NULL, "You are here:");
	cw_html_open(html, "ol");
	while (*at) {
		size_t length = strcspn(at, ">");
		AUTO_BUFFER part = {0};
		cw_buffer_append(&part, at, length - (at[length] && length));
		html->out->failed |= part.failed;
		cw_html_element(html, "li", NULL, cw_buffer_string(&part));
		at += length;
		at += strspn(at, "> ");
	}
	cw_html_open(html, "li");
	cw_html_attribute(html, "aria-current", "page");
	cw_html_text(html, cw_vendor_word(screen->row->title));
	cw_html_close(html, "li");
	cw_html_close(html, "ol");
	cw_html_close(html, "nav");
}

void cw_screen_begin(struct cw_screen *screen, const struct cw_screen_row *rows, size_t count)
{
	struct cw_html *html = &screen->html;
	bool user = cw_screen_json_is(screen->page, "user");
	head(screen);
	cw_html_begin(html, "body", user ? "pages" : "pages alone");
	AUTO_BUFFER signs = {0};
	cw_page_style_signs(&signs);
	cw_html_made(html, &signs);
	cw_html_begin(html, "a", "skip");
	cw_html_attribute(html, "href", "#main");
	cw_html_text(html, "Skip to the content");
	cw_html_close(html, "a");
	header(screen, user);
	if (user)
		menu(screen, rows, count);
	cw_html_open(html, "main");
	cw_html_attribute(html, "id", "main");
	cw_html_attribute(html, "tabindex", "-1");
	if (user)
		breadcrumb(screen);
	cw_html_element(html, "h1", NULL, cw_vendor_word(screen->row->title));
	if (screen->notice)
		cw_screen_bar(screen, screen->notice->kind, screen->notice->text, screen->notice->next);
}

void cw_screen_end(struct cw_screen *screen)
{
	struct cw_html *html = &screen->html;
	cw_html_close(html, "main");
	cw_html_element(html, "footer", NULL,
		"A node of Causeway. Not a product of Cisco; page names, labels and messages follow the boxes so "
		"that a runbook works here.");
	cw_html_close(html, "body");
	cw_html_close(html, "html");
	cw_buffer_char(html->out, '\n');
	html->out->failed |= html->depth > 0;
}

void cw_screen_bar(struct cw_screen *screen, enum cw_screen_kind kind, const char *text, const char *next)
{
	static const char *const classes[] = {[CW_SCREEN_INFORMATION] = "bar",
		[CW_SCREEN_GOOD] = "bar pass",
		[CW_SCREEN_WARNING] = "bar warn",
		[CW_SCREEN_REFUSED] = "bar refused"};
	struct cw_html *html = &screen->html;
	cw_html_begin(html, "div", classes[kind]);
	cw_html_attribute(html, "role", kind == CW_SCREEN_REFUSED ? "alert" : "status");
	cw_html_element(html, "p", NULL, text);
	if (next)
		cw_html_element(html, "p", "next", next);
	cw_html_close(html, "div");
}

void cw_screen_section(struct cw_screen *screen, const char *id, const char *heading)
{
	cw_html_begin(&screen->html, "section", "panel");
	cw_html_attribute(&screen->html, "id", id);
	cw_html_element(&screen->html, "h2", NULL, heading);
}

void cw_screen_section_end(struct cw_screen *screen)
{
	cw_html_close(&screen->html, "section");
}

void cw_screen_note(struct cw_screen *screen, const char *text)
{
	cw_html_element(&screen->html, "p", "note", text);
}
