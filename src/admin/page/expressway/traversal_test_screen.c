#include "admin/page/expressway/traversal_test_screen.h"

#include "admin/page/panel.h"

#include <string.h>

#define WORD(name) cw_vendor_word(CW_WORD_##name)

/* The names of the contract, in words. */
static const char *stage_words(const char *stage)
{
	static const struct {
		const char *stage, *words;
	} rows[] = {{"dns", "Name resolved"}, {"tcp", "Connected"}, {"tls", "TLS handshake"},
		{"judged", "Certificates trusted"}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].stage, stage) == 0)
			return rows[i].words;
	return stage;
}

static void stages(struct cw_screen *screen)
{
	struct cw_html *html = &screen->html;
	size_t i;
	json_t *stage;
	cw_html_begin(html, "ol", "stages");
	json_array_foreach(json_object_get(screen->answer, "stages"), i, stage)
	{
		cw_html_open(html, "li");
		cw_panel_state(screen, cw_screen_json_text(stage, "state"));
		cw_html_printf(html, " %s", stage_words(cw_screen_json_text(stage, "stage")));
		if (cw_screen_json_is(stage, "text") || cw_screen_json_is(stage, "code"))
			cw_panel_reason(screen, cw_screen_json_text(stage, "code"),
				cw_screen_json_text(stage, "text"));
		cw_html_close(html, "li");
	}
	cw_html_close(html, "ol");
}

static void chain(struct cw_screen *screen)
{
	const json_t *given = json_object_get(screen->answer, "chain");
	size_t i;
	json_t *certificate;
	if (!json_array_size(given))
		return;
	cw_html_element(&screen->html, "h3", NULL, "Certificates that came");
	json_array_foreach(given, i, certificate)
	{
		cw_panel_certificate(screen, certificate);
		cw_panel_shown(screen, certificate);
	}
}

static void result(struct cw_screen *screen)
{
	const json_t *answer = screen->answer;
	bool bad = cw_screen_json_equals(answer, "result", "bad");
	cw_screen_section(screen, "result", "Result");
	cw_panel_live(screen, "traversal");
	if (cw_screen_json_is(answer, "running"))
		cw_screen_bar(screen, CW_SCREEN_INFORMATION, "The test runs.", "Ask again in a moment.");
	else if (bad)
		cw_screen_bar(screen, CW_SCREEN_REFUSED,
			cw_screen_json_is(answer, "page_text") ? cw_screen_json_text(answer, "page_text")
							       : "The test failed.",
			NULL);
	else
		cw_screen_bar(screen, CW_SCREEN_GOOD,
			cw_screen_json_is(answer, "page_text") ? cw_screen_json_text(answer, "page_text")
							       : "The test succeeded.",
			NULL);
	stages(screen);
	cw_panel_findings(screen, json_object_get(answer, "findings"));
	chain(screen);
	cw_panel_live_end(screen);
	cw_screen_section_end(screen);
}

void cw_traversal_test_screen(struct cw_screen *screen)
{
	struct cw_form form = {.screen = screen, .id = "test", .operation = "traversal-test", .ask = true};
	cw_screen_note(screen,
		"Connects to the Expressway-E as the traversal zone does, and says how far that gets and whether "
		"each trusts the other's certificate.");
	cw_form_begin(&form);
	cw_form_hidden(&form, "again", "true");
	cw_form_put(&form,
		&(struct cw_form_field){.name = "fqdn",
			.label = WORD(TRAVERSAL_FQDN),
			.value = cw_screen_json_text(screen->answer, "fqdn"),
			.required = true});
	cw_form_button(&form, WORD(RUN_TEST), NULL, NULL);
	cw_form_end(&form);
	if (cw_screen_json_has(screen->answer, "stages"))
		result(screen);
}
