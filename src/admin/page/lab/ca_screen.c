#include "admin/page/lab/ca_screen.h"

#include "admin/page/panel.h"

#define WORD(name) cw_vendor_word(CW_WORD_##name)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
/* More are not shown: a lab has three. */
#define CHOICES_MAX 32

static size_t choices_of(const json_t *items, const char *words, struct cw_form_choice *ret)
{
	size_t i, count = 0;
	json_t *item;
	json_array_foreach(items, i, item)
	{
		if (count == CHOICES_MAX)
			break;
		const char *name = cw_screen_json_item(item, "name"),
			   *label = cw_screen_json_text(item, words);
		ret[count].value = name;
		ret[count++].label = *label ? label : name;
	}
	return count;
}

static void download(struct cw_screen *screen, const char *path, const char *text)
{
	const json_t *issued = json_object_get(screen->answer, "issued");
	struct cw_html *html = &screen->html;
	cw_html_open(html, "li");
	cw_html_begin(html, "a", "button");
	cw_html_path(html, path, "sha256", cw_screen_json_text(issued, "sha256"));
	cw_html_flag(html, "download", true);
	cw_html_text(html, text);
	cw_html_close(html, "a");
	cw_html_close(html, "li");
}

static void issued(struct cw_screen *screen, const json_t *certificate)
{
	const char *downloads[][2] = {{"download?file=ISSUED&form=base64", WORD(CA_BASE64)},
		{"download?file=ISSUED&form=der", WORD(CA_DER)},
		{"download?file=ISSUED&form=chain", WORD(CA_CHAIN)}};
	cw_screen_section(screen, "issued", WORD(CA_ISSUED));
	cw_screen_bar(screen, CW_SCREEN_GOOD, WORD(CA_ISSUED_TO_YOU), NULL);
	cw_html_begin(&screen->html, "ul", "toolbar");
	for (size_t i = 0; i < COUNT(downloads); i++)
		download(screen, downloads[i][0], downloads[i][1]);
	cw_html_close(&screen->html, "ul");
	cw_panel_certificate(screen, certificate);
	cw_panel_sentences(screen, "Names that were asked for and are not in it",
		json_object_get(certificate, "missing"));
	cw_panel_shown(screen, certificate);
	cw_screen_section_end(screen);
}

void cw_ca_screen(struct cw_screen *screen)
{
	struct cw_form form = {.screen = screen, .id = "ca", .operation = "ca/issue", .ask = true};
	struct cw_form_choice cas[CHOICES_MAX], templates[CHOICES_MAX];
	const json_t *answer = screen->answer;
	size_t ca_count = choices_of(json_object_get(answer, "cas"), "subject", cas);
	size_t template_count = choices_of(json_object_get(answer, "templates"), "words", templates);
	if (cw_screen_json_is(answer, "refused"))
		cw_screen_bar(screen, CW_SCREEN_REFUSED, cw_screen_json_text(answer, "refused"), NULL);
	if (json_is_object(json_object_get(answer, "issued")))
		issued(screen, json_object_get(answer, "issued"));
	cw_form_begin(&form);
	cw_form_put(&form,
		&(struct cw_form_field){.name = "request",
			.label = WORD(CA_SAVED_REQUEST),
			.kind = CW_FORM_AREA,
			.required = true,
			.hint = "Base-64-encoded certificate request: what the node's page shows under "
				"\"Show (PEM file)\"."});
	cw_form_select(&form, &(struct cw_form_field){.name = "ca", .label = "CA"}, cas, ca_count);
	cw_form_select(&form,
		&(struct cw_form_field){.name = "template",
			.label = WORD(CA_TEMPLATE),
			.hint = "The template decides what the certificate is good for; a Web Server template has no "
				"client authentication, and the Expressway refuses it."},
		templates, template_count);
	cw_form_button(&form, WORD(CA_SUBMIT), NULL, NULL);
	cw_form_end(&form);
}
