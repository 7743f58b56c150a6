#include "admin/web/web_server.h"

#include "admin/web/web_machine.h"
#include "net/send_out.h"

#include <errno.h>
#include <event2/util.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define PIECE_SIZE ((size_t)16384)
#define ADDRESS_SIZE 64
#define WRITE_TIME_S 30

struct web_connection {
	struct cw_web_server *server;
	evutil_socket_t socket;
	struct event *reads, *writes, *timer, *again;
	struct cw_web_machine *machine;
	struct cw_buffer in; /* at most PIECE_SIZE, what the machine did not take yet */
	bool is_shut, in_ended;
	char address[ADDRESS_SIZE];
	struct web_connection *before, *after; /* from the oldest to the newest */
};

struct cw_web_server {
	struct cw_web_server_setup setup;
	struct web_connection *first, *last;
	size_t count;
};

static uint64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

bool cw_web_server_new(
	const struct cw_web_server_setup *setup, struct cw_web_server **ret, struct cw_error *error)
{
	struct cw_web_server *server = calloc(1, sizeof *server);
	if (!server)
		return cw_error_memory(error);
	server->setup = *setup;
	if (!server->setup.connections_max)
		server->setup.connections_max = CW_WEB_SERVER_CONNECTIONS;
	if (!server->setup.per_address_max)
		server->setup.per_address_max = CW_WEB_SERVER_PER_ADDRESS;
	*ret = server;
	return true;
}

static void free_event(struct event *event)
{
	if (event)
		event_free(event);
}

static void drop(struct web_connection *connection)
{
	struct cw_web_server *server = connection->server;
	if (connection->before)
		connection->before->after = connection->after;
	else if (server->first == connection)
		server->first = connection->after;
	if (connection->after)
		connection->after->before = connection->before;
	else if (server->last == connection)
		server->last = connection->before;
	server->count--;
	free_event(connection->reads);
	free_event(connection->writes);
	free_event(connection->timer);
	struct event *again = TAKE(connection->again);
	cw_web_machine_free(connection->machine);
	free_event(again);
	evutil_closesocket(connection->socket);
	cw_buffer_finish(&connection->in);
	free(connection);
}

void cw_web_server_free(struct cw_web_server *server)
{
	if (!server)
		return;
	while (server->first)
		drop(server->first);
	free(server);
}

size_t cw_web_server_count(const struct cw_web_server *server)
{
	return server->count;
}

/* --- one connection --- */

/* Sends what is there. False: the connection is broken. */
static bool send_out(struct web_connection *connection)
{
	static const struct timeval patience = {WRITE_TIME_S, 0};
	struct cw_buffer *out = cw_web_machine_out(connection->machine);
	if (!cw_send_out(connection->socket, out))
		return false;
	if (out->length)
		return event_pending(connection->writes, EV_WRITE, NULL) ||
			event_add(connection->writes, &patience) == 0;
	if (out->failed)
		return false;
	event_del(connection->writes);
	if (cw_web_machine_is_over(connection->machine) && !connection->is_shut) {
		connection->is_shut = true;
		shutdown(connection->socket, SHUT_WR);
	}
	return true;
}

static bool set_timer(struct web_connection *connection)
{
	uint64_t now = now_ms(), deadline = cw_web_machine_deadline(connection->machine), wait = 0;
	if (deadline > now)
		wait = deadline - now;
	const struct timeval time = {(time_t)(wait / 1000), (suseconds_t)(wait % 1000) * 1000};
	return event_add(connection->timer, &time) == 0;
}

/* Hands on what waits, sends what came of it, and waits for what is wanted next. The connection may be gone after it. */
static void pump(struct web_connection *connection)
{
	struct cw_buffer *in = &connection->in;
	size_t used = cw_web_machine_take(connection->machine, cw_buffer_string(in), in->length, now_ms());
	if (used) {
		in->length -= used;
		memmove(in->data, in->data + used, in->length);
	}
	if (connection->in_ended && !in->length)
		cw_web_machine_close(connection->machine);
	bool over = cw_web_machine_is_over(connection->machine);
	bool good = !in->failed && send_out(connection) && set_timer(connection);
	if (!good || (over && connection->in_ended && !cw_web_machine_out(connection->machine)->length)) {
		drop(connection);
		return;
	}
	/* A client that asks and does not read gets no further answers made. */
	bool reads = !connection->in_ended && in->length < PIECE_SIZE &&
		(over ||
			(cw_web_machine_wants(connection->machine) &&
				!cw_web_machine_out(connection->machine)->length));
	if (reads ? event_add(connection->reads, NULL) < 0 : event_del(connection->reads) < 0)
		drop(connection);
}

