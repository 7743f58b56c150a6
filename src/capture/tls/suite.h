/**
 * Cipher suites: the names of the IANA registry, and, read out of the name, what it takes to decrypt.
 */
#ifndef CW_CAPTURE_TLS_SUITE_H
#define CW_CAPTURE_TLS_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cw_suite_mode { CW_SUITE_CBC, CW_SUITE_GCM, CW_SUITE_CCM, CW_SUITE_CHACHA };

struct cw_suite {
	enum cw_suite_mode mode;
	const char *cipher; /* OpenSSL's name */
	const char *digest; /* of the key schedule */
	const char *mac;    /* CBC: of the record's HMAC, else NULL */
	uint8_t key_length, iv_length, tag_length, mac_length;
};

/** "TLS_AES_128_GCM_SHA256"; NULL for a number that is not in the registry. */
const char *cw_suite_name(uint16_t number);

/** False: unknown, or a cipher that is not decrypted here (RC4, DES, NULL, Camellia, ARIA, …). */
bool cw_suite_find(uint16_t number, struct cw_suite *ret);

#endif
