#include "report/causes.h"

#include "base/buffer.h"

#include "support/cmocka.h"

#include <stdio.h>

#define LINKS_MAX 8
#define COMPLAINTS_MAX 4

/* A check by hand: texts instead of certificates, which is all that grouping looks at. */
struct row {
	const char *link; /* NULL: the node n1 by itself */
	enum cw_code code;
	enum cw_severity severity;
	bool reached;
	const char *subject;
	const char *node; /* of the remedy */
};

struct made {
	struct cw_check check;
	struct cw_link links[LINKS_MAX];
	struct cw_link *pointers[LINKS_MAX];
	struct cw_complaint complaints[LINKS_MAX + 1][COMPLAINTS_MAX];
	struct cw_node node;
	struct cw_node_result result;
};

static struct cw_complaints *complaints_of(struct made *made, const char *id)
{
	if (!id)
		return &made->result.complaints;
	size_t i = 0;
	while (i < made->check.link_count && strcmp(made->links[i].id, id) != 0)
		i++;
	if (i == made->check.link_count) {
		assert_in_range(i, 0, LINKS_MAX - 1);
		made->links[i] = (struct cw_link){.id = (char *)id, .complaints.items = made->complaints[i]};
		made->pointers[made->check.link_count++] = &made->links[i];
	}
	return &made->links[i].complaints;
}

static void make(struct made *made, const struct row *rows, size_t count)
{
	*made = (struct made){.node.fqdn = (char *)"n1"};
	made->result = (struct cw_node_result){&made->node, {.items = made->complaints[LINKS_MAX]}};
	made->check = (struct cw_check){.links = made->pointers, .nodes = &made->result, .node_count = 1};
	for (size_t i = 0; i < count; i++) {
		struct cw_complaints *complaints = complaints_of(made, rows[i].link);
		assert_in_range(complaints->count, 0, COMPLAINTS_MAX - 1);
		complaints->items[complaints->count++] = (struct cw_complaint){
			.finding = {.code = rows[i].code,
				.severity = rows[i].severity,
				.reached = rows[i].reached,
				.subject = (char *)rows[i].subject},
			.judge = rows[i].node,
			.remedy = {.action = CW_ACTION_APPEND,
				.node = rows[i].node,
				.store = "trusted-ca",
				.subject = rows[i].subject},
		};
	}
}

/* "code subject links/places/nodes" a line. */
static void found(const struct row *rows, size_t count, struct cw_buffer *ret)
{
	struct made made;
	struct cw_error error;
	AUTO_CAUSES causes = {0};
	make(&made, rows, count);
	assert_true(cw_causes_find(&made.check, &causes, &error));
	for (size_t i = 0; i < causes.count; i++) {
		const struct cw_cause *cause = &causes.items[i];
		cw_buffer_printf(ret, "%s %s %zu/%zu/%zu%s\n",
			cw_finding_code_name(cause->told.complaint->finding.code),
			cause->told.complaint->finding.subject, cause->link_count, cause->place_count,
			cause->node_count, cause->reached ? "" : " next");
	}
}

#define REFUSED CW_SEVERITY_REFUSED
#define WARN CW_SEVERITY_WARN
#define COUNT(rows) (sizeof rows / sizeof rows[0])

static void one_missing_ca_is_one_cause_on_all_links_and_boxes(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"traversal c1 e1", CW_ISSUER_MISSING, REFUSED, true, "CN=A", "c1"},
		{"traversal c2 e1", CW_ISSUER_MISSING, REFUSED, true, "CN=A", "c2"},
		{"tunnel c1 e1", CW_ISSUER_MISSING, REFUSED, true, "CN=A", "c1"},
		{NULL, CW_ISSUER_MISSING, REFUSED, true, "CN=A", "e1"},
	};
	AUTO_BUFFER got = {0};
	found(rows, COUNT(rows), &got);
	assert_string_equal(cw_buffer_string(&got), "issuer-missing CN=A 3/3/1\n");
}

static void another_code_or_certificate_is_another_cause(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"traversal c1 e1", CW_ISSUER_MISSING, REFUSED, true, "CN=A", "c1"},
		{"traversal c1 e1", CW_ISSUER_MISSING, REFUSED, true, "CN=B", "c1"},
		{"traversal c1 e1", CW_EXPIRED, REFUSED, true, "CN=A", "c1"},
	};
	AUTO_BUFFER got = {0};
	found(rows, COUNT(rows), &got);
	assert_string_equal(cw_buffer_string(&got),
		"issuer-missing CN=A 1/1/0\nissuer-missing CN=B 1/1/0\nexpired CN=A 1/1/0\n");
}

