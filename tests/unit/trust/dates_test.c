/* Validity dates as RFC 5280 §4.1.2.5 and X.690 §11.7 and §11.8 want them: seconds, "Z", no fraction. */
#include "support/cmocka.h"
#include "support/judge.h"

#define EXPRESSWAY CW_PROFILE_EXPRESSWAY
#define RFC5280 CW_PROFILE_RFC5280
#define TUNNEL CW_PROFILE_TUNNEL
#define LEAF(date) "root ca; leaf by=root " date

static void a_date_written_otherwise_is_refused_by_everybody(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"no seconds", LEAF("rawuntil=U2711201200Z"), "leaf", "root", NULL, RFC5280,
			.want = "date-unfit@0 leaf",
			.want_detail = "notAfter of leaf is not written as X.509 wants it"},
		{"on an Expressway", NULL, "leaf", "root", NULL, EXPRESSWAY, .want = "date-unfit@0 leaf"},
		{"in its tunnels", NULL, "leaf", "root", NULL, TUNNEL, .want = "date-unfit@0 leaf"},
		{"no seconds in the first one", LEAF("rawfrom=U2601201200Z"), "leaf", "root", NULL, RFC5280,
			.want = "date-unfit@0 leaf", .want_detail = "notBefore of leaf"},
		{"another zone", LEAF("rawuntil=U271120120000+0100"), "leaf", "root", NULL, RFC5280,
			.want = "date-unfit@0 leaf"},
		{"a fraction of a second", LEAF("rawuntil=G20511120120000.5Z"), "leaf", "root", NULL, RFC5280,
			.want = "date-unfit@0 leaf"},
		{"no seconds, with four digits of the year", LEAF("rawuntil=G205111201200Z"), "leaf", "root",
			NULL, RFC5280, .want = "date-unfit@0 leaf"},
		{"of an intermediate", "root ca; inter ca by=root rawuntil=U2711201200Z; leaf by=inter",
			"leaf inter", "root", NULL, RFC5280, .want = "date-unfit@1 inter"},
		{"of the root", "root ca rawuntil=U2711201200Z; leaf by=root", "leaf", "root", NULL,
			EXPRESSWAY, .want = "date-unfit@1 root #1"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void dates_as_they_should_be_pass(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"UTCTime", LEAF("rawuntil=U271120120000Z"), "leaf", "root", NULL, RFC5280, .want = ""},
		{"GeneralizedTime from 2050 on", LEAF("rawuntil=G20511120120000Z"), "leaf", "root", NULL,
			RFC5280, .want = ""},
		{"no end", LEAF("rawuntil=G99991231235959Z"), "leaf", "root", NULL, EXPRESSWAY, .want = ""},
	};
	TEST_JUDGE_ROWS(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_date_written_otherwise_is_refused_by_everybody),
		cmocka_unit_test(dates_as_they_should_be_pass),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
