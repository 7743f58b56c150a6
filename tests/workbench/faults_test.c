/*
 * Every verb that writes is killed before each system call that changes something, and has each of them fail, with
 * every number that a full, broken, read-only or crowded system gives. Where it says that it worked, it did; where it
 * does not, the same command given again ends well, and nothing of the first is left. (watch writes no file: it keeps
 * nothing between two runs.)
 *
 * In a test run a sample of the steps; more with CAUSEWAY_FAULTS=NUMBER (make coverage), all of them with
 * CAUSEWAY_FAULTS=all (make endurance).
 */
#include "crl_server.h"
#include "faulted.h"
#include "tls_server.h"

#include "base/file.h"
#include "pki/bundle/bundle.h"
#include "pki/key.h"
#include "pki/request.h"
#include "support/tls_session.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EC "--key", "ecdsa:256"
#define SAMPLE 3     /* steps of a verb in a test run, each once killed and once failed */
#define SHORT_MAX 60 /* a verb with more steps than this has one number a step */
#define STEPS_MAX 4000

static const int numbers[] = {ENOSPC, EIO, EROFS, EMFILE, EACCES, EINTR};
#define NUMBER_COUNT (sizeof numbers / sizeof *numbers)

struct verb {
	const char *name;
	const char *const *words;
	bool (*done)(void); /* NULL: the folder is as a run without a fault leaves it */
	bool once;	    /* what is done is refused a second time */
	enum cw_exit good;  /* what it ends with where all is well; import: there is something to ask */
	bool network;	    /* a fault on its way is an answer too: it is only killed */
};

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static bool shell(const char *command)
{
	return system(command) == 0;
}

/* A connection as a capture file. */
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
	assert_true(cw_file_write("traffic.pcap", file.data, file.length, 0644, &error));
	test_traffic_finish(&traffic);
	test_talk_finish(&talk);
	test_tls_certs_free(&none);
}

/* An import that was edited since, and sources of another release. */
static void make_import(void)
{
	door_lab("later", CW_LAB_SMALL, "release-differs");
	WANT(CW_EXIT_GOOD, "lab", "export", "faulty", "--as", "folder", "-o", "sources");
	WANT(CW_EXIT_GOOD, "lab", "export", "later", "--as", "bundle", "-o", "later-sources");
	WANT(CW_EXIT_GOOD, "lab", "export", "faulty", "--as", "bundle", "-o", "bundles");
	WANT(CW_EXIT_REFUSED, "import", "bundles", "-o", "sound/site");
	door_edit("sound/site/deployment.yaml", "port: 7001", "port: 7002");
	door_edit("sound/site/deployment.yaml", "  revocation: off", "  cucm-tls-verify: on");
	door_write("sound/site/c1.acme.test/ca.pem", "");
}

/* A box for collect: it answers for the certificates of a CUCM node, and shows e1's certificate, which is pinned. */
static const struct tls_server_page snapshot = {"/snapshot/server", "played/snapshot_pub.acme.test.json"};
static char box[64], box_pin[160];

static void pin_box(void)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	struct cw_error error;
	assert_true(cw_bundle_read("sound/e1/server.pem", "e1", NULL, pool, &bundle, &error));
	snprintf(box_pin, sizeof box_pin, "pub.acme.test=%s", cw_cert_sha256_text(bundle.entries[0].cert));
}

