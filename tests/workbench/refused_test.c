/*
 * What is typed wrongly is told with what was wanted and what was found, and nothing is done: for each verb the words
 * that it does not take.
 */
#include "front_door.h"

#include <stdlib.h>

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define KEY_FILE "sound/e1/privkey.pem"

static const struct {
	const char *const *words;
	const char *want;
} rows[] = {
	{WORDS("whatif", "sound", "--append", "c1.acme.test"),
		"--append: wanted NAME=VALUE, found \"c1.acme.test\""},
	{WORDS("whatif", "sound", "--append", "c1.acme.test=" KEY_FILE),
		"a private key and no certificate; wanted the certificate to it"},
	{WORDS("whatif", "sound", "--append", "c1.acme.test:tomcat-trust=new1/ca.pem"),
		"c1.acme.test:tomcat-trust: wanted one of its lists: c1.acme.test:trusted-ca"},
	{WORDS("whatif", "sound", "--remove", "c1.acme.test=abcdef"),
		"c1.acme.test: no entry with the sha256 abcdef (wanted at least 8 digits"},
	{WORDS("whatif", "sound", "--cert", "nobody=new1/ca.pem"),
		"sound/deployment.yaml has no node \"nobody\"; wanted one of c1.acme.test, e1.acme.test"},
	{WORDS("whatif", "sound", "--set", "c1.acme.test.zone=1"),
		"unknown setting \"zone\"; wanted a key of"},
	{WORDS("cert", "verify", "empty", "--trusted-ca", "new1/ca.pem"), "empty: holds no certificate"},
	{WORDS("cert", "verify", "new1/ca.pem", "--trusted-ca", "new1/ca.pem", "--crl", "new1/ca.pem"),
		"new1/ca.pem: holds no revocation list"},
	{WORDS("cert", "verify", "new1/ca.pem", "--trusted-ca", "new1/ca.pem", "--policy", "nonsense"),
		"\"nonsense\" is no object identifier; wanted one like 2.23.140.1.2.1"},
	{WORDS("cert", "verify", "new1/ca.pem", "--trusted-ca", "new1/ca.pem", "--release", "X99"),
		"--release: \"X99\" is no release; wanted X<major>.<minor>"},
	{WORDS("renew", "sound", "--cert", "e1.acme.test"),
		"wanted NODE[:IDENTITY]=FILE, found \"e1.acme.test\""},
	{WORDS("renew", "sound", "--cert", "e1.acme.test=empty"), "empty: holds no certificate"},
	{WORDS("renew", "sound", "--expiring", "soon"), "--expiring: wanted days (60d), found \"soon\""},
	{WORDS("renew", "sound"), "wanted --cert NODE=FILE or --expiring DAYS, found neither"},
	{WORDS("node", "init", "n1", "--role", "expressway-c"), "node init: wanted --role and --fqdn"},
	{WORDS("node", "init", "n1", "--role", "expressway-c", "--fqdn", "c1.acme.test"),
		"an expressway-c dials somebody: wanted --peer"},
	{WORDS("node", "init", "n1", "--role", "expressway-e", "--fqdn", "e1.acme.test"),
		"the traversal zone needs a password: wanted --password-file"},
	{WORDS("client-test", "new1/ca.pem", "--crl", "new1/ca.pem", "--trusted-ca", "new1/ca.pem"),
		"new1/ca.pem: holds no revocation list"},
	{WORDS("client-test", "new1/ca.pem", "--node", "c1.acme.test"),
		"client-test: --node wants --deployment"},
	{WORDS("client-test", "empty", "--trusted-ca", "new1/ca.pem"), "empty: holds no certificate"},
	{WORDS("client-test", "new1/ca.pem"),
		"wanted the list that judges: --trusted-ca FILE, or --deployment"},
	{WORDS("lab", "repair", "sound", "root-missing"), "root-missing: is not planted in sound"},
	{WORDS("lab", "export", "sound", "--as", "bundle"), "wanted --as FORM and -o DIR"},
	{WORDS("lab", "restart", "sound", "c1.acme.test"), "sound/c1.acme.test: No such file or directory"},
	{WORDS("trust", "append", "sound/c1/ca.pem", "empty"), "empty: holds no certificate"},
	{WORDS("trust", "append", "sound/c1/ca.pem"), "wanted certificates, as files or with --from DIR"},
	{WORDS("trust", "append", "sound/c1/ca.pem", "new1/ca.pem", "--from", "new1"),
		"trust append: wanted files or --from DIR, not both"},
	{WORDS("trust", "append", "sound/c1/ca.pem", "--from", "nothing"),
		"nothing: none of its files holds a certificate"},
	{WORDS("trust", "remove", "sound/c1/ca.pem", "99"),
		"sound/c1/ca.pem: there is no place 99; it holds"},
	{WORDS("trust", "move", "sound/c1/ca.pem", "Nobody"),
		"no entry is \"Nobody\"; wanted a place, a subject, a CN or digits of a SHA-256"},
	{WORDS("trust", "list", "-d", "sound", "nobody"), "has no node and no endpoint of that name"},
	{WORDS("trust", "tidy", "sound", "--node", "nobody"), "has no node \"nobody\"; wanted one of"},
	{WORDS("cert", "chain", "empty"), "empty: holds no certificate"},
	{WORDS("cert", "split", "empty", "--dir", "parts"), "empty: holds no certificate"},
	{WORDS("cert", "convert"), "cert convert: wanted a file"},
	{WORDS("cert", "convert", "empty", "-o", "out.p7b"), "empty: holds no certificate"},
	{WORDS("cert", "convert", "sound/e1/server.pem", "-o", "out.p12"),
		"PKCS#12 holds a private key: wanted --key FILE and --password-file FILE"},
	{WORDS("csr", "new", "sound", "c1.acme.test", "--identity", "tomcat"),
		"c1.acme.test: it has no identity \"tomcat\"; wanted server"},
	{WORDS("csr", "new", "sound", "c1.acme.test", "--san", "nonsense:x"),
		"--san: wanted an IP address or a host name"},
	{WORDS("crl", "fetch", "sound"), "crl fetch: wanted --store FILE"},
	{WORDS("help", "--as", "nodes"), "help --as nodes: wanted a DEPLOYMENT"},
	{WORDS("help", "--as", "nodes", "nowhere"), "help --as nodes: no deployment to take names of"},
	{WORDS("node", "history", "nothing"), "is no folder of a node (causeway node init makes one)"},
	{WORDS("node", "history", "nothing", "--most", "0"),
		"--most: wanted a number from 1 to 100000, found \"0\""},
	{WORDS("collect", "-o", "site"), "of which boxes? wanted --expressway HOST or --cucm HOST"},
	{WORDS("collect", "--expressway", "c1", "-o", "site"),
		"--expressway: wanted --expressway-user as well"},
	{WORDS("collect", "--cucm", "[2001:db8::1]:0", "--os-user", "a", "--os-password-file", "empty", "-o",
		 "site"),
		"wanted HOST or HOST:PORT, without https:// and a path, found \"[2001:db8::1]:0\""},
	{WORDS("collect", "--cucm", "2001:db8::1]", "--os-user", "a", "--os-password-file", "empty", "-o",
		 "site"),
		"wanted HOST or HOST:PORT, without https:// and a path, found \"2001:db8::1]\""},
	{WORDS("lab", "up", "sound", "--listen", "nonsense"),
		"wanted an IPv4 address, with a first port or without"},
	{WORDS("cert"), "cert: wanted a second word; \"causeway help cert\" lists them"},
};

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	door_lab("sound", CW_LAB_SMALL, NULL);
	WANT(CW_EXIT_GOOD, "ca", "new", "new1", "--cn", "New CA 1", "--key", "ec");
	door_write("empty", "");
	return system("mkdir nothing && cp -a sound before");
}

static void wrong_words_are_told_with_what_was_wanted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		TEST_ANSWER ran = {0};
		door_run(&ran, rows[i].words);
		if (ran.status != CW_EXIT_TROUBLE || ran.out_length)
			fail_msg("%s (row %zu): status %d, and it prints \"%s\"", rows[i].words[0], i,
				(int)ran.status, ran.out);
		want_text(ran.err, rows[i].want);
	}
}

static void and_nothing_is_done(void **state)
{
	(void)state;
	assert_int_equal(system("diff -r -x '.causeway*' before sound"), 0);
	static const char *const not_made[] = {"n1", "parts", "out.p7b", "out.p12", "site"};
	for (size_t i = 0; i < sizeof not_made / sizeof *not_made; i++)
		if (door_there(not_made[i]))
			fail_msg("%s is there", not_made[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_words_are_told_with_what_was_wanted),
		cmocka_unit_test(and_nothing_is_done),
	};
	return cmocka_run_group_tests(tests, make, door_leave);
}
