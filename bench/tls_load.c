/*
 * Clients for bench/run_tls: mutual handshakes without resumption, a byte each way, as fast as they go.
 *
 *     tls_load PORT CHAIN KEY CA 1.2|1.3 HANDSHAKES        exit status 0 where every one of them came up
 *     tls_load backend                                     prints its port; answers every connection's bytes
 */
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS 4

static SSL_CTX *context;
static struct sockaddr_in address = {.sin_family = AF_INET};
static atomic_long left, good;

static bool shake_hands(void)
{
	char byte = '?';
	int raw = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	SSL *ssl = SSL_new(context);
	bool up = connect(raw, (struct sockaddr *)&address, sizeof address) == 0 && SSL_set_fd(ssl, raw) &&
		SSL_connect(ssl) == 1 && SSL_write(ssl, &byte, 1) == 1 && SSL_read(ssl, &byte, 1) == 1;
	SSL_shutdown(ssl);
	SSL_free(ssl);
	close(raw);
	return up;
}

static void *work(void *nothing)
{
	while (atomic_fetch_sub(&left, 1) > 0)
		if (shake_hands())
			atomic_fetch_add(&good, 1);
	return nothing;
}

static int load(char **words)
{
	pthread_t threads[THREADS];
	long count = strtol(words[6], NULL, 10);
	int version = strcmp(words[5], "1.2") == 0 ? TLS1_2_VERSION : TLS1_3_VERSION;
	context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_min_proto_version(context, version);
	SSL_CTX_set_max_proto_version(context, version);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
	if (SSL_CTX_use_certificate_chain_file(context, words[2]) != 1 ||
		SSL_CTX_use_PrivateKey_file(context, words[3], SSL_FILETYPE_PEM) != 1 ||
		SSL_CTX_load_verify_locations(context, words[4], NULL) != 1)
		return 2;
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	address.sin_port = htons((uint16_t)strtoul(words[1], NULL, 10));
	atomic_store(&left, count);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("%ld\n", atomic_load(&good));
	return atomic_load(&good) == count ? 0 : 1;
}

static void *serve_one(void *argument)
{
	int raw = (int)(intptr_t)argument;
	char bytes[256];
	ssize_t got;
	while ((got = recv(raw, bytes, sizeof bytes, 0)) > 0)
		if (send(raw, bytes, (size_t)got, MSG_NOSIGNAL) < 0)
			break;
	close(raw);
	return NULL;
}

static int serve(void)
{
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof address;
	if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 512) < 0 ||
		getsockname(listener, (struct sockaddr *)&address, &size) < 0)
		return 2;
	printf("%u\n", ntohs(address.sin_port));
	fflush(stdout);
	for (;;) {
		pthread_t thread;
		int raw = accept(listener, NULL, NULL);
		if (raw < 0)
			return 2;
		if (pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)raw) == 0)
			pthread_detach(thread);
	}
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (argc == 2)
		return serve();
	return argc == 7 ? load(argv) : 2;
}
