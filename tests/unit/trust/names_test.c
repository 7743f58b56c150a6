/* Does a certificate bear a name? RFC 6125 §6 and RFC 9525 §6. */
#include "trust/names.h"

#include "support/certs.h"
#include "support/cmocka.h"

#include <stdio.h>

static void a_pattern_matches_whole_labels(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *host;
		bool want;
	} rows[] = {
		{"e1.acme.test", "e1.acme.test", true},
		{"E1.Acme.TEST", "e1.acme.test", true},
		{"e1.acme.test.", "e1.acme.test", false},
		{"e1.acme.test", "e1.acme.test.", true},
		{"e1.acme.test", "e2.acme.test", false},
		{"acme.test", "e1.acme.test", false},
		{"e1.acme.test", "acme.test", false},
		{"*.acme.test", "e1.acme.test", true},
		{"*.acme.test", "E1.ACME.test.", true},
		{"*.acme.test", "acme.test", false},
		{"*.acme.test", ".acme.test", false},
		{"*.acme.test", "a.b.acme.test", false},
		{"e*.acme.test", "e1.acme.test", false},
		{"*1.acme.test", "e1.acme.test", false},
		{"e1.*.test", "e1.acme.test", false},
		{"*", "test", false},
		{"*.", "test", false},
		{".acme.test", ".acme.test", false},
		{".acme.test", "e1.acme.test", false},
		{"", "", false},
		{"", "e1", false},
		{"e1", "", false},
		{".", ".", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (cw_name_pattern_matches(rows[i].pattern, rows[i].host) != rows[i].want)
			fail_msg("\"%s\" against \"%s\"", rows[i].pattern, rows[i].host);
}

static void an_ip_address_is_recognised(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t want; /* length; 0: none */
	} rows[] = {
		{"10.0.0.1", 4},
		{"2001:db8::1", 16},
		{"[2001:db8::1]", 16},
		{"::ffff:10.0.0.1", 16},
		{"10.0.0", 0},
		{"10.0.0.256", 0},
		{"e1.acme.test", 0},
		{"[]", 0},
		{"[", 0},
		{"", 0},
		{"2001:db8::1%eth0", 0},
		{"1111111111111111111111111111111111111111111111111111111111111111", 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t ip[16];
		size_t length = 0;
		bool found = cw_name_is_ip(rows[i].text, ip, &length);
		if (found != (rows[i].want != 0) || (found && length != rows[i].want))
			fail_msg("\"%s\": %zu", rows[i].text, length);
	}
}

static void names_are_found_in_the_san_and_told_in_the_cn(void **state)
{
	(void)state;
	static const char sans[] = "leaf cn=cn.acme.test san=DNS:e1.acme.test,DNS:*.wild.test,IP:10.0.0.1,"
				   "IP:2001:db8::1,URI:sip:uri.acme.test,email:a@mail.acme.test,DNS:10.0.0.9";
	static const struct {
		const char *wanted;
		struct cw_name_rule rule;
		enum cw_name_match want;
	} rows[] = {
		{"e1.acme.test", {0}, CW_NAME_EXACT},
		{"x.wild.test", {0}, CW_NAME_WILDCARD},
		{"wild.test", {0}, CW_NAME_NONE},
		{"10.0.0.1", {0}, CW_NAME_EXACT},
		{"[2001:db8::1]", {0}, CW_NAME_EXACT},
		{"2001:db8:0::1", {0}, CW_NAME_EXACT},
		{"10.0.0.9", {0}, CW_NAME_NONE}, /* only an IP entry counts */
		{"uri.acme.test", {0}, CW_NAME_NONE},
		{"mail.acme.test", {0}, CW_NAME_NONE},
		{"cn.acme.test", {0}, CW_NAME_CN_IGNORED},
		{"CN.acme.test", {.common_name_counts = true}, CW_NAME_COMMON_NAME},
		{"other.test", {.common_name_counts = true}, CW_NAME_NONE},
	};
	test_make_certs(sans);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (cw_name_find(test_cert("leaf"), rows[i].wanted, rows[i].rule) != rows[i].want)
			fail_msg("%s", rows[i].wanted);
	test_make_certs("ip cn=10.0.0.1");
	assert_int_equal(
		cw_name_find(test_cert("ip"), "10.0.0.1", (struct cw_name_rule){true, true}), CW_NAME_NONE);
	test_certs_finish();
}

/* The MRA certificates guide: "does not support greater than 999 characters in the SAN field"; rule 9. */
static void names_past_character_999_do_not_count_on_expressway(void **state)
{
	(void)state;
	enum { FILL = 999 - 5 - 6 }; /* "DNS:" + name + ", " before, "DNS:ab" behind */
	for (int longer = 0; longer < 2; longer++) {
		char line[1200] = "leaf san=DNS:";
		size_t at = strlen(line);
		/* two names of less than 500 characters fill the first part */
		int fill = FILL + longer - (int)strlen("DNS:, DNS:, ") + 6;
		for (int i = 0; i < fill; i++)
			line[at++] = i == 400 ? ',' : 'x';
		line[at] = '\0';
		char *comma = strchr(line + strlen("leaf san=DNS:"), ',');
		memmove(comma + 5, comma + 1, strlen(comma + 1) + 1);
		memcpy(comma + 1, "DNS:", 4);
		strcat(line, ",DNS:ab,IP:10.0.0.1,DNS:*.wild.test");
		test_make_certs(line);
		const struct cw_sans *sans = cw_cert_sans(test_cert("leaf"));
		size_t end = sans->items[2].text_end;
		struct cw_name_rule cut = {.san_is_cut = true};
		struct cw_cert *leaf = test_cert("leaf");
		assert_int_equal(cw_name_find(leaf, "ab", cut),
			end <= CW_SAN_CHARACTERS_MAX ? CW_NAME_EXACT : CW_NAME_BEYOND_CUT);
		assert_int_equal(end, CW_SAN_CHARACTERS_MAX + longer);
		assert_int_equal(cw_name_find(leaf, "ab", (struct cw_name_rule){0}), CW_NAME_EXACT);
		assert_int_equal(cw_name_find(leaf, "10.0.0.1", cut), CW_NAME_BEYOND_CUT);
		assert_int_equal(cw_name_find(leaf, "a.wild.test", cut), CW_NAME_BEYOND_CUT);
		test_certs_finish();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_matches_whole_labels),
		cmocka_unit_test(an_ip_address_is_recognised),
		cmocka_unit_test(names_are_found_in_the_san_and_told_in_the_cn),
		cmocka_unit_test(names_past_character_999_do_not_count_on_expressway),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
