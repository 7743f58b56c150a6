#include "failing.h"

#include "pki/error_mark.h"

#include <execinfo.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#define STACK() __sanitizer_print_stack_trace()
#else
#define STACK() (void)0
#endif

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

/* The places that were seen, by a hash of their callers; and the numbers of those that are new. */
#define PLACES_MAX (1 << 17) /* a power of two, with room to spare */
#define CALLERS 8
#define FRAMES_MAX 64

extern char __executable_start, etext; /* the linker's: where this program's own code is */

static struct {
	bool looking;
	enum failing_kind kind;
	size_t seen_count, count;
	uint64_t seen[PLACES_MAX];
	unsigned long numbers[PLACES_MAX];
} places;

/* Of a library's callers only those in this program count, and of those the nearest: deeper ones would make every
 * verb's way through a list another place. */
static uint64_t here(void)
{
	void *frames[FRAMES_MAX];
	uint64_t hash = 14695981039346656037U;
	int count = backtrace(frames, FRAMES_MAX), used = 0;
	for (int i = 0; i < count && used < CALLERS; i++) {
		uintptr_t at = (uintptr_t)frames[i];
		if (at < (uintptr_t)&__executable_start || at >= (uintptr_t)&etext)
			continue;
		hash = (hash ^ at) * 1099511628211U;
		used++;
	}
	return hash ? hash : 1;
}

static void look(enum failing_kind kind)
{
	places.looking = false; /* the library that walks the stack may ask for memory itself */
	uint64_t place = here();
	size_t slot = place & (PLACES_MAX - 1);
	while (places.seen[slot] && places.seen[slot] != place)
		slot = (slot + 1) & (PLACES_MAX - 1);
	if (!places.seen[slot] && places.seen_count < PLACES_MAX / 2) {
		places.seen[slot] = place;
		places.seen_count++;
		places.numbers[places.count++] = now.counts[kind];
	}
	places.looking = true;
}

static bool fails(enum failing_kind kind)
{
	if (!now.armed)
		return false;
	if (places.looking && kind == places.kind) {
		now.counts[kind]++;
		look(kind);
		return false;
	}
	bool hit = ++now.counts[kind] == now.number && kind == now.kind;
	if (hit && now.stop) {
		STACK();
		abort(); /* for a debugger: here it is */
	}
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

size_t failing_new_places(
	enum failing_kind kind, void (*run)(void *context), void *context, unsigned long **ret_numbers)
{
	failing_arm(kind, 0, false);
	places.kind = kind;
	places.count = 0;
	places.looking = true;
	run(context);
	places.looking = false;
	failing_disarm();
	size_t size = places.count * sizeof *places.numbers;
	*ret_numbers = __real_malloc(size + 1);
	if (!*ret_numbers)
		abort();
	memcpy(*ret_numbers, places.numbers, size);
	return places.count;
}

size_t failing_samples(size_t ordinary)
{
	const char *text = getenv("CAUSEWAY_MEMORY");
	return text ? strtoul(text, NULL, 10) : ordinary;
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
	if (!fails(FAILING_JANSSON))
		return __real_malloc(size);
	cw_memory_count_failure(); /* as report/json.c has it */
	return NULL;
}

bool failing_start(void)
{
	json_set_alloc_funcs(jansson_malloc, free);
	return CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1;
}
