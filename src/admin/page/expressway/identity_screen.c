#include "admin/page/expressway/identity_screen.h"

#include "admin/page/panel.h"

#include <string.h>

#define WORD(name) cw_vendor_word(CW_WORD_##name)

static bool is_client(const struct cw_screen *screen)
{
	return cw_screen_json_equals(screen->answer, "identity", "client");
}

/* A link to a file of this page, by the names that the boxes' addresses have. */
static void download(struct cw_screen *screen, const char *file, const char *text)
{
	struct cw_html *html = &screen->html;
	cw_html_begin(html, "a", "button");
	cw_html_path(html, "download", "file", file);
	cw_html_flag(html, "download", true);
	cw_html_text(html, text);
	cw_html_close(html, "a");
}

static void data(struct cw_screen *screen)
{
	const json_t *certificate = json_object_get(screen->answer, "certificate");
	const json_t *shown = json_object_get(screen->answer, "shown");
	struct cw_html *html = &screen->html;
	cw_screen_section(screen, "data", is_client(screen) ? WORD(CLIENT_DATA) : WORD(SERVER_DATA));
	if (!json_is_object(certificate)) {
		cw_html_element(html, "p", "quiet", "No certificate is loaded.");
		cw_screen_section_end(screen);
		return;
	}
	cw_html_begin(html, "p", "expires");
	cw_html_printf(html, "%s ", WORD(EXPIRES_ON));
	cw_html_open(html, "b");
	cw_html_time(html, cw_screen_json_text(certificate, "not_after"));
	cw_html_close(html, "b");
	cw_html_close(html, "p");
	cw_panel_certificate(screen, certificate);
	cw_panel_shown(screen, certificate);
	download(screen, is_client(screen) ? "CLIENT_CERTIFICATE" : "SERVER_CERTIFICATE",
		"Download (PEM file)");
	if (json_is_object(shown)) {
		cw_screen_bar(screen, CW_SCREEN_WARNING,
			"This node still shows the former certificate; the one above is shown after a restart.",
			cw_screen_json_text(shown, "subject"));
	}
	cw_screen_section_end(screen);
}

static void chain(struct cw_screen *screen)
{
	const json_t *given = json_object_get(screen->answer, "chain");
	struct cw_html *html = &screen->html;
	size_t i;
	json_t *certificate;
	cw_screen_section(screen, "chain", "What this node sends behind it");
	if (!json_array_size(given))
		cw_html_element(html, "p", "quiet",
			"Nothing: intermediates are sent only when they stand in the trusted CA list of this node.");
	cw_html_open(html, "ol");
	json_array_foreach(given, i, certificate)
	{
		cw_html_element(html, "li", NULL, cw_screen_json_text(certificate, "subject"));
	}
	cw_html_close(html, "ol");
	cw_screen_section_end(screen);
}

static void pending(struct cw_screen *screen, const json_t *request)
{
	struct cw_form form = {.screen = screen, .id = "discard", .operation = "request/discard"};
	cw_html_element(&screen->html, "p", NULL, WORD(CSR_IN_PROGRESS));
	cw_panel_certificate(screen, request);
	cw_panel_shown(screen, request);
	download(screen, is_client(screen) ? "CLIENT_CSR" : "SERVER_CSR", WORD(DOWNLOAD));
	cw_form_begin(&form);
	cw_form_hidden(&form, "identity", cw_screen_json_text(screen->answer, "identity"));
	cw_form_confirm(
		&form, "Its private key goes too: a certificate that a CA makes from it will fit nothing.");
	cw_form_danger(&form, WORD(DISCARD_CSR), "request/discard");
	cw_form_end(&form);
}

static void request(struct cw_screen *screen)
{
	const json_t *given = json_object_get(screen->answer, "request");
	struct cw_html *html = &screen->html;
	cw_screen_section(screen, "csr", WORD(CSR_SECTION));
	if (json_is_object(given)) {
		pending(screen, given);
	} else {
		cw_html_element(html, "p", NULL, WORD(NO_CSR));
		cw_html_begin(html, "a", "button go");
		cw_html_path(
			html, "generatecsr", "identity", cw_screen_json_text(screen->answer, "identity"));
		cw_html_text(html, WORD(GENERATE_CSR));
		cw_html_close(html, "a");
	}
	cw_screen_section_end(screen);
}

/* From X15.5 on a node has both, and the server page can put one file in both places. */
static bool has_client_too(const struct cw_screen *screen)
{
	size_t i;
	json_t *item;
	json_array_foreach(json_object_get(screen->answer, "identities"), i, item)
	{
		if (strcmp(cw_screen_json_item(item, "identity"), "client") == 0)
			return true;
	}
	return false;
}

static void upload(struct cw_screen *screen)
{
	struct cw_form form = {.screen = screen, .id = "upload", .operation = "identity/try", .upload = true};
	bool client = is_client(screen);
	cw_screen_section(screen, "upload-new", WORD(UPLOAD_NEW));
	cw_form_begin(&form);
	cw_form_hidden(&form, "identity", cw_screen_json_text(screen->answer, "identity"));
	cw_form_put(&form,
		&(struct cw_form_field){.name = "key_file",
			.label = client ? WORD(SELECT_CLIENT_KEY) : WORD(SELECT_SERVER_KEY),
			.kind = CW_FORM_FILE,
			.hint = "Only where the key did not come from a request of this node: the shared "
				"certificate of a cluster."});
	cw_form_put(&form,
		&(struct cw_form_field){.name = "key_password",
			.label = "Password of the private key",
			.kind = CW_FORM_PASSWORD,
			.hint = "Only where the key file has one."});
	cw_form_put(&form,
		&(struct cw_form_field){.name = "file",
			.label = client ? WORD(SELECT_CLIENT_CERTIFICATE) : WORD(SELECT_SERVER_CERTIFICATE),
			.kind = CW_FORM_FILE,
			.required = true,
			.hint = "Base-64 (PEM), the certificate alone. Its CAs go into the trusted CA list first."});
	if (!client && cw_screen_json_is(screen->answer, "as_client"))
		cw_form_put(&form,
			&(struct cw_form_field){.name = "as_client",
				.label = WORD(UPLOAD_AS_CLIENT),
				.value = "true",
				.kind = CW_FORM_TICK});
	cw_form_button(&form, client ? WORD(UPLOAD_CLIENT_DATA) : WORD(UPLOAD_SERVER_DATA), NULL, NULL);
	cw_screen_note(screen,
		"First you are shown what this certificate changes; nothing is stored before you say so.");
	cw_form_end(&form);
	cw_screen_section_end(screen);
}

/* Each page leads to the other, where the release has both. */
static void other_page(struct cw_screen *screen)
{
	bool client = is_client(screen);
	if (!has_client_too(screen))
		return;
	cw_html_begin(&screen->html, "p", NULL);
	if (client)
		cw_html_link(&screen->html, "servercertificate", WORD(TITLE_SERVER_CERTIFICATE));
	else
		cw_html_link(&screen->html, "clientcertificate", WORD(TITLE_CLIENT_CERTIFICATE));
	cw_html_close(&screen->html, "p");
}

void cw_identity_screen(struct cw_screen *screen)
{
	other_page(screen);
	cw_panel_restart(screen);
	data(screen);
	request(screen);
	upload(screen);
	chain(screen);
}
