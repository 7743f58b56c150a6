#include "admin/desk/desk_parts.h"

#include "net/accept.h"
#include "net/loop_signal.h"

#include <arpa/inet.h>
#include <event2/util.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COOKIE "causeway-desk"
#define TICK_SECONDS 60

/* --- visitors --- */

static void free_visitor(struct cw_desk_visitor *visitor)
{
	cw_desk_session_free(visitor->session);
	cw_buffer_finish(&visitor->said);
	cw_buffer_finish(&visitor->notice);
	OPENSSL_cleanse(visitor->token, sizeof visitor->token);
	free(visitor);
}

static void drop_visitor(struct cw_desk *desk, struct cw_desk_visitor *visitor)
{
	struct cw_desk_visitor **place = &desk->visitors;
	while (*place != visitor)
		place = &(*place)->next;
	*place = visitor->next;
	free_visitor(visitor);
}

static struct cw_desk_visitor *find_visitor(struct cw_desk *desk, struct cw_http_text token)
{
	struct cw_desk_visitor *found = NULL;
	for (struct cw_desk_visitor *each = desk->visitors; each; each = each->next)
		if (token.length == CW_DESK_TOKEN_SIZE - 1 &&
			CRYPTO_memcmp(token.at, each->token, token.length) == 0)
			found = each;
	return found;
}

/* Whoever has waited longest, of those with a session or of those without, and has no answer open, makes room: who
 * asks for many cookies ends nobody's session. */
static void make_room(struct cw_desk *desk, bool of_sessions, size_t most)
{
	struct cw_desk_visitor *oldest = NULL;
	size_t count = 0;
	for (struct cw_desk_visitor *each = desk->visitors; each; each = each->next) {
		if (!each->session == of_sessions)
			continue;
		count++;
		if (!each->jobs && (!oldest || each->seen <= oldest->seen))
			oldest = each;
	}
	if (count >= most && oldest)
		drop_visitor(desk, oldest);
}

static struct cw_desk_visitor *add_visitor(struct cw_desk *desk)
{
	make_room(desk, false, CW_DESK_VISITORS_MAX);
	struct cw_desk_visitor *visitor = calloc(1, sizeof *visitor);
	if (!visitor)
		return NULL;
	cw_random_hex(CW_DESK_TOKEN_BYTES, visitor->token);
	cw_random_hex(CW_DESK_TOKEN_BYTES, visitor->secret);
	visitor->seen = time(NULL);
	visitor->next = desk->visitors;
	desk->visitors = visitor;
	return visitor;
}

struct cw_desk_visitor *cw_desk_visitor(const struct cw_desk *desk, const struct cw_web_exchange *exchange)
{
	struct cw_http_text token;
	if (!cw_web_exchange_cookie(exchange, COOKIE, &token))
		return NULL;
	return find_visitor((struct cw_desk *)(uintptr_t)desk, token);
}

struct cw_desk_session *cw_desk_visitor_session(struct cw_desk *desk, struct cw_desk_visitor *visitor)
{
	struct cw_error error;
	if (visitor->session && cw_desk_session_is_over(visitor->session)) {
		cw_desk_session_free(visitor->session);
		visitor->session = NULL;
		visitor->imported = false;
		visitor->dropped = visitor->pasted = 0;
	}
	if (!visitor->session)
		make_room(desk, true, CW_DESK_SESSIONS_MAX);
	if (!visitor->session && !cw_desk_session_new(desk->base, &visitor->session, &error)) {
		cw_buffer_finish(&visitor->notice);
		cw_buffer_text(&visitor->notice, error.message);
	}
	return visitor->session;
}

/* --- who may ask --- */

static void send_to_start(struct cw_desk_visitor *visitor, struct cw_web_exchange *exchange)
{
	AUTO_WEB_ANSWER answer = {0};
	const struct cw_http_cookie cookie = {.name = cw_http_text(COOKIE),
		.value = cw_http_text(visitor->token),
		.path = cw_http_text("/"),
		.http_only = true,
		.same_site = CW_HTTP_SAME_SITE_STRICT};
	cw_web_answer_cookie(&answer, &cookie);
	cw_web_answer_redirect(&answer, "/");
	cw_web_exchange_answer(exchange, &answer);
}

static void on_check(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk *desk = context;
	struct cw_desk_visitor *visitor = cw_desk_visitor(desk, exchange);
	bool reads = cw_web_exchange_reads(exchange);
	if (!cw_web_exchange_is_own_host(exchange, desk->host)) {
		cw_web_exchange_fault(exchange, 421, "this desk has another name: look at what it printed");
		return;
	}
	if (!visitor && reads && (visitor = add_visitor(desk))) {
		send_to_start(visitor, exchange);
		return;
	}
	if (!visitor) {
		cw_web_exchange_fault(exchange, 403, "no session: begin at the first page");
		return;
	}
	visitor->seen = time(NULL);
	if (visitor->session)
		cw_web_exchange_known(exchange);
	if (!reads && !cw_web_exchange_is_same_origin(exchange)) {
		cw_web_exchange_fault(exchange, 403, "not from a page of this desk");
		return;
	}
	if (!reads)
		cw_web_exchange_want_token(exchange, visitor->secret);
	cw_web_exchange_allow(exchange);
}

