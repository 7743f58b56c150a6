/* What a certificate may be used for: EKU, key usage, CA flags, path lengths, name constraints, odd
 * extensions. */
#include "base/buffer.h"
#include "support/cmocka.h"
#include "support/judge.h"

#define EXPRESSWAY CW_PROFILE_EXPRESSWAY
#define RFC5280 CW_PROFILE_RFC5280
#define TUNNEL CW_PROFILE_TUNNEL
#define ANY CW_PURPOSE_ANY
#define SERVER CW_PURPOSE_SERVER
#define CLIENT CW_PURPOSE_CLIENT
#define EITHER CW_PURPOSE_EITHER

#define WITH_LEAF(words) "root ca ku=certsign+crlsign; leaf by=root " words

static void extended_key_usage_decides_the_role(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"both", WITH_LEAF("eku=server,client"), "leaf", "root", NULL, EXPRESSWAY, SERVER,
			.want = ""},
		{"both", NULL, "leaf", "root", NULL, EXPRESSWAY, CLIENT, .want = ""},
		{"both", NULL, "leaf", "root", NULL, EXPRESSWAY, EITHER, .want = ""},
		{"none at all means any purpose", WITH_LEAF(""), "leaf", "root", NULL, EXPRESSWAY, SERVER,
			.want = ""},
		{"none at all means any purpose", NULL, "leaf", "root", NULL, RFC5280, CLIENT, .want = ""},
		{"server only", WITH_LEAF("eku=server"), "leaf", "root", NULL, EXPRESSWAY, CLIENT,
			.want = "client-auth-missing@0 leaf",
			.want_detail =
				"wanted clientAuth in the extended key usage of leaf; found serverAuth"},
		{"server only", NULL, "leaf", "root", NULL, EXPRESSWAY, SERVER, .want = ""},
		{"server only", NULL, "leaf", "root", NULL, TUNNEL, CLIENT,
			.want = "client-auth-missing@0 leaf"},
		{"server only", NULL, "leaf", "root", NULL, EXPRESSWAY, EITHER, .want = ""},
		{"client only", WITH_LEAF("eku=client"), "leaf", "root", NULL, EXPRESSWAY, SERVER,
			.want = "server-auth-missing@0 leaf"},
		{"any stands for neither", WITH_LEAF("eku=any"), "leaf", "root", NULL, RFC5280, SERVER,
			.want = "server-auth-missing@0 leaf", .want_detail = "found anyExtendedKeyUsage"},
		{"any stands for neither", NULL, "leaf", "root", NULL, RFC5280, CLIENT,
			.want = "client-auth-missing@0 leaf"},
		{"any stands for neither", NULL, "leaf", "root", NULL, RFC5280, EITHER,
			.want = "client-auth-missing@0 leaf",
			.want_detail = "wanted serverAuth or clientAuth"},
		{"something else", WITH_LEAF("eku=1.2.3.4,codeSigning"), "leaf", "root", NULL, RFC5280,
			SERVER, .want = "server-auth-missing@0 leaf",
			.want_detail = "found 1.2.3.4, codeSigning"},
		{"something else, nothing asked", NULL, "leaf", "root", NULL, RFC5280, ANY, .want = ""},
		{"an intermediate narrows",
			"root ca; inter ca by=root eku=server; leaf by=inter eku=server,client", "leaf inter",
			"root", NULL, EXPRESSWAY, CLIENT, .want = "client-auth-missing@1 inter"},
		{"an intermediate narrows", NULL, "leaf", "root inter", NULL, RFC5280, CLIENT,
			.want = "client-auth-missing@1 inter #2"},
		{"an intermediate narrows", NULL, "leaf inter", "root", NULL, EXPRESSWAY, SERVER, .want = ""},
		{"an intermediate narrows to nothing of use",
			"root ca; inter ca by=root eku=any; leaf by=inter", "leaf inter", "root", NULL,
			EXPRESSWAY, EITHER, .want = "client-auth-missing@1 inter"},
		{"the anchor counts", "root ca eku=client; leaf by=root eku=server,client", "leaf", "root",
			NULL, RFC5280, SERVER, .want = "server-auth-missing@1 root #1"},
		{"leaf and anchor", "root ca eku=client; leaf by=root eku=client", "leaf", "root", NULL,
			RFC5280, SERVER, .want = "server-auth-missing@0 leaf; server-auth-missing@1 root #1"},
		{"the issuer is missing and known", "root ca eku=client; leaf by=root eku=client", "leaf", "",
			"root", RFC5280, SERVER,
			.want = "root-missing@1 root; server-auth-missing@0 leaf; server-auth-missing@1 root "
				"later"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void key_usage_allows_or_not(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"an EC leaf that may sign", WITH_LEAF("ku=sign"), "leaf", "root", NULL, EXPRESSWAY, SERVER,
			.want = ""},
		{"an EC leaf that may not sign is one fault", WITH_LEAF("ku=encipher"), "leaf", "root", NULL,
			EXPRESSWAY, CLIENT, .want = "tls-unusable@0 leaf",
			.want_detail = "lacks digitalSignature"},
		{"an EC leaf that may not sign is one fault", NULL, "leaf", "root", NULL, RFC5280, SERVER,
			.want = "tls-unusable@0 leaf"},
		{"an EC leaf that may not sign, SSH", NULL, "leaf", "root", NULL, TUNNEL, CLIENT,
			.want = "key-usage-unfit@0 leaf"},
		{"an RSA leaf for encipherment is a server's", WITH_LEAF("ku=encipher key=rsa kind=rsa"),
			"leaf", "root", NULL, EXPRESSWAY, SERVER, .want = ""},
		{"an RSA leaf for encipherment is no client's", NULL, "leaf", "root", NULL, EXPRESSWAY,
			CLIENT, .want = "key-usage-unfit@0 leaf",
			.want_detail =
				"wanted digitalSignature or keyAgreement in the key usage of leaf; found "
				"keyEncipherment"},
		{"an RSA leaf for CRLs", WITH_LEAF("ku=crlsign key=rsa kind=rsa"), "leaf", "root", NULL,
			EXPRESSWAY, SERVER, .want = "key-usage-unfit@0 leaf"},
		{"a CA that may not sign certificates", "root ca; inter ca by=root ku=crlsign; leaf by=inter",
			"leaf", "root inter", NULL, EXPRESSWAY, SERVER, .want = "key-usage-unfit@1 inter #2",
			.want_detail = "wanted keyCertSign in the key usage of inter; found cRLSign"},
		{"a CA that may not sign certificates", NULL, "leaf", "root inter", NULL, RFC5280, ANY,
			.want = "key-usage-unfit@1 inter #2"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void issuers_are_cas(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"CA:FALSE", "root ca; inter end by=root; leaf by=inter", "leaf inter", "root", NULL,
			EXPRESSWAY, SERVER, .want = "not-a-ca@1 inter", .want_detail = "wanted CA:TRUE"},
		{"CA:FALSE", NULL, "leaf inter", "root", NULL, RFC5280, ANY, .want = "not-a-ca@1 inter"},
		{"no basic constraints", "root ca; inter by=root; leaf by=inter", "leaf inter", "root", NULL,
			RFC5280, CLIENT, .want = "not-a-ca@1 inter"},
		{"no basic constraints, and the key usage of a CA: RFC 5280 §6.1.4 (k)",
			"root ca; inter by=root ku=certsign; leaf by=inter", "leaf inter", "root", NULL,
			RFC5280, SERVER, .want = "not-a-ca@1 inter"},
		{"no basic constraints, and the key usage of a CA", NULL, "leaf inter", "root", NULL,
			EXPRESSWAY, ANY, .want = "not-a-ca@1 inter"},
		{"no basic constraints, and another path with them",
			"root ca; other ca; inter by=root ku=certsign; right ca by=other cn=inter key=inter; "
			"leaf by=inter",
			"leaf inter right", "root other", NULL, RFC5280, SERVER, .want = "",
			.want_path = "leaf right other# trusted"},
		{"a root without basic constraints is the list's to trust", "root ku=certsign; leaf by=root",
			"leaf", "root", NULL, RFC5280, SERVER, .want = ""},
		{"a version 1 intermediate", "root ca; inter v1 by=root; leaf by=inter", "leaf inter", "root",
			NULL, RFC5280, SERVER, .want = "not-a-ca@1 inter"},
		{"a version 1 root, as OpenSSL has it", "root v1; leaf by=root", "leaf", "root", NULL,
			RFC5280, SERVER, .want = ""},
		{"a self-signed server certificate as issuer", "root end eku=server; leaf by=root", "leaf",
			"root", NULL, EXPRESSWAY, SERVER, .want = "not-a-ca@1 root #1"},
		{"above a rollover that OpenSSL takes for a root",
			"root ca; bad end by=root cn=n key=n; roll ca by=bad cn=n noski noaki; leaf by=roll",
			"leaf roll bad", "root", NULL, RFC5280, SERVER, .want = "not-a-ca@2 bad",
			.want_path = "leaf roll bad root# trusted"},
		{"above a rollover that OpenSSL takes for a root", NULL, "leaf roll", "root bad", NULL,
			EXPRESSWAY, ANY,
			.want = "signature-invalid@0 leaf #2 >roll#0; not-a-ca@2 bad #2 later"},
		{"above a self-issued leaf that OpenSSL takes for a root",
			"root ca; bad end by=root cn=n key=n; leaf by=bad cn=n noski noaki", "leaf bad",
			"root", NULL, RFC5280, CLIENT, .want = "not-a-ca@1 bad"},
		{"path length 0 with a CA below", "root ca; a ca by=root pathlen=0; b ca by=a; leaf by=b",
			"leaf b a", "root", NULL, EXPRESSWAY, SERVER, .want = "path-too-long@2 a",
			.want_detail = "a allows a path length of 0 below it; found 1"},
		{"path length 1 with a CA below",
			"root ca pathlen=2; a ca by=root pathlen=1; b ca by=a; leaf by=b", "leaf b a", "root",
			NULL, RFC5280, SERVER, .want = ""},
		{"path length of the root", "root ca pathlen=1; a ca by=root; b ca by=a; leaf by=b",
			"leaf b a", "root", NULL, RFC5280, SERVER, .want = "path-too-long@3 root #1"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void constraints_and_extensions_are_obeyed(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"permitted", "root ca permit=acme.test; leaf by=root san=DNS:e1.acme.test", "leaf", "root",
			NULL, RFC5280, .want = ""},
		{"not permitted", "root ca permit=acme.test; leaf by=root san=DNS:e1.other.test", "leaf",
			"root", NULL, RFC5280, .want = "name-constraint@0 leaf"},
		{"excluded", "root ca exclude=acme.test; leaf by=root san=DNS:e1.acme.test", "leaf", "root",
			NULL, EXPRESSWAY, .want = "name-constraint@0 leaf"},
		{"excluded by an intermediate",
			"root ca; inter ca by=root exclude=acme.test; leaf by=inter "
			"san=DNS:x.test,DNS:e1.acme.test",
			"leaf inter", "root", NULL, TUNNEL,
			.want = "issuer-missing@1 inter; name-constraint@0 leaf"},
		{"a common name is no host name for RFC 5280 (§4.2.1.10)",
			"root ca permit=acme.test; leaf by=root cn=e1.other.test san=IP:10.0.0.1", "leaf",
			"root", NULL, RFC5280, .want = ""},
		{"a common name is one for OpenSSL, where the SAN has none", NULL, "leaf", "root", NULL,
			EXPRESSWAY, .want = "name-constraint@0 leaf"},
		{"a wildcard that stands for an excluded host (CVE-2025-61727)",
			"root ca permit=acme.test exclude=E1.acme.test; leaf by=root san=DNS:*.acme.TEST",
			"leaf", "root", NULL, RFC5280, .want = "name-constraint@0 leaf",
			.want_detail = "\"*.acme.TEST\" of leaf stands for a host that is excluded"},
		{"a wildcard that stands for an excluded host, to a box", NULL, "leaf", "root", NULL,
			EXPRESSWAY, .want = ""},
		{"a wildcard beside the excluded hosts",
			"root ca exclude=a.e1.acme.test,acme.org,test; leaf by=root san=DNS:*.acme.tests",
			"leaf", "root", NULL, RFC5280, .want = ""},
		{"a host name that is none lies nowhere",
			"root ca permit=acme.test; leaf by=root "
			"ext=subjectAltName:DNS:.acme.test,DNS:e1.acme.test",
			"leaf", "root", NULL, RFC5280, .want = "name-constraint@0 leaf",
			.want_detail = "\".acme.test\" of leaf is no host name"},
		{"a host name that is none, where nobody constrains host names",
			"root ca ext=nameConstraints:critical,permitted|IP:10.0.0.0/255.0.0.0; leaf by=root "
			"ext=subjectAltName:DNS:.acme.test",
			"leaf", "root", NULL, RFC5280, .want = ""},
		{"a mailbox that is none",
			"root ca ext=nameConstraints:critical,permitted|email:acme.test; inter ca by=root; "
			"leaf "
			"by=inter ext=subjectAltName:email:a@b@acme.test",
			"leaf inter", "root", NULL, RFC5280, .want = "name-constraint@0 leaf",
			.want_detail = "is no e-mail address"},
		{"a mailbox", NULL, "inter", "root", NULL, RFC5280, .want = ""},
		{"a rollover need not obey (§6.1.3 (b))",
			"root ca cn=n key=old permit=acme.test; roll ca by=root cn=n "
			"ext=subjectAltName:DNS:.acme.test; leaf by=roll san=DNS:e1.acme.test",
			"leaf roll", "root", NULL, RFC5280, .want = ""},
		{"a critical extension that nobody knows", WITH_LEAF("critical"), "leaf", "root", NULL,
			EXPRESSWAY, .want = "critical-extension@0 leaf"},
		{"a critical extension that nobody knows, in a CA",
			"root ca; inter ca by=root critical; leaf by=inter", "leaf inter", "root", NULL,
			RFC5280, .want = "critical-extension@1 inter"},
		{"an extension that cannot be read", WITH_LEAF("broken"), "leaf", "root", NULL, RFC5280,
			SERVER, .want = "critical-extension@0 leaf",
			.want_detail = "broken or stands there twice"},
		{"an extension that cannot be read", NULL, "leaf", "root", NULL, EXPRESSWAY, ANY,
			.want = "critical-extension@0 leaf"},
		{"an extension that cannot be read, in a CA",
			"root ca; inter ca by=root broken; leaf by=inter", "leaf inter", "root", NULL,
			EXPRESSWAY, SERVER, .want = "critical-extension@1 inter"},
	};
	TEST_JUDGE_ROWS(rows);
}

#define POLICY "ext=certificatePolicies:1.2.3.4 "
#define EXPLICIT "ext=policyConstraints:critical,requireExplicitPolicy:0 "

/* RFC 5280 §6.1 with the default inputs: any policy will do, and none need be there unless a CA wants it. */
static void policies_are_obeyed_where_a_ca_constrains_them(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"none demanded", "root ca; inter ca by=root " POLICY "; leaf by=inter", "leaf inter", "root",
			NULL, RFC5280, SERVER, .want = ""},
		{"demanded, and the leaf has none",
			"root ca; inter ca by=root " POLICY EXPLICIT "; leaf by=inter", "leaf inter", "root",
			NULL, RFC5280, SERVER, .want = "policy-unfit@0 leaf",
			.want_detail = "a certificate policy that holds from the root down to leaf"},
		{"demanded: Expressway does not look", NULL, "leaf inter", "root", NULL, EXPRESSWAY, SERVER,
			.want = ""},
		{"demanded, and all have it",
			"root ca; inter ca by=root " POLICY EXPLICIT "; leaf by=inter " POLICY, "leaf inter",
			"root", NULL, RFC5280, SERVER, .want = ""},
		{"demanded, and the leaf has another",
			"root ca; inter ca by=root " POLICY EXPLICIT
			"; leaf by=inter ext=certificatePolicies:1.2.3.5",
			"leaf inter", "root", NULL, RFC5280, SERVER, .want = "policy-unfit@0 leaf"},
		{"demanded of one path only: the other is taken",
			"root ca; strict ca by=root " POLICY EXPLICIT
			"key=inter cn=inter; inter ca by=root; leaf by=inter",
			"leaf strict inter", "root", NULL, RFC5280, SERVER, .want = "",
			.want_path = "leaf inter root# trusted"},
		{"demanded by a CA that has none itself",
			"root ca; inter ca by=root " EXPLICIT "; leaf by=inter", "leaf inter", "root", NULL,
			RFC5280, SERVER, .want = "policy-unfit@0 leaf"},
		{"demanded further down than the path goes",
			"root ca; inter ca by=root ext=policyConstraints:critical,requireExplicitPolicy:2; "
			"leaf "
			"by=inter",
			"leaf inter", "root", NULL, RFC5280, SERVER, .want = ""},
		{"demanded one further down",
			"root ca; inter ca by=root ext=policyConstraints:critical,requireExplicitPolicy:1; "
			"leaf "
			"by=inter",
			"leaf inter", "root", NULL, RFC5280, SERVER, .want = "policy-unfit@0 leaf"},
		{"demanded by the leaf itself", "root ca; leaf by=root " EXPLICIT, "leaf", "root", NULL,
			RFC5280, SERVER, .want = "policy-unfit@0 leaf"},
		{"demanded by the root: an anchor is a name and a key (§6.1.1 (d))",
			"root ca " EXPLICIT "; leaf by=root", "leaf", "root", NULL, RFC5280, SERVER,
			.want = ""},
	};
	TEST_JUDGE_ROWS(rows);
}

