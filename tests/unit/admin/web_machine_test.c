#include "admin/web/web_machine.h"

#include "support/cmocka.h"
#include "support/http_rows.h"

#include "http/http_reason.h"

#include <stdio.h>
#include <string.h>

#define HOST "Host: n.acme.test\r\n"
#define TOKEN "0123456789abcdef"

/* What a site's owner does in these tests, and what it saw. */
struct owner {
	bool later;	   /* the check answers when it is told to */
	unsigned denies;   /* with this status; 0: allowed */
	const char *token; /* wanted; NULL: none */
	bool same_origin;  /* wanted */
	const char *host;  /* the site's own; NULL: any is right */
	struct cw_web_exchange *checked;
	unsigned checks, handled, overs;
	char seen[400];
};

static void on_check(void *context, struct cw_web_exchange *exchange)
{
	struct owner *owner = context;
	owner->checks++;
	owner->checked = exchange;
	if (owner->token)
		cw_web_exchange_want_token(exchange, owner->token);
	if (owner->later)
		return;
	if (owner->host && !cw_web_exchange_is_own_host(exchange, owner->host))
		cw_web_exchange_fault(exchange, 421, "another name");
	else if (owner->denies || (owner->same_origin && !cw_web_exchange_is_same_origin(exchange)))
		cw_web_exchange_fault(exchange, owner->denies ? owner->denies : 403, "no");
	else
		cw_web_exchange_allow(exchange);
}

static void on_over(void *context, struct cw_web_exchange *exchange)
{
	struct owner *owner = context;
	(void)exchange;
	owner->overs++;
}

static void show_form(struct owner *owner, const struct cw_web_form *form)
{
	size_t at = 0;
	for (size_t i = 0; i < form->count && at < sizeof owner->seen; i++)
		at += (size_t)snprintf(owner->seen + at, sizeof owner->seen - at, "%s%s=%.*s", i ? "&" : "",
			form->fields[i].name, (int)form->fields[i].length,
			form->bytes.data + form->fields[i].at);
}

static void on_echo(void *context, struct cw_web_exchange *exchange)
{
	struct owner *owner = context;
	AUTO_WEB_ANSWER answer = {.type = "text/plain"};
	struct cw_http_text body = cw_web_exchange_body(exchange);
	owner->handled++;
	show_form(owner, cw_web_exchange_form(exchange));
	if (body.length && !cw_web_exchange_form(exchange)->count)
		snprintf(owner->seen, sizeof owner->seen, "%.*s", (int)body.length, body.at);
	cw_buffer_text(&answer.body, "hello\n");
	cw_web_exchange_answer(exchange, &answer);
}

static void on_redirect(void *context, struct cw_web_exchange *exchange)
{
	AUTO_WEB_ANSWER answer = {0};
	(void)context;
	cw_web_answer_redirect(&answer, "/there");
	cw_web_exchange_answer(exchange, &answer);
}

static void on_away(void *context, struct cw_web_exchange *exchange)
{
	AUTO_WEB_ANSWER answer = {0};
	(void)context;
	cw_web_answer_redirect(&answer, "//elsewhere.test/");
	cw_web_exchange_answer(exchange, &answer);
}

static void on_events(void *context, struct cw_web_exchange *exchange)
{
	struct owner *owner = context;
	owner->checked = exchange;
	cw_web_exchange_events(exchange);
}

static void on_never(void *context, struct cw_web_exchange *exchange)
{
	struct owner *owner = context;
	owner->checked = exchange;
}

