#include "admin/page/events_screen.h"

#include "admin/page/panel.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void filter(struct cw_screen *screen)
{
	static const struct cw_form_choice kinds[] = {{"", "Everything"},
		{"state", "Links that came and went"}, {"refused", "Refused handshakes"},
		{"alarm-raised", "Alarms raised"}, {"alarm-lowered", "Alarms lowered"}, {"change", "Changes"},
		{"change-refused", "Changes that were refused"}, {"log-in", "Log-ins"},
		{"crl-update", "Automatic CRL updates"}, {"log-in-refused", "Log-ins that were refused"},
		{"log-out", "Log-outs"}, {"start", "Starts"}, {"stop", "Stops"}};
	struct cw_form form = {.screen = screen, .id = "filter", .operation = "eventlog", .get = true};
	cw_form_begin(&form);
	cw_form_select(&form, &(struct cw_form_field){.name = "kind", .label = "Show", .value = ""}, kinds,
		COUNT(kinds));
	cw_form_button(&form, "Filter", NULL, NULL);
	cw_form_end(&form);
}

static void explained(struct cw_screen *screen, const json_t *words)
{
	struct cw_html *html = &screen->html;
	if (!json_is_object(words))
		return;
	cw_html_begin(html, "details", "meaning-of");
	cw_html_element(html, "summary", NULL, "What this means");
	cw_html_element(html, "p", NULL, cw_screen_json_text(words, "means"));
	if (cw_screen_json_is(words, "misleads"))
		cw_html_element(html, "p", "misleads", cw_screen_json_text(words, "misleads"));
	if (cw_screen_json_is(words, "next"))
		cw_html_element(html, "p", "next", cw_screen_json_text(words, "next"));
	cw_html_begin(html, "p", "source");
	cw_html_printf(
		html, "%s %s", cw_screen_json_text(words, "code"), cw_screen_json_text(words, "source"));
	cw_html_close(html, "p");
	cw_html_close(html, "details");
}

static void before_after(struct cw_screen *screen, const json_t *event)
{
	struct cw_html *html = &screen->html;
	if (!cw_screen_json_is(event, "before") && !cw_screen_json_is(event, "after"))
		return;
	cw_html_begin(html, "p", "quiet");
	cw_html_printf(html, "before: %s; after: %s", cw_screen_json_text(event, "before"),
		cw_screen_json_text(event, "after"));
	cw_html_close(html, "p");
}

void cw_events_screen(struct cw_screen *screen)
{
	static const char *const columns[] = {"Time", "Kind", "About", "Event", "Who"};
	struct cw_panel_table table = {.screen = screen,
		.caption = "Events, newest first",
		.columns = columns,
		.count = COUNT(columns)};
	const json_t *events = json_object_get(screen->answer, "events");
	size_t i;
	json_t *event;
	filter(screen);
	if (!json_array_size(events)) {
		cw_html_element(&screen->html, "p", "quiet", "Nothing of this kind has happened yet.");
		return;
	}
	cw_panel_table_begin(&table);
	json_array_foreach(events, i, event)
	{
		cw_panel_row(&table, NULL);
		cw_panel_cell_time(&table, cw_screen_json_text(event, "at"));
		cw_panel_cell_text(&table, cw_screen_json_text(event, "kind"));
		cw_panel_cell_text(&table, cw_screen_json_text(event, "about"));
		cw_panel_cell(&table);
		cw_html_element(&screen->html, "p", NULL, cw_screen_json_text(event, "text"));
		before_after(screen, event);
		explained(screen, json_object_get(event, "explained"));
		cw_panel_cell_end(&table);
		cw_panel_cell_text(&table, cw_screen_json_text(event, "who"));
		cw_panel_row_end(&table);
	}
	cw_panel_table_end(&table);
}
