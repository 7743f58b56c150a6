#include "base/file.h"
#include "cli/verbs.h"
#include "pki/bundle/bundle.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/tls_session.h"
#include "support/verb.h"

#include <jansson.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

/* One session as a capture file in the test's folder, and its key log. */
static void write_capture(const char *name, const struct test_tls *spec)
{
	struct test_talk talk = {0};
	struct test_traffic traffic = {0};
	AUTO_BUFFER keylog = {0};
	AUTO_BUFFER file = {0};
	char log[64];
	test_tls_run(spec, &talk, &keylog);
	test_traffic_add_talk(&traffic, &talk, &(struct test_tcp){0});
	test_traffic_pcap(&traffic, &file);
	test_folder_write(name, file.data, file.length);
	snprintf(log, sizeof log, "%s.keys", name);
	test_folder_write(log, keylog.data, keylog.length);
	test_traffic_finish(&traffic);
	test_talk_finish(&talk);
}

static char path_of[4][512];

static int set_up(void **state)
{
	test_folder_make();
	test_tls_certs_make(state);
	write_capture("up", &(struct test_tls){.mutual = true, .sni = "e1.acme.test"});
	write_capture("refused", &(struct test_tls){.client_refuses = true});
	write_capture("hidden", &(struct test_tls){.version = TLS1_3_VERSION, .mutual = true, .data = true});
	static const char *const names[] = {"up", "refused", "hidden", "hidden.keys"};
	for (size_t i = 0; i < 4; i++)
		snprintf(path_of[i], sizeof path_of[i], "%s", test_folder_path(names[i]));
	return 0;
}

static int tear_down(void **state)
{
	test_folder_remove();
	return test_tls_certs_free(state);
}

#define UP path_of[0]
#define REFUSED path_of[1]
#define HIDDEN path_of[2]
#define KEYS path_of[3]

static void must_hold(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("wanted \"%s\" in: %s", part, text);
}

static void a_connection_is_told_in_words(void **state)
{
	(void)state;
	TEST_ANSWER got = {0};
	test_run(&got, (const char *const[]){"capture", UP, NULL});
	assert_int_equal(got.status, CW_EXIT_GOOD);
	must_hold(got.out, "10.0.0.1:40000 -> 10.0.0.2:7001  TLS 1.2 TLS_");
	must_hold(got.out, "asked for e1.acme.test (SNI)");
	must_hold(got.out, "server sent 2 certificates (frame ");
	must_hold(got.out, "0  CN=e1.acme.test\n        issued by CN=Acme Issuing CA\n        SHA-256 ");
	must_hold(got.out, cw_cert_sha256_text(test_tls_certs()->server));
	must_hold(got.out, "server asked for a client certificate (frame ");
	must_hold(got.out, "of one of 1 CA:\n        CN=Acme Root\n");
	must_hold(got.out, "client sent 2 certificates");
	must_hold(got.out, "=> up: the handshake was completed");
	must_hold(got.out, "1 TLS connection in 1 TCP connection,");
}

static void a_refusal_names_side_and_cause_and_ends_with_1(void **state)
{
	(void)state;
	TEST_ANSWER got = {0};
	test_run(&got, (const char *const[]){"capture", REFUSED, NULL});
	assert_int_equal(got.status, CW_EXIT_REFUSED);
	must_hold(got.out, "=> refused by the client, alert unknown_ca (frame ");
	must_hold(got.out, "the client does not trust the CA of the peer's certificate");
	must_hold(got.out,
		"      > append the CA that issued the refused certificate to the trust list of the side");
	must_hold(got.out, "1 refused");
}

static void what_tls_13_hides_is_said_and_shown_with_keys(void **state)
{
	(void)state;
	TEST_ANSWER without = {0};
	test_run(&without, (const char *const[]){"capture", HIDDEN, NULL});
	must_hold(without.out, "TLS 1.3 encrypts the certificates; a key log (--keylog) would show them");
	assert_null(strstr(without.out, "CN="));
	TEST_ANSWER with = {0};
	test_run(&with, (const char *const[]){"capture", HIDDEN, "--keylog", KEYS, NULL});
	must_hold(with.out, "server sent 2 certificates (frame ");
	must_hold(with.out, ", decrypted)");
	must_hold(with.out, "client sent 2 certificates");
}

static json_t *first_line(const char *text)
{
	json_error_t error;
	json_t *object = json_loads(text, JSON_DISABLE_EOF_CHECK, &error);
	if (!object)
		fail_msg("%s in %s", error.text, text);
	return object;
}

static void json_is_one_object_a_line(void **state)
{
	(void)state;
	TEST_ANSWER got = {0};
	test_run(&got, (const char *const[]){"capture", "-f", "json", REFUSED, NULL});
	assert_int_equal(got.status, CW_EXIT_REFUSED);
	json_t *connection = first_line(got.out);
	const char *outcome, *by, *alert, *sha256, *from;
	int port, code;
	assert_int_equal(
		json_unpack(connection, "{s:s, s:s, s:s, s:{s:i}, s:[{s:s, s:[{s:s}, {}]}], s:[{s:i}]}",
			"outcome", &outcome, "refused_by", &by, "alert", &alert, "server", "port", &port,
			"chains", "from", &from, "certificates", "sha256", &sha256, "alerts", "code", &code),
		0);
	assert_string_equal(outcome, "refused");
	assert_string_equal(by, "client");
	assert_string_equal(alert, "unknown_ca");
	assert_string_equal(from, "server");
	assert_string_equal(sha256, cw_cert_sha256_text(test_tls_certs()->server));
	assert_int_equal(port, 7001);
	assert_int_equal(code, 48);
	json_decref(connection);
	const char *second = strchr(got.out, '\n') + 1;
	json_t *summary = first_line(second);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(summary, "summary"), "refused")), 1);
	json_decref(summary);
	assert_null(strchr(strchr(second, '\n') + 1, '\n'));
}

