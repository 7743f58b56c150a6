/**
 * Any bytes to an end of a TLS connection of ours, over a pair of sockets, on a loop of its own: it ends, once, with a
 * reason, in time, and is not up by bytes that were changed on their way.
 *
 * Input: a byte of choices (bit 0: our end is the client; bit 1: the peer is OpenSSL and what it sends is changed; bits 2
 * and 3: the versions), then what the peer sends, or threes that say what is changed: how many bytes further on, and
 * which bits.
 */
#include "net/connection.h"
#include "support/certs.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define TURNS_MAX 200 /* of the loop; a handshake takes about ten */
#define LIMIT_SECONDS 5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct event_base *base;
static SSL_CTX *contexts[2][3];	 /* of our ends: server or client, by enum cw_tls_versions */
static SSL_CTX *strangers[2][3]; /* of the peers */

/* Our end, and what became of it. */
struct end {
	struct cw_connection *connection;
	size_t asked, over;
	bool up;
};

static int ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct end *end = context;
	if (!count || !chain[0])
		abort();
	end->asked++;
	return CW_TLS_ACCEPT;
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct end *end = context;
	(void)connection;
	if (!end->asked)
		abort(); /* nobody was asked about the peer */
	end->up = true;
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct end *end = context;
	if (!end->up || !length || !data)
		abort();
	cw_connection_send(connection, data, length);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct end *end = context;
	(void)connection;
	if (!*report->reason || report->handshake_done != end->up)
		abort();
	end->connection = NULL;
	end->over++;
}

static SSL_CTX *context_of(bool server, enum cw_tls_versions versions)
{
	struct cw_error error;
	SSL_CTX *ret;
	struct cw_cert *chain[] = {test_cert(server ? "server" : "client"), test_cert("root")};
	const struct cw_tls_setup setup = {.server = server,
		.versions = versions,
		.chain = chain,
		.chain_count = 2,
		.key = test_key(server ? "server" : "client"),
		.asks = true};
	if (!cw_tls_context(&setup, &ret, &error))
		abort();
	return ret;
}

static void make_once(void)
{
	if (base)
		return;
	signal(SIGPIPE, SIG_IGN);
	test_make_certs("root ca; server by=root eku=server,client san=DNS:e1.acme.test; "
			"client by=root eku=server,client san=DNS:c1.acme.test");
	base = event_base_new();
	for (int client = 0; client < 2; client++)
		for (int versions = 0; versions < 3; versions++) {
			contexts[client][versions] = context_of(!client, (enum cw_tls_versions)versions);
			strangers[client][versions] = context_of(client, (enum cw_tls_versions)versions);
			SSL_CTX_set_verify(strangers[client][versions], SSL_VERIFY_NONE, NULL);
		}
}

static void on_late(evutil_socket_t socket_, short what, void *context)
{
	(void)socket_;
	(void)what;
	(void)context;
	abort(); /* it stands still */
}

/* What OpenSSL sends, changed here and there. */
struct stranger {
	SSL *ssl;
	int socket;
	const uint8_t *changes;
	size_t left;  /* of the changes */
	size_t ahead; /* bytes until the next one */
	bool moved;   /* in this turn */
};

static void change(struct stranger *stranger, uint8_t *bytes, size_t length)
{
	size_t at = 0;
	while (stranger->left >= 3 && length - at > stranger->ahead) {
		at += stranger->ahead;
		bytes[at] ^= stranger->changes[2];
		stranger->changes += 3;
		stranger->left -= 3;
		stranger->ahead =
			stranger->left >= 3 ? (size_t)stranger->changes[0] << 8 | stranger->changes[1] : 0;
	}
	stranger->ahead -= length - at < stranger->ahead ? length - at : stranger->ahead;
}

static void turn(struct stranger *stranger)
{
	uint8_t bytes[4096];
	ssize_t got;
	int length;
	stranger->moved = false;
	while ((got = recv(stranger->socket, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
		BIO_write(SSL_get_rbio(stranger->ssl), bytes, (int)got);
		stranger->moved = true;
	}
	SSL_do_handshake(stranger->ssl);
	(void)SSL_read(stranger->ssl, bytes, sizeof bytes);
	while ((length = BIO_read(SSL_get_wbio(stranger->ssl), bytes, sizeof bytes)) > 0) {
		change(stranger, bytes, (size_t)length);
		if (send(stranger->socket, bytes, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			break;
		stranger->moved = true;
	}
	ERR_clear_error();
}

static void play_stranger(struct end *end, bool peer_is_client, SSL_CTX *context, struct stranger *stranger)
{
	stranger->ssl = SSL_new(context);
	SSL_set_bio(stranger->ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	if (peer_is_client)
		SSL_set_connect_state(stranger->ssl);
	else
		SSL_set_accept_state(stranger->ssl);
	if (stranger->left >= 3)
		stranger->ahead = (size_t)stranger->changes[0] << 8 | stranger->changes[1];
	for (int i = 0, still = 0; i < TURNS_MAX && still < 3 && !end->over; i++) {
		turn(stranger);
		event_base_loop(base, EVLOOP_NONBLOCK);
		still = stranger->moved ? 0 : still + 1;
	}
	SSL_free(stranger->ssl);
}

static void play_bytes(int socket, const uint8_t *data, size_t size)
{
	while (size) {
		ssize_t sent = send(socket, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent <= 0)
			return; /* full, or ended: our end does not read on */
		data += sent;
		size -= (size_t)sent;
		event_base_loop(base, EVLOOP_NONBLOCK);
	}
}

static bool begin(struct end *end, bool client, SSL_CTX *tls, int socket)
{
	struct cw_error error;
	const struct cw_connection_setup setup = {.base = base,
		.tls = tls,
		.judge = {.ask = ask, .context = end},
		.owner = {on_up, on_received, on_ended, NULL, end}};
	return client ? cw_connection_begin(&setup, socket, "e1.acme.test", &end->connection, &error)
		      : cw_connection_accept(&setup, socket, &end->connection, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	make_once();
	int ends[2];
	struct end end = {0};
	struct stranger stranger = {0};
	const struct timeval limit = {LIMIT_SECONDS, 0};
	if (!size || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
		return 0;
	bool client = data[0] & 1, changed = data[0] & 2;
	size_t versions = (data[0] >> 2 & 3) % 3;
	if (!begin(&end, client, contexts[client][versions], ends[0]))
		abort();
	struct event *late = evtimer_new(base, on_late, NULL);
	event_add(late, &limit);
	if (changed) {
		stranger.socket = ends[1];
		stranger.changes = data + 1;
		stranger.left = size - 1;
		play_stranger(&end, !client, strangers[client][versions], &stranger);
	} else {
		play_bytes(ends[1], data + 1, size - 1);
	}
	close(ends[1]);
	while (!end.over)
		event_base_loop(base, EVLOOP_ONCE);
	event_free(late);
	if (end.over != 1 || (!changed && end.up) || ERR_peek_error())
		abort();
	return 0;
}
