#include "admin/page/expressway/domains_screen.h"

#include "admin/page/panel.h"

#include <string.h>

#define WORD(name) cw_vendor_word(CW_WORD_##name)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* Which name the certificate of the Expressway-E needs for it. */
static const char *edge_words(const char *edge)
{
	static const struct {
		const char *edge, *words;
	} rows[] = {{"either", "the domain, or collab-edge. in front of it"}, {"dns", "the domain itself"},
		{"collab-edge", "collab-edge. in front of it"}, {"none", "no name"}};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].edge, edge) == 0)
			return rows[i].words;
	return edge;
}

static void remove_form(struct cw_screen *screen, const char *domain, size_t number)
{
	AUTO_BUFFER id = {0};
	cw_buffer_printf(&id, "remove-%zu", number);
	struct cw_form form = {.screen = screen, .id = cw_buffer_string(&id), .operation = "domains/remove"};
	if (!cw_screen_may_write(screen))
		return;
	cw_form_begin(&form);
	cw_form_hidden(&form, "domain", domain);
	cw_form_hidden(&form, "try", "true");
	cw_form_delete(&form, domain);
	cw_form_end(&form);
}

void cw_domains_screen(struct cw_screen *screen)
{
	const char *const columns[] = {
		WORD(DOMAIN_NAME), "Name that the Expressway-E's certificate needs", WORD(ACTIONS)};
	struct cw_panel_table table = {
		.screen = screen, .caption = "Domains", .columns = columns, .count = COUNT(columns)};
	struct cw_form form = {.screen = screen, .id = "add", .operation = "domains/add"};
	size_t i;
	json_t *domain;
	cw_panel_table_begin(&table);
	json_array_foreach(json_object_get(screen->answer, "domains"), i, domain)
	{
		const char *name = cw_screen_json_item(domain, "name");
		cw_panel_row(&table, NULL);
		cw_panel_cell_text(&table, name);
		cw_panel_cell_text(&table, edge_words(cw_screen_json_text(domain, "edge")));
		cw_panel_cell(&table);
		remove_form(screen, name, i);
		cw_panel_cell_end(&table);
		cw_panel_row_end(&table);
	}
	cw_panel_table_end(&table);
	cw_screen_section(screen, NULL, "New domain");
	cw_form_begin(&form);
	cw_form_hidden(&form, "try", "true");
	cw_form_put(&form,
		&(struct cw_form_field){.name = "domain", .label = WORD(DOMAIN_NAME), .required = true});
	cw_form_button(&form, "Add domain", NULL, NULL);
	cw_form_end(&form);
	cw_screen_section_end(screen);
}
