/*
 * What the pages of the node's own certificate do: the page's exact words, what would be, what is done, and what stays
 * where it is refused.
 */
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/node_scene.h"
#include "workbench/pending.h"

#include <string.h>
#include <sys/stat.h>

#define SERVER "{'identity':'server'}"

static void want_same(const struct test_node *node, const char *name, const char *want)
{
	AUTO(free) char *found = test_node_read(node, name);
	assert_non_null(found);
	assert_string_equal(found, want);
}

static void the_page_shows_the_certificate_and_what_a_request_would_ask_for(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "shows", CW_NODE_EXPRESSWAY_C);
	json_t *frame = test_node_ask(&node, "identity", SERVER);
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/certificate/subject"), "CN=c1.acme.test");
	assert_non_null(strstr(test_node_text(frame, "answer/certificate/decoded"), "Acme-Issuing"));
	assert_non_null(
		strstr(test_node_text(frame, "answer/certificate/pem"), "-----BEGIN CERTIFICATE-----"));
	assert_int_equal(test_node_number(frame, "answer/chain"), 2);
	assert_true(json_is_null(test_node_at(frame, "answer/request")));
	assert_true(json_is_null(test_node_at(frame, "answer/shown")));
	assert_string_equal(test_node_text(frame, "answer/names/0/name"), "c1.acme.test");
	assert_string_equal(test_node_text(frame, "answer/page/node"), "c1.acme.test");
	json_decref(frame);
	test_node_finish(&node);
}

/* What an upload is refused with, and the page's words for it. */
static const struct {
	const char *file; /* names of certificates, or a text behind "=" */
	const char *want_code, *want_page;
} refused[] = {
	{"=no certificate at all", "not-pem",
		"Invalid certificate: The file provided is not a valid X.509 PEM certificate file."},
	{"stranger", "issuer-missing", "Refused: "},
	{"server-only", "client-auth-missing", "Refused: "},
	{"wildcard", "wildcard-name", "Refused: "},
	{"newer", "key-mismatch", "Refused: "},
};

static void a_refused_upload_says_why_and_changes_nothing(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "refused", CW_NODE_EXPRESSWAY_C);
	AUTO(free) char *before = test_node_read(&node, "certs/server.pem");
	AUTO(free) char *key = test_node_read(&node, "certs/server.key");
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		const char *file = refused[i].file;
		for (int tries = 0; tries < 2; tries++) {
			const char *operation = tries ? "identity/try" : "identity/upload";
			json_t *frame = *file == '='
				? test_node_upload(&node, operation, SERVER, file + 1, strlen(file + 1))
				: test_node_upload_certs(&node, operation, SERVER, file);
			test_node_want(frame, 200);
			assert_true(json_is_true(test_node_at(frame, "answer/refused")));
			assert_string_equal(
				test_node_text(frame, "answer/findings/0/code"), refused[i].want_code);
			const char *page = test_node_text(frame, "answer/page_text");
			assert_int_equal(
				strncmp(page, refused[i].want_page, strlen(refused[i].want_page)), 0);
			assert_int_equal(test_node_number(frame, "answer/ends"), 0);
			json_decref(frame);
		}
	}
	want_same(&node, "certs/server.pem", before);
	want_same(&node, "certs/server.key", key);
	assert_null(test_node_read(&node, "installing"));
	test_node_finish(&node);
}

static void the_cas_that_its_own_list_lacks_are_named_root_first(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "lacks", CW_NODE_EXPRESSWAY_C);
	json_t *frame = test_node_upload_certs(&node, "identity/try", SERVER, "stranger");
	test_node_want(frame, 200);
	assert_int_equal(test_node_number(frame, "answer/trust_first"), 1);
	assert_string_equal(test_node_text(frame, "answer/trust_first/0/subject"), "CN=Other-Issuing");
	assert_string_equal(test_node_text(frame, "answer/trust_first/0/store"), "trusted-ca");
	json_decref(frame);
	test_node_finish(&node);
}

static void a_renewal_with_the_present_key_is_tried_then_installed(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "renewed", CW_NODE_EXPRESSWAY_C);
	AUTO(free) char *before = test_node_read(&node, "certs/server.pem");
	json_t *frame = test_node_upload_certs(&node, "identity/try", SERVER, "again");
	test_node_want(frame, 200);
	assert_true(json_is_false(test_node_at(frame, "answer/refused")));
	assert_string_equal(test_node_text(frame, "answer/change"), "server: another certificate");
	want_same(&node, "certs/server.pem", before);
	json_decref(frame);
	frame = test_node_upload_certs(&node, "identity/upload", SERVER, "again");
	test_node_want(frame, 200);
	assert_true(json_is_true(test_node_at(frame, "answer/installed")));
	assert_string_equal(test_node_text(frame, "answer/key"), "present");
	assert_non_null(strstr(test_node_text(frame, "answer/restart"), "A restart is required"));
	assert_string_equal(test_node_text(frame, "answer/change"), "server: another certificate");
	want_same(&node, "certs/server.pem.former", before);
	assert_true(cw_cert_same(
		node.core.snapshot->node->identities[CW_IDENTITY_SERVER].leaf, test_cert("again")));
	json_decref(frame);
	test_node_finish(&node);
}

