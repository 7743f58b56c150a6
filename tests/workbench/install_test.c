/*
 * What the upload gate has accepted is installed, and round trips from request to a deployment that passes.
 */
#include "front_door.h"

#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EC "--key", "ecdsa:256"

static void installing_keeps_the_former_one_and_says_what_to_restart(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	struct stat status;
	door_lab("install", CW_LAB_CLUSTER, NULL);
	AUTO(free) char *before = door_read("install/c1/server.pem");
	WANT(CW_EXIT_GOOD, "csr", "new", "install", "c1.acme.test", EC);
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "install/ca/private-issuing", "-o", "in.pem",
		"install/c1/c1.acme.test.csr");
	RUN(&ran, "cert", "accept", "install", "c1.acme.test", "in.pem", "--install");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_golden("accept-install", ran.out);
	AUTO(free) char *former = door_read("install/c1/server.pem.former");
	AUTO(free) char *now = door_read("install/c1/server.pem");
	AUTO(free) char *given = door_read("in.pem");
	assert_string_equal(former, before);
	assert_string_equal(now, given);
	assert_int_equal(stat("install/c1/privkey.pem", &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_false(door_there("install/c1/c1.acme.test.csr"));
	assert_false(door_there("install/c1/c1.acme.test.csr.key"));
	want_no_text(ran.out, "PRIVATE KEY");
	WANT(CW_EXIT_GOOD, "check", "install");
}

static void a_shared_certificate_goes_peer_by_peer(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	door_lab("shared", CW_LAB_CLUSTER, NULL);
	WANT(CW_EXIT_GOOD, "csr", "new", "shared", "e1.acme.test", "--shared", EC);
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "shared/ca/public-issuing", "-o", "sh.pem",
		"shared/e1/e1.acme.test.csr");
	RUN(&ran, "cert", "accept", "shared", "e1.acme.test", "sh.pem", "--install");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_golden("accept-shared-primary", ran.out);
	RUN(&ran, "cert", "accept", "shared", "e2.acme.test", "sh.pem", "--key", "shared/e1/privkey.pem",
		"--install");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_golden("accept-shared-peer", ran.out);
	RUN(&ran, "check", "shared", "--all");
	assert_int_equal(ran.status, CW_EXIT_GOOD);
	want_text(ran.out, "shared-key"); /* the seed's warning stays */
}

/* From the request to a deployment that is judged as well as before: every role, release and cluster shape.
 */
static void round_trips_end_in_a_deployment_that_passes(void **state)
{
	(void)state;
	static const char *const releases[] = {"X12.5", "X14.0.8", "X14.2", "X15.4", "X15.5"};
	static const struct {
		enum cw_lab_size size;
		const char *node, *folder, *identity, *ca;
	} rows[] = {
		{CW_LAB_SMALL, "c1.acme.test", "c1", "server", "private-issuing"},
		{CW_LAB_SMALL, "e1.acme.test", "e1", "server", "public-issuing"},
		{CW_LAB_SMALL, "pub.acme.test", "pub", "tomcat", "private-issuing"},
		{CW_LAB_SMALL, "pub.acme.test", "pub", "callmanager", "private-issuing"},
		{CW_LAB_CLUSTER, "c2.acme.test", "c2", "server", "private-issuing"},
		{CW_LAB_CLUSTER, "e2.acme.test", "e2", "server", "public-issuing"},
		{CW_LAB_CLUSTER, "sub1.acme.test", "sub1", "callmanager", "private-issuing"},
		{CW_LAB_CLUSTER, "imp1.acme.test", "imp1", "tomcat", "private-issuing"},
		{CW_LAB_CLUSTER, "unity1.acme.test", "unity1", "tomcat", "private-issuing"},
	};
	for (size_t r = 0; r < sizeof releases / sizeof *releases; r++) {
		const char *labs[2] = {
			r % 2 ? "trip-small-b" : "trip-small", r % 2 ? "trip-two-b" : "trip-two"};
		AUTO_BUFFER remove_labs = {0};
		cw_buffer_printf(&remove_labs, "rm -rf %s %s", labs[0], labs[1]);
		assert_int_equal(system(cw_buffer_string(&remove_labs)), 0);
		for (size_t i = 0; i < 2; i++) {
			AUTO_BUFFER yaml = {0}, release = {0};
			door_lab(labs[i], i ? CW_LAB_CLUSTER : CW_LAB_SMALL, NULL);
			cw_buffer_printf(&yaml, "%s/deployment.yaml", labs[i]);
			cw_buffer_printf(&release, "release: %s ", releases[r]);
			if (strcmp(releases[r], "X14.2") == 0)
				continue;
			door_edit(cw_buffer_string(&yaml), "release: X14.2", cw_buffer_string(&release));
			door_edit(cw_buffer_string(&yaml), "release: X14.2", cw_buffer_string(&release));
		}
		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
			AUTO_BUFFER csr = {0}, ca = {0};
			const char *lab = labs[rows[i].size != CW_LAB_SMALL];
			cw_buffer_printf(&csr, "%s/%s/%s.csr", lab, rows[i].folder, rows[i].node);
			cw_buffer_printf(&ca, "%s/ca/%s", lab, rows[i].ca);
			WANT(CW_EXIT_GOOD, "csr", "new", lab, rows[i].node, "--identity", rows[i].identity,
				EC);
			WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", cw_buffer_string(&ca), "-o", "trip.pem",
				cw_buffer_string(&csr));
			WANT(CW_EXIT_GOOD, "cert", "accept", lab, rows[i].node, "--identity",
				rows[i].identity, "trip.pem", "--install");
		}
		for (size_t i = 0; i < 2; i++) {
			TEST_ANSWER ran = {0};
			RUN(&ran, "check", labs[i], "-f", "json");
			if (ran.status != CW_EXIT_GOOD)
				fail_msg("%s %s: %s%s", releases[r], labs[i], ran.out, ran.err);
			want_text(ran.out, "\"refused\": 0");
		}
	}
}

