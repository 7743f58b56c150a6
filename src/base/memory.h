/**
 * Ownership in two words: AUTO releases a local at the end of its scope, TAKE moves a value out of it.
 *
 *     AUTO(X509_free) X509 *x = X509_new();
 *     ...
 *     *ret = TAKE(x);
 *
 * Every destructor in Causeway accepts NULL. A destructor that AUTO may name is announced once, beside its
 * prototype, with CW_DEFINE_AUTO.
 */
#ifndef CW_BASE_MEMORY_H
#define CW_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/** The caller must look at the result. */
#define CW_MUST_USE __attribute__((warn_unused_result))

/** The format string is argument F, its first argument is argument A (both counted from 1). */
#define CW_PRINTF(F, A) __attribute__((format(printf, F, A)))

#define AUTO(destructor) __attribute__((cleanup(cw_memory_auto_##destructor), unused))

#define CW_DEFINE_AUTO(type, destructor) \
	static inline __attribute__((unused)) void cw_memory_auto_##destructor(type *value) \
	{ \
		destructor(*value); \
	}

#define TAKE(value) \
	__extension__({ \
		__typeof__(value) taken_ = (value); \
		(value) = NULL; \
		taken_; \
	})

static inline __attribute__((unused)) void cw_memory_auto_free(void *value)
{
	free(*(void **)value);
}

/**
 * How often memory ran out in this thread in a buffer, an array, a library (pki/error_mark.h), or where anything said so
 * (cw_error_memory): where the number is another than before, something that was asked meanwhile may lack a part, whoever
 * looked at its `failed` or its error or did not.
 */
unsigned cw_memory_failures(void);
void cw_memory_count_failure(void);

/** Makes room for one more item of `size` bytes in the array `*items`. False: no memory, nothing changed. */
CW_MUST_USE bool cw_memory_grow(void *items, size_t *capacity, size_t count, size_t size);

#endif