static void certificates_are_written_with_an_index(void **state)
{
	(void)state;
	static const struct {
		const char *words[5];
		const char *ending;
	} rows[] = {
		{{NULL}, "pem"},
		{{"--extract-format", "der"}, "der"},
		{{"--extract-format", "der", "--extract-cer"}, "cer"},
	};
	const struct test_tls_certs *certs = test_tls_certs();
	const struct cw_cert *wanted[] = {certs->server, certs->middle, certs->client};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char folder[512], name[700];
		struct cw_error error;
		AUTO_BUFFER index = {0};
		snprintf(folder, sizeof folder, "%s", test_folder_path(rows[i].ending));
		TEST_ANSWER got = {0};
		test_run(&got,
			(const char *const[]){"capture", UP, "--extract", folder, rows[i].words[0],
				rows[i].words[1], rows[i].words[2], NULL});
		assert_int_equal(got.status, CW_EXIT_GOOD);
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		for (size_t k = 0; k < 3; k++) {
			AUTO_BUNDLE bundle = {0};
			snprintf(name, sizeof name, "%s/%s-%s.%s", folder,
				k == 1 ? "Acme_Issuing_CA" : cw_cert_common_name(wanted[k]),
				cw_cert_sha256_text(wanted[k]), rows[i].ending);
			if (!cw_bundle_read(name, name, NULL, pool, &bundle, &error))
				fail_msg("%s", error.message);
			assert_true(cw_cert_same(bundle.entries[0].cert, wanted[k]));
		}
		snprintf(name, sizeof name, "%s/index.json", folder);
		assert_true(cw_file_read(name, 100000, &index, &error));
		json_t *list = first_line(index.data);
		assert_int_equal(json_array_size(list), 3);
		assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "subject")),
			"CN=e1.acme.test");
		json_decref(list);
	}
}

static void what_cannot_be_asked_ends_with_2(void **state)
{
	(void)state;
	const struct {
		const char *words[6];
		const char *want;
	} rows[] = {
		{{"capture"}, "wanted a capture FILE (- is standard input), or -i"},
		{{"capture", UP, "-i", "lo"}, "wanted either FILE or -i"},
		{{"capture", "/nonexistent"}, "/nonexistent: cannot open: No such file"},
		{{"capture", "/"}, "/: is a folder"},
		{{"capture", KEYS}, "is no capture file; wanted pcap or pcapng"},
		{{"capture", UP, "--filter", "port banana"}, "filter \"port banana\": "},
		{{"capture", UP, "--keylog", UP}, "is no key log; wanted lines like"},
		{{"capture", UP, "--host", "a=10.0.0.1"}, "--host and --at want --deployment"},
		{{"capture", UP, "--extract-cer"}, "wants --extract DIR"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		TEST_ANSWER got = {0};
		test_run(&got, rows[i].words);
		assert_int_equal(got.status, CW_EXIT_TROUBLE);
		must_hold(got.err, rows[i].want);
	}
}

static void an_answer_that_cannot_be_had_leaves_the_old_file(void **state)
{
	(void)state;
	TEST_ANSWER good = {0};
	TEST_ANSWER bad = {0};
	TEST_ANSWER nowhere = {0};
	AUTO_BUFFER file = {0};
	struct cw_error error;
	const char *answer = test_folder_path("answer");
	test_run(&good, (const char *const[]){"capture", "-o", answer, UP, NULL});
	assert_int_equal(good.status, CW_EXIT_GOOD);
	assert_string_equal(good.out, "");
	test_run(&bad, (const char *const[]){"capture", "-o", answer, "/nonexistent", NULL});
	assert_int_equal(bad.status, CW_EXIT_TROUBLE);
	assert_true(cw_file_read(answer, 100000, &file, &error));
	must_hold(file.data, "CN=e1.acme.test");
	test_run(&nowhere, (const char *const[]){"capture", "-o", "/nonexistent/x", UP, NULL});
	assert_int_equal(nowhere.status, CW_EXIT_TROUBLE);
	must_hold(nowhere.err, "/nonexistent/x: cannot write: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_is_told_in_words),
		cmocka_unit_test(a_refusal_names_side_and_cause_and_ends_with_1),
		cmocka_unit_test(what_tls_13_hides_is_said_and_shown_with_keys),
		cmocka_unit_test(json_is_one_object_a_line),
		cmocka_unit_test(certificates_are_written_with_an_index),
		cmocka_unit_test(what_cannot_be_asked_ends_with_2),
		cmocka_unit_test(an_answer_that_cannot_be_had_leaves_the_old_file),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
