#include "capture/octets.h"

#include "base/forward.h"
#include "capture/tls/session_reader_parts.h"

#include <stdlib.h>
#include <string.h>

/* Handshake message types (IANA "TLS HandshakeType"). */
enum message {
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	CERTIFICATE = 11,
	CERTIFICATE_REQUEST = 13,
	SERVER_HELLO_DONE = 14,
	FINISHED = 20,
	KEY_UPDATE = 24,
	COMPRESSED_CERTIFICATE = 25,
};

bool cw_session_reader_assembly_begin(struct cw_session_reader *tls, struct cw_assembly *assembly,
	uint32_t wanted, bool *refused, struct cw_error *error)
{
	struct cw_budget *budget = tls->shared->budget;
	*refused = budget->used + wanted > budget->limit;
	if (*refused)
		return true;
	assembly->data = malloc(wanted);
	if (!assembly->data)
		return cw_error_memory(error);
	assembly->wanted = wanted;
	assembly->length = 0;
	budget->used += wanted;
	return true;
}

void cw_session_reader_assembly_add(struct cw_assembly *assembly, const uint8_t *data, size_t length)
{
	memcpy(assembly->data + assembly->length, data, length);
	assembly->length += (uint32_t)length;
}

void cw_session_reader_assembly_clear(struct cw_session_reader *tls, struct cw_assembly *assembly)
{
	if (!assembly->data)
		return;
	tls->shared->budget->used -= assembly->wanted;
	free(assembly->data);
	*assembly = (struct cw_assembly){0};
}

/* Types that are read; of the others only the length counts. */
static bool is_wanted(uint8_t type)
{
	return type == CLIENT_HELLO || type == SERVER_HELLO || type == CERTIFICATE ||
		type == CERTIFICATE_REQUEST || type == COMPRESSED_CERTIFICATE;
}

static bool is_known(uint8_t type)
{
	return type <= 6 || type == 8 || (type >= 11 && type <= 16) || (type >= 20 && type <= 25) ||
		type == 67;
}

static char *copy_text(const char *text, struct cw_error *error, bool *good)
{
	char *copy = *text ? strdup(text) : NULL;
	if (*text && !copy)
		*good = cw_error_memory(error);
	return copy;
}

static bool keep_client_hello(
	struct cw_session_reader *tls, int from, const struct cw_client_hello *hello, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	struct cw_session *session = &tls->session;
	side->is_client = true;
	side->hellos++;
	tls->any_hello = tls->have_client_random = true;
	memcpy(tls->client_random, hello->random, CW_RANDOM_SIZE);
	memcpy(tls->session_id, hello->session_id, CW_SESSION_ID_MAX);
	tls->session_id_length = hello->session_id_length;
	if (session->client_hello_frame) /* after a HelloRetryRequest, or a renegotiation */
		return true;
	session->client_hello_frame = tls->frame;
	session->offered = hello->version;
	bool good = true;
	session->sni = copy_text(hello->sni, error, &good);
	session->alpn = copy_text(hello->alpn, error, &good);
	return good;
}

static bool client_hello(struct cw_session_reader *tls, int from, const struct cw_handshake_message *message,
	struct cw_error *error)
{
	struct cw_client_hello hello;
	if (cw_hello_read_client(message->body, message->length, &hello))
		return keep_client_hello(tls, from, &hello, error);
	tls->session.sides[from].broken = true;
	return true;
}

static bool same_session(const struct cw_session_reader *tls, const struct cw_server_hello *hello)
{
	return hello->session_id_length && hello->session_id_length == tls->session_id_length &&
		memcmp(hello->session_id, tls->session_id, hello->session_id_length) == 0;
}

static void server_hello(struct cw_session_reader *tls, int from, const struct cw_handshake_message *message)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	struct cw_session *session = &tls->session;
	struct cw_server_hello hello;
	if (!cw_hello_read_server(message->body, message->length, &hello)) {
		session->sides[from].broken = true;
		return;
	}
	side->is_server = true;
	side->hellos++;
	side->hello_done = false;
	tls->any_hello = true;
	session->version = hello.version;
	session->cipher = hello.cipher;
	session->cipher_known = true;
	if (hello.retry) {
		session->retried = true;
		return;
	}
	if (!session->server_hello_frame)
		session->server_hello_frame = tls->frame;
	memcpy(tls->server_random, hello.random, CW_RANDOM_SIZE);
	tls->have_server_random = true;
	tls->encrypt_then_mac = hello.encrypt_then_mac;
	if (hello.version == CW_VERSION_TLS_1_3)
		session->resumed = hello.psk;
	else if (same_session(tls, &hello) && cw_session_chain(session, CW_SESSION_CLIENT) == NULL)
		session->resumed = session->resumed || session->chain_count == 0;
}

static bool read_message(struct cw_session_reader *tls, int from, const struct cw_handshake_message *message,
	struct cw_error *error)
{
	switch (message->type) {
	case CLIENT_HELLO:
		return client_hello(tls, from, message, error);
	case SERVER_HELLO:
		server_hello(tls, from, message);
		return true;
	case CERTIFICATE:
	case COMPRESSED_CERTIFICATE:
		return cw_session_reader_certificate(tls, from, message, error);
	case CERTIFICATE_REQUEST:
		return cw_session_reader_certificate_request(
			tls, from, message->body, message->length, error);
	}
	return true;
}

