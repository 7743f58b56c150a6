/**
 * Decrypts the records of one direction with secrets out of a key log. One state for one direction and one
 * set of keys; a new handshake or a key update makes new keys.
 *
 * Every record is authenticated (AEAD tag or HMAC) before its content counts: wrong keys are found out, not
 * believed.
 */
#ifndef CW_CAPTURE_TLS_CRYPT_H
#define CW_CAPTURE_TLS_CRYPT_H

#include "capture/tls/hello.h"

#define CW_RECORD_MAX (16384 + 2048) /* RFC 5246 §6.2.3 */

struct cw_crypt;

/** A record as it was captured. All of it is borrowed. */
struct cw_sealed_record {
	const uint8_t *header; /* five bytes */
	const uint8_t *body;
	size_t length; /* of the body */
};

/** What was in it. */
struct cw_plain_record {
	uint8_t *data; /* the caller's; CW_RECORD_MAX bytes of room */
	size_t length;
	uint8_t type; /* with TLS 1.3 the inner one */
};

/** TLS 1.3: keys of a traffic secret (RFC 8446 §7.3). `*ret` NULL: a cipher that is not decrypted here. */
CW_MUST_USE bool cw_crypt_new_13(
	uint16_t cipher, const uint8_t *secret, size_t length, struct cw_crypt **ret, struct cw_error *error);

/** What TLS 1.0 to 1.2 need beside the master secret (RFC 5246 §6.3). */
struct cw_crypt_parameters {
	uint16_t version, cipher;
	bool encrypt_then_mac;
	bool from_client;
	const uint8_t *client_random, *server_random;
};

CW_MUST_USE bool cw_crypt_new_12(const struct cw_crypt_parameters *session, const uint8_t *master,
	size_t length, struct cw_crypt **ret, struct cw_error *error);

void cw_crypt_free(struct cw_crypt *crypt);
CW_DEFINE_AUTO(struct cw_crypt *, cw_crypt_free)

/**
 * Decrypts one record into `ret->data`. False: it does not authenticate with these keys; then the sequence
 * number stays.
 */
bool cw_crypt_open(
	struct cw_crypt *crypt, const struct cw_sealed_record *record, struct cw_plain_record *ret);

/** Records were missed: up to so many sequence numbers ahead are tried at the next record. */
void cw_crypt_lost(struct cw_crypt *crypt);

/** The next keys after a KeyUpdate (RFC 8446 §7.2). Fails for lack of memory. */
CW_MUST_USE bool cw_crypt_update(struct cw_crypt *crypt, struct cw_error *error);

#endif
