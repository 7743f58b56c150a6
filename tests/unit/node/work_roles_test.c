/*
 * The table of operations: who may what on which node, and what every answer has.
 */
#include "support/cmocka.h"
#include "support/node_scene.h"

#include <string.h>

#define ASKS_FOR_NOTHING "{}"

static const enum cw_node_kind kinds[] = {CW_NODE_EXPRESSWAY_C, CW_NODE_EXPRESSWAY_E, CW_NODE_CUCM};

static void want_by_role(struct test_node *node, const char *name, bool writes, bool there)
{
	static const enum cw_node_work_role roles[] = {CW_ROLE_READ_ONLY, CW_ROLE_AUDITOR};
	for (size_t i = 0; i < 2; i++) {
		node->who.role = roles[i];
		json_t *frame = test_node_ask(node, name, ASKS_FOR_NOTHING);
		long long status = test_node_number(frame, "status");
		bool audit = strcmp(name, "events") == 0 || strcmp(name, "overview") == 0;
		if (!there)
			assert_int_equal(status, 404);
		else if (writes || (roles[i] == CW_ROLE_AUDITOR && !audit))
			assert_int_equal(status, 403);
		else
			assert_true(status != 403);
		assert_string_equal(
			test_node_text(frame, there && status == 200 ? "answer/page/user" : "page/user"),
			"admin");
		json_decref(frame);
	}
}

static void every_operation_has_its_roles_on_its_nodes(void **state)
{
	(void)state;
	for (size_t k = 0; k < 3; k++) {
		struct test_node node;
		const char *name;
		unsigned on;
		bool writes;
		test_node_make(&node, cw_node_kind_name(kinds[k]), kinds[k]);
		for (size_t i = 0; (name = cw_node_work_operation(i, &writes, &on)); i++)
			want_by_role(&node, name, writes, on >> kinds[k] & 1);
		test_node_finish(&node);
	}
}

static void what_only_reads_answers_on_every_node(void **state)
{
	(void)state;
	static const struct {
		const char *name, *with, *want;
		unsigned on;
	} rows[] = {
		{"overview", "{}", "answer/alarms", 7},
		{"zones", "{}", "answer/zones", 3},
		{"tunnels", "{}", "answer/checklist", 3},
		{"uc", "{}", "answer/messages", 3},
		{"sessions", "{}", "answer/sessions", 1},
		{"crl", "{}", "answer/crls", 3},
		{"cba", "{}", "answer/mode", 3},
		{"domains", "{}", "answer/domains", 3},
		{"cucm-servers", "{}", "answer/servers", 1},
		{"certificates", "{}", "answer/rows", 4},
		{"trust", "{'store':'callmanager-TRUST'}", "answer/entries", 4},
	};
	for (size_t k = 0; k < 3; k++) {
		struct test_node node;
		char name[40];
		snprintf(name, sizeof name, "reads-%zu", k);
		test_node_make(&node, name, kinds[k]);
		node.who.role = CW_ROLE_READ_ONLY;
		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
			json_t *frame = test_node_ask(&node, rows[i].name, rows[i].with);
			test_node_want(frame, rows[i].on >> k & 1 ? 200 : 404);
			if (rows[i].on >> k & 1)
				assert_non_null(test_node_at(frame, rows[i].want));
			json_decref(frame);
		}
		test_node_finish(&node);
	}
}

static void no_password_is_in_any_answer(void **state)
{
	(void)state;
	struct test_node node;
	const char *name;
	unsigned on;
	bool writes;
	test_node_make(&node, "secret", CW_NODE_EXPRESSWAY_C);
	for (size_t i = 0; (name = cw_node_work_operation(i, &writes, &on)); i++) {
		json_t *frame = test_node_ask(&node, name, "{'name':'traversal','identity':'server'}");
		AUTO(free) char *text = json_dumps(frame, 0);
		if (strstr(text, "sesame") || strstr(text, "PRIVATE KEY"))
			fail_msg("%s: %s", name, text);
		json_decref(frame);
	}
	test_node_finish(&node);
}

static void what_is_no_operation_is_not_found(void **state)
{
	(void)state;
	static const char *const names[] = {"", "Trust", "trust/", "trust/append/x", "../trust"};
	struct test_node node;
	test_node_make(&node, "none", CW_NODE_EXPRESSWAY_C);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		json_t *frame = test_node_ask(&node, names[i], NULL);
		test_node_want(frame, 404);
		assert_true(json_is_string(test_node_at(frame, "error/text")));
		json_decref(frame);
	}
	json_t *frame = test_node_ask(&node, "traversal-test", "{'fqdn':'e1.acme.test'}");
	test_node_want(frame, 409); /* it does not run here */
	json_decref(frame);
	test_node_finish(&node);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operation_has_its_roles_on_its_nodes),
		cmocka_unit_test(what_only_reads_answers_on_every_node),
		cmocka_unit_test(no_password_is_in_any_answer),
		cmocka_unit_test(what_is_no_operation_is_not_found),
	};
	return cmocka_run_group_tests(tests, test_node_setup, test_node_teardown);
}
