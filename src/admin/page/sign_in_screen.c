#include "admin/page/sign_in_screen.h"

#include "admin/page/form.h"

#define WORD(name) cw_vendor_word(CW_WORD_##name)

void cw_sign_in_screen(struct cw_screen *screen)
{
	struct cw_form form = {.screen = screen, .id = "login", .operation = "session/begin", .ask = true};
	if (cw_screen_json_is(screen->answer, "certificate_only")) {
		cw_screen_note(screen,
			"This node lets administrators in by their certificate alone (certificate-based "
			"authentication). Choose your certificate in the browser and ask for this page again.");
		return;
	}
	cw_form_begin(&form);
	cw_form_hidden(&form, "then", cw_screen_json_text_or_null(screen->answer, "then"));
	cw_form_put(&form,
		&(struct cw_form_field){
			.name = "user", .label = WORD(USERNAME), .complete = "username", .required = true});
	cw_form_put(&form,
		&(struct cw_form_field){.name = "password",
			.label = WORD(PASSWORD),
			.complete = "current-password",
			.kind = CW_FORM_PASSWORD,
			.required = true});
	cw_form_button(&form, WORD(LOG_IN_BUTTON), NULL, NULL);
	cw_form_end(&form);
}

void cw_sign_in_screen_first(struct cw_screen *screen)
{
	struct cw_form form = {.screen = screen, .id = "first", .operation = "session/first", .ask = true};
	cw_screen_note(screen,
		"This node has no password yet, and none by default. Choose one: eight characters or more. The "
		"address that brought you here works once.");
	cw_form_begin(&form);
	cw_form_hidden(&form, "token", cw_screen_json_text(screen->answer, "token"));
	cw_form_put(&form,
		&(struct cw_form_field){.name = "user",
			.label = WORD(USERNAME),
			.value = cw_screen_json_text(screen->answer, "user"),
			.complete = "username",
			.fixed = true});
	cw_form_put(&form,
		&(struct cw_form_field){.name = "password",
			.label = WORD(NEW_PASSWORD),
			.complete = "new-password",
			.kind = CW_FORM_PASSWORD,
			.required = true});
	cw_form_put(&form,
		&(struct cw_form_field){.name = "again",
			.label = WORD(CONFIRM_PASSWORD),
			.complete = "new-password",
			.kind = CW_FORM_PASSWORD,
			.required = true});
	cw_form_button(&form, WORD(SAVE), NULL, NULL);
	cw_form_end(&form);
}
