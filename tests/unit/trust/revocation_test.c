/* CRLs for the whole chain (docs/rules.md "revocation"). */
#include "support/cmocka.h"
#include "support/judge.h"

#define EXPRESSWAY CW_PROFILE_EXPRESSWAY
#define RFC5280 CW_PROFILE_RFC5280

#define CHAIN \
	"root ca ku=certsign+crlsign; inter ca by=root ku=certsign+crlsign; leaf by=inter " \
	"eku=server,client " \
	"crls=http://crl.acme.test/inter.crl"

static void the_whole_chain_is_looked_up(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"off", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY, .want = ""},
		{"both lists there", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY,
			.crls = "by=root; by=inter", .want = ""},
		{"both lists there", NULL, "leaf inter", "root", NULL, RFC5280, CW_PURPOSE_SERVER,
			.crls = "by=root; by=inter", .want = ""},
		{"the leaf is revoked", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY,
			.crls = "by=root; by=inter revoked=leaf", .want = "revoked@0 leaf",
			.want_detail = "leaf stands in the revocation list of CN=inter"},
		{"the intermediate is revoked", CHAIN, "leaf", "root inter", NULL, EXPRESSWAY,
			.crls = "by=root revoked=inter; by=inter", .want = "revoked@1 inter #2"},
		{"both are revoked", CHAIN, "leaf inter", "root", NULL, RFC5280,
			.crls = "by=root revoked=inter; by=inter revoked=leaf",
			.want = "revoked@0 leaf; revoked@1 inter"},
		{"another is revoked", CHAIN "; other by=inter", "leaf inter", "root", NULL, EXPRESSWAY,
			.crls = "by=root; by=inter revoked=other", .want = ""},
	};
	TEST_JUDGE_ROWS(rows);
}

