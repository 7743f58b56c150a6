/**
 * The two key derivations of TLS, by OpenSSL: HKDF-Expand-Label (RFC 8446 §7.1) and the PRF (RFC 5246 §5, RFC
 * 2246 §5).
 */
#ifndef CW_CAPTURE_TLS_KEY_SCHEDULE_H
#define CW_CAPTURE_TLS_KEY_SCHEDULE_H

#include "base/error.h"

#include <stdint.h>

/** HKDF-Expand-Label with an empty context into `out`. */
CW_MUST_USE bool cw_key_schedule_expand_label(const char *digest, const uint8_t *secret, size_t secret_length,
	const char *label, uint8_t *out, size_t length, struct cw_error *error);

/** PRF(master, "key expansion", server random + client random). `digest` is "MD5-SHA1" before TLS 1.2. */
CW_MUST_USE bool cw_key_schedule_block(const char *digest, const uint8_t *master, size_t master_length,
	const uint8_t *server_random, const uint8_t *client_random, uint8_t *out, size_t length,
	struct cw_error *error);

#endif
