/*
 * Every two verbs that write, at once, also twice the same: what either said that it did is there, request and key
 * belong together, every list can be read, and no lock or draft is left.
 */
#include "crl_server.h"
#include "front_door.h"

#include "pki/key.h"
#include "pki/request.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAMPLE \
	3 /* of the pairs, one in so many in a test run; all with CAUSEWAY_FAULTS=all (make endurance) */
#define EC "--key", "ecdsa:256"
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

struct verb {
	const char *name;
	const char *const *words;
	bool (*done)(void); /* holds where it said so, whatever the other did; NULL: the other may undo it */
	bool refusable;	    /* it may find that the other was first */
	bool undoes;	    /* what others append is of no use, and goes */
};

static bool list_holds(const char *name)
{
	TEST_ANSWER ran = {0};
	RUN(&ran, "trust", "list", "work/c1/ca.pem");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	return strstr(ran.out, name) != NULL;
}

static bool is_appended(void)
{
	return list_holds("New CA 2");
}

static bool is_removed(void)
{
	return !list_holds("New CA 1");
}

static bool is_in_folder(void)
{
	TEST_ANSWER ran = {0};
	RUN(&ran, "trust", "list", "-d", "work", "e1.acme.test");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	return strstr(ran.out, "New CA 2") != NULL;
}

static bool fits(const char *request_path, const char *key_path)
{
	AUTO(cw_request_free) struct cw_request *request = NULL;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	struct cw_error error;
	return cw_request_read(request_path, &request, &error) && cw_key_read(key_path, NULL, &key, &error) &&
		EVP_PKEY_eq(key, X509_REQ_get0_pubkey(cw_request_x509(request))) == 1;
}

static bool e1_has_a_request(void)
{
	return fits("work/e1/e1.acme.test.csr", "work/e1/e1.acme.test.csr.key");
}

static bool is_signed(void)
{
	AUTO(free) char *index = door_read("work/authority/index");
	return door_there("work/out.pem") && strstr(index, "c1.acme.test");
}

static bool is_split(void)
{
	TEST_ANSWER ran = {0};
	RUN(&ran, "trust", "append", "checked.pem", "--from", "work/parts");
	bool whole = ran.status == CW_EXIT_GOOD && strstr(ran.out, "Acme Root CA");
	unlink("checked.pem");
	return whole;
}

static bool ca_is_made(void)
{
	TEST_ANSWER ran = {0};
	RUN(&ran, "ca", "sign", "--ca", "work/root", "-o", "checked.pem", "request.csr");
	unlink("checked.pem");
	return ran.status == CW_EXIT_GOOD;
}

static bool issuing_is_made(void)
{
	AUTO(free) char *index = door_read("work/authority/index");
	TEST_ANSWER ran = {0};
	RUN(&ran, "ca", "sign", "--ca", "work/issuing", "-o", "checked.pem", "request.csr");
	unlink("checked.pem");
	return ran.status == CW_EXIT_GOOD && strstr(index, "Fresh Issuing CA");
}

static bool lab_is_made(void)
{
	TEST_ANSWER ran = {0};
	RUN(&ran, "check", "work/lab");
	return ran.status == CW_EXIT_GOOD;
}

static bool is_written(const char *path, const char *wanted)
{
	TEST_ANSWER ran = {0};
	RUN(&ran, "cert", "show", path);
	return ran.status == CW_EXIT_GOOD && strstr(ran.out, wanted);
}

static bool is_converted(void)
{
	return is_written("work/out.p7b", "Acme Root CA");
}

static bool chain_is_written(void)
{
	return is_written("work/chain.pem", "Public Trust Issuing CA");
}

static bool list_is_stored(void)
{
	return is_written("work/crl.pem", "revocation list");
}

static bool is_extracted(void)
{
	return system("test $(ls work/certs/*.pem | wc -l) -ge 2 -a -s work/certs/index.json") == 0;
}

static bool repair_is_written(void)
{
	TEST_ANSWER ran = {0};
	RUN(&ran, "check", "work/repaired");
	return ran.status == CW_EXIT_GOOD;
}

