/**
 * The Ed25519 keys of session cookies: an Expressway-C signs with its own, everybody else holds public halves alone.
 *
 * An Expressway-C has a current key, a former one until the last cookie signed with it is over, and, for a while before
 * it is used, the next one, so that every Expressway-E has heard of a key before it meets it. Which keys count is told
 * over the zone and between the peers of a cluster (edge_told.h), as a whole each time: a key that its owner does not
 * tell of any more counts no longer. Does not know cookies (edge_cookie.h).
 */
#ifndef CW_NODE_EDGE_EDGE_KEY_H
#define CW_NODE_EDGE_EDGE_KEY_H

#include "base/buffer.h"
#include "base/time.h"
#include "pki/key.h"

#include <stdint.h>

#define CW_EDGE_KEY_ID_SIZE 8
#define CW_EDGE_KEY_SIZE 32 /* of either half (RFC 8032, 5.1.5) */

/* A key signs so long, and is told so long before; the vendor's sessions are at most 12 hours (clean-up interval). */
#define CW_EDGE_KEY_SIGNS ((cw_time)24 * 3600)
#define CW_EDGE_KEY_TOLD_BEFORE ((cw_time)60)
#define CW_EDGE_KEY_SESSION_MAX ((cw_time)12 * 3600)

/* Former, current, next. */
#define CW_EDGE_KEY_OWN_MAX 3
/* Against an Expressway-C that tells of keys without end: six peers in each of several zones. */
#define CW_EDGE_KEY_RING_MAX 64

/* --- public halves --- */

struct cw_edge_key {
	uint8_t bytes[CW_EDGE_KEY_SIZE];
	uint8_t id[CW_EDGE_KEY_ID_SIZE]; /* the first bytes of their SHA-256 */
	cw_time until;			 /* no cookie of it is taken from then on */
	EVP_PKEY *key;
};

/* What an Expressway knows of everybody's keys; all zero: none. */
struct cw_edge_key_ring {
	struct {
		struct cw_edge_key key;
		char source[64]; /* who told of it */
	} keys[CW_EDGE_KEY_RING_MAX];
	size_t count;
};

/** As it is told of: its bytes and until when. */
struct cw_edge_key_told {
	uint8_t bytes[CW_EDGE_KEY_SIZE];
	cw_time until;
};

void cw_edge_key_ring_finish(struct cw_edge_key_ring *ring);

/**
 * These are all keys of `source` now. What does not fit into the ring is left out: false, and the keys of others stay.
 * Keys that are over are dropped.
 */
bool cw_edge_key_ring_take(struct cw_edge_key_ring *ring, const char *source,
	const struct cw_edge_key_told *told, size_t count, cw_time now);

/** The key of that id that still counts; NULL: none. */
const struct cw_edge_key *cw_edge_key_ring_find(
	const struct cw_edge_key_ring *ring, const uint8_t id[CW_EDGE_KEY_ID_SIZE], cw_time now);

/* --- an Expressway-C's own --- */

struct cw_edge_key_own {
	uint8_t secret[CW_EDGE_KEY_SIZE];
	struct cw_edge_key key; /* its `key` has both halves */
	cw_time from;		/* signs from then on */
};

/* From the oldest to the newest; all zero: none yet. */
struct cw_edge_key_signer {
	struct cw_edge_key_own keys[CW_EDGE_KEY_OWN_MAX];
	size_t count;
};

/** Overwrites and releases them. */
void cw_edge_key_signer_finish(struct cw_edge_key_signer *signer);

/**
 * Makes the first key, or the next one when it is time, and drops what is over. `*ret_changed`: it is to be told, and
 * written, anew. CW_E_CRYPTO: what there was stays.
 */
CW_MUST_USE bool cw_edge_key_signer_turn(
	struct cw_edge_key_signer *signer, cw_time now, bool *ret_changed, struct cw_error *error);

/** The key to sign with; NULL: none yet. */
const struct cw_edge_key *cw_edge_key_signer_current(const struct cw_edge_key_signer *signer, cw_time now);

/** What is told of them. Returns how many. */
size_t cw_edge_key_signer_told(
	const struct cw_edge_key_signer *signer, struct cw_edge_key_told ret[CW_EDGE_KEY_OWN_MAX]);

/**
 * Appends them as the text of a file for this node alone, so that a node that starts again does not send everybody back
 * to the password: a line a key, "HEX FROM UNTIL". `ret` is a buffer for secrets.
 */
void cw_edge_key_signer_write(const struct cw_edge_key_signer *signer, struct cw_buffer *ret);

/** Reads that text; CW_E_FORMAT: it is another one, and there are no keys. */
CW_MUST_USE bool cw_edge_key_signer_read(
	const char *text, size_t length, struct cw_edge_key_signer *ret, struct cw_error *error);

#endif