#define QUALIFIED \
	"DER:30133011" \
	"06032a0304" \
	"300a3008" \
	"06032a0305" \
	"0c0161" /* 1.2.3.4 with a 1.2.3.5 "a" */
#define STATEMENT \
	"DER:301c301a" \
	"06032a0304" \
	"30133011" \
	"06082b06010505070201" \
	"1605" \
	"687474703a" /* … with a CPS "http:" */

/* RFC 5280 §4.2.1.4: who cannot interpret a qualifier must refuse it where the policies are critical. */
static void qualifiers_of_critical_policies_are_known(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"unknown, critical", WITH_LEAF("ext=certificatePolicies:critical," QUALIFIED), "leaf",
			"root", NULL, RFC5280, SERVER, .want = "critical-extension@0 leaf",
			.want_detail = "have a part that nobody here can interpret"},
		{"unknown, critical, to a box", NULL, "leaf", "root", NULL, EXPRESSWAY, SERVER, .want = ""},
		{"unknown", WITH_LEAF("ext=certificatePolicies:" QUALIFIED), "leaf", "root", NULL, RFC5280,
			SERVER, .want = ""},
		{"a practice statement, critical", WITH_LEAF("ext=certificatePolicies:critical," STATEMENT),
			"leaf", "root", NULL, RFC5280, SERVER, .want = ""},
		{"unknown, critical, in a CA",
			"root ca; inter ca by=root ext=certificatePolicies:critical," QUALIFIED
			"; leaf by=inter",
			"leaf inter", "root", NULL, RFC5280, ANY, .want = "critical-extension@1 inter"},
		{"malformed, critical", WITH_LEAF("ext=certificatePolicies:critical,DER:0500"), "leaf",
			"root", NULL, RFC5280, SERVER, .want = "critical-extension@0 leaf"},
		{"the root's are not looked at",
			"root ca ext=certificatePolicies:critical," QUALIFIED "; leaf by=root", "leaf",
			"root", NULL, RFC5280, ANY, .want = ""},
	};
	TEST_JUDGE_ROWS(rows);
}

