/*
 * What becomes of a request at the edge: every fault that a client meets, with its status, its fields and who says so.
 */
#include "http/http_base64.h"
#include "http/http_reader.h"
#include "node/edge/edge_gate.h"
#include "node/edge/edge_rate.h"
#include "support/cmocka.h"

#include <string.h>

#define NOW ((cw_time)1795000000)
#define HOUR ((cw_time)3600)

enum cookie { NONE, GOOD, OLD, EARLY, OTHERS, BROKEN };

struct scene {
	struct cw_strings domains;
	struct cw_edge_key_signer signer, other;
	struct cw_edge_key_ring ring;
	struct cw_allow_list allow;
	struct cw_edge_gate gate;
};

static void turn(struct cw_edge_key_signer *signer)
{
	struct cw_error error;
	bool changed;
	assert_true(cw_edge_key_signer_turn(signer, NOW, &changed, &error));
}

static void add_rule(struct scene *scene, const char *url, const char *method)
{
	struct cw_allow_rule rule;
	const char *why;
	assert_true(cw_allow_list_url(url, &rule, &why));
	rule.methods = cw_allow_list_method(method);
	assert_true(cw_allow_list_add(&scene->allow, &rule));
}

static void begin(struct scene *scene)
{
	struct cw_edge_key_told told[CW_EDGE_KEY_OWN_MAX];
	*scene = (struct scene){0};
	assert_true(cw_strings_add(&scene->domains, "acme.test"));
	turn(&scene->signer);
	turn(&scene->other);
	size_t count = cw_edge_key_signer_told(&scene->signer, told);
	assert_true(cw_edge_key_ring_take(&scene->ring, "c1", told, count, NOW));
	add_rule(scene, "https://cucm.acme.test:8443/cucm-uds/", "GET");
	scene->gate = (struct cw_edge_gate){
		.domains = &scene->domains, .ring = &scene->ring, .allow = &scene->allow};
}

static void finish(struct scene *scene)
{
	cw_strings_finish(&scene->domains);
	cw_edge_key_signer_finish(&scene->signer);
	cw_edge_key_signer_finish(&scene->other);
	cw_edge_key_ring_finish(&scene->ring);
	cw_allow_list_finish(&scene->allow);
}

static void put_cookie(const struct scene *scene, enum cookie cookie, struct cw_buffer *ret)
{
	struct cw_edge_session session = {.user = "anna", .issued = NOW, .expires = NOW + 8 * HOUR};
	struct cw_error error;
	if (cookie == NONE)
		return;
	if (cookie == OLD)
		session.issued -= 9 * HOUR, session.expires -= 9 * HOUR;
	if (cookie == EARLY)
		session.issued += HOUR, session.expires += HOUR;
	cw_buffer_text(ret, "Cookie: a=b; X-Auth=");
	if (cookie == BROKEN)
		cw_buffer_text(ret, "1234");
	else
		assert_true(
			cw_edge_cookie_sign(&(cookie == OTHERS ? &scene->other : &scene->signer)->keys[0].key,
				&session, ret, &error));
	cw_buffer_text(ret, "\r\n");
}

/* "METHOD DECODED-PREFIX REST", a cookie, more fields. */
struct request {
	const char *method, *prefix, *rest;
	enum cookie cookie;
	const char *fields;
};

static struct cw_http_reader *read_request(
	const struct scene *scene, const struct request *request, struct cw_buffer *bytes)
{
	struct cw_http_text piece;
	cw_buffer_printf(bytes, "%s /", request->method);
	cw_http_base64_encode(bytes, cw_http_text(request->prefix), CW_HTTP_BASE64_URL);
	cw_buffer_printf(bytes, "%s HTTP/1.1\r\nHost: e1.acme.test\r\n%s", request->rest, request->fields);
	put_cookie(scene, request->cookie, bytes);
	if (strcmp(request->method, "POST") == 0)
		cw_buffer_text(bytes, "Content-Length: 0\r\n");
	cw_buffer_text(bytes, "\r\n");
	struct cw_http_text input = {bytes->data, bytes->length};
	struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_REQUEST, 1000);
	assert_non_null(reader);
	assert_int_equal(cw_http_reader_read(reader, &input, &piece), CW_HTTP_READ_HEAD);
	return reader;
}

