/**
 * Walking through DER and BER without a schema: where an element starts and ends, and what its tag is.
 *
 * For what has to be known before OpenSSL parses (is this a certificate, a PKCS#7, a key?) and for taking
 * certificates out of a container byte for byte. Does not interpret any value.
 */
#ifndef CW_PKI_BUNDLE_DER_H
#define CW_PKI_BUNDLE_DER_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
	CW_DER_INTEGER = 0x02,
	CW_DER_BIT_STRING = 0x03,
	CW_DER_OCTET_STRING = 0x04,
	CW_DER_OID = 0x06,
	CW_DER_UTC_TIME = 0x17,
	CW_DER_GENERALIZED_TIME = 0x18,
	CW_DER_SEQUENCE = 0x30,
	CW_DER_SET = 0x31,
	CW_DER_CONTEXT_0 = 0xa0,
	CW_DER_CONTEXT_1 = 0xa1
};

/* Against stack exhaustion by nested indefinite lengths; PKCS#12 nests five deep. */
#define CW_DER_DEPTH_MAX 32

/* The bytes still to be walked. */
struct cw_der {
	const uint8_t *at;
	size_t left;
};

struct cw_der_item {
	uint8_t tag;	     /* the identifier byte, class and constructed bit included */
	bool indefinite;     /* BER: no length in front, an end mark behind */
	const uint8_t *data; /* the whole element */
	size_t length;
	struct cw_der content;
};

/** Takes the next element. False at the end and where the bytes are broken (then `der->left` is not 0). */
bool cw_der_next(struct cw_der *der, struct cw_der_item *ret);

/** Takes the next element if it has this tag; otherwise nothing is taken. */
bool cw_der_take(struct cw_der *der, uint8_t tag, struct cw_der_item *ret);

/** The content of `item` is exactly these bytes. */
bool cw_der_is(const struct cw_der_item *item, const void *bytes, size_t length);

/**
 * `data` is one SEQUENCE of definite length and nothing else. The error says what is wrong with it; `what` is
 * what was wanted ("certificate").
 */
CW_MUST_USE bool cw_der_check_alone(
	const uint8_t *data, size_t length, const char *what, struct cw_error *error);

#endif
