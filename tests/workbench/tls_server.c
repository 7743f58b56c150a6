#include "tls_server.h"

#include "front_door.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define REQUEST_MAX 8192

static pid_t server;
char tls_server_address[32];

/* Reads one request; false: the client went before it had sent one. */
static bool read_request(SSL *connection, char request[REQUEST_MAX])
{
	size_t length = 0;
	while (length < REQUEST_MAX - 1) {
		int got = SSL_read(connection, request + length, (int)(REQUEST_MAX - 1 - length));
		if (got <= 0)
			return false;
		length += (size_t)got;
		request[length] = '\0';
		if (strstr(request, "\r\n\r\n"))
			return true;
	}
	return false;
}

static void answer(int peer, SSL_CTX *context, const struct tls_server_page *page)
{
	char request[REQUEST_MAX];
	SSL *connection = SSL_new(context);
	SSL_set_fd(connection, peer);
	if (SSL_accept(connection) == 1)
		while (read_request(connection, request)) {
			bool found = page && strstr(request, page->path);
			AUTO(free) char *body = found ? door_read(page->file) : NULL;
			AUTO_BUFFER all = {0};
			cw_buffer_printf(&all,
				"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
				found ? "200 OK" : "404 Not Found", found ? strlen(body) : 0,
				found ? body : "");
			if (SSL_write(connection, all.data, (int)all.length) <= 0)
				break;
		}
	SSL_free(connection);
}

/* A process for each connection: a client may have several at once. */
static void serve(int listener, SSL_CTX *context, const struct tls_server_page *page)
{
	signal(SIGPIPE, SIG_IGN); /* a client that was killed */
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int peer = accept(listener, NULL, NULL);
		if (peer < 0)
			continue;
		if (fork() == 0) {
			answer(peer, context, page);
			_exit(0);
		}
		close(peer);
	}
}

void tls_server_start(const char *chain_path, const char *key_path, const struct tls_server_page *page)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(listener, 16), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	snprintf(tls_server_address, sizeof tls_server_address, "127.0.0.1:%u", ntohs(address.sin_port));
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	assert_int_equal(SSL_CTX_use_certificate_chain_file(context, chain_path), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey_file(context, key_path, SSL_FILETYPE_PEM), 1);
	server = fork();
	if (server == 0)
		serve(listener, context, page);
	SSL_CTX_free(context);
	close(listener);
}

void tls_server_stop(void)
{
	if (server <= 0) /* never started: 0 would be this process's own group */
		return;
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
}
