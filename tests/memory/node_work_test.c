/**
 * Every place in this program that asks for memory is refused it once, while a node does what its pages ask: each time it
 * says that it is out of memory, or its answer is the very same. It neither crashes nor leaks, goes on with the snapshot
 * that it has, and its folder is one from which it starts: no certificate is without its key.
 *
 * Kinds and samples as in verbs_test.c: CAUSEWAY_MEMORY=N some N places of each operation, 0 all of them; MEMORY_OF one
 * operation alone.
 */
#include "support/cmocka.h"

#include "failing.h"

#include "http/http_base64.h"
#include "pki/bundle/pem_write.h"
#include "report/json.h"
#include "support/certs.h"
#include "support/folder.h"
#include "support/node_scene.h"

#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

#define SAMPLES 2 /* of each operation and kind, in a test run */
#define C CW_NODE_EXPRESSWAY_C
#define E CW_NODE_EXPRESSWAY_E
#define U CW_NODE_CUCM

enum file { NOTHING, CERTS, ANSWER, CRL };

/* `with` has single quotes for double ones, and {NAME} for the SHA-256 of a certificate of the scene. */
struct deed {
	enum cw_node_kind kind;
	const char *operation, *with;
	enum file file;
	const char *names; /* of the certificates that are uploaded */
	bool varies;	   /* keys, numbers or times are others in each run: only the status is compared */
};

#define DO(kind_, operation_, with_, ...) \
	{ \
		.kind = (kind_), .operation = (operation_), .with = (with_), __VA_ARGS__ \
	}

static const struct deed deeds[] = {
	DO(C, "overview", "{}", .varies = true),
	DO(C, "zones", "{}", .varies = true),
	DO(C, "zone", "{'name':'traversal'}"),
	DO(C, "zone/try", "{'name':'traversal','peers':['e1.acme.test','e2.acme.test'],'port':7002}"),
	DO(C, "zone/set", "{'name':'traversal','peers':['e2.acme.test'],'password':'tiger99'}"),
	DO(C, "tunnels", "{}"),
	DO(C, "uc", "{}"),
	DO(C, "identity", "{'identity':'server'}"),
	DO(C, "identity/try", "{'identity':'server'}", .file = CERTS, .names = "again"),
	DO(C, "identity/upload", "{'identity':'server'}", .file = CERTS, .names = "again"),
	DO(C, "identity/upload", "{'identity':'server'}", .file = ANSWER, .varies = true),
	DO(C, "request/new", "{'identity':'server','key':'ecdsa:256','sans':['x.acme.test'],'discard':true}",
		.varies = true),
	DO(C, "request/discard", "{'identity':'server'}"),
	DO(C, "trust", "{'store':'trusted-ca'}"),
	DO(C, "trust/try", "{'store':'trusted-ca'}", .file = CERTS, .names = "other twin"),
	DO(C, "trust/append", "{'store':'trusted-ca'}", .file = CERTS, .names = "other"),
	DO(C, "trust/replace", "{'store':'trusted-ca'}", .file = CERTS, .names = "twin"),
	DO(C, "trust/remove", "{'store':'trusted-ca','sha256':['{other-root}']}"),
	DO(C, "trust/move", "{'store':'trusted-ca','sha256':'{other-root}','position':1}"),
	DO(C, "trust/reset", "{}"),
	DO(C, "client-test", "{'pattern':'/CN=(?<name>[^,]+)/','format':'#name#'}", .file = CERTS,
		.names = "c1"),
	DO(C, "cucm-servers", "{}"),
	DO(C, "cucm-servers/add", "{'address':'192.0.2.4','fqdn':'sub.acme.test'}"),
	DO(C, "cucm-servers/remove", "{'address':'pub.acme.test'}"),
	DO(C, "domains", "{}"),
	DO(C, "domains/add", "{'domain':'more.test'}"),
	DO(C, "domains/remove", "{'domain':'acme.test'}"),
	DO(C, "metrics", "{}", .varies = true),
	DO(E, "uc", "{}"),
	DO(E, "zone/set", "{'name':'traversal','verify_name':'cluster.acme.test'}"),
	DO(E, "crl", "{}"),
	DO(E, "crl/upload", "{}", .file = CRL),
	DO(E, "crl/set",
		"{'urls':['http://pki.acme.test/root.crl'],'daily':'04:15','enabled':true,'revocation':'crl'}"),
	DO(E, "cba", "{}"),
	DO(E, "cba/set", "{'mode':'validation','pattern':'/CN=(?<name>[^,]+)/','format':'#name#'}",
		.varies = true),
	DO(U, "overview", "{}", .varies = true),
	DO(U, "certificates", "{}"),
	DO(U, "certificates", "{'find':{'column':'certificate','how':'begins-with','text':'tom'}}"),
	DO(U, "certificate/try", "{'purpose':'tomcat-trust'}", .file = CERTS, .names = "other"),
	DO(U, "certificate/upload", "{'purpose':'tomcat-trust'}", .file = CERTS, .names = "other"),
	DO(U, "certificate/delete", "{'store':'tomcat-trust','sha256':'{issuing}'}"),
	DO(U, "certificate/regenerate", "{'identity':'tomcat'}", .varies = true),
	DO(U, "identity", "{'identity':'CallManager'}"),
};
#define COUNT (sizeof deeds / sizeof *deeds)