static const struct cw_web_route routes[] = {
	{CW_HTTP_METHOD_GET, "/", 0, CW_WEB_BODY_NONE, 0, on_echo, NULL},
	{CW_HTTP_METHOD_GET, "/zone/{}", 0, CW_WEB_BODY_NONE, 0, on_echo, NULL},
	{CW_HTTP_METHOD_POST, "/form", 0, CW_WEB_BODY_FORM, 100, on_echo, NULL},
	{CW_HTTP_METHOD_POST, "/upload", 0, CW_WEB_BODY_MULTIPART, 1000, on_echo, NULL},
	{CW_HTTP_METHOD_PUT, "/json", 0, CW_WEB_BODY_JSON, 100, on_echo, NULL},
	{CW_HTTP_METHOD_PUT, "/bytes", 0, CW_WEB_BODY_BYTES, 100, on_echo, NULL},
	{CW_HTTP_METHOD_POST, "/fields", 0, CW_WEB_BODY_FIELDS, 1000, on_echo, NULL},
	{CW_HTTP_METHOD_PUT, "/any/{*}", 0, CW_WEB_BODY_ANY, 1000, on_echo, NULL},
	{CW_HTTP_METHOD_GET, "/redirect", 0, CW_WEB_BODY_NONE, 0, on_redirect, NULL},
	{CW_HTTP_METHOD_GET, "/away", 0, CW_WEB_BODY_NONE, 0, on_away, NULL},
	{CW_HTTP_METHOD_GET, "/events", 0, CW_WEB_BODY_NONE, 0, on_events, NULL},
	{CW_HTTP_METHOD_GET, "/never", 0, CW_WEB_BODY_NONE, 0, on_never, NULL},
};
static const struct cw_web_file files[] = {{"/style.css", "text/css", "body{}"}};

struct scene {
	struct owner owner;
	struct cw_web_site site;
	struct cw_web_machine *machine;
};

static void begin(struct scene *scene)
{
	scene->site = (struct cw_web_site){.routes = routes,
		.route_count = sizeof routes / sizeof *routes,
		.files = files,
		.file_count = 1,
		.secure = true,
		.check = on_check,
		.over = on_over,
		.context = &scene->owner};
	const struct cw_web_machine_setup setup = {.site = &scene->site, .address = "192.0.2.1", .now = 1000};
	scene->machine = cw_web_machine_new(&setup);
	assert_non_null(scene->machine);
}

static void finish(struct scene *scene)
{
	cw_web_machine_free(scene->machine);
}

#define AUTO_SCENE __attribute__((cleanup(finish))) struct scene

static const char *talk(struct scene *scene, const char *text)
{
	struct cw_buffer *out = cw_web_machine_out(scene->machine);
	out->length = 0;
	cw_web_machine_take(scene->machine, text, strlen(text), 1000);
	cw_buffer_char(out, '\0');
	out->length--;
	return out->data;
}

static unsigned status_of(const char *answer)
{
	return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? (unsigned)strtoul(answer + 9, NULL, 10) : 0;
}

#define PART(name, more, value) \
	"--b\r\nContent-Disposition: form-data; name=\"" name "\"" more "\r\n\r\n" value "\r\n"
#define UPLOAD(length) \
	"POST /upload HTTP/1.1\r\n" HOST "Content-Type: multipart/form-data; boundary=b\r\n" \
	"Content-Length: " length "\r\n\r\n"

