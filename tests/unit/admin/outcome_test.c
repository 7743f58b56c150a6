#include "admin/page/outcome.h"

#include "report/json.h"
#include "support/cmocka.h"

static json_t *read_json(const char *text)
{
	json_error_t error;
	json_t *made = json_loads(text, 0, &error);
	if (!made)
		fail_msg("%s: %s", text, error.text);
	return made;
}

static void every_post_leads_to_a_page(void **state)
{
	static const struct {
		const char *operation, *with, *answer;
		unsigned status, role;
		const char *want_page;
		enum cw_outcome_kind want_kind;
		const char *want_text, *want_next;
		enum cw_screen_kind want_notice;
	} rows[] = {
		{"identity/try", "{}", "{\"refused\":true}", 200, CW_SCREEN_ROLE_C, "effect", CW_OUTCOME_THIS,
			NULL, NULL, 0},
		{"trust/remove", "{\"try\":true}", "{}", 200, CW_SCREEN_ROLE_C, "effect", CW_OUTCOME_THIS,
			NULL, NULL, 0},
		{"trust/remove", "{}", "{\"change\":\"trusted-ca: 0 added, 1 removed\"}", 200,
			CW_SCREEN_ROLE_C, "trustedcacertificate", CW_OUTCOME_ASK,
			"Deleted. trusted-ca: 0 added, 1 removed.", NULL, CW_SCREEN_GOOD},
		{"identity/upload", "{\"identity\":\"server\"}",
			"{\"page_text\":\"Files uploaded\",\"restart\":\"A restart is wanted.\",\"ends\":[{\"link\":\"tunnel\","
			"\"peer\":\"e1\"}]}",
			200, CW_SCREEN_ROLE_E, "servercertificate", CW_OUTCOME_ASK,
			"Files uploaded Ended: tunnel to e1.", "A restart is wanted.", CW_SCREEN_WARNING},
		{"identity/upload", "{\"identity\":\"client\"}",
			"{\"refused\":true,\"page_text\":\"Invalid certificate\"}", 200, CW_SCREEN_ROLE_E,
			"clientcertificate", CW_OUTCOME_ASK, "Invalid certificate", NULL, CW_SCREEN_REFUSED},
		{"certificate/upload", "{}", "{}", 200, CW_SCREEN_ROLE_CUCM,
			"cmplatform/certificateFindList.do", CW_OUTCOME_ASK,
			"Success: Certificate Uploaded...", NULL, CW_SCREEN_GOOD},
		{"request/new", "{\"identity\":\"tomcat\"}", "{}", 200, CW_SCREEN_ROLE_CUCM,
			"cmplatform/certificateFindList.do", CW_OUTCOME_ASK,
			"The request is made: download it and have it signed.", NULL, CW_SCREEN_GOOD},
		{"client-test", "{}", "{}", 200, CW_SCREEN_ROLE_C, "certificatetesting", CW_OUTCOME_THIS,
			NULL, NULL, 0},
		{"cba/set", "{}", "{}", 202, CW_SCREEN_ROLE_C, "cbaconfig", CW_OUTCOME_ASK,
			"Set, and not confirmed yet.", NULL, CW_SCREEN_GOOD},
		{"zone/set", "{}", "{\"error\":{\"text\":\"no\"}}", 409, CW_SCREEN_ROLE_C, "refusal",
			CW_OUTCOME_THIS, NULL, NULL, 0},
		{"cucm-servers/add", "{}", "{}", 200, CW_SCREEN_ROLE_E, "overview", CW_OUTCOME_ASK, "Added.",
			NULL, CW_SCREEN_GOOD},
		{"no/such", "{}", "{}", 200, CW_SCREEN_ROLE_C, "overview", CW_OUTCOME_ASK, NULL, NULL,
			CW_SCREEN_GOOD},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_OUTCOME outcome = {0};
		AUTO(json_decref) json_t *with = read_json(rows[i].with);
		AUTO(json_decref) json_t *answer = read_json(rows[i].answer);
		const struct cw_outcome_given given = {
			rows[i].operation, with, rows[i].status, answer, rows[i].role};
		cw_outcome_find(&given, &outcome);
		assert_string_equal(outcome.row->name, rows[i].want_page);
		assert_int_equal(outcome.kind, rows[i].want_kind);
		if (rows[i].want_text)
			assert_string_equal(outcome.notice.text, rows[i].want_text);
		else
			assert_null(outcome.notice.text);
		if (rows[i].want_next)
			assert_string_equal(outcome.notice.next, rows[i].want_next);
		assert_int_equal(outcome.notice.kind, rows[i].want_notice);
	}
}

static void a_page_asks_with_the_keys_of_its_row_alone(void **state)
{
	static const struct {
		const char *page, *address;
		unsigned role;
		const char *want;
	} rows[] = {
		{"servercertificate", "{}", CW_SCREEN_ROLE_C, "{\"identity\":\"server\"}"},
		{"clientcertificate", "{\"x\":\"y\"}", CW_SCREEN_ROLE_C, "{\"identity\":\"client\"}"},
		{"generatecsr", "{\"identity\":\"client\"}", CW_SCREEN_ROLE_E, "{\"identity\":\"client\"}"},
		{"viewcert", "{\"sha256\":\"ab\"}", CW_SCREEN_ROLE_C,
			"{\"sha256\":[\"ab\"],\"store\":\"trusted-ca\"}"},
		{"editzone", "{\"name\":\"uc\",\"user\":\"x\"}", CW_SCREEN_ROLE_C, "{\"name\":\"uc\"}"},
		{"cmplatform/certificateFindList.do",
			"{\"column\":\"type\",\"how\":\"contains\",\"text\":\"x\"}", CW_SCREEN_ROLE_CUCM,
			"{\"find\":{\"column\":\"type\",\"how\":\"contains\",\"text\":\"x\"}}"},
		{"cmplatform/certificateFindList.do", "{}", CW_SCREEN_ROLE_CUCM, "{}"},
		{"eventlog", "{\"kind\":\"alarm\"}", CW_SCREEN_ROLE_C, "{\"kind\":\"alarm\"}"},
		{"overview", "{\"kind\":\"alarm\"}", CW_SCREEN_ROLE_C, "{}"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(json_decref) json_t *address = read_json(rows[i].address);
		const struct cw_screen_row *row = cw_screens_find(rows[i].page, rows[i].role);
		assert_non_null(row);
		AUTO(json_decref) json_t *with = cw_screens_with(row, address);
		AUTO(free) char *text = json_dumps(with, JSON_COMPACT | JSON_SORT_KEYS);
		assert_string_equal(text, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_post_leads_to_a_page),
		cmocka_unit_test(a_page_asks_with_the_keys_of_its_row_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
