#include "sip/sip_digest.h"

#include "base/forward.h"

#include "sip/sip_limits.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

struct hash {
	const char *name;
	const EVP_MD *(*md)(void);
	bool session;
};

static const struct hash hashes[CW_SIP_DIGEST_UNKNOWN] = {
	[CW_SIP_DIGEST_MD5] = {"MD5", EVP_md5, false},
	[CW_SIP_DIGEST_MD5_SESS] = {"MD5-sess", EVP_md5, true},
	[CW_SIP_DIGEST_SHA256] = {"SHA-256", EVP_sha256, false},
	[CW_SIP_DIGEST_SHA256_SESS] = {"SHA-256-sess", EVP_sha256, true},
};

static const struct {
	const char *name;
	size_t place;
} parameters[] = {
	{"username", offsetof(struct cw_sip_digest, username)},
	{"realm", offsetof(struct cw_sip_digest, realm)},
	{"nonce", offsetof(struct cw_sip_digest, nonce)},
	{"uri", offsetof(struct cw_sip_digest, uri)},
	{"response", offsetof(struct cw_sip_digest, response)},
	{"opaque", offsetof(struct cw_sip_digest, opaque)},
	{"cnonce", offsetof(struct cw_sip_digest, cnonce)},
	{"nc", offsetof(struct cw_sip_digest, nc)},
	{"qop", offsetof(struct cw_sip_digest, qop)},
	{"algorithm", offsetof(struct cw_sip_digest, algorithm)},
	{"stale", offsetof(struct cw_sip_digest, stale)},
};

static size_t skip_blanks(struct cw_sip_text text, size_t at)
{
	while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\t'))
		at++;
	return at;
}

static size_t token_end(struct cw_sip_text text, size_t at)
{
	while (at < text.length && cw_sip_text_token_byte(text.data[at]))
		at++;
	return at;
}

/* name = token or quoted string, quoted or not whatever the RFC says of this name: boxes differ. */
static bool read_one(struct cw_sip_text text, size_t *at, struct cw_sip_text *name, struct cw_sip_text *value)
{
	size_t begin = *at, end = token_end(text, begin);
	*name = cw_sip_text_part(text, begin, end - begin);
	*at = skip_blanks(text, end);
	if (end == begin || *at >= text.length || text.data[*at] != '=')
		return false;
	begin = skip_blanks(text, *at + 1);
	size_t quoted = cw_sip_text_quoted(text, begin);
	end = quoted ? begin + quoted : token_end(text, begin);
	*value = quoted ? cw_sip_text_part(text, begin + 1, quoted - 2)
			: cw_sip_text_part(text, begin, end - begin);
	*at = skip_blanks(text, end);
	return end > begin && value->length <= CW_SIP_DIGEST_TEXT_MAX;
}

static bool keep(struct cw_sip_digest *digest, struct cw_sip_text name, struct cw_sip_text value)
{
	for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
		struct cw_sip_text *place =
			(struct cw_sip_text *)(void *)((char *)digest + parameters[i].place);
		if (!cw_sip_text_is(name, parameters[i].name))
			continue;
		if (place->data)
			return false;
		*place = value;
	}
	return true;
}

enum cw_sip_digest_kind cw_sip_digest_parse(struct cw_sip_text value, struct cw_sip_digest *ret)
{
	struct cw_sip_digest digest = {0};
	size_t at = token_end(value, 0);
	if (!cw_sip_text_is(cw_sip_text_part(value, 0, at), "Digest"))
		return CW_SIP_DIGEST_OTHER_SCHEME;
	size_t begin = skip_blanks(value, at);
	if (begin == at || begin == value.length)
		return CW_SIP_DIGEST_BROKEN;
	size_t unread = CW_FORWARD_BEGIN;
	for (at = begin; cw_forward(&unread, value.length - at);) {
		struct cw_sip_text name, text;
		if (!read_one(value, &at, &name, &text) || !keep(&digest, name, text))
			return CW_SIP_DIGEST_BROKEN;
		if (at == value.length)
			break;
		if (value.data[at] != ',')
			return CW_SIP_DIGEST_BROKEN;
		at = skip_blanks(value, at + 1);
	}
	*ret = digest;
	return CW_SIP_DIGEST_READ;
}

enum cw_sip_digest_algorithm cw_sip_digest_algorithm(const struct cw_sip_digest *digest)
{
	if (!digest->algorithm.data)
		return CW_SIP_DIGEST_MD5;
	for (unsigned i = 0; i < CW_SIP_DIGEST_UNKNOWN; i++)
		if (cw_sip_text_is(digest->algorithm, hashes[i].name))
			return (enum cw_sip_digest_algorithm)i;
	return CW_SIP_DIGEST_UNKNOWN;
}

const char *cw_sip_digest_name(enum cw_sip_digest_algorithm algorithm)
{
	return algorithm < CW_SIP_DIGEST_UNKNOWN ? hashes[algorithm].name : NULL;
}

bool cw_sip_digest_offers_auth(const struct cw_sip_digest *digest)
{
	struct cw_sip_text list = digest->qop;
	size_t unread = CW_FORWARD_BEGIN;
	for (size_t at = 0; list.data && at <= list.length && cw_forward(&unread, list.length - at);) {
		size_t end = cw_sip_text_find(list, at, ',');
		if (cw_sip_text_is(cw_sip_text_trim(cw_sip_text_part(list, at, end - at)), "auth"))
			return true;
		at = end + 1;
	}
	return !list.data;
}

