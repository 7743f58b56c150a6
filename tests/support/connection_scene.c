#include "support/connection_scene.h"

#include "support/certs.h"
#include "support/cmocka.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

struct test_scene scene;

const char test_flood[64 * 1024];

static int ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct test_end *end = context;
	assert_non_null(chain[0]);
	end->asked++;
	end->shown = count;
	return end->answer;
}

static void stop_where_all_is_over(void)
{
	if (scene.server.over && (scene.server_only || scene.client.over))
		event_base_loopbreak(scene.base);
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct test_end *end = context;
	end->up = true;
	const char *name = SSL_get_servername(cw_connection_ssl(connection), TLSEXT_NAMETYPE_host_name);
	if (end == &scene.server)
		snprintf(scene.heard, sizeof scene.heard, "%s", name ? name : "none");
	if (end == &scene.client)
		cw_connection_send(connection, "?", 1);
	if (end->fills)
		end->fills(end);
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct test_end *end = context;
	(void)data;
	end->bytes += length;
	if (end->closes_at) {
		if (end->bytes >= end->closes_at)
			cw_connection_close(connection);
		return;
	}
	if (end->refuses_words)
		cw_connection_refuse(connection, "that is no message");
	else if (end->talks_much)
		cw_connection_send(connection, test_flood, sizeof test_flood);
	else if (end == &scene.server)
		cw_connection_send(connection, "!", 1);
	else
		cw_connection_close(connection);
}

static void on_drained(void *context, struct cw_connection *connection)
{
	struct test_end *end = context;
	end->drained++;
	assert_true(cw_connection_pending(connection) <= CW_CONNECTION_OUTPUT_LOW);
	if (end->fills)
		end->fills(end);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct test_end *end = context;
	(void)connection;
	end->connection = NULL;
	end->over = true;
	end->report = *report;
	stop_where_all_is_over();
}

static struct cw_connection_setup setup_of(struct test_end *end, SSL_CTX *tls)
{
	return (struct cw_connection_setup){.base = scene.base,
		.tls = tls,
		.judge = {.ask = ask, .context = end},
		.limits = &scene.limits,
		.owner = {on_up, on_received, on_ended, on_drained, end}};
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t socket_, struct sockaddr *from,
	int length, void *context)
{
	(void)listener;
	(void)from;
	(void)length;
	(void)context;
	struct cw_error error;
	struct cw_connection_setup setup = setup_of(&scene.server, scene.server_tls);
	assert_true(cw_connection_accept(&setup, socket_, &scene.server.connection, &error));
}

static SSL_CTX *context_of(bool server, bool asks, const char *name, enum cw_tls_versions versions)
{
	struct cw_error error;
	SSL_CTX *ret;
	struct cw_cert *chain[] = {test_cert(name), test_cert("root")};
	struct cw_tls_setup setup = {.server = server,
		.versions = versions,
		.chain = chain,
		.chain_count = 2,
		.key = test_key(name),
		.asks = asks};
	assert_true(cw_tls_context(&setup, &ret, &error));
	return ret;
}

void test_scene_open(enum cw_tls_versions versions, bool server_asks)
{
	memset(&scene, 0, sizeof scene);
	scene.limits = cw_limits_default;
	scene.base = event_base_new();
	scene.server_tls = context_of(true, server_asks, "server", versions);
	scene.client_tls = context_of(false, true, "client", versions);
	scene.server.answer = scene.client.answer = CW_TLS_ACCEPT;
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	scene.listener = evconnlistener_new_bind(scene.base, on_accept, NULL,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, -1, (struct sockaddr *)&any, sizeof any);
	assert_non_null(scene.listener);
	socklen_t size = sizeof scene.address;
	assert_int_equal(
		getsockname(evconnlistener_get_fd(scene.listener), (struct sockaddr *)&scene.address, &size),
		0);
}

void test_scene_close(void)
{
	evconnlistener_free(scene.listener);
	event_base_free(scene.base);
	SSL_CTX_free(scene.server_tls);
	SSL_CTX_free(scene.client_tls);
}

static void connect_client(void)
{
	struct cw_error error;
	struct cw_connection_setup setup = setup_of(&scene.client, scene.client_tls);
	scene.client = (struct test_end){.answer = scene.client.answer,
		.refuses_words = scene.client.refuses_words,
		.closes_at = scene.client.closes_at,
		.fills = scene.client.fills};
	scene.server = (struct test_end){.answer = scene.server.answer,
		.refuses_words = scene.server.refuses_words,
		.closes_at = scene.server.closes_at,
		.fills = scene.server.fills};
	const struct cw_connection_route route = {NULL, (struct sockaddr *)&scene.address,
		sizeof scene.address, scene.name ? scene.name : "e1.acme.test"};
	assert_true(cw_connection_open(&setup, &route, &scene.client.connection, &error));
}

void test_scene_play(void)
{
	connect_client();
	assert_int_equal(event_base_dispatch(scene.base), 0);
	assert_true(scene.server.over && scene.client.over);
}

int test_scene_make_certs(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	test_make_certs("root ca; server by=root eku=server,client san=DNS:e1.acme.test; "
			"client by=root eku=server,client san=DNS:c1.acme.test");
	return 0;
}