/* What the newer verbs write from: sources, a deployment with a fault, a capture, a log, revocation lists. */
static void make_more(void)
{
	door_lab("faulty", CW_LAB_SMALL, "issuer-missing");
	door_lab("listed", CW_LAB_SMALL, NULL);
	make_import();
	door_lab("sound/planted", CW_LAB_SMALL, "issuer-missing");
	write_capture();
	door_write("box.log", "2026-11-20T12:00:00 e1 tvcs: nothing of interest\n");
	crl_server_start();
	crl_server_write(&(struct crl_server_list){
		"listed", "public-issuing", "good.crl", TEST_AT - CW_DAY, TEST_AT + 9 * CW_DAY, false});
	crl_server_name("listed", (const char *const[]){"good.crl", NULL});
	WANT(CW_EXIT_GOOD, "lab", "export", "sound", "--as", "certmgr", "-o", "played");
	tls_server_start("sound/e1/server.pem", "sound/e1/privkey.pem", &snapshot);
	snprintf(box, sizeof box, "pub.acme.test:%s", strchr(tls_server_address, ':') + 1);
	pin_box();
}

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	WANT(CW_EXIT_GOOD, "ca", "new", "new1", "--cn", "New CA 1", "--key", "ec");
	WANT(CW_EXIT_GOOD, "ca", "new", "new2", "--cn", "New CA 2", "--key", "ec");
	door_lab("sound", CW_LAB_SMALL, NULL);
	/* Of e1 the list is a folder of single files; c1 has an entry that nobody needs, and a request. */
	WANT(CW_EXIT_GOOD, "cert", "split", "sound/e1/ca.pem", "--dir", "sound/e1/store");
	door_edit("sound/deployment.yaml", "trusted-ca: e1/ca.pem", "trusted-ca: e1/store");
	WANT(CW_EXIT_GOOD, "trust", "append", "sound/c1/ca.pem", "new1/ca.pem");
	WANT(CW_EXIT_GOOD, "trust", "append", "-d", "sound", "e1.acme.test", "new1/ca.pem");
	WANT(CW_EXIT_GOOD, "csr", "new", "sound", "c1.acme.test", EC);
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "sound/ca/private-issuing", "-o", "signed.pem",
		"sound/c1/c1.acme.test.csr");
	door_write("password", "secret\n");
	make_more();
	return shell("cp -a sound/ca/private-issuing sound/authority") ? 0 : -1;
}

static void restore(void)
{
	assert_true(shell("rm -rf work && cp -a sound work"));
}

static bool is_same_folder(void)
{
	return shell("diff -r -x '.causeway*' after work >/dev/null 2>&1");
}

static bool same_text(const char *left, const char *right)
{
	AUTO(free) char *a = door_read(left);
	AUTO(free) char *b = door_read(right);
	return strcmp(a, b) == 0;
}

static bool is_pair(const char *request_path, const char *key_path)
{
	AUTO(cw_request_free) struct cw_request *request = NULL;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	struct cw_error error;
	return door_there(request_path) && door_there(key_path) &&
		cw_request_read(request_path, &request, &error) &&
		cw_key_read(key_path, NULL, &key, &error) &&
		EVP_PKEY_eq(key, X509_REQ_get0_pubkey(cw_request_x509(request))) == 1;
}

static bool e1_request_is_made(void)
{
	return is_pair("work/e1/e1.acme.test.csr", "work/e1/e1.acme.test.csr.key");
}

static bool another_request_is_made(void)
{
	return is_pair("work/c1/c1.acme.test.csr", "work/c1/c1.acme.test.csr.key") &&
		!same_text("work/c1/c1.acme.test.csr", "sound/c1/c1.acme.test.csr") &&
		door_there("work/c1/c1.acme.test.discarded");
}

static bool request_is_discarded(void)
{
	return !door_there("work/c1/c1.acme.test.csr") && !door_there("work/c1/c1.acme.test.csr.key") &&
		door_there("work/c1/c1.acme.test.discarded");
}

static bool certificate_is_installed(void)
{
	return same_text("work/c1/server.pem", "signed.pem") &&
		same_text("work/c1/privkey.pem", "sound/c1/c1.acme.test.csr.key") &&
		!door_there("work/c1/c1.acme.test.csr") && !door_there("work/c1/c1.acme.test.csr.key") &&
		door_there("work/c1/server.pem.former") &&
		same_text("work/c1/server.pem.former", "sound/c1/server.pem") &&
		same_text("work/c1/privkey.pem.former", "sound/c1/privkey.pem");
}

static bool is_ca(const char *folder)
{
	AUTO_BUFFER path = {0};
	TEST_ANSWER ran = {0};
	cw_buffer_printf(&path, "%s/ca.pem", folder);
	if (!door_there(cw_buffer_string(&path)))
		return false;
	RUN(&ran, "ca", "sign", "--ca", folder, "-o", "checked.pem", "sound/c1/c1.acme.test.csr");
	return ran.status == CW_EXIT_GOOD;
}

static bool root_is_made(void)
{
	return is_ca("work/root");
}

static bool issuing_is_made(void)
{
	AUTO(free) char *index = door_read("work/authority/index");
	return is_ca("work/issuing") && strstr(index, "Fresh Issuing CA");
}

