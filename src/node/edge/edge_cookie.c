#include "node/edge/edge_cookie.h"

#include "http/http_base64.h"
#include "http/http_host.h"
#include "pki/error_mark.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define VERSION 1
#define SIGNATURE_SIZE 64
#define HEAD_SIZE (1 + CW_EDGE_KEY_ID_SIZE + 8 + 8 + 1 + 1)

static const char purpose[] = "causeway X-Auth";

static void put_number(uint8_t *at, cw_time number)
{
	for (size_t i = 0; i < 8; i++)
		at[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
}

static cw_time get_number(const uint8_t *at)
{
	uint64_t number = 0;
	for (size_t i = 0; i < 8; i++)
		number = number << 8 | at[i];
	return (cw_time)number;
}

/* What is signed: the purpose, then the cookie's bytes. */
static size_t put_signed(uint8_t *to, const uint8_t *bytes, size_t length)
{
	memcpy(to, purpose, sizeof purpose);
	memcpy(to + sizeof purpose, bytes, length);
	return sizeof purpose + length;
}

static bool is_user(const char *user, size_t length)
{
	if (!length || length > CW_EDGE_COOKIE_USER_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)user[i] < ' ' || (unsigned char)user[i] == 0x7f)
			return false;
	return true;
}

static bool sign(const struct cw_edge_key *key, const uint8_t *bytes, size_t length, uint8_t *ret,
	struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	uint8_t text[sizeof purpose + CW_EDGE_COOKIE_BYTES_MAX];
	size_t size = SIGNATURE_SIZE, text_length = put_signed(text, bytes, length);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context && EVP_DigestSignInit(context, NULL, NULL, NULL, key->key) == 1 &&
		EVP_DigestSign(context, ret, &size, text, text_length) == 1 && size == SIGNATURE_SIZE;
	EVP_MD_CTX_free(context);
	return good || cw_error_mark_report(&mark, error, CW_E_CRYPTO, "a session cookie cannot be signed");
}

bool cw_edge_cookie_sign(const struct cw_edge_key *key, const struct cw_edge_session *session,
	struct cw_buffer *ret, struct cw_error *error)
{
	uint8_t bytes[CW_EDGE_COOKIE_BYTES_MAX];
	size_t user = strlen(session->user);
	if (!is_user(session->user, user))
		return cw_error_set(error, CW_E_HTTP,
			"a session cookie wants a user of 1 to %d bytes without control bytes",
			CW_EDGE_COOKIE_USER_MAX);
	bytes[0] = VERSION;
	memcpy(bytes + 1, key->id, CW_EDGE_KEY_ID_SIZE);
	put_number(bytes + 1 + CW_EDGE_KEY_ID_SIZE, session->issued);
	put_number(bytes + 9 + CW_EDGE_KEY_ID_SIZE, session->expires);
	bytes[HEAD_SIZE - 2] = (uint8_t)session->client;
	bytes[HEAD_SIZE - 1] = (uint8_t)user;
	memcpy(bytes + HEAD_SIZE, session->user, user);
	size_t length = HEAD_SIZE + user;
	if (!sign(key, bytes, length, bytes + length, error))
		return false;
	cw_http_base64_encode(
		ret, (struct cw_http_text){(const char *)bytes, length + SIGNATURE_SIZE}, CW_HTTP_BASE64_URL);
	return cw_buffer_ok(ret, error);
}

static bool is_signed(
	const struct cw_edge_key *key, const uint8_t *bytes, size_t length, const uint8_t *signature)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	uint8_t text[sizeof purpose + CW_EDGE_COOKIE_BYTES_MAX];
	size_t text_length = put_signed(text, bytes, length);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->key) == 1 &&
		EVP_DigestVerify(context, signature, SIGNATURE_SIZE, text, text_length) == 1;
	EVP_MD_CTX_free(context);
	return good;
}

static enum cw_edge_cookie_end judge_times(const struct cw_edge_session *session, cw_time now)
{
	if (session->expires <= session->issued ||
		session->expires - session->issued > CW_EDGE_KEY_SESSION_MAX)
		return CW_EDGE_COOKIE_MALFORMED;
	if (session->issued > now + CW_EDGE_COOKIE_SKEW)
		return CW_EDGE_COOKIE_EARLY;
	return session->expires <= now ? CW_EDGE_COOKIE_EXPIRED : CW_EDGE_COOKIE_GOOD;
}

