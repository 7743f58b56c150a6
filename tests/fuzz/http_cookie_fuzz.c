/**
 * Any text as Cookie, Set-Cookie and a date: what is read and written again is the same.
 */
#include "http/http_cookie.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_cookies(struct cw_http_text text)
{
	struct cw_http_cookies cookies;
	enum cw_http_reason reason;
	AUTO_BUFFER again = {0};
	if (!cw_http_cookie_parse(text, &cookies, &reason))
		return;
	for (size_t i = 0; i < cookies.count; i++) {
		const struct cw_http_cookie_pair *pair = &cookies.pairs[i];
		cw_buffer_printf(&again, "%s%.*s=%.*s", i ? "; " : "", (int)pair->name.length, pair->name.at,
			(int)pair->value.length, pair->value.length ? pair->value.at : "");
	}
	if (again.length != text.length || memcmp(again.data, text.at, text.length) != 0)
		abort();
}

/* Written once it is in our order; from then on it stays. */
static void try_set_cookie(struct cw_http_text text)
{
	struct cw_http_cookie cookie;
	enum cw_http_reason reason;
	struct cw_error error;
	AUTO_BUFFER once = {0}, twice = {0};
	if (!cw_http_cookie_parse_set(text, &cookie, &reason))
		return;
	if (!cw_http_cookie_write(&once, &cookie, &error))
		abort();
	if (!cw_http_cookie_parse_set((struct cw_http_text){once.data, once.length}, &cookie, &reason) ||
		!cw_http_cookie_write(&twice, &cookie, &error))
		abort();
	if (strcmp(once.data, twice.data) != 0)
		abort();
}

static void try_date(struct cw_http_text text)
{
	char again[CW_HTTP_DATE_SIZE];
	cw_time time;
	if (cw_http_cookie_read_date(text, &time) &&
		!cw_http_text_equal(text, cw_http_cookie_date(time, again)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cw_http_text text = {(const char *)data, size};
	try_cookies(text);
	try_set_cookie(text);
	try_date(text);
	return 0;
}