static void on_reads(evutil_socket_t socket, short what, void *context)
{
	struct web_connection *connection = context;
	char piece[PIECE_SIZE];
	(void)what;
	ssize_t got = recv(socket, piece, PIECE_SIZE - connection->in.length, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got < 0) {
		drop(connection);
		return;
	}
	if (!got)
		connection->in_ended = true;
	cw_buffer_append(&connection->in, piece, (size_t)got);
	explicit_bzero(piece, (size_t)got);
	pump(connection);
}

static void on_writes(evutil_socket_t socket, short what, void *context)
{
	struct web_connection *connection = context;
	(void)socket;
	if (what & EV_TIMEOUT)
		drop(connection);
	else
		pump(connection);
}

static void on_timer(evutil_socket_t socket, short what, void *context)
{
	struct web_connection *connection = context;
	(void)socket;
	(void)what;
	if (cw_web_machine_time(connection->machine, now_ms()))
		drop(connection);
	else
		pump(connection);
}

static void on_again(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	pump(context);
}

/* The owner answered: not here and now, it may be inside the machine. */
static void on_wake(void *context)
{
	struct web_connection *connection = context;
	if (connection->again)
		event_active(connection->again, EV_TIMEOUT, 0);
}

/* --- all of them --- */

/* Of those that wait for their client: of nobody known, before somebody known. */
static struct web_connection *oldest(struct cw_web_server *server, const char *address)
{
	struct web_connection *known = NULL;
	for (struct web_connection *each = server->first; each; each = each->after) {
		if ((address && strcmp(each->address, address) != 0) ||
			!cw_web_machine_is_waiting(each->machine))
			continue;
		if (!cw_web_machine_is_known(each->machine))
			return each;
		if (!known)
			known = each;
	}
	return known;
}

static size_t count_from(const struct cw_web_server *server, const char *address)
{
	size_t count = 0;
	for (const struct web_connection *each = server->first; each; each = each->after)
		count += strcmp(each->address, address) == 0;
	return count;
}

/* False: everybody is being answered. */
static bool make_room(struct cw_web_server *server, const char *address)
{
	struct web_connection *goes = NULL;
	bool many = *address && count_from(server, address) >= server->setup.per_address_max;
	if (many)
		goes = oldest(server, address);
	else if (server->count >= server->setup.connections_max)
		goes = oldest(server, NULL);
	else
		return true;
	if (goes)
		drop(goes);
	return goes != NULL;
}

static bool begin(struct web_connection *connection, const char *note)
{
	struct event_base *base = connection->server->setup.base;
	evutil_socket_t socket = connection->socket;
	const struct cw_web_machine_setup setup = {.site = connection->server->setup.site,
		.address = connection->address,
		.note = note,
		.now = now_ms(),
		.wake = on_wake,
		.context = connection};
	connection->machine = cw_web_machine_new(&setup);
	connection->reads = event_new(base, socket, EV_READ | EV_PERSIST, on_reads, connection);
	connection->writes = event_new(base, socket, EV_WRITE, on_writes, connection);
	connection->timer = evtimer_new(base, on_timer, connection);
	connection->again = evtimer_new(base, on_again, connection);
	connection->in.secret = true;
	return connection->machine && connection->reads && connection->writes && connection->timer &&
		connection->again && event_add(connection->reads, NULL) == 0 && set_timer(connection);
}

bool cw_web_server_take(struct cw_web_server *server, evutil_socket_t socket, const char *address,
	const char *note, struct cw_error *error)
{
	const char *from = address ? address : "";
	struct web_connection *connection;
	if (!make_room(server, from)) {
		evutil_closesocket(socket);
		return cw_error_set(
			error, CW_E_LIMIT, "%s: as many connections as are served are being answered", from);
	}
	connection = calloc(1, sizeof *connection);
	if (!connection) {
		evutil_closesocket(socket);
		return cw_error_memory(error);
	}
	evutil_make_socket_nonblocking(socket);
	connection->server = server;
	connection->socket = socket;
	strncpy(connection->address, from, sizeof connection->address - 1);
	connection->before = server->last;
	if (server->last)
		server->last->after = connection;
	else
		server->first = connection;
	server->last = connection;
	server->count++;
	if (begin(connection, note))
		return true;
	drop(connection);
	return cw_error_memory(error);
}
