/*
 * Rehearsals: what the verb says and returns, that a difference is found, that two of them never meet, and
 * that the stand_ins stays up and cleans up behind itself.
 */
#include "base/file.h"
#include "config/load.h"
#include "lab/lab.h"
#include "rehearse/rehearsal.h"
#include "rehearse/serve.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/verb.h"

#include "report/json.h"
#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *make_lab(const char *name, const char *fault)
{
	struct cw_error error;
	const char *folder = test_folder_path(name);
	struct cw_lab_options lab = {
		.folder = folder, .key = "ec", .at = TEST_AT, .faults = &fault, .fault_count = fault ? 1 : 0};
	if (!cw_lab_new(&lab, &error))
		fail_msg("%s", error.message);
	return folder;
}

static void a_sound_deployment_comes_up_and_returns_0(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	RUN(&answer, "rehearse", make_lab("sound", NULL));
	assert_int_equal(answer.status, CW_EXIT_GOOD);
	assert_string_equal(answer.err, "");
	assert_non_null(strstr(answer.out, "pass       pass     up, TLSv1.3"));
	assert_non_null(strstr(answer.out, "Everything went as predicted."));
	assert_null(strstr(answer.out, "DIFFER"));
}

static void a_refusal_shows_who_why_and_the_alert_on_both_sides(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	RUN(&answer, "rehearse", make_lab("refused", "root-missing"), "--tls", "1.2");
	assert_int_equal(answer.status, CW_EXIT_REFUSED);
	assert_non_null(strstr(answer.out, "refused    refused  in TLS"));
	assert_non_null(strstr(answer.out, "refused: root-missing; alert unknown_ca, sent and seen"));
	assert_non_null(strstr(answer.out, "TLSv1.2"));
	assert_null(strstr(answer.out, "TLSv1.3"));
}

static void a_wrong_password_is_told_apart_from_certificates(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	RUN(&answer, "rehearse", make_lab("password", "credentials-differ"));
	assert_int_equal(answer.status, CW_EXIT_REFUSED);
	assert_non_null(strstr(answer.out, "in the zone's digest"));
	assert_null(strstr(answer.out, "secret"));
}

static void a_missing_phone_profile_is_a_403_over_good_tls(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	RUN(&answer, "rehearse", make_lab("profile", "phone-profile-missing"), "-f", "json");
	AUTO(json_decref) json_t *report = json_loads(answer.out, 0, NULL);
	assert_non_null(report);
	size_t i, found = 0;
	json_t *link;
	json_array_foreach(json_object_get(report, "links"), i, link)
	{
		if (strcmp(json_string_value(json_object_get(link, "kind")), "sip-out") != 0)
			continue;
		found++;
		assert_string_equal(json_string_value(json_object_get(link, "state")), "refused");
		assert_string_equal(json_string_value(json_object_get(link, "layer")), "sip");
		json_t *end = json_object_get(link, "server_end");
		assert_true(json_is_true(json_object_get(end, "handshake_done")));
		assert_true(json_is_null(json_object_get(end, "alert_sent")));
	}
	assert_true(found > 0);
}

/* Tunnels need OpenSSH, and an account where we are root. */
static bool tunnels_can_be_made(const struct test_answer *answer)
{
	if (!strstr(answer->out, "no tunnel can be made on this machine"))
		return true;
	print_message("skipped: %s\n", strstr(answer->out, "no tunnel can be made"));
	return false;
}

/* The intermediate of E's new certificate is on the wire and not in C's list. */
static void a_zone_that_is_up_with_its_tunnel_down_is_seen_and_who_is_cut_off_comes_first(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	RUN(&answer, "rehearse", make_lab("down", "issuer-missing"));
	if (!tunnels_can_be_made(&answer))
		skip();
	assert_int_equal(answer.status, CW_EXIT_REFUSED);
	assert_ptr_equal(strstr(answer.out, "sign-in is dead for "), answer.out);
	assert_non_null(
		strstr(answer.out, "traversal  c1.acme.test -> e1.acme.test:7001    pass       pass"));
	assert_non_null(strstr(
		answer.out, "tunnel     c1.acme.test -> e1.acme.test:2222    refused    refused  in SSH"));
	assert_non_null(strstr(answer.out, "c1.acme.test refused: issuer-missing; does not dial"));
	assert_non_null(strstr(answer.out, "SSH tunnels that are down"));
}

