#include "admin/page/administrators_screen.h"

#include "admin/page/panel.h"

#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void remove_form(struct cw_screen *screen, const char *user, size_t number)
{
	AUTO_BUFFER id = {0};
	cw_buffer_printf(&id, "remove-%zu", number);
	struct cw_form form = {
		.screen = screen, .id = cw_buffer_string(&id), .operation = "administrators/remove"};
	if (!cw_screen_may_write(screen) || strcmp(user, cw_screen_json_text(screen->page, "user")) == 0)
		return;
	cw_form_begin(&form);
	cw_form_hidden(&form, "user", user);
	cw_form_delete(&form, user);
	cw_form_end(&form);
}

static void list(struct cw_screen *screen)
{
	static const char *const columns[] = {"Name", "Access level", "Last log-in", "Actions"};
	struct cw_panel_table table = {.screen = screen,
		.caption = "Administrator accounts",
		.columns = columns,
		.count = COUNT(columns)};
	size_t i;
	json_t *account;
	cw_panel_table_begin(&table);
	json_array_foreach(json_object_get(screen->answer, "administrators"), i, account)
	{
		cw_panel_row(&table, NULL);
		cw_panel_cell_text(&table, cw_screen_json_text(account, "user"));
		cw_panel_cell_text(&table, cw_screen_json_text(account, "role"));
		cw_panel_cell_time(&table, cw_screen_json_text(account, "last"));
		cw_panel_cell(&table);
		remove_form(screen, cw_screen_json_text(account, "user"), i);
		cw_panel_cell_end(&table);
		cw_panel_row_end(&table);
	}
	cw_panel_table_end(&table);
}

void cw_administrators_screen(struct cw_screen *screen)
{
	static const struct cw_form_choice roles[] = {
		{"read-write", "Read-write"}, {"read-only", "Read-only"}, {"auditor", "Auditor"}};
	struct cw_form form = {.screen = screen, .id = "account", .operation = "administrators/set"};
	list(screen);
	cw_screen_section(screen, NULL, "New account, or another password");
	cw_form_begin(&form);
	cw_form_put(&form, &(struct cw_form_field){.name = "user", .label = "Name", .required = true});
	cw_form_select(&form,
		&(struct cw_form_field){.name = "role",
			.label = "Access level",
			.hint = "Read-only accounts cannot change settings; an auditor sees the event log."},
		roles, COUNT(roles));
	cw_form_put(&form,
		&(struct cw_form_field){.name = "password",
			.label = "Password",
			.hint = "Eight characters or more. Empty: the password stays.",
			.complete = "new-password",
			.kind = CW_FORM_PASSWORD});
	cw_form_button(&form, cw_vendor_word(CW_WORD_SAVE), NULL, NULL);
	cw_form_end(&form);
	cw_screen_section_end(screen);
}
