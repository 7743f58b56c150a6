/*
 * REST over a node's folder: requests as the boxes' clients send them, answers as `collect` and `import` read them, ours
 * by their table, and the OpenAPI file that stands in docs/.
 */
#include "admin/rest/rest.h"
#include "admin/rest/rest_own.h"
#include "base/file.h"
#include "node/work/node_work.h"
#include "pki/bundle/pem_write.h"
#include "report/json.h"
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/node_scene.h"

#include <string.h>

static struct test_node c, e, u;

static int make(void **state)
{
	test_node_setup(state);
	test_node_make(&c, "c", CW_NODE_EXPRESSWAY_C);
	test_node_make(&e, "e", CW_NODE_EXPRESSWAY_E);
	test_node_make(&u, "u", CW_NODE_CUCM);
	return 0;
}

static int end(void **state)
{
	test_node_finish(&c);
	test_node_finish(&e);
	test_node_finish(&u);
	return test_node_teardown(state);
}

/* A whole request: asked of the node as the core would be. */
static void send_request(
	struct test_node *node, const struct cw_rest_request *request, struct cw_rest_reply *reply)
{
	AUTO_REST_CALL call = {0};
	struct cw_error error = {0};
	bool ready;
	json_t *frame = NULL;
	*reply = (struct cw_rest_reply){0};
	if (!cw_rest_ask(request, &call, &ready, reply, &error))
		fail_msg("%s", error.message);
	if (!ready)
		return;
	if (!cw_node_work(&node->core, &node->who, call.operation, call.with, &frame, &error))
		fail_msg("%s", error.message);
	unsigned status = (unsigned)test_node_number(frame, "status");
	const json_t *answer = json_object_get(frame, "answer");
	if (!cw_rest_answer(&call, status, answer ? answer : frame, reply, &error))
		fail_msg("%s", error.message);
	json_decref(frame);
}

static json_t *read_json(const char *text)
{
	AUTO(free) char *copy = text ? strdup(text) : NULL;
	for (char *at = copy; at && *at; at++)
		if (*at == '\'')
			*at = '"';
	return copy ? json_loads(copy, JSON_DECODE_ANY, NULL) : NULL;
}

static void ask(struct test_node *node, const char *method, const char *path, const char *query,
	const char *body, struct cw_rest_reply *reply)
{
	json_t *asked = read_json(query), *sent = read_json(body);
	const struct cw_rest_request request = {.method = method, .path = path, .query = asked, .body = sent};
	send_request(node, &request, reply);
	json_decref(asked);
	json_decref(sent);
}

