/*
 * The page of the trusted CA list, and CUCM's trust stores: order, shadows, what an upload does, deletion and moves.
 */
#include "pki/bundle/pem_write.h"
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/node_scene.h"

#include <string.h>

#define LIST "{'store':'trusted-ca'}"

/* The question with the fingerprint in place of "%". */
static char *with_sha256(const char *question, const char *name)
{
	AUTO_BUFFER text = {0};
	for (const char *c = question; *c; c++)
		if (*c == '%')
			cw_buffer_text(&text, cw_cert_sha256_text(test_cert(name)));
		else
			cw_buffer_char(&text, *c);
	return cw_buffer_steal(&text);
}

static size_t count_entries(const struct test_node *node, enum cw_store_kind kind)
{
	return node->core.snapshot->node->stores[kind].list.count;
}

static void entries_stand_in_order_with_what_shadows_them(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "shadows", CW_NODE_EXPRESSWAY_C);
	json_t *frame = test_node_upload_certs(&node, "trust/append", LIST, "twin");
	test_node_want(frame, 200);
	assert_true(json_is_true(test_node_at(frame, "answer/refused")));
	assert_string_equal(test_node_text(frame, "answer/rows/0/outcome"), "conflict");
	assert_non_null(strstr(test_node_text(frame, "answer/page_text"), "entry 2 is another certificate"));
	assert_int_equal(count_entries(&node, CW_STORE_TRUSTED_CA), 3);
	json_decref(frame);

	AUTO(free) char *list = test_node_read(&node, "certs/trusted-ca.pem");
	AUTO_BUFFER both = {0};
	struct cw_error error;
	cw_buffer_text(&both, list);
	assert_true(cw_pem_write_cert(&both, test_cert("twin"), &error));
	test_node_write(&node, "certs/trusted-ca.pem", cw_buffer_string(&both));
	test_node_restart(&node);
	frame = test_node_ask(&node, "trust", LIST);
	test_node_want(frame, 200);
	assert_int_equal(test_node_number(frame, "answer/entries"), 4);
	assert_int_equal(test_node_number(frame, "answer/entries/1/shadows/0"), 4);
	assert_int_equal(test_node_number(frame, "answer/entries/3/shadowed_by"), 2);
	assert_true(json_is_null(test_node_at(frame, "answer/entries/1/shadowed_by")));
	assert_int_equal(test_node_number(frame, "answer/entries/2/position"), 3);
	assert_string_equal(
		test_node_text(frame, "answer/entries/1/needed"), "yes"); /* its own certificate */
	assert_int_equal(test_node_number(frame, "answer/entries/3/remarks"), 1);
	json_decref(frame);
	test_node_finish(&node);
}

static void an_upload_is_tried_then_done_and_the_former_list_is_kept(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "append", CW_NODE_EXPRESSWAY_C);
	AUTO(free) char *before = test_node_read(&node, "certs/trusted-ca.pem");
	json_t *frame = test_node_upload_certs(&node, "trust/try", LIST, "other root");
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/change"), "trusted-ca: 1 added, 0 removed");
	assert_int_equal(test_node_number(frame, "answer/added"), 1);
	assert_int_equal(test_node_number(frame, "answer/already"), 1);
	json_decref(frame);
	AUTO(free) char *same = test_node_read(&node, "certs/trusted-ca.pem");
	assert_string_equal(same, before);
	frame = test_node_upload_certs(&node, "trust/append", LIST, "other root");
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/change"), "trusted-ca: 1 added, 0 removed");
	assert_string_equal(test_node_text(frame, "answer/page_text"), "1 CA certificate appended.");
	assert_int_equal(count_entries(&node, CW_STORE_TRUSTED_CA), 4);
	AUTO(free) char *former = test_node_read(&node, "former/certs-trusted-ca.pem");
	assert_string_equal(former, before);
	json_decref(frame);
	test_node_finish(&node);
}

