#include "admin/page/effect_screen.h"

#include "admin/page/panel.h"

#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

const struct cw_effect_screen_row *cw_effect_screen_find(const char *tried)
{
	static const struct cw_effect_screen_row rows[] = {
		{"zone/try", "zone/set", "zones", "change", CW_WORD_SAVE, false, false},
		{"identity/try", "identity/upload", "servercertificate", "upload", CW_WORD_UPLOAD_SERVER_DATA,
			false, true},
		{"trust/try", "trust/append", "trustedcacertificate", "upload", CW_WORD_APPEND_CA, false,
			false},
		{"trust/remove", "trust/remove", "trustedcacertificate", "removal", CW_WORD_DELETE_TICKED,
			true, false},
		{"trust/move", "trust/move", "trustedcacertificate", "change", CW_WORD_MOVE_ENTRY, false,
			false},
		{"trust/reset", "trust/reset", "trustedcacertificate", "reset", CW_WORD_RESET_CA, true,
			false},
		{"crl/upload", "crl/upload", "crlupdater", "upload", CW_WORD_UPLOAD_CRL, false, false},
		{"crl/set", "crl/set", "crlupdater", "change", CW_WORD_SAVE, false, false},
		{"cucm-servers/add", "cucm-servers/add", "cucmservers", "change", CW_WORD_ADD_ADDRESS, false,
			false},
		{"cucm-servers/remove", "cucm-servers/remove", "cucmservers", "removal", CW_WORD_DELETE, true,
			false},
		{"domains/add", "domains/add", "domains", "change", CW_WORD_ADD_DOMAIN, false, false},
		{"domains/remove", "domains/remove", "domains", "removal", CW_WORD_DELETE, true, false},
		{"certificate/try", "certificate/upload", "cmplatform/certificateFindList.do", "upload",
			CW_WORD_CUCM_UPLOAD, false, false},
		{"certificate/delete", "certificate/delete", "cmplatform/certificateFindList.do", "removal",
			CW_WORD_DELETE, true, false},
		{"certificate/regenerate", "certificate/regenerate", "cmplatform/certificateFindList.do",
			"change", CW_WORD_REGENERATE, true, false},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].tried, tried) == 0)
			return &rows[i];
	return NULL;
}

static void subjects(struct cw_screen *screen, const char *key, const char *heading)
{
	struct cw_html *html = &screen->html;
	const json_t *items = json_object_get(screen->answer, key);
	size_t i;
	json_t *item;
	if (!json_array_size(items))
		return;
	cw_html_element(html, "h3", NULL, heading);
	cw_html_begin(html, "ul", "plain");
	json_array_foreach(items, i, item)
	{
		cw_html_begin(html, "li", NULL);
		cw_html_element(html, "p", NULL, cw_screen_json_text(item, "subject"));
		cw_html_element(html, "code", NULL, cw_screen_json_text(item, "sha256"));
		cw_html_close(html, "li");
	}
	cw_html_close(html, "ul");
}

/* Conflicts, older and leaf certificates of a file: what becomes of each. */
static void outcomes(struct cw_screen *screen)
{
	static const char *const columns[] = {"Certificate", "What becomes of it", "Place"};
	struct cw_panel_table table = {.screen = screen,
		.caption = "Certificate by certificate",
		.columns = columns,
		.count = COUNT(columns)};
	const json_t *rows = json_object_get(screen->answer, "rows");
	size_t i;
	json_t *row;
	if (!json_array_size(rows))
		return;
	cw_panel_table_begin(&table);
	json_array_foreach(rows, i, row)
	{
		cw_panel_row(&table, NULL);
		cw_panel_cell_text(&table, cw_screen_json_text(row, "subject"));
		cw_panel_cell_text(&table, cw_screen_json_text(row, "outcome"));
		cw_panel_cell(&table);
		if (cw_screen_json_has(row, "position"))
			cw_html_printf(&screen->html, "%lld", cw_screen_json_count(row, "position"));
		cw_panel_cell_end(&table);
		cw_panel_row_end(&table);
	}
	cw_panel_table_end(&table);
}

/* Who else would refuse the new certificate, and what they must hold before. */
static void consequences(struct cw_screen *screen)
{
	struct cw_html *html = &screen->html;
	const json_t *items = json_object_get(screen->answer, "consequences");
	size_t i;
	json_t *item;
	if (!json_array_size(items))
		return;
	cw_html_element(html, "h3", NULL, "Who else would refuse it");
	cw_html_begin(html, "ul", "findings");
	json_array_foreach(items, i, item)
	{
		cw_html_begin(html, "li", "refused");
		cw_panel_sign(screen, "refused");
		cw_html_open(html, "div");
		cw_html_open(html, "p");
		cw_html_element(html, "b", NULL, cw_screen_json_text(item, "judge"));
		cw_html_printf(html, " (%s)", cw_screen_json_text(item, "link"));
		cw_html_close(html, "p");
		cw_panel_reason(
			screen, cw_screen_json_text(item, "code"), cw_screen_json_text(item, "detail"));
		if (cw_screen_json_is(item, "missing")) {
			cw_html_begin(html, "p", "next");
			cw_html_printf(html, "Upload there first: %s, into %s",
				cw_screen_json_text(item, "missing"), cw_screen_json_text(item, "store"));
			cw_html_close(html, "p");
		}
		cw_html_close(html, "div");
		cw_html_close(html, "li");
	}
	cw_html_close(html, "ul");
}

