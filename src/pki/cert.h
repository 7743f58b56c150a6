/**
 * One X.509 certificate: parsed once, never changed, shared by reference.
 *
 * Its identity is the DER that was read, byte for byte, never a re-encoding; two certificates are the same
 * certificate when their SHA-256 is. This module says what a certificate states. It does not judge: an
 * expired, self-signed or forged certificate parses.
 */
#ifndef CW_PKI_CERT_H
#define CW_PKI_CERT_H

#include "base/error.h"
#include "base/strings.h"
#include "base/time.h"
#include "pki/name.h"

#include <openssl/x509.h>
#include <stdint.h>

#define CW_SHA256_SIZE 32
#define CW_SHA1_SIZE 20
#define CW_SHA256_TEXT_SIZE 65

/* Against memory exhaustion by one certificate; the largest seen in the field are under 20 kB. */
#define CW_CERT_DER_MAX (256 * 1024)
/* Against quadratic name matching; the vendor's own limit is 999 characters of SAN text. */
#define CW_CERT_SANS_MAX 4096

struct cw_cert;

enum cw_key_kind {
	CW_KEY_RSA,
	CW_KEY_RSA_PSS,
	CW_KEY_EC,
	CW_KEY_ED25519,
	CW_KEY_ED448,
	CW_KEY_DSA,
	CW_KEY_OTHER
};

struct cw_key_info {
	enum cw_key_kind kind;
	unsigned bits;	   /* RSA modulus, EC field */
	const char *curve; /* EC: OpenSSL's short name ("prime256v1"), else NULL */
	char other[72];	   /* CW_KEY_OTHER: its algorithm by name or OID, as cw_cert_details_key has it */
};

enum cw_san_kind { CW_SAN_DNS, CW_SAN_IP, CW_SAN_URI, CW_SAN_EMAIL, CW_SAN_SRV, CW_SAN_OTHER };

struct cw_san {
	enum cw_san_kind kind;
	char *text;	  /* "e1.acme.test", "10.0.0.1", "2001:db8::1"; CW_SAN_SRV: "_xmpp._tcp.acme.test";
			     CW_SAN_OTHER: "UPN a@acme.test", "XMPP acme.test", "<directoryName>" */
	uint8_t ip[16];	  /* CW_SAN_IP: network order */
	size_t ip_length; /* 4 or 16, otherwise 0 */
	/* Where this name ends in the extension as OpenSSL prints it, in characters from 1: "DNS:a, DNS:b" has
	 * ends 5 and 12. Some boxes ignore names past character 999. */
	size_t text_end;
};

struct cw_sans {
	struct cw_san *items;
	size_t count;
	size_t text_length; /* of the whole extension as OpenSSL prints it; 0 where there is none */
};

/** Extended key usage (RFC 5280 §4.2.1.12). `present` false: any purpose. */
struct cw_eku {
	bool present;
	bool server_auth;
	bool client_auth;
	bool any;
	struct cw_strings oids; /* all of them, dotted, in their order */
};

/**
 * Parses one DER certificate.
 *
 * Bytes after the certificate are refused (CW_E_DER): their sender is confused or hostile. The result
 * owns what it needs; `der` may be released at once. The error says what was wanted and where it broke.
 */
CW_MUST_USE bool cw_cert_parse(
	const uint8_t *der, size_t length, struct cw_cert **ret, struct cw_error *error);

/** One more owner. Returns `cert`. */
struct cw_cert *cw_cert_ref(struct cw_cert *cert);
void cw_cert_free(struct cw_cert *cert);
CW_DEFINE_AUTO(struct cw_cert *, cw_cert_free)

const uint8_t *cw_cert_der(const struct cw_cert *cert, size_t *length);
const uint8_t *cw_cert_sha256(const struct cw_cert *cert);
/** 64 lower-case hexadecimal digits. Belongs to the certificate. */
const char *cw_cert_sha256_text(const struct cw_cert *cert);
void cw_cert_sha1(const struct cw_cert *cert, uint8_t sha1[CW_SHA1_SIZE]);
bool cw_cert_same(const struct cw_cert *a, const struct cw_cert *b);

/** OpenSSL's view, with its extension cache filled. Borrowed; never to be changed. */
X509 *cw_cert_x509(const struct cw_cert *cert);

