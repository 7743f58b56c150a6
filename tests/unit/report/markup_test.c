#include "report/markup.h"

#include "report/text/layout.h"

#include "support/cmocka.h"

static void no_text_can_be_markup(void **state)
{
	(void)state;
	const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{"plain", "plain"},
		{"<b a=\"1\" c='2'>&amp;", "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;"},
		{"a\001b\033[31m", "a\\x01b\\x1b[31m"},
		{"line\nline", "line\\x0aline"},
		{"\xff", "\\xff"},
		{"M\xc3\xbcnchen", "M\xc3\xbcnchen"},
		{"\xef\xbf\xbe\xef\xbf\xbf.", "??."},
		{"\xe2\x80\xae", "&lt;U+202E&gt;"},
		{NULL, ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER found = {0};
		cw_markup_text(&found, rows[i].text);
		assert_string_equal(cw_buffer_string(&found), rows[i].want);
	}
}

static void marks_become_elements_or_nothing(void **state)
{
	(void)state;
	const struct {
		const char *marked;
		const char *want;
		const char *want_plain;
	} rows[] = {
		{CW_MARK_BAD "dead" CW_MARK_END " for <x>", "<b class=\"bad\">dead</b> for &lt;x&gt;",
			"dead for &lt;x&gt;"},
		{"a" CW_MARK_SPACE "b\nc",
			"a\xc2\xa0"
			"b\nc",
			"a b\nc"},
		{CW_MARK_GOOD "left open", "<b class=\"good\">left open</b>", "left open"},
		{"closed twice" CW_MARK_END CW_MARK_END, "closed twice", "closed twice"},
		{CW_MARK_WARN "w" CW_MARK_END CW_MARK_UNKNOWN "u" CW_MARK_END CW_MARK_BOLD "s" CW_MARK_END,
			"<b class=\"warn\">w</b><b class=\"unknown\">u</b><b class=\"strong\">s</b>", "wus"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER found = {0};
		AUTO_BUFFER plain = {0};
		cw_markup_marked(&found, rows[i].marked);
		cw_markup_plain(&plain, rows[i].marked);
		assert_string_equal(cw_buffer_string(&found), rows[i].want);
		assert_string_equal(cw_buffer_string(&plain), rows[i].want_plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_text_can_be_markup),
		cmocka_unit_test(marks_become_elements_or_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
