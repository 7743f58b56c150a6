/* Authority key identifiers that name another certificate than the one that signed (X509_check_akid). */
#include "support/cmocka.h"
#include "support/judge.h"

#define EXPRESSWAY CW_PROFILE_EXPRESSWAY
#define RFC5280 CW_PROFILE_RFC5280
#define TUNNEL CW_PROFILE_TUNNEL

/* authorityKeyIdentifier: a key identifier that nobody has; serial number 5 or 7 of what CN=root issued; 5 of CN=toor */
#define OTHER_KEY "noaki ext=authorityKeyIdentifier:DER:3006800400010203"
#define ROOT_SERIAL(n) \
	"noaki ext=authorityKeyIdentifier:DER:3018a113a411300f310d300b06035504030c04726f6f748201" n
#define TOOR_SERIAL_5 \
	"noaki ext=authorityKeyIdentifier:DER:3018a113a411300f310d300b06035504030c04746f6f72820105"

static void an_identifier_that_names_another_certificate_is_refused(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"another key identifier", "root ca serial=05; leaf by=root " OTHER_KEY, "leaf", "root", NULL,
			EXPRESSWAY, .want = "key-identifier-differs@0 leaf",
			.want_detail =
				"names another certificate than root: the key identifier 00010203, and"},
		{"on the tunnels as well", NULL, "leaf", "root", NULL, TUNNEL,
			.want = "key-identifier-differs@0 leaf"},
		{"no matter where RFC 5280 rules", NULL, "leaf", "root", NULL, RFC5280, .want = ""},
		{"an old serial number", "root ca serial=05; leaf by=root " ROOT_SERIAL("07"), "leaf", "root",
			NULL, EXPRESSWAY, .want = "key-identifier-differs@0 leaf",
			.want_detail = "the serial number 07, and that one's is 05"},
		{"the right serial number", "root ca serial=05; leaf by=root " ROOT_SERIAL("05"), "leaf",
			"root", NULL, EXPRESSWAY, .want = ""},
		{"the right serial number of another issuer",
			"root ca serial=05; leaf by=root " TOOR_SERIAL_5, "leaf", "root", NULL, EXPRESSWAY,
			.want = "key-identifier-differs@0 leaf",
			.want_detail = "one that /CN=toor issued, and that one was issued by /CN=root"},
		{"of an intermediate", "root ca; inter ca by=root " OTHER_KEY "; leaf by=inter", "leaf",
			"root inter", NULL, EXPRESSWAY, .want = "key-identifier-differs@1 inter #2"},
		{"of an intermediate that was sent", NULL, "leaf inter", "root", NULL, EXPRESSWAY,
			.want = "key-identifier-differs@1 inter"},
		{"the issuer has no identifier", "root ca noski; leaf by=root " OTHER_KEY, "leaf", "root",
			NULL, EXPRESSWAY, .want = ""},
		{"the certificate has none", "root ca; leaf by=root noaki", "leaf", "root", NULL, EXPRESSWAY,
			.want = ""},
	};
	TEST_JUDGE_ROWS(rows);
}

static void a_root_that_does_not_name_itself_is_no_anchor(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"another key identifier", "root ca " OTHER_KEY "; leaf by=root", "leaf", "root", NULL,
			EXPRESSWAY, .want = "key-identifier-differs@1 root #1", .want_detail = "than itself"},
		{"another serial number", "root ca serial=05 " ROOT_SERIAL("07") "; leaf by=root", "leaf",
			"root", NULL, TUNNEL, .want = "key-identifier-differs@1 root #1"},
		{"RFC 5280 does not look at anchors", NULL, "leaf", "root", NULL, RFC5280, .want = ""},
		{"a self-signed leaf", "leaf " OTHER_KEY, "leaf", "leaf", NULL, EXPRESSWAY,
			.want = "key-identifier-differs@0 leaf #1"},
	};
	TEST_JUDGE_ROWS(rows);
}

/* A CA that was renewed with the same key: only one of its certificates is the one that is named. */
static void the_entry_that_is_named_counts_as_the_right_one(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"the other stands first",
			"old ca cn=root key=root serial=05; new ca cn=root key=root serial=07; leaf by=new " ROOT_SERIAL(
				"07"),
			"leaf", "old new", NULL, EXPRESSWAY, .want = "issuer-shadowed@1 old #1 >new#2",
			.want_detail =
				"OpenSSL's own search, by key identifiers and dates, would have found"},
		{"it stands first", NULL, "leaf", "new old", NULL, EXPRESSWAY, .want = ""},
		{"it is in no list", NULL, "leaf", "old", NULL, EXPRESSWAY,
			.want = "key-identifier-differs@0 leaf"},
	};
	TEST_JUDGE_ROWS(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_identifier_that_names_another_certificate_is_refused),
		cmocka_unit_test(a_root_that_does_not_name_itself_is_no_anchor),
		cmocka_unit_test(the_entry_that_is_named_counts_as_the_right_one),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
