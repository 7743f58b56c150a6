#include "admin/page/expressway/crl_screen.h"

#include "admin/page/panel.h"

#define WORD(name) cw_vendor_word(CW_WORD_##name)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void crl_row(struct cw_panel_table *table, const json_t *crl)
{
	struct cw_screen *screen = table->screen;
	const char *next = cw_screen_json_text(crl, "next_update");
	cw_panel_row(table, NULL);
	cw_panel_cell(table);
	cw_html_element(&screen->html, "p", NULL, cw_screen_json_text(crl, "issuer"));
	if (!cw_screen_json_is(crl, "signed_by"))
		cw_html_element(&screen->html, "p", "shadow bad",
			"No CA of the trusted CA list has signed it: it counts for nothing.");
	cw_panel_cell_end(table);
	cw_panel_cell_time(table, cw_screen_json_text(crl, "this_update"));
	cw_panel_cell(table);
	cw_html_begin(&screen->html, "p", NULL);
	cw_html_time(&screen->html, *next ? next : "not said");
	cw_html_close(&screen->html, "p");
	if (cw_screen_json_is(crl, "expired"))
		cw_html_element(&screen->html, "p", "shadow bad",
			"Expired: all certificates issued by that CA will be treated as revoked.");
	cw_panel_cell_end(table);
	cw_panel_cell(table);
	cw_html_printf(&screen->html, "%lld", cw_screen_json_count(crl, "revoked"));
	cw_panel_cell_end(table);
	cw_panel_row_end(table);
}

static void list(struct cw_screen *screen)
{
	static const char *const columns[] = {"Issuer", "This update", "Next update", "Revoked certificates"};
	struct cw_panel_table table = {.screen = screen,
		.caption = "Certificate revocation lists",
		.columns = columns,
		.count = COUNT(columns)};
	const json_t *crls = json_object_get(screen->answer, "crls");
	size_t i;
	json_t *crl;
	if (!json_array_size(crls)) {
		cw_html_element(&screen->html, "p", "quiet", "No CRL is loaded.");
		return;
	}
	cw_panel_table_begin(&table);
	json_array_foreach(crls, i, crl)
	{
		crl_row(&table, crl);
	}
	cw_panel_table_end(&table);
}

static void checking(struct cw_form *form)
{
	static const struct cw_form_choice modes[] = {{"off", "Off"}, {"crl", "Use CRLs"}};
	static const struct cw_form_choice fallbacks[] = {
		{"ignore", "Treat as not revoked"}, {"fail", "Treat as revoked"}};
	const json_t *answer = form->screen->answer;
	cw_form_select(form,
		&(struct cw_form_field){.name = "revocation",
			.label = WORD(REVOCATION_MODE),
			.value = cw_screen_json_text(answer, "revocation"),
			.hint = "SIP > Certificate revocation checking. When it is on, every CA of a chain needs a CRL."},
		modes, COUNT(modes));
	cw_form_select(form,
		&(struct cw_form_field){.name = "fallback",
			.label = WORD(FALLBACK),
			.value = cw_screen_json_text(answer, "fallback")},
		fallbacks, COUNT(fallbacks));
}

static void automatic(struct cw_screen *screen)
{
	struct cw_form form = {.screen = screen, .id = "crl", .operation = "crl/set"};
	AUTO_BUFFER urls = {0};
	size_t i;
	json_t *url;
	json_array_foreach(json_object_get(screen->answer, "urls"), i, url)
	{
		cw_buffer_printf(&urls, "%s%s", i ? "\n" : "", cw_screen_json_item(url, "url"));
	}
	screen->html.out->failed |= urls.failed;
	cw_screen_section(screen, NULL, WORD(AUTOMATIC_CRL));
	cw_form_begin(&form);
	cw_form_hidden(&form, "try", "true");
	cw_form_hidden(&form, "enabled", "false"); /* what the tick box says goes after it */
	cw_form_put(&form,
		&(struct cw_form_field){.name = "enabled",
			.label = "Enabled",
			.value = "true",
			.kind = CW_FORM_TICK,
			.ticked = cw_screen_json_is(screen->answer, "enabled")});
	cw_form_put(&form,
		&(struct cw_form_field){.name = "urls",
			.label = WORD(DISTRIBUTION_POINTS),
			.value = cw_buffer_string(&urls),
			.kind = CW_FORM_AREA,
			.hint = "One a line."});
	cw_form_put(&form,
		&(struct cw_form_field){.name = "daily",
			.label = WORD(DAILY_UPDATE),
			.value = cw_screen_json_text(screen->answer, "daily"),
			.kind = CW_FORM_TIME});
	checking(&form);
	cw_form_button(&form, WORD(SAVE), NULL, NULL);
	cw_form_end(&form);
	cw_screen_section_end(screen);
}

void cw_crl_screen(struct cw_screen *screen)
{
	struct cw_form form = {.screen = screen, .id = "upload", .operation = "crl/upload", .upload = true};
	list(screen);
	automatic(screen);
	cw_screen_section(screen, NULL, WORD(MANUAL_CRL));
	cw_form_begin(&form);
	cw_form_hidden(&form, "try", "true");
	cw_form_put(&form,
		&(struct cw_form_field){
			.name = "file", .label = WORD(SELECT_CRL), .kind = CW_FORM_FILE, .required = true});
	cw_form_button(&form, WORD(UPLOAD_CRL), NULL, NULL);
	cw_form_end(&form);
	cw_screen_section_end(screen);
}