static void a_tunnel_without_its_zone_is_refused_with_it(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	RUN(&answer, "rehearse", make_lab("no-zone", "credentials-differ"));
	assert_int_equal(answer.status, CW_EXIT_REFUSED);
	assert_non_null(
		strstr(answer.out, "e1.acme.test refused: traversal-refused; without a zone, nobody dials"));
}

/* `from` with the first `old` replaced in the file; of the lab's own words, so it is there. */
static void replace_in(const char *folder, const char *name, const char *old, const char *new)
{
	AUTO_BUFFER text = {0}, changed = {0};
	struct cw_error error;
	AUTO(free) char *path = cw_file_path(folder, name);
	if (!path || !cw_file_read(path, 1 << 20, &text, &error))
		fail_msg("%s", error.message);
	const char *whole = cw_buffer_string(&text), *at = strstr(whole, old);
	assert_non_null(at);
	cw_buffer_printf(&changed, "%.*s%s%s", (int)(at - whole), whole, new, at + strlen(old));
	FILE *file = fopen(path, "w");
	assert_true(file && fwrite(changed.data, 1, changed.length, file) == changed.length);
	assert_int_equal(fclose(file), 0);
}

/* Expressway-E takes the intermediate from the wire for the zone, and from its own list alone for the tunnel. */
static void a_key_that_expressway_e_does_not_let_in_is_its_refusal(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	AUTO_BUFFER issuing = {0};
	struct cw_error error;
	const char *folder = make_lab("not-let-in", NULL);
	AUTO(free) char *path = cw_file_path(folder, "ca/private-issuing/ca.pem");
	if (!path || !cw_file_read(path, 1 << 20, &issuing, &error))
		fail_msg("%s", error.message);
	const char *begin = strstr(cw_buffer_string(&issuing), "-----BEGIN");
	assert_non_null(begin);
	replace_in(folder, "e1/ca.pem", begin, "");
	RUN(&answer, "rehearse", folder);
	if (!tunnels_can_be_made(&answer))
		skip();
	assert_int_equal(answer.status, CW_EXIT_REFUSED);
	assert_non_null(
		strstr(answer.out, "traversal  c1.acme.test -> e1.acme.test:7001    pass       pass"));
	assert_non_null(strstr(
		answer.out, "tunnel     c1.acme.test -> e1.acme.test:2222    refused    refused  in SSH"));
	assert_non_null(strstr(answer.out, "c1.acme.test dialled, and its key was not let in"));
	assert_null(strstr(answer.out, "DIFFER"));
}

static void what_hangs_on_a_link_that_cannot_be_made_is_no_pass(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	const char *folder = make_lab("unknown", NULL);
	replace_in(folder, "deployment.yaml", "server: e1/server.pem", "server: unknown");
	RUN(&answer, "rehearse", folder, "-f", "json");
	AUTO(json_decref) json_t *report = json_loads(answer.out, 0, NULL);
	assert_non_null(report);
	static const struct {
		const char *kind, *want_note;
	} rows[] = {
		{"traversal", "the server certificate of e1.acme.test is not known"},
		{"tunnel",
			"its zone cannot be rehearsed: the server certificate of e1.acme.test is not known"},
		{"service", "the traversal link that carries it was not made"},
	};
	size_t i, found = 0;
	json_t *link;
	json_array_foreach(json_object_get(report, "links"), i, link)
	{
		for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
			if (strcmp(json_string_value(json_object_get(link, "kind")), rows[k].kind) != 0)
				continue;
			found++;
			assert_string_equal(
				json_string_value(json_object_get(link, "state")), "not rehearsable");
			assert_string_equal(
				json_string_value(json_object_get(link, "note")), rows[k].want_note);
		}
	}
	assert_int_equal(found, 3);
}

static void where_no_folder_can_be_made_tunnels_are_no_pass_and_the_rest_is_rehearsed(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	const char *folder = make_lab("no-folder", NULL), *former = getenv("TMPDIR");
	AUTO(free) char *kept = former ? strdup(former) : NULL;
	setenv("TMPDIR", test_folder_path("not-there"), 1);
	RUN(&answer, "rehearse", folder);
	if (kept)
		setenv("TMPDIR", kept, 1);
	else
		unsetenv("TMPDIR");
	assert_int_equal(answer.status, CW_EXIT_GOOD);
	assert_non_null(
		strstr(answer.out, "no tunnel can be made on this machine: no folder can be made in"));
	assert_non_null(strstr(answer.out, "1 cannot be rehearsed, which is no pass."));
	assert_non_null(
		strstr(answer.out, "traversal  c1.acme.test -> e1.acme.test:7001    pass       pass"));
}

