#include "admin/page/lab/exercise_screen.h"

#include "admin/page/panel.h"

static void lines(struct cw_screen *screen, const char *label, const char *text)
{
	cw_html_open(&screen->html, "pre");
	cw_html_attribute(&screen->html, "tabindex", "0");
	cw_html_attribute(&screen->html, "role", "region");
	cw_html_attribute(&screen->html, "aria-label", label);
	cw_html_lines(&screen->html, text);
	cw_html_close(&screen->html, "pre");
}

static void hints(struct cw_screen *screen, const json_t *exercise)
{
	struct cw_form form = {.screen = screen, .id = "hint", .operation = "exercise/hint", .ask = true};
	const json_t *given = json_object_get(exercise, "hints");
	size_t i;
	json_t *hint;
	cw_screen_section(screen, "hints", "Hints");
	if (json_array_size(given)) {
		cw_html_open(&screen->html, "ol");
		json_array_foreach(given, i, hint)
		{
			cw_html_begin(&screen->html, "li", "hint");
			cw_html_lines(&screen->html, cw_screen_json_item(hint, "text"));
			cw_html_close(&screen->html, "li");
		}
		cw_html_close(&screen->html, "ol");
	}
	if (cw_screen_json_count(exercise, "hints_left") > 0) {
		cw_form_begin(&form);
		cw_form_button(&form, "Give me a hint", NULL, NULL);
		cw_form_end(&form);
	} else {
		cw_html_element(&screen->html, "p", "quiet", "There are no more hints.");
	}
	cw_screen_section_end(screen);
}

static void check(struct cw_screen *screen, const json_t *exercise)
{
	struct cw_form form = {.screen = screen, .id = "check", .operation = "exercise/check", .ask = true};
	struct cw_form reset = {.screen = screen, .id = "reset", .operation = "exercise/reset", .ask = true};
	const json_t *checked = json_object_get(screen->answer, "checked");
	cw_screen_section(screen, "check-it", "Check my repair");
	if (json_is_object(checked)) {
		if (cw_screen_json_is(checked, "good"))
			cw_screen_bar(screen, CW_SCREEN_GOOD, "The repair is good.", NULL);
		else
			cw_screen_bar(screen, CW_SCREEN_REFUSED, "Not yet.", NULL);
		lines(screen, "What the check says", cw_screen_json_text(checked, "text"));
	}
	cw_html_begin(&screen->html, "p", "quiet");
	cw_html_printf(&screen->html, "Restarts so far: %lld", cw_screen_json_count(exercise, "restarts"));
	cw_html_close(&screen->html, "p");
	cw_form_begin(&form);
	cw_form_button(&form, "Check my repair", NULL, NULL);
	cw_form_end(&form);
	cw_form_begin(&reset);
	cw_form_confirm(&reset, "Every node gets the files of the beginning again.");
	cw_form_danger(&reset, "Begin anew", "exercise/reset");
	cw_form_end(&reset);
	cw_screen_section_end(screen);
}

void cw_exercise_screen(struct cw_screen *screen)
{
	const json_t *exercise = json_object_get(screen->answer, "exercise");
	if (!json_is_object(exercise)) {
		cw_screen_note(screen,
			"No exercise runs in this lab. \"causeway lab up --exercise random\" begins one with a hidden fault.");
		return;
	}
	cw_screen_section(screen, "task", "What people report");
	lines(screen, "What people report", cw_screen_json_text(exercise, "task"));
	cw_screen_section_end(screen);
	hints(screen, exercise);
	check(screen, exercise);
}