static void requests_are_answered_by_their_route(void **state)
{
	(void)state;
	static const struct {
		const char *request;
		unsigned want_status;
		const char *want_seen; /* by the handler; NULL: it was not called */
		bool want_over;
	} rows[] = {
		{"GET / HTTP/1.1\r\n" HOST "\r\n", 200, "", false},
		{"HEAD / HTTP/1.1\r\n" HOST "\r\n", 200, "", false},
		{"GET / HTTP/1.0\r\n" HOST "\r\n", 200, "", true},
		{"GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", 200, "", true},
		{"GET /zone/x HTTP/1.1\r\n" HOST "\r\n", 200, "", false},
		{"GET /zone/ HTTP/1.1\r\n" HOST "\r\n", 404, NULL, false},
		{"GET /zone/x/y HTTP/1.1\r\n" HOST "\r\n", 404, NULL, false},
		{"GET /zone HTTP/1.1\r\n" HOST "\r\n", 404, NULL, false},
		{"GET /nothing HTTP/1.1\r\n" HOST "\r\n", 404, NULL, false},
		{"GET /form HTTP/1.1\r\n" HOST "\r\n", 405, NULL, false},
		{"DELETE / HTTP/1.1\r\n" HOST "\r\n", 405, NULL, false},
		{"POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx", 405, NULL, true},
		{"GET /style.css HTTP/1.1\r\n" HOST "\r\n", 200, NULL, false},
		{"GET /redirect HTTP/1.1\r\n" HOST "\r\n", 303, NULL, false},
		{"GET /away HTTP/1.1\r\n" HOST "\r\n", 500, NULL, true},
		{"GET /?a=%ff HTTP/1.1\r\n" HOST "\r\n", 400, NULL, true},
		{"GET / HTTP/1.1\r\n" HOST "Cookie: a=1; a=2\r\n\r\n", 400, NULL, true},
		{"POST /form HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded\r\n"
		 "Content-Length: 7\r\n\r\na=1&b=2",
			200, "a=1&b=2", false},
		{"POST /form HTTP/1.1\r\n" HOST
		 "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
		 "Content-Length: 3\r\n\r\na=1",
			200, "a=1", false},
		{"POST /form HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded\r\n"
		 "Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n",
			200, "a=1", false},
		{"POST /form HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded\r\n"
		 "Transfer-Encoding: chunked\r\n\r\nff\r\n",
			413, NULL, true},
		{"POST /form HTTP/1.1\r\n" HOST "Content-Type: text/plain\r\nContent-Length: 3\r\n\r\na=1",
			415, NULL, true},
		{"POST /form HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\na=1", 415, NULL, true},
		{"POST /form HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded\r\n"
		 "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\na=1",
			415, NULL, true},
		{"PUT /json HTTP/1.1\r\n" HOST
		 "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
			200, "{}", false},
		{"PUT /json HTTP/1.1\r\n" HOST "Content-Type: text/json\r\nContent-Length: 2\r\n\r\n{}", 415,
			NULL, true},
		{"PUT /bytes HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab", 200, "ab", false},
		{UPLOAD("125") PART("a", "", "1") PART("f", "; filename=\"x\"", "y") "--b--\r\n", 200,
			"a=1&f=y", false},
		{"POST /fields HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded\r\n"
		 "Content-Length: 3\r\n\r\na=1",
			200, "a=1", false},
		{"POST /fields HTTP/1.1\r\n" HOST "Content-Type: multipart/form-data; boundary=b\r\n"
		 "Content-Length: 59\r\n\r\n" PART("a", "", "1") "--b--\r\n",
			200, "a=1", false},
		{"POST /fields HTTP/1.1\r\n" HOST "Content-Type: text/plain\r\nContent-Length: 3\r\n\r\na=1",
			415, NULL, true},
		{"PUT /any/a/b/c HTTP/1.1\r\n" HOST "Content-Type: text/x\r\nContent-Length: 3\r\n\r\na=1",
			200, "a=1", false},
		{"PUT /any/a HTTP/1.1\r\n" HOST "Content-Type: multipart/form-data; boundary=b\r\n"
		 "Content-Length: 59\r\n\r\n" PART("a", "", "1") "--b--\r\n",
			200, "a=1", false},
		{"PUT /any/ HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 404, NULL, false},
		{"PUT /any HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 404, NULL, false},
		{UPLOAD("154") PART("a", "", "1"), 0, NULL, false},
		{UPLOAD("5") "hello", 400, NULL, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_SCENE scene = {0};
		begin(&scene);
		const char *answer = talk(&scene, rows[i].request);
		assert_int_equal(status_of(answer), rows[i].want_status);
		assert_int_equal(scene.owner.handled, rows[i].want_seen ? 1 : 0);
		if (rows[i].want_seen)
			assert_string_equal(scene.owner.seen, rows[i].want_seen);
		assert_int_equal(cw_web_machine_is_over(scene.machine), rows[i].want_over);
	}
}

static void nothing_of_a_body_is_read_before_the_check_said_yes(void **state)
{
	(void)state;
	AUTO_SCENE scene = {.owner = {.later = true}};
	const char *head = "PUT /bytes HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\n", *body = "hello";
	begin(&scene);
	assert_int_equal(cw_web_machine_take(scene.machine, head, strlen(head), 1000), strlen(head));
	assert_false(cw_web_machine_wants(scene.machine));
	assert_int_equal(cw_web_machine_take(scene.machine, body, 5, 1000), 0);
	cw_web_exchange_fault(scene.owner.checked, 401, "who are you?");
	assert_int_equal(scene.owner.handled, 0);
	assert_int_equal(scene.owner.overs, 1);
	assert_true(cw_web_machine_is_over(scene.machine));
}

static void what_is_too_long_or_of_another_type_is_refused_before_the_check_is_asked(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"PUT /bytes HTTP/1.1\r\n" HOST "Content-Length: 101\r\n\r\n",
		"PUT /json HTTP/1.1\r\n" HOST "Content-Type: text/plain\r\nContent-Length: 1\r\n\r\n",
		"POST /upload HTTP/1.1\r\n" HOST
		"Content-Type: multipart/form-data\r\nContent-Length: 1\r\n\r\n",
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_SCENE scene = {0};
		begin(&scene);
		assert_true(status_of(talk(&scene, rows[i])) >= 413);
		assert_int_equal(scene.owner.checks, 0);
		assert_true(cw_web_machine_is_over(scene.machine));
	}
}

static void a_body_that_is_waited_for_is_asked_for_when_it_is_allowed(void **state)
{
	(void)state;
	static const char head[] =
		"PUT /bytes HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n";
	AUTO_SCENE yes = {0}, no = {.owner = {.denies = 403}};
	begin(&yes);
	begin(&no);
	assert_int_equal(status_of(talk(&yes, head)), 100);
	assert_int_equal(status_of(talk(&yes, "ab")), 200);
	assert_int_equal(status_of(talk(&no, head)), 403);
	assert_true(cw_web_machine_is_over(no.machine));
}

static void the_token_is_wanted_in_the_header_or_as_the_first_field(void **state)
{
	(void)state;
#define FORM(length, body) \
	"POST /form HTTP/1.1\r\n" HOST \
	"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " length "\r\n\r\n" body
#define TOKENED(token) "PUT /bytes HTTP/1.1\r\n" HOST "X-CSRF-Token: " token "\r\nContent-Length: 2\r\n\r\nab"
	static const struct {
		const char *request;
		unsigned want_status;
	} rows[] = {
		{FORM("21", "csrf=" TOKEN), 200},
		{FORM("25", "csrf=" TOKEN "&a=b"), 200},
		{FORM("25", "a=b&csrf=" TOKEN), 403},
		{FORM("3", "a=b"), 403},
		{FORM("0", ""), 403},
		{FORM("21", "csrf=0123456789abcdeX"), 403},
		{FORM("5", "csrf="), 403},
		{TOKENED(TOKEN), 200},
		{TOKENED("0123456789abcdeX"), 403},
		{TOKENED("0123456789abcdef0"), 403},
		{"PUT /bytes HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab", 403},
		{UPLOAD("153") PART("csrf", "", TOKEN) PART("f", "; filename=\"x\"", "y") "--b--\r\n", 0},
		{UPLOAD("143") PART("csrf", "", TOKEN) PART("f", "; filename=\"x\"", "y") "--b--\r\n", 200},
		{UPLOAD("900") PART("csrf", "", "wrong") PART("f", "", ""), 403},
		{UPLOAD("900") PART("f", "; filename=\"x\"", "y") PART("csrf", "", TOKEN), 403},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_SCENE scene = {.owner = {.token = TOKEN}};
		begin(&scene);
		const char *answer = talk(&scene, rows[i].request);
		assert_int_equal(status_of(answer), rows[i].want_status);
		assert_int_equal(scene.owner.handled, rows[i].want_status == 200);
	}
}

static void a_file_before_the_token_is_not_kept(void **state)
{
	(void)state;
	AUTO_SCENE scene = {.owner = {.token = TOKEN}};
	static const char begun[] =
		UPLOAD("900") "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n";
	char much[CW_WEB_FORM_NAME_MAX * 3];
	begin(&scene);
	assert_int_equal(status_of(talk(&scene, begun)), 0);
	memset(much, 'x', sizeof much - 1);
	much[sizeof much - 1] = '\0';
	assert_int_equal(status_of(talk(&scene, much)), 403);
}

static void what_comes_from_another_site_is_seen(void **state)
{
	(void)state;
	static const struct {
		const char *fields;
		unsigned want_status;
	} rows[] = {
		{"Origin: https://n.acme.test\r\n", 200},
		{"Sec-Fetch-Site: same-origin\r\n", 200},
		{"Origin: https://n.acme.test\r\nSec-Fetch-Site: same-origin\r\n", 200},
		{"", 403},
		{"Origin: null\r\n", 403},
		{"Origin: http://n.acme.test\r\n", 403},
		{"Origin: https://n.acme.test:8443\r\n", 403},
		{"Origin: https://evil.test\r\n", 403},
		{"Origin: https://n.acme.test.evil.test\r\n", 403},
		{"Sec-Fetch-Site: cross-site\r\n", 403},
		{"Sec-Fetch-Site: same-site\r\n", 403},
		{"Sec-Fetch-Site: none\r\n", 403},
		{"Origin: https://n.acme.test\r\nSec-Fetch-Site: cross-site\r\n", 403},
		{"Origin: https://evil.test\r\nSec-Fetch-Site: same-origin\r\n", 403},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_SCENE scene = {.owner = {.same_origin = true}};
		AUTO_BUFFER request = {0};
		begin(&scene);
		cw_buffer_printf(&request, "PUT /bytes HTTP/1.1\r\n" HOST "%sContent-Length: 1\r\n\r\nx",
			rows[i].fields);
		assert_int_equal(status_of(talk(&scene, cw_buffer_string(&request))), rows[i].want_status);
	}
}

static void a_name_that_somebody_points_here_is_not_this_host(void **state)
{
	(void)state;
	static const struct {
		const char *host, *asked;
		unsigned want_status;
	} rows[] = {
		{"127.0.0.1:8443", "127.0.0.1:8443", 200},
		{"127.0.0.1:8443", "localhost:8443", 200},
		{"127.0.0.1:8443", "LocalHost:8443", 200},
		{"127.0.0.1:8443", "127.0.0.1", 421},
		{"127.0.0.1:8443", "localhost", 421},
		{"127.0.0.1:8443", "127.0.0.1:8444", 421},
		{"127.0.0.1:8443", "localhost:8444", 421},
		{"127.0.0.1:8443", "evil.test:8443", 421},
		{"127.0.0.1:8443", "localhost.evil.test:8443", 421},
		{"127.0.0.1", "127.0.0.1", 200},
		{"127.0.0.1", "localhost", 200},
		{"127.0.0.1", "localhost:80", 421},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_SCENE scene = {.owner = {.host = rows[i].host}};
		AUTO_BUFFER request = {0};
		begin(&scene);
		cw_buffer_printf(&request, "PUT /bytes HTTP/1.1\r\nHost: %s\r\nContent-Length: 1\r\n\r\nx",
			rows[i].asked);
		assert_int_equal(status_of(talk(&scene, cw_buffer_string(&request))), rows[i].want_status);
	}
}

static void every_answer_has_the_fields_of_safety(void **state)
{
	(void)state;
	static const char *const requests[] = {"GET / HTTP/1.1\r\n" HOST "\r\n",
		"GET /none HTTP/1.1\r\n" HOST "\r\n", "GET /style.css HTTP/1.1\r\n" HOST "\r\n",
		"garbage\r\n\r\n", "GET /events HTTP/1.1\r\n" HOST "\r\n"};
	static const char *const wants[] = {"Content-Security-Policy: default-src 'none'; script-src 'self'",
		"Strict-Transport-Security: max-age=", "X-Content-Type-Options: nosniff\r\n",
		"Referrer-Policy: no-referrer\r\n", "Cache-Control: no-store\r\n",
		"X-Frame-Options: DENY\r\n"};
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		AUTO_SCENE scene = {0};
		begin(&scene);
		const char *answer = talk(&scene, requests[i]);
		for (size_t k = 0; k < sizeof wants / sizeof *wants; k++)
			assert_non_null(strstr(answer, wants[k]));
	}
}

static void the_next_request_waits_until_this_one_is_answered(void **state)
{
	(void)state;
	AUTO_SCENE scene = {.owner = {.later = true}};
	const char *both = "GET / HTTP/1.1\r\n" HOST "\r\nGET /zone/x HTTP/1.1\r\n" HOST "\r\n";
	size_t one = strlen(both) / 2 - 3;
	begin(&scene);
	size_t used = cw_web_machine_take(scene.machine, both, strlen(both), 1000);
	assert_in_range(used, one - 4, one + 4);
	assert_int_equal(scene.owner.checks, 1);
	scene.owner.later = false;
	cw_web_exchange_allow(scene.owner.checked);
	cw_web_machine_take(scene.machine, both + used, strlen(both) - used, 1000);
	assert_int_equal(scene.owner.handled, 2);
	assert_int_equal(scene.owner.overs, 2);
}

static void who_is_slow_is_ended(void **state)
{
	(void)state;
	static const struct {
		const char *sent;
		uint64_t want_after;
		unsigned want_status; /* 0: dropped without a word */
	} rows[] = {
		{"", CW_WEB_MACHINE_HEAD_TIME, 0},
		{"G", CW_WEB_MACHINE_HEAD_TIME, 408},
		{"PUT /bytes HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhe", CW_WEB_MACHINE_BODY_TIME, 408},
		{"GET / HTTP/1.1\r\n" HOST "\r\n", CW_WEB_MACHINE_KEPT_TIME, 0},
		{"GET / HTTP/1.1\r\n" HOST "\r\nGET", CW_WEB_MACHINE_HEAD_TIME, 408},
		{"GET /never HTTP/1.1\r\n" HOST "\r\n", CW_WEB_MACHINE_OWNER_TIME, 504},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_SCENE scene = {0};
		begin(&scene);
		talk(&scene, rows[i].sent);
		struct cw_buffer *out = cw_web_machine_out(scene.machine);
		out->length = 0;
		assert_int_equal(cw_web_machine_deadline(scene.machine), 1000 + rows[i].want_after);
		assert_false(cw_web_machine_time(scene.machine, 1000 + rows[i].want_after - 1));
		assert_int_equal(out->length, 0);
		assert_int_equal(
			cw_web_machine_time(scene.machine, 1000 + rows[i].want_after), !rows[i].want_status);
		cw_buffer_char(out, '\0');
		assert_int_equal(status_of(out->data), rows[i].want_status);
	}
}

static void a_byte_now_and_then_does_not_keep_a_head_or_a_body_open(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		uint64_t step, want_end;
	} rows[] = {
		{"GET /", 1000, 1000 + CW_WEB_MACHINE_HEAD_TIME},
		{"PUT /bytes HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\n", 20000,
			1000 + CW_WEB_MACHINE_BODY_WHOLE},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_SCENE scene = {0};
		begin(&scene);
		talk(&scene, rows[i].head);
		uint64_t now = 1000;
		while (!cw_web_machine_is_over(scene.machine) && now < 1000000) {
			now += rows[i].step;
			if (now < cw_web_machine_deadline(scene.machine))
				cw_web_machine_take(scene.machine, "x", 1, now);
			else
				assert_false(cw_web_machine_time(scene.machine, now));
		}
		assert_in_range(now, rows[i].want_end, rows[i].want_end + rows[i].step);
	}
}

