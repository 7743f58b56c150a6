/**
 * Subject and issuer out of a certificate's DER without parsing the rest of it: a full parse costs 79 µs,
 * this two names. What is found is for reports; nothing is decided by it.
 */
#ifndef CW_CAPTURE_CERT_NAMES_H
#define CW_CAPTURE_CERT_NAMES_H

#include "base/error.h"

#include <stdint.h>

/**
 * Both names as cw_name_text prints them; the caller frees them. Both NULL: the bytes do not look like a
 * certificate. Fails for lack of memory only.
 */
CW_MUST_USE bool cw_cert_names(
	const uint8_t *der, size_t length, char **subject, char **issuer, struct cw_error *error);

/** One DER name as text, or NULL in `*ret` where it is none. Fails for lack of memory only. */
CW_MUST_USE bool cw_cert_names_one(const uint8_t *der, size_t length, char **ret, struct cw_error *error);

#endif
