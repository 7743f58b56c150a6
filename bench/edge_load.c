/*
 * People who sign in, for bench/run_edge and tests/node/edge_test.py: many at a time, each with a TLS connection of its own
 * and a handful of requests over it.
 *
 *     edge_load sign-ins HOST ADDRESS COUNT AT-ONCE RATE PATH...
 *     edge_load storm    HOST ADDRESS OTHER-ADDRESS COUNT PID[,PID...] PATH...
 *
 * Port 8443 of each address. In a PATH stands %u for the user; one that begins with "+" is asked with user name and
 * password. The first answer has the cookie.
 *
 * sign-ins  COUNT of them, as many AT-ONCE as that, or RATE a second (0: as fast as may be). Prints good, failed, seconds,
 *           and the milliseconds of one: median, 99th of a hundred, most. With a rate the time runs from when it was due.
 * storm     COUNT sign in at ADDRESS and stay; then the processes are killed. Each comes back as soon as it knows, to
 *           OTHER-ADDRESS, signs in anew, and tries again a second or two later where that fails. Prints how many were up
 *           before and in how many seconds, how many came back, after how many the last one did, the tries that failed, and the
 *           seconds after which half of them were back.
 */
#include "crowd.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PATHS_MAX 8
#define PORT 8443
#define STAY_MS 20000 /* an idle one says something before it is cut */
#define COOKIE_SIZE 1024

struct client {
	struct cw_connection *connection;
	struct event *timer;
	struct cw_buffer in;
	size_t number, step;
	double due;
	char cookie[COOKIE_SIZE];
	bool busy; /* it signs in, or tries to */
};

static struct crowd crowd;

static struct {
	const char *host, *paths[PATHS_MAX];
	size_t path_count;
	struct client *clients;
	size_t count, next, done, good, failed, at_once;
	unsigned round; /* so that nobody's name comes twice */
	double *took, rate, begun, last;
	bool storm, killed;
} load;

static const struct cw_limits limits = {
	.connect = 20000, .handshake = 20000, .first_byte = 40000, .idle = 40000, .drain = 1000};

static void begin(struct client *client);
static void finished(struct client *client, bool good);

static void wait_for(struct client *client, double seconds)
{
	crowd_after(client->timer, seconds);
}

/* --- one request --- */

static void put_user(const struct client *client, struct cw_buffer *ret)
{
	cw_buffer_printf(ret, "u%ux%zu", load.round, client->number);
}

static void put_path(const struct client *client, const char *path, struct cw_buffer *ret)
{
	for (; *path; path++)
		if (path[0] == '%' && path[1] == 'u') {
			put_user(client, ret);
			path++;
		} else {
			cw_buffer_char(ret, *path);
		}
}

static void put_password(const struct client *client, struct cw_buffer *ret)
{
	AUTO_BUFFER words = {0};
	unsigned char text[200];
	put_user(client, &words);
	cw_buffer_text(&words, ":secret");
	if (words.length * 2 < sizeof text) {
		EVP_EncodeBlock(text, (const unsigned char *)words.data, (int)words.length);
		cw_buffer_printf(ret, "Authorization: Basic %s\r\n", (const char *)text);
	}
}

static void ask(struct client *client)
{
	AUTO_BUFFER request = {0};
	const char *path = load.paths[client->step];
	cw_buffer_text(&request, "GET /");
	put_path(client, path + (*path == '+'), &request);
	cw_buffer_printf(&request, " HTTP/1.1\r\nHost: %s\r\nUser-Agent: Jabber-Win-844\r\n", load.host);
	if (*client->cookie)
		cw_buffer_printf(&request, "Cookie: %s\r\n", client->cookie);
	if (*path == '+')
		put_password(client, &request);
	cw_buffer_text(&request, "\r\n");
	client->in.length = 0;
	(void)cw_connection_send(client->connection, request.data, request.length);
}

/* The length of a whole answer; 0: more is to come, or it is none. */
static size_t whole(const struct cw_buffer *in)
{
	static const char field[] = "\r\nContent-Length: ";
	const char *end = memmem(in->data, in->length, "\r\n\r\n", 4);
	if (!end)
		return 0;
	size_t head = (size_t)(end - in->data) + 4;
	const char *length = memmem(in->data, head, field, sizeof field - 1);
	size_t all = head + (length ? strtoul(length + sizeof field - 1, NULL, 10) : 0);
	return in->length >= all ? all : 0;
}

static void take_cookie(struct client *client)
{
	static const char field[] = "\r\nSet-Cookie: ";
	const char *at = memmem(client->in.data, client->in.length, field, sizeof field - 1);
	if (!at)
		return;
	at += sizeof field - 1;
	snprintf(client->cookie, sizeof client->cookie, "%.*s", (int)strcspn(at, ";\r"), at);
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	static const char good[] = "HTTP/1.1 200 ";
	struct client *client = context;
	cw_buffer_append(&client->in, data, length);
	if (!whole(&client->in))
		return;
	cw_connection_touch(connection);
	if (strncmp(client->in.data, good, sizeof good - 1) != 0) {
		cw_connection_refuse(connection, "another answer than 200");
		return;
	}
	if (!client->busy)
		return; /* a word to stay */
	take_cookie(client);
	if (++client->step < load.path_count)
		ask(client);
	else
		finished(client, true);
}

static void on_up(void *context, struct cw_connection *connection)
{
	(void)connection;
	ask(context);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct client *client = context;
	(void)connection;
	client->connection = NULL;
	if (client->busy && getenv("EDGE_LOAD_SAYS"))
		fprintf(stderr, "edge_load: step %zu: %s: %.60s\n", client->step, report->reason,
			client->in.length ? client->in.data : "");
	if (client->busy)
		finished(client, false);
	else if (load.storm)
		begin(client); /* what it had is gone */
}