/* --- what is asked --- */

static void put_file(const struct test_node *node, const struct deed *deed, struct cw_buffer *ret)
{
	struct cw_cert *certs[8];
	struct cw_error error;
	unsigned char *der = NULL;
	size_t count = deed->file == CERTS ? test_certs(deed->names, certs, 8) : 0;
	for (size_t i = 0; i < count; i++)
		assert_true(cw_pem_write_cert(ret, certs[i], &error));
	if (deed->file == ANSWER)
		test_node_answer_request(node, "c1.acme.test.csr.key", ret);
	if (deed->file != CRL)
		return;
	int length = i2d_X509_CRL(cw_crl_x509(test_crl("by=root this=-1 next=20000")), &der);
	assert_true(length > 0 && cw_pem_write_block(ret, "X509 CRL", der, (size_t)length, &error));
	OPENSSL_free(der);
}

/* Quotes, and the certificates' names: JSON. */
static void put_words(const char *with, struct cw_buffer *ret)
{
	char name[40];
	while (*with) {
		size_t length = with[0] == '{' ? strspn(with + 1, "abcdefghijklmnopqrstuvwxyz-") : 0;
		if (length && with[length + 1] == '}') {
			snprintf(name, sizeof name, "%.*s", (int)length, with + 1);
			cw_buffer_text(ret, cw_cert_sha256_text(test_cert(name)));
			with += length + 2;
		} else {
			cw_buffer_char(ret, *with == '\'' ? '"' : *with);
			with++;
		}
	}
}

static json_t *question_of(const struct test_node *node, const struct deed *deed)
{
	AUTO_BUFFER words = {0}, file = {0}, base64 = {0};
	json_error_t error;
	put_words(deed->with, &words);
	json_t *with = json_loads(cw_buffer_string(&words), 0, &error);
	if (!with)
		fail_msg("%s: %s", cw_buffer_string(&words), error.text);
	put_file(node, deed, &file);
	cw_http_base64_encode(&base64,
		(struct cw_http_text){.at = (const char *)file.data, .length = file.length},
		CW_HTTP_BASE64_PADDED);
	if (deed->file)
		json_object_set_new(with, "file", json_string(cw_buffer_string(&base64)));
	return with;
}

/* --- what is answered --- */

struct outcome {
	struct test_node *node;
	const char *operation;
	const json_t *with;
	json_t *frame; /* NULL: `error` */
	struct cw_error error;
};

static void ask(void *context)
{
	struct outcome *outcome = context;
	outcome->error = (struct cw_error){0};
	outcome->frame = NULL;
	if (!cw_node_work(&outcome->node->core, &outcome->node->who, outcome->operation, outcome->with,
		    &outcome->frame, &outcome->error))
		outcome->frame = NULL;
}

static bool is_clean(const struct deed *deed, const struct outcome *outcome, const json_t *wanted)
{
	if (ERR_peek_error()) /* it would be told of in answers that come later */
		return false;
	if (!outcome->frame)
		return strstr(outcome->error.message, "out of memory") != NULL;
	if (strstr(test_node_text(outcome->frame, "error/text"), "out of memory"))
		return true;
	return deed->varies ? test_node_number(outcome->frame, "status") == test_node_number(wanted, "status")
			    : json_equal(outcome->frame, (json_t *)wanted);
}

static void tell_one(const char *word, const json_t *value)
{
	AUTO(free) char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	print_error("  %s: %.600s\n", word, text ? text : "nothing");
}

