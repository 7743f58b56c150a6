#include "admin/page/cucm/certificates_screen.h"

#include "admin/page/panel.h"

#include <string.h>

#define WORD(name) cw_vendor_word(CW_WORD_##name)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void find(struct cw_screen *screen)
{
	static const struct cw_form_choice columns[] = {{"certificate", "Certificate"},
		{"common-name", "Common Name"}, {"type", "Type"}, {"key-type", "Key Type"},
		{"issued-by", "Issued By"}, {"expiration", "Expiration"}, {"description", "Description"}};
	static const struct cw_form_choice hows[] = {{"begins-with", "begins with"}, {"contains", "contains"},
		{"ends-with", "ends with"}, {"is-exactly", "is exactly"}, {"is-empty", "is empty"},
		{"is-not-empty", "is not empty"}};
	struct cw_form form = {.screen = screen,
		.id = "find",
		.operation = "cmplatform/certificateFindList.do",
		.get = true};
	cw_form_begin(&form);
	cw_form_select(&form,
		&(struct cw_form_field){.name = "column", .label = "Find Certificate List where"}, columns,
		COUNT(columns));
	cw_form_select(
		&form, &(struct cw_form_field){.name = "how", .label = "Comparison"}, hows, COUNT(hows));
	cw_form_put(&form, &(struct cw_form_field){.name = "text", .label = "Text"});
	cw_form_button(&form, WORD(FIND), NULL, NULL);
	cw_form_end(&form);
}

static void to_page(struct cw_screen *screen, const char *path, const char *text)
{
	struct cw_html *html = &screen->html;
	cw_html_open(html, "li");
	cw_html_begin(html, "a", "button");
	cw_html_path(html, path, NULL, NULL);
	cw_html_text(html, text);
	cw_html_close(html, "a");
	cw_html_close(html, "li");
}

static void toolbar(struct cw_screen *screen)
{
	cw_html_begin(&screen->html, "ul", "toolbar");
	to_page(screen, "cmplatform/certificateUpload.do", WORD(CUCM_UPLOAD_CHAIN));
	to_page(screen, "cmplatform/certificateGenerateNewCsr.do", WORD(GENERATE_CSR));
	to_page(screen, "cmplatform/certificateDownloadCsr.do", WORD(DOWNLOAD_CSR));
	cw_html_close(&screen->html, "ul");
}

static void name_cell(struct cw_panel_table *table, const json_t *row)
{
	struct cw_html *html = &table->screen->html;
	cw_panel_cell(table);
	cw_html_text(html, cw_screen_json_text(row, "name"));
	cw_panel_cell_end(table);
	cw_panel_cell(table);
	cw_html_open(html, "a");
	AUTO_BUFFER path = {0};
	cw_buffer_printf(
		&path, "cmplatform/certificateEdit.do?sha256=%.64s", cw_screen_json_text(row, "sha256"));
	html->out->failed |= path.failed;
	cw_html_path(html, cw_buffer_string(&path), "name", cw_screen_json_text(row, "name"));
	if (cw_screen_json_is(row, "common_name"))
		cw_html_name(html, cw_screen_json_text(row, "common_name"));
	else
		cw_html_name(html, cw_screen_json_text(row, "subject"));
	cw_html_close(html, "a");
	cw_panel_cell_end(table);
}

void cw_certificates_screen(struct cw_screen *screen)
{
	const char *const columns[] = {WORD(COLUMN_CERTIFICATE), WORD(COLUMN_COMMON_NAME), WORD(COLUMN_TYPE),
		WORD(COLUMN_KEY_TYPE), WORD(COLUMN_DISTRIBUTION), WORD(COLUMN_ISSUED_BY),
		WORD(COLUMN_EXPIRATION), WORD(COLUMN_DESCRIPTION)};
	static const char *const keys[] = {
		"type", "key_type", "distribution", "issued_by", "expiration", "description"};
	struct cw_panel_table table = {
		.screen = screen, .caption = "Certificate List", .columns = columns, .count = COUNT(columns)};
	const json_t *rows = json_object_get(screen->answer, "rows");
	size_t i;
	json_t *row;
	find(screen);
	toolbar(screen);
	cw_html_begin(&screen->html, "p", "quiet");
	cw_html_printf(&screen->html, "%zu records found", json_array_size(rows));
	cw_html_close(&screen->html, "p");
	cw_panel_table_begin(&table);
	json_array_foreach(rows, i, row)
	{
		cw_panel_row(&table, NULL);
		name_cell(&table, row);
		for (size_t k = 0; k < COUNT(keys); k++)
			cw_panel_cell_text(&table, cw_screen_json_text(row, keys[k]));
		cw_panel_row_end(&table);
	}
	cw_panel_table_end(&table);
}

