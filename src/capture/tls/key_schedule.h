/**
 * The two key derivations of TLS, by OpenSSL: HKDF-Expand-Label (RFC 8446 §7.1) and the PRF (RFC 5246 §5,
 * RFC 2246 §5).
 */
#ifndef CW_CAPTURE_TLS_KEY_SCHEDULE_H
#define CW_CAPTURE_TLS_KEY_SCHEDULE_H

#include "base/error.h"

#include <stdint.h>

/** What keys are made from, and the hash that makes them. All of it is borrowed. */
struct cw_key_schedule_secret {
	const char *digest; /* OpenSSL's name; "MD5-SHA1" for the PRF before TLS 1.2 */
	const uint8_t *data;
	size_t length;
};

/** HKDF-Expand-Label with an empty context into `out`. Fails for lack of memory, or as CW_E_CRYPTO. */
CW_MUST_USE bool cw_key_schedule_expand_label(const struct cw_key_schedule_secret *secret, const char *label,
	uint8_t *out, size_t length, struct cw_error *error);

/** PRF(master, "key expansion", server random + client random) into `out`. Fails as the above. */
CW_MUST_USE bool cw_key_schedule_block(const struct cw_key_schedule_secret *master,
	const uint8_t *server_random, const uint8_t *client_random, uint8_t *out, size_t length,
	struct cw_error *error);

#endif