static bool certificate_is_signed(void)
{
	AUTO(free) char *index = door_read("work/authority/index");
	TEST_ANSWER ran = {0};
	if (!door_there("work/out.pem") || !strstr(index, "c1.acme.test"))
		return false;
	RUN(&ran, "cert", "show", "work/out.pem");
	return ran.status == CW_EXIT_GOOD;
}

static bool lab_is_made(void)
{
	TEST_ANSWER ran = {0};
	if (!door_there("work/lab/deployment.yaml") || door_there("work/lab/.causeway-unfinished"))
		return false;
	RUN(&ran, "check", "work/lab");
	return ran.status == CW_EXIT_GOOD;
}

static bool container_is_written(void)
{
	TEST_ANSWER ran = {0};
	if (!door_there("work/out.p12"))
		return false;
	RUN(&ran, "cert", "show", "--password-file", "password", "work/out.p12");
	return ran.status == CW_EXIT_GOOD;
}

static bool report_is_written(void)
{
	return door_there("work/report.html") && shell("tail -c 8 work/report.html | grep -q '</html>'");
}

static bool node_is_made(void)
{
	TEST_ANSWER ran = {0};
	if (!door_there("work/node/node.yaml") ||
		!same_text("work/node/certs/server.pem", "sound/e1/server.pem") ||
		!same_text("work/node/certs/server.key", "sound/e1/privkey.pem"))
		return false;
	RUN(&ran, "node", "status", "work/node");
	return strstr(ran.err, "node.yaml") == NULL;
}

static bool repair_is_written(void)
{
	TEST_ANSWER ran = {0};
	if (!door_there("work/repaired/deployment.yaml") ||
		!door_there("work/uploads/c1.acme.test-trusted-ca.pem"))
		return false;
	RUN(&ran, "check", "work/repaired");
	return ran.status == CW_EXIT_GOOD;
}

/* What is issued anew has a key and a number of its own each time. */
static bool lab_is_repaired(void)
{
	TEST_ANSWER ran = {0};
	RUN(&ran, "check", "work/planted");
	return ran.status == CW_EXIT_GOOD && same_text("work/planted/README", "after/planted/README") &&
		same_text("work/planted/.causeway-lab.json", "after/planted/.causeway-lab.json");
}

/* import.json holds the time at which the boxes were asked. */
static bool answers_are_collected(void)
{
	return shell("diff -r -x '.causeway*' -x import.json after/collected work/collected >/dev/null 2>&1") &&
		shell("sed '/\"time\"/d' work/collected/import.json > work.json && "
		      "sed '/\"time\"/d' after/collected/import.json | cmp -s - work.json");
}

