/*
 * One end of a SIP conversation over TCP, for other programs to talk to:
 *
 *     sip_peer serve             prints its port, takes one connection, and ends with 0 once an OPTIONS with the digest of
 *                                traversal/secret was answered with 200
 *     sip_peer register PORT     registers 1001/secret in the realm acme.test there, sends a ping and takes the registration
 *                                away again; 0 where each was answered with 200
 */
#include "sip/sip_admit.h"
#include "sip/sip_auth_client.h"
#include "sip/sip_auth_server.h"
#include "sip/sip_frame.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ACME "sip:acme.test"

struct peer {
	int socket;
	struct cw_sip_frame frame;
	unsigned sequence;
};

static void die(const char *what)
{
	fprintf(stderr, "sip_peer: %s\n", what);
	exit(1);
}

static void send_all(const struct peer *peer, const struct cw_buffer *out)
{
	for (size_t at = 0; at < out->length;) {
		ssize_t sent = send(peer->socket, out->data + at, out->length - at, MSG_NOSIGNAL);
		if (sent <= 0)
			die("the other side closed");
		at += (size_t)sent;
	}
}

/* The next thing, with the message where it is one. NULL at the end of the stream. */
static struct cw_sip_message *receive(struct peer *peer, enum cw_sip_frame_kind *kind)
{
	struct cw_sip_frame_piece piece;
	struct cw_sip_message *message = NULL;
	struct cw_error error;
	char bytes[4096];
	while ((*kind = cw_sip_frame_next(&peer->frame, &piece)) == CW_SIP_FRAME_MORE) {
		ssize_t length = recv(peer->socket, bytes, sizeof bytes, 0);
		if (length <= 0)
			return NULL;
		if (!cw_sip_frame_feed(&peer->frame, bytes, (size_t)length, &error))
			die(error.message);
	}
	if (*kind == CW_SIP_FRAME_BROKEN)
		die(piece.reason);
	if (*kind != CW_SIP_FRAME_MESSAGE)
		return NULL;
	if (!cw_sip_message_parse(piece.data, piece.length, piece.head, &message, &error))
		die(error.message);
	if (message->refusal.status)
		die(message->refusal.reason);
	return message;
}

static void finish_message(struct cw_sip_writer *writer, struct peer *peer)
{
	struct cw_error error;
	if (!cw_sip_writer_end(writer, NULL, (struct cw_sip_text){0}, &error))
		die(error.message);
	send_all(peer, writer->out);
}

static bool answer(struct peer *peer, struct cw_sip_auth_server *auth, const struct cw_sip_message *request)
{
	AUTO_BUFFER out = {0};
	struct cw_sip_writer writer = {.out = &out};
	struct cw_sip_digest digest;
	struct cw_error error;
	bool fits = false;
	enum cw_sip_auth_server_state state = cw_sip_auth_server_read(auth, request, 0, &digest);
	if (state == CW_SIP_AUTH_SERVER_READ &&
		!cw_sip_auth_server_judge(auth, request, &digest, "secret", &fits, &error))
		die(error.message);
	unsigned status = fits ? 200 : 403;
	if (state == CW_SIP_AUTH_SERVER_NONE)
		status = 401;
	cw_sip_writer_answer(&writer, request, status, NULL, "t1");
	if (status == 401 && !cw_sip_auth_server_challenge(auth, &writer, false, 0, &error))
		die(error.message);
	finish_message(&writer, peer);
	return fits;
}

static int serve(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	struct cw_sip_auth_server auth = {.realm = "traversal (cluster 1)", .algorithm = CW_SIP_DIGEST_MD5};
	struct peer peer = {0};
	enum cw_sip_frame_kind kind;
	bool good = false;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
		listen(listener, 1) != 0 || getsockname(listener, (struct sockaddr *)&address, &length) != 0)
		die("no port on loopback");
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	peer.socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	do {
		AUTO(cw_sip_message_free) struct cw_sip_message *request = receive(&peer, &kind);
		if (request)
			good |= answer(&peer, &auth, request);
	} while (kind != CW_SIP_FRAME_MORE);
	cw_sip_frame_finish(&peer.frame);
	return good ? 0 : 1;
}

static void ask(struct peer *peer, struct cw_sip_auth_client *client, unsigned expires)
{
	AUTO_BUFFER out = {0};
	struct cw_sip_writer writer = {.out = &out};
	struct cw_error error;
	peer->sequence++;
	cw_sip_writer_request(&writer, "REGISTER", ACME);
	cw_sip_writer_field(
		&writer, CW_SIP_VIA, "SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK%u;rport", peer->sequence);
	cw_sip_writer_field(&writer, CW_SIP_MAX_FORWARDS, "70");
	cw_sip_writer_field(&writer, CW_SIP_FROM, "<sip:1001@acme.test>;tag=1");
	cw_sip_writer_field(&writer, CW_SIP_TO, "<sip:1001@acme.test>");
	cw_sip_writer_field(&writer, CW_SIP_CALL_ID, "register@127.0.0.1");
	cw_sip_writer_field(&writer, CW_SIP_CSEQ, "%u REGISTER", peer->sequence);
	cw_sip_writer_field(&writer, CW_SIP_CONTACT,
		"<sip:1001@127.0.0.1:5060;transport=tcp>;+sip.instance=\"<urn:uuid:00000000-0000-0000-0000-000000000001>\"");
	cw_sip_writer_field(&writer, CW_SIP_EXPIRES, "%u", expires);
	if (!cw_sip_auth_client_write(client, &writer, "REGISTER", ACME, &error))
		die(error.message);
	finish_message(&writer, peer);
}

/* Until a 200; a challenge is answered. */
static void register_once(struct peer *peer, struct cw_sip_auth_client *client, unsigned expires)
{
	for (ask(peer, client, expires);;) {
		enum cw_sip_frame_kind kind;
		enum cw_sip_auth_client_state state;
		struct cw_error error;
		AUTO(cw_sip_message_free) struct cw_sip_message *response = receive(peer, &kind);
		if (!response)
			die("no answer to REGISTER");
		if (response->start.status < 200)
			continue;
		if (response->start.status == 200)
			break;
		if (response->start.status != 401 ||
			!cw_sip_auth_client_take(client, response, &state, &error) ||
			state != CW_SIP_AUTH_CLIENT_AGAIN)
			die("REGISTER was refused");
		ask(peer, client, expires);
	}
	cw_sip_auth_client_accepted(client);
}

static void ping(struct peer *peer)
{
	AUTO_BUFFER out = {0};
	enum cw_sip_frame_kind kind;
	cw_buffer_text(&out, CW_SIP_FRAME_PING_TEXT);
	send_all(peer, &out);
	if (receive(peer, &kind) || kind != CW_SIP_FRAME_PONG)
		die("no answer to a ping");
}

static int register_at(const char *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(port)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct cw_sip_auth_client client = {.username = "1001", .password = "secret"};
	struct peer peer = {.frame.dialled = true};
	peer.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (peer.socket < 0 || connect(peer.socket, (struct sockaddr *)&address, sizeof address) != 0)
		return 3; /* not there yet */
	register_once(&peer, &client, 60);
	ping(&peer);
	register_once(&peer, &client, 0);
	cw_sip_auth_client_finish(&client);
	cw_sip_frame_finish(&peer.frame);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "serve") == 0)
		return serve();
	if (argc == 3 && strcmp(argv[1], "register") == 0)
		return register_at(argv[2]);
	return 2;
}