#define CONFIG "/get_edge_config?service_name=_cisco-uds"
#define CUCM "acme.test/https/cucm.acme.test/8443"
#define BASIC "Authorization: Basic YW5uYTpzZWNyZXQ=\r\n" /* anna:secret */

struct row {
	struct request request;
	enum cw_edge_fault want_outer, want_inner;
};

static const struct row rows[] = {
	/* signing in */
	{{"GET", "acme.test", CONFIG, NONE, BASIC}, CW_EDGE_FAULT_NOTHING, CW_EDGE_FAULT_NOTHING},
	{{"GET", "ACME.Test", CONFIG, NONE, BASIC}, CW_EDGE_FAULT_NOTHING, CW_EDGE_FAULT_NOTHING},
	{{"GET", "acme.test", CONFIG, NONE, ""}, CW_EDGE_FAULT_NO_SESSION, CW_EDGE_FAULT_NO_SESSION},
	{{"GET", "acme.test", CONFIG, GOOD, ""}, CW_EDGE_FAULT_NO_SESSION, CW_EDGE_FAULT_NO_SESSION},
	{{"GET", "acme.test", CONFIG, NONE, "Authorization: Bearer abc\r\n"}, CW_EDGE_FAULT_NO_SESSION,
		CW_EDGE_FAULT_NO_SESSION},
	{{"GET", "acme.test", CONFIG, NONE, "Authorization: Digest a=b\r\n"}, CW_EDGE_FAULT_NO_SESSION,
		CW_EDGE_FAULT_NO_SESSION},
	{{"GET", "acme.test", CONFIG, NONE, "Authorization: Basic !!\r\n"}, CW_EDGE_FAULT_MALFORMED,
		CW_EDGE_FAULT_MALFORMED},
	{{"POST", "acme.test", CONFIG, NONE, BASIC}, CW_EDGE_FAULT_METHOD, CW_EDGE_FAULT_METHOD},
	{{"GET", "other.test", CONFIG, NONE, BASIC}, CW_EDGE_FAULT_DOMAIN, CW_EDGE_FAULT_DOMAIN},
	{{"GET", "sub.acme.test", CONFIG, NONE, BASIC}, CW_EDGE_FAULT_DOMAIN, CW_EDGE_FAULT_DOMAIN},
	{{"GET", "acme.test", "/get_edge_sso?email=anna@acme.test", NONE, ""}, CW_EDGE_FAULT_NO_SSO,
		CW_EDGE_FAULT_NO_SSO},
	{{"GET", "acme.test", "/admin", NONE, BASIC}, CW_EDGE_FAULT_NO_SERVICE, CW_EDGE_FAULT_NO_SERVICE},
	{{"GET", "acme", CONFIG, NONE, BASIC}, CW_EDGE_FAULT_NO_SERVICE, CW_EDGE_FAULT_NO_SERVICE},
	/* sessions */
	{{"GET", CUCM, "/cucm-uds/servers", GOOD, ""}, CW_EDGE_FAULT_NOTHING, CW_EDGE_FAULT_NOTHING},
	{{"GET", CUCM, "/cucm-uds/servers?a=/../", GOOD, ""}, CW_EDGE_FAULT_NOTHING, CW_EDGE_FAULT_NOTHING},
	{{"GET", CUCM, "/cucm-uds/servers", NONE, BASIC}, CW_EDGE_FAULT_NO_SESSION, CW_EDGE_FAULT_NO_SESSION},
	{{"GET", CUCM, "/cucm-uds/servers", OLD, BASIC}, CW_EDGE_FAULT_NO_SESSION, CW_EDGE_FAULT_NO_SESSION},
	{{"GET", CUCM, "/cucm-uds/servers", OTHERS, BASIC}, CW_EDGE_FAULT_NO_SESSION,
		CW_EDGE_FAULT_NO_SESSION},
	{{"GET", CUCM, "/cucm-uds/servers", BROKEN, BASIC}, CW_EDGE_FAULT_NO_SESSION,
		CW_EDGE_FAULT_NO_SESSION},
	{{"GET", CUCM, "/cucm-uds/servers", EARLY, ""}, CW_EDGE_FAULT_CLOCKS, CW_EDGE_FAULT_CLOCKS},
	{{"GET", CUCM, "/cucm-uds/servers", NONE, "Cookie: X-Auth=1; X-Auth=2\r\n"}, CW_EDGE_FAULT_MALFORMED,
		CW_EDGE_FAULT_MALFORMED},
	{{"GET", CUCM, "/cucm-uds/servers", NONE, "Cookie: x-auth=1\r\n"}, CW_EDGE_FAULT_NO_SESSION,
		CW_EDGE_FAULT_NO_SESSION},
	/* the allow list: Expressway-C's alone */
	{{"GET", CUCM, "/cmplatform/", GOOD, ""}, CW_EDGE_FAULT_NOTHING, CW_EDGE_FAULT_NOT_ALLOWED},
	{{"POST", CUCM, "/cucm-uds/servers", GOOD, ""}, CW_EDGE_FAULT_NOTHING, CW_EDGE_FAULT_NOT_ALLOWED},
	{{"GET", "acme.test/https/cucm.acme.test/443", "/cucm-uds/servers", GOOD, ""}, CW_EDGE_FAULT_NOTHING,
		CW_EDGE_FAULT_NOT_ALLOWED},
	{{"GET", "acme.test/http/cucm.acme.test/8443", "/cucm-uds/servers", GOOD, ""}, CW_EDGE_FAULT_NOTHING,
		CW_EDGE_FAULT_NOT_ALLOWED},
	{{"GET", "acme.test/https/127.0.0.1/8443", "/cucm-uds/servers", GOOD, ""}, CW_EDGE_FAULT_NOTHING,
		CW_EDGE_FAULT_NOT_ALLOWED},
	{{"GET", "acme.test/https/unity.acme.test/8443", "/vmrest/", GOOD, ""}, CW_EDGE_FAULT_NOTHING,
		CW_EDGE_FAULT_NOT_ALLOWED},
	{{"GET", "other.test/https/cucm.acme.test/8443", "/cucm-uds/servers", GOOD, ""}, CW_EDGE_FAULT_DOMAIN,
		CW_EDGE_FAULT_DOMAIN},
};

