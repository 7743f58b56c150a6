#include "admin/page/expressway/request_screen.h"

#include "admin/page/panel.h"

#define WORD(name) cw_vendor_word(CW_WORD_##name)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void names(struct cw_screen *screen)
{
	static const char *const columns[] = {"Name", "Why it must be in the certificate"};
	struct cw_panel_table table = {.screen = screen,
		.caption = WORD(SAN_AS_IT_APPEARS),
		.columns = columns,
		.count = COUNT(columns)};
	const json_t *given = json_object_get(screen->answer, "names");
	size_t i;
	json_t *name;
	if (!json_array_size(given))
		return;
	cw_panel_table_begin(&table);
	json_array_foreach(given, i, name)
	{
		cw_panel_row(&table, NULL);
		cw_panel_cell_text(&table, cw_screen_json_item(name, "name"));
		cw_panel_cell_text(&table, cw_screen_json_text(name, "reason"));
		cw_panel_row_end(&table);
	}
	cw_panel_table_end(&table);
	cw_screen_note(screen,
		"The common name is always added. Names come from this node's own configuration: its FQDN and "
		"cluster, "
		"the domains, the phone security profiles, the chat node aliases, the federation domains.");
}

static void common_name(struct cw_form *form)
{
	static const struct cw_form_choice choices[] = {
		{"", "FQDN of Expressway; clustered: FQDN of Expressway cluster"}};
	cw_html_element(&form->screen->html, "h2", NULL, "Common name");
	cw_form_select(form, &(struct cw_form_field){.name = "common_name", .label = WORD(COMMON_NAME)},
		choices, COUNT(choices));
}

/* The boxes have a field for each, filled from the configuration; what is in them is a row of the table. */
static void sources_of_names(struct cw_screen *screen)
{
	static const struct {
		enum cw_vendor_word word;
		unsigned roles;
	} rows[] = {{CW_WORD_PHONE_PROFILES, CW_SCREEN_ROLE_C},
		{CW_WORD_CHAT_ALIASES, CW_SCREEN_ROLE_EXPRESSWAY},
		{CW_WORD_FEDERATION_DOMAINS, CW_SCREEN_ROLE_E}};
	cw_html_begin(&screen->html, "dl", "facts");
	for (size_t i = 0; i < COUNT(rows); i++)
		if (cw_screen_is_role(screen, rows[i].roles))
			cw_panel_fact(screen, cw_vendor_word(rows[i].word),
				"from the configuration: each is a row of the table below");
	cw_html_close(&screen->html, "dl");
}

static void alternative_name(struct cw_form *form)
{
	static const struct cw_form_choice formats[] = {{"dns", "DNS"}, {"collab-edge", "CollabEdgeDNS"}};
	struct cw_screen *screen = form->screen;
	cw_html_element(&screen->html, "h2", NULL, "Alternative name");
	cw_form_put(form,
		&(struct cw_form_field){.name = "sans",
			.label = WORD(ADDITIONAL_NAMES),
			.value = NULL,
			.hint = "Names that are not in the table below."});
	if (cw_screen_is_role(screen, CW_SCREEN_ROLE_E))
		cw_form_select(form,
			&(struct cw_form_field){.name = "edge",
				.label = WORD(UCM_DOMAINS),
				.hint = "DNS: the domain itself. CollabEdgeDNS: \"collab-edge.\" in front of it."},
			formats, COUNT(formats));
	sources_of_names(screen);
	names(screen);
}

static void additional(struct cw_form *form)
{
	static const struct {
		const char *name;
		enum cw_vendor_word label;
	} rows[] = {{"country", CW_WORD_COUNTRY}, {"state", CW_WORD_STATE}, {"locality", CW_WORD_LOCALITY},
		{"organization", CW_WORD_ORGANIZATION}, {"unit", CW_WORD_UNIT}, {"email", CW_WORD_EMAIL}};
	static const struct cw_form_choice keys[] = {{"rsa:2048", "RSA, 2048 bits"},
		{"rsa:4096", "RSA, 4096 bits"}, {"ecdsa:256", "ECDSA, 256 bits"},
		{"ecdsa:384", "ECDSA, 384 bits"}, {"ecdsa:521", "ECDSA, 521 bits"}};
	static const struct cw_form_choice digests[] = {
		{"sha256", "SHA-256"}, {"sha384", "SHA-384"}, {"sha512", "SHA-512"}};
	AUTO_BUFFER label = {0};
	cw_buffer_printf(&label, "%s, %s", WORD(KEY_ALGORITHM), WORD(KEY_LENGTH));
	cw_html_element(&form->screen->html, "h2", NULL, "Additional information");
	cw_form_select(form,
		&(struct cw_form_field){
			.name = "key", .label = cw_buffer_string(&label), .value = "rsa:4096"},
		keys, COUNT(keys));
	cw_form_select(form, &(struct cw_form_field){.name = "digest", .label = WORD(DIGEST_ALGORITHM)},
		digests, COUNT(digests));
	for (size_t i = 0; i < COUNT(rows); i++)
		cw_form_put(form,
			&(struct cw_form_field){
				.name = rows[i].name, .label = cw_vendor_word(rows[i].label)});
}

void cw_request_screen(struct cw_screen *screen)
{
	struct cw_form form = {.screen = screen, .id = "csr", .operation = "request/new"};
	if (json_is_object(json_object_get(screen->answer, "request"))) {
		cw_screen_bar(screen, CW_SCREEN_WARNING, WORD(CSR_IN_PROGRESS),
			"Discard it on the certificate's page, or upload the certificate that a CA made from it.");
		return;
	}
	cw_form_begin(&form);
	cw_form_hidden(&form, "identity", cw_screen_json_text(screen->answer, "identity"));
	common_name(&form);
	alternative_name(&form);
	additional(&form);
	if (cw_screen_json_is(screen->answer, "cluster"))
		cw_form_put(&form,
			&(struct cw_form_field){.name = "shared",
				.label = "One certificate for all peers of the cluster",
				.value = "true",
				.kind = CW_FORM_TICK,
				.hint = "Not recommended: all peers then use one private key, and every change "
					"means the whole procedure again."});
	cw_form_button(&form, WORD(GENERATE_CSR), NULL, NULL);
	cw_form_end(&form);
	cw_screen_note(screen,
		"The CA decides what the certificate is good for: it must carry TLS Web Server Authentication and, "
		"before X15.5 always, TLS Web Client Authentication.");
}
