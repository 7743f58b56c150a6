/**
 * Numbers out of bytes, in network order and in a capture file's order, and a bounded reader for TLS
 * structures.
 */
#ifndef CW_CAPTURE_OCTETS_H
#define CW_CAPTURE_OCTETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t cw_octets_16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t cw_octets_24(const uint8_t *at)
{
	return (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
}

static inline uint32_t cw_octets_32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/** A number as the machine that wrote the file had it:
 * little-endian, or the other way round where `swapped`. */
static inline uint32_t cw_octets_file_32(const uint8_t *at, bool swapped)
{
	uint32_t little = (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
	return swapped ? __builtin_bswap32(little) : little;
}

static inline uint16_t cw_octets_file_16(const uint8_t *at, bool swapped)
{
	uint16_t little = (uint16_t)(at[1] << 8 | at[0]);
	return swapped ? __builtin_bswap16(little) : little;
}

/** Reads one field after the other; past the end it gives zeros and notes that (`short_`), so that a caller tests once. */
struct cw_octets {
	const uint8_t *at, *end;
	bool short_;
};

static inline struct cw_octets cw_octets(const uint8_t *data, size_t length)
{
	return (struct cw_octets){data, data + length, false};
}

static inline size_t cw_octets_left(const struct cw_octets *octets)
{
	return (size_t)(octets->end - octets->at);
}

/** The next `length` bytes, or NULL where there are fewer. */
static inline const uint8_t *cw_octets_take(struct cw_octets *octets, size_t length)
{
	if (cw_octets_left(octets) < length) {
		octets->short_ = true;
		octets->at = octets->end;
		return NULL;
	}
	const uint8_t *taken = octets->at;
	octets->at += length;
	return taken;
}

/** The next number of `size` bytes (1 to 4), in network order. */
static inline uint32_t cw_octets_number(struct cw_octets *octets, size_t size)
{
	const uint8_t *at = cw_octets_take(octets, size);
	uint32_t value = 0;
	for (size_t i = 0; at && i < size; i++)
		value = value << 8 | at[i];
	return value;
}

/** The next vector with a length of `size` bytes before it (RFC 8446 §3.4). */
static inline struct cw_octets cw_octets_vector(struct cw_octets *octets, size_t size)
{
	size_t length = cw_octets_number(octets, size);
	const uint8_t *at = cw_octets_take(octets, length);
	return at ? cw_octets(at, length) : (struct cw_octets){octets->end, octets->end, true};
}

#endif