/* What is there, and what the answer begins with or holds. */
static const struct {
	struct test_node *node;
	const char *path, *query;
	unsigned want;
	const char *want_type, *want_text;
} gets[] = {
	{&c, "/api/provisioning/certs/server", NULL, 200, "text/html", "-----BEGIN CERTIFICATE-----\r\n"},
	{&c, "/api/v1/provisioning/certs/root", NULL, 200, "text/html", "-----END CERTIFICATE-----\r\n"},
	{&c, "/api/provisioning/certs/generate_csr", NULL, 404, "application/json", "Message"},
	{&c, "/api/provisioning/controller/zone/unifiedcommunicationstraversal", NULL, 200,
		"application/json", "\"PeerAddress\":[\"e1.acme.test\"]"},
	{&e, "/api/provisioning/controller/zone/unifiedcommunicationstraversal", NULL, 404,
		"application/json", ""},
	{&e, "/api/provisioning/edge/zone/unifiedcommunicationstraversal", NULL, 200, "application/json",
		"\"SIPTLSVerifySubjectName\":\"c1.acme.test\""},
	{&c, "/api/provisioning/controller/zone/traversalclient", NULL, 200, "application/json", "[]"},
	{&c, "/api/provisioning/controller/server/cucm", NULL, 200, "application/json", "[]"},
	{&c, "/api/provisioning/common/mra", NULL, 200, "application/json", "\"Enabled\":\"On\""},
	{&c, "/api/provisioning/common/dns/dns", NULL, 200, "application/json",
		"\"SystemHostName\":\"c1\",\"DomainName\":\"acme.test\""},
	{&c, "/api/provisioning/sysinfo", NULL, 200, "application/json", "\"SoftwareVersion\":\"X14.2\""},
	{&c, "/api/provisioning/common/protocol/sip/configuration", NULL, 200, "application/json", "5061"},
	{&c, "/status.xml", NULL, 200, "text/xml", "<Version item=\"1\">X14.2</Version>"},
	{&c, "/metrics", NULL, 200, "application/openmetrics-text; version=1.0.0; charset=utf-8", "# EOF\n"},
	{&c, "/api/provisioning/nothing", NULL, 404, "application/json", "There is no such resource"},
	{&c, "/platformcom/api/v1/certmgr/config/snapshot/server", NULL, 404, "application/json",
		"no operation"},
	{&u, "/api/provisioning/certs/server", NULL, 404, "application/json", "Message"},
	{&u, "/platformcom/api/v1/certmgr/config/snapshot/server", NULL, 200, "application/json",
		"\"server\":\"pub.acme.test\""},
	{&u, "/platformcom/api/v1/certmgr/config/options", NULL, 200, "application/json", "tomcat"},
	{&u, "/platformcom/api/v1/certmgr/config/identity/certificate", "{'service':'tomcat'}", 200,
		"application/json", "BEGIN CERTIFICATE"},
	{&u, "/platformcom/api/v1/certmgr/config/identity/certificate", "{'service':'CAPF'}", 404,
		"application/json", ""},
	{&u, "/platformcom/api/v1/certmgr/config/identity/certificate", NULL, 400, "application/json",
		"service"},
	{&u, "/platformcom/api/v1/certmgr/config/trust/certificate", "{'service':'tomcat'}", 200,
		"application/json", "[{\"filename\":"},
	{&c, "/api/causeway/v1/trust", "{'store':'trusted-ca'}", 200, "application/json", "\"position\":1"},
	{&c, "/api/causeway/v1/events", "{'count':'x'}", 400, "application/json", "whole number"},
	{&c, "/api/causeway/v1/trust/append", NULL, 405, "application/json", "another method"},
	{&c, "/api/causeway/v1/nothing", NULL, 404, "application/json", "no such resource"},
};

static void what_is_read_has_the_shapes_that_clients_know(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof gets / sizeof *gets; i++) {
		AUTO_REST_REPLY reply = {0};
		ask(gets[i].node, "GET", gets[i].path, gets[i].query, NULL, &reply);
		const char *text = cw_buffer_string(&reply.body);
		if (reply.status != gets[i].want || strcmp(reply.type, gets[i].want_type) != 0 ||
			!strstr(text, gets[i].want_text))
			fail_msg("%s: %u %s: %.600s", gets[i].path, reply.status, reply.type, text);
	}
}

static void uploads_are_forms_and_say_what_the_page_says(void **state)
{
	(void)state;
	AUTO_REST_REPLY reply = {0}, bad = {0}, none = {0};
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	struct cw_rest_request request = {.method = "POST", .path = "/api/provisioning/certs/root"};
	assert_true(cw_pem_write_cert(&pem, test_cert("other"), &error));
	request.file = pem.data;
	request.file_length = pem.length;
	send_request(&c, &request, &reply);
	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(cw_buffer_string(&reply.body), "Root Certificate updated."));
	assert_int_equal(c.core.snapshot->node->stores[CW_STORE_TRUSTED_CA].list.count, 4);
	request.path = "/api/provisioning/certs/server";
	request.file = "words";
	request.file_length = 5;
	send_request(&c, &request, &bad);
	assert_int_equal(bad.status, 400);
	assert_non_null(strstr(cw_buffer_string(&bad.body), "is not a valid X.509 PEM certificate file."));
	request.file = NULL;
	send_request(&c, &request, &none);
	assert_int_equal(none.status, 400);
}

static void a_request_is_generated_once_as_the_guide_has_it(void **state)
{
	(void)state;
	static const char body[] = "{'Additional_FQDNS':['x.acme.test'],'Country':'US','Organization':'Acme',"
				   "'KeyLength':2048,'DigestAlgorithm':'SHA-256'}";
	AUTO_REST_REPLY made = {0}, read = {0}, again = {0}, gone = {0};
	ask(&c, "POST", "/api/provisioning/certs/generate_csr", NULL, body, &made);
	assert_int_equal(made.status, 201);
	ask(&c, "GET", "/api/provisioning/certs/generate_csr", NULL, NULL, &read);
	assert_int_equal(read.status, 200);
	assert_non_null(strstr(cw_buffer_string(&read.body), "BEGIN CERTIFICATE REQUEST-----\r\n"));
	ask(&c, "POST", "/api/provisioning/certs/generate_csr", NULL, body, &again);
	assert_int_equal(again.status, 409);
	ask(&c, "DELETE", "/api/provisioning/certs/generate_csr", NULL, NULL, &gone);
	assert_int_equal(gone.status, 200);
}

