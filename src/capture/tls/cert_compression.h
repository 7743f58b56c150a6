/**
 * Certificate compression (RFC 8879): zlib, brotli and zstd.
 */
#ifndef CW_CAPTURE_TLS_CERT_COMPRESSION_H
#define CW_CAPTURE_TLS_CERT_COMPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Decompresses into `out`; the result has to have exactly `length` bytes. False: an unknown algorithm, or
 * broken. More than `length` is never written: a bomb ends there.
 */
bool cw_cert_compression_undo(
	unsigned algorithm, const uint8_t *compressed, size_t compressed_length, uint8_t *out, size_t length);

#endif