enum cw_edge_cookie_end cw_edge_cookie_verify(const struct cw_edge_key_ring *ring, struct cw_http_text value,
	cw_time now, struct cw_edge_session *ret)
{
	char decoded[CW_EDGE_COOKIE_BYTES_MAX];
	struct cw_http_text text;
	struct cw_edge_session session = {0};
	if (!cw_http_base64_decode(value, CW_HTTP_BASE64_URL, &text, decoded, sizeof decoded) ||
		text.length < HEAD_SIZE + SIGNATURE_SIZE)
		return CW_EDGE_COOKIE_MALFORMED;
	const uint8_t *bytes = (const uint8_t *)text.at;
	size_t length = text.length - SIGNATURE_SIZE, user = bytes[HEAD_SIZE - 1];
	if (bytes[0] != VERSION || length != HEAD_SIZE + user ||
		bytes[HEAD_SIZE - 2] >= CW_EDGE_CLIENT_COUNT || !is_user(text.at + HEAD_SIZE, user))
		return CW_EDGE_COOKIE_MALFORMED;
	const struct cw_edge_key *key = cw_edge_key_ring_find(ring, bytes + 1, now);
	if (!key)
		return CW_EDGE_COOKIE_STRANGE_KEY;
	if (!is_signed(key, bytes, length, bytes + length))
		return CW_EDGE_COOKIE_FORGED;
	session.issued = get_number(bytes + 1 + CW_EDGE_KEY_ID_SIZE);
	session.expires = get_number(bytes + 9 + CW_EDGE_KEY_ID_SIZE);
	session.client = (enum cw_edge_client)bytes[HEAD_SIZE - 2];
	memcpy(session.user, bytes + HEAD_SIZE, user);
	enum cw_edge_cookie_end end = judge_times(&session, now);
	if (end == CW_EDGE_COOKIE_GOOD)
		*ret = session;
	return end;
}

const char *cw_edge_cookie_end_name(enum cw_edge_cookie_end end)
{
	switch (end) {
	case CW_EDGE_COOKIE_GOOD:
		return "good";
	case CW_EDGE_COOKIE_MALFORMED:
		return "malformed";
	case CW_EDGE_COOKIE_STRANGE_KEY:
		return "strange-key";
	case CW_EDGE_COOKIE_FORGED:
		return "forged";
	case CW_EDGE_COOKIE_EXPIRED:
		return "expired";
	case CW_EDGE_COOKIE_EARLY:
		return "early";
	}
	return "";
}

/* --- the field --- */

/* `end` is the name, or its last labels. */
static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), end_length = strlen(end);
	if (end_length > length || strcasecmp(name + length - end_length, end) != 0)
		return false;
	return end_length == length || name[length - end_length - 1] == '.';
}

bool cw_edge_cookie_domain(const char *const *peers, size_t count, struct cw_buffer *ret)
{
	const char *end = count ? peers[0] : "";
	if (count < 2)
		return count == 1;
	for (size_t i = 1; i < count; i++) {
		while (*end && !ends_with(peers[i], end)) { /* ends: a label fewer each time */
			const char *dot = strchr(end, '.');
			end = dot ? dot + 1 : "";
		}
	}
	if (!cw_http_host_is_domain(cw_http_text(end)))
		return false;
	for (const char *at = end; *at; at++)
		cw_buffer_char(ret, (char)tolower((unsigned char)*at));
	return true;
}

bool cw_edge_cookie_write(struct cw_buffer *buffer, struct cw_http_text value, const char *domain,
	cw_time expires, struct cw_error *error)
{
	const struct cw_http_cookie cookie = {.name = cw_http_text(CW_EDGE_COOKIE_NAME),
		.value = value,
		.path = cw_http_text("/"),
		.domain = cw_http_text(domain),
		.has_expires = true,
		.expires = expires,
		.secure = true,
		.http_only = true};
	return cw_http_cookie_write(buffer, &cookie, error);
}

/* --- clients --- */

static bool contains(struct cw_http_text text, const char *word)
{
	size_t length = strlen(word);
	for (size_t i = 0; i + length <= text.length; i++)
		if (strncasecmp(text.at + i, word, length) == 0)
			return true;
	return false;
}

static const struct {
	const char *word, *name;
} clients[CW_EDGE_CLIENT_COUNT] = {
	[CW_EDGE_CLIENT_OTHER] = {NULL, "other"},
	[CW_EDGE_CLIENT_JABBER] = {"Jabber", "jabber"},
	[CW_EDGE_CLIENT_WEBEX] = {"Webex", "webex"},
	[CW_EDGE_CLIENT_TELEPRESENCE] = {"Cisco/TC", "telepresence"},
	[CW_EDGE_CLIENT_PHONE] = {"Cisco-CP", "phone"},
};

enum cw_edge_client cw_edge_cookie_client(struct cw_http_text user_agent)
{
	for (size_t i = 0; i < CW_EDGE_CLIENT_COUNT; i++)
		if (clients[i].word && contains(user_agent, clients[i].word))
			return (enum cw_edge_client)i;
	return CW_EDGE_CLIENT_OTHER;
}

const char *cw_edge_cookie_client_name(enum cw_edge_client client)
{
	return clients[client].name;
}
