#include "admin/page/expressway/cucm_servers_screen.h"

#include "admin/page/panel.h"

#define WORD(name) cw_vendor_word(CW_WORD_##name)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void links(struct cw_screen *screen, const json_t *server)
{
	struct cw_html *html = &screen->html;
	const json_t *given = json_object_get(server, "links");
	size_t i;
	json_t *link;
	if (!json_array_size(given))
		return;
	cw_html_begin(html, "ul", "plain");
	json_array_foreach(given, i, link)
	{
		cw_html_open(html, "li");
		cw_panel_state(screen, cw_screen_json_text(link, "state"));
		cw_html_printf(html, " %s", cw_screen_json_text(link, "link"));
		if (cw_screen_json_is(link, "code") || cw_screen_json_is(link, "reason"))
			cw_panel_reason(screen, cw_screen_json_text(link, "code"),
				cw_screen_json_text(link, "reason"));
		cw_html_close(html, "li");
	}
	cw_html_close(html, "ul");
}

static void remove_form(struct cw_screen *screen, const char *address, size_t number)
{
	AUTO_BUFFER id = {0};
	cw_buffer_printf(&id, "remove-%zu", number);
	struct cw_form form = {
		.screen = screen, .id = cw_buffer_string(&id), .operation = "cucm-servers/remove"};
	if (!cw_screen_may_write(screen))
		return;
	cw_form_begin(&form);
	cw_form_hidden(&form, "address", address);
	cw_form_hidden(&form, "try", "true");
	cw_form_delete(&form, address);
	cw_form_end(&form);
}

static void server_row(struct cw_panel_table *table, const json_t *server, size_t number)
{
	struct cw_screen *screen = table->screen;
	const char *address = cw_screen_json_text(server, "address");
	const char *fqdn = cw_screen_json_text(server, "fqdn");
	cw_panel_row(table, NULL);
	cw_panel_cell_text(table, address);
	cw_panel_cell_text(table, fqdn);
	cw_panel_cell_text(table, cw_screen_json_text(server, "tls_verify"));
	cw_panel_cell(table);
	cw_panel_state(screen, cw_screen_json_text(server, "state"));
	if (cw_screen_json_is(server, "code") || cw_screen_json_is(server, "reason"))
		cw_panel_reason(
			screen, cw_screen_json_text(server, "code"), cw_screen_json_text(server, "reason"));
	links(screen, server);
	cw_panel_cell_end(table);
	if (table->count > 4) {
		cw_panel_cell(table);
		remove_form(screen, address, number);
		cw_panel_cell_end(table);
	}
	cw_panel_row_end(table);
}

void cw_cucm_servers_screen_table(struct cw_screen *screen, const json_t *servers, bool buttons)
{
	const char *const columns[] = {
		WORD(CUCM_PUBLISHER), "Name", WORD(TLS_VERIFY_MODE), "Status", WORD(ACTIONS)};
	struct cw_panel_table table = {.screen = screen,
		.caption = WORD(CUCM_SERVERS),
		.columns = columns,
		.count = buttons ? COUNT(columns) : COUNT(columns) - 1};
	size_t i;
	json_t *server;
	cw_panel_table_begin(&table);
	json_array_foreach(servers, i, server)
	{
		server_row(&table, server, i);
	}
	cw_panel_table_end(&table);
}

static void add_form(struct cw_screen *screen)
{
	static const struct cw_form_choice modes[] = {{"true", "On"}, {"false", "Off"}};
	struct cw_form form = {.screen = screen, .id = "add", .operation = "cucm-servers/add"};
	cw_screen_section(screen, NULL, "New Unified CM");
	cw_form_begin(&form);
	cw_form_put(&form,
		&(struct cw_form_field){.name = "address",
			.label = WORD(CUCM_PUBLISHER),
			.required = true,
			.hint = "The FQDN, not the IP address: with TLS verify mode On the name must be in the "
				"tomcat certificate."});
	cw_form_select(&form,
		&(struct cw_form_field){.name = "tls_verify",
			.label = WORD(TLS_VERIFY_MODE),
			.hint = "On: this node's trusted CA list must hold the CA of the tomcat certificate."},
		modes, COUNT(modes));
	cw_form_hidden(&form, "try", "true");
	cw_form_button(&form, "Add address", NULL, NULL);
	cw_form_end(&form);
	cw_screen_section_end(screen);
}

void cw_cucm_servers_screen(struct cw_screen *screen)
{
	struct cw_form refresh = {.screen = screen, .id = "refresh", .operation = "cucm-servers/refresh"};
	cw_panel_live(screen, "servers");
	cw_cucm_servers_screen_table(screen, json_object_get(screen->answer, "servers"), true);
	cw_panel_live_end(screen);
	if (cw_screen_may_write(screen)) {
		cw_form_begin(&refresh);
		cw_form_button(&refresh, WORD(REFRESH_SERVERS), NULL, NULL);
		cw_form_end(&refresh);
	}
	add_form(screen);
}
