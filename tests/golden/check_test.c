/* What `check` promises beside its words: JSON for programs, exit status, several deployments, secrets,
 * pipes. */
#include "base/file.h"
#include "lab/lab.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/verb.h"

#include <jansson.h>
#include <signal.h>
#include <unistd.h>

static char sound[512], faulty[512];

static void make_lab(const char *name, const char *fault, char path[512])
{
	struct cw_error error;
	snprintf(path, 512, "%s", test_folder_path(name));
	struct cw_lab_options options = {
		.folder = path, .key = "ec", .at = TEST_AT, .faults = &fault, .fault_count = fault ? 1 : 0};
	if (!cw_lab_new(&options, &error))
		fail_msg("%s", error.message);
}

static int make(void **state)
{
	(void)state;
	test_folder_make();
	make_lab("sound", NULL, sound);
	make_lab("faulty", "issuer-missing", faulty);
	return 0;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "(none)";
}

static const json_t *find(const json_t *array, const char *key, const char *value)
{
	size_t i;
	const json_t *item;
	json_array_foreach(array, i, item)
	{
		if (strcmp(text_of(item, key), value) == 0)
			return item;
	}
	fail_msg("nothing has %s %s", key, value);
	return NULL;
}

static json_t *check_json(const char *folder)
{
	TEST_ANSWER got = {0};
	RUN(&got, "check", "-f", "json", folder);
	json_error_t error;
	json_t *report = json_loads(got.out, 0, &error);
	if (!report)
		fail_msg("%s in %s", error.text, got.out);
	return report;
}

static void json_has_the_promised_shape(void **state)
{
	(void)state;
	json_t *report = check_json(faulty);
	assert_int_equal(json_integer_value(json_object_get(report, "causeway")), 1);
	assert_string_equal(text_of(report, "deployment"), "acme");
	assert_string_equal(text_of(report, "at"), "2026-11-20T12:00:00Z");
	const json_t *summary = json_object_get(report, "summary");
	static const char *const counts[] = {"links", "pass", "warn", "refused", "unknown"};
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		assert_true(json_is_integer(json_object_get(summary, counts[i])));
	const json_t *links = json_object_get(report, "links");
	assert_int_equal(json_array_size(links), json_integer_value(json_object_get(summary, "links")));
	const json_t *service = find(json_object_get(report, "services"), "endpoint", "laptop");
	assert_string_equal(text_of(service, "service"), "sign-in");
	assert_string_equal(text_of(service, "state"), "dead");
	const json_t *because = json_object_get(service, "because");
	assert_string_equal(
		json_string_value(json_array_get(because, 0)), "tunnel c1.acme.test e1.acme.test");
	assert_true(json_is_array(
		json_object_get(find(json_object_get(report, "nodes"), "node", "e1.acme.test"), "findings")));
	json_decref(report);
}

static void a_refused_link_says_who_why_and_what_repairs_it(void **state)
{
	(void)state;
	json_t *report = check_json(faulty);
	const json_t *link = find(json_object_get(report, "links"), "id", "tunnel c1.acme.test e1.acme.test");
	static const char *const want[][2] = {{"kind", "tunnel"}, {"client", "c1.acme.test"},
		{"server", "e1.acme.test"}, {"address", "e1.acme.test"}, {"verdict", "refused"},
		{"refused_by", "c1.acme.test"}};
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
		assert_string_equal(text_of(link, want[i][0]), want[i][1]);
	assert_int_equal(json_integer_value(json_object_get(link, "port")), 2222);
	const json_t *finding = json_array_get(json_object_get(link, "findings"), 0);
	static const char *const want_finding[][2] = {{"code", "issuer-missing"}, {"severity", "refused"},
		{"judge", "c1.acme.test"}, {"store", "trusted-ca"},
		{"vendor_text", "No SSH tunnels have been established"}};
	for (size_t i = 0; i < sizeof want_finding / sizeof want_finding[0]; i++)
		assert_string_equal(text_of(finding, want_finding[i][0]), want_finding[i][1]);
	assert_true(json_is_true(json_object_get(finding, "reached")));
	assert_int_equal(json_integer_value(json_object_get(finding, "depth")), 1);
	const json_t *remedy = json_object_get(finding, "remedy");
	assert_string_equal(text_of(remedy, "action"), "append");
	assert_string_equal(text_of(remedy, "node"), "c1.acme.test");
	assert_string_equal(text_of(remedy, "store"), "trusted-ca");
	assert_string_equal(text_of(remedy, "from"), "e1/ca.pem");
	assert_string_equal(text_of(remedy, "sha256"), text_of(finding, "sha256"));
	json_decref(report);
}