static void events_are_told_as_they_come(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	begin(&scene);
	const char *answer = talk(&scene, "GET /events HTTP/1.1\r\n" HOST "\r\n");
	assert_non_null(strstr(answer, "Content-Type: text/event-stream\r\n"));
	assert_non_null(strstr(answer, "Transfer-Encoding: chunked\r\n"));
	struct cw_buffer *out = cw_web_machine_out(scene.machine);
	out->length = 0;
	assert_true(cw_web_exchange_event(scene.owner.checked, "zone", "a\nb"));
	assert_string_equal(out->data, "1d\r\nevent: zone\ndata: a\ndata: b\n\n\r\n");
	out->length = 0;
	assert_false(cw_web_machine_time(scene.machine, 1000 + CW_WEB_MACHINE_COMMENT_TIME));
	assert_string_equal(out->data, "3\r\n:\n\n\r\n");
	size_t told = 0;
	while (cw_web_exchange_event(scene.owner.checked, "zone", "state") && told < 100000)
		told++;
	assert_in_range(told, 1000, 10000);
	assert_int_equal(scene.owner.overs, 0);
	cw_web_exchange_events_end(scene.owner.checked);
	assert_int_equal(scene.owner.overs, 1);
	assert_true(cw_web_machine_is_over(scene.machine));
}

