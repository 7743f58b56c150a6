/**
 * Certificates from one form into another, and a chain file into its parts.
 */
#ifndef CW_WORKBENCH_CONVERT_H
#define CW_WORKBENCH_CONVERT_H

#include "base/buffer.h"
#include "pki/bundle/bundle.h"

/** "pem", "der", "pkcs7", "pkcs12" by name, or by the ending of a file (.cer and .crt are PEM here, which is
 * what the upload pages want). False: neither tells. */
bool cw_convert_format(const char *name, const char *path, enum cw_format *ret);

/**
 * Appends the bundle's certificates in that form. DER holds one certificate: where there are more, CW_E_USAGE
 * says so. PKCS#12 wants `key` and `password`.
 */
CW_MUST_USE bool cw_convert(const struct cw_bundle *bundle, enum cw_format format, EVP_PKEY *key,
	const char *password, struct cw_buffer *ret, struct cw_error *error);

/** The Expressway troubleshooting guide "Expressway certificate upload fails", word for word. */
extern const char cw_windows_export[];

/**
 * Writes each certificate into a file of its own in `folder`, leaf first: "1-e1.acme.test.pem",
 * "2-Acme_Issuing_CA.pem". A file that is there already is CW_E_USAGE, and nothing is written. Appends what
 * was written to `ret`.
 */
CW_MUST_USE bool cw_convert_split(const struct cw_bundle *bundle, const struct cw_pool *pool,
	const char *folder, struct cw_buffer *ret, struct cw_error *error);

#endif
