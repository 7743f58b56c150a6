/* `causeway import` and `causeway lab export` as a person uses them. */
#include "base/file.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/verb.h"

#include <sys/stat.h>
#include <unistd.h>

/* Copies of paths, since those of test_folder_path are valid for seven calls. */
static char lab[256], sources[256], made[256];

static void export_as(const char *form)
{
	TEST_ANSWER answer = {0};
	RUN(&answer, "lab", "export", lab, "--as", form, "-o", sources);
	assert_int_equal(answer.status, CW_EXIT_GOOD);
}

static int make(void **state)
{
	TEST_ANSWER answer = {0};
	test_folder_setup(state);
	strcpy(lab, test_folder_path("lab"));
	strcpy(sources, test_folder_path("sources"));
	strcpy(made, test_folder_path("made"));
	RUN(&answer, "lab", "new", lab, "--key", "ec", "--fault", "issuer-missing");
	assert_int_equal(answer.status, CW_EXIT_GOOD);
	export_as("bundle");
	export_as("certmgr");
	return 0;
}

static void replace_in(const char *file, const char *old, const char *new)
{
	AUTO_BUFFER text = {0};
	AUTO_BUFFER changed = {0};
	struct cw_error error;
	assert_true(cw_file_read(file, 1024 * 1024, &text, &error));
	const char *at = strstr(cw_buffer_string(&text), old);
	assert_non_null(at);
	cw_buffer_append(&changed, text.data, (size_t)(at - text.data));
	cw_buffer_text(&changed, new);
	cw_buffer_text(&changed, at + strlen(old));
	assert_true(cw_file_write(file, changed.data, changed.length, 0644, &error));
}

static bool file_says(const char *name, const char *text)
{
	AUTO_BUFFER bytes = {0};
	AUTO(free) char *path = cw_file_path(made, name);
	struct cw_error error;
	assert_true(cw_file_read(path, 1024 * 1024, &bytes, &error));
	return strstr(cw_buffer_string(&bytes), text) != NULL;
}

static void two_commands_tell_who_is_cut_off_and_what_repairs_it(void **state)
{
	(void)state;
	TEST_ANSWER imported = {0};
	TEST_ANSWER checked = {0};
	RUN(&imported, "import", sources, "-o", made);
	assert_int_equal(imported.status, CW_EXIT_REFUSED); /* three questions are left */
	assert_non_null(strstr(imported.out, "4 nodes"));
	assert_non_null(strstr(imported.out, "Is TLS verify mode on towards the CUCM servers?"));
	assert_non_null(strstr(imported.out, "Dropped when read, and not kept: secrets in 4 places"));
	assert_null(strstr(imported.out, "lab-password"));
	assert_null(strstr(imported.out, "{cipher}"));
	assert_true(file_says("deployment.yaml", "release: X14.2"));
	assert_true(file_says("deployment.yaml", "xstat_dump_c1_2026-11-20_12_00_00.txt:3"));
	assert_true(file_says("import.json", "\"kind\": \"xconfiguration\""));
	RUN(&checked, "check", made);
	assert_int_equal(checked.status, CW_EXIT_REFUSED);
	assert_non_null(strstr(checked.out, "sign-in is dead for jabber jabber"));
	assert_non_null(strstr(checked.out, "refused  issuer-missing, by c1.acme.test"));
	assert_non_null(strstr(checked.out, "Trusted CA certificate on c1.acme.test: append"));
}

static void a_second_import_keeps_edits_and_tells_what_changed(void **state)
{
	(void)state;
	TEST_ANSWER again = {0};
	AUTO(free) char *yaml = cw_file_path(made, "deployment.yaml");
	AUTO(free) char *ca = cw_file_path(made, "c1.acme.test/ca.pem");
	struct cw_error error;
	replace_in(yaml, "name: jabber", "name: laptop");
	replace_in(yaml, "port: 7001", "port: 7002");
	replace_in(yaml, "  revocation: off", "  cucm-tls-verify: on");
	assert_true(cw_file_write(ca, "", 0, 0644, &error));
	TEST_ANSWER fresh = {0};
	RUN(&fresh, "lab", "new", test_folder_path("lab2"), "--key", "ec", "--fault", "release-differs");
	RUN(&again, "lab", "export", test_folder_path("lab2"), "--as", "bundle", "-o",
		test_folder_path("sources2"), "--at", "+1d");
	TEST_ANSWER third = {0};
	RUN(&third, "import", sources, test_folder_path("sources2"), "-o", made);
	assert_int_equal(third.status, CW_EXIT_REFUSED);
	assert_non_null(strstr(third.out, "brought up to date"));
	assert_non_null(strstr(third.out, "expressway-e/release: X14.2 -> X14.3"));
	assert_non_null(strstr(third.out, "e1.acme.test/server.pem: other content"));
	assert_non_null(strstr(third.out, "  /expressway-c/traversal/port\n"));
	assert_non_null(strstr(third.out, "  c1.acme.test/ca.pem\n"));
	assert_non_null(strstr(third.out, "Sources that contradict each other"));
	assert_null(strstr(third.out, "Is TLS verify mode on")); /* answered in the file */
	assert_true(file_says("deployment.yaml", "port: 7002"));
	assert_true(file_says("deployment.yaml", "name: laptop"));
	assert_false(file_says("deployment.yaml", "name: jabber"));
	assert_false(file_says("deployment.yaml", "revocation: off                       # xconf_dump_c1"));
	assert_true(file_says("deployment.yaml.before", "port: 7002"));
}