static void an_answer_that_comes_late_gets_its_time_from_then_on(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	AUTO_WEB_ANSWER answer = {.type = "text/plain"};
	begin(&scene);
	talk(&scene, "GET /never HTTP/1.1\r\n" HOST "\r\n");
	cw_web_exchange_answer(scene.owner.checked, &answer);
	cw_web_machine_take(scene.machine, "", 0, 50000);
	assert_int_equal(cw_web_machine_deadline(scene.machine), 50000 + CW_WEB_MACHINE_KEPT_TIME);
}

static void on_body(void *context, struct cw_web_exchange *exchange)
{
	AUTO_WEB_ANSWER answer = {.status = 202};
	(void)context;
	cw_web_exchange_answer(exchange, &answer);
}

static void look_at_row(const struct test_row *row, void *context)
{
	static const struct cw_web_route corpus[] = {
		{CW_HTTP_METHOD_GET, "/", 0, CW_WEB_BODY_NONE, 0, on_body, NULL},
		{CW_HTTP_METHOD_POST, "/", 0, CW_WEB_BODY_BYTES, 1 << 20, on_body, NULL},
	};
	static const struct cw_web_site site = {.routes = corpus, .route_count = 2};
	const struct cw_web_machine_setup setup = {.site = &site};
	AUTO(cw_web_machine_free) struct cw_web_machine *machine = cw_web_machine_new(&setup);
	size_t *refused = context;
	cw_web_machine_take(machine, row->bytes.at, row->bytes.length, 0);
	struct cw_buffer *out = cw_web_machine_out(machine);
	cw_buffer_char(out, '\0');
	unsigned status = status_of(out->data);
	if (strcmp(row->want, "taken") == 0)
		return;
	for (enum cw_http_reason i = CW_HTTP_BAD_NOTHING + 1; i < CW_HTTP_REASON_COUNT; i++)
		if (strcmp(cw_http_reason_name(i), row->want) == 0 && i != CW_HTTP_BAD_CUT_SHORT) {
			if (status != (unsigned)cw_http_reason_status(i))
				print_message("%s: %u\n", row->name, status);
			assert_null(strstr(out->data, "HTTP/1.1 202"));
			*refused += status == (unsigned)cw_http_reason_status(i);
		}
}