static void refused_is_told_first_then_most_links_then_what_is_reached(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"tomcat c1 pub", CW_WEAK_KEY, WARN, true, "CN=weak", "pub"},
		{"tomcat c1 sub", CW_WEAK_KEY, WARN, true, "CN=weak", "pub"},
		{"sip-out c1 pub", CW_ROOT_MISSING, REFUSED, false, "CN=next", "pub"},
		{"sip-in pub c1", CW_EXPIRED, REFUSED, true, "CN=now", "c1"},
		{"traversal c1 e1", CW_ISSUER_MISSING, REFUSED, true, "CN=two", "c1"},
		{"traversal c2 e1", CW_ISSUER_MISSING, REFUSED, true, "CN=two", "c2"},
	};
	AUTO_BUFFER got = {0};
	found(rows, COUNT(rows), &got);
	assert_string_equal(cw_buffer_string(&got),
		"issuer-missing CN=two 2/2/0\n"
		"expired CN=now 1/1/0\n"
		"root-missing CN=next 1/1/0 next\n"
		"weak-key CN=weak 2/1/0\n");
}

static void a_cause_is_told_by_the_link_that_reaches_it(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"traversal c1 e1", CW_EXPIRED, REFUSED, false, "CN=A", "c1"},
		{"traversal c2 e1", CW_EXPIRED, REFUSED, true, "CN=A", "c2"},
	};
	struct made made;
	struct cw_error error;
	AUTO_CAUSES causes = {0};
	make(&made, rows, COUNT(rows));
	assert_true(cw_causes_find(&made.check, &causes, &error));
	assert_int_equal(causes.count, 1);
	assert_string_equal(causes.items[0].told.link->id, "traversal c2 e1");
	assert_true(causes.items[0].reached);
}

static void a_refused_traversal_is_no_cause_of_its_own(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"tunnel c1 e1", CW_TRAVERSAL_REFUSED, REFUSED, true, NULL, "c1"},
	};
	AUTO_BUFFER got = {0};
	found(rows, COUNT(rows), &got);
	assert_string_equal(cw_buffer_string(&got), "");
}

static void what_a_cause_does_is_counted_by_link(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"edge-https laptop e1", CW_EDGE_DOMAIN_MISSING, WARN, true, "CN=e1", "e1"},
		{"edge-https room e1", CW_EDGE_DOMAIN_MISSING, REFUSED, true, "CN=e1", "e1"},
		{"edge-https desk e1", CW_EDGE_DOMAIN_MISSING, REFUSED, true, "CN=e1", "e1"},
	};
	struct made made;
	struct cw_error error;
	AUTO_CAUSES causes = {0};
	make(&made, rows, COUNT(rows));
	assert_true(cw_causes_find(&made.check, &causes, &error));
	assert_int_equal(causes.count, 1);
	assert_int_equal(causes.items[0].severity, REFUSED);
	assert_int_equal(causes.items[0].weights[REFUSED], 2);
	assert_int_equal(causes.items[0].weights[WARN], 1);
}

static void one_setting_that_puts_two_things_right_is_one_cause(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"tomcat c1 10.0.0.1", CW_ADDRESS_IS_IP, REFUSED, true, "CN=tomcat", "c1"},
		{"tftp c1 10.0.0.1", CW_ADDRESS_IS_IP, REFUSED, true, "CN=callmanager", "c1"},
	};
	struct made made;
	struct cw_error error;
	make(&made, rows, COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++)
		made.links[i].complaints.items[0].remedy = (struct cw_remedy){.action = CW_ACTION_SET,
			.node = "c1",
			.setting = "server address",
			.value = (char *)"pub.acme.test"};
	AUTO_CAUSES causes = {0};
	assert_true(cw_causes_find(&made.check, &causes, &error));
	assert_int_equal(causes.count, 1);
	made.links[1].complaints.items[0].remedy.value = (char *)"sub.acme.test";
	AUTO_CAUSES apart = {0};
	assert_true(cw_causes_find(&made.check, &apart, &error));
	assert_int_equal(apart.count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_missing_ca_is_one_cause_on_all_links_and_boxes),
		cmocka_unit_test(another_code_or_certificate_is_another_cause),
		cmocka_unit_test(refused_is_told_first_then_most_links_then_what_is_reached),
		cmocka_unit_test(a_cause_is_told_by_the_link_that_reaches_it),
		cmocka_unit_test(what_a_cause_does_is_counted_by_link),
		cmocka_unit_test(one_setting_that_puts_two_things_right_is_one_cause),
		cmocka_unit_test(a_refused_traversal_is_no_cause_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
