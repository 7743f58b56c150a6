/**
 * The bytes of a capture file in their order: a file, a pipe or memory, decompressed where they are
 * gzip or zstd (told by content, never by name). Knows nothing of capture formats.
 */
#ifndef CW_CAPTURE_PACKET_INPUT_H
#define CW_CAPTURE_PACKET_INPUT_H

#include "base/error.h"

#include <signal.h>
#include <stdint.h>

struct cw_input;

/**
 * Opens `path` ("-": standard input). `stop` (may be NULL) is tested when a signal interrupts a read: where it is set,
 * the input ends there. Errors name the path (CW_E_IO).
 */
CW_MUST_USE bool cw_input_open(
	const char *path, const volatile sig_atomic_t *stop, struct cw_input **ret, struct cw_error *error);

/** Bytes in memory, copied. For tests and fuzzing. */
CW_MUST_USE bool cw_input_memory(
	const void *data, size_t length, struct cw_input **ret, struct cw_error *error);

void cw_input_free(struct cw_input *input);
CW_DEFINE_AUTO(struct cw_input *, cw_input_free)

/**
 * The next `wanted` bytes, without moving on. `*available` is less than wanted only at the end of the
 * input.
 * `*data` is valid until the next call. Fails where reading or decompressing fails (CW_E_IO, CW_E_FORMAT,
 * CW_E_MEMORY).
 */
CW_MUST_USE bool cw_input_peek(struct cw_input *input, size_t wanted, const uint8_t **data, size_t *available,
	struct cw_error *error);

/** Moves past `length` bytes that were read. */
void cw_input_advance(struct cw_input *input, size_t length);

/** What to call it in an error. */
const char *cw_input_name(const struct cw_input *input);

/** Bytes passed so far, decompressed. */
uint64_t cw_input_offset(const struct cw_input *input);

/** For a progress bar: bytes of the file read so far, and in all (0: not known). */
void cw_input_progress(const struct cw_input *input, uint64_t *read, uint64_t *size);

/** The compressed data ended in the middle. */
bool cw_input_cut(const struct cw_input *input);

#endif
