#include "base/memory.h"

#include <stdint.h>
#include <string.h>

static _Thread_local unsigned failures;

unsigned cw_memory_failures(void)
{
	return failures;
}

void cw_memory_count_failure(void)
{
	failures++;
}

bool cw_memory_grow(void *items, size_t *capacity, size_t count, size_t size)
{
	if (count < *capacity)
		return true;
	size_t wanted = *capacity ? *capacity * 2 : 8;
	if (wanted > SIZE_MAX / size)
		return false;
	void *old;
	memcpy(&old, items, sizeof old); /* `items` points at a pointer of some type: copied, not cast */
	void *grown = realloc(old, wanted * size);
	if (!grown) {
		cw_memory_count_failure();
		return false;
	}
	memcpy(items, &grown, sizeof grown);
	*capacity = wanted;
	return true;
}