static void requests_that_two_servers_read_in_two_ways_are_refused(void **state)
{
	(void)state;
	size_t refused = 0, rows = test_http_rows("tests/http/requests.txt", look_at_row, &refused);
	print_message("%zu rows, %zu refused\n", rows, refused);
	assert_true(refused > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_answered_by_their_route),
		cmocka_unit_test(nothing_of_a_body_is_read_before_the_check_said_yes),
		cmocka_unit_test(what_is_too_long_or_of_another_type_is_refused_before_the_check_is_asked),
		cmocka_unit_test(a_body_that_is_waited_for_is_asked_for_when_it_is_allowed),
		cmocka_unit_test(the_token_is_wanted_in_the_header_or_as_the_first_field),
		cmocka_unit_test(a_file_before_the_token_is_not_kept),
		cmocka_unit_test(what_comes_from_another_site_is_seen),
		cmocka_unit_test(a_name_that_somebody_points_here_is_not_this_host),
		cmocka_unit_test(every_answer_has_the_fields_of_safety),
		cmocka_unit_test(the_next_request_waits_until_this_one_is_answered),
		cmocka_unit_test(who_is_slow_is_ended),
		cmocka_unit_test(a_byte_now_and_then_does_not_keep_a_head_or_a_body_open),
		cmocka_unit_test(events_are_told_as_they_come),
		cmocka_unit_test(an_answer_that_comes_late_gets_its_time_from_then_on),
		cmocka_unit_test(requests_that_two_servers_read_in_two_ways_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
