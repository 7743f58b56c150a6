#include "capture/octets.h"

#include "base/forward.h"
#include "capture/tls/cert_compression.h"
#include "capture/tls/session_reader_parts.h"

#define EXTENSION_AUTHORITIES 47 /* RFC 8446 §4.2.4 */

/* Adds one certificate to a chain, which grows in steps. */
static bool add_cert(struct cw_session_reader *tls, struct cw_session_chain *chain, size_t *capacity,
	const uint8_t *der, size_t length, struct cw_error *error)
{
	struct cw_session_reader_shared *shared = tls->shared;
	struct cw_captured_cert *cert;
	if (chain->count == *capacity) {
		size_t wanted = *capacity ? *capacity * 2 : 4;
		struct cw_captured_cert **certs = realloc(chain->certs, wanted * sizeof *certs);
		if (!certs)
			return cw_error_memory(error);
		chain->certs = certs;
		*capacity = wanted;
	}
	if (!cw_captured_certs_add(shared->certs, der, length, tls->frame, &cert, error))
		return false;
	chain->certs[chain->count++] = cert;
	return cert->count > 1 || !shared->on_cert || shared->on_cert(shared->context, cert, error);
}

/* The place of one more chain, or NULL where there are too many. */
static struct cw_session_chain *add_chain(
	struct cw_session_reader *tls, int from, bool encrypted, bool compressed)
{
	struct cw_session *session = &tls->session;
	if (session->chain_count == CW_CHAINS_MAX) {
		session->left_out++;
		return NULL;
	}
	struct cw_session_chain *chain = &session->chains[session->chain_count++];
	*chain = (struct cw_session_chain){.from = (enum cw_session_end)from,
		.frame = tls->frame,
		.encrypted = encrypted,
		.compressed = compressed};
	return chain;
}

/* The list of certificates in a message. One that claims more than the message has is read up to its end. */
static struct cw_octets find_list(const struct cw_handshake_message *message, bool new_form, bool *broken)
{
	struct cw_octets in = cw_octets(message->body, message->length);
	if (new_form)
		cw_octets_vector(&in, 1); /* the context of a request */
	struct cw_octets list = cw_octets_vector(&in, 3);
	*broken = list.short_ || cw_octets_left(&in);
	if (!list.short_)
		return list;
	in = cw_octets(message->body, message->length);
	cw_octets_take(&in, new_form && message->length ? 1U + message->body[0] : 0);
	cw_octets_take(&in, 3);
	return cw_octets(in.at, cw_octets_left(&in));
}

static bool read_certificate(struct cw_session_reader *tls, int from,
	const struct cw_handshake_message *message, struct cw_error *error)
{
	struct cw_session_chain *chain = add_chain(tls, from, message->encrypted, message->compressed);
	if (!chain)
		return true;
	if (tls->sides[from].is_server && tls->session.version != CW_VERSION_TLS_1_3)
		tls->session.resumed = false; /* the session id was the same, the handshake is whole */
	bool new_form =
		message->compressed || (message->encrypted && tls->session.version == CW_VERSION_TLS_1_3);
	struct cw_octets list = find_list(message, new_form, &chain->broken);
	size_t capacity = 0;
	size_t unread = CW_FORWARD_BEGIN;
	while (cw_octets_left(&list) && chain->count < CW_CHAIN_CERTS_MAX &&
		cw_forward(&unread, cw_octets_left(&list))) {
		struct cw_octets der = cw_octets_vector(&list, 3);
		if (der.short_) {
			chain->broken = true;
			return true;
		}
		if (new_form)
			cw_octets_vector(&list, 2); /* OCSP answers and the like */
		if (!add_cert(tls, chain, &capacity, der.at, cw_octets_left(&der), error))
			return false;
	}
	chain->broken = chain->broken || cw_octets_left(&list);
	return true;
}

static bool read_compressed(struct cw_session_reader *tls, int from,
	const struct cw_handshake_message *message, struct cw_error *error)
{
	struct cw_octets in = cw_octets(message->body, message->length);
	unsigned algorithm = cw_octets_number(&in, 2);
	size_t wanted = cw_octets_number(&in, 3);
	struct cw_octets compressed = cw_octets_vector(&in, 3);
	if (compressed.short_ || in.short_ || wanted == 0 || wanted > CW_READER_MESSAGE_MAX) {
		tls->session.sides[from].broken = true;
		return true;
	}
	AUTO(free) uint8_t *plain = malloc(wanted);
	if (!plain)
		return cw_error_memory(error);
	if (cw_cert_compression_undo(algorithm, compressed.at, cw_octets_left(&compressed), plain, wanted)) {
		struct cw_handshake_message decompressed = *message;
		decompressed.body = plain;
		decompressed.length = wanted;
		return read_certificate(tls, from, &decompressed, error);
	}
	struct cw_session_chain *chain = add_chain(tls, from, message->encrypted, true);
	if (chain)
		chain->broken = true;
	return true;
}

bool cw_session_reader_certificate(struct cw_session_reader *tls, int from,
	const struct cw_handshake_message *message, struct cw_error *error)
{
	return message->compressed ? read_compressed(tls, from, message, error)
				   : read_certificate(tls, from, message, error);
}

bool cw_session_reader_one_certificate(
	struct cw_session_reader *tls, int from, const uint8_t *der, size_t length, struct cw_error *error)
{
	struct cw_session_chain *chain = add_chain(tls, from, false, false);
	size_t capacity = 0;
	return !chain || add_cert(tls, chain, &capacity, der, length, error);
}

/* The CA names, wherever this version has them: RFC 5246 §7.4.4, RFC 4346 §7.4.4, RFC 8446 §4.3.2. */
static struct cw_octets find_names(const struct cw_session_reader *tls, const uint8_t *body, size_t length)
{
	struct cw_octets in = cw_octets(body, length);
	cw_octets_vector(&in, 1); /* certificate types, or TLS 1.3's context */
	if (tls->session.version == CW_VERSION_TLS_1_2)
		cw_octets_vector(&in, 2); /* signature algorithms */
	if (tls->session.version != CW_VERSION_TLS_1_3)
		return cw_octets_vector(&in, 2);
	struct cw_octets extensions = cw_octets_vector(&in, 2);
	size_t unread = CW_FORWARD_BEGIN;
	while (cw_octets_left(&extensions) && cw_forward(&unread, cw_octets_left(&extensions))) {
		uint32_t type = cw_octets_number(&extensions, 2);
		struct cw_octets one = cw_octets_vector(&extensions, 2);
		if (type == EXTENSION_AUTHORITIES && !one.short_)
			return cw_octets_vector(&one, 2);
	}
	return (struct cw_octets){body, body, false};
}

bool cw_session_reader_certificate_request(
	struct cw_session_reader *tls, int from, const uint8_t *body, size_t length, struct cw_error *error)
{
	struct cw_session *session = &tls->session;
	struct cw_octets names = find_names(tls, body, length);
	if (names.short_) {
		session->sides[from].broken = true;
		return true;
	}
	if (session->asked)
		return true;
	session->asked = true;
	session->asked_frame = tls->frame;
	return cw_octets_left(&names) == 0 ||
		cw_captured_certs_add_names(
			tls->shared->certs, names.at, cw_octets_left(&names), &session->names, error);
}
