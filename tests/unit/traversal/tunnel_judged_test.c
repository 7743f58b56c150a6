/*
 * The judge's word and the tunnel: what was passed is up, and what a change refuses is cut within a second.
 */
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/tunnel_scene.h"
#include "traversal/tunnel_key.h"
#include "trust/judge.h"

#include <unistd.h>

#define CUT_MAX 1000 /* milliseconds */

static int make_chain(void **state)
{
	test_tunnel_make(state);
	test_make_certs("inter ca by=root; client by=inter eku=server,client until=100; other ca");
	return 0;
}

/* What E knows when it judges C. */
struct knowledge {
	const char *list;
	const char *crls[2]; /* NULL: revocation is off */
	cw_time after;	     /* seconds after TEST_AT */
};

static enum cw_verdict judge(const struct knowledge *known, char *reason, size_t size)
{
	AUTO_JUDGEMENT judgement = {0};
	AUTO_TRUST_LIST list = {0};
	struct cw_cert *chain[] = {test_cert("client")};
	struct cw_crl *crls[2];
	struct cw_error error;
	struct cw_judge_question question = {.chain = chain,
		.chain_count = 1,
		.list = &list,
		.profile = CW_PROFILE_TUNNEL,
		.purpose = CW_PURPOSE_CLIENT,
		.at = TEST_AT + known->after};
	for (; question.revocation.count < 2 && known->crls[question.revocation.count];
		question.revocation.count++)
		crls[question.revocation.count] = test_crl(known->crls[question.revocation.count]);
	question.revocation.on = question.revocation.count > 0;
	question.revocation.crls = crls;
	test_list(known->list, &list);
	assert_true(cw_judge(&question, &judgement, &error));
	snprintf(reason, size, "%s",
		judgement.findings.count ? cw_finding_code_name(judgement.findings.items[0].code) : "");
	return judgement.verdict;
}

static bool end_of_stream(evutil_socket_t socket)
{
	char byte;
	return read(socket, &byte, 1) <= 0;
}

#define GOOD \
	{ \
		"root inter", {NULL, NULL}, 0 \
	}

static const struct {
	const char *name;
	struct knowledge before, after;
	const char *want_reason;
} changes[] = {
	{"the intermediate leaves the list", GOOD, {"root", {NULL, NULL}, 0}, "issuer-missing"},
	{"the root leaves the list", GOOD, {"other inter", {NULL, NULL}, 0}, "issuer-missing"},
	{"a new revocation list has the certificate",
		{"root inter", {"by=root next=90", "by=inter next=90"}, 0},
		{"root inter", {"by=root next=90", "by=inter next=90 revoked=client"}, 0}, "revoked"},
	{"the revocation list runs out", {"root inter", {"by=root next=90", "by=inter next=10"}, 0},
		{"root inter", {"by=root next=90", "by=inter next=10"}, 11 * CW_DAY}, "crl-expired"},
	{"the certificate runs out", GOOD, {"root inter", {NULL, NULL}, 101 * CW_DAY}, "expired"},
};

static void what_a_change_refuses_is_cut_within_a_second(void **state)
{
	char reason[80];
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		print_message("%s\n", changes[i].name);
		assert_int_equal(judge(&changes[i].before, reason, sizeof reason), CW_VERDICT_PASS);
		test_tunnel_up();
		test_tunnel_stream();
		uint64_t before = test_tunnel_now();
		assert_int_equal(judge(&changes[i].after, reason, sizeof reason), CW_VERDICT_REFUSED);
		assert_string_equal(reason, changes[i].want_reason);
		cw_tunnel_server_refuse(tunnel.server, "c1", reason);
		assert_true(end_of_stream(tunnel.at_e));
		assert_true(end_of_stream(tunnel.at_c));
		assert_in_range(test_tunnel_now() - before, 0, CUT_MAX);
		assert_string_equal(test_tunnel_at_server()->text, changes[i].want_reason);
		test_tunnel_close(state);
		test_tunnel_begin(state);
	}
}

static bool client_is_left_out(void)
{
	enum cw_tunnel_reason reason = cw_tunnel_client_status(tunnel.client)->reason;
	return reason == CW_TUNNEL_USER_KEY || reason == CW_TUNNEL_ALGORITHMS;
}

/* tunnel-key-algorithms of E is changed: its server is opened anew. */
static void a_kind_of_key_that_is_left_out_later_is_cut_and_kept_out(void **state)
{
	(void)state;
	tunnel.server_key = "rsa";
	test_tunnel_up();
	test_tunnel_stream();
	uint64_t before = test_tunnel_now();
	cw_tunnel_server_free(tunnel.server);
	tunnel.server = NULL;
	assert_true(end_of_stream(tunnel.at_e));
	assert_true(end_of_stream(tunnel.at_c));
	assert_in_range(test_tunnel_now() - before, 0, CUT_MAX);
	tunnel.algorithms_e = CW_TUNNEL_RSA;
	test_tunnel_open_server();
	test_tunnel_allow_client();
	test_tunnel_wait(client_is_left_out, "C's key on P-256 is left out");
	assert_int_equal(test_tunnel_at_server()->state, CW_TUNNEL_CHECKING);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, test_tunnel_begin, test_tunnel_close)

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(what_a_change_refuses_is_cut_within_a_second),
		TEST(a_kind_of_key_that_is_left_out_later_is_cut_and_kept_out)};
	return cmocka_run_group_tests(tests, make_chain, test_tunnel_end);
}