/* Messages of which it matters only that they were there. */
static bool end_message(
	struct cw_session_reader *tls, int from, uint8_t type, bool encrypted, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	if (type == SERVER_HELLO_DONE)
		side->hello_done = true;
	if (!encrypted)
		return true;
	if (type == FINISHED)
		return cw_session_reader_keys_finished(tls, from, error);
	if (type == KEY_UPDATE && tls->session.version == CW_VERSION_TLS_1_3 && side->crypt)
		return cw_crypt_update(side->crypt, error);
	return true;
}

void cw_session_reader_messages_lost(struct cw_session_reader *tls, int from)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	if (side->message_wanted && side->message_left)
		tls->session.sides[from].lost_message = true;
	cw_session_reader_assembly_clear(tls, &side->message);
	side->message_lost = true;
	side->message_wanted = false;
	side->message_left = 0;
	side->message_have = 0;
}

void cw_session_reader_messages_hole(struct cw_session_reader *tls, int from, size_t length)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	if (side->message_lost)
		return;
	if (side->message_have < 4 || length > side->message_left) {
		cw_session_reader_messages_lost(tls, from);
		return;
	}
	if (side->message_wanted)
		tls->session.sides[from].lost_message = true;
	cw_session_reader_assembly_clear(tls, &side->message);
	side->message_wanted = false;
	side->message_left -= (uint32_t)length;
	if (side->message_left == 0)
		side->message_have = 0;
}

/* The header of a message is here: decides whether the message is read. */
static bool begin_message(struct cw_session_reader *tls, int from, bool all_here, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	uint8_t type = side->message_header[0];
	side->message_left = cw_octets_24(side->message_header + 1);
	side->message_wanted = is_wanted(type);
	if (!is_known(type)) {
		tls->session.sides[from].broken = true;
		cw_session_reader_messages_lost(tls, from);
		return true;
	}
	if (!side->message_wanted || all_here || side->message_left == 0)
		return true;
	bool refused = side->message_left > CW_READER_MESSAGE_MAX;
	if (!refused &&
		!cw_session_reader_assembly_begin(tls, &side->message, side->message_left, &refused, error))
		return false;
	if (refused) {
		tls->session.too_long_messages++;
		side->message_wanted = false;
	}
	return true;
}

/* The next part of a message's body. */
static bool add_to_message(struct cw_session_reader *tls, int from, const uint8_t *data, size_t length,
	bool encrypted, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	uint8_t type = side->message_header[0];
	side->message_left -= (uint32_t)length;
	if (side->message.data)
		cw_session_reader_assembly_add(&side->message, data, length);
	if (side->message_left)
		return true;
	side->message_have = 0;
	struct cw_handshake_message message = {
		.type = type,
		.encrypted = encrypted,
		.compressed = type == COMPRESSED_CERTIFICATE,
		.body = data,
		.length = length,
	};
	if (side->message.data) {
		message.body = side->message.data;
		message.length = side->message.length;
	}
	bool read = side->message.data || side->message_wanted;
	bool good = !read || read_message(tls, from, &message, error);
	side->message_wanted = false;
	cw_session_reader_assembly_clear(tls, &side->message);
	return good && end_message(tls, from, type, encrypted, error);
}

bool cw_session_reader_messages(struct cw_session_reader *tls, int from, const uint8_t *data, size_t length,
	bool encrypted, struct cw_error *error)
{
	struct cw_session_reader_direction *side = &tls->sides[from];
	const uint8_t *at = data, *end = data + length;
	size_t unread = CW_FORWARD_BEGIN;
	while (at < end && !side->message_lost && cw_forward(&unread, (size_t)(end - at))) {
		if (side->message_have < 4) {
			side->message_header[side->message_have++] = *at++;
			if (side->message_have < 4)
				continue;
			bool all_here = (size_t)(end - at) >= cw_octets_24(side->message_header + 1);
			if (!begin_message(tls, from, all_here, error))
				return false;
			if (side->message_lost)
				return true;
			if (side->message_left && at == end)
				return true;
		}
		size_t count =
			(size_t)(end - at) < side->message_left ? (size_t)(end - at) : side->message_left;
		if (!add_to_message(tls, from, at, count, encrypted, error))
			return false;
		at += count;
	}
	return true;
}

bool cw_session_reader_message_v2(
	struct cw_session_reader *tls, int from, const uint8_t *data, size_t length, struct cw_error *error)
{
	struct cw_client_hello hello;
	const uint8_t *cert;
	size_t cert_length;
	uint16_t version;
	if (cw_hello_read_client_v2(data, length, &hello))
		return keep_client_hello(tls, from, &hello, error);
	if (!cw_hello_read_server_v2(data, length, &version, &cert, &cert_length))
		return true;
	/* SSL 2.0 itself: after its hello everything is encrypted, in records of another form. */
	tls->session.version = version;
	tls->session.server_hello_frame = tls->frame;
	tls->session.resumed = !cert;
	tls->any_hello = true;
	tls->sides[from].is_server = true;
	tls->sides[from].hellos++;
	tls->sides[0].mode = tls->sides[1].mode = CW_READER_IGNORED;
	return !cert || cw_session_reader_one_certificate(tls, from, cert, cert_length, error);
}
