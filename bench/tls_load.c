/*
 * Clients for bench/run_tls, and the backend behind each listener.
 *
 *     tls_load PORT CHAIN KEY TRUST 1.2|1.3 HANDSHAKES [FILE]
 *     tls_load backend                     prints its port; answers every connection's bytes with the same
 *
 * Mutual handshakes without resumption, a byte each way (or what FILE holds, and whatever is answered), some at a time
 * on one loop. Each server's chain is
 * judged. Prints how many came up, the processor seconds that this took here, and what was agreed on; exit
 * status 0 where every one came up.
 */
#include "base/file.h"
#include "net/connection.h"
#include "pki/bundle/bundle.h"
#include "trust/judge.h"

#include <arpa/inet.h>
#include <event2/listener.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define AT_ONCE 16

static struct event_base *base;
static struct sockaddr_in address = {.sin_family = AF_INET};
static struct {
	SSL_CTX *tls;
	struct cw_trust_list list;
	struct cw_cache *cache;
	struct cw_recent_certs *seen;
	long left, open, good;
	char agreed[100];
	struct cw_buffer words; /* of FILE */
} load;

static void connect_one(void);

static int judge(void *context, struct cw_cert *const *chain, size_t count)
{
	(void)context;
	struct cw_error error;
	AUTO_JUDGEMENT judgement = {0};
	const struct cw_judge_question question = {.chain = chain,
		.chain_count = count,
		.list = &load.list,
		.profile = CW_PROFILE_RFC5280,
		.purpose = CW_PURPOSE_SERVER,
		.at = cw_time_now(),
		.cache = load.cache};
	bool good = cw_judge(&question, &judgement, &error) && judgement.verdict == CW_VERDICT_PASS;
	return good ? CW_TLS_ACCEPT : SSL_AD_BAD_CERTIFICATE;
}

static void on_up(void *context, struct cw_connection *connection)
{
	(void)context;
	SSL *ssl = cw_connection_ssl(connection);
	if (!load.agreed[0])
		snprintf(load.agreed, sizeof load.agreed, "%s %s", SSL_get_cipher_name(ssl),
			SSL_group_to_name(ssl, (int)SSL_get_negotiated_group(ssl)));
	if (load.words.length)
		cw_connection_send(connection, load.words.data, load.words.length);
	else
		cw_connection_send(connection, "?", 1);
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	(void)context;
	load.good += load.words.length ? 1 : length == 1 && data[0] == '?';
	cw_connection_close(connection);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	(void)context;
	(void)connection;
	if (!report->handshake_done)
		fprintf(stderr, "tls_load: %s\n", report->reason);
	load.open--;
	connect_one();
	if (!load.open)
		event_base_loopbreak(base);
}

static void connect_one(void)
{
	struct cw_error error;
	struct cw_connection *ignored;
	const struct cw_connection_setup setup = {.base = base,
		.tls = load.tls,
		.judge = {.ask = judge, .seen = load.seen},
		.owner = {on_up, on_received, on_ended, NULL, NULL}};
	if (load.left <= 0)
		return;
	load.left--;
	const struct cw_connection_route route = {
		.to = (struct sockaddr *)&address, .length = sizeof address};
	if (cw_connection_open(&setup, &route, &ignored, &error))
		load.open++;
	else
		fprintf(stderr, "tls_load: %s\n", error.message);
}

static bool prepare(char **words, struct cw_error *error)
{
	struct cw_bundle chain = {0}, trust = {0};
	struct cw_pool *pool = cw_pool_new();
	EVP_PKEY *key;
	if (!pool || !cw_bundle_read(words[2], words[2], NULL, pool, &chain, error) ||
		!cw_key_read(words[3], NULL, &key, error) ||
		!cw_bundle_read(words[4], words[4], NULL, pool, &trust, error) ||
		!cw_trust_list_add_bundle(&load.list, &trust))
		return false;
	struct cw_cert *certs[8];
	size_t count = 0;
	for (; count < chain.count && count < sizeof certs / sizeof certs[0]; count++)
		certs[count] = chain.entries[count].cert;
	const struct cw_tls_setup setup = {.versions = strcmp(words[5], "1.2") == 0 ? CW_TLS_1_2 : CW_TLS_1_3,
		.security_level = 2,
		.chain = certs,
		.chain_count = count,
		.key = key,
		.asks = true};
	load.cache = cw_cache_new();
	load.seen = cw_recent_certs_new();
	return load.cache && load.seen && cw_tls_context(&setup, &load.tls, error);
}

static double processor_seconds(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int run_load(char **words)
{
	struct cw_error error = {0};
	long count = strtol(words[6], NULL, 10);
	bool read = !words[7] || cw_file_read(words[7], 65536, &load.words, &error);
	if (!read || !prepare(words, &error)) {
		fprintf(stderr, "tls_load: %s\n", error.message);
		return 2;
	}
	address.sin_port = htons((uint16_t)strtoul(words[1], NULL, 10));
	load.left = count;
	double begin = processor_seconds();
	for (int i = 0; i < AT_ONCE; i++)
		connect_one();
	if (load.open)
		event_base_dispatch(base);
	printf("%ld %.6f %s\n", load.good, processor_seconds() - begin, load.agreed);
	return load.good == count ? 0 : 1;
}

static void on_bytes(evutil_socket_t socket_, short what, void *context)
{
	struct event **event = context;
	char bytes[256];
	(void)what;
	ssize_t got = recv(socket_, bytes, sizeof bytes, 0);
	if (got > 0 && send(socket_, bytes, (size_t)got, MSG_NOSIGNAL) == got)
		return;
	event_free(*event);
	free(event);
	close(socket_);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t socket_, struct sockaddr *from,
	int length, void *context)
{
	(void)listener, (void)from, (void)length, (void)context;
	struct event **event = calloc(1, sizeof(struct event *));
	if (!event)
		abort();
	*event = event_new(base, socket_, EV_READ | EV_PERSIST, on_bytes, event);
	event_add(*event, NULL);
}

static int run_backend(void)
{
	socklen_t size = sizeof address;
	struct evconnlistener *listener = evconnlistener_new_bind(base, on_accept, NULL,
		LEV_OPT_CLOSE_ON_FREE, 512, (struct sockaddr *)&address, sizeof address);
	if (!listener || getsockname(evconnlistener_get_fd(listener), (struct sockaddr *)&address, &size) < 0)
		return 2;
	printf("%u\n", ntohs(address.sin_port));
	fflush(stdout);
	return event_base_dispatch(base);
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	base = event_base_new();
	if (argc == 2)
		return run_backend();
	return argc == 7 || argc == 8 ? run_load(argv) : 2;
}