/* A killed rehearsal leaves its tunnels' folders: keys go, and what is not ours stays. */
static void keys_that_a_killed_rehearsal_left_are_removed_by_the_next(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	const char *folder = make_lab("after-a-killed-one", NULL), *former = getenv("TMPDIR");
	AUTO(free) char *kept = former ? strdup(former) : NULL;
	const char *key = test_folder_write("left/causeway-tunnels-1/c0/user_key", "key", 3);
	const char *lines = test_folder_write("left/causeway-tunnels-1/e1/authorized_keys", "line", 4);
	const char *other = test_folder_write("left/causeway-tunnels-2/c0/notes", "mine", 4);
	const char *other_key = test_folder_write("left/causeway-tunnels-2/c0/host_key.new", "key", 3);
	setenv("TMPDIR", test_folder_path("left"), 1);
	if (geteuid() == 0)
		assert_int_equal(chmod(test_folder_path("left"), 0755), 0);
	RUN(&answer, "rehearse", folder);
	if (kept)
		setenv("TMPDIR", kept, 1);
	else
		unsetenv("TMPDIR");
	if (!tunnels_can_be_made(&answer))
		skip();
	assert_int_not_equal(access(key, F_OK), 0);
	assert_int_not_equal(access(lines, F_OK), 0);
	assert_int_not_equal(access(test_folder_path("left/causeway-tunnels-1"), F_OK), 0);
	assert_int_not_equal(access(other_key, F_OK), 0);
	assert_int_equal(access(other, F_OK), 0);
}

static void tunnels_can_be_left_out_and_are_no_pass_then(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	RUN(&answer, "rehearse", make_lab("left-out", NULL), "--no-tunnels");
	assert_int_equal(answer.status, CW_EXIT_GOOD);
	assert_non_null(strstr(answer.out, "SSH tunnels were left out"));
	assert_non_null(strstr(answer.out, "1 cannot be rehearsed, which is no pass."));
	assert_null(strstr(answer.out, "Everything went as predicted."));
}

static void a_tunnel_in_json_has_its_reason(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	RUN(&answer, "rehearse", make_lab("json", NULL), "-f", "json");
	AUTO(json_decref) json_t *report = json_loads(answer.out, 0, NULL);
	assert_non_null(report);
	size_t i, found = 0;
	json_t *link;
	json_array_foreach(json_object_get(report, "links"), i, link)
	{
		if (strcmp(json_string_value(json_object_get(link, "kind")), "tunnel") != 0)
			continue;
		found++;
		assert_true(json_is_null(json_object_get(link, "tls")));
		assert_true(json_is_null(json_object_get(link, "ssh_reason")));
	}
	assert_int_equal(found, 1);
	json_t *first = json_array_get(json_object_get(report, "services"), 0);
	assert_string_equal(json_string_value(json_object_get(first, "state")), "works");
	assert_int_equal(json_integer_value(
				 json_object_get(json_object_get(report, "summary"), "tunnels_down_zone_up")),
		0);
}

static void the_page_has_both_columns(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	RUN(&answer, "rehearse", make_lab("page", "root-missing"), "-f", "html");
	assert_int_equal(answer.status, CW_EXIT_REFUSED);
	assert_non_null(strstr(answer.out, "<th>predicted</th><th>really</th>"));
	assert_non_null(strstr(answer.out,
		"<td data-caption=\"predicted\"><b class=\"bad\">refused</b></td>"
		"<td data-caption=\"really\"><b class=\"bad\">refused</b> in TLS</td>"));
	assert_non_null(strstr(answer.out, "Everything went as predicted."));
	assert_string_equal(answer.out + answer.out_length - 8, "</html>\n");
}

/* Jabber asks once for a certificate, on its first connection, and remembers; others refuse. */
static void jabber_asks_its_user_once(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	RUN(&answer, "rehearse", make_lab("jabber", "edge-domain-missing"));
	const char *asked = strstr(answer.out, "its user was asked and accepted");
	assert_non_null(asked);
	assert_null(strstr(asked + 1, "its user was asked and accepted"));
	assert_non_null(strstr(answer.out, "its user accepted this certificate before"));
	assert_non_null(strstr(answer.out, "room refused: edge-domain-missing; alert bad_certificate"));
}

/* Each fingerprint of a sentence: "(sha256 3fa94c0d12ab77e1…)". */
static size_t want_originals_in(const char *sentence, const char *predicted)
{
	static const char mark[] = "sha256 ";
	size_t found = 0;
	for (const char *at = sentence; at && (at = strstr(at, mark)); found++) {
		char digits[17] = "";
		at += sizeof mark - 1;
		memcpy(digits, at, strspn(at, "0123456789abcdef") < 16 ? 0 : 16);
		assert_int_equal(strlen(digits), 16);
		if (!strstr(predicted, digits))
			fail_msg("%s names a stand-in", sentence);
	}
	return found;
}

