/* Entries that hide the right one below them (the MRA certificates guide; rules 4 and 6). */
#include "support/cmocka.h"
#include "support/judge.h"

#define EXPRESSWAY CW_PROFILE_EXPRESSWAY
#define RFC5280 CW_PROFILE_RFC5280
#define TUNNEL CW_PROFILE_TUNNEL

/* The MRA certificates guide, "CUCM Servers With Self Signed Certificates": one subject, two keys. */
static void self_signed_tomcat_and_callmanager_cannot_both_be_trusted(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"tomcat is higher: tomcat works", "tomcat cn=pub; callmanager cn=pub", "tomcat",
			"tomcat callmanager", NULL, EXPRESSWAY, .want = "", .want_path = "tomcat# trusted"},
		{"tomcat is higher: CallManager fails", NULL, "callmanager", "tomcat callmanager", NULL,
			EXPRESSWAY, .want = "issuer-shadowed@0 tomcat #1 >callmanager#2",
			.want_path = "callmanager#",
			.want_detail =
				"Two self-signed certificates of one subject cannot both be trusted here"},
		{"CallManager is higher: CallManager works", NULL, "callmanager", "callmanager tomcat", NULL,
			EXPRESSWAY, .want = ""},
		{"CallManager is higher: tomcat fails", NULL, "tomcat", "callmanager tomcat", NULL,
			EXPRESSWAY, .want = "issuer-shadowed@0 callmanager #1 >tomcat#2"},
		{"in the tunnel search, too", NULL, "tomcat", "callmanager tomcat", NULL, TUNNEL,
			.want = "issuer-shadowed@0 callmanager #1 >tomcat#2"},
		{"another judge tries both", NULL, "tomcat", "callmanager tomcat", NULL, RFC5280, .want = ""},
		{"another judge tries both", NULL, "callmanager", "callmanager tomcat", NULL, RFC5280,
			.want = ""},
		{"one of them is not there at all", NULL, "tomcat", "callmanager", NULL, EXPRESSWAY,
			.want = "self-signed-untrusted@0 tomcat",
			.want_detail = "entry 1 of the list has its subject and is another certificate"},
		{"regenerated with the same key", "old cn=pub key=pub; new cn=pub key=pub", "new", "old new",
			NULL, EXPRESSWAY, .want = "issuer-shadowed@0 old #1 >new#2",
			.want_detail = "it has the same key and is another certificate"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void an_entry_above_the_right_one_is_named(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"stale root of the same subject first",
			"stale ca cn=root; root ca; inter ca by=root; leaf by=inter", "leaf inter",
			"stale root", NULL, EXPRESSWAY, .want = "issuer-shadowed@2 stale #1 >root#2",
			.want_path = "leaf inter root#", .want_detail = "it has another key"},
		{"stale root last", NULL, "leaf inter", "root stale", NULL, EXPRESSWAY, .want = ""},
		{"stale root first", NULL, "leaf inter", "stale root", NULL, RFC5280, .want = ""},
		{"stale root first, tunnel", NULL, "leaf", "inter stale root", NULL, TUNNEL,
			.want = "issuer-shadowed@2 stale #2 >root#3"},
		{"OpenSSL's own search would have found it, by the key identifiers", NULL, "leaf inter",
			"stale root", NULL, EXPRESSWAY, .want = "issuer-shadowed@2 stale #1 >root#2",
			.want_detail =
				"OpenSSL's own search, by key identifiers and dates, would have found"},
		{"an expired copy with the same key, a valid one below",
			"old ca cn=root key=root until=-1; root ca; leaf by=root", "leaf", "old root", NULL,
			EXPRESSWAY, .want = "issuer-shadowed@1 old #1 >root#2",
			.want_detail = "it has expired"},
		{"the valid one above", NULL, "leaf", "root old", NULL, EXPRESSWAY, .want = ""},
		{"a copy from the future", "new ca cn=root key=root from=1; root ca; leaf by=root", "leaf",
			"new root", NULL, EXPRESSWAY, .want = "issuer-shadowed@1 new #1 >root#2",
			.want_detail = "it is not yet valid"},
		{"a cross-certificate that leads nowhere",
			"x ca; cross ca cn=root key=root by=x; root ca; leaf by=root", "leaf", "cross root",
			NULL, EXPRESSWAY, .want = "issuer-shadowed@1 cross #1 >root#2",
			.want_detail = "leads to no trusted root"},
		{"an old intermediate first",
			"root ca; old ca by=root cn=inter; inter ca by=root; leaf by=inter", "leaf",
			"root old inter", NULL, EXPRESSWAY, .want = "issuer-shadowed@1 old #2 >inter#3"},
		{"an intermediate that may not sign, first",
			"root ca; bad end by=root cn=inter key=inter; inter ca by=root; leaf by=inter",
			"leaf", "root bad inter", NULL, EXPRESSWAY,
			.want = "issuer-shadowed@1 bad #2 >inter#3"},
		{"both levels", "s1 ca cn=root; s2 ca cn=inter; root ca; inter ca by=root; leaf by=inter",
			"leaf", "s1 s2 inter root", NULL, EXPRESSWAY,
			.want = "issuer-shadowed@1 s2 #2 >inter#3; issuer-shadowed@2 s1 #1 >root#4 later"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void a_shadow_and_other_faults_are_told_each_once(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"the leaf has expired as well", "stale ca cn=root; root ca; leaf by=root until=-1", "leaf",
			"stale root", NULL, EXPRESSWAY,
			.want = "issuer-shadowed@1 stale #1 >root#2; expired@0 leaf"},
		{"the right intermediate has expired as well",
			"stale ca cn=root; root ca; inter ca by=root until=-1; leaf by=inter", "leaf inter",
			"stale root", NULL, EXPRESSWAY,
			.want = "issuer-shadowed@2 stale #1 >root#2; expired@1 inter"},
		{"the right root has expired as well", "stale ca cn=root; root ca until=-1; leaf by=root",
			"leaf", "stale root", NULL, EXPRESSWAY,
			.want = "issuer-shadowed@1 stale #1 >root#2; expired@1 root #2 later"},
		{"the intermediate below is missing",
			"stale ca cn=root; root ca; inter ca by=root; leaf by=inter", "leaf", "stale root",
			"inter", EXPRESSWAY,
			.want = "issuer-missing@1 inter; issuer-shadowed@2 stale #1 >root#2 later"},
		{"the root above is missing", "stale ca cn=inter; root ca; inter ca by=root; leaf by=inter",
			"leaf", "stale inter", "root", EXPRESSWAY,
			.want = "issuer-shadowed@1 stale #1 >inter#2; root-missing@2 root later"},
		{"the root above is missing and unknown", NULL, "leaf", "stale inter", NULL, EXPRESSWAY,
			.want = "issuer-shadowed@1 stale #1 >inter#2; issuer-missing@2 - later"},
		{"no other entry helps: the first one's fault is told",
			"old ca cn=root key=root until=-1; older ca cn=root key=root until=-2; leaf by=old",
			"leaf", "old older", NULL, EXPRESSWAY, .want = "expired@1 old #1"},
		{"only the leaf is at fault: the order does not matter",
			"a ca cn=root key=root; b ca cn=root key=root; leaf by=a until=-1", "leaf", "a b",
			NULL, EXPRESSWAY, .want = "expired@0 leaf"},
		{"a name constraint of the first entry",
			"no ca cn=root key=root permit=other.test; root ca; leaf by=root "
			"san=DNS:e1.acme.test",
			"leaf", "no root", NULL, EXPRESSWAY, .want = "issuer-shadowed@1 no #1 >root#2"},
	};
	TEST_JUDGE_ROWS(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(self_signed_tomcat_and_callmanager_cannot_both_be_trusted),
		cmocka_unit_test(an_entry_above_the_right_one_is_named),
		cmocka_unit_test(a_shadow_and_other_faults_are_told_each_once),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
