/*
 * The networks of rehearsals on the loopback interface: one each, and none that stays taken.
 */
#include "net/loopback.h"
#include "support/cmocka.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void a_network_is_taken_once_and_free_again_afterwards(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_loopback first, second;
	assert_true(cw_loopback_take(&first, &error));
	assert_false(cw_loopback_take_at(first.x, first.y, &second, &error));
	assert_int_equal(error.code, CW_E_NETWORK);
	assert_non_null(strstr(error.message, "is taken by another rehearsal"));
	cw_loopback_release(&second);
	cw_loopback_release(&first);
	assert_true(cw_loopback_take_at(first.x, first.y, &second, &error));
	cw_loopback_release(&second);
}

static void many_rehearsals_have_networks_of_their_own(void **state)
{
	(void)state;
	enum { COUNT = 400 };
	struct cw_error error;
	static struct cw_loopback taken[COUNT];
	for (size_t i = 0; i < COUNT; i++) {
		if (!cw_loopback_take(&taken[i], &error))
			fail_msg("%s", error.message);
		assert_in_range(taken[i].x, 1, 254);
		for (size_t k = 0; k < i; k++)
			assert_false(taken[i].x == taken[k].x && taken[i].y == taken[k].y);
	}
	for (size_t i = 0; i < COUNT; i++)
		cw_loopback_release(&taken[i]);
}

/* However a rehearsal ends, its lock ends with it. */
static void a_killed_rehearsal_leaves_no_lock(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_loopback network;
	int ends[2], status;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		if (!cw_loopback_take(&network, &error) ||
			write(ends[1], &network, sizeof network) != (ssize_t)sizeof network)
			_exit(1);
		pause();
	}
	assert_int_equal(read(ends[0], &network, sizeof network), sizeof network);
	struct cw_loopback second;
	assert_false(cw_loopback_take_at(network.x, network.y, &second, &error));
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(cw_loopback_take_at(network.x, network.y, &second, &error));
	cw_loopback_release(&second);
	close(ends[0]);
	close(ends[1]);
}

static void nodes_have_addresses_inside_the_network(void **state)
{
	(void)state;
	static const struct {
		size_t place;
		const char *want;
	} rows[] = {{0, "127.9.8.1:7001"}, {249, "127.9.8.250:7001"}, {250, "127.9.8.1:7001"}};
	const struct cw_loopback network = {.lock = -1, .x = 9, .y = 8};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[CW_LOOPBACK_TEXT_SIZE];
		struct sockaddr_in address = cw_loopback_address(&network, rows[i].place, 7001);
		assert_string_equal(cw_loopback_text(&address, text), rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_network_is_taken_once_and_free_again_afterwards),
		cmocka_unit_test(many_rehearsals_have_networks_of_their_own),
		cmocka_unit_test(a_killed_rehearsal_leaves_no_lock),
		cmocka_unit_test(nodes_have_addresses_inside_the_network),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
