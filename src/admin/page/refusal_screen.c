#include "admin/page/refusal_screen.h"

void cw_refusal_screen(struct cw_screen *screen)
{
	const json_t *error = json_object_get(screen->answer, "error");
	const char *text = cw_screen_json_text(error, "text");
	cw_screen_bar(screen, CW_SCREEN_REFUSED, *text ? text : "That did not work.",
		cw_screen_json_text_or_null(error, "next"));
	if (!cw_screen_json_is(screen->page, "user"))
		return;
	cw_html_begin(&screen->html, "p", NULL);
	cw_html_link(&screen->html, "overview", "Status > Overview");
	cw_html_close(&screen->html, "p");
}
