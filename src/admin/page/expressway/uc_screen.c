#include "admin/page/expressway/uc_screen.h"

#include "admin/page/expressway/cucm_servers_screen.h"
#include "admin/page/expressway/tunnels_screen.h"
#include "admin/page/panel.h"

#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void counts(struct cw_screen *screen, const json_t *given)
{
	static const struct {
		const char *key, *name;
	} rows[] = {
		{"cucm", "Unified CM servers"},
		{"imp", "IM and Presence servers"},
		{"domains", "Domains"},
		{"zones", "Zones"},
		{"zones_active", "Active zones"},
		{"tunnels_active", "Active SSH tunnels"},
		{"sessions", "Provisioning sessions"},
	};
	cw_html_begin(&screen->html, "dl", "facts");
	for (size_t i = 0; i < COUNT(rows); i++)
		if (cw_screen_json_has(given, rows[i].key))
			cw_panel_factf(
				screen, rows[i].name, "%lld", cw_screen_json_count(given, rows[i].key));
	cw_html_close(&screen->html, "dl");
}

/* --- traffic from outside --- */

static void traffic_facts(struct cw_screen *screen, const json_t *traffic)
{
	static const struct {
		const char *key, *name;
	} rows[] = {
		{"active", "Connections over HTTPS now"},
		{"requests", "Requests"},
		{"refused", "Requests refused here"},
		{"sign_ins", "Sign-ins"},
		{"sign_ins_refused", "Sign-ins refused"},
		{"registrations", "Registrations"},
	};
	cw_html_begin(&screen->html, "dl", "facts");
	for (size_t i = 0; i < COUNT(rows); i++)
		if (cw_screen_json_has(traffic, rows[i].key))
			cw_panel_factf(
				screen, rows[i].name, "%lld", cw_screen_json_count(traffic, rows[i].key));
	cw_html_close(&screen->html, "dl");
}

static void cell_count(struct cw_panel_table *table, const json_t *count)
{
	char text[24];
	snprintf(text, sizeof text, "%lld", (long long)json_integer_value(count));
	cw_panel_cell_text(table, text);
}

static void statuses(struct cw_screen *screen, json_t *counts)
{
	const char *const columns[] = {"Status", "Requests"};
	struct cw_panel_table table = {.screen = screen,
		.caption = "Requests by status",
		.columns = columns,
		.count = COUNT(columns)};
	const char *status;
	json_t *count;
	if (!json_object_size(counts))
		return;
	cw_panel_table_begin(&table);
	json_object_foreach(counts, status, count)
	{
		cw_panel_row(&table, NULL);
		cw_panel_cell_text(&table, status);
		cell_count(&table, count);
		cw_panel_row_end(&table);
	}
	cw_panel_table_end(&table);
}

/* Over each zone's connection: on Expressway-C, through which Expressway-E. */
static void registrations(struct cw_screen *screen, const json_t *peers)
{
	const char *const columns[] = {"Peer", "Registrations"};
	struct cw_panel_table table = {.screen = screen,
		.caption = "Registrations by peer",
		.columns = columns,
		.count = COUNT(columns)};
	size_t i;
	json_t *peer;
	if (!json_array_size(peers))
		return;
	cw_panel_table_begin(&table);
	json_array_foreach(peers, i, peer)
	{
		cw_panel_row(&table, NULL);
		cw_panel_cell_text(&table, cw_screen_json_text(peer, "peer"));
		cell_count(&table, json_object_get(peer, "registrations"));
		cw_panel_row_end(&table);
	}
	cw_panel_table_end(&table);
}

static void traffic(struct cw_screen *screen, const json_t *given)
{
	if (!json_is_object(given))
		return;
	cw_html_element(&screen->html, "h2", NULL, "Traffic from outside");
	traffic_facts(screen, given);
	statuses(screen, json_object_get(given, "statuses"));
	registrations(screen, json_object_get(given, "peers"));
}

/* --- the rest --- */

static void messages(struct cw_screen *screen)
{
	size_t i;
	json_t *message;
	json_array_foreach(json_object_get(screen->answer, "messages"), i, message)
	{
		bool info = strcmp(cw_screen_json_text(message, "severity"), "info") == 0;
		cw_screen_bar(screen, info ? CW_SCREEN_INFORMATION : CW_SCREEN_WARNING,
			cw_screen_json_text(message, "text"), NULL);
	}
}