static void settings(struct cw_screen *screen, const json_t *row)
{
	cw_screen_section(screen, NULL, WORD(CERTIFICATE_SETTINGS));
	cw_html_begin(&screen->html, "dl", "facts");
	cw_panel_fact(screen, WORD(LOCALLY_UPLOADED), cw_screen_json_text(row, "locally_uploaded"));
	cw_panel_fact(screen, WORD(FILE_NAME), cw_screen_json_text(row, "file_name"));
	cw_panel_fact(screen, WORD(CERTIFICATE_PURPOSE), cw_screen_json_text(row, "purpose"));
	cw_panel_fact(
		screen, WORD(CERTIFICATE_TYPE), cw_screen_json_is(row, "store") ? "trust-certs" : "certs");
	cw_panel_fact(screen, WORD(CERTIFICATE_GROUP), cw_screen_json_text(row, "group"));
	cw_panel_fact(screen, WORD(CUCM_DESCRIPTION), cw_screen_json_text(row, "description"));
	cw_html_close(&screen->html, "dl");
	cw_screen_section_end(screen);
}

static void download(struct cw_screen *screen, const json_t *row, const char *form, const char *text)
{
	struct cw_html *html = &screen->html;
	AUTO_BUFFER path = {0};
	cw_buffer_printf(&path, "download?form=%s", form);
	html->out->failed |= path.failed;
	cw_html_open(html, "li");
	cw_html_begin(html, "a", "button");
	cw_html_path(html, cw_buffer_string(&path), "sha256", cw_screen_json_text(row, "sha256"));
	cw_html_flag(html, "download", true);
	cw_html_text(html, text);
	cw_html_close(html, "a");
	cw_html_close(html, "li");
}

static void changing(struct cw_screen *screen, const json_t *row)
{
	struct cw_form regenerate = {
		.screen = screen, .id = "regenerate", .operation = "certificate/regenerate"};
	struct cw_form delete = {.screen = screen, .id = "delete", .operation = "certificate/delete"};
	bool trust = cw_screen_json_is(row, "store");
	struct cw_form *form = trust ? &delete : &regenerate;
	if (!cw_screen_may_write(screen))
		return;
	cw_form_begin(form);
	cw_form_hidden(form, "try", "true");
	if (trust) {
		cw_form_hidden(form, "store", cw_screen_json_text(row, "store"));
		cw_form_hidden(form, "sha256", cw_screen_json_text(row, "sha256"));
		cw_form_danger(form, WORD(DELETE), "certificate/delete");
	} else {
		cw_form_hidden(form, "identity", cw_screen_json_text(row, "name"));
		cw_form_danger(form, WORD(REGENERATE), "certificate/regenerate");
	}
	cw_form_end(form);
}

static void buttons(struct cw_screen *screen, const json_t *row)
{
	struct cw_html *html = &screen->html;
	cw_html_begin(html, "ul", "toolbar");
	if (!cw_screen_json_is(row, "store")) {
		cw_html_open(html, "li");
		cw_html_begin(html, "a", "button");
		cw_html_path(html, "cmplatform/certificateGenerateNewCsr.do", "identity",
			cw_screen_json_text(row, "name"));
		cw_html_text(html, WORD(GENERATE_CSR));
		cw_html_close(html, "a");
		cw_html_close(html, "li");
	}
	download(screen, row, "pem", WORD(DOWNLOAD_PEM_FILE));
	download(screen, row, "der", WORD(DOWNLOAD_DER_FILE));
	cw_html_close(html, "ul");
}

static void popup(struct cw_screen *screen, const json_t *row)
{
	const char *details = cw_screen_json_text(row, "details");
	cw_html_begin(&screen->html, "p", NULL);
	cw_html_printf(&screen->html, "Certificate Details for %s, %s",
		cw_screen_json_text(row, "common_name"), cw_screen_json_text(row, "name"));
	cw_html_close(&screen->html, "p");
	buttons(screen, row);
	cw_screen_section(screen, NULL, "Status");
	cw_html_element(&screen->html, "p", NULL, "Status: Ready");
	cw_screen_section_end(screen);
	settings(screen, row);
	cw_screen_section(screen, NULL, WORD(CERTIFICATE_FILE_DATA));
	cw_html_open(&screen->html, "pre");
	cw_html_attribute(&screen->html, "tabindex", "0");
	cw_html_attribute(&screen->html, "role", "region");
	cw_html_attribute(&screen->html, "aria-label", WORD(CERTIFICATE_FILE_DATA));
	cw_html_lines(&screen->html, *details ? details : cw_screen_json_text(row, "decoded"));
	cw_html_close(&screen->html, "pre");
	cw_screen_section_end(screen);
	changing(screen, row);
}

/* The row that was asked for: two stores may hold the same certificate. */
void cw_certificates_screen_popup(struct cw_screen *screen)
{
	const char *sha256 = cw_screen_json_text(screen->sent, "sha256");
	const char *name = cw_screen_json_text(screen->sent, "name");
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(screen->answer, "rows"), i, row)
	{
		if (strcmp(cw_screen_json_text(row, "sha256"), sha256) != 0 ||
			(*name && strcmp(cw_screen_json_text(row, "name"), name) != 0))
			continue;
		popup(screen, row);
		return;
	}
	cw_screen_bar(screen, CW_SCREEN_WARNING, "There is no such certificate any more.",
		"Security > Certificate Management");
}
