/*
 * Pages that write node.yaml: zones, domains, Unified CM servers, CRL updates, certificate-based authentication. The node's
 * own words stay byte for byte, the former file is kept, passwords stand in files of their own.
 */
#include "pki/bundle/pem_write.h"
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/node_scene.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

static const struct cw_zone *zone_of(const struct test_node *node)
{
	return cw_node_file_zone(node->core.snapshot->file);
}

/* The only file of secrets/ whose name begins so; its content. */
static char *secret_of(const struct test_node *node, size_t *ret_count)
{
	char path[600], *text = NULL;
	struct stat status;
	snprintf(path, sizeof path, "%s/secrets", node->path);
	DIR *folder = opendir(path);
	const struct dirent *entry;
	*ret_count = 0;
	while (folder && (entry = readdir(folder))) {
		if (strncmp(entry->d_name, "zone-", 5) != 0)
			continue;
		snprintf(path, sizeof path, "%s/secrets/%.200s", node->path, entry->d_name);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 0777, 0600);
		snprintf(path, sizeof path, "secrets/%.200s", entry->d_name);
		free(text);
		text = test_node_read(node, path);
		++*ret_count;
	}
	closedir(folder);
	return text;
}

static void a_zone_is_tried_then_set_and_its_password_goes_into_a_file(void **state)
{
	(void)state;
	struct test_node node;
	size_t count;
	test_node_make(&node, "zone", CW_NODE_EXPRESSWAY_C);
	AUTO(free) char *before = test_node_read(&node, "node.yaml");
	json_t *frame = test_node_ask(&node, "zone/try",
		"{'name':'traversal','peers':['e1.acme.test','e2.acme.test'],'port':7002,'password':'tiger99'}");
	test_node_want(frame, 200);
	json_decref(frame);
	AUTO(free) char *same = test_node_read(&node, "node.yaml");
	assert_string_equal(same, before);
	AUTO(free) char *none = secret_of(&node, &count);
	assert_int_equal(count, 0);
	frame = test_node_ask(&node, "zone/set",
		"{'name':'traversal','peers':['e1.acme.test','e2.acme.test'],'port':7002,'user':'who',"
		"'password':'tiger99'}");
	test_node_want(frame, 200);
	AUTO(free) char *all = json_dumps(frame, 0);
	assert_null(strstr(all, "tiger99"));
	json_decref(frame);
	assert_int_equal(zone_of(&node)->port, 7002);
	assert_int_equal(zone_of(&node)->peer_count, 2);
	assert_string_equal(zone_of(&node)->on_c.username, "who");
	assert_string_equal(zone_of(&node)->on_c.password, "tiger99");
	AUTO(free) char *yaml = test_node_read(&node, "node.yaml");
	assert_null(strstr(yaml, "sesame"));
	assert_null(strstr(yaml, "password: "));
	assert_non_null(strstr(yaml, "listen:\n  from: 127.0.0.1\n")); /* its own words, as they stood */
	AUTO(free) char *former = test_node_read(&node, "former/node.yaml");
	assert_string_equal(former, before);
	frame = test_node_ask(&node, "zone/set", "{'name':'traversal','password':'third'}");
	test_node_want(frame, 200);
	json_decref(frame);
	AUTO(free) char *secret = secret_of(&node, &count);
	assert_int_equal(count, 1); /* the former file is gone */
	assert_string_equal(secret, "third\n");
	frame = test_node_ask(&node, "zone", "{'name':'traversal'}");
	assert_string_equal(test_node_text(frame, "answer/zone/user"), "who");
	assert_true(json_is_true(test_node_at(frame, "answer/zone/has_password")));
	assert_null(json_object_get(test_node_at(frame, "answer/zone"), "password"));
	json_decref(frame);
	test_node_finish(&node);
}

