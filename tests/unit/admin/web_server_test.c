#include "admin/web/web_server.h"

#include "support/cmocka.h"

#include <event2/util.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SLOW_KEPT 256
#define REQUEST "GET / HTTP/1.1\r\nHost: n.acme.test\r\n\r\n"

static void on_page(void *context, struct cw_web_exchange *exchange)
{
	AUTO_WEB_ANSWER answer = {.type = "text/plain"};
	(void)context;
	cw_buffer_printf(
		&answer.body, "%s %s", cw_web_exchange_address(exchange), cw_web_exchange_note(exchange));
	cw_web_exchange_answer(exchange, &answer);
}

static void on_large(void *context, struct cw_web_exchange *exchange)
{
	AUTO_WEB_ANSWER answer = {.type = "text/plain"};
	(void)context;
	for (size_t i = 0; i < 100000; i++)
		cw_buffer_text(&answer.body, "0123456789abcdef");
	cw_web_exchange_answer(exchange, &answer);
}

static void on_held(void *context, struct cw_web_exchange *exchange)
{
	*(struct cw_web_exchange **)context = exchange;
}

static void on_known(void *context, struct cw_web_exchange *exchange)
{
	cw_web_exchange_known(exchange);
	on_page(context, exchange);
}

static const struct cw_web_route routes[] = {
	{CW_HTTP_METHOD_GET, "/known", 0, CW_WEB_BODY_NONE, 0, on_known, NULL},
	{CW_HTTP_METHOD_GET, "/", 0, CW_WEB_BODY_NONE, 0, on_page, NULL},
	{CW_HTTP_METHOD_GET, "/large", 0, CW_WEB_BODY_NONE, 0, on_large, NULL},
	{CW_HTTP_METHOD_GET, "/held", 0, CW_WEB_BODY_NONE, 0, on_held, NULL},
};

struct scene {
	struct event_base *base;
	struct cw_web_exchange *held;
	struct cw_web_site site;
	struct cw_web_server *server;
};

static void begin(struct scene *scene, size_t connections_max, size_t per_address_max)
{
	struct cw_error error;
	scene->base = event_base_new();
	scene->site = (struct cw_web_site){
		.routes = routes, .route_count = sizeof routes / sizeof *routes, .context = &scene->held};
	const struct cw_web_server_setup setup = {.base = scene->base,
		.site = &scene->site,
		.connections_max = connections_max,
		.per_address_max = per_address_max};
	assert_true(cw_web_server_new(&setup, &scene->server, &error));
}

static void finish(struct scene *scene)
{
	cw_web_server_free(scene->server);
	event_base_free(scene->base);
}

#define AUTO_SCENE __attribute__((cleanup(finish))) struct scene

static int connect_from(struct scene *scene, const char *address)
{
	int ends[2];
	struct cw_error error;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	(void)!cw_web_server_take(scene->server, ends[1], address, "note", &error);
	return ends[0];
}

static void turn(struct scene *scene)
{
	for (int i = 0; i < 8; i++)
		event_base_loop(scene->base, EVLOOP_NONBLOCK);
}

/* What came until the end, or until nothing more comes. */
static size_t hear(struct scene *scene, int socket, char *ret, size_t size, bool *ret_ended)
{
	size_t length = 0;
	*ret_ended = false;
	for (;;) {
		turn(scene);
		ssize_t got = recv(socket, ret + length, size - 1 - length, MSG_DONTWAIT);
		*ret_ended = got == 0;
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	ret[length] = '\0';
	return length;
}

static void requests_over_a_socket_are_answered(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	char heard[4000];
	bool ended;
	begin(&scene, 0, 0);
	int socket = connect_from(&scene, "192.0.2.7");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(send(socket, REQUEST, strlen(REQUEST), 0), strlen(REQUEST));
		hear(&scene, socket, heard, sizeof heard, &ended);
		assert_non_null(strstr(heard, "\r\n\r\n192.0.2.7 note"));
		assert_false(ended);
	}
	assert_int_equal(send(socket, "bad\r\n\r\n", 7, 0), 7);
	hear(&scene, socket, heard, sizeof heard, &ended);
	assert_non_null(strstr(heard, "HTTP/1.1 400 "));
	assert_true(ended);
	close(socket);
	turn(&scene);
	assert_int_equal(cw_web_server_count(scene.server), 0);
}

static void a_large_answer_comes_whole_and_two_requests_are_answered_in_order(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	static const char two[] = "GET /large HTTP/1.1\r\nHost: n\r\n\r\n" REQUEST;
	AUTO(free) char *heard = malloc(2000000);
	bool ended;
	begin(&scene, 0, 0);
	int socket = connect_from(&scene, "192.0.2.7");
	assert_int_equal(send(socket, two, sizeof two - 1, 0), sizeof two - 1);
	size_t length = hear(&scene, socket, heard, 2000000, &ended);
	assert_true(length > 1600000);
	assert_non_null(strstr(heard + 1600000, "192.0.2.7 note"));
	close(socket);
}

