#include "check/check.h"
#include "report/html/map.h"

#include "support/cmocka.h"

/* A deployment by hand: one E, one C, one endpoint; links with a verdict for each end. */
struct made {
	struct cw_deployment deployment;
	struct cw_group groups[2];
	struct cw_group *group_pointers[2];
	struct cw_node e, c;
	struct cw_endpoint endpoint;
	struct cw_check check;
};

static void make(struct made *made)
{
	*made = (struct made){.e = {.kind = CW_NODE_EXPRESSWAY_E, .fqdn = (char *)"e1"},
		.c = {.kind = CW_NODE_EXPRESSWAY_C, .fqdn = (char *)"c1"},
		.endpoint = {.name = (char *)"laptop"}};
	made->groups[0] = (struct cw_group){.kind = CW_NODE_EXPRESSWAY_C};
	made->groups[1] = (struct cw_group){.kind = CW_NODE_EXPRESSWAY_E};
	made->group_pointers[0] = &made->groups[0];
	made->group_pointers[1] = &made->groups[1];
	made->c.group = &made->groups[0];
	made->e.group = &made->groups[1];
	made->deployment = (struct cw_deployment){.groups = made->group_pointers,
		.group_count = 2,
		.endpoints = &made->endpoint,
		.endpoint_count = 1};
	made->check.deployment = &made->deployment;
}

static struct cw_link traversal(struct made *made)
{
	struct cw_link link = {.kind = CW_LINK_TRAVERSAL,
		.client = {"c1", &made->c, NULL},
		.server = {"e1", &made->e, NULL},
		.port = 7001,
		.question_count = 2};
	link.questions[0] = (struct cw_question){.by_client = true, .judged = true};
	link.questions[1] = (struct cw_question){.by_client = false, .judged = true};
	return link;
}

static void find(struct made *made, struct cw_link **links, size_t count, struct cw_map *ret)
{
	struct cw_error error;
	struct cw_causes none = {0};
	made->check.links = links;
	made->check.link_count = count;
	assert_true(cw_map_find(&made->check, &none, ret, &error));
}

static void boxes_stand_from_the_endpoints_inwards(void **state)
{
	(void)state;
	struct made made;
	make(&made);
	AUTO_MAP map = {0};
	find(&made, NULL, 0, &map);
	assert_int_equal(map.box_count, 3);
	assert_int_equal(map.boxes[0].column, CW_MAP_ENDPOINTS);
	assert_int_equal(map.boxes[1].column, CW_MAP_EDGE);
	assert_int_equal(map.boxes[2].column, CW_MAP_CONTROL);
}

static void few_links_have_an_arrow_each_and_many_share(void **state)
{
	(void)state;
	struct made made;
	make(&made);
	struct cw_link link = traversal(&made);
	struct cw_link *links[CW_MAP_SINGLE_LINKS + 1];
	for (size_t i = 0; i < CW_MAP_SINGLE_LINKS + 1; i++)
		links[i] = &link;
	AUTO_MAP few = {0};
	AUTO_MAP many = {0};
	find(&made, links, CW_MAP_SINGLE_LINKS, &few);
	find(&made, links, CW_MAP_SINGLE_LINKS + 1, &many);
	assert_int_equal(few.bundle_count, CW_MAP_SINGLE_LINKS);
	assert_int_equal(many.bundle_count, 1);
	assert_int_equal(many.bundles[0].count, CW_MAP_SINGLE_LINKS + 1);
	assert_int_equal(many.bundles[0].client_box, 2);
	assert_int_equal(many.bundles[0].server_box, 1);
}

static void where_the_client_refuses_the_server_is_not_reached(void **state)
{
	(void)state;
	const struct {
		bool by_client;
		bool want_client_reached;
		bool want_server_reached;
	} rows[] = {{true, true, false}, {false, true, true}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct made made;
		make(&made);
		struct cw_link link = traversal(&made), *links[] = {&link};
		struct cw_complaint complaint = {
			.finding = {.code = CW_EXPIRED, .severity = CW_SEVERITY_REFUSED, .reached = true},
			.judge = rows[i].by_client ? "c1" : "e1",
			.question = &link.questions[rows[i].by_client ? 0 : 1]};
		link.verdict = CW_VERDICT_REFUSED;
		link.refused_by = complaint.judge;
		link.complaints = (struct cw_complaints){&complaint, 1, 1};
		AUTO_MAP map = {0};
		find(&made, links, 1, &map);
		const struct cw_map_bundle *bundle = &map.bundles[0];
		assert_int_equal(bundle->client.reached, rows[i].want_client_reached);
		assert_int_equal(bundle->server.reached, rows[i].want_server_reached);
		assert_int_equal(rows[i].by_client ? bundle->client.verdict : bundle->server.verdict,
			CW_VERDICT_REFUSED);
		assert_int_equal(
			rows[i].by_client ? bundle->server.verdict : bundle->client.verdict, CW_VERDICT_PASS);
	}
}

static void an_end_that_is_not_known_is_unknown_and_one_that_asks_nothing_is_not_asked(void **state)
{
	(void)state;
	struct made made;
	make(&made);
	struct cw_link link = traversal(&made), *links[] = {&link};
	link.question_count = 1;
	link.questions[0].judged = false;
	link.verdict = CW_VERDICT_UNKNOWN;
	AUTO_MAP map = {0};
	find(&made, links, 1, &map);
	assert_true(map.bundles[0].client.asked);
	assert_int_equal(map.bundles[0].client.verdict, CW_VERDICT_UNKNOWN);
	assert_false(map.bundles[0].server.asked);
}

static void a_tunnel_without_its_zone_does_not_begin(void **state)
{
	(void)state;
	struct made made;
	make(&made);
	struct cw_link link = traversal(&made), *links[] = {&link};
	struct cw_complaint complaint = {
		.finding = {.code = CW_TRAVERSAL_REFUSED, .severity = CW_SEVERITY_REFUSED, .reached = true},
		.judge = "e1"};
	link.verdict = CW_VERDICT_REFUSED;
	link.refused_by = "e1";
	link.complaints = (struct cw_complaints){&complaint, 1, 1};
	AUTO_MAP map = {0};
	find(&made, links, 1, &map);
	assert_false(map.bundles[0].client.reached);
	assert_true(map.bundles[0].server.reached);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boxes_stand_from_the_endpoints_inwards),
		cmocka_unit_test(few_links_have_an_arrow_each_and_many_share),
		cmocka_unit_test(where_the_client_refuses_the_server_is_not_reached),
		cmocka_unit_test(an_end_that_is_not_known_is_unknown_and_one_that_asks_nothing_is_not_asked),
		cmocka_unit_test(a_tunnel_without_its_zone_does_not_begin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
