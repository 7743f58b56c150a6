/**
 * Any text as a target with a prefix, as credentials, as a host, as base64, and as what is encoded in a
 * prefix: what is taken and written again is the same text.
 */
#include "http/http_auth.h"
#include "http/http_base64.h"
#include "http/http_prefix.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(struct cw_http_text text, const struct cw_buffer *buffer)
{
	return text.length == buffer->length &&
		(!text.length || memcmp(text.at, buffer->data, text.length) == 0);
}

static void try_target(struct cw_http_text target)
{
	struct cw_http_target parts;
	struct cw_http_prefix prefix;
	enum cw_http_reason reason;
	AUTO_BUFFER again = {0};
	if (cw_http_target_parse(target, &parts, &reason)) {
		cw_buffer_append(&again, parts.path.at, parts.path.length);
		if (again.length < target.length)
			cw_buffer_char(&again, '?');
		if (parts.query.length)
			cw_buffer_append(&again, parts.query.at, parts.query.length);
		if (!same(target, &again))
			abort();
		again.length = 0;
	}
	if (!cw_http_prefix_parse(target, &prefix, &reason))
		return;
	if (prefix.kind == CW_HTTP_PREFIX_SERVER)
		cw_http_prefix_write_server(&again, &prefix);
	else
		cw_http_prefix_write_domain(&again, prefix.domain);
	cw_buffer_append(&again, prefix.rest.at, prefix.rest.length);
	if (!same(target, &again))
		abort();
}

/* Bytes as what a prefix says, so that base64 is no wall for the fuzzer. */
static void try_decoded(struct cw_http_text text)
{
	AUTO_BUFFER target = {0};
	cw_http_prefix_write_domain(&target, text);
	cw_buffer_text(&target, "/get_edge_config");
	try_target((struct cw_http_text){target.data, target.length});
}

static void try_base64(struct cw_http_text text, enum cw_http_base64_form form)
{
	char room[256];
	struct cw_http_text bytes;
	AUTO_BUFFER again = {0};
	if (!cw_http_base64_decode(text, form, &bytes, room, sizeof room))
		return;
	cw_http_base64_encode(&again, bytes, form);
	if (!same(text, &again))
		abort();
}

static void try_auth(struct cw_http_text value)
{
	AUTO_HTTP_AUTH auth;
	enum cw_http_reason reason;
	struct cw_error error;
	AUTO_BUFFER again = {0};
	if (!cw_http_auth_parse(value, &auth, &reason) || auth.scheme != CW_HTTP_AUTH_BASIC)
		return;
	if (!cw_http_auth_write_basic(&again, auth.user, auth.password, &error))
		abort();
	/* the scheme may have been in another case */
	if (!same((struct cw_http_text){value.at + 5, value.length - 5},
		    &(struct cw_buffer){.data = again.data + 5, .length = again.length - 5}))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cw_http_text text = {(const char *)data, size};
	struct cw_http_host host;
	try_target(text);
	try_decoded(text);
	try_base64(text, CW_HTTP_BASE64_PADDED);
	try_base64(text, CW_HTTP_BASE64_URL);
	try_auth(text);
	if (cw_http_host_parse(text, &host) && !host.is_ipv6 && !cw_http_host_is_name(host.name))
		abort();
	return 0;
}
