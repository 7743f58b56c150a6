/**
 * Every distinct certificate of a capture, once.
 *
 * Found by a quick hash and the bytes themselves, so that a certificate that is sent in ten thousand
 * handshakes is hashed with SHA-256 once and parsed for its names once. A certificate is its bytes: one that
 * cannot be parsed is kept and reported all the same. Lists of CA names are kept in the same way.
 *
 * Bounded: past CW_CAPTURED_CERTS_BYTES_MAX the bytes are not kept (then SHA-256 is what is compared), past
 * CW_CAPTURED_CERTS_MAX an entry lives only as long as a session holds it, and is new again the next time.
 */
#ifndef CW_CAPTURE_CAPTURED_CERTS_H
#define CW_CAPTURE_CAPTURED_CERTS_H

#include "base/error.h"
#include "base/strings.h"

#include <stdint.h>

#define CW_CAPTURED_CERTS_MAX 40000
#define CW_CAPTURED_CERTS_BYTES_MAX ((size_t)14 * 1024 * 1024)

#define CW_CAPTURED_HASH_SIZE 32

struct cw_captured_cert {
	uint8_t sha256[CW_CAPTURED_HASH_SIZE];
	char sha256_text[2 * CW_CAPTURED_HASH_SIZE + 1];
	uint64_t quick;	 /* hash of the bytes, of this run only */
	uint32_t length; /* of the DER */
	uint32_t owners; /* the store and every chain that holds it */
	uint8_t *der;	 /* NULL where no longer kept */
	char *subject;	 /* as cw_name_text prints it; NULL: the bytes are no certificate */
	char *issuer;
	uint64_t frame; /* where it was seen first */
	uint64_t count; /* how often it was sent */
	void *note;	/* the reporter's own; released with free() */
	struct cw_captured_cert *chain, *later;
};

/** The CA names of a certificate request, in their order. */
struct cw_captured_names {
	uint64_t quick;
	uint8_t *data;
	size_t length;
	uint32_t owners;
	struct cw_strings names;
	struct cw_captured_names *chain;
};

struct cw_captured_certs;

/** NULL: no memory. */
CW_MUST_USE struct cw_captured_certs *cw_captured_certs_new(void);
void cw_captured_certs_free(struct cw_captured_certs *certs);
CW_DEFINE_AUTO(struct cw_captured_certs *, cw_captured_certs_free)

/**
 * The certificate with these bytes; its `count` is 1 where it was not met before. The caller owns one
 * reference. Fails for lack of memory only.
 */
CW_MUST_USE bool cw_captured_certs_add(struct cw_captured_certs *certs, const uint8_t *der, size_t length,
	uint64_t frame, struct cw_captured_cert **ret, struct cw_error *error);

/** Gives one reference back. A store with too many bytes drops those of a certificate in no session. */
void cw_captured_certs_release(struct cw_captured_certs *certs, struct cw_captured_cert *cert);

/** The CA names in `data`: DER names, each with two bytes of length before it (RFC 5246 §7.4.4). */
CW_MUST_USE bool cw_captured_certs_add_names(struct cw_captured_certs *certs, const uint8_t *data,
	size_t length, struct cw_captured_names **ret, struct cw_error *error);
void cw_captured_certs_release_names(struct cw_captured_names *names);

/** Distinct certificates met so far (where the store was full: at least). */
uint64_t cw_captured_certs_count(const struct cw_captured_certs *certs);
/** Certificates that were met when the store was full. */
uint64_t cw_captured_certs_overflow(const struct cw_captured_certs *certs);

/** The certificates in the store, in the order they were met: call with NULL first. NULL: no more. */
const struct cw_captured_cert *cw_captured_certs_each(
	const struct cw_captured_certs *certs, const struct cw_captured_cert *after);

#endif