static void an_encrypted_key_is_installed_plain_with_its_password(void **state)
{
	(void)state;
	TEST_ANSWER ran = {0};
	struct stat status;
	door_lab("secret", CW_LAB_SMALL, NULL);
	door_write("password", "one two three\n");
	AUTO(free) char *before = door_read("secret/c1/server.pem");
	WANT(CW_EXIT_GOOD, "csr", "new", "secret", "c1.acme.test", EC, "--password-file", "password");
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "secret/ca/private-issuing", "-o", "se.pem",
		"secret/c1/c1.acme.test.csr");
	RUN(&ran, "cert", "accept", "secret", "c1.acme.test", "se.pem", "--install");
	assert_int_equal(ran.status, CW_EXIT_TROUBLE);
	want_text(ran.err, "--password-file: secret/c1/c1.acme.test.csr.key");
	AUTO(free) char *after = door_read("secret/c1/server.pem");
	assert_string_equal(after, before);
	WANT(CW_EXIT_GOOD, "cert", "accept", "secret", "c1.acme.test", "se.pem", "--install",
		"--password-file", "password");
	assert_int_equal(stat("secret/c1/privkey.pem", &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	WANT(CW_EXIT_GOOD, "check", "secret");
}

/* X15.5: a client store of its own. */
static void a_client_certificate_goes_round_too(void **state)
{
	(void)state;
	door_lab("client", CW_LAB_SMALL, NULL);
	WANT(CW_EXIT_TROUBLE, "csr", "new", "client", "c1.acme.test", "--identity", "client", EC);
	door_edit("client/deployment.yaml", "expressway-c:\n  release: X14.2",
		"expressway-c:\n  release: X15.5");
	door_edit("client/deployment.yaml", "expressway-e:\n  release: X14.2",
		"expressway-e:\n  release: X15.5");
	WANT(CW_EXIT_GOOD, "csr", "new", "client", "c1.acme.test", "--identity", "client", EC);
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "client/ca/private-issuing", "--template", "client", "-o",
		"cl.pem", "client/c1/c1.acme.test.csr");
	WANT(CW_EXIT_REFUSED, "cert", "accept", "client", "c1.acme.test", "cl.pem");
	WANT(CW_EXIT_GOOD, "cert", "accept", "client", "c1.acme.test", "cl.pem", "--identity", "client",
		"--install");
	door_edit("client/deployment.yaml", "server: c1/server.pem",
		"server: c1/server.pem\n      client: c1/client.pem\n      client-key: "
		"c1/client-privkey.pem");
	WANT(CW_EXIT_GOOD, "check", "client");
}

static void a_node_without_a_certificate_gets_its_first_one(void **state)
{
	(void)state;
	door_lab("first", CW_LAB_SMALL, NULL);
	door_edit("first/deployment.yaml", "server: c1/server.pem\n      key: c1/privkey.pem",
		"server: unknown");
	unlink("first/c1/server.pem");
	unlink("first/c1/privkey.pem");
	WANT(CW_EXIT_GOOD, "csr", "new", "first", "c1.acme.test", EC);
	WANT(CW_EXIT_GOOD, "ca", "sign", "--ca", "first/ca/private-issuing", "-o", "fi.pem",
		"first/c1/c1.acme.test.csr");
	WANT(CW_EXIT_GOOD, "cert", "accept", "first", "c1.acme.test", "fi.pem", "--install");
	door_edit("first/deployment.yaml", "server: unknown",
		"server: c1/server.pem\n      key: c1/privkey.pem");
	WANT(CW_EXIT_GOOD, "check", "first");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(installing_keeps_the_former_one_and_says_what_to_restart),
		cmocka_unit_test(a_shared_certificate_goes_peer_by_peer),
		cmocka_unit_test(round_trips_end_in_a_deployment_that_passes),
		cmocka_unit_test(an_encrypted_key_is_installed_plain_with_its_password),
		cmocka_unit_test(a_client_certificate_goes_round_too),
		cmocka_unit_test(a_node_without_a_certificate_gets_its_first_one),
	};
	return cmocka_run_group_tests(tests, door_enter, door_leave);
}