static void what_a_zone_cannot_be_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *with;
		int want;
		const char *want_text;
	} rows[] = {
		{"{'name':'other'}", 404, "no zone has the name"},
		{"{'name':'traversal','peers':[]}", 400, "1 to 6 addresses"},
		{"{'name':'traversal','peers':['a b']}", 400, "a host name or an address"},
		{"{'name':'traversal','peers':['e1.acme.test','E1.acme.test']}", 400, "is repeated"},
		{"{'name':'traversal','port':0}", 400, "from 1 to 65535"},
		{"{'name':'traversal','port':'7001'}", 400, "a whole number"},
		{"{'name':'traversal','verify_name':'c1.acme.test'}", 400, "is set on Expressway-E"},
		{"{'name':'traversal','password':''}", 400, "found an empty text"},
		{"{'name':'traversal','user':''}", 400, "needs a user name"},
		{"{}", 400, "name: wanted a text"},
	};
	struct test_node node;
	size_t count;
	test_node_make(&node, "nozone", CW_NODE_EXPRESSWAY_C);
	AUTO(free) char *before = test_node_read(&node, "node.yaml");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *frame = test_node_ask(&node, "zone/set", rows[i].with);
		test_node_want(frame, rows[i].want);
		if (!strstr(test_node_text(frame, "error/text"), rows[i].want_text))
			fail_msg("%s: %s", rows[i].with, test_node_text(frame, "error/text"));
		json_decref(frame);
	}
	AUTO(free) char *after = test_node_read(&node, "node.yaml");
	assert_string_equal(after, before);
	AUTO(free) char *secret = secret_of(&node, &count);
	assert_int_equal(count, 0);
	test_node_finish(&node);
}

static void comments_that_would_go_are_counted_before(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "comments", CW_NODE_EXPRESSWAY_E);
	AUTO(free) char *yaml = test_node_read(&node, "node.yaml");
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "# by hand\n%s# of mine\nhosts: {a.acme.test: 192.0.2.9} # kept\n", yaml);
	test_node_write(&node, "node.yaml", cw_buffer_string(&text));
	test_node_restart(&node);
	json_t *frame =
		test_node_ask(&node, "zone/try", "{'name':'traversal','verify_name':'cluster.acme.test'}");
	test_node_want(frame, 200);
	assert_non_null(strstr(test_node_text(frame, "answer/warnings/0"), "3 comments"));
	json_decref(frame);
	frame = test_node_ask(&node, "zone/set", "{'name':'traversal','verify_name':'cluster.acme.test'}");
	test_node_want(frame, 200);
	json_decref(frame);
	assert_string_equal(zone_of(&node)->tls_verify_name, "cluster.acme.test");
	AUTO(free) char *after = test_node_read(&node, "node.yaml");
	assert_non_null(strstr(after, "hosts: {a.acme.test: 192.0.2.9} # kept\n"));
	test_node_write(&node, "node.yaml", "{causeway: 1}\n");
	frame = test_node_ask(&node, "zone/set", "{'name':'traversal','verify_name':'c1.acme.test'}");
	test_node_want(frame, 409); /* unfit files: the node goes on, and nothing is written over them */
	json_decref(frame);
	test_node_finish(&node);
}

static void domains_come_and_go(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "domains", CW_NODE_EXPRESSWAY_C);
	json_t *frame = test_node_ask(&node, "domains/add", "{'domain':'acme.test','try':true}");
	test_node_want(frame, 200);
	assert_int_equal(test_node_number(frame, "answer/domains"), 0);
	json_decref(frame);
	frame = test_node_ask(&node, "domains/add", "{'domain':'acme.test'}");
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/domains/0/name"), "acme.test");
	assert_string_equal(test_node_text(frame, "answer/domains/0/edge"), "either");
	json_decref(frame);
	frame = test_node_ask(&node, "domains/add", "{'domain':'ACME.test'}");
	test_node_want(frame, 409);
	json_decref(frame);
	frame = test_node_ask(&node, "domains/remove", "{'domain':'other.test'}");
	test_node_want(frame, 404);
	json_decref(frame);
	frame = test_node_ask(&node, "domains/remove", "{'domain':'acme.test'}");
	test_node_want(frame, 200);
	assert_int_equal(test_node_number(frame, "answer/domains"), 0);
	json_decref(frame);
	test_node_finish(&node);
}

