/**
 * What a struct cw_cert is made of: for the files of this layer that fill it, and for no others.
 */
#ifndef CW_PKI_CERT_PARTS_H
#define CW_PKI_CERT_PARTS_H

#include "pki/cert.h"

enum cw_answer { CW_UNKNOWN_YET, CW_YES, CW_NO };

struct cw_cert {
	unsigned references;
	uint8_t *der;
	size_t length;
	uint8_t sha256[CW_SHA256_SIZE];
	char sha256_text[CW_SHA256_TEXT_SIZE];
	X509 *x509;
	struct cw_name subject, issuer;
	char *subject_text, *issuer_text;
	char *common_name; /* or NULL */
	cw_time not_before, not_after;
	struct cw_key_info key;
	const char *digest;
	struct cw_sans sans;
	struct cw_eku eku;
	bool has_key_usage;
	uint32_t key_usage;
	bool is_ca;
	long path_length;
	const ASN1_OCTET_STRING *subject_key_id, *authority_key_id; /* or NULL; belong to x509 */
	struct cw_strings crl_urls, issuer_urls, unknown_oids;
	enum cw_answer self_signed;  /* found at the first question */
	struct cw_cert *promised_by; /* whose signature this counts as having, or NULL: its own */
};

/** Fills in what the extensions say. An extension that cannot be read
 * counts as empty; the judge hears of it from OpenSSL. */
CW_MUST_USE bool cw_cert_read_extensions(struct cw_cert *cert, struct cw_error *error);

/** The subject alternative names of `x509`. */
CW_MUST_USE bool cw_cert_read_sans(X509 *x509, struct cw_sans *ret, struct cw_error *error);
void cw_cert_finish_sans(struct cw_sans *sans);

/** Key kind, size and curve, and the digest of the signature. */
void cw_cert_read_key(struct cw_cert *cert);

#endif
