#include "traversal/tunnel_admission.h"

#include "support/cmocka.h"

static const struct cw_tunnel_limits limits = {.burst = 3, .refill = 100};
static const struct in_addr one = {1}, other = {2};

static void a_burst_is_let_in_and_then_one_at_a_time(void **state)
{
	(void)state;
	struct cw_tunnel_admission admission = {0};
	for (int i = 0; i < 3; i++)
		assert_null(cw_tunnel_admission_ask(&admission, &limits, one, 0, 0, 1000));
	assert_non_null(cw_tunnel_admission_ask(&admission, &limits, one, 0, 0, 1000));
	assert_null(cw_tunnel_admission_ask(&admission, &limits, other, 0, 0, 1000));
	assert_non_null(cw_tunnel_admission_ask(&admission, &limits, one, 0, 0, 1099));
	assert_null(cw_tunnel_admission_ask(&admission, &limits, one, 0, 0, 1100));
	assert_non_null(cw_tunnel_admission_ask(&admission, &limits, one, 0, 0, 1150));
	assert_null(cw_tunnel_admission_ask(&admission, &limits, one, 0, 0, 1200));
}

static void caps_come_before_rates(void **state)
{
	(void)state;
	struct cw_tunnel_admission admission = {0};
	assert_non_null(
		strstr(cw_tunnel_admission_ask(&admission, &limits, one, CW_TUNNEL_CONNECTIONS_MAX, 0, 0),
			"too many connections"));
	assert_non_null(strstr(
		cw_tunnel_admission_ask(&admission, &limits, one, 20, CW_TUNNEL_CONNECTIONS_EACH_MAX, 0),
		"from this address"));
	assert_int_equal(admission.count, 0);
}

static void a_full_table_forgets_who_was_silent_longest(void **state)
{
	(void)state;
	struct cw_tunnel_admission admission = {0};
	for (unsigned i = 0; i < 3 * CW_TUNNEL_ADDRESSES_MAX; i++) {
		const struct in_addr from = {i};
		assert_null(cw_tunnel_admission_ask(&admission, &limits, from, 0, 0, i));
	}
	assert_int_equal(admission.count, CW_TUNNEL_ADDRESSES_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_burst_is_let_in_and_then_one_at_a_time),
		cmocka_unit_test(caps_come_before_rates),
		cmocka_unit_test(a_full_table_forgets_who_was_silent_longest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
