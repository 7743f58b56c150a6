/*
 * A publisher's record and what a subscriber does with it: what came and went is told, what was there before is left
 * alone, over restarts too; what is no document, or would change no single PEM file, changes nothing.
 */
#include "node/replica/replica_record.h"
#include "pki/bundle/pem_write.h"
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include "base/file.h"

#include <unistd.h>

/* A node with its tomcat-trust in a file; callmanager-trust is empty. */
struct box {
	char name[16];
	struct cw_pool *pool;
	struct cw_deployment deployment;
	struct cw_node_file file;
	struct cw_node node;
	struct cw_snapshot snapshot;
};

static void write_list(const struct box *box, const char *const *names)
{
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	char path[64];
	for (; *names; names++)
		assert_true(cw_pem_write_cert(&pem, test_cert(*names), &error));
	snprintf(path, sizeof path, "%s/tomcat-trust.pem", box->name);
	test_folder_write(path, pem.length ? pem.data : "", pem.length);
}

/* Reads the file again, as a new snapshot. */
static void read_list(struct box *box)
{
	AUTO_BUFFER text = {0};
	AUTO_BUNDLE bundle = {0};
	struct cw_error error;
	char path[64];
	struct cw_trust_list *list = &box->node.stores[CW_STORE_TOMCAT_TRUST].list;
	snprintf(path, sizeof path, "%s/tomcat-trust.pem", box->name);
	assert_true(cw_file_read(test_folder_path(path), 1 << 20, &text, &error));
	cw_trust_list_finish(list);
	*list = (struct cw_trust_list){0};
	const struct cw_bundle_file file = {cw_buffer_string(&text), text.length, "it"};
	if (text.length) {
		assert_true(cw_bundle_parse(&file, NULL, box->pool, &bundle, &error));
		assert_true(cw_trust_list_add_bundle(list, &bundle));
	}
	box->snapshot.number++;
}

static void make(struct box *box, const char *name, const char *const *list)
{
	*box = (struct box){.pool = cw_pool_new()};
	snprintf(box->name, sizeof box->name, "%s", name);
	box->deployment.folder = strdup(test_folder_path(name));
	box->file.deployment = &box->deployment;
	box->node.fqdn = box->name;
	box->snapshot.file = &box->file;
	box->snapshot.node = &box->node;
	box->snapshot.pool = box->pool;
	assert_true(cw_strings_add(&box->node.stores[CW_STORE_TOMCAT_TRUST].paths, "tomcat-trust.pem"));
	write_list(box, list);
	read_list(box);
}

static void finish(struct box *box)
{
	cw_trust_list_finish(&box->node.stores[CW_STORE_TOMCAT_TRUST].list);
	cw_strings_finish(&box->node.stores[CW_STORE_TOMCAT_TRUST].paths);
	free(box->deployment.folder);
	cw_pool_free(box->pool);
}

static json_t *open_record(const struct box *box)
{
	json_t *record = NULL;
	struct cw_error error = {0};
	if (!cw_replica_record_open(box->deployment.folder, &box->snapshot, &record, &error))
		fail_msg("%s", error.message);
	return record;
}

/* One round: what the publisher says, and what the subscriber lacks then. */
static json_t *say(
	const json_t *record, const struct box *publisher, struct box *subscriber, const json_t *wanted)
{
	AUTO_BUFFER text = {0};
	AUTO_STRINGS told = {0};
	struct cw_error error = {0};
	json_t *lacks = NULL;
	assert_true(cw_replica_record_document(record, &publisher->snapshot, wanted, &text, &error));
	if (!cw_replica_record_apply(
		    &subscriber->snapshot, cw_buffer_string(&text), text.length, &lacks, &told, &error))
		fail_msg("%s", error.message);
	read_list(subscriber);
	return lacks;
}

static bool has(const struct box *box, const char *name)
{
	const struct cw_trust_list *list = &box->node.stores[CW_STORE_TOMCAT_TRUST].list;
	return cw_trust_list_find(list, test_cert(name)) < list->count;
}

