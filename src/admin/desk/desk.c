#include "admin/desk/desk_parts.h"

#include "net/accept.h"
#include "net/loop_signal.h"

#include <arpa/inet.h>
#include <event2/util.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TICK_SECONDS 60

/* --- who may ask --- */

static void send_to_start(
	struct cw_desk *desk, struct cw_desk_visitor *visitor, struct cw_web_exchange *exchange)
{
	AUTO_WEB_ANSWER answer = {0};
	cw_desk_visitor_cookie(desk, visitor, &answer);
	cw_web_answer_redirect(&answer, "/");
	cw_web_exchange_answer(exchange, &answer);
}

/* Nobody yet: he begins with the first page, or logs in. */
static void check_stranger(struct cw_desk *desk, struct cw_web_exchange *exchange, bool reads)
{
	struct cw_desk_visitor *visitor;
	if (cw_web_exchange_route(exchange)->role == CW_DESK_OPEN) {
		if (reads || cw_web_exchange_is_same_origin(exchange))
			cw_web_exchange_allow(exchange);
		else
			cw_web_exchange_fault(exchange, 403, "not from a page of this desk");
	} else if (reads && desk->users) {
		AUTO_WEB_ANSWER answer = {0};
		cw_web_answer_redirect(&answer, "/login");
		cw_web_exchange_answer(exchange, &answer);
	} else if (reads && (visitor = cw_desk_visitor_add(desk, exchange, NULL))) {
		send_to_start(desk, visitor, exchange);
	} else {
		cw_web_exchange_fault(exchange, 403, "no session: begin at the first page");
	}
}

static void on_check(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk *desk = context;
	struct cw_desk_visitor *visitor = cw_desk_visitor(desk, exchange);
	bool reads = cw_web_exchange_reads(exchange);
	/* over TLS a browser asks for the name of this host's certificate itself */
	if (!desk->secure && !cw_web_exchange_is_own_host(exchange, desk->host)) {
		cw_web_exchange_fault(exchange, 421, "this desk has another name: look at what it printed");
		return;
	}
	if (!visitor) {
		check_stranger(desk, exchange, reads);
		return;
	}
	visitor->seen = time(NULL);
	if (visitor->session || *visitor->user)
		cw_web_exchange_known(exchange);
	if (!reads && !cw_web_exchange_is_same_origin(exchange)) {
		cw_web_exchange_fault(exchange, 403, "not from a page of this desk");
		return;
	}
	if (!reads && cw_web_exchange_route(exchange)->role != CW_DESK_OPEN)
		cw_web_exchange_want_token(exchange, visitor->secret);
	cw_web_exchange_allow(exchange);
}

