#include "admin/page/cucm/cucm_forms_screen.h"

#include "admin/page/panel.h"

#include <string.h>

#define WORD(name) cw_vendor_word(CW_WORD_##name)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static const struct cw_form_choice identities[] = {{"tomcat", "tomcat"}, {"CallManager", "CallManager"},
	{"tomcat-ECDSA", "tomcat-ECDSA"}, {"CallManager-ECDSA", "CallManager-ECDSA"}};

void cw_cucm_forms_screen_upload(struct cw_screen *screen)
{
	static const struct cw_form_choice purposes[] = {{"tomcat", "tomcat"},
		{"tomcat-trust", "tomcat-trust"}, {"CallManager", "CallManager"},
		{"CallManager-trust", "CallManager-trust"}, {"tomcat-ECDSA", "tomcat-ECDSA"},
		{"CallManager-ECDSA", "CallManager-ECDSA"}};
	struct cw_form form = {
		.screen = screen, .id = "upload", .operation = "certificate/try", .upload = true};
	cw_form_begin(&form);
	cw_form_select(&form,
		&(struct cw_form_field){.name = "purpose",
			.label = WORD(CERTIFICATE_PURPOSE),
			.hint = "The CAs of the Expressway-C's certificate go into tomcat-trust (TLS verify) and into "
				"CallManager-trust (secure registrations). A trust certificate of the publisher "
				"reaches the subscribers."},
		purposes, COUNT(purposes));
	cw_form_put(&form, &(struct cw_form_field){.name = "description", .label = WORD(CUCM_DESCRIPTION)});
	cw_form_put(&form,
		&(struct cw_form_field){
			.name = "file", .label = WORD(UPLOAD_FILE), .kind = CW_FORM_FILE, .required = true});
	cw_form_button(&form, WORD(UPLOAD), NULL, NULL);
	cw_screen_note(screen, "First you are shown what it changes; nothing is stored before you say so.");
	cw_form_end(&form);
}

static void names(struct cw_screen *screen)
{
	const json_t *given = json_object_get(screen->answer, "names");
	size_t i;
	json_t *name;
	if (!json_array_size(given))
		return;
	cw_html_element(&screen->html, "h2", NULL, WORD(AUTO_POPULATED));
	cw_html_begin(&screen->html, "ul", "plain");
	json_array_foreach(given, i, name)
	{
		cw_html_open(&screen->html, "li");
		cw_html_text(&screen->html, cw_screen_json_item(name, "name"));
		if (cw_screen_json_is(name, "reason"))
			cw_html_printf(
				&screen->html, " \xe2\x80\x93 %s", cw_screen_json_text(name, "reason"));
		cw_html_close(&screen->html, "li");
	}
	cw_html_close(&screen->html, "ul");
}

void cw_cucm_forms_screen_request(struct cw_screen *screen)
{
	static const struct cw_form_choice distributions[] = {
		{"this-node", "this node"}, {"multi-server", "Multi-server(SAN)"}};
	static const struct cw_form_choice keys[] = {{"rsa:2048", "2048"}, {"rsa:4096", "4096"},
		{"ecdsa:256", "256 (EC)"}, {"ecdsa:384", "384 (EC)"}, {"ecdsa:521", "521 (EC)"}};
	static const struct cw_form_choice digests[] = {
		{"sha256", "SHA256"}, {"sha384", "SHA384"}, {"sha512", "SHA512"}};
	struct cw_form form = {.screen = screen, .id = "csr", .operation = "request/new"};
	if (json_is_object(json_object_get(screen->answer, "request")))
		cw_screen_bar(screen, CW_SCREEN_WARNING,
			"A request is in progress for this certificate; a new one takes its place.", NULL);
	cw_form_begin(&form);
	cw_form_hidden(&form, "discard", "true");
	cw_form_select(&form,
		&(struct cw_form_field){.name = "identity",
			.label = WORD(CERTIFICATE_PURPOSE),
			.value = cw_screen_json_text(screen->answer, "identity")},
		identities, COUNT(identities));
	cw_form_select(&form,
		&(struct cw_form_field){.name = "distribution",
			.label = WORD(COLUMN_DISTRIBUTION),
			.hint = "Multi-server(SAN): one certificate for all nodes of the cluster."},
		distributions, COUNT(distributions));
	cw_form_put(&form, &(struct cw_form_field){.name = "common_name", .label = WORD(COLUMN_COMMON_NAME)});
	names(screen);
	cw_form_put(&form,
		&(struct cw_form_field){
			.name = "sans", .label = "Other Domains", .hint = "With commas between."});
	cw_form_select(&form, &(struct cw_form_field){.name = "key", .label = WORD(CUCM_KEY_LENGTH)}, keys,
		COUNT(keys));
	cw_form_select(&form, &(struct cw_form_field){.name = "digest", .label = WORD(HASH_ALGORITHM)},
		digests, COUNT(digests));
	cw_form_button(&form, "Generate", NULL, NULL);
	cw_form_end(&form);
}

void cw_cucm_forms_screen_download(struct cw_screen *screen)
{
	struct cw_html *html = &screen->html;
	size_t i, count = 0;
	json_t *row;
	cw_html_begin(html, "ul", "toolbar");
	json_array_foreach(json_object_get(screen->answer, "rows"), i, row)
	{
		if (!cw_screen_json_is(row, "request"))
			continue;
		count++;
		cw_html_open(html, "li");
		cw_html_begin(html, "a", "button");
		cw_html_path(html, "download?file=CSR", "identity", cw_screen_json_text(row, "name"));
		cw_html_flag(html, "download", true);
		cw_html_printf(html, "%s: %s", WORD(DOWNLOAD_CSR), cw_screen_json_text(row, "name"));
		cw_html_close(html, "a");
		cw_html_close(html, "li");
	}
	cw_html_close(html, "ul");
	if (!count)
		cw_html_element(html, "p", "quiet", "No request is in progress.");
}