static bool is_imported(void)
{
	TEST_ANSWER ran = {0};
	RUN(&ran, "check", "work/imported");
	return ran.status != CW_EXIT_TROUBLE;
}

static bool node_is_made(void)
{
	return door_there("work/node/node.yaml") && door_there("work/node/version");
}

static const struct verb verbs[] = {
	{"trust append", WORDS("trust", "append", "work/c1/ca.pem", "new2/ca.pem"), is_appended, false,
		false},
	{"trust append -d", WORDS("trust", "append", "-d", "work", "e1.acme.test", "new2/ca.pem"),
		is_in_folder, false, false},
	{"trust remove", WORDS("trust", "remove", "work/c1/ca.pem", "New CA 1"), is_removed, true, false},
	{"trust move", WORDS("trust", "move", "work/c1/ca.pem", "1", "--last"), NULL, false, false},
	{"trust tidy", WORDS("trust", "tidy", "work", "--node", "c1.acme.test", "--unused", "--apply"),
		is_removed, true, true},
	{"csr new", WORDS("csr", "new", "work", "e1.acme.test", EC), e1_has_a_request, true, false},
	{"csr new --discard", WORDS("csr", "new", "work", "c1.acme.test", EC, "--discard"), NULL, false,
		false},
	{"csr discard", WORDS("csr", "discard", "work", "c1.acme.test"), NULL, true, false},
	{"cert accept", WORDS("cert", "accept", "work", "c1.acme.test", "signed.pem", "--install"), NULL,
		true, false},
	{"cert split", WORDS("cert", "split", "sound/c1/ca.pem", "--dir", "work/parts"), is_split, false,
		false},
	{"ca sign", WORDS("ca", "sign", "--ca", "work/authority", "-o", "work/out.pem", "request.csr"),
		is_signed, false, false},
	{"ca new", WORDS("ca", "new", "work/root", "--cn", "Fresh Root CA", "--key", "ec"), ca_is_made, true,
		false},
	{"ca new --parent",
		WORDS("ca", "new", "work/issuing", "--cn", "Fresh Issuing CA", "--key", "ec", "--parent",
			"work/authority"),
		issuing_is_made, true, false},
	{"lab new", WORDS("lab", "new", "work/lab", "--key", "ec"), lab_is_made, true, false},
	{"cert convert", WORDS("cert", "convert", "sound/c1/ca.pem", "-o", "work/out.p7b"), is_converted,
		false, false},
	{"cert chain", WORDS("cert", "chain", "sound/e1/server.pem", "-d", "sound", "-o", "work/chain.pem"),
		chain_is_written, false, false},
	{"capture --extract", WORDS("capture", "traffic.pcap", "--extract", "work/certs"), is_extracted,
		false, false},
	{"fix --apply", WORDS("fix", "faulty", "--apply", "work/repaired"), repair_is_written, true, false},
	{"import", WORDS("import", "sources", "-o", "work/imported"), is_imported, true, false},
	{"node init",
		WORDS("node", "init", "work/node", "--role", "expressway-e", "--fqdn", "e1.acme.test",
			"--tls-verify-name", "c1.acme.test", "--password-file", "password"),
		node_is_made, true, false},
	{"crl fetch", WORDS("crl", "fetch", "listed", "--private", "--store", "work/crl.pem"), list_is_stored,
		false, false},
};
#define VERB_COUNT (sizeof verbs / sizeof *verbs)

static bool shell(const char *command)
{
	return system(command) == 0;
}