static void tell(
	const struct outcome *outcome, enum failing_kind kind, unsigned long number, const json_t *wanted)
{
	const char *key;
	json_t *value, *answer = json_object_get(outcome->frame, "answer");
	print_error("%s, kind %d, allocation %lu: %s\n", outcome->operation, (int)kind, number,
		outcome->error.message);
	if (!answer)
		tell_one("frame", outcome->frame);
	json_object_foreach(json_object_get(wanted, "answer"), key, value)
	{
		if (!answer || json_equal(value, json_object_get(answer, key)))
			continue;
		print_error(" %s\n", key);
		tell_one("wanted", value);
		tell_one("found", json_object_get(answer, key));
	}
}

/* Whoever starts on the folder has a key to each certificate that it shows; fails where it does not start. */
static bool is_whole(struct test_node *node)
{
	test_node_restart(node);
	const struct cw_node *found = node->core.snapshot->node;
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++)
		if (found->identities[i].leaf && !found->identities[i].private_key)
			return false;
	return node->core.snapshot->file->cba == CW_CBA_NOT_REQUIRED; /* the change of it was not confirmed */
}

static size_t unclean;

static void try_place(struct outcome *outcome, const struct deed *deed, const json_t *wanted,
	enum failing_kind kind, unsigned long number)
{
	test_node_restore(outcome->node);
	failing_arm(kind, number, false);
	ask(outcome);
	failing_disarm();
	if (!is_clean(deed, outcome, wanted) || !is_whole(outcome->node)) {
		tell(outcome, kind, number, wanted);
		unclean++;
	}
	json_decref(outcome->frame);
}

static void try_deed(struct test_node *node, const struct deed *deed, enum failing_kind kind)
{
	AUTO(free) unsigned long *numbers = NULL;
	AUTO(json_decref) json_t *with = question_of(node, deed), *wanted = NULL;
	struct outcome outcome = {.node = node, .operation = deed->operation, .with = with};
	test_node_restore(node);
	ask(&outcome);
	wanted = outcome.frame;
	if (!wanted || test_node_number(wanted, "status") >= 400)
		tell(&outcome, kind, 0, NULL);
	assert_true(wanted && test_node_number(wanted, "status") < 400);
	test_node_restore(node);
	size_t count = failing_new_places(kind, ask, &outcome, &numbers);
	json_decref(outcome.frame);
	size_t samples = failing_samples(SAMPLES), step = samples && count > samples ? count / samples : 1;
	for (size_t i = 0; i < count; i += step)
		try_place(&outcome, deed, wanted, kind, numbers[i]);
	print_message("%s, kind %d: %zu new places\n", deed->operation, (int)kind, count);
}

/* A request is in progress, a domain and a server are there. */
static void make(struct test_node *node, enum cw_node_kind kind, enum failing_kind failing)
{
	char name[40];
	snprintf(name, sizeof name, "%s-%d", cw_node_kind_name(kind), (int)failing);
	test_node_make(node, name, kind);
	if (kind == C) {
		json_decref(test_node_ask(node, "request/new", "{'identity':'server','key':'ecdsa:256'}"));
		json_decref(test_node_ask(node, "domains/add", "{'domain':'acme.test'}"));
		json_decref(test_node_ask(
			node, "cucm-servers/add", "{'address':'pub.acme.test','tls_verify':false}"));
	}
	test_node_keep(node);
}

static void try_all(enum failing_kind kind)
{
	const char *only = getenv("MEMORY_OF");
	static const enum cw_node_kind kinds[] = {C, E, U};
	unclean = 0;
	for (size_t k = 0; k < 3; k++) {
		struct test_node node;
		make(&node, kinds[k], kind);
		for (size_t i = 0; i < COUNT; i++)
			if (deeds[i].kind == kinds[k] && (!only || strcmp(only, deeds[i].operation) == 0))
				try_deed(&node, &deeds[i], kind);
		test_node_finish(&node);
	}
	assert_int_equal(unclean, 0);
	assert_int_equal(LEAKS(), 0);
}

static void every_place_that_asks_for_memory_is_refused_once(void **state)
{
	(void)state;
	try_all(FAILING_OWN);
}

static void every_call_of_openssl_that_asks_for_memory_is_refused_once(void **state)
{
	(void)state;
	try_all(FAILING_OPENSSL);
}

static void every_call_of_jansson_that_asks_for_memory_is_refused_once(void **state)
{
	(void)state;
	try_all(FAILING_JANSSON);
}

int main(void)
{
	if (!failing_start())
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_that_asks_for_memory_is_refused_once),
		cmocka_unit_test(every_call_of_openssl_that_asks_for_memory_is_refused_once),
		cmocka_unit_test(every_call_of_jansson_that_asks_for_memory_is_refused_once),
	};
	return cmocka_run_group_tests(tests, test_node_setup, test_node_teardown);
}