static void every_request_has_its_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;
		struct cw_edge_gate_answer outer, inner;
		AUTO_BUFFER bytes = {0};
		begin(&scene);
		AUTO(cw_http_reader_free)
		struct cw_http_reader *reader = read_request(&scene, &rows[i].request, &bytes);
		const struct cw_http_head *head = cw_http_reader_head(reader);
		cw_edge_gate_outer(&scene.gate, head, NOW, &outer);
		cw_edge_gate_inner(&scene.gate, head, NOW, &inner);
		if (outer.fault != rows[i].want_outer || inner.fault != rows[i].want_inner)
			fail_msg("row %zu: %s %s%s: %s and %s", i, rows[i].request.method,
				rows[i].request.prefix, rows[i].request.rest, cw_edge_fault_name(outer.fault),
				cw_edge_fault_name(inner.fault));
		cw_edge_gate_finish(&outer);
		cw_edge_gate_finish(&inner);
		finish(&scene);
	}
}

static void who_signs_in_too_often_waits(void **state)
{
	(void)state;
	static const struct {
		const char *user;
		cw_time after;
		unsigned want_wait; /* 0: nobody waits */
	} steps[] = {
		{"anna", 0, 0},
		{"Anna", 10, 0},
		{"ANNA", 20, 280},
		{"berta", 20, 0},
		{"anna", 299, 1},
		{"anna", 300, 0},
	};
	AUTO(cw_edge_rate_free) struct cw_edge_rate *rate = cw_edge_rate_new();
	assert_non_null(rate);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		unsigned wait = 0;
		bool may = cw_edge_rate_take(
			rate, cw_http_text(steps[i].user), 2, 300, NOW + steps[i].after, &wait);
		assert_int_equal(may, !steps[i].want_wait);
		if (!may)
			assert_int_equal(wait, steps[i].want_wait);
	}
}