/* --- one client --- */

static void begin(struct client *client)
{
	struct cw_error error;
	const struct sockaddr_in from = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(0x7f4d0001U + (unsigned)(client->number / 200 % 250 << 8) +
			(unsigned)(client->number % 200))};
	const struct cw_connection_setup setup = {.base = crowd.base,
		.tls = crowd.tls,
		.judge = {.ask = crowd_accept, .seen = crowd.seen},
		.limits = &limits,
		.owner = {on_up, on_received, on_ended, NULL, client}};
	const struct cw_connection_route route = {.from = (const struct sockaddr *)&from,
		.to = (const struct sockaddr *)&crowd.at,
		.length = sizeof crowd.at,
		.server_name = load.host};
	client->step = 0;
	client->busy = true;
	*client->cookie = 0;
	if (!cw_connection_open(&setup, &route, &client->connection, &error)) {
		client->connection = NULL;
		if (getenv("EDGE_LOAD_SAYS"))
			fprintf(stderr, "edge_load: %s\n", error.message);
		finished(client, false);
	}
}

static void begin_next(void)
{
	if (load.next == load.count)
		return;
	struct client *client = &load.clients[load.next++];
	client->due = crowd_now();
	begin(client);
}

static void finished_sign_in(struct client *client, bool good)
{
	if (good) {
		load.took[load.good++] = crowd_now() - client->due;
		cw_connection_close(client->connection);
	} else {
		load.failed++;
	}
	load.last = crowd_now();
	if (load.rate == 0)
		begin_next();
	if (++load.done == load.count)
		event_base_loopexit(crowd.base, NULL);
}

static void finished_storm(struct client *client, bool good)
{
	if (!good) {
		load.failed += load.killed;
		wait_for(client, 1 + (double)(client->number % 100) / 100);
		return;
	}
	load.last = crowd_now();
	load.took[load.good++] = load.last - load.begun;
	wait_for(client, STAY_MS / 1000.0);
	if (!load.killed)
		begin_next();
	if (load.good == load.count)
		event_base_loopexit(crowd.base, NULL);
}

static void finished(struct client *client, bool good)
{
	client->busy = false;
	if (load.storm)
		finished_storm(client, good);
	else
		finished_sign_in(client, good);
}

static void on_timer(evutil_socket_t none, short what, void *context)
{
	struct client *client = context;
	(void)none, (void)what;
	if (!load.storm || !client->connection) {
		begin(client);
	} else if (!client->busy) {
		client->step = load.path_count > 1;
		ask(client);
		wait_for(client, STAY_MS / 1000.0);
	}
}

/* --- the whole --- */

static int by_size(const void *a, const void *b)
{
	double first = *(const double *)a, second = *(const double *)b;
	return (first > second) - (first < second);
}

static double part_of(double part)
{
	return load.good ? load.took[(size_t)(part * (double)(load.good - 1))] * 1000 : 0;
}

static void print_sign_ins(void)
{
	qsort(load.took, load.good, sizeof load.took[0], by_size);
	printf("%zu %zu %.3f %.1f %.1f %.1f\n", load.good, load.failed, load.last - load.begun, part_of(0.5),
		part_of(0.99), part_of(1));
}

static void run_sign_ins(char **words)
{
	load.at_once = strtoul(words[1], NULL, 10);
	load.rate = strtod(words[2], NULL);
	load.begun = crowd_now();
	for (size_t i = 0; load.rate == 0 && i < load.at_once; i++)
		begin_next();
	for (size_t i = 0; load.rate > 0 && i < load.count; i++) {
		load.clients[i].due = load.begun + (double)i / load.rate;
		wait_for(&load.clients[i], (double)i / load.rate);
	}
	event_base_dispatch(crowd.base);
	print_sign_ins();
}

static void run_storm(const char *other, char *pids)
{
	load.storm = true;
	load.begun = crowd_now();
	for (size_t i = 0; i < 32; i++)
		begin_next();
	event_base_dispatch(crowd.base);
	size_t before = load.good;
	double took_before = load.last - load.begun;
	load.good = 0;
	load.killed = true;
	load.begun = crowd_now();
	load.round++;
	if (!crowd_set_address(&crowd, other, PORT))
		return;
	crowd_kill(pids);
	event_base_dispatch(crowd.base);
	printf("%zu %.1f %zu %.1f %zu %.1f\n", before, took_before, load.good, load.last - load.begun,
		load.failed, load.took[load.good / 2]);
}

static bool prepare(size_t count)
{
	load.count = count;
	load.round = (unsigned)time(NULL) % 1000000;
	load.clients = calloc(count, sizeof load.clients[0]);
	load.took = calloc(count, sizeof load.took[0]);
	if (!crowd_begin(&crowd) || !load.clients || !load.took)
		return false;
	for (size_t i = 0; i < count; i++) {
		load.clients[i].number = i;
		load.clients[i].timer = evtimer_new(crowd.base, on_timer, &load.clients[i]);
	}
	return true;
}

int main(int argc, char **argv)
{
	const int fixed = 7;
	signal(SIGPIPE, SIG_IGN);
	if (argc <= fixed || argc > fixed + PATHS_MAX || !crowd_set_address(&crowd, argv[3], PORT))
		return 2;
	bool storm = strcmp(argv[1], "storm") == 0;
	load.host = argv[2];
	for (int i = fixed; i < argc; i++)
		load.paths[load.path_count++] = argv[i];
	if (!prepare(strtoul(argv[storm ? 5 : 4], NULL, 10)))
		return 2;
	if (storm)
		run_storm(argv[4], argv[6]);
	else
		run_sign_ins(argv + 4);
	return 0;
}
