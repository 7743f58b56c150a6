/**
 * SIP digest authentication (RFC 2617 without qop, as the traversal zone has it): user name and password.
 */
#ifndef CW_REHEARSE_DIGEST_H
#define CW_REHEARSE_DIGEST_H

#include "base/buffer.h"

#define CW_DIGEST_SIZE 33

/** The user name as it stands between quotes: `"` and `\` with a backslash, control bytes as %XX. */
void cw_digest_quote(struct cw_buffer *out, const char *text);

/** Who proves what to whom. Everything borrowed. */
struct cw_digest_login {
	const char *quoted_user; /* cw_digest_quote */
	const char *password;
	const char *realm;
	const char *nonce;
};

/** The response for a request, 32 hexadecimal digits. False: OpenSSL or memory failed. */
CW_MUST_USE bool cw_digest_response(
	const struct cw_digest_login *login, const char *method, const char *uri, char ret[CW_DIGEST_SIZE]);

/** A nonce that was never used. False: OpenSSL has no random numbers. */
CW_MUST_USE bool cw_digest_nonce(char ret[CW_DIGEST_SIZE]);

#endif