/* The hexadecimal hash of the parts with colons between them. */
static bool hash(
	const EVP_MD *md, const struct cw_sip_text *parts, size_t count, char ret[CW_SIP_DIGEST_SIZE])
{
	uint8_t raw[EVP_MAX_MD_SIZE];
	unsigned int length = 0;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool fine = context && EVP_DigestInit_ex(context, md, NULL) == 1;
	for (size_t i = 0; fine && i < count; i++)
		fine = (i == 0 || EVP_DigestUpdate(context, ":", 1) == 1) &&
			(!parts[i].length || EVP_DigestUpdate(context, parts[i].data, parts[i].length) == 1);
	fine = fine && EVP_DigestFinal_ex(context, raw, &length) == 1 && 2 * length < CW_SIP_DIGEST_SIZE;
	EVP_MD_CTX_free(context);
	for (unsigned int i = 0; fine && i < length; i++) {
		ret[2 * i] = "0123456789abcdef"[raw[i] >> 4];
		ret[2 * i + 1] = "0123456789abcdef"[raw[i] & 15];
		ret[2 * i + 2] = '\0';
	}
	OPENSSL_cleanse(raw, sizeof raw);
	return fine;
}

/* H(user:realm:password), and of that, with nonce and cnonce, where the algorithm is one of a session. */
static bool secret_hash(const struct hash *kind, const struct cw_sip_digest *digest, const char *password,
	char ret[CW_SIP_DIGEST_SIZE])
{
	const struct cw_sip_text who[] = {digest->username, digest->realm, cw_sip_text_of(password)};
	if (!hash(kind->md(), who, 3, ret))
		return false;
	if (!kind->session)
		return true;
	char first[CW_SIP_DIGEST_SIZE];
	memcpy(first, ret, sizeof first);
	const struct cw_sip_text session[] = {cw_sip_text_of(first), digest->nonce, digest->cnonce};
	bool fine = hash(kind->md(), session, 3, ret);
	OPENSSL_cleanse(first, sizeof first);
	return fine;
}

bool cw_sip_digest_response(const struct cw_sip_digest *digest, struct cw_sip_text method,
	const char *password, char ret[CW_SIP_DIGEST_SIZE], struct cw_error *error)
{
	enum cw_sip_digest_algorithm algorithm = cw_sip_digest_algorithm(digest);
	if (algorithm == CW_SIP_DIGEST_UNKNOWN || (digest->qop.data && !cw_sip_text_is(digest->qop, "auth")))
		return cw_error_set(error, CW_E_FORMAT,
			"a digest of another algorithm or qop; wanted MD5 or SHA-256, and auth");
	const struct hash *kind = &hashes[algorithm];
	char secret[CW_SIP_DIGEST_SIZE] = "", what[CW_SIP_DIGEST_SIZE] = "";
	const struct cw_sip_text request[] = {method, digest->uri};
	bool fine = secret_hash(kind, digest, password, secret) && hash(kind->md(), request, 2, what);
	const struct cw_sip_text with_qop[] = {cw_sip_text_of(secret), digest->nonce, digest->nc,
		digest->cnonce, digest->qop, cw_sip_text_of(what)};
	const struct cw_sip_text without[] = {cw_sip_text_of(secret), digest->nonce, cw_sip_text_of(what)};
	fine = fine &&
		(digest->qop.data ? hash(kind->md(), with_qop, 6, ret) : hash(kind->md(), without, 3, ret));
	OPENSSL_cleanse(secret, sizeof secret);
	return fine || cw_error_set(error, CW_E_CRYPTO, "OpenSSL does not hash with %s", kind->name);
}

bool cw_sip_digest_matches(const struct cw_sip_digest *digest, struct cw_sip_text method,
	const char *password, bool *ret, struct cw_error *error)
{
	char wanted[CW_SIP_DIGEST_SIZE];
	bool session = cw_sip_text_is(digest->algorithm, "MD5-sess") ||
		cw_sip_text_is(digest->algorithm, "SHA-256-sess");
	*ret = false;
	if (!digest->username.data || !digest->realm.data || !digest->nonce.data || !digest->uri.data ||
		!digest->response.data || cw_sip_digest_algorithm(digest) == CW_SIP_DIGEST_UNKNOWN)
		return true;
	if (digest->qop.data && !cw_sip_text_is(digest->qop, "auth"))
		return true;
	if ((digest->qop.data && (!digest->nc.length || !digest->cnonce.length)) ||
		(session && !digest->cnonce.length))
		return true;
	if (!cw_sip_digest_response(digest, method, password ? password : "", wanted, error))
		return false;
	struct cw_sip_text own = cw_sip_text_of(wanted);
	*ret = own.length == digest->response.length &&
		CRYPTO_memcmp(own.data, digest->response.data, own.length) == 0 && password;
	OPENSSL_cleanse(wanted, sizeof wanted);
	return true;
}

void cw_sip_digest_quote(struct cw_buffer *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < ' ' || c == 0x7f) {
			cw_buffer_printf(out, "%%%02X", c);
			continue;
		}
		if (c == '"' || c == '\\')
			cw_buffer_char(out, '\\');
		cw_buffer_char(out, *text);
	}
}