static void who_waits_longest_makes_room_and_who_is_answered_does_not(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	int sockets[6];
	char heard[4000];
	bool ended;
	begin(&scene, 4, 3);
	for (size_t i = 0; i < 4; i++)
		sockets[i] = connect_from(&scene, i < 2 ? "192.0.2.1" : "192.0.2.2");
	assert_true(send(sockets[0], "GET /held HTTP/1.1\r\nHost: n\r\n\r\n", 31, 0) == 31);
	turn(&scene);
	assert_non_null(scene.held);
	sockets[4] = connect_from(&scene, "192.0.2.3");
	hear(&scene, sockets[1], heard, sizeof heard, &ended);
	assert_true(ended); /* 0 is older, and is being answered */
	assert_int_equal(cw_web_server_count(scene.server), 4);
	sockets[5] = connect_from(&scene, "192.0.2.3");
	hear(&scene, sockets[2], heard, sizeof heard, &ended);
	assert_true(ended);
	assert_int_equal(send(sockets[5], REQUEST, strlen(REQUEST), 0), strlen(REQUEST));
	hear(&scene, sockets[5], heard, sizeof heard, &ended);
	assert_non_null(strstr(heard, "200 OK"));
	for (size_t i = 0; i < 6; i++)
		close(sockets[i]);
	turn(&scene);
}

static void who_is_known_stays_while_others_can_make_room(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	int sockets[5];
	char heard[4000];
	bool ended;
	begin(&scene, 3, 0);
	for (size_t i = 0; i < 2; i++) { /* the oldest */
		sockets[i] = connect_from(&scene, "192.0.2.1");
		assert_int_equal(send(sockets[i], "GET /known HTTP/1.1\r\nHost: n\r\n\r\n", 32, 0), 32);
		hear(&scene, sockets[i], heard, sizeof heard, &ended);
		assert_non_null(strstr(heard, "200 OK"));
	}
	for (size_t i = 2; i < 5; i++)
		sockets[i] = connect_from(&scene, "192.0.2.2");
	for (size_t i = 0; i < 5; i++) {
		hear(&scene, sockets[i], heard, sizeof heard, &ended);
		assert_int_equal(ended, i == 2 || i == 3);
	}
	/* where all are known, the oldest goes */
	assert_int_equal(send(sockets[4], "GET /known HTTP/1.1\r\nHost: n\r\n\r\n", 32, 0), 32);
	hear(&scene, sockets[4], heard, sizeof heard, &ended);
	int newest = connect_from(&scene, "192.0.2.3");
	hear(&scene, sockets[0], heard, sizeof heard, &ended);
	assert_true(ended);
	close(newest);
	for (size_t i = 0; i < 5; i++)
		close(sockets[i]);
}

static void one_address_takes_the_places_of_its_own(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	int other, sockets[5];
	char heard[4000];
	bool ended;
	begin(&scene, 100, 3);
	other = connect_from(&scene, "192.0.2.9");
	for (size_t i = 0; i < 5; i++)
		sockets[i] = connect_from(&scene, "192.0.2.1");
	assert_int_equal(cw_web_server_count(scene.server), 4);
	hear(&scene, other, heard, sizeof heard, &ended);
	assert_false(ended);
	close(other);
	for (size_t i = 0; i < 5; i++)
		close(sockets[i]);
}

static void one_client_is_served_among_a_thousand_slow_ones(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	int slow[1000], socket;
	char heard[4000];
	bool ended;
	begin(&scene, SLOW_KEPT, 0);
	for (size_t i = 0; i < 1000; i++) {
		char address[32];
		snprintf(address, sizeof address, "198.51.100.%zu", i % 250);
		slow[i] = connect_from(&scene, address);
		assert_true(slow[i] >= 0);
		(void)!send(slow[i], "GET /", 5, MSG_NOSIGNAL);
		turn(&scene);
		if (cw_web_server_count(scene.server) < i + 1) { /* the descriptors of those that made room */
			close(slow[i - SLOW_KEPT]);
			slow[i - SLOW_KEPT] = -1;
		}
	}
	assert_int_equal(cw_web_server_count(scene.server), SLOW_KEPT);
	socket = connect_from(&scene, "192.0.2.7");
	assert_int_equal(send(socket, REQUEST, strlen(REQUEST), 0), strlen(REQUEST));
	hear(&scene, socket, heard, sizeof heard, &ended);
	assert_non_null(strstr(heard, "200 OK"));
	close(socket);
	for (size_t i = 0; i < 1000; i++)
		if (slow[i] >= 0)
			close(slow[i]);
}

static void an_answer_after_its_client_went_is_nobodys(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	AUTO_WEB_ANSWER answer = {.type = "text/plain"};
	begin(&scene, 0, 0);
	int socket = connect_from(&scene, "192.0.2.7");
	assert_true(send(socket, "GET /held HTTP/1.1\r\nHost: n\r\n\r\n", 31, 0) == 31);
	turn(&scene);
	close(socket);
	turn(&scene);
	cw_web_exchange_answer(scene.held, &answer);
	turn(&scene);
	assert_int_equal(cw_web_server_count(scene.server), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_over_a_socket_are_answered),
		cmocka_unit_test(a_large_answer_comes_whole_and_two_requests_are_answered_in_order),
		cmocka_unit_test(who_waits_longest_makes_room_and_who_is_answered_does_not),
		cmocka_unit_test(who_is_known_stays_while_others_can_make_room),
		cmocka_unit_test(one_address_takes_the_places_of_its_own),
		cmocka_unit_test(one_client_is_served_among_a_thousand_slow_ones),
		cmocka_unit_test(an_answer_after_its_client_went_is_nobodys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