/* Two C peers that check CRLs, and no source has them: asked of both, then of the one that is left, then not at all. */
static void what_was_typed_is_asked_no_more(void **state)
{
	(void)state;
	TEST_ANSWER made_lab = {0};
	TEST_ANSWER first = {0};
	TEST_ANSWER second = {0};
	TEST_ANSWER third = {0};
	char peers[256], archives[256], folder[256], yaml[300];
	strcpy(peers, test_folder_path("peers"));
	strcpy(archives, test_folder_path("archives"));
	strcpy(folder, test_folder_path("typed"));
	snprintf(yaml, sizeof yaml, "%s/deployment.yaml", folder);
	RUN(&made_lab, "lab", "new", peers, "--key", "ec", "--size", "cluster", "--fault", "revoked");
	RUN(&made_lab, "lab", "export", peers, "--as", "bundle", "-o", archives);
	RUN(&first, "import", archives, "-o", folder);
	assert_non_null(strstr(first.out, "Which CRLs has c1.acme.test, c2.acme.test?"));
	replace_in(yaml, "crl: unknown", "crl: mine.pem");
	RUN(&second, "import", archives, "-o", folder);
	assert_non_null(strstr(second.out, "  /expressway-c/nodes[c1.acme.test]/crl\n"));
	assert_non_null(strstr(second.out, "Which CRLs has c2.acme.test?"));
	replace_in(yaml, "crl: unknown", "crl: mine.pem");
	RUN(&third, "import", archives, "-o", folder);
	assert_null(strstr(third.out, "Which CRLs has"));
}

/* A section that a person typed answers for boxes that no source names. */
static void a_typed_section_is_no_missing_box(void **state)
{
	(void)state;
	TEST_ANSWER exported = {0};
	TEST_ANSWER first = {0};
	TEST_ANSWER second = {0};
	char folder[256], out[256], yaml[300];
	strcpy(folder, test_folder_path("voice"));
	strcpy(out, test_folder_path("voice-made"));
	snprintf(yaml, sizeof yaml, "%s/deployment.yaml", out);
	RUN(&exported, "lab", "export", lab, "--as", "cli", "-o", folder);
	RUN(&first, "import", folder, "-o", out);
	assert_non_null(strstr(first.out, "Which boxes of expressway-c, expressway-e are there?"));
	replace_in(yaml, "cucm:\n",
		"expressway-c:\n  nodes:\n    - {fqdn: c1.acme.test, server: unknown, trusted-ca: unknown}\n\ncucm:\n");
	RUN(&second, "import", folder, "-o", out);
	assert_non_null(strstr(second.out, "Which boxes of expressway-e are there?"));
}

/* Written among the sources: what an import made is no source of the next one. */
static void what_an_import_wrote_is_not_read_again(void **state)
{
	(void)state;
	TEST_ANSWER exported = {0};
	TEST_ANSWER first = {0};
	TEST_ANSWER second = {0};
	TEST_ANSWER same = {0};
	char folder[256], inner[300];
	strcpy(folder, test_folder_path("among"));
	snprintf(inner, sizeof inner, "%s/out", folder);
	RUN(&exported, "lab", "export", lab, "--as", "folder", "-o", folder);
	RUN(&first, "import", folder, "-o", inner);
	RUN(&second, "import", folder, "-o", inner);
	assert_non_null(strstr(second.out, "among/out: an import wrote this folder"));
	assert_null(strstr(second.out, "contradict"));
	const char *count = strstr(first.out, " nodes from ");
	assert_non_null(count);
	assert_memory_equal(count, strstr(second.out, " nodes from "), strlen(" nodes from 18"));
	RUN(&same, "import", folder, "-o", folder);
	assert_int_equal(same.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(same.err, "is a source as well"));
}

