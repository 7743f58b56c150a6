#include "http_message.h"

#include "support/http_trace.h"

#include <string.h>

#define SHORT ((size_t)2048) /* longer ones are not cut byte by byte: a block on the heap for each */

static bool same(const struct cw_buffer *a, const struct cw_buffer *b)
{
	return a->length == b->length && (!a->length || memcmp(a->data, b->data, a->length) == 0);
}

static void check_cut(
	enum cw_http_kind kind, struct cw_http_text bytes, const struct cw_buffer *whole, struct test_cut cut)
{
	AUTO_BUFFER trace = {0};
	test_http_trace(kind, bytes, cut, &trace);
	if (!same(whole, &trace))
		abort();
}

static void check_rebuilt(enum cw_http_kind kind, struct cw_http_text bytes)
{
	AUTO_BUFFER once = {0}, twice = {0};
	if (!test_http_rebuild(kind, bytes, &once))
		return;
	if (!test_http_rebuild(kind, (struct cw_http_text){once.data, once.length}, &twice) ||
		!same(&once, &twice))
		abort();
}

void fuzz_http_message(enum cw_http_kind kind, struct cw_http_text bytes)
{
	AUTO_BUFFER whole = {0};
	/* a place that depends on the bytes alone */
	size_t somewhere = bytes.length ? 1 + (uint8_t)bytes.at[bytes.length / 2] % bytes.length : 1;
	test_http_trace(kind, bytes, (struct test_cut){0, 0}, &whole);
	size_t step = bytes.length > SHORT ? 61 : 1;
	check_cut(kind, bytes, &whole, (struct test_cut){step, step});
	check_cut(kind, bytes, &whole, (struct test_cut){somewhere, 0});
	check_cut(kind, bytes, &whole, (struct test_cut){somewhere, 3 * step});
	check_rebuilt(kind, bytes);
}
