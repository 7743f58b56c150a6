#include "sip/sip_auth_server.h"

#include <openssl/crypto.h>
#include <string.h>

bool cw_sip_auth_server_challenge(struct cw_sip_auth_server *server, struct cw_sip_writer *writer, bool stale,
	cw_time now, struct cw_error *error)
{
	AUTO_BUFFER realm = {0};
	enum cw_sip_field_id id = server->proxy ? CW_SIP_PROXY_AUTHENTICATE : CW_SIP_WWW_AUTHENTICATE;
	if (!*server->nonce || stale || now - server->made >= CW_SIP_AUTH_SERVER_NONCE_AGE) {
		cw_random_hex(CW_SIP_AUTH_SERVER_NONCE_BYTES, server->nonce);
		server->made = now;
		server->count = 0;
	}
	cw_sip_digest_quote(&realm, server->realm);
	cw_sip_writer_field(writer, id, "Digest realm=\"%s\", nonce=\"%s\", algorithm=%s, qop=\"auth\"%s",
		cw_buffer_string(&realm), server->nonce, cw_sip_digest_name(server->algorithm),
		stale ? ", stale=true" : "");
	return cw_buffer_ok(&realm, error);
}

/* Eight hexadecimal digits (RFC 7616 §3.4); 0 for anything else, which is no count either. */
static uint32_t read_count(struct cw_sip_text text)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	uint32_t value = 0;
	for (size_t i = 0; i < text.length; i++) {
		const char *digit = memchr(digits, text.data[i], sizeof digits - 1);
		if (!digit || text.length != 8)
			return 0;
		value = value << 4 | ((uint32_t)(digit - digits) & 15);
	}
	return value;
}

static bool same_nonce(const struct cw_sip_auth_server *server, struct cw_sip_text nonce)
{
	size_t length = strlen(server->nonce);
	return length && nonce.length == length && CRYPTO_memcmp(nonce.data, server->nonce, length) == 0;
}

static bool find(struct cw_sip_auth_server *server, const struct cw_sip_message *request,
	struct cw_sip_digest *ret, bool *broken)
{
	enum cw_sip_field_id id = server->proxy ? CW_SIP_PROXY_AUTHORIZATION : CW_SIP_AUTHORIZATION;
	AUTO_BUFFER realm = {0};
	struct cw_sip_text value;
	cw_sip_digest_quote(&realm, server->realm);
	*broken = false;
	for (unsigned nth = 0; (value = cw_sip_message_field(request, id, nth)).data; nth++) {
		enum cw_sip_digest_kind kind = cw_sip_digest_parse(value, ret);
		*broken |= kind == CW_SIP_DIGEST_BROKEN;
		if (kind == CW_SIP_DIGEST_READ &&
			cw_sip_text_same(ret->realm, cw_sip_text_of(cw_buffer_string(&realm))))
			return true;
	}
	return false;
}

enum cw_sip_auth_server_state cw_sip_auth_server_read(struct cw_sip_auth_server *server,
	const struct cw_sip_message *request, cw_time now, struct cw_sip_digest *ret)
{
	bool broken;
	if (!find(server, request, ret, &broken))
		return broken ? CW_SIP_AUTH_SERVER_REFUSED : CW_SIP_AUTH_SERVER_NONE;
	if (!cw_sip_text_same(ret->uri, request->start.uri.whole) || !ret->username.data ||
		!ret->response.data || cw_sip_digest_algorithm(ret) != server->algorithm)
		return CW_SIP_AUTH_SERVER_REFUSED;
	if (!ret->qop.data && !server->plain)
		return CW_SIP_AUTH_SERVER_REFUSED;
	if (ret->qop.data && !read_count(ret->nc))
		return CW_SIP_AUTH_SERVER_REFUSED;
	if (!same_nonce(server, ret->nonce) || now - server->made >= CW_SIP_AUTH_SERVER_NONCE_AGE)
		return CW_SIP_AUTH_SERVER_STALE;
	if (ret->qop.data && read_count(ret->nc) <= server->count)
		return CW_SIP_AUTH_SERVER_STALE;
	return CW_SIP_AUTH_SERVER_READ;
}

bool cw_sip_auth_server_judge(struct cw_sip_auth_server *server, const struct cw_sip_message *request,
	const struct cw_sip_digest *digest, const char *password, bool *ret, struct cw_error *error)
{
	if (!cw_sip_digest_matches(digest, request->start.method, password, ret, error))
		return false;
	uint32_t count = digest->qop.data ? read_count(digest->nc) : 0;
	if (*ret && count > server->count && same_nonce(server, digest->nonce))
		server->count = count;
	return true;
}
