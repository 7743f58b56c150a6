#include "collect/collect_answer.h"

#include "support/cmocka.h"

#include <string.h>

#define TOKEN "cmVhZGVyOlhwdy1leHByZXNzd2F5"
#define PASSWORD "Xpw-expressway"

struct taken {
	struct cw_collect_result result;
	struct cw_buffer body;
};

static void taken_finish(struct taken *taken)
{
	free(taken->result.why);
	cw_buffer_finish(&taken->body);
}

#define AUTO_TAKEN __attribute__((cleanup(taken_finish))) struct taken

static void take(const struct cw_collect_request *request, long status, const char *body, struct taken *ret)
{
	const struct cw_collect_login login = {.user = "reader", .password = PASSWORD};
	struct cw_error error;
	cw_buffer_text(&ret->body, body);
	struct cw_collect_answer answer = {request, "pub.acme.test", &login, TOKEN, status, NULL, &ret->body};
	assert_true(cw_collect_answer_take(&answer, &ret->result, &error));
}

static void an_answer_is_what_was_asked_for_or_says_why_not(void **state)
{
	(void)state;
	static const struct {
		enum cw_collect_body wanted;
		long status;
		const char *body;
		enum cw_collect_outcome want;
		const char *want_why;
	} rows[] = {
		{CW_COLLECT_JSON, 200, "[{\"Name\":\"a\"}]", CW_COLLECT_HAD, NULL},
		{CW_COLLECT_JSON, 200, "[]", CW_COLLECT_EMPTY, NULL},
		{CW_COLLECT_JSON, 200, "{}", CW_COLLECT_EMPTY, NULL},
		{CW_COLLECT_JSON, 200, "[{", CW_COLLECT_FAILED, "wanted JSON"},
		{CW_COLLECT_JSON, 200, "", CW_COLLECT_FAILED, "an empty answer"},
		{CW_COLLECT_JSON, 200, " \r\n<HTML>", CW_COLLECT_FAILED, "a web page"},
		{CW_COLLECT_JSON, 200, "{\"echo\":\"" TOKEN "\"}", CW_COLLECT_FAILED, "holds the password"},
		{CW_COLLECT_JSON, 500, PASSWORD, CW_COLLECT_FAILED, "holds the password"},
		{CW_COLLECT_JSON, 401, "", CW_COLLECT_FAILED, "401: the account"},
		{CW_COLLECT_JSON, 404, "<html>", CW_COLLECT_ABSENT, "404: this release"},
		{CW_COLLECT_JSON, 418, "tea", CW_COLLECT_FAILED, "the box answered 418"},
		{CW_COLLECT_XML, 599, "<faultstring>no\033[2J</faultstring>", CW_COLLECT_FAILED,
			"asked for: no\\x1b[2J"},
		{CW_COLLECT_XML, 599, "<p>Incorrect axl version. Supported axl versions are 9.x</p>",
			CW_COLLECT_FAILED, "asked for: Supported axl versions are 9.x"},
		{CW_COLLECT_XML, 200, "<a><b/></a>", CW_COLLECT_HAD, NULL},
		{CW_COLLECT_XML, 200, "<a><b></a>", CW_COLLECT_FAILED, "wanted XML"},
		{CW_COLLECT_XML, 200, "<!DOCTYPE a><a/>", CW_COLLECT_FAILED, "document type"},
		{CW_COLLECT_XML, 200, "<a password='x'/>", CW_COLLECT_FAILED, "secret in an attribute"},
		{CW_COLLECT_PEM, 200, "no certificate", CW_COLLECT_FAILED, "wanted PEM certificates"},
		{CW_COLLECT_PEM, 200, "-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----",
			CW_COLLECT_FAILED, "private key"},
		{CW_COLLECT_RAML, 200, "#%RAML 0.8\n", CW_COLLECT_HAD, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct cw_collect_request request = {.body = rows[i].wanted, .name = "x"};
		AUTO_TAKEN taken = {0};
		take(&request, rows[i].status, rows[i].body, &taken);
		if (taken.result.outcome != rows[i].want)
			fail_msg("row %zu: outcome %d", i, (int)taken.result.outcome);
		if (rows[i].want_why && (!taken.result.why || !strstr(taken.result.why, rows[i].want_why)))
			fail_msg("row %zu: %s", i, taken.result.why ? taken.result.why : "nothing said");
		if (!rows[i].want_why)
			assert_null(taken.result.why);
	}
}

static void secrets_are_overwritten_and_the_rest_stays(void **state)
{
	(void)state;
	static const struct {
		enum cw_collect_body wanted;
		const char *body, *want_gone, *want_kept;
	} rows[] = {
		{CW_COLLECT_JSON, "{\"Name\":\"zone\",\"Password\":\"hunter2\"}", "hunter2", "zone"},
		{CW_COLLECT_JSON, "{\"a\":[{\"password\":[\"hunter2\"]}],\"b\":\"kept\"}", "hunter2", "kept"},
		{CW_COLLECT_JSON, "{\"a\":\"{cipher}AbCd==\",\"b\":\"kept\"}", "AbCd", "kept"},
		{CW_COLLECT_JSON, "{\"a\":\"-----BEGIN PRIVATE KEY-----\"}", "PRIVATE", "a"},
		{CW_COLLECT_XML, "<a><Password item='1'>hunter2</Password><b>kept</b></a>", "hunter2",
			"kept"},
		{CW_COLLECT_XML,
			"<a><ns:Password xmlns:ns='u'><c>hunter&#50;2</c></ns:Password><b>kept</b></a>",
			"hunter", "kept"},
		{CW_COLLECT_XML, "<a><Password><![CDATA[hunter2]]></Password><b>kept</b></a>", "hunter2",
			"kept"},
		{CW_COLLECT_XML, "<a>{cipher}AbCd</a>", "AbCd", "</a>"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct cw_collect_request request = {.body = rows[i].wanted, .name = "x"};
		AUTO_TAKEN taken = {0};
		take(&request, 200, rows[i].body, &taken);
		assert_int_equal(taken.result.outcome, CW_COLLECT_HAD);
		if (strstr(cw_buffer_string(&taken.body), rows[i].want_gone) ||
			!strstr(cw_buffer_string(&taken.body), rows[i].want_kept))
			fail_msg("row %zu: %s", i, cw_buffer_string(&taken.body));
	}
}

static void a_single_answer_is_kept_with_its_question(void **state)
{
	(void)state;
	static const struct {
		bool trust;
		const char *body, *want;
	} rows[] = {
		{false, "{\"certificate\":\"PEM\"}", "\"certificate\": \"PEM\""},
		{true, "[{\"certificate\":\"PEM\"}]", "\"certificates\": ["},
		{true, "{\"certificates\":[{\"certificate\":\"PEM\"}]}", "\"certificates\": ["},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct cw_collect_request request = {.body = CW_COLLECT_JSON,
			.name = "x",
			.service = "tomcat-trust",
			.trust = rows[i].trust};
		AUTO_TAKEN taken = {0};
		take(&request, 200, rows[i].body, &taken);
		const char *text = cw_buffer_string(&taken.body);
		assert_non_null(strstr(text, "\"service\": \"tomcat-trust\""));
		assert_non_null(strstr(text, "\"server\": \"pub.acme.test\""));
		assert_non_null(strstr(text, rows[i].want));
	}
}

static void every_row_that_another_names_is_there(void **state)
{
	(void)state;
	const struct cw_collect_request *row;
	for (size_t i = 0; (row = cw_collect_request_at(i)); i++) {
		const char *const names[] = {row->unless, row->after, row->without};
		for (size_t k = 0; k < 3; k++) {
			if (!names[k])
				continue;
			size_t found = cw_collect_request_find(row->kind, names[k]);
			assert_string_equal(cw_collect_request_at(found)->name, names[k]);
			assert_true(found < i); /* it has been asked before */
		}
		assert_true(!row->send || row->put || row->account == CW_COLLECT_AXL);
		assert_true(!row->put || row->diagnostic); /* what is not asked for only reads */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_what_was_asked_for_or_says_why_not),
		cmocka_unit_test(secrets_are_overwritten_and_the_rest_stays),
		cmocka_unit_test(a_single_answer_is_kept_with_its_question),
		cmocka_unit_test(every_row_that_another_names_is_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