static void a_flood_of_names_shuts_nobody_out(void **state)
{
	(void)state;
	AUTO(cw_edge_rate_free) struct cw_edge_rate *rate = cw_edge_rate_new();
	unsigned wait, refused = 0;
	for (unsigned i = 0; i < 50000; i++) {
		char name[16];
		snprintf(name, sizeof name, "u%u", i);
		refused += !cw_edge_rate_take(rate, cw_http_text(name), 1, 300, NOW, &wait);
	}
	assert_int_equal(refused, 0);
}

static void maintenance_is_said_to_everybody(void **state)
{
	(void)state;
	struct scene scene;
	struct cw_edge_gate_answer answer;
	AUTO_BUFFER bytes = {0};
	begin(&scene);
	scene.gate.maintenance = true;
	AUTO(cw_http_reader_free)
	struct cw_http_reader *reader = read_request(&scene, &rows[0].request, &bytes);
	cw_edge_gate_outer(&scene.gate, cw_http_reader_head(reader), NOW, &answer);
	assert_int_equal(answer.fault, CW_EDGE_FAULT_MAINTENANCE);
	finish(&scene);
}

/* --- the answers --- */

static const struct {
	enum cw_edge_fault fault;
	unsigned want_status;
	const char *want_line, *want_field;
	bool want_kept;
} answers[] = {
	{CW_EDGE_FAULT_NO_SERVICE, 404, "HTTP/1.1 404 Not Found\r\n", "Server: CE_E\r\n", true},
	{CW_EDGE_FAULT_NO_SSO, 404, "HTTP/1.1 404 Not Found\r\n",
		"Content-Type: text/plain; charset=UTF-8\r\n", true},
	{CW_EDGE_FAULT_METHOD, 405, "HTTP/1.1 405 Method Not Allowed\r\n", "Allow: GET\r\n", true},
	{CW_EDGE_FAULT_DOMAIN, 403, "HTTP/1.1 403 Forbidden\r\n", "Server: CE_E\r\n", true},
	{CW_EDGE_FAULT_NOT_ALLOWED, 403, "HTTP/1.1 403 Forbidden\r\n", "Server: CE_E\r\n", true},
	{CW_EDGE_FAULT_CLOCKS, 403, "HTTP/1.1 403 Forbidden\r\n", "Server: CE_E\r\n", true},
	{CW_EDGE_FAULT_NO_SESSION, 401, "HTTP/1.1 401 Unauthorized\r\n",
		"WWW-Authenticate: Basic realm=\"Cisco-Edge\"\r\n", true},
	{CW_EDGE_FAULT_PASSWORD, 401, "HTTP/1.1 401 Unauthorized\r\nServer: CE_C ECS\r\n",
		"WWW-Authenticate: Basic realm=\"Cisco-Edge\"\r\n", true},
	{CW_EDGE_FAULT_RATE, 429, "HTTP/1.1 429 Too Many Requests\r\n", "Retry-After: 7\r\n", true},
	{CW_EDGE_FAULT_MAINTENANCE, 503, "HTTP/1.1 503 Service Unavailable\r\n", "Retry-After: 7\r\n", true},
	{CW_EDGE_FAULT_BUSY, 503, "HTTP/1.1 503 Service Unavailable\r\n", "Retry-After: 7\r\n", false},
	{CW_EDGE_FAULT_NO_TUNNEL, 502, "HTTP/1.1 502 Next Hop Connection Failed\r\n", "Server: CE_E\r\n",
		true},
	{CW_EDGE_FAULT_TUNNEL_BROKE, 502, "HTTP/1.1 502 Next Hop Connection Failed\r\n", "Server: CE_E\r\n",
		false},
	{CW_EDGE_FAULT_TUNNEL_LATE, 504, "HTTP/1.1 504 Gateway Timeout\r\n", "Server: CE_E\r\n", false},
	{CW_EDGE_FAULT_REFUSED, 502, "HTTP/1.1 502 Could Not Connect\r\n", "Server: CE_C ECS\r\n", true},
	{CW_EDGE_FAULT_UNREACHED, 502, "HTTP/1.1 502 Could Not Connect\r\n", "Server: CE_C ECS\r\n", true},
	{CW_EDGE_FAULT_NO_SERVER, 502, "HTTP/1.1 502 Could Not Connect\r\n", "Server: CE_C ECS\r\n", true},
	{CW_EDGE_FAULT_SERVER_BROKE, 502, "HTTP/1.1 502 Bad Gateway\r\n", "Server: CE_C ECS\r\n", false},
	{CW_EDGE_FAULT_SERVER_LATE, 504, "HTTP/1.1 504 Gateway Timeout\r\n", "Server: CE_C ECS\r\n", false},
};