/* The fingerprints of the report's findings and of their sentences, each of which check knows too. */
static void want_originals(const json_t *report, const char *predicted, size_t *hashes, size_t *in_sentences)
{
	size_t i, k;
	json_t *link, *finding;
	json_array_foreach(json_object_get(report, "links"), i, link)
	{
		json_array_foreach(json_object_get(link, "findings"), k, finding)
		{
			const char *sha256 = json_string_value(json_object_get(finding, "sha256"));
			*in_sentences += want_originals_in(
				json_string_value(json_object_get(finding, "detail")), predicted);
			*hashes += sha256 != NULL;
			if (sha256)
				assert_non_null(strstr(predicted, sha256));
		}
	}
}

/* The originals are named, with their own fingerprints: no stand-in leaves the rehearsal. */
static void reports_name_the_originals(void **state)
{
	(void)state;
	static const struct {
		const char *fault;
		size_t want_in_sentences;
	} rows[] = {{"expired", 0}, {"issuer-shadowed", 2}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		TEST_ANSWER real = {0}, predicted = {0};
		const char *folder = make_lab(rows[i].fault, rows[i].fault);
		size_t hashes = 0, in_sentences = 0;
		RUN(&real, "rehearse", folder, "-f", "json");
		RUN(&predicted, "check", folder, "-f", "json");
		AUTO(json_decref) json_t *report = json_loads(real.out, 0, NULL);
		assert_non_null(report);
		want_originals(report, predicted.out, &hashes, &in_sentences);
		assert_true(hashes > 0);
		if (in_sentences < rows[i].want_in_sentences)
			fail_msg("%s: wanted %zu fingerprints in sentences, found %zu", rows[i].fault,
				rows[i].want_in_sentences, in_sentences);
	}
}

struct loaded {
	struct cw_pool *pool;
	struct cw_deployment *deployment;
	struct cw_check *check;
};

static void load(const char *folder, struct loaded *ret)
{
	struct cw_error error;
	AUTO_STRINGS problems = {0};
	struct cw_check_options options = {.at = TEST_AT};
	ret->pool = cw_pool_new();
	assert_true(cw_load_deployment(folder, ret->pool, &ret->deployment, &problems));
	assert_true(cw_check_run(ret->deployment, &options, &ret->check, &error));
}

static void unload(struct loaded *loaded)
{
	cw_check_free(loaded->check);
	cw_deployment_free(loaded->deployment);
	cw_pool_free(loaded->pool);
}

/* Two years on nothing is valid any more: the prediction of today must be found wrong, on every link. */
static void a_prediction_that_does_not_come_true_is_found(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	struct cw_error error;
	AUTO(cw_rehearsal_free) struct cw_rehearsal *rehearsal = NULL;
	struct cw_rehearsal_options options = {.check = {.at = TEST_AT + 730 * CW_DAY}};
	load(make_lab("differs", NULL), &loaded);
	assert_true(cw_rehearsal_new(loaded.check, &options, &rehearsal, &error));
	assert_true(cw_rehearsal_run(rehearsal, &error));
	assert_int_equal(cw_observed_differing(cw_rehearsal_observed(rehearsal)),
		cw_observed_made(cw_rehearsal_observed(rehearsal)));
	const struct cw_observed *observed = &cw_rehearsal_observed(rehearsal)->items[0];
	assert_string_equal(observed->differences.items[0], "predicted pass, really refused");
	cw_rehearsal_free(TAKE(rehearsal));
	unload(&loaded);
}

static void interrupt(void *context, size_t done, size_t total)
{
	(void)context;
	(void)total;
	if (done == 1)
		raise(SIGINT);
}

static void a_rehearsal_that_is_interrupted_says_so_and_ends(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	struct cw_error error;
	AUTO(cw_rehearsal_free) struct cw_rehearsal *rehearsal = NULL;
	struct cw_rehearsal_options options = {
		.check = {.at = TEST_AT}, .at_once = 1, .without_tunnels = true, .progress = interrupt};
	load(make_lab("interrupted", NULL), &loaded);
	assert_true(cw_rehearsal_new(loaded.check, &options, &rehearsal, &error));
	assert_false(cw_rehearsal_run(rehearsal, &error));
	assert_string_equal(error.message, "interrupted");
	cw_rehearsal_free(TAKE(rehearsal));
	unload(&loaded);
}