static void what_cannot_be_imported_is_said(void **state)
{
	(void)state;
	TEST_ANSWER none = {0};
	TEST_ANSWER nowhere = {0};
	TEST_ANSWER gone = {0};
	TEST_ANSWER foreign = {0};
	const char *words = test_folder_write("words.txt", "hello\n", 6);
	RUN(&none, "import", words, "-o", test_folder_path("nothing"));
	assert_int_equal(none.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(none.err, "nothing in these sources is of a box that is known here"));
	assert_non_null(strstr(none.err, "words.txt: neither an archive"));
	TEST_ANSWER nobody = {0};
	AUTO(free) char *server = cw_file_path(lab, "c1/server.pem");
	RUN(&nobody, "import", server, "-o", test_folder_path("nothing"));
	assert_int_equal(nobody.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(nobody.err, "c1.acme.test: nothing says whether it is Expressway-C"));
	TEST_ANSWER empty = {0};
	assert_int_equal(mkdir(test_folder_path("empty"), 0700), 0);
	RUN(&empty, "import", test_folder_path("empty"), "-o", test_folder_path("nothing"));
	assert_int_equal(empty.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(empty.err, "empty: a folder with no file in it"));
	TEST_ANSWER capture = {0};
	static const char packets[24] = "\xd4\xc3\xb2\xa1\x02\x00\x04\x00";
	const char *pcap = test_folder_write("alone.pcap", packets, sizeof packets);
	RUN(&capture, "import", pcap, "-o", test_folder_path("nothing"));
	assert_int_equal(capture.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(capture.err, "\"causeway capture FILE\" reads it by itself"));
	RUN(&nowhere, "import", words);
	assert_int_equal(nowhere.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(nowhere.err, "-o DIR"));
	RUN(&gone, "import", test_folder_path("gone"), "-o", made);
	assert_int_equal(gone.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(gone.err, "No such file"));
	RUN(&foreign, "import", sources, "-o", lab);
	assert_int_equal(foreign.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(foreign.err, "holds a deployment.yaml that no import wrote"));
}

/* Root may read everything: what follows is done as nobody. */
static void what_may_not_be_read_is_told_and_the_rest_is_had(void **state)
{
	(void)state;
	TEST_ANSWER exported = {0};
	TEST_ANSWER answer = {0};
	char folder[256], out[256], file[300], inner[300];
	strcpy(folder, test_folder_path("unreadable"));
	strcpy(out, test_folder_path("readable"));
	snprintf(file, sizeof file, "%s/c1.acme.test_server.pem", folder);
	snprintf(inner, sizeof inner, "%s/pub.acme.test", folder);
	RUN(&exported, "lab", "export", lab, "--as", "folder", "-o", folder);
	assert_int_equal(chmod(test_folder_path(""), 0755), 0);
	assert_int_equal(mkdir(out, 0777), 0);
	assert_int_equal(chmod(out, 0777), 0);
	assert_int_equal(chmod(file, 0), 0);
	assert_int_equal(chmod(inner, 0), 0);
	bool root = geteuid() == 0;
	assert_true(!root || seteuid(65534) == 0);
	RUN(&answer, "import", folder, "-o", out);
	assert_true(!root || seteuid(0) == 0);
	assert_int_equal(chmod(inner, 0700), 0);
	assert_int_equal(answer.status, CW_EXIT_REFUSED);
	assert_non_null(strstr(answer.out, "c1.acme.test_server.pem: cannot be opened: Permission denied"));
	assert_non_null(strstr(answer.out, "unreadable/pub.acme.test: cannot be opened: Permission denied"));
	assert_non_null(strstr(answer.out, "expressway-e e1.acme.test: server, trusted-ca"));
}

static void a_box_that_calls_itself_a_path_is_left_out(void **state)
{
	(void)state;
	TEST_ANSWER answer = {0};
	static const char json[] = "{\"server\":\"../../../tmp/x.test\",\"identities\":[],\"trusts\":[]}";
	const char *file = test_folder_write("hostile.json", json, strlen(json));
	RUN(&answer, "import", file, "-o", test_folder_path("hostile"));
	assert_int_equal(answer.status, CW_EXIT_TROUBLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_commands_tell_who_is_cut_off_and_what_repairs_it),
		cmocka_unit_test(a_second_import_keeps_edits_and_tells_what_changed),
		cmocka_unit_test(what_was_typed_is_asked_no_more),
		cmocka_unit_test(a_typed_section_is_no_missing_box),
		cmocka_unit_test(what_an_import_wrote_is_not_read_again),
		cmocka_unit_test(what_cannot_be_imported_is_said),
		cmocka_unit_test(what_may_not_be_read_is_told_and_the_rest_is_had),
		cmocka_unit_test(a_box_that_calls_itself_a_path_is_left_out),
	};
	return cmocka_run_group_tests(tests, make, test_folder_teardown);
}
