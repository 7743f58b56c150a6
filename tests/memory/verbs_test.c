/**
 * Every place in this program that asks for memory is refused it once, while every verb is run that needs no network:
 * each time the verb says that it is out of memory (exit status 2, nothing on standard output), or its answer is the
 * very same. It neither crashes nor leaks.
 *
 * A place is a call with its nearest callers (failing.h). Two kinds: our own allocations, and OpenSSL's, of which each
 * call of ours has the first refused. In a test run a sample of the places; all of them with CAUSEWAY_MEMORY=0 (N: some
 * N of each verb). MEMORY_OF="trust append" runs one verb alone, MEMORY_AT=NUMBER one allocation of it, and
 * MEMORY_STOP=1 stops there, for a debugger.
 */
#include "failing.h"

#include "base/file.h"
#include "pki/openssl_start.h"
#include "support/tls_session.h"
#include "support/traffic.h"
#include "workbench/front_door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES 4 /* of each verb and kind, in a test run */
#define PLUGIN_UNKNOWN 3
#define EC "--key", "ecdsa:256"

enum {
	WRITES = 1,  /* into the folder "work", which is made anew before each run */
	VARIES = 2,  /* keys and numbers are others in each run: only the exit status is compared */
	SPARED = 4,  /* no failures of OpenSSL: it makes a PKCS#12 file, see check_test.c */
	STREAMS = 8, /* tells what it has as it comes, and trouble behind that */
	PLUGIN = 16, /* exit status and answer as monitoring plugins have them */
};

struct verb {
	const char *const *words;
	unsigned flags;
};

#define DO(flags, ...) \
	{ \
		(const char *const[]){__VA_ARGS__, NULL}, flags \
	}