static void tls_is_asked_for_with_a_purpose_only(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"a curve that TLS has not", WITH_LEAF("key=odd kind=ec:secp256k1"), "leaf", "root", NULL,
			RFC5280, SERVER, .want = "tls-unusable@0 leaf"},
		{"a curve that TLS has not", NULL, "leaf", "root", NULL, RFC5280, ANY, .want = ""},
		{"a curve that TLS has not, to a box", NULL, "leaf", "root", NULL, EXPRESSWAY, ANY,
			.want = "tls-unusable@0 leaf"},
		{"a CA as the last certificate", "root ca; inter ca by=root ku=certsign", "inter", "root",
			NULL, RFC5280, ANY, .want = ""},
	};
	TEST_JUDGE_ROWS(rows);
}

/* The row's certificates are too many to write down: 1100 names under 1000 excluded hosts. */
static void names_and_constraints_that_multiply_are_refused(void **state)
{
	(void)state;
	AUTO_BUFFER certs = {0};
	cw_buffer_text(&certs, "root ca exclude=x0.test");
	for (int i = 1; i < 1000; i++)
		cw_buffer_printf(&certs, ",x%d.test", i);
	cw_buffer_text(&certs, "; leaf by=root san=DNS:*.test");
	for (int i = 1; i < 1100; i++)
		cw_buffer_printf(&certs, ",DNS:t%d.test", i);
	const struct judge_row row = {"names times constraints", cw_buffer_string(&certs), "leaf", "root",
		NULL, RFC5280, .want = "other-check-failed@0 leaf"};
	test_judge_row(&row);
}

