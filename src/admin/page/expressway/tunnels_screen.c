#include "admin/page/expressway/tunnels_screen.h"

#include "admin/page/panel.h"

#define WORD(name) cw_vendor_word(CW_WORD_##name)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void tunnel_row(struct cw_panel_table *table, const json_t *tunnel)
{
	struct cw_screen *screen = table->screen;
	cw_panel_row(table, NULL);
	cw_panel_cell_text(table, cw_screen_json_text(tunnel, "domain"));
	cw_panel_cell_text(table, cw_screen_json_text(tunnel, "peer"));
	cw_panel_cell(table);
	cw_panel_state(screen, cw_screen_json_text(tunnel, "state"));
	cw_panel_cell_end(table);
	cw_panel_cell(table);
	if (cw_screen_json_is(tunnel, "refused_by"))
		cw_html_printf(&screen->html, "Refused by %s. ", cw_screen_json_text(tunnel, "refused_by"));
	cw_panel_reason(screen, cw_screen_json_text(tunnel, "code"), cw_screen_json_text(tunnel, "reason"));
	cw_panel_cell_end(table);
	cw_panel_cell_time(table, cw_screen_json_text(tunnel, "since"));
	cw_panel_row_end(table);
}

void cw_tunnels_screen_table(struct cw_screen *screen, const json_t *tunnels)
{
	const char *const columns[] = {"Domain", "Target", "Status", "Reason", "Since"};
	struct cw_panel_table table = {
		.screen = screen, .caption = WORD(SSH_TUNNELS), .columns = columns, .count = COUNT(columns)};
	size_t i;
	json_t *tunnel;
	if (!json_array_size(tunnels))
		return;
	cw_panel_table_begin(&table);
	json_array_foreach(tunnels, i, tunnel)
	{
		tunnel_row(&table, tunnel);
	}
	cw_panel_table_end(&table);
}

void cw_tunnels_screen_checklist(struct cw_screen *screen, const json_t *checklist)
{
	struct cw_html *html = &screen->html;
	size_t i;
	json_t *item;
	cw_html_begin(html, "ul", "findings");
	json_array_foreach(checklist, i, item)
	{
		const char *state = cw_screen_json_text(item, "state");
		cw_html_open(html, "li");
		cw_html_attribute(html, "class", cw_panel_verdict(state));
		cw_panel_sign(screen, cw_panel_verdict(state));
		cw_html_open(html, "div");
		cw_html_open(html, "p");
		cw_html_element(html, "b", NULL, cw_screen_json_text(item, "check"));
		cw_html_printf(html, " (%s)", *state ? state : "unknown");
		cw_html_close(html, "p");
		cw_html_element(html, "p", NULL, cw_screen_json_text(item, "text"));
		cw_html_close(html, "div");
		cw_html_close(html, "li");
	}
	cw_html_close(html, "ul");
}

void cw_tunnels_screen(struct cw_screen *screen)
{
	const char *none = cw_screen_json_text(screen->answer, "none");
	cw_panel_live(screen, "tunnels");
	if (*none)
		cw_screen_bar(screen, CW_SCREEN_REFUSED, none,
			"The zone can be active all the same: tunnels want the whole chain of both certificates.");
	cw_tunnels_screen_table(screen, json_object_get(screen->answer, "tunnels"));
	cw_html_element(&screen->html, "h2", NULL, "If tunnels do not come up");
	cw_tunnels_screen_checklist(screen, json_object_get(screen->answer, "checklist"));
	cw_panel_live_end(screen);
}