static const struct verb verbs[] = {
	{.name = "trust append to a file",
		.words = WORDS("trust", "append", "work/c1/ca.pem", "new2/ca.pem")},
	{.name = "trust append to a folder",
		.words = WORDS("trust", "append", "-d", "work", "e1.acme.test", "new2/ca.pem")},
	{.name = "trust remove from a file",
		.words = WORDS("trust", "remove", "work/c1/ca.pem", "New CA 1"),
		.once = true},
	{.name = "trust remove from a folder",
		.words = WORDS("trust", "remove", "-d", "work", "e1.acme.test", "New CA 1"),
		.once = true},
	{.name = "trust move", .words = WORDS("trust", "move", "work/c1/ca.pem", "New CA 1", "--first")},
	{.name = "trust tidy", .words = WORDS("trust", "tidy", "work", "--unused", "--apply")},
	{.name = "csr new",
		.words = WORDS("csr", "new", "work", "e1.acme.test", EC),
		.done = e1_request_is_made,
		.once = true},
	{.name = "csr new --discard",
		.words = WORDS("csr", "new", "work", "c1.acme.test", EC, "--discard"),
		.done = another_request_is_made},
	{.name = "csr discard",
		.words = WORDS("csr", "discard", "work", "c1.acme.test"),
		.done = request_is_discarded,
		.once = true},
	{.name = "cert accept",
		.words = WORDS("cert", "accept", "work", "c1.acme.test", "signed.pem", "--install"),
		.done = certificate_is_installed},
	{.name = "cert split", .words = WORDS("cert", "split", "sound/c1/ca.pem", "--dir", "work/parts")},
	{.name = "cert convert to PKCS#7",
		.words = WORDS("cert", "convert", "sound/c1/ca.pem", "-o", "work/out.p7b")},
	{.name = "cert convert to PKCS#12",
		.words = WORDS("cert", "convert", "sound/e1/server.pem", "--key", "sound/e1/privkey.pem",
			"--password-file", "password", "-o", "work/out.p12"),
		.done = container_is_written},
	{.name = "cert chain",
		.words =
			WORDS("cert", "chain", "sound/e1/server.pem", "-d", "sound", "-o", "work/chain.pem")},
	{.name = "ca new",
		.words = WORDS("ca", "new", "work/root", "--cn", "Fresh Root CA", "--key", "ec"),
		.done = root_is_made,
		.once = true},
	{.name = "ca new --parent",
		.words = WORDS("ca", "new", "work/issuing", "--cn", "Fresh Issuing CA", "--key", "ec",
			"--parent", "work/authority"),
		.done = issuing_is_made,
		.once = true},
	{.name = "ca sign",
		.words = WORDS("ca", "sign", "--ca", "work/authority", "-o", "work/out.pem",
			"sound/c1/c1.acme.test.csr"),
		.done = certificate_is_signed},
	{.name = "lab new",
		.words = WORDS("lab", "new", "work/lab", "--key", "ec"),
		.done = lab_is_made,
		.once = true},
	{.name = "lab break", .words = WORDS("lab", "break", "work/planted", "release-differs")},
	{.name = "lab repair", .words = WORDS("lab", "repair", "work/planted"), .done = lab_is_repaired},
	{.name = "check -o",
		.words = WORDS("check", "work", "-f", "html", "-o", "work/report.html"),
		.done = report_is_written},
	{.name = "horizon -o", .words = WORDS("horizon", "sound", "-f", "ics", "-o", "work/sound.ics")},
	{.name = "whatif -o", .words = WORDS("whatif", "sound", "--at", "+30d", "-o", "work/whatif.txt")},
	{.name = "log -o", .words = WORDS("log", "box.log", "-f", "json", "-o", "work/log.json")},
	{.name = "capture -o",
		.words = WORDS("capture", "traffic.pcap", "-f", "json", "-o", "work/capture.json")},
	{.name = "capture --extract", .words = WORDS("capture", "traffic.pcap", "--extract", "work/certs")},
	{.name = "diff -o",
		.words = WORDS("diff", "sound", "faulty", "-o", "work/worse.txt"),
		.good = CW_EXIT_REFUSED},
	{.name = "fix --apply --pem",
		.words = WORDS("fix", "faulty", "--apply", "work/repaired", "--pem", "work/uploads"),
		.done = repair_is_written,
		.once = true},
	{.name = "renew -o",
		.words = WORDS("renew", "sound", "--cert", "e1.acme.test=?", "-o", "work/renewal.txt")},
	{.name = "import",
		.words = WORDS("import", "sources", "-o", "work/imported"),
		.good = CW_EXIT_REFUSED},
	{.name = "import again",
		.words = WORDS("import", "later-sources", "-o", "work/site"),
		.good = CW_EXIT_REFUSED},
	{.name = "lab export",
		.words = WORDS("lab", "export", "sound", "--as", "folder", "-o", "work/exported")},
	{.name = "node init",
		.words = WORDS("node", "init", "work/node", "--role", "expressway-e", "--fqdn",
			"e1.acme.test", "--tls-verify-name", "c1.acme.test", "--password-file", "password",
			"--server", "sound/e1/server.pem", "--key", "sound/e1/privkey.pem", "--trusted-ca",
			"sound/c1/ca.pem"),
		.done = node_is_made,
		.once = true},
	{.name = "crl fetch",
		.words = WORDS("crl", "fetch", "listed", "--private", "--store", "work/crl.pem"),
		.network = true},
	{.name = "collect -o",
		.words = WORDS("collect", "--cucm", box, "--host", "pub.acme.test=127.0.0.1", "--os-user",
			"osadmin", "--os-password-file", "password", "--pin", box_pin, "-o",
			"work/collected"),
		.done = answers_are_collected,
		.good = CW_EXIT_REFUSED,
		.network = true},
	{.name = "probe --extract",
		.words = WORDS("probe", tls_server_address, "--as", "traversal", "--sni", "e1.acme.test",
			"--trust", "sound/c1/ca.pem", "--extract", "work/presented"),
		.network = true},
};

static size_t left_over;
static char left_path[512];

