/**
 * The making of a struct cw_bundle: what the readers of the single formats share. For them only.
 */
#ifndef CW_PKI_BUNDLE_BUNDLE_PARTS_H
#define CW_PKI_BUNDLE_BUNDLE_PARTS_H

#include "pki/bundle/bundle.h"
#include "pki/bundle/pem.h"

struct cw_bundle_reader {
	struct cw_bundle bundle;
	struct cw_pool *pool;
	const char *password; /* or NULL */
	const char *shown;
	size_t line;	/* of the block at hand; 0 in files without lines */
	uint64_t spent; /* password iterations, see pki/bundle/kdf.h */
};

/* Each adds one object; errors carry file, line and number already. */
CW_MUST_USE bool cw_bundle_add_cert(
	struct cw_bundle_reader *reader, const uint8_t *der, size_t length, struct cw_error *error);
CW_MUST_USE bool cw_bundle_add_crl(
	struct cw_bundle_reader *reader, const uint8_t *der, size_t length, struct cw_error *error);
/** Takes what cw_key_parse_… gave: a key (owned from here on), or its error. An encrypted key is no error
 * where no password was given. */
CW_MUST_USE bool cw_bundle_add_key(
	struct cw_bundle_reader *reader, bool parsed, EVP_PKEY *key, struct cw_error *error);

/** Notes what was read over; false: no memory. */
CW_MUST_USE bool cw_bundle_note(struct cw_bundle_reader *reader, const char *what, struct cw_error *error);

/**
 * The length of the DER element that `der` begins with; `length` where it cannot be read. Bytes behind it are
 * noted: OpenSSL, and so a box, reads up to the end of the element and looks at nothing more. False: no
 * memory.
 */
CW_MUST_USE bool cw_bundle_trim(struct cw_bundle_reader *reader, const char *what, const uint8_t *der,
	size_t *length, struct cw_error *error);

/** Puts file and line in front of the message. Returns false. */
bool cw_bundle_place(const struct cw_bundle_reader *reader, struct cw_error *error);

/* The readers of the formats; errors carry their place. */
CW_MUST_USE bool cw_bundle_read_pem(
	struct cw_bundle_reader *reader, const char *text, size_t length, struct cw_error *error);
CW_MUST_USE bool cw_bundle_read_der(
	struct cw_bundle_reader *reader, const uint8_t *data, size_t length, struct cw_error *error);
CW_MUST_USE bool cw_bundle_read_pkcs7(
	struct cw_bundle_reader *reader, const uint8_t *data, size_t length, struct cw_error *error);
CW_MUST_USE bool cw_bundle_read_pkcs12(
	struct cw_bundle_reader *reader, const uint8_t *data, size_t length, struct cw_error *error);

#endif
