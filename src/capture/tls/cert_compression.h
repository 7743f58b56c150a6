/**
 * Certificate compression (RFC 8879): zlib, brotli and zstd.
 */
#ifndef CW_CAPTURE_TLS_CERT_COMPRESSION_H
#define CW_CAPTURE_TLS_CERT_COMPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Unpacks into `out`, which has to come out at exactly `length` bytes. False: an unknown algorithm, or
 * broken. More than `length` is never written: a bomb ends there.
 */
bool cw_cert_compression_undo(
	unsigned algorithm, const uint8_t *packed, size_t packed_length, uint8_t *out, size_t length);

#endif