static void zones(struct cw_screen *screen)
{
	struct cw_html *html = &screen->html;
	size_t i;
	json_t *zone;
	cw_html_begin(html, "ul", "plain");
	json_array_foreach(json_object_get(screen->answer, "zones"), i, zone)
	{
		cw_html_open(html, "li");
		cw_panel_state(screen, cw_screen_json_text(zone, "status"));
		cw_html_text(html, " ");
		cw_html_open(html, "a");
		cw_html_path(html, "editzone", "name", cw_screen_json_text(zone, "name"));
		cw_html_text(html, cw_screen_json_text(zone, "name"));
		cw_html_close(html, "a");
		cw_html_close(html, "li");
	}
	cw_html_close(html, "ul");
}

static void domains(struct cw_screen *screen)
{
	struct cw_html *html = &screen->html;
	size_t i;
	json_t *domain;
	cw_html_begin(html, "ul", "plain");
	json_array_foreach(json_object_get(screen->answer, "domains"), i, domain)
	{
		cw_html_element(html, "li", NULL, cw_screen_json_item(domain, "name"));
	}
	cw_html_close(html, "ul");
}

void cw_uc_screen(struct cw_screen *screen)
{
	cw_panel_live(screen, "uc");
	messages(screen);
	counts(screen, json_object_get(screen->answer, "counts"));
	if (cw_screen_json_has(json_object_get(screen->answer, "counts"), "sessions")) {
		cw_html_begin(&screen->html, "p", NULL);
		cw_html_link(&screen->html, "provisioningsessions", cw_vendor_word(CW_WORD_VIEW_SESSIONS));
		cw_html_close(&screen->html, "p");
	}
	traffic(screen, json_object_get(screen->answer, "traffic"));
	cw_html_element(&screen->html, "h2", NULL, "Zones");
	zones(screen);
	cw_html_element(&screen->html, "h2", NULL, cw_vendor_word(CW_WORD_SSH_TUNNELS));
	cw_tunnels_screen_table(screen, json_object_get(screen->answer, "tunnels"));
	cw_html_begin(&screen->html, "p", NULL);
	cw_html_link(&screen->html, "sshtunnels", "View SSH tunnels status");
	cw_html_close(&screen->html, "p");
	if (json_array_size(json_object_get(screen->answer, "servers"))) {
		cw_html_element(&screen->html, "h2", NULL, cw_vendor_word(CW_WORD_CUCM_SERVERS));
		cw_cucm_servers_screen_table(screen, json_object_get(screen->answer, "servers"), false);
	}
	cw_html_element(&screen->html, "h2", NULL, "Domains");
	domains(screen);
	cw_panel_live_end(screen);
}

/* --- View provisioning sessions --- */

static void session_row(struct cw_panel_table *table, const json_t *session)
{
	static const char *const keys[] = {"user", "client", "address", "edge", "agent"};
	cw_panel_row(table, NULL);
	for (size_t i = 0; i < COUNT(keys); i++)
		cw_panel_cell_text(table, cw_screen_json_text(session, keys[i]));
	cw_panel_cell_time(table, cw_screen_json_text(session, "since"));
	cw_panel_cell_time(table, cw_screen_json_text(session, "until"));
	cw_panel_row_end(table);
}

void cw_uc_screen_sessions(struct cw_screen *screen)
{
	const char *const columns[] = {
		"Username", "Client", "Address", "Through", "User-Agent", "Since", "Until"};
	struct cw_panel_table table = {.screen = screen,
		.caption = cw_vendor_word(CW_WORD_TITLE_SESSIONS),
		.columns = columns,
		.count = COUNT(columns)};
	const json_t *sessions = json_object_get(screen->answer, "sessions");
	long long count = cw_screen_json_count(screen->answer, "count");
	size_t shown = json_array_size(sessions), i;
	json_t *session;
	cw_panel_live(screen, "sessions");
	cw_html_open(&screen->html, "p");
	if (!shown)
		cw_html_text(&screen->html,
			"Nobody has signed in since this node was started, or every session is over.");
	else if ((long long)shown < count)
		cw_html_printf(&screen->html, "The newest %zu of %lld sessions.", shown, count);
	else
		cw_html_printf(&screen->html, "%lld sessions.", count);
	cw_html_close(&screen->html, "p");
	if (shown)
		cw_panel_table_begin(&table);
	json_array_foreach(sessions, i, session)
	{
		session_row(&table, session);
	}
	if (shown)
		cw_panel_table_end(&table);
	cw_panel_live_end(screen);
}
