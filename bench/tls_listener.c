/*
 * What bench/run_tls puts beside haproxy, nginx, hitch and stunnel: a door with the judge inside the
 * handshake, and a connection to a backend for each visitor.
 *
 *     tls_listener PORT BACKEND-PORT CHAIN KEY TRUST
 */
#include "check/question.h"
#include "net/listener.h"
#include "pki/bundle/bundle.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

struct relay {
	struct cw_listener_peer *visitor;
	evutil_socket_t socket;
	struct event *event;
};

static struct event_base *base;
static struct sockaddr_in backend = {.sin_family = AF_INET};

static bool judge(void *context, const struct cw_listener_question *asked, struct cw_judgement *ret,
	struct cw_error *error)
{
	(void)context;
	const struct cw_judge_question question = {.chain = asked->chain,
		.chain_count = asked->chain_count,
		.list = asked->list,
		.profile = CW_PROFILE_EXPRESSWAY,
		.purpose = asked->own ? CW_PURPOSE_ANY : CW_PURPOSE_CLIENT,
		.at = cw_time_now(),
		.cache = asked->cache};
	return cw_question_ask_alone(CW_ALONE_CLIENT, &question, ret, error);
}

static void relay_free(struct relay *relay)
{
	event_free(relay->event);
	close(relay->socket);
	free(relay);
}

static void on_backend(evutil_socket_t socket_, short what, void *context)
{
	struct relay *relay = context;
	char bytes[4096];
	(void)what;
	ssize_t got = recv(socket_, bytes, sizeof bytes, 0);
	if (got > 0)
		cw_connection_send(cw_listener_peer_connection(relay->visitor), bytes, (size_t)got);
	else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		event_del(relay->event);
		cw_connection_close(cw_listener_peer_connection(relay->visitor));
	}
}

static void on_came(void *context, struct cw_listener_peer *visitor)
{
	(void)context;
	struct relay *relay = calloc(1, sizeof *relay);
	if (!relay)
		return;
	relay->visitor = visitor;
	relay->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (connect(relay->socket, (struct sockaddr *)&backend, sizeof backend) < 0 && errno != EINPROGRESS)
		perror("backend");
	relay->event = event_new(base, relay->socket, EV_READ | EV_PERSIST, on_backend, relay);
	event_add(relay->event, NULL);
	cw_listener_peer_set_context(visitor, relay);
}

static void on_said(void *context, struct cw_listener_peer *visitor, const char *data, size_t length)
{
	(void)context;
	struct relay *relay = cw_listener_peer_context(visitor);
	if (relay && send(relay->socket, data, length, MSG_NOSIGNAL) < 0)
		cw_connection_close(cw_listener_peer_connection(visitor));
}

static void on_left(
	void *context, struct cw_listener_peer *visitor, const struct cw_connection_report *report)
{
	(void)context;
	struct relay *relay = cw_listener_peer_context(visitor);
	if (!report->handshake_done)
		fprintf(stderr, "tls_listener: %s\n", report->reason);
	if (relay)
		relay_free(relay);
}

int main(int argc, char **argv)
{
	struct cw_error error;
	struct cw_bundle identity = {0}, trust = {0};
	struct cw_trust_list list = {0};
	struct cw_pool *pool = cw_pool_new();
	struct cw_listener *door;
	EVP_PKEY *key;
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	signal(SIGPIPE, SIG_IGN);
	if (argc != 6 || !pool || !cw_bundle_read(argv[3], argv[3], NULL, pool, &identity, &error) ||
		!cw_key_read(argv[4], NULL, &key, &error) ||
		!cw_bundle_read(argv[5], argv[5], NULL, pool, &trust, &error) ||
		!cw_trust_list_add_bundle(&list, &trust))
		return 2;
	base = event_base_new();
	here.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
	backend.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	backend.sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10));
	struct cw_listener_setup setup = {.base = base,
		.address = (struct sockaddr *)&here,
		.length = sizeof here,
		.leaf = identity.entries[0].cert,
		.key = key,
		.list = &list,
		.profile = CW_PROFILE_EXPRESSWAY,
		.asks = true,
		.security_level = 2,
		.owner = {on_came, on_said, on_left, NULL, NULL, NULL, judge, NULL}};
	if (!cw_listener_open(&setup, &door, &error)) {
		fprintf(stderr, "tls_listener: %s\n", error.message);
		return 2;
	}
	event_base_dispatch(base);
	return 0;
}