static void two_rehearsals_have_networks_of_their_own(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	struct cw_error error;
	struct cw_rehearsal *rehearsals[8];
	struct cw_rehearsal_options options = {.check = {.at = TEST_AT}};
	load(make_lab("together", NULL), &loaded);
	for (size_t i = 0; i < 8; i++)
		assert_true(cw_rehearsal_new(loaded.check, &options, &rehearsals[i], &error));
	for (size_t i = 0; i < 8; i++) {
		const struct sockaddr_in *own = cw_serve_address(rehearsals[i], loaded.check->links[0]);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(own->sin_addr.s_addr,
				cw_serve_address(rehearsals[k], loaded.check->links[0])->sin_addr.s_addr);
	}
	for (size_t i = 0; i < 8; i++) {
		assert_true(cw_rehearsal_run(rehearsals[i], &error));
		assert_int_equal(cw_observed_differing(cw_rehearsal_observed(rehearsals[i])), 0);
		cw_rehearsal_free(rehearsals[i]);
	}
	unload(&loaded);
}

static size_t files_in(const char *folder)
{
	size_t count = 0;
	DIR *open = opendir(folder);
	assert_non_null(open);
	while (readdir(open))
		count++;
	closedir(open);
	return count - 2;
}

/* The program holds the stand_ins in a process of its own; reads its standard error up to `mark`. */
static void read_until(FILE *from, const char *mark, char *line, size_t size)
{
	while (fgets(line, (int)size, from))
		if (strstr(line, mark))
			return;
	fail_msg("\"%s\" never came", mark);
}

static void a_held_twin_says_how_to_poke_and_cleans_up_after_a_signal(void **state)
{
	(void)state;
	const char *folder = make_lab("hold", NULL);
	const char *temporary = test_folder_path("temporary");
	struct cw_error error;
	char line[2048];
	int ends[2];
	assert_true(cw_file_make_folder(temporary, &error));
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		setenv("TMPDIR", temporary, 1);
		FILE *err = fdopen(ends[1], "w");
		FILE *out = fopen("/dev/null", "w");
		char *words[] = {"rehearse", (char *)(uintptr_t)folder, "--hold"};
		_exit((int)cw_verbs_run(words, 3, out, err, TEST_AT, false));
	}
	close(ends[1]);
	FILE *told = fdopen(ends[0], "r");
	read_until(told, "openssl s_client -nocommands -connect 127.", line, sizeof line);
	assert_non_null(strstr(line, "-servername e1.acme.test"));
	read_until(told, "Checking", line, sizeof line);
	read_until(told, "zone traversal c1.acme.test e1.acme.test: Active", line, sizeof line);
	assert_true(files_in(temporary) >= 1);
	kill(child, SIGTERM);
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(files_in(temporary), 0);
	fclose(told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_deployment_comes_up_and_returns_0),
		cmocka_unit_test(a_refusal_shows_who_why_and_the_alert_on_both_sides),
		cmocka_unit_test(a_wrong_password_is_told_apart_from_certificates),
		cmocka_unit_test(a_missing_phone_profile_is_a_403_over_good_tls),
		cmocka_unit_test(
			a_zone_that_is_up_with_its_tunnel_down_is_seen_and_who_is_cut_off_comes_first),
		cmocka_unit_test(a_tunnel_without_its_zone_is_refused_with_it),
		cmocka_unit_test(a_key_that_expressway_e_does_not_let_in_is_its_refusal),
		cmocka_unit_test(what_hangs_on_a_link_that_cannot_be_made_is_no_pass),
		cmocka_unit_test(where_no_folder_can_be_made_tunnels_are_no_pass_and_the_rest_is_rehearsed),
		cmocka_unit_test(keys_that_a_killed_rehearsal_left_are_removed_by_the_next),
		cmocka_unit_test(tunnels_can_be_left_out_and_are_no_pass_then),
		cmocka_unit_test(a_tunnel_in_json_has_its_reason),
		cmocka_unit_test(the_page_has_both_columns),
		cmocka_unit_test(jabber_asks_its_user_once),
		cmocka_unit_test(reports_name_the_originals),
		cmocka_unit_test(a_prediction_that_does_not_come_true_is_found),
		cmocka_unit_test(a_rehearsal_that_is_interrupted_says_so_and_ends),
		cmocka_unit_test(two_rehearsals_have_networks_of_their_own),
		cmocka_unit_test(a_held_twin_says_how_to_poke_and_cleans_up_after_a_signal),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
