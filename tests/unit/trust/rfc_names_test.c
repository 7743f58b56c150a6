/* Names, dates and purposes where OpenSSL's check is kinder than RFC 5280, and what both refuse. */
#include "pki/asn1_time.h"
#include "support/cmocka.h"
#include "support/judge.h"

#define RFC5280 CW_PROFILE_RFC5280
#define EXPRESSWAY CW_PROFILE_EXPRESSWAY
#define NOT_EVIL "ext=nameConstraints:critical,excluded|URI:evil.example"
#define ONLY_GOOD "ext=nameConstraints:critical,permitted|URI:.good.example"
#define REFUSED "name-constraint@0 leaf"

CW_DEFINE_AUTO(ASN1_TIME *, ASN1_TIME_free)

static void a_uri_is_compared_by_its_host(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"plain", "root ca " NOT_EVIL "; leaf by=root san=URI:https://evil.example/", "leaf", "root",
			NULL, RFC5280, .want = REFUSED},
		{"behind a user", "root ca " NOT_EVIL "; leaf by=root san=URI:https://user@evil.example/",
			"leaf", "root", NULL, RFC5280, .want = REFUSED,
			.want_detail = "has a host that is excluded"},
		{"before a query", "root ca " NOT_EVIL "; leaf by=root san=URI:https://evil.example?x",
			"leaf", "root", NULL, RFC5280, .want = REFUSED},
		{"before a fragment", "root ca " NOT_EVIL "; leaf by=root san=URI:https://evil.example#x",
			"leaf", "root", NULL, RFC5280, .want = REFUSED},
		{"before a port", "root ca " NOT_EVIL "; leaf by=root san=URI:https://EVIL.example:443/",
			"leaf", "root", NULL, RFC5280, .want = REFUSED},
		{"another host with it in the path",
			"root ca " NOT_EVIL "; leaf by=root san=URI:https://good.example/@evil.example",
			"leaf", "root", NULL, RFC5280, .want = ""},
		{"an address", "root ca " NOT_EVIL "; leaf by=root san=URI:https://10.0.0.1/", "leaf", "root",
			NULL, RFC5280, .want = REFUSED},
		{"a dot at the end", "root ca " NOT_EVIL "; leaf by=root san=URI:https://evil.example./",
			"leaf", "root", NULL, RFC5280, .want = REFUSED},
		{"below what is permitted",
			"root ca " ONLY_GOOD "; leaf by=root san=URI:https://a.good.example/", "leaf", "root",
			NULL, RFC5280, .want = ""},
		{"beside what is permitted",
			"root ca " ONLY_GOOD "; leaf by=root san=URI:https://good.example/", "leaf", "root",
			NULL, RFC5280, .want = REFUSED},
	};
	TEST_JUDGE_ROWS(rows);
}

static void a_dot_at_the_end_is_no_name_and_no_way_round(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"it matches nothing", "root ca; leaf by=root san=DNS:bar.acme.test.", "leaf", "root", NULL,
			RFC5280, .name = "bar.acme.test", .want = "peer-name-mismatch@0 leaf"},
		{"for Expressway either", NULL, "leaf", "root", NULL, EXPRESSWAY, .name = "bar.acme.test",
			.want = "peer-name-mismatch@0 leaf"},
		{"of what is typed it is dropped", "root ca; leaf by=root san=DNS:bar.acme.test", "leaf",
			"root", NULL, RFC5280, .name = "bar.acme.test.", .want = ""},
		{"it is no way round an exclusion",
			"root ca exclude=acme.test; leaf by=root san=DNS:bar.acme.test.", "leaf", "root",
			NULL, RFC5280, .want = REFUSED},
		{"of an e-mail neither",
			"root ca ext=nameConstraints:critical,excluded|email:acme.test; leaf by=root "
			"san=email:user@acme.test.",
			"leaf", "root", NULL, RFC5280, .want = REFUSED},
	};
	TEST_JUDGE_ROWS(rows);
}