static void with_apply_restart_the_former_one_is_shown_until_the_restart(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "restart", CW_NODE_EXPRESSWAY_C);
	AUTO(free) char *yaml = test_node_read(&node, "node.yaml");
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "%sapply: restart\n", yaml);
	test_node_write(&node, "node.yaml", cw_buffer_string(&text));
	test_node_restart(&node);
	json_decref(test_node_upload_certs(&node, "identity/upload", SERVER, "again"));
	json_t *frame = test_node_ask(&node, "identity", SERVER);
	assert_string_equal(
		test_node_text(frame, "answer/certificate/sha256"), cw_cert_sha256_text(test_cert("again")));
	assert_string_equal(
		test_node_text(frame, "answer/shown/sha256"), cw_cert_sha256_text(test_cert("c1")));
	assert_non_null(strstr(test_node_text(frame, "answer/restart_wanted"), "is shown after a restart"));
	json_decref(frame);
	test_node_restart(&node);
	frame = test_node_ask(&node, "identity", SERVER);
	assert_true(json_is_null(test_node_at(frame, "answer/shown")));
	json_decref(frame);
	test_node_finish(&node);
}

static void a_request_is_made_once_and_its_key_is_in_no_answer(void **state)
{
	(void)state;
	struct test_node node;
	struct stat status;
	test_node_make(&node, "request", CW_NODE_EXPRESSWAY_C);
	json_t *frame = test_node_ask(&node, "request/new",
		"{'identity':'server','country':'US','organization':'Acme, Inc','sans':['other.acme.test'],"
		"'key':'ecdsa:256','digest':'sha384'}");
	test_node_want(frame, 200);
	assert_non_null(strstr(test_node_text(frame, "answer/request/subject"), "O=Acme\\, Inc"));
	assert_non_null(strstr(test_node_text(frame, "answer/request/pem"), "BEGIN CERTIFICATE REQUEST"));
	assert_non_null(strstr(test_node_text(frame, "answer/request/decoded"), "DNS:other.acme.test"));
	AUTO(free) char *all = json_dumps(frame, 0);
	assert_null(strstr(all, "PRIVATE KEY"));
	json_decref(frame);
	AUTO(free) char *path = NULL;
	assert_true(asprintf(&path, "%s/certs/c1.acme.test.csr.key", node.path) > 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	frame = test_node_ask(&node, "request/new", "{'identity':'server','key':'ecdsa:256'}");
	test_node_want(frame, 409);
	assert_non_null(strstr(test_node_text(frame, "error/text"), "is in progress"));
	json_decref(frame);
	frame = test_node_ask(&node, "request/discard", SERVER);
	test_node_want(frame, 200);
	json_decref(frame);
	assert_int_not_equal(stat(path, &status), 0);
	frame = test_node_ask(&node, "request/discard", SERVER);
	test_node_want(frame, 409);
	json_decref(frame);
	test_node_finish(&node);
}

static void what_a_request_cannot_be_made_of_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *with, *want;
	} rows[] = {
		{"{'identity':'server','country':'USA'}", "two letters"},
		{"{'identity':'server','key':'rsa:1024'}", "rsa:1024"},
		{"{'identity':'server','digest':'md5'}", "md5"},
		{"{'identity':'server','edge':'xmpp'}", "one of dns, collab-edge"},
		{"{'identity':'server','distribution':'multi-server'}", "is CUCM's"},
		{"{'identity':'server','sans':[1]}", "found a number"},
		{"{'identity':''}", "identity: wanted a text"},
		{"[]", "wanted an object"},
	};
	struct test_node node;
	test_node_make(&node, "unmade", CW_NODE_EXPRESSWAY_C);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *frame = test_node_ask(&node, "request/new", rows[i].with);
		test_node_want(frame, 400);
		if (!strstr(test_node_text(frame, "error/text"), rows[i].want))
			fail_msg("%s: %s", rows[i].with, test_node_text(frame, "error/text"));
		json_decref(frame);
	}
	json_t *frame = test_node_ask(&node, "identity", "{'identity':'tomcat'}");
	test_node_want(frame, 404);
	json_decref(frame);
	test_node_finish(&node);
}

static void cucm_keeps_certificate_and_key_in_one_file(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "both", CW_NODE_CUCM);
	json_t *frame = test_node_ask(&node, "certificate/regenerate", "{'identity':'tomcat','try':true}");
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/change"), "tomcat: another certificate");
	json_decref(frame);
	frame = test_node_ask(&node, "certificate/regenerate", "{'identity':'tomcat'}");
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/change"), "tomcat: another certificate");
	json_decref(frame);
	test_node_restart(&node);
	const struct cw_identity *tomcat = &node.core.snapshot->node->identities[CW_IDENTITY_TOMCAT];
	assert_non_null(tomcat->private_key);
	assert_true(cw_cert_self_signed(tomcat->leaf));
	frame = test_node_ask(&node, "request/new", "{'identity':'tomcat','key':'ecdsa:256'}");
	test_node_want(frame, 200);
	json_decref(frame);
	frame = test_node_ask(&node, "request/new", "{'identity':'CallManager','key':'ecdsa:256'}");
	test_node_want(frame, 200); /* each purpose has its own */
	json_decref(frame);
	test_node_finish(&node);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_shows_the_certificate_and_what_a_request_would_ask_for),
		cmocka_unit_test(a_refused_upload_says_why_and_changes_nothing),
		cmocka_unit_test(the_cas_that_its_own_list_lacks_are_named_root_first),
		cmocka_unit_test(a_renewal_with_the_present_key_is_tried_then_installed),
		cmocka_unit_test(with_apply_restart_the_former_one_is_shown_until_the_restart),
		cmocka_unit_test(a_request_is_made_once_and_its_key_is_in_no_answer),
		cmocka_unit_test(what_a_request_cannot_be_made_of_is_refused),
		cmocka_unit_test(cucm_keeps_certificate_and_key_in_one_file),
	};
	return cmocka_run_group_tests(tests, test_node_setup, test_node_teardown);
}