const struct cw_name *cw_cert_subject(const struct cw_cert *cert);
const struct cw_name *cw_cert_issuer(const struct cw_cert *cert);
/** As cw_name_text prints them. Belong to the certificate. */
const char *cw_cert_subject_text(const struct cw_cert *cert);
const char *cw_cert_issuer_text(const struct cw_cert *cert);
/** The last CN of the subject, or NULL. */
const char *cw_cert_common_name(const struct cw_cert *cert);
/** What to call it in a sentence: its CN, else its whole subject, else its first SAN, else "(no name)". */
const char *cw_cert_label(const struct cw_cert *cert);

/** RFC 5280: valid from notBefore through notAfter, both inclusive. */
cw_time cw_cert_not_before(const struct cw_cert *cert);
cw_time cw_cert_not_after(const struct cw_cert *cert);

/** The date that is not written as RFC 5280 §4.1.2.5 wants it: "notBefore", "notAfter", or NULL. */
const char *cw_cert_odd_date(const struct cw_cert *cert);

/** Subject equals issuer; says nothing of the signature. */
bool cw_cert_self_issued(const struct cw_cert *cert);
/** Subject equals issuer and the signature verifies with its own key. Computed once. */
bool cw_cert_self_signed(const struct cw_cert *cert);
/** The signature of `cert` verifies with the key of `issuer`.
 * Names do not count. Costs one signature check. */
bool cw_cert_signed_by(const struct cw_cert *cert, const struct cw_cert *issuer);

/** The same two for a judge, which must tell "no" from "could not be
 * found out". False: no memory, `ret` untouched. */
CW_MUST_USE bool cw_cert_check_self_signed(const struct cw_cert *cert, bool *ret);
CW_MUST_USE bool cw_cert_check_signed_by(const struct cw_cert *cert, const struct cw_cert *issuer, bool *ret);

/**
 * Makes `cert` a promise: whatever key signed it, it counts as signed by that of `issuer` (and by no other). For
 * plans, which are proven with certificates that a CA has yet to issue; a certificate that was read never is one.
 * Only before it is shared.
 */
void cw_cert_promise(struct cw_cert *cert, struct cw_cert *issuer);

const struct cw_key_info *cw_cert_key(const struct cw_cert *cert);
/** "RSA 2048", "EC P-256", "Ed25519" into `text`. Returns `text`. */
#define CW_KEY_TEXT_SIZE 96
const char *cw_cert_key_text(const struct cw_key_info *key, char text[CW_KEY_TEXT_SIZE]);
/** The same public key, by the bytes of the SubjectPublicKeyInfo. */
bool cw_cert_same_key(const struct cw_cert *a, const struct cw_cert *b);
/** The digest of the certificate's own signature: "SHA256", "SHA1", "MD5"; "" where it has none (Ed25519). */
const char *cw_cert_digest(const struct cw_cert *cert);

const struct cw_sans *cw_cert_sans(const struct cw_cert *cert);
const struct cw_eku *cw_cert_eku(const struct cw_cert *cert);
bool cw_cert_has_key_usage(const struct cw_cert *cert);
/** KU_* bits of <openssl/x509v3.h>; all ones without the extension. */
uint32_t cw_cert_key_usage(const struct cw_cert *cert);
/** "digitalSignature", …: the name of one KU_* bit by its index
 * in the extension (RFC 5280 §4.2.1.3), or NULL. */
const char *cw_cert_key_usage_name(size_t bit, uint32_t *mask);
/** basicConstraints CA:TRUE. */
bool cw_cert_is_ca(const struct cw_cert *cert);
/** pathLenConstraint, or -1. */
long cw_cert_path_length(const struct cw_cert *cert);

/** Key identifiers; NULL and 0 where there is none. */
const uint8_t *cw_cert_subject_key_id(const struct cw_cert *cert, size_t *length);
const uint8_t *cw_cert_authority_key_id(const struct cw_cert *cert, size_t *length);

/** Addresses of CRLs (CRL distribution points) and of the
 * issuer's certificate (Authority Information Access). */
const struct cw_strings *cw_cert_crl_urls(const struct cw_cert *cert);
const struct cw_strings *cw_cert_issuer_urls(const struct cw_cert *cert);

/** Numeric attribute types in subject or issuer that have no name ("unknown OIDs"). */
const struct cw_strings *cw_cert_unknown_oids(const struct cw_cert *cert);

/** The temporary certificate that an Expressway comes with ("Temporary CA …", "Temporary Certificate …"). */
bool cw_cert_is_temporary(const struct cw_cert *cert);

#endif
