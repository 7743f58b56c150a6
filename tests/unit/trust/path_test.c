/* Which path the three profiles take, and what is missing where they take none (rules 2 to 5 and
 * 14). */
#include "support/cmocka.h"
#include "support/judge.h"

#include <stdio.h>

#define EXPRESSWAY CW_PROFILE_EXPRESSWAY
#define RFC5280 CW_PROFILE_RFC5280
#define TUNNEL CW_PROFILE_TUNNEL

/* The MRA certificates guide, "Configure the Expressway-C and Expressway-E to Trust Each Other". */
#define GODADDY \
	"root ca cn=GoDaddy_Root_CA; inter ca by=root cn=GoDaddy_Intermediate_Authority; " \
	"leaf by=inter cn=Expressway-E.lab eku=server,client san=DNS:expressway-e.lab"

static void the_three_cases_of_seed_000(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"intermediate missing", GODADDY, "leaf", "root", NULL, EXPRESSWAY,
			.want = "issuer-missing@1 -", .want_path = "leaf",
			.want_detail = "wanted the CA CN=GoDaddy_Intermediate_Authority"},
		{"intermediate missing", NULL, "leaf", "root", "inter root", EXPRESSWAY,
			.want = "issuer-missing@1 inter", .want_path = "leaf inter? root#",
			.want_detail = "GoDaddy_Intermediate_Authority in the list; it is not there (it is "
				       "in inter.pem)"},
		{"intermediate missing", NULL, "leaf", "root", "inter", RFC5280,
			.want = "issuer-missing@1 inter"},
		{"intermediate without root", NULL, "leaf", "inter", NULL, EXPRESSWAY,
			.want = "issuer-missing@2 -", .want_path = "leaf inter#"},
		{"intermediate without root", NULL, "leaf", "inter", "root", EXPRESSWAY,
			.want = "root-missing@2 root", .want_path = "leaf inter# root?",
			.want_detail = "wanted the root GoDaddy_Root_CA in the list"},
		{"intermediate without root", NULL, "leaf", "inter", "root", RFC5280,
			.want = "root-missing@2 root"},
		{"intermediate without root", NULL, "leaf", "inter", "root", TUNNEL,
			.want = "root-missing@2 root"},
		{"root and intermediate", NULL, "leaf", "root inter", NULL, EXPRESSWAY, .want = "",
			.want_path = "leaf inter# root# trusted"},
		{"root and intermediate", NULL, "leaf", "inter root", NULL, RFC5280, .want = "",
			.want_path = "leaf inter# root# trusted"},
		{"root and intermediate", NULL, "leaf", "inter root", NULL, TUNNEL, .want = "",
			.want_path = "leaf inter# root# trusted"},
		{"both missing", NULL, "leaf", "", "root inter leaf", EXPRESSWAY,
			.want = "issuer-missing@1 inter; root-missing@2 root later"},
		{"both missing", NULL, "leaf", "", "root inter leaf", RFC5280,
			.want = "issuer-missing@1 inter; root-missing@2 root later"},
		{"the intermediate missing and unknown", NULL, "leaf", "", "root leaf", EXPRESSWAY,
			.want = "issuer-missing@1 -"},
		{"both missing, the root unknown", NULL, "leaf", "", "inter", EXPRESSWAY,
			.want = "issuer-missing@1 inter; issuer-missing@2 - later",
			.want_path = "leaf inter?"},
	};
	TEST_JUDGE_ROWS(rows);
}

