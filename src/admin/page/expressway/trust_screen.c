#include "admin/page/expressway/trust_screen.h"

#include "admin/page/panel.h"

#include <string.h>

#define WORD(name) cw_vendor_word(CW_WORD_##name)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static const json_t *entries_of(const struct cw_screen *screen)
{
	return json_object_get(screen->answer, "entries");
}

static void positions(struct cw_html *html, const char *before, const json_t *numbers)
{
	size_t i;
	json_t *number;
	if (!json_array_size(numbers))
		return;
	cw_html_begin(html, "p", "shadow");
	cw_html_text(html, before);
	json_array_foreach(numbers, i, number)
	{
		cw_html_printf(html, "%s%lld", i ? ", " : " ", (long long)json_integer_value(number));
	}
	cw_html_close(html, "p");
}

/* Why the order matters: the search stops at the first entry of a subject. */
static void standing(struct cw_screen *screen, const json_t *entry)
{
	struct cw_html *html = &screen->html;
	size_t i;
	json_t *item;
	positions(html, "Same subject, found before number", json_object_get(entry, "shadows"));
	if (cw_screen_json_is(entry, "shadowed_by")) {
		cw_html_begin(html, "p", "shadow bad");
		cw_html_printf(html, "Never found: number %lld has the same subject and stands higher.",
			cw_screen_json_count(entry, "shadowed_by"));
		cw_html_close(html, "p");
	}
	json_array_foreach(json_object_get(entry, "remarks"), i, item)
	{
		cw_html_element(html, "p", NULL, cw_screen_json_item(item, "text"));
	}
}

static void serves(struct cw_screen *screen, const json_t *entry)
{
	struct cw_html *html = &screen->html;
	const json_t *links = json_object_get(entry, "serves");
	size_t i;
	json_t *link;
	if (!json_array_size(links)) {
		cw_html_text(html, cw_screen_json_equals(entry, "needed", "no") ? "nothing" : "\xe2\x80\x93");
		return;
	}
	cw_html_begin(html, "ul", "plain");
	json_array_foreach(links, i, link)
	{
		cw_html_open(html, "li");
		cw_html_printf(html, "%s ", cw_screen_json_text(link, "link"));
		cw_html_name(html, cw_screen_json_text(link, "peer"));
		cw_html_close(html, "li");
	}
	cw_html_close(html, "ul");
}

static void tick(struct cw_screen *screen, const json_t *entry)
{
	struct cw_html *html = &screen->html;
	cw_html_open(html, "input");
	cw_html_attribute(html, "type", "checkbox");
	cw_html_attribute(html, "name", "sha256");
	cw_html_attribute(html, "form", "delete");
	cw_html_attribute(html, "value", cw_screen_json_text(entry, "sha256"));
	cw_html_attributef(html, "aria-label", "Tick number %lld: %s",
		cw_screen_json_count(entry, "position"), cw_screen_json_text(entry, "subject"));
	cw_html_close(html, "input");
}

static void move_button(struct cw_screen *screen, const char *id, long long from, long long to)
{
	struct cw_html *html = &screen->html;
	cw_html_begin(html, "button", "small");
	cw_html_attribute(html, "form", id);
	cw_html_attribute(html, "name", "position");
	cw_html_attributef(html, "value", "%lld", to);
	cw_html_attributef(html, "aria-label", "Move number %lld %s", from, to < from ? "up" : "down");
	cw_html_text(html, to < from ? "\xe2\x86\x91" : "\xe2\x86\x93");
	cw_html_close(html, "button");
}

static void try_form(struct cw_screen *screen, struct cw_form *form)
{
	cw_form_begin(form);
	cw_form_hidden(form, "store", cw_screen_json_text(screen->answer, "store"));
	cw_form_hidden(form, "try", "true");
}

/* Up by one or down by one: two buttons of one form. */
static void move_form(struct cw_screen *screen, const json_t *entry, size_t index)
{
	AUTO_BUFFER id = {0};
	cw_buffer_printf(&id, "move-%zu", index);
	struct cw_form form = {.screen = screen, .id = cw_buffer_string(&id), .operation = "trust/move"};
	long long position = cw_screen_json_count(entry, "position");
	try_form(screen, &form);
	cw_form_hidden(&form, "sha256", cw_screen_json_text(entry, "sha256"));
	if (index > 0)
		move_button(screen, form.id, position, position - 1);
	if (index + 1 < json_array_size(entries_of(screen)))
		move_button(screen, form.id, position, position + 1);
	cw_form_end(&form);
}

static void actions(struct cw_screen *screen, const json_t *entry, size_t index)
{
	struct cw_html *html = &screen->html;
	cw_html_open(html, "a");
	cw_html_path(html, "viewcert", "sha256", cw_screen_json_text(entry, "sha256"));
	cw_html_attributef(html, "aria-label", "%s number %lld", WORD(VIEW_DECODED),
		cw_screen_json_count(entry, "position"));
	cw_html_text(html, WORD(VIEW_DECODED));
	cw_html_close(html, "a");
	if (!cw_screen_may_write(screen))
		return;
	move_form(screen, entry, index);
}

