#include "base/memory.h"

#include "support/cmocka.h"

#include <stdint.h>

static int released;

static void release(int *value)
{
	released += value ? *value : 0;
}
CW_DEFINE_AUTO(int *, release)

static void a_local_is_released_at_the_end_of_its_scope(void **state)
{
	(void)state;
	int one = 1, ten = 10;
	released = 0;
	{
		AUTO(release) int *kept = &one;
		AUTO(release) int *moved = &ten;
		AUTO(release) int *nothing = NULL;
		assert_ptr_equal(TAKE(moved), &ten);
		assert_null(moved);
		(void)kept;
		(void)nothing;
	}
	assert_int_equal(released, 1);
}

static void an_array_grows_and_keeps_what_it_holds(void **state)
{
	(void)state;
	int *items = NULL;
	size_t capacity = 0;
	for (size_t i = 0; i < 1000; i++) {
		assert_true(cw_memory_grow(&items, &capacity, i, sizeof *items));
		items[i] = (int)i;
	}
	assert_true(capacity >= 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(items[i], i);
	free(items);
}

static void an_array_too_large_for_memory_is_refused_and_unchanged(void **state)
{
	(void)state;
	char *items = NULL;
	size_t capacity = SIZE_MAX / 4;
	assert_false(cw_memory_grow(&items, &capacity, capacity, 16));
	assert_int_equal(capacity, SIZE_MAX / 4);
	assert_null(items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_local_is_released_at_the_end_of_its_scope),
		cmocka_unit_test(an_array_grows_and_keeps_what_it_holds),
		cmocka_unit_test(an_array_too_large_for_memory_is_refused_and_unchanged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