static void a_passing_link_has_null_where_nothing_applies(void **state)
{
	(void)state;
	json_t *report = check_json(sound);
	const json_t *link =
		find(json_object_get(report, "links"), "id", "traversal c1.acme.test e1.acme.test");
	assert_true(json_is_null(json_object_get(link, "refused_by")));
	assert_int_equal(json_array_size(json_object_get(link, "findings")), 0);
	json_decref(report);
}

static void several_deployments_are_one_object_a_line(void **state)
{
	(void)state;
	TEST_ANSWER got = {0};
	RUN(&got, "check", "-f", "json", sound, faulty);
	assert_int_equal(got.status, CW_EXIT_REFUSED);
	size_t lines = 0;
	for (char *line = strtok(got.out, "\n"); line; line = strtok(NULL, "\n"), lines++) {
		json_t *report = json_loads(line, 0, NULL);
		assert_non_null(report);
		json_decref(report);
	}
	assert_int_equal(lines, 2);
}

static void several_reports_for_people_have_titles(void **state)
{
	(void)state;
	TEST_ANSWER got = {0};
	RUN(&got, "check", sound, faulty);
	assert_memory_equal(got.out, "=== acme\n", 9);
	assert_non_null(strstr(got.out, "\n\n=== acme\n"));
}

static void the_exit_status_tells_refused_from_not_asked(void **state)
{
	(void)state;
	const struct {
		const char *words[4];
		enum cw_exit want;
	} status_rows[] = {
		{{"check", sound}, CW_EXIT_GOOD},
		{{"check", faulty}, CW_EXIT_REFUSED},
		{{"check", "/nowhere"}, CW_EXIT_TROUBLE},
		{{"check", "/nowhere", faulty}, CW_EXIT_TROUBLE},
		{{"check", sound, "--at=+400d"}, CW_EXIT_REFUSED},
		{{"check", sound, "--at=someday"}, CW_EXIT_TROUBLE},
		{{"check", faulty, "--profile=rfc5280"}, CW_EXIT_REFUSED},
		{{"check", faulty, "--format=yaml"}, CW_EXIT_TROUBLE},
		{{"check"}, CW_EXIT_TROUBLE},
	};
	for (size_t i = 0; i < sizeof status_rows / sizeof status_rows[0]; i++) {
		TEST_ANSWER got = {0};
		test_run(&got, status_rows[i].words);
		if (got.status != status_rows[i].want)
			fail_msg("row %zu: exit status %d, wanted %d: %s", i, got.status, status_rows[i].want,
				got.err);
		assert_int_equal(got.status == CW_EXIT_TROUBLE, got.err[0] != '\0');
	}
}

static void what_can_be_judged_is_shown_beside_what_cannot_be_read(void **state)
{
	(void)state;
	TEST_ANSWER got = {0};
	RUN(&got, "check", "/nowhere", sound);
	assert_non_null(strstr(got.err, "/nowhere"));
	assert_non_null(strstr(got.out, "sign-in works"));
}

static void no_answer_leaves_no_report_and_spares_the_old_one(void **state)
{
	(void)state;
	static const char *const forms[] = {
		"--format=text", "--format=json", "--format=html", "--format=junit"};
	const char *path = test_folder_write("old", "kept", 4);
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		TEST_ANSWER got = {0}, to_file = {0};
		RUN(&got, "check", forms[i], "/nowhere");
		assert_int_equal(got.status, CW_EXIT_TROUBLE);
		assert_string_equal(got.out, "");
		RUN(&to_file, "check", forms[i], "-o", path, "/nowhere");
		AUTO_BUFFER file = {0};
		struct cw_error error;
		assert_true(cw_file_read(path, 100, &file, &error));
		assert_string_equal(cw_buffer_string(&file), "kept");
	}
}

static void every_problem_of_a_deployment_file_is_told_at_once(void **state)
{
	(void)state;
	static const char yaml[] =
		"causeway: 1\nexpressway-c:\n  releese: X14.2\n  nodes: [{fqdn: c1}]\nendpionts: []\n";
	const char *path = test_folder_write("wrong/deployment.yaml", yaml, sizeof yaml - 1);
	TEST_ANSWER got = {0};
	RUN(&got, "check", path);
	assert_int_equal(got.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(got.err, "deployment.yaml:3:3: "));
	assert_non_null(strstr(got.err, "\"release\""));
	assert_non_null(strstr(got.err, "deployment.yaml:5:1: "));
	assert_non_null(strstr(got.err, "\"endpoints\""));
}

