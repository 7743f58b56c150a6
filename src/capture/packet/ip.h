/**
 * IPv4 and IPv6 headers, up to what they carry. Fragments are described, not put together
 * (capture/packet/fragments.h). Checksums are not verified: offloading network cards leave them wrong in captures of
 * the sender.
 */
#ifndef CW_CAPTURE_PACKET_IP_H
#define CW_CAPTURE_PACKET_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CW_IP_TCP 6

/* IPv6 extension headers of one packet (RFC 8200 §4.1 has six kinds); more is an attempt to make the reader walk. */
#define CW_IP_EXTENSIONS_MAX 16

struct cw_datagram {
	uint8_t version;    /* 4 or 6 */
	uint8_t protocol;   /* of the payload */
	uint8_t source[16]; /* IPv4 in the first four bytes, the rest zero */
	uint8_t destination[16];
	const uint8_t *payload; /* borrowed */
	size_t length;		/* of the payload that was captured */
	size_t wire_length;	/* of the payload that was sent; not less than `length` */
	bool fragment;
	bool more_fragments;
	uint32_t offset; /* of a fragment, in bytes */
	uint32_t id;	 /* of a fragment */
};

/** Reads the header. False: not IP, or broken. */
bool cw_ip_read(const uint8_t *data, size_t length, struct cw_datagram *ret);

/**
 * Walks IPv6 extension headers from `ret->protocol` on, up to a fragment header or the payload. cw_ip_read
 * has done it; a datagram put together of fragments needs it once more. False: broken.
 */
bool cw_ip_walk_extensions(struct cw_datagram *ret);

#endif