static void unified_cm_servers_come_and_go(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "servers", CW_NODE_EXPRESSWAY_C);
	json_t *frame =
		test_node_ask(&node, "cucm-servers/add", "{'address':'pub.acme.test','tls_verify':false}");
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/servers/0/address"), "pub.acme.test");
	assert_string_equal(test_node_text(frame, "answer/servers/0/tls_verify"), "Off");
	json_decref(frame);
	frame = test_node_ask(&node, "cucm-servers/add", "{'address':'192.0.2.4','fqdn':'sub.acme.test'}");
	test_node_want(frame, 200);
	assert_int_equal(test_node_number(frame, "answer/servers"), 2);
	assert_string_equal(test_node_text(frame, "answer/servers/1/fqdn"), "sub.acme.test");
	assert_string_equal(test_node_text(frame, "answer/servers/1/tls_verify"), "On");
	json_decref(frame);
	frame = test_node_ask(&node, "cucm-servers/add", "{'address':'sub.acme.test'}");
	test_node_want(frame, 409);
	json_decref(frame);
	frame = test_node_ask(&node, "uc", NULL);
	assert_int_equal(test_node_number(frame, "answer/counts/cucm"), 2);
	json_decref(frame);
	frame = test_node_ask(&node, "cucm-servers/remove", "{'address':'pub.acme.test'}");
	test_node_want(frame, 200);
	json_decref(frame);
	frame = test_node_ask(&node, "cucm-servers/remove", "{'address':'192.0.2.4'}");
	test_node_want(frame, 200);
	assert_int_equal(test_node_number(frame, "answer/servers"), 0);
	json_decref(frame);
	frame = test_node_ask(&node, "cucm-servers/remove", "{'address':'192.0.2.4'}");
	test_node_want(frame, 404);
	json_decref(frame);
	test_node_finish(&node);
}

static void revocation_lists_are_uploaded_and_their_updates_set(void **state)
{
	(void)state;
	struct test_node node;
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	test_node_make(&node, "crl", CW_NODE_EXPRESSWAY_E);
	struct cw_crl *crl = test_crl("by=root this=-1 next=20000");
	unsigned char *der = NULL;
	int length = i2d_X509_CRL(cw_crl_x509(crl), &der);
	assert_true(cw_pem_write_block(&pem, "X509 CRL", der, (size_t)length, &error));
	OPENSSL_free(der);
	json_t *frame = test_node_upload(&node, "crl/upload", "{}", "nothing", 7);
	assert_true(json_is_true(test_node_at(frame, "answer/refused")));
	json_decref(frame);
	frame = test_node_upload(&node, "crl/upload", "{'try':true}", pem.data, pem.length);
	test_node_want(frame, 200);
	assert_int_equal(test_node_number(frame, "answer/crls"), 0);
	json_decref(frame);
	frame = test_node_upload(&node, "crl/upload", "{}", pem.data, pem.length);
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/crls/0/issuer"), "CN=Acme-Root");
	assert_string_equal(test_node_text(frame, "answer/crls/0/signed_by"), "CN=Acme-Root");
	json_decref(frame);
	frame = test_node_ask(&node, "crl/set",
		"{'urls':['http://pki.acme.test/root.crl'],'daily':'04:15','enabled':true,'revocation':'crl'}");
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/daily"), "04:15");
	assert_string_equal(test_node_text(frame, "answer/urls/0"), "http://pki.acme.test/root.crl");
	assert_string_equal(test_node_text(frame, "answer/revocation"), "crl");
	json_decref(frame);
	static const char *const wrong[] = {
		"{'daily':'25:00'}", "{'urls':['ldap://x']}", "{'revocation':'maybe'}", "{'enabled':'yes'}"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		frame = test_node_ask(&node, "crl/set", wrong[i]);
		test_node_want(frame, 400);
		json_decref(frame);
	}
	test_node_finish(&node);
}