static int count_left(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	(void)status;
	(void)kind;
	/* A lab keeps what it was made of. */
	if (strncmp(path + at->base, ".causeway", 9) == 0 &&
		strcmp(path + at->base, ".causeway-lab.json") != 0) {
		snprintf(left_path, sizeof left_path, "%s", path);
		left_over++;
	}
	return 0;
}

static bool is_done(const struct verb *verb)
{
	return verb->done ? verb->done() : is_same_folder();
}

/* On the network in a process of its own: names are looked up by a thread that waits for more work for a second, and a
 * child that is forked from this one in that second would believe that it has it too. */
static void run_again(const struct verb *verb, struct test_answer *ret)
{
	if (verb->network)
		ret->status = faulted_run(verb->words, 0, 0).status;
	else
		door_run(ret, verb->words);
}

/* What was said at the first fault and what is there agree, and the repeat ends well. */
static void want_good_end(const struct verb *verb, size_t step, int number, const struct faulted *ran)
{
	TEST_ANSWER again = {0};
	const char *what = number ? strerror(number) : "killed";
	bool done = is_done(verb);
	if (!ran->killed && ran->status == verb->good && !done)
		fail_msg("%s, step %zu, %s: it said that it worked, and it did not", verb->name, step, what);
	run_again(verb, &again);
	if (again.status != verb->good && !(done && verb->once && again.status == CW_EXIT_TROUBLE))
		fail_msg("%s, step %zu, %s: given again it ends with %d:\n%s%s", verb->name, step, what,
			(int)again.status, again.out, again.err);
	if (!is_done(verb))
		fail_msg("%s, step %zu, %s: given again it does not end as it should:\n%s", verb->name, step,
			what, again.err);
	left_over = 0;
	assert_int_equal(nftw("work", count_left, 16, FTW_PHYS), 0);
	if (left_over)
		fail_msg("%s, step %zu, %s: %s is left", verb->name, step, what, left_path);
}

static void fault(const struct verb *verb, size_t step, int number)
{
	restore();
	struct faulted ran = faulted_run(verb->words, step, number);
	assert_true(ran.hit || verb->network); /* servers answer in pieces of any size */
	want_good_end(verb, step, number, &ran);
}

/* How many steps it has, and what it leaves without a fault. */
static size_t run_well(const struct verb *verb)
{
	restore();
	struct faulted ran = faulted_run(verb->words, 0, 0);
	if (ran.status != verb->good)
		fail_msg("%s: ends with %d without any fault", verb->name, (int)ran.status);
	assert_true(shell("rm -rf after && cp -a work after"));
	assert_true(is_done(verb));
	assert_in_range(ran.changes, 3, STEPS_MAX);
	return ran.changes;
}

static size_t samples_wanted(void)
{
	const char *how = getenv("CAUSEWAY_FAULTS");
	size_t wanted = how ? strtoul(how, NULL, 10) : 0;
	return wanted ? wanted : SAMPLE;
}

static void sample(const struct verb *verb, size_t steps, size_t turn)
{
	size_t count = samples_wanted();
	for (size_t i = 0; i < count; i++) {
		size_t step = 1 + (turn + i * steps / count) % steps;
		fault(verb, step, 0);
		if (!verb->network)
			fault(verb, 1 + (step + steps / 2) % steps, numbers[(turn + i) % NUMBER_COUNT]);
	}
}

static void all(const struct verb *verb, size_t steps)
{
	for (size_t step = 1; step <= steps; step++) {
		fault(verb, step, 0);
		for (size_t i = 0; !verb->network && i < NUMBER_COUNT; i++)
			if (steps <= SHORT_MAX || i == step % NUMBER_COUNT)
				fault(verb, step, numbers[i]);
	}
	print_message("%s: %zu steps\n", verb->name, steps);
}

static void every_verb_that_writes_stands_every_fault(void **state)
{
	(void)state;
	const char *how = getenv("CAUSEWAY_FAULTS"), *only = getenv("CAUSEWAY_FAULTS_OF");
	bool whole = how && strcmp(how, "all") == 0;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		if (only && strcmp(only, verbs[i].name) != 0)
			continue;
		size_t steps = run_well(&verbs[i]);
		if (whole)
			all(&verbs[i], steps);
		else
			sample(&verbs[i], steps, i);
	}
}

static int leave(void **state)
{
	crl_server_stop();
	tls_server_stop();
	return door_leave(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_verb_that_writes_stands_every_fault),
	};
	return cmocka_run_group_tests(tests, make, leave);
}
