/*
 * Many want something at once: so many go, the others in the order in which they came, and nobody is forgotten.
 */
#include "net/turns.h"

#include "support/cmocka.h"

#define MOST 2
#define ALL 5

struct scene {
	struct event_base *base;
	struct cw_turns *turns;
	struct cw_turn turn[ALL];
	size_t went[2 * ALL], count;
	bool ends_at_once;
};
static struct scene scene;

static void on_go(void *context)
{
	struct cw_turn *turn = context;
	scene.went[scene.count++] = (size_t)(turn - scene.turn);
	if (scene.ends_at_once)
		cw_turns_end(turn);
}

static int set_up(void **state)
{
	(void)state;
	scene = (struct scene){.base = event_base_new()};
	scene.turns = cw_turns_new(scene.base, MOST);
	for (size_t i = 0; i < ALL; i++)
		scene.turn[i] = (struct cw_turn){.go = on_go, .context = &scene.turn[i]};
	return scene.turns ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	cw_turns_free(scene.turns);
	event_base_free(scene.base);
	return 0;
}

static void take_all(void)
{
	for (size_t i = 0; i < ALL; i++)
		cw_turns_take(scene.turns, &scene.turn[i]);
}

static void run(void)
{
	assert_int_not_equal(event_base_loop(scene.base, EVLOOP_NONBLOCK), -1);
}

static void so_many_go_and_the_others_wait(void **state)
{
	(void)state;
	take_all();
	run();
	assert_int_equal(scene.count, MOST);
	assert_int_equal(cw_turns_waiting(scene.turns), ALL - MOST);
}

static void the_next_goes_in_the_order_in_which_they_came(void **state)
{
	(void)state;
	take_all();
	for (size_t i = 0; i < ALL; i++) {
		cw_turns_end(&scene.turn[i]);
		run();
	}
	assert_int_equal(scene.count, ALL);
	for (size_t i = 0; i < ALL; i++)
		assert_int_equal(scene.went[i], i);
}

static void who_waits_no_longer_is_passed_over(void **state)
{
	(void)state;
	take_all();
	cw_turns_end(&scene.turn[3]); /* in the middle */
	cw_turns_end(&scene.turn[4]); /* the last */
	assert_int_equal(cw_turns_waiting(scene.turns), 1);
	cw_turns_end(&scene.turn[0]);
	cw_turns_end(&scene.turn[1]);
	run();
	assert_int_equal(scene.count, 3);
	assert_int_equal(scene.went[2], 2);
	cw_turns_take(scene.turns, &scene.turn[4]); /* and comes again */
	assert_int_equal(scene.count, 4);
}

static void one_that_ends_in_its_own_turn_makes_room(void **state)
{
	(void)state;
	take_all();
	scene.ends_at_once = true;
	cw_turns_end(&scene.turn[0]);
	run();
	assert_int_equal(scene.count, ALL);
	assert_int_equal(cw_turns_waiting(scene.turns), 0);
}

static void a_turn_that_is_taken_twice_is_one(void **state)
{
	(void)state;
	cw_turns_take(scene.turns, &scene.turn[0]);
	cw_turns_take(scene.turns, &scene.turn[0]);
	cw_turns_take(scene.turns, &scene.turn[1]);
	assert_int_equal(scene.count, 2);
	cw_turns_end(&scene.turn[0]);
	cw_turns_end(&scene.turn[0]);
	cw_turns_take(scene.turns, &scene.turn[2]);
	cw_turns_take(scene.turns, &scene.turn[3]);
	assert_int_equal(scene.count, 3);
	assert_int_equal(cw_turns_waiting(scene.turns), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(so_many_go_and_the_others_wait),
		TEST(the_next_goes_in_the_order_in_which_they_came),
		TEST(who_waits_no_longer_is_passed_over),
		TEST(one_that_ends_in_its_own_turn_makes_room),
		TEST(a_turn_that_is_taken_twice_is_one),
	};
	return cmocka_run_group_tests_name("turns", tests, NULL, NULL);
}
