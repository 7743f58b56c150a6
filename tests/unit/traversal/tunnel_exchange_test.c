#include "traversal/tunnel_exchange.h"

#include "support/cmocka.h"

static const uint8_t secret[CW_TUNNEL_SECRET_SIZE] = "one key";
static const uint8_t other_secret[CW_TUNNEL_SECRET_SIZE] = "another key";

/* Everything that `from` has to say, in steps of `step` bytes. */
static void carry(struct cw_tunnel_exchange *from, struct cw_tunnel_exchange *to, size_t step)
{
	for (size_t sent = 0; sent < from->out_length; sent += step) {
		size_t left = from->out_length - sent;
		cw_tunnel_exchange_take(to, from->out + sent, left < step ? left : step);
	}
	from->out_length = 0;
}

static void both(struct cw_tunnel_exchange *dialling, struct cw_tunnel_exchange *answering,
	const uint8_t *at_answering)
{
	struct cw_error error;
	assert_true(cw_tunnel_exchange_dial(dialling, secret, CW_TUNNEL_PROBE, &error));
	assert_true(cw_tunnel_exchange_answer(answering, at_answering, &error));
}

static void two_sides_with_one_key_agree_in_pieces_of_any_size(void **state)
{
	(void)state;
	for (size_t step = 1; step < 110; step += 9) {
		struct cw_tunnel_exchange a, b;
		both(&a, &b, secret);
		carry(&a, &b, step);
		assert_int_equal(b.state, CW_TUNNEL_EXCHANGING);
		carry(&b, &a, step);
		assert_int_equal(a.state, CW_TUNNEL_AGREED);
		carry(&a, &b, step);
		assert_int_equal(b.state, CW_TUNNEL_AGREED);
		assert_int_equal(b.purpose, CW_TUNNEL_PROBE);
		assert_int_equal(cw_tunnel_exchange_wants(&b), 0);
	}
}

static void neither_side_agrees_with_one_that_has_another_key(void **state)
{
	(void)state;
	struct cw_tunnel_exchange a, b;
	both(&a, &b, other_secret);
	carry(&a, &b, 200);
	carry(&b, &a, 200);
	assert_int_equal(a.state, CW_TUNNEL_DISAGREED);
	assert_int_equal(a.out_length, 0);
	assert_int_equal(b.state, CW_TUNNEL_EXCHANGING);
	uint8_t guess[CW_TUNNEL_MAC_SIZE] = {0};
	cw_tunnel_exchange_take(&b, guess, sizeof guess);
	assert_int_equal(b.state, CW_TUNNEL_DISAGREED);
}

/* What one side made says nothing in the other direction, or in another exchange. */
static void what_was_said_once_cannot_be_said_again(void **state)
{
	(void)state;
	struct cw_tunnel_exchange a, b, again;
	struct cw_error error;
	uint8_t hello[sizeof a.out], proof[CW_TUNNEL_MAC_SIZE], answer[sizeof b.out];
	both(&a, &b, secret);
	size_t hello_length = a.out_length;
	memcpy(hello, a.out, hello_length);
	carry(&a, &b, 200);
	memcpy(answer, b.out, b.out_length);
	carry(&b, &a, 200);
	memcpy(proof, a.out, sizeof proof);

	assert_true(cw_tunnel_exchange_answer(&again, secret, &error));
	cw_tunnel_exchange_take(&again, hello, hello_length);
	cw_tunnel_exchange_take(&again, proof, sizeof proof);
	assert_int_equal(again.state, CW_TUNNEL_DISAGREED);

	/* the answering side's own MAC, sent back to it */
	assert_true(cw_tunnel_exchange_answer(&again, secret, &error));
	cw_tunnel_exchange_take(&again, hello, hello_length);
	cw_tunnel_exchange_take(&again, again.out + CW_TUNNEL_NONCE_SIZE, CW_TUNNEL_MAC_SIZE);
	assert_int_equal(again.state, CW_TUNNEL_DISAGREED);

	/* an answer to another nonce */
	assert_true(cw_tunnel_exchange_dial(&again, secret, CW_TUNNEL_PROBE, &error));
	cw_tunnel_exchange_take(&again, answer, CW_TUNNEL_NONCE_SIZE + CW_TUNNEL_MAC_SIZE);
	assert_int_equal(again.state, CW_TUNNEL_DISAGREED);
}

static void a_purpose_is_under_the_mac(void **state)
{
	(void)state;
	struct cw_tunnel_exchange a, b;
	both(&a, &b, secret);
	a.out[4] = CW_TUNNEL_STREAM;
	carry(&a, &b, 200);
	carry(&b, &a, 200);
	assert_int_equal(a.state, CW_TUNNEL_DISAGREED);
}

static const struct {
	const char *name, *begins;
} strangers[] = {
	{"HTTP is no exchange", "GET / HTTP/1.1\r\nHost: e1.acme.test\r\n\r\n"},
	{"another version is no exchange", "CWT2\1................................"},
	{"an unknown purpose is no exchange", "CWT1\3................................"},
};

static void what_is_no_exchange_is_not_answered(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
		struct cw_tunnel_exchange b;
		struct cw_error error;
		print_message("%s\n", strangers[i].name);
		assert_true(cw_tunnel_exchange_answer(&b, secret, &error));
		cw_tunnel_exchange_take(&b, strangers[i].begins, strlen(strangers[i].begins));
		assert_int_equal(b.state, CW_TUNNEL_DISAGREED);
		assert_int_equal(b.out_length, 0);
	}
}

static void the_key_is_forgotten(void **state)
{
	(void)state;
	static const uint8_t nothing[CW_TUNNEL_SECRET_SIZE];
	struct cw_tunnel_exchange a, b;
	both(&a, &b, secret);
	cw_tunnel_exchange_finish(&a);
	assert_memory_equal(a.secret, nothing, sizeof nothing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_sides_with_one_key_agree_in_pieces_of_any_size),
		cmocka_unit_test(neither_side_agrees_with_one_that_has_another_key),
		cmocka_unit_test(what_was_said_once_cannot_be_said_again),
		cmocka_unit_test(a_purpose_is_under_the_mac),
		cmocka_unit_test(what_is_no_exchange_is_not_answered),
		cmocka_unit_test(the_key_is_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
