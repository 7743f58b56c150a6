/* The allocator that the program gives to OpenSSL. In a program of its own: it is taken before OpenSSL
 * allocates. */
#include "pki/openssl_start.h"

#include "pki/error_mark.h"
#include "support/cmocka.h"

#include <openssl/crypto.h>

/* Larger than any machine, and than PTRDIFF_MAX, so that the compiler must not see it. */
static volatile size_t everything = SIZE_MAX / 2;

/* AddressSanitizer's malloc answers NULL as any other does. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void memory_that_openssl_does_not_get_is_counted(void **state)
{
	(void)state;
	AUTO_ERROR_MARK first = cw_error_mark_open();
	assert_false(cw_error_mark_out_of_memory(&first));
	assert_null(OPENSSL_malloc(everything));
	assert_true(cw_error_mark_out_of_memory(&first));

	AUTO_ERROR_MARK second = cw_error_mark_open();
	void *some = OPENSSL_malloc(10);
	assert_non_null(some);
	assert_null(OPENSSL_realloc(some, everything));
	assert_true(cw_error_mark_out_of_memory(&second));
	OPENSSL_free(some);
}

static void no_size_is_no_memory_and_no_failure(void **state)
{
	(void)state;
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	void *some = OPENSSL_malloc(10);
	assert_non_null(some);
	assert_null(OPENSSL_malloc(0));
	assert_null(CRYPTO_realloc(some, 0, __FILE__, __LINE__)); /* released */
	assert_false(cw_error_mark_out_of_memory(&mark));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_that_openssl_does_not_get_is_counted),
		cmocka_unit_test(no_size_is_no_memory_and_no_failure),
	};
	return cw_openssl_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