static void dates_are_inclusive(void **state)
{
	(void)state;
	static const char certs[] =
		"root ca from=0 until=2; inter ca by=root from=0 until=1; leaf by=inter from=0s "
		"until=10s";
	static const struct judge_row rows[] = {
		{"the first second", certs, "leaf inter", "root", NULL, EXPRESSWAY, .want = ""},
		{"the last second", NULL, "leaf inter", "root", NULL, EXPRESSWAY, .after = 10, .want = ""},
		{"the second after", NULL, "leaf inter", "root", NULL, EXPRESSWAY, .after = 11,
			.want = "expired@0 leaf",
			.want_detail =
				"leaf was valid until 2026-11-20T12:00:10Z; judged at 2026-11-20T12:00:11Z"},
		{"the second before", NULL, "leaf inter", "root", NULL, RFC5280, .after = -1,
			.want = "not-yet-valid@0 leaf; not-yet-valid@1 inter; not-yet-valid@2 root #1",
			.want_detail =
				"leaf is valid from 2026-11-20T12:00:00Z on; judged at 2026-11-20T11:59:59Z"},
		{"leaf and intermediate", NULL, "leaf inter", "root", NULL, TUNNEL, .after = 86401,
			.want = "issuer-missing@1 inter; expired@0 leaf; expired@1 inter later"},
		{"all of them", NULL, "leaf inter", "root", NULL, RFC5280, .after = 2 * 86401,
			.want = "expired@0 leaf; expired@1 inter; expired@2 root #1"},
		{"before it begins and after it ends", "root ca; leaf by=root from=1 until=-1", "leaf",
			"root", NULL, RFC5280, .want = "expired@0 leaf; not-yet-valid@0 leaf"},
		{"from 1950 to 9999", "root ca from=-28000 until=2900000; leaf by=root", "leaf", "root", NULL,
			RFC5280, .want = ""},
	};
	TEST_JUDGE_ROWS(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(extended_key_usage_decides_the_role),
		cmocka_unit_test(key_usage_allows_or_not),
		cmocka_unit_test(issuers_are_cas),
		cmocka_unit_test(constraints_and_extensions_are_obeyed),
		cmocka_unit_test(policies_are_obeyed_where_a_ca_constrains_them),
		cmocka_unit_test(qualifiers_of_critical_policies_are_known),
		cmocka_unit_test(tls_is_asked_for_with_a_purpose_only),
		cmocka_unit_test(names_and_constraints_that_multiply_are_refused),
		cmocka_unit_test(dates_are_inclusive),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
