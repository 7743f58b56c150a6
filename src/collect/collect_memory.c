#include "collect/collect_memory.h"

#include <curl/curl.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

static void release(void *memory)
{
	if (memory)
		OPENSSL_cleanse(memory, malloc_usable_size(memory));
	free(memory);
}

/* Moves by hand: realloc(3) would leave the old bytes where they were. */
static void *resize(void *memory, size_t size)
{
	void *larger = malloc(size ? size : 1);
	if (!larger)
		return NULL;
	if (memory) {
		size_t had = malloc_usable_size(memory);
		memcpy(larger, memory, had < size ? had : size);
	}
	release(memory);
	return larger;
}

bool cw_collect_memory_start(void)
{
	return curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, release, resize, strdup, calloc) == CURLE_OK;
}
