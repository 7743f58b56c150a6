/*
 * The history of a node as people read it.
 */
#include "node/history/history_report.h"

#include "report/text/layout.h"
#include "support/cmocka.h"

#include <string.h>

static void want_lines(const char *json, const char *want)
{
	AUTO_BUFFER marked = {0}, text = {0};
	json_error_t place;
	json_t *events = json_loads(json, 0, &place);
	if (!events)
		fail_msg("%s", place.text);
	cw_history_report_text(events, &marked);
	cw_layout_render(&marked, (struct cw_layout_look){0}, &text);
	assert_string_equal(cw_buffer_string(&text), want);
	json_decref(events);
}

#define AT "\"at\":\"2026-11-20T12:00:00Z\","

static void a_line_an_event_and_what_was_before_and_after(void **state)
{
	(void)state;
	want_lines("[]", "Nothing happened.\n");
	want_lines("[{" AT "\"kind\":\"start\"}]", "2026-11-20T12:00:00Z start\n");
	want_lines("[{" AT
		   "\"kind\":\"state\",\"about\":\"zone to e1\",\"before\":\"Failed\",\"after\":\"Active\"}]",
		"2026-11-20T12:00:00Z state          zone to e1\n    Failed -> Active\n");
	want_lines("[{" AT "\"kind\":\"state\",\"about\":\"tunnel\",\"before\":\"Active\"}]",
		"2026-11-20T12:00:00Z state          tunnel\n    Active -> gone\n");
	want_lines("[{" AT "\"kind\":\"change\",\"about\":\"trusted-ca\",\"who\":\"admin\","
		   "\"after\":\"5\",\"text\":\"1 added\"}]",
		"2026-11-20T12:00:00Z change         trusted-ca (admin)\n    5\n    1 added\n");
	want_lines("[{" AT "\"kind\":\"alarm-raised\",\"about\":\"a1\",\"text\":\"No tunnels\"}]",
		"2026-11-20T12:00:00Z alarm-raised   No tunnels\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_an_event_and_what_was_before_and_after),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
