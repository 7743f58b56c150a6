/**
 * Any bytes as a connection of an administrator's browser: request in, answer out, cut anywhere, with a token wanted.
 */
#include "admin/web/web_machine.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_check(void *context, struct cw_web_exchange *exchange)
{
	struct cw_http_text cookie;
	(void)context;
	cw_web_exchange_cookie(exchange, "__Host-causeway", &cookie);
	cw_web_exchange_is_same_origin(exchange);
	if (cw_web_exchange_route(exchange)->role)
		cw_web_exchange_want_token(exchange, "t");
	cw_web_exchange_allow(exchange);
}

static void on_page(void *context, struct cw_web_exchange *exchange)
{
	AUTO_WEB_ANSWER answer = {0};
	struct cw_http_text value;
	(void)context;
	if (cw_web_form_find(cw_web_exchange_form(exchange), "a", 0, &value))
		cw_buffer_append(&answer.body, value.at, value.length);
	cw_web_answer_redirect(&answer, cw_web_form_value(cw_web_exchange_query(exchange), "next"));
	cw_web_exchange_answer(exchange, &answer);
}

static const struct cw_web_route routes[] = {
	{CW_HTTP_METHOD_GET, "/", 0, CW_WEB_BODY_NONE, 0, on_page, NULL},
	{CW_HTTP_METHOD_GET, "/{}/{}", 0, CW_WEB_BODY_NONE, 0, on_page, NULL},
	{CW_HTTP_METHOD_POST, "/", 0, CW_WEB_BODY_FORM, 4096, on_page, NULL},
	{CW_HTTP_METHOD_POST, "/upload", 0, CW_WEB_BODY_MULTIPART, 4096, on_page, NULL},
	{CW_HTTP_METHOD_POST, "/token", 1, CW_WEB_BODY_MULTIPART, 4096, on_page, NULL},
	{CW_HTTP_METHOD_POST, "/login", 1, CW_WEB_BODY_FORM, 4096, on_page, NULL},
	{CW_HTTP_METHOD_PUT, "/{}", 0, CW_WEB_BODY_BYTES, 4096, on_page, NULL},
};

/* The first byte says how the rest is cut. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct cw_web_site site = {.routes = routes,
		.route_count = sizeof routes / sizeof *routes,
		.secure = true,
		.check = on_check};
	const struct cw_web_machine_setup setup = {.site = &site, .address = "192.0.2.1"};
	AUTO(cw_web_machine_free) struct cw_web_machine *machine = cw_web_machine_new(&setup);
	size_t cut = size ? data[0] % 64 + 1 : 1, at = size ? 1 : 0;
	if (!machine)
		return 0;
	while (at < size) { /* ends: a machine takes something, or waits for an owner that answers at once */
		size_t piece = size - at < cut ? size - at : cut;
		size_t used = cw_web_machine_take(machine, (const char *)data + at, piece, at);
		assert(used <= piece && used);
		at += used;
	}
	cw_web_machine_close(machine);
	const struct cw_buffer *out = cw_web_machine_out(machine);
	assert(!out->length || memcmp(out->data, "HTTP/1.1 ", 9) == 0);
	return 0;
}
