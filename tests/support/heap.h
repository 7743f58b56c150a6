/**
 * How many bytes the program holds on its heap now, with AddressSanitizer or without: for tests that memory
 * stays flat.
 */
#ifndef TEST_SUPPORT_HEAP_H
#define TEST_SUPPORT_HEAP_H

#include <malloc.h>
#include <stddef.h>

/* Of AddressSanitizer (sanitizer/allocator_interface.h, which gcc does not bring); not there without it. */
extern __attribute__((weak)) size_t __sanitizer_get_current_allocated_bytes(void);

static inline size_t test_heap(void)
{
	return __sanitizer_get_current_allocated_bytes ? __sanitizer_get_current_allocated_bytes()
						       : mallinfo2().uordblks;
}

#endif
