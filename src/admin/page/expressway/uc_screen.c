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
