/**
 * Digest authentication (RFC 2617, RFC 7616, RFC 8760): the parameters of a challenge or of credentials, and
 * the response that a password makes of them. No state: who challenges and who answers keep theirs in
 * sip_auth_client.h and sip_auth_server.h; a SERVICE request brings the parameters in XML and asks here as
 * well.
 *
 * Real boxes speak MD5 (realm "traversal (cluster 1)"); SHA-256 is spoken where the other side offers it. A
 * text in quotes is hashed as it stands between them, backslashes too (RFC 2617 §1.2, unq). Passwords are
 * never copied to the heap, and what was made of them is wiped (OPENSSL_cleanse).
 */
#ifndef CW_SIP_SIP_DIGEST_H
#define CW_SIP_SIP_DIGEST_H

#include "base/buffer.h"
#include "sip/sip_text.h"

enum cw_sip_digest_algorithm {
	CW_SIP_DIGEST_MD5,
	CW_SIP_DIGEST_MD5_SESS,
	CW_SIP_DIGEST_SHA256,
	CW_SIP_DIGEST_SHA256_SESS,
	CW_SIP_DIGEST_UNKNOWN,
};

/* 64 hexadecimal digits and a NUL. */
#define CW_SIP_DIGEST_SIZE 65

/* Each as it stands, without quotes; `data` NULL where it is not there. */
struct cw_sip_digest {
	struct cw_sip_text username, realm, nonce, uri, response, opaque, cnonce, nc, qop, algorithm, stale;
};

enum cw_sip_digest_kind {
	CW_SIP_DIGEST_READ,
	CW_SIP_DIGEST_OTHER_SCHEME, /* not Digest (RFC 4475 §3.3.7) */
	CW_SIP_DIGEST_BROKEN,
};

/**
 * Reads the value of WWW-Authenticate, Proxy-Authenticate, Authorization or Proxy-Authorization. A parameter
 * that stands there twice, or is longer than 512 bytes, makes it broken; unknown ones are passed over.
 * `value` must outlive `ret`.
 */
enum cw_sip_digest_kind cw_sip_digest_parse(struct cw_sip_text value, struct cw_sip_digest *ret);

/** The algorithm; MD5 where none is named. */
enum cw_sip_digest_algorithm cw_sip_digest_algorithm(const struct cw_sip_digest *digest);

/** As the RFCs write it; NULL for CW_SIP_DIGEST_UNKNOWN. */
const char *cw_sip_digest_name(enum cw_sip_digest_algorithm algorithm);

/** The list of a challenge's qop has "auth", or there is none (RFC 2069). */
bool cw_sip_digest_offers_auth(const struct cw_sip_digest *digest);

/**
 * The response for username, realm, nonce, uri and, with qop, nc and cnonce, as `digest` has them.
 * CW_E_CRYPTO; CW_E_FORMAT for an algorithm or a qop that nobody here speaks.
 */
CW_MUST_USE bool cw_sip_digest_response(const struct cw_sip_digest *digest, struct cw_sip_text method,
	const char *password, char ret[CW_SIP_DIGEST_SIZE], struct cw_error *error);

/**
 * Whether the response in `digest` is the one that this password makes; compared in constant time. `password`
 * NULL: there is no such user, and it takes as long as if there were. `*ret` false where a parameter is
 * missing.
 */
CW_MUST_USE bool cw_sip_digest_matches(const struct cw_sip_digest *digest, struct cw_sip_text method,
	const char *password, bool *ret, struct cw_error *error);

/** A text as it stands between quotes: `"` and `\` with a backslash, control bytes as %XX. */
void cw_sip_digest_quote(struct cw_buffer *out, const char *text);

#endif