static int make(void **state)
{
	if (door_enter(state) != 0)
		return -1;
	WANT(CW_EXIT_GOOD, "ca", "new", "new1", "--cn", "New CA 1", "--key", "ec");
	WANT(CW_EXIT_GOOD, "ca", "new", "new2", "--cn", "New CA 2", "--key", "ec");
	door_lab("sound", CW_LAB_SMALL, NULL);
	WANT(CW_EXIT_GOOD, "cert", "split", "sound/e1/ca.pem", "--dir", "sound/e1/store");
	door_edit("sound/deployment.yaml", "trusted-ca: e1/ca.pem", "trusted-ca: e1/store");
	WANT(CW_EXIT_GOOD, "trust", "append", "sound/c1/ca.pem", "new1/ca.pem");
	WANT(CW_EXIT_GOOD, "csr", "new", "sound", "c1.acme.test", EC);
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "sound/ca/private-issuing", "-o", "signed.pem",
		"sound/c1/c1.acme.test.csr");
	door_lab("listed", CW_LAB_SMALL, NULL);
	door_lab("faulty", CW_LAB_SMALL, "issuer-missing");
	door_write("password", "secret\n");
	WANT(CW_EXIT_GOOD, "lab", "export", "faulty", "--as", "bundle", "-o", "bundles");
	WANT(CW_EXIT_GOOD, "lab", "export", "faulty", "--as", "folder", "-o", "sources");
	assert_true(shell("mkdir unpacked && tar -xf bundles/*e1*.tar.gz -C unpacked && "
			  "cp $(find unpacked -name '*.pcap*' | head -1) traffic.pcap"));
	crl_server_start();
	crl_server_write(&(struct crl_server_list){
		"listed", "public-issuing", "good.crl", TEST_AT - CW_DAY, TEST_AT + 9 * CW_DAY, false});
	crl_server_name("listed", (const char *const[]){"good.crl", NULL});
	return shell("cp sound/c1/c1.acme.test.csr request.csr && cp -a sound/ca/private-issuing sound/authority")
		? 0
		: -1;
}

static pid_t start(const char *const *words)
{
	pid_t child = fork();
	if (child != 0)
		return child;
	TEST_ANSWER ran = {0};
	door_run(&ran, words);
	_exit((int)ran.status);
}

static enum cw_exit end(pid_t child)
{
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return (enum cw_exit)WEXITSTATUS(status);
}

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

static void want_whole(const struct verb *left, const struct verb *right)
{
	TEST_ANSWER ran = {0};
	RUN(&ran, "check", "work");
	if (ran.status == CW_EXIT_TROUBLE)
		fail_msg("%s and %s: the deployment cannot be read:\n%s", left->name, right->name, ran.err);
	if (door_there("work/c1/c1.acme.test.csr") &&
		!fits("work/c1/c1.acme.test.csr", "work/c1/c1.acme.test.csr.key"))
		fail_msg("%s and %s: request and key do not belong together", left->name, right->name);
	if (strstr(ran.out, "key-mismatch"))
		fail_msg("%s and %s: certificate and key do not belong together", left->name, right->name);
	left_over = 0;
	assert_int_equal(nftw("work", count_left, 16, FTW_PHYS), 0);
	if (left_over)
		fail_msg("%s and %s: %s is left", left->name, right->name, left_path);
}

static void want_said(const struct verb *verb, const struct verb *other, enum cw_exit status)
{
	if (status == CW_EXIT_GOOD && verb->done && !other->undoes && !verb->done())
		fail_msg("%s beside %s: it said that it worked, and it did not", verb->name, other->name);
	if (status != CW_EXIT_GOOD && !verb->refusable)
		fail_msg("%s beside %s: ended with %d", verb->name, other->name, (int)status);
}

static void every_two_verbs_at_once_do_what_they_say(void **state)
{
	(void)state;
	const char *how = getenv("CAUSEWAY_FAULTS");
	bool whole = how && strcmp(how, "all") == 0;
	for (size_t i = 0; i < VERB_COUNT; i++)
		for (size_t k = i; k < VERB_COUNT; k++) {
			if (!whole && i != k && (i + k) % SAMPLE)
				continue;
			assert_true(shell("rm -rf work && cp -a sound work"));
			pid_t left = start(verbs[i].words), right = start(verbs[k].words);
			enum cw_exit left_status = end(left), right_status = end(right);
			want_said(&verbs[i], &verbs[k], left_status);
			want_said(&verbs[k], &verbs[i], right_status);
			want_whole(&verbs[i], &verbs[k]);
		}
}

static int leave(void **state)
{
	crl_server_stop();
	return door_leave(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_two_verbs_at_once_do_what_they_say),
	};
	return cmocka_run_group_tests(tests, make, leave);
}
