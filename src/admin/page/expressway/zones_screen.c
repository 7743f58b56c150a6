#include "admin/page/expressway/zones_screen.h"

#include "admin/page/panel.h"

#include <string.h>

#define WORD(name) cw_vendor_word(CW_WORD_##name)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
/* The boxes' field for peers is numbered 1 to 6. */
#define PEERS_MAX 6

static void peer(struct cw_screen *screen, const json_t *item)
{
	struct cw_html *html = &screen->html;
	const char *address = cw_screen_json_text(item, "address");
	cw_html_open(html, "li");
	cw_panel_state(screen, cw_screen_json_text(item, "state"));
	cw_html_printf(html, " %s", *address ? address : "nobody has come yet");
	if (cw_screen_json_is(item, "since")) {
		cw_html_text(html, ", since ");
		cw_html_time(html, cw_screen_json_text(item, "since"));
	}
	if (cw_screen_json_is(item, "code") || cw_screen_json_is(item, "reason"))
		cw_panel_reason(
			screen, cw_screen_json_text(item, "code"), cw_screen_json_text(item, "reason"));
	cw_html_close(html, "li");
}

static void peers(struct cw_screen *screen, const json_t *zone)
{
	size_t i;
	json_t *item;
	cw_html_begin(&screen->html, "ul", "plain");
	json_array_foreach(json_object_get(zone, "peers"), i, item)
	{
		peer(screen, item);
	}
	cw_html_close(&screen->html, "ul");
}

static void zone_row(struct cw_panel_table *table, const json_t *zone)
{
	struct cw_screen *screen = table->screen;
	struct cw_html *html = &screen->html;
	const char *name = cw_screen_json_text(zone, "name");
	cw_panel_row(table, NULL);
	cw_panel_cell_text(table, name);
	cw_panel_cell_text(table, cw_screen_json_text(zone, "type"));
	cw_panel_cell(table);
	cw_panel_state(screen, cw_screen_json_text(zone, "status"));
	cw_panel_cell_end(table);
	cw_panel_cell(table);
	peers(screen, zone);
	cw_panel_cell_end(table);
	cw_panel_cell(table);
	cw_html_open(html, "a");
	cw_html_path(html, "editzone", "name", name);
	cw_html_attributef(html, "aria-label", "%s %s", WORD(VIEW_EDIT), name);
	cw_html_text(html, WORD(VIEW_EDIT));
	cw_html_close(html, "a");
	cw_panel_cell_end(table);
	cw_panel_row_end(table);
}

void cw_zones_screen(struct cw_screen *screen)
{
	const char *const columns[] = {
		WORD(ZONE_NAME), WORD(ZONE_TYPE), WORD(SIP_STATUS), "Peers", WORD(ACTIONS)};
	struct cw_panel_table table = {
		.screen = screen, .caption = "Zones", .columns = columns, .count = COUNT(columns)};
	const json_t *zones = json_object_get(screen->answer, "zones");
	size_t i;
	json_t *zone;
	cw_panel_live(screen, "zones");
	if (json_array_size(zones)) {
		cw_panel_table_begin(&table);
		json_array_foreach(zones, i, zone)
		{
			zone_row(&table, zone);
		}
		cw_panel_table_end(&table);
	} else {
		cw_html_element(&screen->html, "p", "quiet", "No zone is configured.");
	}
	cw_panel_live_end(screen);
}

static void peer_field(struct cw_form *form, const json_t *zone, size_t index)
{
	AUTO_BUFFER label = {0};
	const json_t *item = json_array_get(json_object_get(zone, "peers"), index);
	cw_buffer_printf(&label, "%s %zu %s", WORD(PEER), index + 1, WORD(ADDRESS));
	cw_form_put(form,
		&(struct cw_form_field){.name = "peers",
			.number = index + 1,
			.label = cw_buffer_string(&label),
			.value = cw_screen_json_text(item, "address"),
			.hint = index ? NULL
				      : "The Expressway-E's FQDN, as its certificate has it: an IP address "
					"matches no name in a certificate."});
}

static void connection(struct cw_form *form, const json_t *zone, bool client)
{
	AUTO_BUFFER port = {0};
	cw_buffer_printf(&port, "%lld", cw_screen_json_count(zone, "port"));
	cw_form_put(form,
		&(struct cw_form_field){
			.name = "port", .label = WORD(PORT), .value = cw_buffer_string(&port)});
	if (!client)
		cw_form_put(form,
			&(struct cw_form_field){.name = "verify_name",
				.label = WORD(TLS_VERIFY_SUBJECT_NAME),
				.value = cw_screen_json_text(zone, "verify_name"),
				.hint = "The name that must be among the names of the Expressway-C's certificate; "
					"of a cluster its cluster name, which every peer's certificate has."});
	for (size_t i = 0; client && i < PEERS_MAX; i++)
		peer_field(form, zone, i);
}

/* By itself: an empty field would be sent, and be a password. */
static void password(struct cw_screen *screen, const json_t *zone)
{
	struct cw_form form = {.screen = screen, .id = "credentials", .operation = "zone/try"};
	cw_screen_section(screen, NULL, "Another password");
	cw_form_begin(&form);
	cw_form_hidden(&form, "name", cw_screen_json_text(zone, "name"));
	cw_form_put(&form,
		&(struct cw_form_field){.name = "user",
			.label = WORD(USERNAME),
			.value = cw_screen_json_text(zone, "user"),
			.fixed = true});
	cw_form_put(&form,
		&(struct cw_form_field){.name = "password",
			.label = WORD(PASSWORD),
			.kind = CW_FORM_PASSWORD,
			.complete = "new-password",
			.required = true,
			.hint = "It is shown nowhere. Both sides need the same one; another one looks like a certificate "
				"fault and is none."});
	cw_form_button(&form, "See what this changes", NULL, NULL);
	cw_form_end(&form);
	cw_screen_section_end(screen);
}

void cw_zones_screen_edit(struct cw_screen *screen)
{
	const json_t *zone = json_object_get(screen->answer, "zone");
	struct cw_form form = {.screen = screen, .id = "zone", .operation = "zone/try"};
	bool client = strcmp(cw_screen_json_text(zone, "side"), "client") == 0;
	cw_screen_section(screen, NULL, "State");
	cw_panel_live(screen, "zone-state");
	peers(screen, zone);
	cw_panel_live_end(screen);
	cw_screen_section_end(screen);
	cw_screen_section(screen, NULL, "Configuration");
	cw_html_begin(&screen->html, "dl", "facts");
	cw_panel_fact(screen, WORD(ZONE_NAME), cw_screen_json_text(zone, "name"));
	cw_panel_fact(screen, WORD(ZONE_TYPE), cw_screen_json_text(zone, "type"));
	cw_panel_fact(screen, WORD(TLS_VERIFY_MODE), cw_screen_json_text(zone, "tls_verify"));
	cw_html_close(&screen->html, "dl");
	cw_form_begin(&form);
	cw_form_hidden(&form, "name", cw_screen_json_text(zone, "name"));
	connection(&form, zone, client);
	cw_form_put(&form,
		&(struct cw_form_field){
			.name = "user", .label = WORD(USERNAME), .value = cw_screen_json_text(zone, "user")});
	cw_form_button(&form, "See what this changes", NULL, NULL);
	cw_form_end(&form);
	cw_screen_section_end(screen);
	password(screen, zone);
}