static void a_constraint_tells_which_name_and_which_ca(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"the second name is another's",
			"root ca; sub ca by=root permit=acme.test; leaf by=sub san=DNS:e1.acme.test,DNS:b.test",
			"leaf sub", "root", NULL, EXPRESSWAY, .want = "name-constraint@0 leaf",
			.want_detail = "b.test is not within acme.test, which is all that sub may issue for"},
		{"one is excluded", "root ca; sub ca by=root exclude=b.test; leaf by=sub san=DNS:a.b.test",
			"leaf sub", "root", NULL, RFC5280, .want = "name-constraint@0 leaf",
			.want_detail = "a.b.test lies within b.test, for which sub may not issue"},
		{"a leading dot leaves out the domain itself",
			"root ca; sub ca by=root permit=.acme.test; leaf by=sub san=DNS:acme.test",
			"leaf sub", "root", NULL, EXPRESSWAY, .want = "name-constraint@0 leaf",
			.want_detail =
				"acme.test is not within .acme.test, which is all that sub may issue for"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void server_gated_crypto_is_no_server_auth(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"Netscape's", "root ca; leaf by=root eku=nsSGC", "leaf", "root", NULL, RFC5280,
			CW_PURPOSE_SERVER, .want = "server-auth-missing@0 leaf"},
		{"Microsoft's", "root ca; leaf by=root eku=msSGC", "leaf", "root", NULL, RFC5280,
			CW_PURPOSE_SERVER, .want = "server-auth-missing@0 leaf"},
		{"beside serverAuth", "root ca; leaf by=root eku=nsSGC,server", "leaf", "root", NULL, RFC5280,
			CW_PURPOSE_SERVER, .want = ""},
	};
	TEST_JUDGE_ROWS(rows);
}

static void a_service_name_stands_among_the_names(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"SRVName",
			"root ca; leaf by=root "
			"ext=subjectAltName:otherName:1.3.6.1.5.5.7.8.7|IA5:_collab-edge._tls.acme.test",
			"leaf", "root", NULL, RFC5280, .name = "acme.test",
			.other_name = "_collab-edge._tls.acme.test", .want = ""},
		{"of another domain", NULL, "leaf", "root", NULL, RFC5280, .name = "acme.test",
			.other_name = "_collab-edge._tls.b.test", .want = "peer-name-mismatch@0 leaf",
			.want_detail = "it has SRVName _collab-edge._tls.acme.test"},
		{"an address as DNS name", "root ca; leaf by=root san=DNS:10.1.1.6", "leaf", "root", NULL,
			RFC5280, .name = "10.1.1.6", .want = "address-is-ip@0 leaf",
			.want_detail = "stands in it as a DNS name, which no one compares with an address"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void dates_have_seconds_and_z(void **state)
{
	(void)state;
	static const struct {
		int type;
		const char *text;
		bool want;
	} rows[] = {
		{V_ASN1_UTCTIME, "261120120000Z", true},
		{V_ASN1_UTCTIME, "2611201200Z", false},
		{V_ASN1_UTCTIME, "261120120000+0100", false},
		{V_ASN1_UTCTIME, "261120120000", false},
		{V_ASN1_GENERALIZEDTIME, "20261120120000Z", true},
		{V_ASN1_GENERALIZEDTIME, "202611201200Z", false},
		{V_ASN1_GENERALIZEDTIME, "20261120120000.5Z", false},
		{V_ASN1_GENERALIZEDTIME, "20261120120000-0500", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO(ASN1_TIME_free) ASN1_TIME *time = ASN1_STRING_type_new(rows[i].type);
		assert_true(ASN1_STRING_set(time, rows[i].text, -1));
		if (cw_asn1_time_is_plain(time) != rows[i].want)
			fail_msg("%s", rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_uri_is_compared_by_its_host),
		cmocka_unit_test(a_dot_at_the_end_is_no_name_and_no_way_round),
		cmocka_unit_test(a_constraint_tells_which_name_and_which_ca),
		cmocka_unit_test(server_gated_crypto_is_no_server_auth),
		cmocka_unit_test(a_service_name_stands_among_the_names),
		cmocka_unit_test(dates_have_seconds_and_z),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