static void entry_row(struct cw_panel_table *table, const json_t *entry, size_t index)
{
	struct cw_screen *screen = table->screen;
	struct cw_html *html = &screen->html;
	long long days = cw_screen_json_count(entry, "days_left");
	cw_panel_row(table, NULL);
	cw_panel_cell(table);
	if (cw_screen_may_write(screen))
		tick(screen, entry);
	cw_html_printf(html, " %lld", cw_screen_json_count(entry, "position"));
	cw_panel_cell_end(table);
	cw_panel_cell_text(table, cw_screen_json_is(entry, "self_signed") ? "Root" : "Certificate");
	cw_panel_cell_text(table, cw_screen_json_text(entry, "issuer"));
	cw_panel_cell(table);
	cw_html_element(html, "p", NULL, cw_screen_json_text(entry, "subject"));
	standing(screen, entry);
	cw_panel_cell_end(table);
	cw_panel_cell(table);
	cw_html_begin(html, "p", days < 0 ? "bad" : NULL);
	cw_html_time(html, cw_screen_json_text(entry, "not_after"));
	cw_html_close(html, "p");
	cw_panel_cell_end(table);
	cw_panel_cell(table);
	serves(screen, entry);
	cw_panel_cell_end(table);
	cw_panel_cell(table);
	actions(screen, entry, index);
	cw_panel_cell_end(table);
	cw_panel_row_end(table);
}

static void table_of(struct cw_screen *screen)
{
	const char *const columns[] = {"No.", WORD(CA_TYPE), WORD(CA_ISSUER), WORD(CA_SUBJECT),
		WORD(CA_EXPIRATION), "Trusted for", WORD(CA_VIEW)};
	struct cw_panel_table table = {.screen = screen,
		.caption = "In the order in which this node searches: the first entry of a subject is taken",
		.columns = columns,
		.count = COUNT(columns)};
	size_t i;
	json_t *entry;
	if (!json_array_size(entries_of(screen))) {
		cw_html_element(&screen->html, "p", "quiet", "The list is empty: this node trusts nobody.");
		return;
	}
	cw_panel_table_begin(&table);
	json_array_foreach(entries_of(screen), i, entry)
	{
		entry_row(&table, entry, i);
	}
	cw_panel_table_end(&table);
}

static bool may_delete(const struct cw_screen *screen)
{
	return cw_screen_may_write(screen) && json_array_size(entries_of(screen));
}

/* The form that the ticks of the table belong to: in front of it, because a browser sends fields in the order in which they
 * stand, and the first one must be csrf. */
static void delete_form(struct cw_screen *screen)
{
	struct cw_form delete = {.screen = screen, .id = "delete", .operation = "trust/remove"};
	if (!may_delete(screen))
		return;
	try_form(screen, &delete);
	cw_form_end(&delete);
}

static void delete_button(struct cw_screen *screen)
{
	struct cw_html *html = &screen->html;
	if (!may_delete(screen))
		return;
	cw_html_begin(html, "p", NULL);
	cw_html_begin(html, "button", "danger");
	cw_html_attribute(html, "form", "delete");
	cw_html_text(html, WORD(DELETE_TICKED));
	cw_html_close(html, "button");
	cw_html_close(html, "p");
}

static void upload(struct cw_screen *screen)
{
	struct cw_form form = {.screen = screen, .id = "upload", .operation = "trust/try", .upload = true};
	cw_screen_section(screen, "upload-ca", WORD(UPLOAD));
	cw_form_begin(&form);
	cw_form_hidden(&form, "store", cw_screen_json_text(screen->answer, "store"));
	cw_form_put(&form,
		&(struct cw_form_field){.name = "file",
			.label = WORD(SELECT_CA_FILE),
			.kind = CW_FORM_FILE,
			.required = true,
			.hint = "PEM, one certificate or several: root and every intermediate."});
	cw_form_button(&form, WORD(APPEND_CA), NULL, NULL);
	cw_screen_note(screen, "First you are shown what it adds and which links it changes.");
	cw_form_end(&form);
	cw_screen_section_end(screen);
}

static void reset(struct cw_screen *screen)
{
	struct cw_form form = {.screen = screen, .id = "reset", .operation = "trust/reset"};
	if (!cw_screen_may_write(screen) || cw_screen_is_role(screen, CW_SCREEN_ROLE_CUCM))
		return;
	try_form(screen, &form);
	cw_form_danger(&form, WORD(RESET_CA), "trust/reset");
	cw_form_end(&form);
}

void cw_trust_screen(struct cw_screen *screen)
{
	delete_form(screen);
	table_of(screen);
	delete_button(screen);
	upload(screen);
	cw_screen_section(screen, "all", "The whole list");
	cw_panel_folded(screen, WORD(SHOW_ALL_PEM), cw_screen_json_text(screen->answer, "pem"));
	cw_html_begin(&screen->html, "p", NULL);
	cw_html_link(&screen->html, "viewcert", WORD(SHOW_ALL_DECODED));
	cw_html_close(&screen->html, "p");
	reset(screen);
	cw_screen_section_end(screen);
}

void cw_trust_screen_entry(struct cw_screen *screen)
{
	size_t i;
	json_t *entry;
	json_array_foreach(entries_of(screen), i, entry)
	{
		cw_screen_section(screen, NULL, cw_screen_json_text(entry, "subject"));
		standing(screen, entry);
		cw_panel_certificate(screen, entry);
		cw_panel_shown(screen, entry);
		cw_screen_section_end(screen);
	}
}