static void cucm_takes_requests_and_trust_certificates(void **state)
{
	(void)state;
	AUTO_REST_REPLY made = {0}, taken = {0}, missing = {0};
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	ask(&u, "POST", "/platformcom/api/v1/certmgr/config/csr", NULL,
		"{'service':'tomcat','distribution':'this-server','commonName':'pub.acme.test','keyType':'rsa',"
		"'keyLength':2048,'hashAlgorithm':'sha256','altNames':['alias.acme.test']}",
		&made);
	assert_int_equal(made.status, 201);
	assert_non_null(strstr(cw_buffer_string(&made.body), "BEGIN CERTIFICATE REQUEST"));
	assert_true(cw_pem_write_cert(&pem, test_cert("other-root"), &error));
	json_t *body = json_pack("{s:[s], s:[s], s:s}", "service", "tomcat", "certificates",
		cw_buffer_string(&pem), "description", "of others");
	const struct cw_rest_request request = {.method = "POST",
		.path = "/platformcom/api/v1/certmgr/config/trust/certificates",
		.body = body};
	send_request(&u, &request, &taken);
	assert_int_equal(taken.status, 201);
	assert_non_null(strstr(cw_buffer_string(&taken.body), "Success: Certificate Uploaded..."));
	assert_int_equal(u.core.snapshot->node->stores[CW_STORE_TOMCAT_TRUST].list.count, 3);
	json_decref(body);
	ask(&u, "POST", "/platformcom/api/v1/certmgr/config/trust/certificates", NULL, "{'service':'tomcat'}",
		&missing);
	assert_int_equal(missing.status, 400);
}

static void what_changes_wants_its_method_header_and_role(void **state)
{
	(void)state;
	AUTO_REST_REPLY without = {0}, with = {0}, put = {0}, reader = {0};
	struct cw_rest_request request = {.method = "POST", .path = "/api/provisioning/common/restart"};
	send_request(&c, &request, &without);
	assert_int_equal(without.status, 403);
	request.csrf = true;
	send_request(&c, &request, &with);
	assert_int_equal(with.status, 200);
	ask(&c, "PUT", "/api/provisioning/certs/root", NULL, NULL, &put);
	assert_int_equal(put.status, 405);
	assert_non_null(put.allow);
	c.who.role = CW_ROLE_READ_ONLY;
	ask(&c, "POST", "/api/causeway/v1/domains/add", NULL, "{'domain':'acme.test'}", &reader);
	assert_int_equal(reader.status, 403);
	c.who.role = CW_ROLE_READ_WRITE;
}

static void every_operation_has_its_fields_and_the_file_of_openapi_is_the_tables(void **state)
{
	(void)state;
	static const char file[] = "docs/openapi.json";
	AUTO_BUFFER made = {0}, found = {0};
	struct cw_error error = {0};
	const char *name;
	unsigned kinds;
	bool writes;
	for (size_t i = 0; (name = cw_node_work_operation(i, &writes, &kinds)); i++)
		if (!cw_rest_own_fields(name))
			fail_msg("%s: has no fields in rest_own.c", name);
	if (!cw_rest_own_openapi(&made, &error))
		fail_msg("%s", error.message);
	if (getenv("CAUSEWAY_ACCEPT"))
		assert_true(cw_file_write(file, made.data, made.length, 0644, &error));
	if (!cw_file_read(file, 4 * 1024 * 1024, &found, &error))
		fail_msg("%s", error.message);
	if (found.length != made.length || memcmp(found.data, made.data, made.length) != 0)
		fail_msg("%s is old: CAUSEWAY_ACCEPT=1 %s", file, "build/dev/tests/unit_admin_rest");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_has_the_shapes_that_clients_know),
		cmocka_unit_test(uploads_are_forms_and_say_what_the_page_says),
		cmocka_unit_test(a_request_is_generated_once_as_the_guide_has_it),
		cmocka_unit_test(cucm_takes_requests_and_trust_certificates),
		cmocka_unit_test(what_changes_wants_its_method_header_and_role),
		cmocka_unit_test(every_operation_has_its_fields_and_the_file_of_openapi_is_the_tables),
	};
	return cmocka_run_group_tests(tests, make, end);
}