static const struct verb verbs[] = {
	DO(0, "cert", "verify", "sound/e1/server.pem", "--trusted-ca", "sound/c1/ca.pem", "--untrusted",
		"sound/e1/ca.pem", "--name", "e1.acme.test", "--policy-check"),
	DO(0, "cert", "verify", "sound/e1/server.pem", "--trusted-ca", "sound/c1/ca.pem", "-f", "json"),
	DO(0, "cert", "diff", "sound/e1/server.pem", "sound/c1/server.pem"),
	DO(0, "cert", "chain", "sound/e1/server.pem", "-d", "sound"),
	DO(WRITES, "cert", "convert", "sound/e1/ca.pem", "-o", "work/out.p7b"),
	DO(WRITES | VARIES | SPARED, "cert", "convert", "sound/e1/server.pem", "--key",
		"sound/e1/privkey.pem", "--password-file", "password", "-o", "work/out.p12"),
	DO(WRITES, "cert", "split", "sound/e1/ca.pem", "--dir", "work/parts"),
	DO(WRITES, "cert", "accept", "work", "c1.acme.test", "signed.pem"),
	DO(WRITES, "cert", "accept", "work", "c1.acme.test", "signed.pem", "--install"),
	DO(0, "cert", "accept", "sound", "e1.acme.test", "signed.pem"),
	DO(0, "cert", "accept", "sound", "e1.acme.test", "new1/ca.pem"),
	DO(0, "client-test", "sound/e1/server.pem", "-d", "sound", "--node", "c1.acme.test", "--pattern",
		"/CN=(?<name>[^,]+)/", "--username", "#name#", "--decoded"),
	DO(WRITES | VARIES, "csr", "new", "work", "e1.acme.test", EC),
	DO(WRITES | VARIES, "csr", "new", "work", "c1.acme.test", EC, "--discard"),
	DO(0, "csr", "show", "sound/c1/c1.acme.test.csr"),
	DO(0, "csr", "show", "sound/c1/c1.acme.test.csr", "-f", "json"),
	DO(WRITES, "csr", "discard", "work", "c1.acme.test"),
	DO(0, "trust", "list", "sound/c1/ca.pem"),
	DO(0, "trust", "list", "-d", "sound", "e1.acme.test", "-f", "json"),
	DO(WRITES, "trust", "append", "work/c1/ca.pem", "new2/ca.pem"),
	DO(WRITES, "trust", "append", "-d", "work", "e1.acme.test", "new2/ca.pem"),
	DO(WRITES, "trust", "remove", "-d", "work", "e1.acme.test", "New CA 1"),
	DO(WRITES, "trust", "move", "work/c1/ca.pem", "New CA 1", "--first"),
	DO(0, "trust", "diff", "sound/c1/ca.pem", "sound/e1/ca.pem"),
	DO(WRITES, "trust", "tidy", "work", "--unused", "--apply"),
	DO(0, "trust", "tidy", "sound", "--node", "c1.acme.test"),
	DO(WRITES | VARIES, "ca", "new", "work/root", "--cn", "Fresh Root CA", "--key", "ec"),
	DO(WRITES | VARIES, "ca", "sign", "--ca", "work/authority", "-o", "work/out.pem",
		"sound/c1/c1.acme.test.csr"),
	DO(0, "check", "faulty", "-f", "openmetrics"),
	DO(PLUGIN, "check", "faulty", "-f", "nagios"),
	DO(0, "check", "faulty", "-f", "html"),
	DO(0, "horizon", "sound", "-f", "ics"),
	DO(0, "horizon", "sound", "-f", "json"),
	DO(0, "horizon", "sound", "-f", "html"),
	DO(0, "whatif", "sound", "--at", "+30d", "--release", "expressway-c=X15.5", "--append",
		"c1.acme.test=new2/ca.pem", "--set", "cucm-tls-verify=on"),
	DO(0, "whatif", "sound", "--cert", "e1.acme.test=signed.pem", "-f", "json"),
	DO(0, "diff", "sound", "faulty"),
	DO(0, "diff", "sound", "faulty", "-f", "json"),
	DO(0, "fix", "faulty"),
	DO(0, "fix", "faulty", "-f", "json"),
	DO(0, "fix", "faulty", "-f", "html"),
	DO(WRITES, "fix", "faulty", "--apply", "work/repaired", "--pem", "work/uploads"),
	DO(0, "renew", "sound", "--cert", "e1.acme.test=?"),
	DO(0, "renew", "sound", "--cert", "e1.acme.test=?", "--ca", "new2/ca.pem", "-f", "json"),
	DO(STREAMS, "capture", "traffic.pcap"),
	DO(STREAMS, "capture", "traffic.pcap", "-f", "json", "--keylog", "keys.txt"),
	DO(STREAMS, "capture", "traffic.pcap", "--deployment", "sound"),
	DO(WRITES | STREAMS, "capture", "traffic.pcap", "--extract", "work/certs"),
	DO(0, "log", "box.log"),
	DO(0, "log", "box.log", "-d", "sound", "-f", "json"),
	DO(WRITES, "import", "bundles", "-o", "work/imported"),
	DO(WRITES, "import", "folders", "-o", "work/imported"),
	DO(WRITES, "import", "answers", "-o", "work/imported"),
	DO(WRITES, "import", "sessions", "-o", "work/imported"),
	DO(WRITES, "import", "snapshots", "-o", "work/imported"),
	DO(WRITES, "import", "bundles", "-o", "work/site"),
	DO(0, "lab", "faults"),
	DO(WRITES | VARIES, "lab", "export", "sound", "--as", "bundle", "-o", "work/exported"),
	DO(WRITES | VARIES, "lab", "export", "sound", "--as", "rest", "-o", "work/exported"),
	DO(WRITES | VARIES, "lab", "export", "sound", "--as", "certmgr", "-o", "work/exported"),
	DO(WRITES | VARIES, "lab", "export", "sound", "--as", "cli", "-o", "work/exported"),
	DO(WRITES | VARIES, "lab", "export", "sound", "--as", "folder", "-o", "work/exported"),
	DO(WRITES | VARIES, "lab", "break", "work/planted", "release-differs"),
	DO(WRITES | VARIES, "lab", "repair", "work/planted"),
	DO(WRITES, "node", "init", "work/node", "--role", "expressway-e", "--fqdn", "e1.acme.test",
		"--tls-verify-name", "c1.acme.test", "--password-file", "password", "--server",
		"sound/e1/server.pem", "--key", "sound/e1/privkey.pem", "--trusted-ca", "sound/c1/ca.pem"),
	DO(0, "node", "status", "sound"),
	DO(VARIES, "sign-in", "alice@acme.test", "--edge", "e1.acme.test", "--host",
		"e1.acme.test=127.91.7.13", "-d", "sound", "--password-file", "password"),
	DO(0, "explain", "issuer-missing"),
	DO(0, "explain", "clusters"),
	DO(0, "help", "check"),
	DO(0, "help", "--as", "man"),
	DO(0, "help", "--as", "zsh"),
	DO(0, "help", "--as", "schema"),
	DO(0, "help", "--as", "codes"),
};

