#include "admin/page/expressway/cba_screen.h"

#include "admin/page/panel.h"

#define WORD(name) cw_vendor_word(CW_WORD_##name)
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void confirm(struct cw_screen *screen)
{
	struct cw_form form = {.screen = screen, .id = "confirm", .operation = "cba/confirm"};
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text,
		"Not confirmed yet: at %s the former mode comes back by itself, so that nobody is locked out.",
		cw_screen_json_text(screen->answer, "unconfirmed"));
	screen->html.out->failed |= text.failed;
	cw_screen_bar(screen, CW_SCREEN_WARNING, cw_buffer_string(&text),
		"Open this page in another browser, sign in there, and confirm.");
	cw_form_begin(&form);
	cw_form_button(&form, "It works: keep this mode", NULL, NULL);
	cw_form_end(&form);
}

void cw_cba_screen(struct cw_screen *screen)
{
	const struct cw_form_choice modes[] = {{"not-required", WORD(CBA_NOT_REQUIRED)},
		{"validation", WORD(CBA_VALIDATION)}, {"authentication", WORD(CBA_AUTHENTICATION)}};
	struct cw_form form = {.screen = screen, .id = "cba", .operation = "cba/set"};
	const json_t *answer = screen->answer;
	if (cw_screen_json_is(answer, "unconfirmed"))
		confirm(screen);
	cw_form_begin(&form);
	cw_form_select(&form,
		&(struct cw_form_field){.name = "mode",
			.label = WORD(CBA_MODE),
			.value = cw_screen_json_text(answer, "mode"),
			.hint = "With certificate-based authentication nobody signs in by password any more: test a "
				"client certificate first."},
		modes, COUNT(modes));
	cw_form_put(&form,
		&(struct cw_form_field){.name = "pattern",
			.label = WORD(REGEX),
			.value = cw_screen_json_text(answer, "pattern")});
	cw_form_put(&form,
		&(struct cw_form_field){.name = "format",
			.label = WORD(USERNAME_FORMAT),
			.value = cw_screen_json_text(answer, "format")});
	cw_form_confirm(&form,
		"I know that this can lock administrators out; it is undone in 5 minutes unless confirmed.");
	cw_form_button(&form, WORD(SAVE), NULL, NULL);
	cw_form_end(&form);
	cw_html_begin(&screen->html, "p", NULL);
	cw_html_link(&screen->html, "certificatetesting", WORD(CLIENT_TESTING));
	cw_html_close(&screen->html, "p");
}