static void the_client_certificate_test_says_the_pages_words(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "client", CW_NODE_EXPRESSWAY_C);
	json_t *frame = test_node_upload_certs(&node, "client-test", "{}", "stranger");
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/page_text"),
		"Invalid: The client certificate is not signed by a CA in the trusted CA list.");
	assert_true(json_is_false(test_node_at(frame, "answer/good")));
	json_decref(frame);
	frame = test_node_upload_certs(&node, "client-test", "{}", "e1");
	assert_string_equal(test_node_text(frame, "answer/page_text"),
		"Invalid: unable to get certificate CRL, please ensure that you have uploaded a CRL");
	assert_true(json_is_true(test_node_at(frame, "answer/good")));
	assert_non_null(
		strstr(test_node_text(frame, "answer/meaning"), "passed all other verification checks"));
	assert_string_equal(test_node_text(frame, "answer/string"), "e1.acme.test");
	json_decref(frame);
	node.who.role = CW_ROLE_READ_ONLY;
	frame = test_node_upload_certs(&node, "client-test", "{'permanent':true}", "e1");
	test_node_want(frame, 403);
	json_decref(frame);
	node.who.role = CW_ROLE_READ_WRITE;
	frame = test_node_upload_certs(&node, "client-test",
		"{'permanent':true,'pattern':'/CN=(?<who>[a-z0-9]+)/','format':'x-#who#'}", "e1");
	test_node_want(frame, 200);
	json_decref(frame);
	assert_string_equal(node.core.snapshot->file->cba_format, "x-#who#");
	frame = test_node_upload_certs(&node, "client-test", "{'pattern':'/(/'}", "e1");
	test_node_want(frame, 400);
	json_decref(frame);
	test_node_finish(&node);
}

static void a_change_that_could_lock_out_comes_back_unless_it_is_confirmed_anew(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "cba", CW_NODE_EXPRESSWAY_C);
	AUTO(free) char *before = test_node_read(&node, "node.yaml");
	json_t *frame = test_node_ask(&node, "cba/set", "{'mode':'authentication'}");
	test_node_want(frame, 202);
	assert_true(json_is_string(test_node_at(frame, "answer/unconfirmed")));
	json_decref(frame);
	assert_int_equal(node.core.snapshot->file->cba, CW_CBA_AUTHENTICATION);
	frame = test_node_ask(&node, "cba/confirm", NULL);
	test_node_want(frame, 409); /* the same connection */
	json_decref(frame);
	test_node_restart(&node); /* it was not confirmed */
	assert_int_equal(node.core.snapshot->file->cba, CW_CBA_NOT_REQUIRED);
	AUTO(free) char *back = test_node_read(&node, "node.yaml");
	assert_string_equal(back, before);
	cw_node_work_end(&node.core);
	struct cw_error error;
	assert_true(cw_node_work_begin(&node.core, &error));
	json_decref(test_node_ask(&node, "cba/set", "{'mode':'validation'}"));
	node.who.connection = 2;
	frame = test_node_ask(&node, "cba/confirm", NULL);
	test_node_want(frame, 200);
	json_decref(frame);
	test_node_restart(&node);
	assert_int_equal(node.core.snapshot->file->cba, CW_CBA_VALIDATION);
	frame = test_node_ask(&node, "cba/confirm", NULL);
	test_node_want(frame, 409);
	json_decref(frame);
	frame = test_node_ask(&node, "cba/set", "{'mode':'perhaps'}");
	test_node_want(frame, 400);
	json_decref(frame);
	test_node_finish(&node);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zone_is_tried_then_set_and_its_password_goes_into_a_file),
		cmocka_unit_test(what_a_zone_cannot_be_is_refused),
		cmocka_unit_test(comments_that_would_go_are_counted_before),
		cmocka_unit_test(domains_come_and_go),
		cmocka_unit_test(unified_cm_servers_come_and_go),
		cmocka_unit_test(revocation_lists_are_uploaded_and_their_updates_set),
		cmocka_unit_test(the_client_certificate_test_says_the_pages_words),
		cmocka_unit_test(a_change_that_could_lock_out_comes_back_unless_it_is_confirmed_anew),
	};
	return cmocka_run_group_tests(tests, test_node_setup, test_node_teardown);
}
