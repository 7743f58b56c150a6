#include "capture/tls/hello.h"

#include "base/forward.h"

#include "capture/octets.h"

#include <stdio.h>

/* IANA "TLS ExtensionType Values". */
enum extension {
	EXTENSION_SNI = 0,
	EXTENSION_ALPN = 16,
	EXTENSION_ENCRYPT_THEN_MAC = 22,
	EXTENSION_TICKET = 35,
	EXTENSION_PSK = 41,
	EXTENSION_EARLY_DATA = 42,
	EXTENSION_VERSIONS = 43,
};

/* RFC 8446 §4.1.3: the random of a ServerHello that is a
 * HelloRetryRequest, SHA-256 of "HelloRetryRequest". */
static const uint8_t retry_random[CW_RANDOM_SIZE] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe,
	0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e,
	0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

/* Names of hostile origin go into reports: what is not printable ASCII becomes '?'. */
static size_t copy_name(char *to, size_t room, const uint8_t *from, size_t length)
{
	size_t count = length < room ? length : room;
	for (size_t i = 0; i < count; i++)
		to[i] = from[i] > ' ' && from[i] < 0x7f ? (char)from[i] : '?';
	to[count] = '\0';
	return count;
}

/* RFC 6066 §3: the first host name. */
static void read_sni(struct cw_octets body, struct cw_client_hello *hello)
{
	struct cw_octets list = cw_octets_vector(&body, 2);
	size_t unread = CW_FORWARD_BEGIN;
	while (cw_octets_left(&list) && cw_forward(&unread, cw_octets_left(&list))) {
		uint32_t type = cw_octets_number(&list, 1);
		struct cw_octets name = cw_octets_vector(&list, 2);
		if (list.short_ || name.short_)
			return;
		if (type == 0) {
			copy_name(hello->sni, CW_SNI_MAX, name.at, cw_octets_left(&name));
			return;
		}
	}
}

static void read_alpn(struct cw_octets body, struct cw_client_hello *hello)
{
	struct cw_octets list = cw_octets_vector(&body, 2);
	size_t used = 0;
	size_t unread = CW_FORWARD_BEGIN;
	while (cw_octets_left(&list) && used + 1 < CW_ALPN_MAX &&
		cw_forward(&unread, cw_octets_left(&list))) {
		struct cw_octets name = cw_octets_vector(&list, 1);
		if (name.short_)
			return;
		if (used)
			hello->alpn[used++] = ',';
		used += copy_name(hello->alpn + used, CW_ALPN_MAX - used, name.at, cw_octets_left(&name));
	}
}

/* RFC 8446 §4.2.1; reserved values (GREASE, RFC 8701) are no versions. */
static void read_versions(struct cw_octets body, struct cw_client_hello *hello)
{
	struct cw_octets list = cw_octets_vector(&body, 1);
	uint16_t best = 0;
	size_t unread = CW_FORWARD_BEGIN;
	while (cw_octets_left(&list) >= 2 && cw_forward(&unread, cw_octets_left(&list))) {
		uint16_t version = (uint16_t)cw_octets_number(&list, 2);
		if (version >= CW_VERSION_SSL_3 && version <= CW_VERSION_TLS_1_3 && version > best)
			best = version;
	}
	if (best)
		hello->version = best;
}

static void read_client_extension(uint32_t type, struct cw_octets body, struct cw_client_hello *hello)
{
	switch (type) {
	case EXTENSION_SNI:
		read_sni(body, hello);
		break;
	case EXTENSION_ALPN:
		read_alpn(body, hello);
		break;
	case EXTENSION_TICKET:
		hello->ticket = cw_octets_left(&body) > 0;
		break;
	case EXTENSION_PSK:
		hello->psk = true;
		break;
	case EXTENSION_EARLY_DATA:
		hello->early_data = true;
		break;
	case EXTENSION_VERSIONS:
		read_versions(body, hello);
		break;
	}
}

static bool read_session_id(struct cw_octets *in, uint8_t id[CW_SESSION_ID_MAX], uint8_t *length)
{
	struct cw_octets session = cw_octets_vector(in, 1);
	size_t count = cw_octets_left(&session);
	if (session.short_ || count > CW_SESSION_ID_MAX)
		return false;
	if (count)
		memcpy(id, session.at, count);
	*length = (uint8_t)count;
	return true;
}

/* What both hellos begin with. */
static bool read_start(struct cw_octets *in, uint16_t *version, uint8_t random[CW_RANDOM_SIZE],
	uint8_t id[CW_SESSION_ID_MAX], uint8_t *id_length)
{
	*version = (uint16_t)cw_octets_number(in, 2);
	const uint8_t *at = cw_octets_take(in, CW_RANDOM_SIZE);
	if (!at || !read_session_id(in, id, id_length))
		return false;
	memcpy(random, at, CW_RANDOM_SIZE);
	return true;
}