static void on_over(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_job *job = cw_web_exchange_context(exchange);
	(void)context;
	if (job)
		cw_desk_job_leave(job);
}

/* --- begin and end --- */

static void on_tick(evutil_socket_t socket, short what, void *context)
{
	struct cw_desk *desk = context;
	static const struct timeval every = {TICK_SECONDS, 0};
	struct cw_desk_visitor *next;
	(void)socket;
	(void)what;
	for (struct cw_desk_visitor *each = desk->visitors; each; each = next) {
		next = each->next;
		if (!each->jobs && each->seen + CW_DESK_IDLE_SECONDS < time(NULL))
			drop_visitor(desk, each);
	}
	event_add(desk->tick, &every);
}

static void on_accepted(void *context, evutil_socket_t socket, const struct sockaddr *from, int length)
{
	struct cw_desk *desk = context;
	struct cw_error error;
	char text[INET_ADDRSTRLEN] = "";
	if (length >= (int)sizeof(struct sockaddr_in))
		inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)from)->sin_addr, text,
			sizeof text);
	(void)!cw_web_server_take(desk->server, socket, text, NULL, &error);
}

static void on_signal(evutil_socket_t number, short what, void *context)
{
	struct cw_desk *desk = context;
	(void)number;
	(void)what;
	event_base_loopbreak(desk->base);
}

static void desk_finish(struct cw_desk *desk)
{
	cw_web_server_free(desk->server);
	while (desk->visitors)
		drop_visitor(desk, desk->visitors);
	struct event *const events[] = {desk->tick, desk->interrupt, desk->terminate};
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (events[i])
			event_free(events[i]);
	if (desk->base)
		event_base_free(desk->base);
}

#define AUTO_DESK __attribute__((cleanup(desk_finish))) struct cw_desk

static bool name_host(struct cw_desk *desk, evutil_socket_t socket, struct cw_error *error)
{
	struct sockaddr_in own;
	socklen_t length = sizeof own;
	char text[INET_ADDRSTRLEN];
	if (getsockname(socket, (struct sockaddr *)&own, &length) != 0)
		return cw_error_set(error, CW_E_NETWORK, "the desk's own address is not known");
	snprintf(desk->host, sizeof desk->host, "%s:%u", inet_ntop(AF_INET, &own.sin_addr, text, sizeof text),
		(unsigned)ntohs(own.sin_port));
	return true;
}

static bool serve(struct cw_desk *desk, const struct cw_desk_setup *setup, struct cw_error *error)
{
	AUTO(cw_accept_free) struct cw_accept *accept = NULL;
	const struct cw_web_server_setup server = {.base = desk->base, .site = &desk->site};
	const struct cw_accept_owner owner = {.accepted = on_accepted, .context = desk};
	const struct cw_loop_signal interrupt = {SIGINT, true}, terminate = {SIGTERM, true};
	char url[96];
	cw_accept_raise_limit();
	if (!cw_web_server_new(&server, &desk->server, error) ||
		!cw_accept_open(desk->base, (const struct sockaddr *)&setup->address, sizeof setup->address,
			&owner, &accept, error) ||
		!name_host(desk, cw_accept_socket(accept), error) ||
		!cw_loop_signal_add(desk->base, &interrupt, on_signal, desk, &desk->interrupt, error) ||
		!cw_loop_signal_add(desk->base, &terminate, on_signal, desk, &desk->terminate, error))
		return false;
	snprintf(url, sizeof url, "http://%s/", desk->host);
	setup->ready(setup->context, url);
	event_base_dispatch(desk->base);
	return true;
}

bool cw_desk(const struct cw_desk_setup *setup, struct cw_error *error)
{
	AUTO_DESK desk = {.base = event_base_new()};
	const struct cw_web_file files[] = {{"/desk.css", "text/css; charset=utf-8", cw_desk_style},
		{"/desk.js", "text/javascript; charset=utf-8", cw_desk_script}};
	if (ntohl(setup->address.sin_addr.s_addr) >> 24 != 127)
		return cw_error_set(error, CW_E_USAGE, "the desk listens on loopback (127.0.0.1) alone");
	desk.tick = desk.base ? evtimer_new(desk.base, on_tick, &desk) : NULL;
	if (!desk.tick)
		return cw_error_memory(error);
	desk.site = (struct cw_web_site){.routes = cw_desk_routes,
		.route_count = cw_desk_route_count,
		.files = files,
		.file_count = sizeof files / sizeof *files,
		.check = on_check,
		.over = on_over,
		.context = &desk};
	on_tick(-1, 0, &desk);
	return serve(&desk, setup, error);
}
