/**
 * What a run of DER bytes probably is, by its outline: enough to choose the parser, which then decides.
 */
#ifndef CW_PKI_BUNDLE_DER_KIND_H
#define CW_PKI_BUNDLE_DER_KIND_H

#include <stddef.h>
#include <stdint.h>

enum cw_der_kind {
	CW_DER_CERT, /* also what cannot be told: the parser says what is wrong with it */
	CW_DER_CRL,
	CW_DER_REQUEST,
	CW_DER_PKCS7,
	CW_DER_PKCS12,
	CW_DER_KEY,
	CW_DER_ENCRYPTED_KEY,
	CW_DER_PUBLIC_KEY
};

enum cw_der_kind cw_der_kind(const uint8_t *data, size_t length);

#endif
