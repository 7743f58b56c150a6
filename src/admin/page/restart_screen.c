#include "admin/page/restart_screen.h"

#include "admin/page/panel.h"

static size_t up(const json_t *rows)
{
	size_t i, count = 0;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		count += cw_screen_json_equals(row, "state", "Active") ||
			cw_screen_json_equals(row, "state", "On");
	}
	return count;
}

void cw_restart_screen(struct cw_screen *screen)
{
	struct cw_form form = {.screen = screen, .id = "restart", .operation = "restart"};
	const json_t *answer = screen->answer;
	if (cw_screen_json_is(answer, "restart_wanted"))
		cw_screen_bar(screen, CW_SCREEN_WARNING, cw_screen_json_text(answer, "restart_wanted"), NULL);
	else
		cw_screen_note(screen, "Nothing waits for a restart.");
	cw_html_begin(&screen->html, "p", NULL);
	cw_html_printf(&screen->html,
		"A restart ends every connection of this node: %zu of its zone and %zu SSH tunnels are up now. Whoever "
		"is signed in through it signs in anew.",
		up(json_object_get(answer, "zones")), up(json_object_get(answer, "tunnels")));
	cw_html_close(&screen->html, "p");
	cw_form_begin(&form);
	cw_form_confirm(&form, "End these connections now.");
	cw_form_danger(&form, cw_vendor_word(CW_WORD_RESTART), "restart");
	cw_form_end(&form);
}
