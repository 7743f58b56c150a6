/**
 * Texts that nobody can guess: tokens, tags, nonces.
 *
 * The bytes are the kernel's. It has them on every machine that runs; where it would not, the process ends, because
 * there is nothing safe to go on with. No keys: those are OpenSSL's and libsodium's.
 */
#ifndef CW_BASE_RANDOM_H
#define CW_BASE_RANDOM_H

#include <stddef.h>

/* The room that so many random bytes need as text, and a NUL. */
#define CW_RANDOM_HEX_SIZE(bytes) (2 * (bytes) + 1)

/** `bytes` random bytes as lower-case hexadecimal; `ret` has room for CW_RANDOM_HEX_SIZE(bytes). */
void cw_random_hex(size_t bytes, char *ret);

#endif
