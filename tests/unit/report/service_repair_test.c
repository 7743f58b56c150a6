#include "report/service_repair.h"

#include "support/cmocka.h"

#define LINKS_MAX 4

/* A link of a service with one complaint; all by hand, since only verdicts and remedies count. */
struct row {
	enum cw_verdict verdict;
	enum cw_code code;
	enum cw_severity severity;
	enum cw_action action;
	const char *node;
	const char *subject;
};

struct made {
	struct cw_complaint complaints[LINKS_MAX];
	struct cw_link links[LINKS_MAX];
	const struct cw_link *because[LINKS_MAX];
	struct cw_service service;
};

static void make(struct made *made, enum cw_service_state state, const struct row *rows, size_t count)
{
	*made = (struct made){0};
	for (size_t i = 0; i < count; i++) {
		made->complaints[i] = (struct cw_complaint){
			.finding = {.code = rows[i].code, .severity = rows[i].severity},
			.judge = rows[i].node,
			.remedy = {.action = rows[i].action,
				.node = rows[i].node,
				.store = "server",
				.subject = rows[i].subject},
		};
		made->links[i] = (struct cw_link){.verdict = rows[i].verdict,
			.complaints = {.items = &made->complaints[i], .count = 1}};
		made->because[i] = &made->links[i];
	}
	made->service = (struct cw_service){.state = state, .because = made->because, .because_count = count};
}

#define REFUSED CW_VERDICT_REFUSED, CW_ISSUER_MISSING, CW_SEVERITY_REFUSED
#define UNKNOWN CW_VERDICT_UNKNOWN, CW_NOT_KNOWN, CW_SEVERITY_UNKNOWN
#define APPEND CW_ACTION_APPEND

static void the_work_is_counted_once(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		enum cw_service_state state;
		struct row links[LINKS_MAX];
		size_t count;
		const char *want;
	} rows[] = {
		{"one list", CW_SERVICE_DEAD, {{REFUSED, APPEND, "c1", "CN=A"}}, 1,
			": 1 upload on 1 node repairs it"},
		{"one certificate, two boxes", CW_SERVICE_DEAD,
			{{REFUSED, APPEND, "c1", "CN=A"}, {REFUSED, APPEND, "c2", "CN=A"}}, 2,
			": 1 upload on 2 nodes repairs it"},
		{"two certificates, one box", CW_SERVICE_DEAD,
			{{REFUSED, APPEND, "c1", "CN=A"}, {REFUSED, APPEND, "c1", "CN=B"}}, 2,
			": 2 uploads on 1 node repair it"},
		{"a new certificate is made for each box", CW_SERVICE_DEAD,
			{{REFUSED, CW_ACTION_REISSUE, "c1", NULL}, {REFUSED, CW_ACTION_REISSUE, "c2", NULL}},
			2, ": 2 re-issued certificates on 2 nodes repair it"},
		{"different work", CW_SERVICE_DEAD,
			{{REFUSED, APPEND, "c1", "CN=A"}, {REFUSED, CW_ACTION_REMOVE, "c1", "CN=B"},
				{REFUSED, CW_ACTION_SET, "e1", NULL}},
			3, ": 1 upload, 1 removal and 1 setting on 2 nodes repair it"},
		{"unknown beside it", CW_SERVICE_DEAD,
			{{REFUSED, APPEND, "c1", "CN=A"}, {UNKNOWN, CW_ACTION_NONE, "c1", NULL}}, 2,
			": 1 upload on 1 node repairs what is known"},
		{"a tunnel that waits for its zone", CW_SERVICE_DEAD,
			{{REFUSED, APPEND, "c1", "CN=A"},
				{CW_VERDICT_REFUSED, CW_TRAVERSAL_REFUSED, CW_SEVERITY_REFUSED,
					CW_ACTION_NONE, "c1", NULL}},
			2, ": 1 upload on 1 node repairs it"},
		{"nothing to be done here", CW_SERVICE_DEAD, {{REFUSED, CW_ACTION_NONE, "c1", NULL}}, 1,
			": no setting of these boxes repairs it"},
		{"unknown alone", CW_SERVICE_UNKNOWN, {{UNKNOWN, CW_ACTION_NONE, "c1", NULL}}, 1, ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct made made;
		struct cw_error error;
		AUTO_BUFFER got = {0};
		make(&made, rows[i].state, rows[i].links, rows[i].count);
		const struct cw_service *service = &made.service;
		const struct cw_check check = {0};
		assert_true(cw_service_repair(&got, &check, &service, 1, &error));
		if (strcmp(cw_buffer_string(&got), rows[i].want) != 0)
			fail_msg("%s: got \"%s\"", rows[i].what, cw_buffer_string(&got));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_work_is_counted_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
