#include "admin/page/overview_screen.h"

#include "admin/page/panel.h"

#define WORD(name) cw_vendor_word(CW_WORD_##name)

static void alarms_table(struct cw_screen *screen)
{
	static const char *const columns[] = {"Alarm", "Severity", "Raised", "ID"};
	struct cw_panel_table table = {
		.screen = screen, .caption = "Alarms that are raised now", .columns = columns, .count = 4};
	const json_t *alarms = json_object_get(screen->answer, "alarms");
	size_t i;
	json_t *alarm;
	if (!json_array_size(alarms)) {
		cw_html_element(&screen->html, "p", "quiet", "No alarm is raised.");
		return;
	}
	cw_panel_table_begin(&table);
	json_array_foreach(alarms, i, alarm)
	{
		cw_panel_row(&table, NULL);
		cw_panel_cell_text(&table, cw_screen_json_text(alarm, "text"));
		cw_panel_cell_text(&table, cw_screen_json_text(alarm, "severity"));
		cw_panel_cell_time(&table, cw_screen_json_text(alarm, "raised"));
		cw_panel_cell_text(&table, cw_screen_json_text(alarm, "number"));
		cw_panel_row_end(&table);
	}
	cw_panel_table_end(&table);
}

void cw_overview_screen_alarms(struct cw_screen *screen)
{
	cw_screen_note(screen,
		"An alarm without an ID is one that the boxes have not: an entry of a list about to expire, a "
		"fault towards one peer, tunnels down while the zone is active.");
	cw_panel_live(screen, "alarms");
	alarms_table(screen);
	cw_panel_live_end(screen);
}

static void links_table(struct cw_screen *screen, const char *key, const char *caption, const char *none)
{
	static const char *const columns[] = {"Peer", "State", "Reason", "Since"};
	struct cw_panel_table table = {.screen = screen, .caption = caption, .columns = columns, .count = 4};
	const json_t *rows = json_object_get(screen->answer, key);
	size_t i;
	json_t *row;
	if (!json_array_size(rows)) {
		cw_html_element(&screen->html, "p", "quiet", none);
		return;
	}
	cw_panel_table_begin(&table);
	json_array_foreach(rows, i, row)
	{
		const char *kind = cw_screen_json_text(row, "kind");
		cw_panel_row(&table, NULL);
		cw_panel_cell(&table);
		if (*kind)
			cw_html_printf(&screen->html, "%s ", kind);
		cw_html_name(&screen->html, cw_screen_json_text(row, "peer"));
		cw_panel_cell_end(&table);
		cw_panel_cell(&table);
		cw_panel_state(screen, cw_screen_json_text(row, "state"));
		cw_panel_cell_end(&table);
		cw_panel_cell(&table);
		cw_panel_reason(screen, cw_screen_json_text(row, "code"), cw_screen_json_text(row, "reason"));
		cw_panel_cell_end(&table);
		cw_panel_cell_time(&table, cw_screen_json_text(row, "since"));
		cw_panel_row_end(&table);
	}
	cw_panel_table_end(&table);
}

static void facts(struct cw_screen *screen)
{
	const json_t *answer = screen->answer;
	size_t i;
	json_t *identity;
	cw_html_begin(&screen->html, "dl", "facts");
	cw_panel_fact(screen, "System name", cw_screen_json_text(answer, "node"));
	cw_panel_fact(screen, "Software version", cw_screen_json_text(answer, "release"));
	cw_panel_fact(screen, "Started", cw_screen_json_text(answer, "started"));
	cw_panel_factf(screen, "Configuration number", "%lld", cw_screen_json_count(answer, "snapshot"));
	cw_panel_fact(screen, "Last change", cw_screen_json_text(answer, "change"));
	json_array_foreach(json_object_get(answer, "identities"), i, identity)
	{
		cw_panel_factf(screen, cw_screen_json_text(identity, "identity"),
			"certificate expires on %s (%lld days left)",
			cw_screen_json_text(identity, "not_after"),
			cw_screen_json_count(identity, "days_left"));
	}
	cw_html_close(&screen->html, "dl");
}

void cw_overview_screen(struct cw_screen *screen)
{
	cw_panel_restart(screen);
	cw_panel_live(screen, "state");
	cw_html_element(&screen->html, "h2", NULL, "Alarms");
	alarms_table(screen);
	if (cw_screen_is_role(screen, CW_SCREEN_ROLE_EXPRESSWAY)) {
		cw_html_element(&screen->html, "h2", NULL, "Zones");
		links_table(screen, "zones", "Traversal zone, peer by peer", "No zone is configured.");
		cw_html_element(&screen->html, "h2", NULL, WORD(SSH_TUNNELS));
		links_table(screen, "tunnels", "SSH tunnels", WORD(NO_TUNNELS));
	}
	cw_html_element(&screen->html, "h2", NULL, "Services");
	links_table(screen, "services", "Services and other links", "This node has no other links.");
	cw_panel_live_end(screen);
	cw_screen_section(screen, NULL, "System");
	facts(screen);
	cw_screen_section_end(screen);
}