static void what_is_no_certificate_is_refused_with_the_pages_words(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "unfit", CW_NODE_EXPRESSWAY_C);
	json_t *frame = test_node_upload(&node, "trust/append", LIST, "hello", 5);
	test_node_want(frame, 200);
	assert_true(json_is_true(test_node_at(frame, "answer/refused")));
	assert_string_equal(test_node_text(frame, "answer/page_text"),
		"Invalid certificate: The file provided is not a valid X.509 PEM certificate file.");
	assert_string_equal(test_node_text(frame, "answer/findings/0/code"), "not-pem");
	json_decref(frame);
	frame = test_node_ask(&node, "trust/append", LIST);
	test_node_want(frame, 400);
	json_decref(frame);
	frame = test_node_ask(&node, "trust/append", "{'store':'trusted-ca','file':'%%%'}");
	test_node_want(frame, 400);
	json_decref(frame);
	frame = test_node_ask(&node, "trust", "{'store':'tomcat-trust'}");
	test_node_want(frame, 404);
	json_decref(frame);
	test_node_finish(&node);
}

static void replacing_takes_the_place_of_the_former(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "replace", CW_NODE_EXPRESSWAY_C);
	json_t *frame =
		test_node_upload_certs(&node, "trust/try", "{'store':'trusted-ca','replace':true}", "twin");
	assert_string_equal(test_node_text(frame, "answer/rows/0/outcome"), "replaced");
	json_decref(frame);
	frame = test_node_upload_certs(&node, "trust/replace", LIST, "twin");
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/change"), "trusted-ca: 1 added, 1 removed");
	const struct cw_trust_list *list = &node.core.snapshot->node->stores[CW_STORE_TRUSTED_CA].list;
	assert_true(cw_cert_same(list->entries[1].cert, test_cert("twin")));
	json_decref(frame);
	test_node_finish(&node);
}

static void entries_are_moved_and_deleted_by_their_fingerprints(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "move", CW_NODE_EXPRESSWAY_C);
	AUTO(free) char *move = with_sha256("{'store':'trusted-ca','sha256':'%','position':1}", "other-root");
	AUTO(free)
	char *tries = with_sha256("{'store':'trusted-ca','sha256':['%'],'try':true}", "other-root");
	AUTO(free) char *gone = with_sha256("{'store':'trusted-ca','sha256':['%']}", "other-root");
	const struct cw_trust_list *list;
	json_t *frame = test_node_ask(&node, "trust/move", move);
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/change"), "trusted-ca: another order");
	list = &node.core.snapshot->node->stores[CW_STORE_TRUSTED_CA].list;
	assert_true(cw_cert_same(list->entries[0].cert, test_cert("other-root")));
	json_decref(frame);
	frame = test_node_ask(&node, "trust/remove", tries);
	assert_string_equal(test_node_text(frame, "answer/change"), "trusted-ca: 0 added, 1 removed");
	assert_int_equal(count_entries(&node, CW_STORE_TRUSTED_CA), 3);
	json_decref(frame);
	frame = test_node_ask(&node, "trust/remove", gone);
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/removed/0/subject"), "CN=Other-Root");
	assert_int_equal(count_entries(&node, CW_STORE_TRUSTED_CA), 2);
	json_decref(frame);
	frame = test_node_ask(&node, "trust/remove", gone);
	test_node_want(frame, 404); /* it is gone already */
	json_decref(frame);
	frame = test_node_ask(&node, "trust/remove", LIST);
	test_node_want(frame, 400);
	json_decref(frame);
	frame = test_node_ask(&node, "trust/move", "{'store':'trusted-ca','sha256':'00','position':1}");
	test_node_want(frame, 404);
	json_decref(frame);
	test_node_finish(&node);
}

