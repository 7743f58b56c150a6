#include "admin/web/web_answer.h"

#include "http/http_write.h"

#include <string.h>

#define TYPE_HTML "text/html; charset=utf-8"

static const struct {
	const char *name, *value;
	bool over_tls; /* only there */
} always[] = {
	{"Strict-Transport-Security", "max-age=31536000", true},
	{"X-Content-Type-Options", "nosniff", false},
	{"Referrer-Policy", "no-referrer", false},
	{"Cross-Origin-Opener-Policy", "same-origin", false},
	{"Cross-Origin-Resource-Policy", "same-origin", false},
	{"Cache-Control", "no-store", false},
};

static const struct {
	const char *policy, *frames; /* Content-Security-Policy, X-Frame-Options */
} policies[] = {
	[CW_WEB_ANSWER_PAGE] =
		{"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
		 "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			"DENY"},
	[CW_WEB_ANSWER_FRAME] = {"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
				 "connect-src 'self'; frame-src 'self'; form-action 'self'; "
				 "frame-ancestors 'none'; base-uri 'none'",
		"DENY"},
	[CW_WEB_ANSWER_FRAMED] = {"sandbox allow-scripts allow-downloads; default-src 'none'; "
				  "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
				  "form-action 'none'; frame-ancestors 'self'; base-uri 'none'",
		"SAMEORIGIN"},
};

void cw_web_answer_finish(struct cw_web_answer *answer)
{
	cw_buffer_finish(&answer->body);
	cw_buffer_finish(&answer->fields);
	*answer = (struct cw_web_answer){0};
}

void cw_web_answer_field(struct cw_web_answer *answer, const char *name, const char *value)
{
	struct cw_error ignored;
	if (!cw_http_write_named(&answer->fields, name, value, &ignored))
		answer->unfit = true;
}

void cw_web_answer_cookie(struct cw_web_answer *answer, const struct cw_http_cookie *cookie)
{
	AUTO_BUFFER value = {0};
	struct cw_error ignored;
	if (cw_http_cookie_write(&value, cookie, &ignored) && !value.failed)
		cw_web_answer_field(answer, "Set-Cookie", cw_buffer_string(&value));
	else
		answer->unfit = true;
}

void cw_web_answer_redirect(struct cw_web_answer *answer, const char *path)
{
	answer->status = 303;
	if (path[0] != '/' || path[1] == '/' || path[1] == '\\')
		answer->unfit = true;
	cw_web_answer_field(answer, "Location", path);
}

void cw_web_answer_download(struct cw_web_answer *answer, const char *file_name)
{
	AUTO_BUFFER value = {0};
	for (const char *at = file_name; *at; at++)
		if (!cw_http_text_byte_is(*at, CW_HTTP_IN_NAME) && *at != '_' && *at != '.')
			answer->unfit = true;
	cw_buffer_printf(&value, "attachment; filename=\"%s\"", file_name);
	cw_web_answer_field(answer, "Content-Disposition", cw_buffer_string(&value));
}

static bool write_all(const struct cw_web_answer *answer, const struct cw_web_answer_how *how,
	struct cw_buffer *ret, struct cw_error *error)
{
	size_t from = ret->length;
	unsigned status = answer->status ? answer->status : 200;
	if (answer->unfit || answer->body.failed || answer->fields.failed)
		return cw_error_set(error, CW_E_HTTP, "the answer cannot be sent");
	if (!cw_http_write_status(ret, status, NULL, error))
		return false;
	if (!cw_http_write_named(ret, "Content-Security-Policy", policies[answer->kind].policy, error) ||
		!cw_http_write_named(ret, "X-Frame-Options", policies[answer->kind].frames, error))
		return false;
	for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
		if ((how->secure || !always[i].over_tls) &&
			!cw_http_write_named(ret, always[i].name, always[i].value, error))
			return false;
	if ((answer->body.length || how->streams) &&
		!cw_http_write_named(ret, "Content-Type", answer->type ? answer->type : TYPE_HTML, error))
		return false;
	cw_buffer_append(ret, cw_buffer_string(&answer->fields), answer->fields.length);
	if (how->streams)
		cw_http_write_chunked(ret);
	else if (status != 204 && status != 304)
		cw_http_write_length(ret, answer->body.length);
	if (how->closes)
		cw_http_write_close(ret);
	if (!cw_http_write_head_end(ret, from, error))
		return false;
	if (!how->is_head && answer->body.length)
		cw_buffer_append(ret, answer->body.data, answer->body.length);
	return cw_buffer_ok(ret, error);
}

bool cw_web_answer_write(
	const struct cw_web_answer *answer, const struct cw_web_answer_how *how, struct cw_buffer *ret)
{
	static const char last[] = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n"
				   "Cache-Control: no-store\r\nConnection: close\r\n\r\n";
	size_t from = ret->length;
	struct cw_error ignored;
	if (write_all(answer, how, ret, &ignored))
		return true;
	if (ret->length > from)
		ret->length = from;
	cw_buffer_append(ret, last, sizeof last - 1);
	return false;
}