static void write_capture(void)
{
	struct test_talk talk = {0};
	struct test_traffic traffic = {0};
	AUTO_BUFFER keylog = {0}, file = {0};
	struct cw_error error;
	void *none = NULL;
	test_tls_certs_make(&none);
	test_tls_run(&(struct test_tls){.mutual = true, .sni = "e1.acme.test"}, &talk, &keylog);
	test_traffic_add_talk(&traffic, &talk, &(struct test_tcp){0});
	test_traffic_pcap(&traffic, &file);
	assert_true(cw_file_write("traffic.pcap", file.data, file.length, 0644, &error) &&
		cw_file_write("keys.txt", keylog.data, keylog.length, 0600, &error));
	test_traffic_finish(&traffic);
	test_talk_finish(&talk);
	test_tls_certs_free(&none);
}

static void export(const char *form, const char *folder)
{
	WANT(CW_EXIT_GOOD, "lab", "export", "faulty", "--as", form, "-o", folder);
}

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	WANT(CW_EXIT_GOOD, "ca", "new", "new1", "--cn", "New CA 1", "--key", "ec");
	WANT(CW_EXIT_GOOD, "ca", "new", "new2", "--cn", "New CA 2", "--key", "ec");
	door_lab("sound", CW_LAB_SMALL, NULL);
	door_lab("faulty", CW_LAB_SMALL, "issuer-missing");
	export("bundle", "bundles");
	export("rest", "answers");
	export("certmgr", "snapshots");
	export("cli", "sessions");
	export("folder", "folders");
	WANT(CW_EXIT_GOOD, "trust", "append", "sound/c1/ca.pem", "new1/ca.pem");
	WANT(CW_EXIT_GOOD, "trust", "append", "-d", "sound", "e1.acme.test", "new1/ca.pem");
	WANT(CW_EXIT_GOOD, "csr", "new", "sound", "c1.acme.test", EC);
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "sound/ca/private-issuing", "-o", "signed.pem",
		"sound/c1/c1.acme.test.csr");
	WANT(CW_EXIT_REFUSED, "import", "bundles", "-o", "sound/site");
	door_lab("sound/planted", CW_LAB_SMALL, "issuer-missing");
	door_write("password", "secret\n");
	door_write("box.log",
		"2026-11-20T12:00:00.000+00:00 e1 tvcs: Event=\"Inbound TLS Negotiation Error\" "
		"Service=\"SIP\" Src-ip=\"10.0.0.1\" Detail=\"tlsv1 alert unknown ca\" Level=\"1\"\n");
	write_capture();
	return system("cp -a sound/ca/private-issuing sound/authority");
}

static void ask(const struct verb *verb, struct test_answer *ret)
{
	if (verb->flags & WRITES)
		assert_int_equal(system("rm -rf work && cp -a sound work"), 0);
	door_run(ret, verb->words);
}

