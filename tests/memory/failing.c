#include "failing.h"

#include "pki/error_mark.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* What the linker makes of a wrapped function. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t length);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);

static struct {
	bool armed, lasting, failed, stop;
	enum failing_kind kind;
	unsigned long number;
	unsigned long counts[FAILING_KIND_COUNT];
} now;

static bool fails(enum failing_kind kind)
{
	if (!now.armed)
		return false;
	bool hit = ++now.counts[kind] == now.number && kind == now.kind;
	if (hit && now.stop)
		abort(); /* for a debugger: here it is */
	hit = hit || (now.lasting && now.failed);
	now.failed = now.failed || hit;
	return hit;
}

bool failing_hit(enum failing_kind kind)
{
	return fails(kind);
}

void failing_arm(enum failing_kind kind, unsigned long number, bool lasting)
{
	memset(&now, 0, sizeof now);
	now.kind = kind;
	now.number = number;
	now.lasting = lasting;
	now.stop = getenv("MEMORY_STOP") != NULL;
	now.armed = true;
}

bool failing_disarm(void)
{
	now.armed = false;
	return now.failed;
}

unsigned long failing_count(enum failing_kind kind)
{
	return now.counts[kind];
}

void *__wrap_malloc(size_t size)
{
	return fails(FAILING_OWN) ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails(FAILING_OWN) ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	return fails(FAILING_OWN) ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *text)
{
	return fails(FAILING_OWN) ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t length)
{
	return fails(FAILING_OWN) ? NULL : __real_strndup(text, length);
}

/* As pki/openssl_start.c has it, with failures. */
static void *openssl_malloc(size_t size, const char *file, int line)
{
	(void)file, (void)line;
	if (!size)
		return NULL;
	if (!fails(FAILING_OPENSSL))
		return __real_malloc(size);
	cw_error_mark_count_failure();
	return NULL;
}

static void *openssl_realloc(void *memory, size_t size, const char *file, int line)
{
	(void)file, (void)line;
	if (!size) {
		free(memory);
		return NULL;
	}
	if (!fails(FAILING_OPENSSL))
		return __real_realloc(memory, size);
	cw_error_mark_count_failure();
	return NULL;
}

static void openssl_free(void *memory, const char *file, int line)
{
	(void)file, (void)line;
	free(memory);
}

static void *jansson_malloc(size_t size)
{
	return fails(FAILING_JANSSON) ? NULL : __real_malloc(size);
}

bool failing_start(void)
{
	json_set_alloc_funcs(jansson_malloc, free);
	return CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1;
}