static void every_fault_is_answered_by_its_row(void **state)
{
	(void)state;
	/* all but NOTHING and MALFORMED, whose status is its reason's */
	assert_int_equal(sizeof answers / sizeof *answers, CW_EDGE_FAULT_COUNT - 2);
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		const struct cw_edge_fault_answer answer = {.fault = answers[i].fault, .retry_after = 7};
		struct cw_error error;
		AUTO_BUFFER bytes = {0};
		assert_true(cw_edge_fault_write(&answer, &bytes, &error));
		assert_int_equal(cw_edge_fault_status(&answer), answers[i].want_status);
		assert_int_equal(memcmp(bytes.data, answers[i].want_line, strlen(answers[i].want_line)), 0);
		if (!strstr(bytes.data, answers[i].want_field))
			fail_msg("%s: no %s", bytes.data, answers[i].want_field);
		assert_int_equal(!strstr(bytes.data, "Connection: close"), answers[i].want_kept);
		assert_int_equal(cw_edge_fault_keeps(answers[i].fault), answers[i].want_kept);
	}
}

static void every_answer_reads_back_whole(void **state)
{
	(void)state;
	for (int fault = CW_EDGE_FAULT_MALFORMED; fault < CW_EDGE_FAULT_COUNT; fault++) {
		for (int head = 0; head < 2; head++) {
			struct cw_edge_fault_answer answer = {.fault = (enum cw_edge_fault)fault,
				.reason = CW_HTTP_BAD_HEAD_LONG,
				.is_head = head};
			struct cw_error error;
			AUTO_BUFFER bytes = {0};
			struct cw_http_text piece;
			assert_true(cw_edge_fault_write(&answer, &bytes, &error));
			struct cw_http_text input = {bytes.data, bytes.length};
			AUTO(cw_http_reader_free)
			struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_RESPONSE, 10000);
			cw_http_reader_asked(reader, head ? CW_HTTP_METHOD_HEAD : CW_HTTP_METHOD_GET);
			enum cw_http_read step = cw_http_reader_read(reader, &input, &piece);
			assert_int_equal(step, CW_HTTP_READ_HEAD);
			while (step == CW_HTTP_READ_HEAD || step == CW_HTTP_READ_BODY)
				step = cw_http_reader_read(reader, &input, &piece);
			assert_int_equal(step, CW_HTTP_READ_END);
			assert_int_equal(input.length, 0);
		}
	}
}

static void a_wrong_password_is_answered_as_the_boxes_do(void **state)
{
	(void)state;
	const struct cw_edge_fault_answer answer = {.fault = CW_EDGE_FAULT_PASSWORD};
	struct cw_error error;
	AUTO_BUFFER bytes = {0};
	assert_true(cw_edge_fault_write(&answer, &bytes, &error));
	assert_non_null(strstr(bytes.data, "Transfer-Encoding: chunked\r\n"));
	assert_non_null(strstr(bytes.data, "\r\n\r\n0\r\n\r\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_request_has_its_fault),
		cmocka_unit_test(who_signs_in_too_often_waits),
		cmocka_unit_test(a_flood_of_names_shuts_nobody_out),
		cmocka_unit_test(maintenance_is_said_to_everybody),
		cmocka_unit_test(every_fault_is_answered_by_its_row),
		cmocka_unit_test(every_answer_reads_back_whole),
		cmocka_unit_test(a_wrong_password_is_answered_as_the_boxes_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