static void a_reset_keeps_what_its_own_certificate_needs(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "reset", CW_NODE_EXPRESSWAY_C);
	json_t *frame = test_node_ask(&node, "trust/reset", "{'try':true}");
	assert_int_equal(test_node_number(frame, "answer/removed"), 1);
	assert_int_equal(count_entries(&node, CW_STORE_TRUSTED_CA), 3);
	json_decref(frame);
	frame = test_node_ask(&node, "trust/reset", NULL);
	test_node_want(frame, 200);
	assert_int_equal(count_entries(&node, CW_STORE_TRUSTED_CA), 2);
	json_decref(frame);
	test_node_finish(&node);
}

static void cucm_lists_finds_uploads_and_deletes(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "cucm", CW_NODE_CUCM);
	json_t *frame = test_node_ask(&node, "certificates", NULL);
	test_node_want(frame, 200);
	assert_int_equal(test_node_number(frame, "answer/rows"), 6);
	assert_string_equal(test_node_text(frame, "answer/rows/0/name"), "tomcat");
	assert_string_equal(test_node_text(frame, "answer/rows/0/type"), "CA-signed");
	assert_string_equal(
		test_node_text(frame, "answer/rows/0/description"), "Certificate Signed by CN=Acme-Issuing");
	assert_string_equal(test_node_text(frame, "answer/rows/0/file_name"), "tomcat.pem");
	assert_non_null(strstr(test_node_text(frame, "answer/rows/0/details"), "Usage oids"));
	json_decref(frame);
	frame = test_node_ask(&node, "certificates",
		"{'find':{'column':'common-name','how':'begins-with','text':'acme-iss'}}");
	assert_int_equal(test_node_number(frame, "answer/rows"), 2);
	json_decref(frame);
	frame = test_node_ask(&node, "certificates", "{'find':{'column':'shoe'}}");
	test_node_want(frame, 400);
	json_decref(frame);
	frame = test_node_upload_certs(&node, "certificate/upload",
		"{'purpose':'tomcat-trust','description':'the Expressway'}", "c1");
	test_node_want(frame, 200);
	assert_string_equal(test_node_text(frame, "answer/page_text"), "Success: Certificate Uploaded...");
	assert_int_equal(count_entries(&node, CW_STORE_TOMCAT_TRUST), 3);
	json_decref(frame);
	frame = test_node_ask(&node, "certificates",
		"{'find':{'column':'description','how':'is-exactly','text':'the expressway'}}");
	assert_int_equal(test_node_number(frame, "answer/rows"), 1);
	json_decref(frame);
	AUTO(free) char *gone = with_sha256("{'store':'tomcat-trust','sha256':['%']}", "c1");
	frame = test_node_ask(&node, "certificate/delete", gone);
	test_node_want(frame, 200);
	assert_int_equal(count_entries(&node, CW_STORE_TOMCAT_TRUST), 2);
	json_decref(frame);
	frame = test_node_ask(&node, "certificate/delete", "{'store':'tomcat','sha256':'00'}");
	test_node_want(frame, 409);
	json_decref(frame);
	frame = test_node_upload_certs(&node, "certificate/try", "{'purpose':'tomcat'}", "stranger");
	test_node_want(frame, 200);
	assert_true(json_is_true(test_node_at(frame, "answer/refused")));
	json_decref(frame);
	test_node_finish(&node);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_stand_in_order_with_what_shadows_them),
		cmocka_unit_test(an_upload_is_tried_then_done_and_the_former_list_is_kept),
		cmocka_unit_test(what_is_no_certificate_is_refused_with_the_pages_words),
		cmocka_unit_test(replacing_takes_the_place_of_the_former),
		cmocka_unit_test(entries_are_moved_and_deleted_by_their_fingerprints),
		cmocka_unit_test(a_reset_keeps_what_its_own_certificate_needs),
		cmocka_unit_test(cucm_lists_finds_uploads_and_deletes),
	};
	return cmocka_run_group_tests(tests, test_node_setup, test_node_teardown);
}