static bool is_secret(const char *name)
{
	return strcmp(name, "password") == 0 || strcmp(name, "key_file") == 0 ||
		strcmp(name, "key_password") == 0;
}

static bool is_kept(const char *name)
{
	return !is_secret(name) && strcmp(name, "csrf") != 0 && strcmp(name, "try") != 0 &&
		strcmp(name, "confirm") != 0;
}

static void send_again(struct cw_form *form, const char *name, const json_t *value)
{
	size_t i;
	json_t *item;
	if (json_is_string(value))
		cw_form_hidden(form, name, json_string_value(value));
	else if (json_is_boolean(value))
		cw_form_hidden(form, name, json_is_true(value) ? "true" : "false");
	else if (json_is_integer(value)) {
		AUTO_BUFFER number = {0};
		cw_buffer_printf(&number, "%lld", (long long)json_integer_value(value));
		cw_form_hidden(form, name, cw_buffer_string(&number));
	}
	json_array_foreach(value, i, item)
	{
		cw_form_hidden(form, name, json_string_value(item));
	}
}

/* Names are ours (they come from the table of forms), so the keys of `sent` are literals somewhere. */
static void hidden_fields(struct cw_form *form)
{
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)form->screen->sent, name, value)
	{
		if (is_kept(name))
			send_again(form, name, value);
	}
}

static void secret_fields(struct cw_form *form)
{
	static const struct cw_form_field fields[] = {
		{.name = "key_file",
			.label = "The server private key file again",
			.kind = CW_FORM_FILE,
			.required = true},
		{.name = "key_password", .label = "Its password again", .kind = CW_FORM_PASSWORD},
		{.name = "password",
			.label = "The password again",
			.kind = CW_FORM_PASSWORD,
			.required = true},
	};
	for (size_t i = 0; i < COUNT(fields); i++)
		if (cw_screen_json_is(form->screen->sent, fields[i].name))
			cw_form_put(form, &fields[i]);
}

static void do_it(struct cw_screen *screen, const struct cw_effect_screen_row *row)
{
	bool ends = json_array_size(json_object_get(screen->answer, "ends")) > 0;
	struct cw_form form = {.screen = screen, .id = "do", .operation = row->does, .upload = row->upload};
	cw_form_begin(&form);
	hidden_fields(&form);
	secret_fields(&form);
	if (ends || row->danger)
		cw_form_confirm(&form,
			ends ? "I have read which links this ends." : "I have read what this takes away.");
	if (row->danger)
		cw_form_danger(&form, cw_vendor_word(row->button), row->does);
	else
		cw_form_button(&form, cw_vendor_word(row->button), NULL, NULL);
	cw_form_end(&form);
}

/* An identity's page is its own. */
static const char *back_of(const struct cw_screen *screen, const struct cw_effect_screen_row *row)
{
	if (strcmp(row->does, "identity/upload") == 0 &&
		cw_screen_json_equals(screen->sent, "identity", "client"))
		return "clientcertificate";
	return row->back;
}

void cw_effect_screen(struct cw_screen *screen)
{
	const struct cw_effect_screen_row *row = cw_effect_screen_find(screen->operation);
	const json_t *answer = screen->answer;
	bool refused = cw_screen_json_is(answer, "refused");
	if (!row) {
		cw_screen_bar(screen, CW_SCREEN_REFUSED, "There is no such operation.", NULL);
		return;
	}
	if (cw_screen_json_is(answer, "page_text"))
		cw_screen_bar(screen, refused ? CW_SCREEN_REFUSED : CW_SCREEN_INFORMATION,
			cw_screen_json_text(answer, "page_text"), NULL);
	else if (refused)
		cw_screen_bar(screen, CW_SCREEN_REFUSED, "This file would be refused.", NULL);
	cw_screen_section(screen, "effect", "Nothing is stored yet");
	cw_html_element(&screen->html, "p", NULL, cw_screen_json_text(answer, "change"));
	cw_panel_findings(screen, json_object_get(answer, "findings"));
	if (!refused)
		cw_panel_effect(screen, answer, row->what);
	subjects(screen, "trust_first", "What the trusted CA list of this node must hold first, root first");
	subjects(screen, "added", "Added");
	subjects(screen, "already", "There already");
	subjects(screen, "removed", "Removed");
	outcomes(screen);
	consequences(screen);
	cw_panel_sentences(screen, "Beside that", json_object_get(answer, "warnings"));
	cw_screen_section_end(screen);
	if (!refused)
		do_it(screen, row);
	cw_html_begin(&screen->html, "p", NULL);
	cw_html_link(&screen->html, back_of(screen, row), "Back, and change nothing");
	cw_html_close(&screen->html, "p");
}
