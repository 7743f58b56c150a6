#include "crl_server.h"

#include "base/file.h"
#include "front_door.h"
#include "issue/issue.h"
#include "pki/bundle/bundle.h"
#include "pki/bundle/pem_write.h"
#include "pki/key.h"

#include <arpa/inet.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t server;
static unsigned port;

static void send_all(int peer, const char *data, size_t length)
{
	while (length) {
		ssize_t sent = send(peer, data, length, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		data += sent;
		length -= (size_t)sent;
	}
}

/* /FILE is a file of the working folder; /endless never ends, /https and /around redirect, /slow says
 * nothing. */
static void answer(int peer, const char *path)
{
	AUTO_BUFFER head = {0}, body = {0};
	struct cw_error error;
	if (strcmp(path, "endless") == 0) {
		static char chunk[65536];
		cw_buffer_text(&head, "HTTP/1.0 200 OK\r\n\r\n");
		send_all(peer, head.data, head.length);
		for (int i = 0; i < 64; i++)
			send_all(peer, chunk, sizeof chunk);
		return;
	}
	if (strcmp(path, "slow") == 0) {
		char byte;
		while (recv(peer, &byte, 1, 0) > 0)
			;
		return;
	}
	if (strcmp(path, "https") == 0)
		cw_buffer_printf(
			&head, "HTTP/1.0 302 Found\r\nLocation: https://127.0.0.1:%u/good.crl\r\n\r\n", port);
	else if (strcmp(path, "file") == 0)
		cw_buffer_text(&head, "HTTP/1.0 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n");
	else if (strcmp(path, "around") == 0)
		cw_buffer_printf(
			&head, "HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:%u/around\r\n\r\n", port);
	else if (!cw_file_read(path, 1 << 20, &body, &error))
		cw_buffer_text(&head, "HTTP/1.0 404 Not Found\r\n\r\n");
	else
		cw_buffer_printf(&head, "HTTP/1.0 200 OK\r\nContent-Length: %zu\r\n\r\n", body.length);
	send_all(peer, head.data, head.length);
	send_all(peer, cw_buffer_string(&body), body.length);
}

static void serve(int listener)
{
	for (;;) {
		char request[2048];
		int peer = accept(listener, NULL, NULL);
		if (peer < 0)
			continue;
		ssize_t got = recv(peer, request, sizeof request - 1, 0);
		request[got > 0 ? got : 0] = '\0';
		char *path = strchr(request, '/');
		if (path) {
			path[1 + strcspn(path + 1, " \r\n")] = '\0';
			answer(peer, path + 1);
		}
		close(peer);
	}
}

void crl_server_start(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(listener, 16), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	port = ntohs(address.sin_port);
	server = fork();
	if (server == 0)
		serve(listener);
	close(listener);
}

struct ca {
	EVP_PKEY *key;
	struct cw_pool *pool;
	struct cw_bundle bundle;
};

static void ca_finish(struct ca *ca)
{
	EVP_PKEY_free(ca->key);
	cw_bundle_finish(&ca->bundle);
	cw_pool_free(ca->pool);
}

static void ca_read(struct ca *ca, const char *lab, const char *name)
{
	AUTO_BUFFER cert = {0}, key = {0};
	struct cw_error error;
	ca->pool = cw_pool_new();
	cw_buffer_printf(&cert, "%s/ca/%s/ca.pem", lab, name);
	cw_buffer_printf(&key, "%s/ca/%s/privkey.pem", lab, name);
	if (!cw_bundle_read(cw_buffer_string(&cert), "ca", NULL, ca->pool, &ca->bundle, &error) ||
		!cw_key_read(cw_buffer_string(&key), NULL, &ca->key, &error))
		fail_msg("%s", error.message);
}

void crl_server_write(const struct crl_server_list *list)
{
	__attribute__((cleanup(ca_finish))) struct ca ca = {0};
	AUTO_BUFFER der = {0}, text = {0};
	struct cw_error error;
	const struct cw_issue_crl_spec spec = {
		.this_update = list->from, .next_update = list->until, .number = 1};
	ca_read(&ca, list->lab, list->ca);
	assert_true(cw_issue_crl_der(&spec, cw_cert_x509(ca.bundle.entries[0].cert), ca.key, &der, &error));
	assert_true(cw_pem_write_block(&text, "X509 CRL", der.data, der.length, &error));
	assert_true(list->pem ? cw_file_write(list->path, text.data, text.length, 0644, &error)
			      : cw_file_write(list->path, der.data, der.length, 0644, &error));
}

void crl_server_name(const char *lab, const char *const *paths)
{
	__attribute__((cleanup(ca_finish))) struct ca ca = {0};
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	AUTO_BUFFER urls = {0}, pem = {0}, key_path = {0}, cert_path = {0};
	struct cw_error error;
	for (size_t i = 0; paths[i]; i++)
		if (strstr(paths[i], "://"))
			cw_buffer_printf(&urls, "%s%s", i ? ", " : "", paths[i]);
		else
			cw_buffer_printf(&urls, "%shttp://127.0.0.1:%u/%s", i ? ", " : "", port, paths[i]);
	const struct cw_issue_spec spec = {.subject = "CN=e1.acme.test",
		.sans = "DNS:e1.acme.test, DNS:acme.test",
		.not_before = TEST_AT - CW_DAY,
		.not_after = TEST_AT + 100 * CW_DAY,
		.eku = "server, client",
		.crl_urls = cw_buffer_string(&urls)};
	cw_buffer_printf(&key_path, "%s/e1/privkey.pem", lab);
	cw_buffer_printf(&cert_path, "%s/e1/server.pem", lab);
	ca_read(&ca, lab, "public-issuing");
	if (!cw_key_read(cw_buffer_string(&key_path), NULL, &key, &error) ||
		!cw_issue(&spec, key, ca.bundle.entries[0].cert, ca.key, &cert, &error) ||
		!cw_pem_write_cert(&pem, cert, &error))
		fail_msg("%s", error.message);
	door_write(cw_buffer_string(&cert_path), cw_buffer_string(&pem));
}

void crl_server_stop(void)
{
	if (server <= 0) /* never started: 0 would be this process's own group */
		return;
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
}