bool cw_hello_read_client(const uint8_t *body, size_t length, struct cw_client_hello *ret)
{
	struct cw_octets in = cw_octets(body, length);
	memset(ret, 0, sizeof *ret);
	if (!read_start(&in, &ret->version, ret->random, ret->session_id, &ret->session_id_length))
		return false;
	cw_octets_vector(&in, 2);
	cw_octets_vector(&in, 1);
	if (in.short_)
		return false;
	struct cw_octets extensions = cw_octets_vector(&in, 2); /* may be absent */
	size_t unread = CW_FORWARD_BEGIN;
	while (cw_octets_left(&extensions) && cw_forward(&unread, cw_octets_left(&extensions))) {
		uint32_t type = cw_octets_number(&extensions, 2);
		struct cw_octets one = cw_octets_vector(&extensions, 2);
		if (one.short_)
			break;
		read_client_extension(type, one, ret);
	}
	return true;
}

bool cw_hello_read_server(const uint8_t *body, size_t length, struct cw_server_hello *ret)
{
	struct cw_octets in = cw_octets(body, length);
	memset(ret, 0, sizeof *ret);
	if (!read_start(&in, &ret->version, ret->random, ret->session_id, &ret->session_id_length))
		return false;
	ret->cipher = (uint16_t)cw_octets_number(&in, 2);
	cw_octets_number(&in, 1);
	if (in.short_)
		return false;
	ret->retry = memcmp(ret->random, retry_random, CW_RANDOM_SIZE) == 0;
	struct cw_octets extensions = cw_octets_vector(&in, 2);
	size_t unread = CW_FORWARD_BEGIN;
	while (cw_octets_left(&extensions) && cw_forward(&unread, cw_octets_left(&extensions))) {
		uint32_t type = cw_octets_number(&extensions, 2);
		struct cw_octets one = cw_octets_vector(&extensions, 2);
		if (one.short_)
			break;
		if (type == EXTENSION_VERSIONS && cw_octets_left(&one) >= 2)
			ret->version = (uint16_t)cw_octets_number(&one, 2);
		ret->psk = ret->psk || type == EXTENSION_PSK;
		ret->encrypt_then_mac = ret->encrypt_then_mac || type == EXTENSION_ENCRYPT_THEN_MAC;
	}
	return true;
}

bool cw_hello_read_client_v2(const uint8_t *body, size_t length, struct cw_client_hello *ret)
{
	struct cw_octets in = cw_octets(body, length);
	memset(ret, 0, sizeof *ret);
	if (cw_octets_number(&in, 1) != 1)
		return false;
	ret->version = (uint16_t)cw_octets_number(&in, 2);
	size_t ciphers = cw_octets_number(&in, 2), session = cw_octets_number(&in, 2);
	size_t challenge = cw_octets_number(&in, 2);
	cw_octets_take(&in, ciphers);
	cw_octets_take(&in, session);
	const uint8_t *random = cw_octets_take(&in, challenge);
	if (in.short_ || !random)
		return false;
	/* RFC 5246 E.2: right-justified, the last 32 bytes count. */
	if (challenge > CW_RANDOM_SIZE) {
		random += challenge - CW_RANDOM_SIZE;
		challenge = CW_RANDOM_SIZE;
	}
	memcpy(ret->random + CW_RANDOM_SIZE - challenge, random, challenge);
	return true;
}

bool cw_hello_read_server_v2(
	const uint8_t *body, size_t length, uint16_t *version, const uint8_t **cert, size_t *cert_length)
{
	struct cw_octets in = cw_octets(body, length);
	if (cw_octets_number(&in, 1) != 4)
		return false;
	cw_octets_number(&in, 2); /* session id hit, certificate type */
	*version = (uint16_t)cw_octets_number(&in, 2);
	size_t certificate = cw_octets_number(&in, 2);
	cw_octets_number(&in, 4); /* lengths of ciphers and connection id */
	const uint8_t *at = cw_octets_take(&in, certificate);
	if (in.short_)
		return false;
	*cert = certificate ? at : NULL;
	*cert_length = certificate;
	return true;
}

const char *cw_hello_version_name(uint16_t version)
{
	switch (version) {
	case CW_VERSION_SSL_2:
		return "SSL 2.0";
	case CW_VERSION_SSL_3:
		return "SSL 3.0";
	case CW_VERSION_TLS_1_0:
		return "TLS 1.0";
	case CW_VERSION_TLS_1_1:
		return "TLS 1.1";
	case CW_VERSION_TLS_1_2:
		return "TLS 1.2";
	case CW_VERSION_TLS_1_3:
		return "TLS 1.3";
	}
	return "unknown version";
}