struct question {
	const struct verb *verb;
	struct test_answer answer;
};

static void ask_question(void *context)
{
	struct question *question = context;
	door_run(&question->answer, question->verb->words);
}

/* False: something else came out than "out of memory" or what comes out with memory. */
static bool is_clean(
	const struct verb *verb, const struct test_answer *answer, const struct test_answer *wanted)
{
	if (strstr(answer->err, "out of memory"))
		return answer->status == (verb->flags & PLUGIN ? PLUGIN_UNKNOWN : CW_EXIT_TROUBLE) &&
			(answer->out_length == 0 || verb->flags & (STREAMS | PLUGIN));
	return answer->status == wanted->status &&
		(verb->flags & VARIES || strcmp(answer->out, wanted->out) == 0);
}

static void tell(const struct verb *verb, enum failing_kind kind, unsigned long number,
	const struct test_answer *answer)
{
	print_error("%s %s, kind %d, allocation %lu: status %d, error \"%s\"\n%s\n", verb->words[0],
		verb->words[1], (int)kind, number, (int)answer->status, answer->err, answer->out);
}

/* For a debugger: of a verb this one alone. */
static bool is_wanted(unsigned long number)
{
	const char *only = getenv("MEMORY_AT");
	return !only || strtoul(only, NULL, 10) == number;
}

static size_t unclean;

static void try_verb(const struct verb *verb, enum failing_kind kind)
{
	TEST_ANSWER wanted = {0};
	struct question question = {.verb = verb};
	AUTO(free) unsigned long *numbers = NULL;
	ask(verb, &wanted);
	if (verb->flags & WRITES)
		assert_int_equal(system("rm -rf work && cp -a sound work"), 0);
	size_t count = failing_new_places(kind, ask_question, &question, &numbers);
	assert_true(is_clean(verb, &question.answer, &wanted));
	size_t samples = failing_samples(SAMPLES), step = samples && count > samples ? count / samples : 1,
	       tried = 0;
	for (size_t i = 0; i < count; i += step, tried++) {
		TEST_ANSWER answer = {0};
		if (!is_wanted(numbers[i]))
			continue;
		if (verb->flags & WRITES)
			assert_int_equal(system("rm -rf work && cp -a sound work"), 0);
		failing_arm(kind, numbers[i], false);
		door_run(&answer, verb->words);
		failing_disarm();
		if (is_clean(verb, &answer, &wanted))
			continue;
		tell(verb, kind, numbers[i], &answer);
		unclean++;
	}
	test_answer_finish(&question.answer);
	print_message("%s %s, kind %d: %zu new places, %zu tried\n", verb->words[0], verb->words[1],
		(int)kind, count, tried);
}

static void try_all(enum failing_kind kind)
{
	const char *only = getenv("MEMORY_OF");
	char name[64];
	unclean = 0;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		snprintf(name, sizeof name, "%s %s", verbs[i].words[0], verbs[i].words[1]);
		if ((only && strcmp(only, name) != 0) || (kind == FAILING_OPENSSL && verbs[i].flags & SPARED))
			continue;
		try_verb(&verbs[i], kind);
	}
	assert_int_equal(unclean, 0);
	assert_int_equal(LEAKS(), 0);
}

static void every_place_that_asks_for_memory_is_refused_once(void **state)
{
	(void)state;
	try_all(FAILING_OWN);
}

static void every_call_of_openssl_that_asks_for_memory_is_refused_once(void **state)
{
	(void)state;
	try_all(FAILING_OPENSSL);
}

int main(void)
{
	if (!failing_start())
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_that_asks_for_memory_is_refused_once),
		cmocka_unit_test(every_call_of_openssl_that_asks_for_memory_is_refused_once),
	};
	return cmocka_run_group_tests(tests, make, door_leave);
}