/* The Expressway troubleshooting guide, "Traversal Zone up but SSH Tunnels Down after a certificate renewal". */
static void the_wire_serves_the_zone_and_not_the_tunnel(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"E sends its leaf only", GODADDY, "leaf", "root", NULL, EXPRESSWAY,
			.want = "issuer-missing@1 -"},
		{"E sends the intermediate", NULL, "leaf inter", "root", NULL, EXPRESSWAY, .want = "",
			.want_path = "leaf inter root# trusted"},
		{"E sends the intermediate", NULL, "leaf inter", "root", NULL, RFC5280, .want = ""},
		{"E sends the intermediate", NULL, "leaf inter", "root", NULL, TUNNEL,
			.want = "issuer-missing@1 inter", .want_path = "leaf inter? root#",
			.want_detail = "it is in the other side's own chain"},
		{"E sends the whole chain", NULL, "leaf inter root", "root", NULL, EXPRESSWAY, .want = "",
			.want_path = "leaf inter root# trusted"},
		{"E sends the whole chain", NULL, "leaf inter root", "root", NULL, TUNNEL,
			.want = "issuer-missing@1 inter"},
		{"E sends it in the wrong order", NULL, "leaf root inter", "root", NULL, EXPRESSWAY,
			.want = ""},
		{"E sends a root that nobody holds", NULL, "leaf inter root", "", NULL, EXPRESSWAY,
			.want = "root-missing@2 root", .want_path = "leaf inter root",
			.want_detail = "it came over the wire, which proves nothing"},
		{"E sends a root that nobody holds", NULL, "leaf inter root", "", NULL, RFC5280,
			.want = "root-missing@2 root"},
		{"E sends a root that nobody holds", NULL, "leaf inter root", "", NULL, TUNNEL,
			.want = "issuer-missing@1 inter; root-missing@2 root later"},
		{"the intermediate is listed, the root is sent", NULL, "leaf root", "inter", NULL, EXPRESSWAY,
			.want = "root-missing@2 root", .want_path = "leaf inter# root"},
		{"the intermediate is listed, the root is sent", NULL, "leaf root", "inter", NULL, TUNNEL,
			.want = "root-missing@2 root", .want_path = "leaf inter# root?"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void a_self_signed_leaf_is_trusted_where_it_stands_in_the_list(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"not listed", "root ca; pub end; other ca", "pub", "root", NULL, EXPRESSWAY,
			.want = "self-signed-untrusted@0 pub", .want_path = "pub"},
		{"not listed", NULL, "pub", "", "pub", RFC5280, .want = "self-signed-untrusted@0 pub"},
		{"not listed", NULL, "pub", "", "pub", TUNNEL, .want = "self-signed-untrusted@0 pub"},
		{"listed, CA:FALSE", NULL, "pub", "root pub", NULL, EXPRESSWAY, .want = "",
			.want_path = "pub# trusted"},
		{"listed, CA:FALSE", NULL, "pub", "root pub", NULL, RFC5280, .want = "",
			.want_path = "pub# trusted"},
		{"listed, CA:FALSE", NULL, "pub", "root pub", NULL, TUNNEL, .want = ""},
		{"listed, CA:TRUE", NULL, "other", "root other", NULL, RFC5280, .want = ""},
		{"sent twice", NULL, "pub pub pub", "root pub", NULL, RFC5280, .want = ""},
		{"for one purpose", "pub eku=client", "pub", "pub", NULL, RFC5280, CW_PURPOSE_SERVER,
			.want = "server-auth-missing@0 pub #1"},
		{"a copy with the same key is another certificate", "pub end; copy end cn=pub key=pub", "pub",
			"copy", NULL, RFC5280, .want = "self-signed-untrusted@0 pub",
			.want_detail = "entry 1 of the list has its subject and is another certificate"},
		{"a copy with the same key is another certificate", NULL, "pub", "copy", NULL, EXPRESSWAY,
			.want = "self-signed-untrusted@0 pub"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void only_a_self_signed_entry_is_an_anchor(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"listed intermediate", GODADDY, "leaf", "inter", "", RFC5280, .want = "issuer-missing@2 -"},
		{"listed leaf", NULL, "leaf", "leaf", NULL, RFC5280, .want = "issuer-missing@1 -"},
		{"listed leaf and intermediate", NULL, "leaf inter", "leaf inter", NULL, EXPRESSWAY,
			.want = "issuer-missing@2 -"},
		{"a root with a broken signature", "root ca corrupt; leaf by=root", "leaf", "root", NULL,
			EXPRESSWAY, .want = "signature-invalid@1 root #1",
			.want_detail = "does not verify with it"},
		{"a root with a broken signature", NULL, "leaf", "root", NULL, RFC5280,
			.want = "signature-invalid@1 root #1"},
		{"a self-signed leaf with a broken signature", "pub corrupt", "pub", "pub", NULL, RFC5280,
			.want = "signature-invalid@0 pub #1"},
		{"a leaf that bears its issuer's name", "root ca; leaf by=root cn=root", "leaf", "root", NULL,
			EXPRESSWAY, .want = ""},
		{"a leaf that bears its issuer's name", NULL, "leaf", "root", NULL, RFC5280, .want = ""},
		{"renewed by the old root, which is gone",
			"old ca cn=root; new ca cn=root by=old; leaf by=new", "leaf", "new", NULL, RFC5280,
			.want = "issuer-missing@2 -"},
		{"renewed by the old root", NULL, "leaf", "new old", NULL, RFC5280, .want = "",
			.want_path = "leaf new# old# trusted"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void a_signature_that_does_not_verify_is_told_with_the_entry(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"forged leaf", "root ca; inter ca by=root; leaf by=inter corrupt", "leaf inter",
			"root inter", "inter", EXPRESSWAY, .want = "signature-invalid@0 leaf #2",
			.want_detail = "entry 2 of the list bears the name CN=inter, but the signature of "
				       "leaf does not "
				       "verify"},
		{"forged leaf", NULL, "leaf inter", "root inter", "inter", RFC5280,
			.want = "signature-invalid@0 leaf #2"},
		{"forged leaf, issuer on the wire", NULL, "leaf inter", "root", NULL, EXPRESSWAY,
			.want = "signature-invalid@0 leaf",
			.want_detail = "the key of CN=inter, which came with it"},
		{"forged leaf, issuer elsewhere", NULL, "leaf", "root", "inter", EXPRESSWAY,
			.want = "issuer-missing@1 -",
			.want_detail = "inter.pem has one of that name, with another key"},
		{"forged intermediate", "root ca; inter ca by=root corrupt; leaf by=inter", "leaf inter",
			"root", NULL, EXPRESSWAY, .want = "signature-invalid@1 inter #1",
			.want_path = "leaf inter"},
		{"forged intermediate", NULL, "leaf inter", "root", NULL, RFC5280,
			.want = "signature-invalid@1 inter #1"},
		/* sources F10: "stale root of the same subject" is certificate signature failure at depth 1
		 */
		{"another root of that name", "stale ca cn=root; root ca; inter ca by=root; leaf by=inter",
			"leaf inter", "stale", NULL, EXPRESSWAY, .want = "signature-invalid@1 inter #1"},
		{"another root of that name, the right one elsewhere", NULL, "leaf inter", "stale", "root",
			EXPRESSWAY, .want = "signature-invalid@1 inter #1 >root#0",
			.want_path = "leaf inter root?",
			.want_detail = "its key did not sign inter; the one that did is in root.pem"},
		{"another root of that name, the right one sent", NULL, "leaf inter root", "stale", NULL,
			EXPRESSWAY, .want = "signature-invalid@1 inter #1 >root#0",
			.want_detail = "the one that did is in the other side's own chain"},
		{"another root of that name, the right one sent", NULL, "leaf inter root", "stale", NULL,
			RFC5280, .want = "root-missing@2 root",
			.want_detail = "entry 1 of the list has its subject and is another certificate"},
		{"another root of that name, the right one elsewhere", NULL, "leaf inter", "stale", "root",
			RFC5280, .want = "root-missing@2 root"},
		{"another intermediate of that name",
			"root ca; old ca by=root cn=inter; inter ca by=root; leaf by=inter", "leaf inter",
			"root old", NULL, EXPRESSWAY, .want = "signature-invalid@0 leaf #2 >inter#0"},
		{"another intermediate of that name", NULL, "leaf inter", "root old", NULL, RFC5280,
			.want = "", .want_path = "leaf inter root# trusted"},
		{"another intermediate of that name", NULL, "leaf inter", "root old", NULL, TUNNEL,
			.want = "signature-invalid@0 leaf #2 >inter#0"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void rfc5280_tries_every_candidate(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"the second of two roots", "stale ca cn=root; root ca; leaf by=root", "leaf", "stale root",
			NULL, RFC5280, .want = "", .want_path = "leaf root# trusted"},
		{"the second of two roots, without key identifiers",
			"stale ca cn=root noski; root ca noski; leaf by=root noaki", "leaf", "stale root",
			NULL, RFC5280, .want = ""},
		{"an expired copy first", "old ca cn=root key=root until=-1; root ca; leaf by=root", "leaf",
			"old root", NULL, RFC5280, .want = "", .want_path = "leaf root# trusted"},
		{"cross-signed, the first root unknown",
			"a ca; b ca; xa ca by=a cn=x key=x; xb ca by=b cn=x key=x; leaf by=xa", "leaf xa xb",
			"b", NULL, RFC5280, .want = "", .want_path = "leaf xb b# trusted"},
		{"cross-signed, expressway takes the first of the wire", NULL, "leaf xa xb", "b", NULL,
			EXPRESSWAY, .want = "issuer-missing@2 -", .want_path = "leaf xa"},
		{"cross-signed, the good one first", NULL, "leaf xb xa", "b", NULL, EXPRESSWAY, .want = ""},
		{"the key identifier points elsewhere",
			"root ca; leaf by=root; other ca cn=root key=root noski", "leaf", "other root", NULL,
			RFC5280, .want = "", .want_path = "leaf root# trusted"},
		{"the best of several bad paths is told",
			"a ca until=-1; b ca until=-1; xa ca by=a cn=x key=x until=-1; xb ca by=b cn=x "
			"key=x; leaf by=xa",
			"leaf xa xb", "a b", NULL, RFC5280, .want = "expired@2 b #2",
			.want_path = "leaf xb b# trusted"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void circles_and_crowds_end(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"two CAs that signed each other",
			"a ca; b ca; ab ca by=b cn=a key=a; ba ca by=a cn=b key=b; leaf by=ab", "leaf",
			"ab ba", NULL, RFC5280, .want = "issuer-missing@3 -", .want_detail = "circle"},
		{"two CAs that signed each other", NULL, "leaf ab ba", "", NULL, EXPRESSWAY,
			.want = "issuer-missing@3 -", .want_detail = "circle"},
		{"two CAs that signed each other", NULL, "leaf", "ab ba", NULL, TUNNEL,
			.want = "issuer-missing@3 -"},
		{"two CAs that signed each other, and a root", NULL, "leaf ab ba", "a", NULL, RFC5280,
			.want = ""},
		{"the same certificate many times", GODADDY, "leaf inter inter inter inter", "root root root",
			NULL, RFC5280, .want = ""},
		{"the same certificate many times, no root", NULL, "leaf inter inter inter inter",
			"inter inter", NULL, RFC5280, .want = "issuer-missing@2 -"},
	};
	TEST_JUDGE_ROWS(rows);
}

/* Every layer of CAs is signed by both of the layer above: 2 to the power of the depth paths, none to a root.
 */
static void a_graph_of_cross_signed_cas_is_given_up(void **state)
{
	(void)state;
	enum { LAYERS = 12 };
	char statements[4096] = "a0 ca; b0 ca; ", wire[512] = "leaf", line[160];
	for (int i = 1; i <= LAYERS; i++) {
		for (int j = 0; j < 4; j++) {
			char name = j & 1 ? 'b' : 'a', issuer = j & 2 ? 'b' : 'a';
			snprintf(line, sizeof line, "%c%d%s ca by=%c%d cn=L%d key=%c%d noaki noski; ", name,
				i, j & 2 ? "x" : "", issuer, i - 1, i, name, i);
			strcat(statements, line);
		}
	}
	snprintf(line, sizeof line, "leaf by=a%d noaki", LAYERS);
	strcat(statements, line);
	for (int i = LAYERS; i >= 8; i--) {
		snprintf(line, sizeof line, " a%d b%d a%dx b%dx", i, i, i, i);
		strcat(wire, line);
	}
	test_certs_finish();
	test_make_certs(statements);
	AUTO_TRUST_LIST list = {0};
	for (int i = 1; i < 8; i++) {
		snprintf(line, sizeof line, "a%d b%d a%dx b%dx", i, i, i, i);
		test_list(line, &list);
	}
	struct cw_cert *chain[32];
	for (int profile = 0; profile < 3; profile++) {
		struct cw_judge_question question = {.chain = chain,
			.chain_count = test_certs(wire, chain, 32),
			.list = &list,
			.profile = (enum cw_profile)profile,
			.at = TEST_AT};
		AUTO_JUDGEMENT judgement = {0};
		struct cw_error error;
		assert_true(cw_judge(&question, &judgement, &error));
		assert_int_equal(judgement.verdict, CW_VERDICT_REFUSED);
		assert_true(judgement.findings.count >= 1);
	}
}

static void five_hundred_entries_of_one_subject_hide_nothing(void **state)
{
	(void)state;
	enum { CROWD = 500 };
	test_certs_finish();
	test_make_certs("root ca noski; leaf by=root noaki");
	AUTO_TRUST_LIST list = {0};
	for (int i = 0; i < CROWD; i++) {
		char line[100];
		snprintf(line, sizeof line, "crowd%d ca cn=root noski key=crowd serial=%x", i, i + 1);
		test_make_certs(line);
		assert_true(cw_trust_list_add(&list, test_cert(strtok(line, " ")), "ca.pem", (size_t)i + 1));
	}
	test_list("root", &list);
	struct cw_cert *leaf = test_cert("leaf");
	struct cw_judge_question question = {.chain = &leaf, .chain_count = 1, .list = &list, .at = TEST_AT};
	struct cw_error error;

	AUTO_JUDGEMENT rfc5280 = {0};
	question.profile = RFC5280;
	assert_true(cw_judge(&question, &rfc5280, &error));
	assert_int_equal(rfc5280.verdict, CW_VERDICT_PASS);

	AUTO_JUDGEMENT expressway = {0};
	question.profile = EXPRESSWAY;
	assert_true(cw_judge(&question, &expressway, &error));
	AUTO(free) char *text = test_findings_text(&expressway.findings);
	assert_string_equal(text, "issuer-shadowed@1 crowd0 #1 >root#501");
}

static void a_chain_is_followed_up_to_the_limit(void **state)
{
	(void)state;
	static const struct {
		int certs;
		const char *want;
	} rows[] = {
		{CW_PATH_DEPTH_MAX, ""},
		{CW_PATH_DEPTH_MAX + 1, "issuer-missing@32 -"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		test_certs_finish();
		test_make_certs("c0 ca key=all");
		AUTO_TRUST_LIST list = {0};
		test_list("c0", &list);
		struct cw_cert *chain[CW_PATH_DEPTH_MAX + 1];
		for (int n = 1; n < rows[i].certs; n++) {
			char line[64];
			snprintf(line, sizeof line, "c%d ca by=c%d key=all", n, n - 1);
			test_make_certs(line);
			chain[rows[i].certs - 1 - n] = test_cert(strtok(line, " "));
		}
		struct cw_judge_question question = {.chain = chain,
			.chain_count = (size_t)rows[i].certs - 1,
			.list = &list,
			.at = TEST_AT,
			.profile = RFC5280};
		AUTO_JUDGEMENT judgement = {0};
		struct cw_error error;
		assert_true(cw_judge(&question, &judgement, &error));
		AUTO(free) char *text = test_findings_text(&judgement.findings);
		assert_string_equal(text, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_three_cases_of_seed_000),
		cmocka_unit_test(the_wire_serves_the_zone_and_not_the_tunnel),
		cmocka_unit_test(a_self_signed_leaf_is_trusted_where_it_stands_in_the_list),
		cmocka_unit_test(only_a_self_signed_entry_is_an_anchor),
		cmocka_unit_test(a_signature_that_does_not_verify_is_told_with_the_entry),
		cmocka_unit_test(rfc5280_tries_every_candidate),
		cmocka_unit_test(circles_and_crowds_end),
		cmocka_unit_test(a_graph_of_cross_signed_cas_is_given_up),
		cmocka_unit_test(five_hundred_entries_of_one_subject_hide_nothing),
		cmocka_unit_test(a_chain_is_followed_up_to_the_limit),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
