#include "admin/page/expressway/client_test_screen.h"

#include "admin/page/panel.h"

#define WORD(name) cw_vendor_word(CW_WORD_##name)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void source_fields(struct cw_form *form)
{
	const struct cw_form_choice sources[] = {
		{"file", WORD(UPLOADED_TEST_FILE)}, {"browser", WORD(CURRENT_BROWSER)}};
	cw_html_element(&form->screen->html, "h2", NULL, WORD(CLIENT_CERTIFICATE));
	cw_form_select(form,
		&(struct cw_form_field){.name = "source",
			.label = WORD(CERTIFICATE_SOURCE),
			.hint = "The browser's own needs certificate validation to be on."},
		sources, COUNT(sources));
	cw_form_put(form,
		&(struct cw_form_field){.name = "file",
			.label = WORD(SELECT_TEST_FILE),
			.kind = CW_FORM_FILE,
			.hint = "PEM, or the certificate's text (then only the pattern is tried)."});
}

static void pattern_fields(struct cw_form *form)
{
	const json_t *answer = form->screen->answer;
	cw_html_element(&form->screen->html, "h2", NULL, WORD(CBA_PATTERN));
	cw_screen_note(form->screen,
		"This section applies only if you use certificate-based authentication: try pattern and username "
		"format combinations before they are set.");
	cw_form_put(form,
		&(struct cw_form_field){.name = "pattern",
			.label = WORD(REGEX),
			.value = cw_screen_json_text(answer, "pattern")});
	cw_form_put(form,
		&(struct cw_form_field){.name = "format",
			.label = WORD(USERNAME_FORMAT),
			.value = cw_screen_json_text(answer, "format")});
}

static void form_of(struct cw_screen *screen)
{
	static const struct cw_form_choice revocation[] = {
		{"page", "As the page does"}, {"none", "None"}, {"leaf", "Peer"}, {"all", "All"}};
	struct cw_form form = {
		.screen = screen, .id = "test", .operation = "client-test", .upload = true, .ask = true};
	cw_form_begin(&form);
	source_fields(&form);
	pattern_fields(&form);
	cw_form_select(&form, &(struct cw_form_field){.name = "revocation", .label = WORD(CRL_CHECKING)},
		revocation, COUNT(revocation));
	/* The first button is what Enter does: it must change nothing. */
	cw_form_button(&form, WORD(CHECK_CERTIFICATE), NULL, NULL);
	if (cw_screen_may_write(screen))
		cw_form_button(&form, WORD(MAKE_PERMANENT), "permanent", "true");
	cw_form_end(&form);
}

static void captures(struct cw_screen *screen)
{
	size_t i;
	json_t *capture;
	cw_html_begin(&screen->html, "dl", "facts");
	json_array_foreach(json_object_get(screen->answer, "captures"), i, capture)
	{
		cw_panel_fact(
			screen, cw_screen_json_text(capture, "name"), cw_screen_json_text(capture, "value"));
	}
	cw_html_close(&screen->html, "dl");
}

static enum cw_screen_kind kind_of(const json_t *answer)
{
	const json_t *good = json_object_get(answer, "good");
	if (json_is_true(good))
		return CW_SCREEN_GOOD;
	return json_is_false(good) ? CW_SCREEN_REFUSED : CW_SCREEN_WARNING;
}

static void result(struct cw_screen *screen)
{
	const json_t *answer = screen->answer;
	struct cw_html *html = &screen->html;
	cw_screen_section(screen, "results", WORD(TEST_RESULTS));
	cw_html_begin(html, "dl", "facts");
	cw_panel_fact(screen, WORD(VALID_CERTIFICATE), cw_screen_json_text(answer, "page_text"));
	cw_panel_fact(screen, WORD(RESULTING_STRING), cw_screen_json_text(answer, "string"));
	cw_html_close(html, "dl");
	if (cw_screen_json_is(answer, "meaning"))
		cw_screen_bar(screen, kind_of(answer), cw_screen_json_text(answer, "meaning"), NULL);
	cw_panel_findings(screen, json_object_get(answer, "findings"));
	if (json_array_size(json_object_get(answer, "captures"))) {
		cw_html_element(html, "h3", NULL, "What the pattern captures");
		captures(screen);
	}
	cw_panel_folded(screen, "Decoded test file", cw_screen_json_text(answer, "decoded"));
	cw_screen_section_end(screen);
}

void cw_client_test_screen(struct cw_screen *screen)
{
	cw_screen_note(screen, WORD(TESTS_WHETHER));
	if (cw_screen_json_is(screen->answer, "page_text"))
		result(screen);
	form_of(screen);
}