static void what_came_and_went_is_followed_over_restarts(void **state)
{
	(void)state;
	struct box publisher, subscriber;
	make(&publisher, "pub", (const char *const[]){"one", "two", NULL});
	make(&subscriber, "sub", (const char *const[]){"three", NULL});
	json_t *record = open_record(&publisher);
	json_t *lacks = say(record, &publisher, &subscriber, NULL);
	assert_int_equal(json_array_size(lacks), 0); /* they differed before: that stays */
	assert_false(has(&subscriber, "one"));
	json_decref(lacks);
	json_decref(record);

	write_list(&publisher, (const char *const[]){"two", "four", NULL});
	read_list(&publisher);
	record = open_record(&publisher); /* a restart between the change and its being told */
	lacks = say(record, &publisher, &subscriber, NULL);
	assert_int_equal(json_array_size(lacks), 1);
	assert_string_equal(
		json_string_value(json_array_get(lacks, 0)), cw_cert_sha256_text(test_cert("four")));
	assert_false(has(&subscriber, "four"));
	json_t *again = say(record, &publisher, &subscriber, lacks);
	assert_int_equal(json_array_size(again), 0);
	assert_true(has(&subscriber, "four"));
	assert_true(has(&subscriber, "three"));
	json_decref(lacks);
	json_decref(again);
	json_decref(record);

	write_list(&publisher, (const char *const[]){"two", NULL});
	read_list(&publisher);
	record = open_record(&publisher);
	lacks = say(record, &publisher, &subscriber, NULL);
	assert_int_equal(json_array_size(lacks), 0);
	assert_false(has(&subscriber, "four"));
	json_decref(lacks);
	json_decref(record);
	finish(&publisher);
	finish(&subscriber);
}

static void what_is_no_document_changes_nothing(void **state)
{
	(void)state;
	static const char *const rows[] = {"", "{}", "[]", "null", "{\"version\":2,\"stores\":{}}",
		"{\"version\":1,\"stores\":[]}",
		"{\"version\":1,\"stores\":{},\"certs\":\"-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n\"}"};
	struct box subscriber;
	make(&subscriber, "sub", (const char *const[]){"three", NULL});
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_STRINGS told = {0};
		struct cw_error error = {0};
		json_t *lacks = NULL;
		assert_false(cw_replica_record_apply(
			&subscriber.snapshot, rows[i], strlen(rows[i]), &lacks, &told, &error));
		assert_null(lacks);
		assert_true(error.message[0]);
		assert_int_equal(told.count, 0);
	}
	read_list(&subscriber);
	assert_true(has(&subscriber, "three"));
	finish(&subscriber);
}

static void hostile_members_are_read_over(void **state)
{
	(void)state;
	static const char text[] =
		"{\"version\":1,\"stores\":{\"tomcat-trust\":{\"present\":[1,null,{},\"zz\"],\"absent\":[\"\",7]},"
		"\"trusted-ca\":{\"absent\":[\"x\"]},\"callmanager-trust\":3},\"certs\":7}";
	struct box subscriber;
	AUTO_STRINGS told = {0};
	struct cw_error error = {0};
	json_t *lacks = NULL;
	make(&subscriber, "sub", (const char *const[]){"three", NULL});
	assert_true(cw_replica_record_apply(&subscriber.snapshot, text, strlen(text), &lacks, &told, &error));
	assert_int_equal(json_array_size(lacks), 1); /* "zz", which nobody has */
	assert_int_equal(told.count, 0);
	json_decref(lacks);
	finish(&subscriber);
}

static void a_list_that_is_no_single_file_is_told_of(void **state)
{
	(void)state;
	struct box publisher, subscriber;
	AUTO_BUFFER text = {0};
	AUTO_STRINGS told = {0};
	struct cw_error error = {0};
	json_t *lacks = NULL;
	make(&publisher, "pub2", (const char *const[]){"one", NULL});
	make(&subscriber, "sub", (const char *const[]){"one", NULL});
	json_t *record = open_record(&publisher);
	json_decref(record);
	write_list(&publisher, (const char *const[]){NULL});
	read_list(&publisher);
	record = open_record(&publisher);
	assert_true(cw_strings_add(&subscriber.node.stores[CW_STORE_TOMCAT_TRUST].paths, "another.pem"));
	assert_true(cw_replica_record_document(record, &publisher.snapshot, NULL, &text, &error));
	assert_false(cw_replica_record_apply(
		&subscriber.snapshot, cw_buffer_string(&text), text.length, &lacks, &told, &error));
	assert_non_null(strstr(error.message, "tomcat-trust: wanted one PEM file"));
	json_decref(record);
	finish(&publisher);
	finish(&subscriber);
}

static int begin(void **state)
{
	(void)state;
	test_folder_make();
	test_make_certs("one ca; two ca; three ca; four ca");
	return 0;
}

static int end(void **state)
{
	test_folder_remove();
	test_keys_finish();
	return test_certs_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_came_and_went_is_followed_over_restarts),
		cmocka_unit_test(what_is_no_document_changes_nothing),
		cmocka_unit_test(hostile_members_are_read_over),
		cmocka_unit_test(a_list_that_is_no_single_file_is_told_of),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
