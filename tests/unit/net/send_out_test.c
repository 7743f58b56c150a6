/*
 * What waits for a socket: as much is sent as it takes, in order, the rest stays; nothing secret stays behind, and a broken
 * connection is told as one and not as a full one.
 */
#include "net/send_out.h"

#include "support/cmocka.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LENGTH ((size_t)4 * 1024 * 1024)

static int ends[2];

static int begin(void **state)
{
	(void)state;
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

static int end(void **state)
{
	(void)state;
	close(ends[0]);
	return close(ends[1]);
}

static char byte_at(size_t place)
{
	return (char)(place * 7 + place / 256);
}

static void a_full_socket_keeps_the_rest_in_its_order(void **state)
{
	(void)state;
	AUTO_BUFFER out = {0};
	static char piece[65536];
	size_t taken = 0;
	for (size_t i = 0; i < LENGTH; i++)
		cw_buffer_char(&out, byte_at(i));
	assert_true(cw_send_out(ends[0], &out));
	assert_in_range(out.length, 1, LENGTH - 1);
	while (taken < LENGTH) {
		ssize_t got = recv(ends[1], piece, sizeof piece, 0);
		assert_true(got > 0);
		for (ssize_t i = 0; i < got; i++)
			assert_int_equal(piece[i], byte_at(taken + (size_t)i));
		taken += (size_t)got;
		assert_true(cw_send_out(ends[0], &out));
	}
	assert_int_equal(out.length, 0);
}

static void what_was_secret_is_wiped_where_it_was_sent(void **state)
{
	(void)state;
	AUTO_BUFFER out = {.secret = true};
	cw_buffer_text(&out, "a password");
	assert_true(cw_send_out(ends[0], &out));
	assert_int_equal(out.length, 0);
	for (size_t i = 0; i < strlen("a password"); i++)
		assert_int_equal(out.data[i], 0);
}

static void a_broken_connection_is_not_a_full_one(void **state)
{
	(void)state;
	AUTO_BUFFER out = {0};
	cw_buffer_text(&out, "too late");
	shutdown(ends[0], SHUT_WR);
	assert_false(cw_send_out(ends[0], &out));
	assert_int_equal(out.length, strlen("too late"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_full_socket_keeps_the_rest_in_its_order, begin, end),
		cmocka_unit_test_setup_teardown(what_was_secret_is_wiped_where_it_was_sent, begin, end),
		cmocka_unit_test_setup_teardown(a_broken_connection_is_not_a_full_one, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
