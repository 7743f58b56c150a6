/**
 * The small parts of specs, for the files that sign (issue*.c) only.
 */
#ifndef CW_ISSUE_ISSUE_PARTS_H
#define CW_ISSUE_ISSUE_PARTS_H

#include "base/buffer.h"
#include "base/time.h"
#include "issue/issue.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>

CW_DEFINE_AUTO(ASN1_TIME *, ASN1_TIME_free)
CW_DEFINE_AUTO(ASN1_INTEGER *, ASN1_INTEGER_free)
CW_DEFINE_AUTO(AUTHORITY_KEYID *, AUTHORITY_KEYID_free)

/** Splits a list at its commas; spaces around an item do not count, nor do empty items. False: no memory. */
CW_MUST_USE bool cw_issue_list(const char *text, struct cw_strings *ret);

/** The digest of that name for `key`; NULL in `*ret` for keys that sign without one. */
CW_MUST_USE bool cw_issue_digest(
	const char *name, const EVP_PKEY *key, const EVP_MD **ret, struct cw_error *error);

CW_MUST_USE bool cw_issue_time(cw_time time, ASN1_TIME **ret, struct cw_error *error);

/** From hexadecimal. */
CW_MUST_USE bool cw_issue_integer(const char *hex, ASN1_INTEGER **ret, struct cw_error *error);

/** The identifier that points at `issuer`: its own, else where
 * `always` the SHA-1 of its key, else NULL in `*ret`. */
CW_MUST_USE bool cw_issue_authority(
	const X509 *issuer, bool always, AUTHORITY_KEYID **ret, struct cw_error *error);

/** Appends finished DER; `corrupt` flips the last bit of it, which is the last bit of the signature. */
CW_MUST_USE bool cw_issue_append(
	const unsigned char *der, int length, bool corrupt, struct cw_buffer *ret, struct cw_error *error);

#endif
