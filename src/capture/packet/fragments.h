/**
 * Puts IP fragments together. Of overlapping fragments the bytes that came first are kept. Bounded: a flood
 * of first fragments pushes out the oldest unfinished datagrams, which are counted.
 */
#ifndef CW_CAPTURE_PACKET_FRAGMENTS_H
#define CW_CAPTURE_PACKET_FRAGMENTS_H

#include "capture/packet/ip.h"

#include "base/error.h"

/* Datagrams in the making at one time: at 64 kB each, 2 MB. */
#define CW_FRAGMENTED_MAX 32
#define CW_DATAGRAM_MAX 65536

struct cw_fragments;

CW_MUST_USE struct cw_fragments *cw_fragments_new(void);
void cw_fragments_free(struct cw_fragments *fragments);
CW_DEFINE_AUTO(struct cw_fragments *, cw_fragments_free)

/**
 * Takes one fragment. `*whole`: it was the last missing one, and `datagram` now is the whole datagram, whose
 * payload is valid until the next call. Fails for lack of memory only.
 */
CW_MUST_USE bool cw_fragments_add(
	struct cw_fragments *fragments, struct cw_datagram *datagram, bool *whole, struct cw_error *error);

/** Datagrams given up so far: pushed out, or with parts that cannot be. */
uint64_t cw_fragments_dropped(const struct cw_fragments *fragments);
/** Datagrams of which some fragments came and others did not, so far. */
size_t cw_fragments_waiting(const struct cw_fragments *fragments);

#endif
