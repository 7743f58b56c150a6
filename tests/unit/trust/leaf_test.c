/* What is wrong with a certificate by itself: names, key strength, digests, what TLS wants (rules 7, 9, 10,
 * 14). */
#include "support/cmocka.h"
#include "support/judge.h"

#define EXPRESSWAY CW_PROFILE_EXPRESSWAY
#define RFC5280 CW_PROFILE_RFC5280
#define TUNNEL CW_PROFILE_TUNNEL
#define ANY CW_PURPOSE_ANY

#define WITH_LEAF(words) "root ca; leaf by=root " words

static void the_wanted_name_stands_in_the_certificate(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"there", WITH_LEAF("san=DNS:e1.acme.test,DNS:acme.test,IP:10.0.0.1"), "leaf", "root", NULL,
			EXPRESSWAY, ANY, "e1.acme.test", .want = ""},
		{"not there", NULL, "leaf", "root", NULL, EXPRESSWAY, ANY, "e2.acme.test",
			.want = "peer-name-mismatch@0 leaf",
			.want_detail = "wanted e2.acme.test in the certificate of leaf; it has e1.acme.test, "
				       "acme.test, "
				       "IP 10.0.0.1"},
		{"one of two", NULL, "leaf", "root", NULL, EXPRESSWAY, ANY, "collab-edge.acme.test",
			"acme.test", .want = ""},
		{"neither of two", NULL, "leaf", "root", NULL, EXPRESSWAY, ANY, "other.test",
			"collab-edge.other.test", .want = "peer-name-mismatch@0 leaf",
			.want_detail = "wanted other.test or collab-edge.other.test"},
		{"IP address that is there", NULL, "leaf", "root", NULL, EXPRESSWAY, ANY, "10.0.0.1",
			.want = ""},
		{"IP address that is not", NULL, "leaf", "root", NULL, EXPRESSWAY, ANY, "10.0.0.2",
			.want = "address-is-ip@0 leaf"},
		{"the CN alone", WITH_LEAF("cn=e1.acme.test san=DNS:acme.test"), "leaf", "root", NULL,
			EXPRESSWAY, ANY, "e1.acme.test", .want = "peer-name-mismatch@0 leaf",
			.want_detail = "the common name alone bears it"},
		{"the CN alone, an old release", NULL, "leaf", "root", NULL, EXPRESSWAY, ANY, "e1.acme.test",
			.common_name_counts = true, .want = ""},
		{"no names at all", WITH_LEAF(""), "leaf", "root", NULL, RFC5280, ANY, "e1.acme.test",
			.want = "peer-name-mismatch@0 leaf",
			.want_detail = "it has no subject alternative names"},
		{"wildcard", WITH_LEAF("san=DNS:*.acme.test"), "leaf", "root", NULL, RFC5280, ANY,
			"e1.acme.test", .want = ""},
		{"more names than anybody reads",
			WITH_LEAF("san=DNS:a,DNS:b,DNS:c,DNS:d,DNS:e,DNS:f,DNS:g,DNS:h"), "leaf", "root",
			NULL, RFC5280, ANY, "z", .want = "peer-name-mismatch@0 leaf",
			.want_detail = "a, b, c, d, e, f and 2 more"},
		{"besides a broken chain", WITH_LEAF("san=DNS:a"), "leaf", "", "root", RFC5280, ANY, "z",
			.want = "root-missing@1 root; peer-name-mismatch@0 leaf"},
	};
	TEST_JUDGE_ROWS(rows);
}

static void weak_keys_and_digests_are_told(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"RSA 2048", WITH_LEAF("key=r2048 kind=rsa:2048"), "leaf", "root", NULL, EXPRESSWAY,
			.want = ""},
		{"RSA 1024 warns", WITH_LEAF("key=r1024 kind=rsa:1024"), "leaf", "root", NULL, EXPRESSWAY,
			.want = "weak-key@0 leaf",
			.want_detail = "leaf has a key of RSA 1024; wanted at least 2048 bits"},
		{"RSA 1023 is refused", WITH_LEAF("key=r1023 kind=rsa:1023"), "leaf", "root", NULL,
			EXPRESSWAY, .want = "weak-key@0 leaf refused"},
		{"EC P-224 warns, and TLS has no use for it", WITH_LEAF("key=p224 kind=ec:P-224"), "leaf",
			"root", NULL, EXPRESSWAY, .want = "weak-key@0 leaf; tls-unusable@0 leaf"},
		{"EC P-384", WITH_LEAF("key=p384 kind=ec:P-384"), "leaf", "root", NULL, EXPRESSWAY,
			.want = ""},
		{"a weak root counts", "root ca key=r1024 kind=rsa:1024; leaf by=root", "leaf", "root", NULL,
			RFC5280, .want = "weak-key@1 root #1"},
		{"a weak CA that is not there does not", NULL, "leaf", "", "root", RFC5280,
			.want = "root-missing@1 root"},
		{"SHA-1 warns", WITH_LEAF("digest=SHA1"), "leaf", "root", NULL, EXPRESSWAY,
			.want = "weak-digest@0 leaf",
			.want_detail = "leaf is signed with SHA1; wanted SHA256 or better"},
		{"MD5 is refused", "root ca key=r2048 kind=rsa; leaf by=root digest=MD5", "leaf", "root",
			NULL, RFC5280, .want = "weak-digest@0 leaf refused"},
		{"a root's own signature is nobody's business", "root ca digest=SHA1; leaf by=root", "leaf",
			"root", NULL, RFC5280, .want = ""},
		{"an intermediate's is", "root ca; inter ca by=root digest=SHA1; leaf by=inter", "leaf",
			"root inter", NULL, EXPRESSWAY, .want = "weak-digest@1 inter #2"},
		{"a self-signed leaf's is not", "pub digest=SHA1", "pub", "pub", NULL, EXPRESSWAY,
			.want = ""},
		{"Ed25519 has no digest", WITH_LEAF("key=ed kind=ed25519"), "leaf", "root", NULL, RFC5280,
			.want = ""},
	};
	TEST_JUDGE_ROWS(rows);
}

static void tls_cannot_use_every_key(void **state)
{
	(void)state;
	static const struct judge_row rows[] = {
		{"secp256k1", WITH_LEAF("key=k1 kind=ec:secp256k1"), "leaf", "root", NULL, EXPRESSWAY,
			.want = "tls-unusable@0 leaf",
			.want_detail =
				"leaf has a key of EC secp256k1: TLS has no signature scheme for this curve"},
		{"DSA", WITH_LEAF("key=dsa kind=dsa"), "leaf", "root", NULL, EXPRESSWAY,
			.want = "weak-key@0 leaf; tls-unusable@0 leaf"},
		{"an unknown curve in a CA is no matter", "root ca key=k1 kind=ec:secp256k1; leaf by=root",
			"leaf", "root", NULL, EXPRESSWAY, .want = ""},
		{"numbers for names", "root ca; leaf by=root subject=1.3.6.1.4.1.6449.1.2.1.5.1=x,CN=leaf",
			"leaf", "root", NULL, EXPRESSWAY, .want = "unknown-oid-in-name@0 leaf",
			.want_detail = "1.3.6.1.4.1.6449.1.2.1.5.1"},
		{"numbers for names, tunnel", NULL, "leaf", "root", NULL, TUNNEL,
			.want = "unknown-oid-in-name@0 leaf refused"},
	};
	TEST_JUDGE_ROWS(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_wanted_name_stands_in_the_certificate),
		cmocka_unit_test(weak_keys_and_digests_are_told),
		cmocka_unit_test(tls_cannot_use_every_key),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