static void a_list_that_cannot_be_had_is_refused_or_ignored(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"none at all", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY, .crls = " ",
			.want = "crl-missing@0 leaf; crl-missing@1 inter",
			.want_detail = "wanted a good revocation list of CN=inter, which issued leaf; "
				       "OpenSSL says \"unable "
				       "to get certificate CRL\"; the certificate says it can be had at "
				       "http://crl.acme.test/inter.crl"},
		{"none at all, ignored", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY, .crls = " ",
			.missing_passes = true, .want = "crl-missing@0 leaf info; crl-missing@1 inter info"},
		{"none here, not known there", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY, .crls = " ",
			.missing_passes = true, .lists_unknown = true,
			.want = "crl-missing@0 leaf unknown; crl-missing@1 inter unknown",
			.want_detail = "whether there is a good one of CN=inter"},
		{"the intermediate's", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY, .crls = "by=root",
			.want = "crl-missing@0 leaf"},
		{"the root's is one cause", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY, .crls = "by=inter",
			.want = "crl-missing@1 inter"},
		{"a self-signed leaf's", "pub", "pub", "pub", NULL, EXPRESSWAY, .crls = " ",
			.want = "crl-missing@0 pub #1"},
		{"with a bad signature", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY,
			.crls = "by=root; by=inter corrupt", .want = "crl-missing@0 leaf",
			.want_detail = "CRL signature failure"},
		{"of another key", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY,
			.crls = "by=root; by=inter key=x", .want = "crl-missing@0 leaf",
			.want_detail = "but the key of this CA did not sign it"},
		{"from the future", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY,
			.crls = "by=root; by=inter this=1", .want = "crl-missing@0 leaf",
			.want_detail = "a list of that name is there, and begins on 2026-11-21 only"},
		{"by a CA that may not", "root ca ku=certsign; leaf by=root", "leaf", "root", NULL,
			EXPRESSWAY, .crls = "by=root", .want = "crl-missing@0 leaf"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void an_expired_list_is_refused_whatever_the_fallback(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"expired", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY,
			.crls = "by=root; by=inter this=-9 next=-1", .want = "crl-expired@0 leaf"},
		{"expired, fallback ignore", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY,
			.crls = "by=root; by=inter this=-9 next=-1", .missing_passes = true,
			.want = "crl-expired@0 leaf"},
		{"expired, and it lists the leaf", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY,
			.crls = "by=root; by=inter this=-9 next=-1 revoked=leaf",
			.want = "crl-expired@0 leaf; revoked@0 leaf"},
		{"the root's", CHAIN, "leaf inter", "root", NULL, RFC5280,
			.crls = "by=root this=-9 next=-1; by=inter", .want = "crl-expired@1 inter"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void lists_of_which_nobody_knows_whether_they_count_refuse_nothing(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"all are good", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY, .crls = "by=root; by=inter",
			.doubtful = true, .want = ""},
		{"one is missing", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY, .crls = "by=root",
			.doubtful = true, .want = ""},
		{"the leaf is revoked", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY,
			.crls = "by=inter revoked=leaf", .doubtful = true, .want = "revoked@0 leaf unknown",
			.want_detail =
				"whether revocation is checked here is not known; where it is, this is a "
				"refusal: leaf stands in"},
		{"one is expired", CHAIN, "leaf inter", "root", NULL, EXPRESSWAY,
			.crls = "by=root; by=inter this=-9 next=-1", .doubtful = true,
			.want = "crl-expired@0 leaf unknown",
			.want_detail =
				"whether revocation is checked here is not known; where it is, this is a "
				"refusal: wanted a good"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void a_broken_path_is_looked_up_as_far_as_it_goes(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"the root is missing and unknown", CHAIN, "leaf inter", "", NULL, EXPRESSWAY,
			.crls = "by=inter revoked=leaf", .want = "issuer-missing@2 -; revoked@0 leaf"},
		{"the root is missing and known", CHAIN, "leaf inter", "", "root", EXPRESSWAY,
			.crls = "by=inter revoked=leaf",
			.want = "root-missing@2 root; revoked@0 leaf; crl-missing@1 inter"},
		{"the issuer is missing and unknown", CHAIN, "leaf", "root", NULL, EXPRESSWAY,
			.crls = "by=root", .want = "issuer-missing@1 -"},
		{"a root that was sent", CHAIN, "leaf inter root", "", NULL, EXPRESSWAY,
			.crls = "by=inter; by=root revoked=inter",
			.want = "root-missing@2 root; revoked@1 inter"},
	};
	TEST_JUDGE_ROWS(rows);
}

/* RFC 5280 §6.3.3 (f): another certificate of the CA may sign its CRLs. */
static void a_ca_may_have_a_key_for_its_crls(void **state)
{
	(void)state;
	static const char certs[] = "root ca ku=certsign+crlsign; inter ca by=root ku=certsign; "
				    "signer by=root cn=inter key=signer ku=crlsign; leaf by=inter; "
				    "rogue ca cn=other; stranger by=rogue cn=inter key=stranger ku=crlsign";
	static const struct judge_row rows[] = {
		{"sent along", certs, "leaf inter signer", "root", NULL, RFC5280, CW_PURPOSE_SERVER,
			.crls = "by=signer; by=root", .want = ""},
		{"in the list", certs, "leaf inter", "root signer", NULL, RFC5280,
			.crls = "by=signer; by=root", .want = ""},
		{"it revokes", certs, "leaf inter signer", "root", NULL, RFC5280,
			.crls = "by=signer revoked=leaf; by=root", .want = "revoked@0 leaf"},
		{"not there", certs, "leaf inter", "root", NULL, RFC5280, .crls = "by=signer; by=root",
			.want = "crl-missing@0 leaf"},
		{"of another CA", certs, "leaf inter stranger rogue", "root", NULL, RFC5280,
			.crls = "by=stranger; by=root", .want = "crl-missing@0 leaf"},
	};
	TEST_JUDGE_ROWS(rows);
}

/* RFC 5280 §6.3: the anchor is no part of the path. OpenSSL, and so a box, looks it up as well. */
static void a_root_of_the_list_needs_no_list_of_its_own(void **state)
{
	(void)state;
	static const char certs[] = "root ca ku=certsign+crlsign; leaf by=root crls=http://a.test/1.crl";
	static const struct judge_row rows[] = {
		{"a list for the leaf", certs, "leaf", "root", NULL, RFC5280,
			.crls = "by=root scope=http://a.test/1.crl", .want = ""},
		{"a list for the leaf, to a box", NULL, "leaf", "root", NULL, EXPRESSWAY,
			.crls = "by=root scope=http://a.test/1.crl", .want = "crl-missing@1 root #1",
			.want_detail = "different CRL scope"},
		{"a list for another", NULL, "leaf", "root", NULL, RFC5280,
			.crls = "by=root scope=http://a.test/2.crl", .want = "crl-missing@0 leaf"},
		{"it revokes itself all the same", NULL, "leaf", "root", NULL, RFC5280,
			.crls = "by=root revoked=root", .want = "revoked@1 root #1"},
		{"alone, it is the leaf", NULL, "root", "root", NULL, RFC5280, .crls = " ",
			.want = "crl-missing@0 root #1"},
	};
	TEST_JUDGE_ROWS(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_chain_is_looked_up),
		cmocka_unit_test(a_list_that_cannot_be_had_is_refused_or_ignored),
		cmocka_unit_test(an_expired_list_is_refused_whatever_the_fallback),
		cmocka_unit_test(lists_of_which_nobody_knows_whether_they_count_refuse_nothing),
		cmocka_unit_test(a_broken_path_is_looked_up_as_far_as_it_goes),
		cmocka_unit_test(a_ca_may_have_a_key_for_its_crls),
		cmocka_unit_test(a_root_of_the_list_needs_no_list_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