static void on_over(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_waiter *waiter = cw_web_exchange_context(exchange);
	(void)context;
	if (waiter)
		waiter->left(waiter);
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
			cw_desk_visitor_drop(desk, each);
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

static void on_came(void *context, evutil_socket_t socket, const char *address, const char *note)
{
	struct cw_desk *desk = context;
	struct cw_error error;
	(void)!cw_web_server_take(desk->server, socket, address, note, &error);
}

static void desk_finish(struct cw_desk *desk)
{
	cw_web_server_free(desk->server);
	cw_desk_port_free(desk->port);
	cw_accept_free(desk->accept);
	while (desk->visitors)
		cw_desk_visitor_drop(desk, desk->visitors);
	cw_desk_users_free(desk->users);
	struct event *const events[] = {desk->tick, desk->interrupt, desk->terminate};
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (events[i])
			event_free(events[i]);
	if (desk->base)
		event_base_free(desk->base);
}

#define AUTO_DESK __attribute__((cleanup(desk_finish))) struct cw_desk

static bool open_plain(
	struct cw_desk *desk, const struct cw_desk_setup *setup, unsigned *ret_port, struct cw_error *error)
{
	const struct cw_accept_owner owner = {.accepted = on_accepted, .context = desk};
	struct sockaddr_in own;
	socklen_t length = sizeof own;
	if (!cw_accept_open(desk->base, (const struct sockaddr *)&setup->address, sizeof setup->address,
		    &owner, &desk->accept, error))
		return false;
	if (getsockname(cw_accept_socket(desk->accept), (struct sockaddr *)&own, &length) != 0)
		return cw_error_set(error, CW_E_NETWORK, "the desk's own address is not known");
	*ret_port = ntohs(own.sin_port);
	return true;
}

static bool open_secure(
	struct cw_desk *desk, const struct cw_desk_setup *setup, unsigned *ret_port, struct cw_error *error)
{
	const struct cw_desk_port_setup port = {.base = desk->base,
		.address = setup->address,
		.certificate = setup->certificate,
		.key = setup->key,
		.client_ca = setup->client_ca,
		.came = on_came,
		.context = desk};
	if ((setup->users && !cw_desk_users_open(desk->base, setup->users, &desk->users, error)) ||
		!cw_desk_port_open(&port, &desk->port, error))
		return false;
	*ret_port = cw_desk_port_number(desk->port);
	return true;
}

/* "0.0.0.0" is nothing to type into a browser. */
static void write_url(
	struct cw_desk *desk, const struct cw_desk_setup *setup, unsigned port, char *ret, size_t size)
{
	bool any = setup->address.sin_addr.s_addr == htonl(INADDR_ANY);
	char address[INET_ADDRSTRLEN] = "127.0.0.1";
	if (!any)
		inet_ntop(AF_INET, &setup->address.sin_addr, address, sizeof address);
	snprintf(desk->host, sizeof desk->host, "%s:%u", address, port);
	const char *others = any ? " and every other address of this machine" : "";
	snprintf(ret, size, "%s://%s/%s", desk->secure ? "https" : "http", desk->host, others);
}

static bool serve(struct cw_desk *desk, const struct cw_desk_setup *setup, struct cw_error *error)
{
	const struct cw_web_server_setup server = {.base = desk->base, .site = &desk->site};
	const struct cw_loop_signal interrupt = {SIGINT, true}, terminate = {SIGTERM, true};
	char url[160];
	unsigned port;
	cw_accept_raise_limit();
	if (!cw_web_server_new(&server, &desk->server, error) ||
		!(desk->secure ? open_secure : open_plain)(desk, setup, &port, error) ||
		!cw_loop_signal_add(desk->base, &interrupt, on_signal, desk, &desk->interrupt, error) ||
		!cw_loop_signal_add(desk->base, &terminate, on_signal, desk, &desk->terminate, error))
		return false;
	write_url(desk, setup, port, url, sizeof url);
	setup->ready(setup->context, url);
	event_base_dispatch(desk->base);
	return true;
}

/* Beyond this machine nobody is let in of whom it is not known who he is. */
static bool may_listen(const struct cw_desk_setup *setup, struct cw_error *error)
{
	bool here = ntohl(setup->address.sin_addr.s_addr) >> 24 == 127;
	bool asks = setup->users || setup->client_ca;
	if (!setup->certificate && (setup->key || asks))
		return cw_error_set(error, CW_E_USAGE,
			"--key, --users and --client-ca are for TLS: --certificate PEM is missing");
	if (!here && !setup->certificate)
		return cw_error_set(error, CW_E_USAGE,
			"beyond loopback (127.0.0.1) the desk wants TLS and to know who asks: --certificate PEM "
			"--key PEM, and --users FILE (passwords) or --client-ca PEM (client certificates)");
	if (!here && !asks)
		return cw_error_set(error, CW_E_USAGE,
			"beyond loopback (127.0.0.1) the desk wants to know who asks: --users FILE (passwords; "
			"causeway desk --users FILE --add-user NAME makes it) or --client-ca PEM (client "
			"certificates)");
	return true;
}

bool cw_desk(const struct cw_desk_setup *setup, struct cw_error *error)
{
	AUTO_DESK desk = {.base = event_base_new(), .secure = setup->certificate != NULL};
	const struct cw_web_file files[] = {{"/desk.css", "text/css; charset=utf-8", cw_desk_style},
		{"/desk.js", "text/javascript; charset=utf-8", cw_desk_script}};
	if (!may_listen(setup, error))
		return false;
	desk.tick = desk.base ? evtimer_new(desk.base, on_tick, &desk) : NULL;
	if (!desk.tick)
		return cw_error_memory(error);
	desk.site = (struct cw_web_site){.routes = cw_desk_routes,
		.route_count = cw_desk_route_count,
		.files = files,
		.file_count = sizeof files / sizeof *files,
		.secure = desk.secure,
		.check = on_check,
		.over = on_over,
		.context = &desk};
	on_tick(-1, 0, &desk);
	return serve(&desk, setup, error);
}