static void no_password_is_in_any_report(void **state)
{
	(void)state;
	char differs[512];
	make_lab("differs", "credentials-differ", differs);
	static const char *const forms[] = {
		"--format=text", "--format=json", "--format=html", "--format=junit"};
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		TEST_ANSWER got = {0};
		RUN(&got, "check", "--all", forms[i], differs);
		assert_int_equal(got.status, CW_EXIT_REFUSED);
		assert_non_null(strstr(got.out, "credentials-differ"));
		assert_null(strstr(got.out, "lab-password"));
		assert_null(strstr(got.out, "lab-"));
	}
}

static void a_reader_that_goes_away_is_no_trouble(void **state)
{
	(void)state;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	void (*before)(int) = signal(SIGPIPE, SIG_IGN); /* as main does */
	FILE *out = fdopen(ends[1], "w");
	char *words[] = {(char *)"check", faulty};
	assert_int_equal(cw_verbs_run(words, 2, out, stderr, TEST_AT, false), CW_EXIT_REFUSED);
	fclose(out);
	signal(SIGPIPE, before);
}

static void colour_is_for_terminals_and_never_for_files(void **state)
{
	(void)state;
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	char *words[] = {(char *)"check", faulty};
	cw_verbs_run(words, 2, out, stderr, TEST_AT, true);
	fclose(out);
	assert_non_null(strstr(text, "\033[1;31mrefused\033[0m"));
	free(text);
	char path[512];
	snprintf(path, sizeof path, "%s", test_folder_path("report.txt"));
	char *to_file[] = {(char *)"check", faulty, (char *)"-o", path};
	cw_verbs_run(to_file, 4, stdout, stderr, TEST_AT, true);
	AUTO_BUFFER file = {0};
	struct cw_error error;
	assert_true(cw_file_read(path, 100000, &file, &error));
	assert_null(strchr(cw_buffer_string(&file), '\033'));
	assert_non_null(strstr(cw_buffer_string(&file), "refused"));
}

static void cert_verify_asks_the_same_judge(void **state)
{
	(void)state;
	char list[600], leaf[600], issuer[600];
	snprintf(list, sizeof list, "%s/c1/ca.pem", faulty);
	snprintf(leaf, sizeof leaf, "%s/e1/server.pem", faulty);
	snprintf(issuer, sizeof issuer, "%s/e1/ca.pem", faulty);
	TEST_ANSWER alone = {0}, with = {0}, tunnel = {0}, name = {0}, nothing = {0};
	RUN(&alone, "cert", "verify", "--trusted-ca", list, leaf);
	assert_int_equal(alone.status, CW_EXIT_REFUSED);
	assert_non_null(strstr(alone.out, "issuer-missing"));
	assert_non_null(strstr(alone.out, " - Not Trusted!"));
	RUN(&with, "cert", "verify", "--trusted-ca", list, "--untrusted", issuer, leaf);
	assert_int_equal(with.status, CW_EXIT_GOOD);
	assert_non_null(strstr(with.out, "trusted and chain complete!"));
	RUN(&tunnel, "cert", "verify", "--trusted-ca", list, "--untrusted", issuer, "--profile", "tunnel",
		"-f", "json", leaf);
	json_t *judgement = json_loads(tunnel.out, 0, NULL);
	assert_string_equal(text_of(judgement, "verdict"), "refused");
	assert_string_equal(text_of(judgement, "profile"), "tunnel");
	assert_string_equal(
		text_of(json_array_get(json_object_get(judgement, "findings"), 0), "code"), "issuer-missing");
	json_decref(judgement);
	RUN(&name, "cert", "verify", "--trusted-ca", list, "--untrusted", issuer, "--name", "other.test",
		leaf);
	assert_non_null(strstr(name.out, "peer-name-mismatch"));
	RUN(&nothing, "cert", "verify", leaf);
	assert_int_equal(nothing.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(nothing.err, "wanted --trusted-ca"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_has_the_promised_shape),
		cmocka_unit_test(a_refused_link_says_who_why_and_what_repairs_it),
		cmocka_unit_test(a_passing_link_has_null_where_nothing_applies),
		cmocka_unit_test(several_deployments_are_one_object_a_line),
		cmocka_unit_test(several_reports_for_people_have_titles),
		cmocka_unit_test(the_exit_status_tells_refused_from_not_asked),
		cmocka_unit_test(what_can_be_judged_is_shown_beside_what_cannot_be_read),
		cmocka_unit_test(no_answer_leaves_no_report_and_spares_the_old_one),
		cmocka_unit_test(every_problem_of_a_deployment_file_is_told_at_once),
		cmocka_unit_test(no_password_is_in_any_report),
		cmocka_unit_test(a_reader_that_goes_away_is_no_trouble),
		cmocka_unit_test(colour_is_for_terminals_and_never_for_files),
		cmocka_unit_test(cert_verify_asks_the_same_judge),
	};
	return cmocka_run_group_tests(tests, make, test_folder_teardown);
}
