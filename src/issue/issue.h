/**
 * Signs certificates and CRLs from a plain description, good ones and bad ones alike.
 *
 * For the lab, the small CA and the tests. Nothing is checked that a judge would check: an issuer that is no
 * CA, a date range upside down or a broken signature is made as described. A zeroed spec with a subject and
 * two dates is a version 3 certificate with key identifiers and no other extension.
 */
#ifndef CW_ISSUE_ISSUE_H
#define CW_ISSUE_ISSUE_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/time.h"
#include "pki/cert.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/** What basicConstraints says. */
enum cw_issue_constraints { CW_ISSUE_NO_CONSTRAINTS, CW_ISSUE_END_ENTITY, CW_ISSUE_CA };

/**
 * The authority key identifier. AUTO: where another certificate issues, and that one has a subject key
 * identifier. ALWAYS: from the issuer's key where its certificate states none, and on self-signed ones too. WRONG: of the
 * certificate's own key, so that it names another certificate than its issuer's.
 */
enum cw_issue_key_id {
	CW_ISSUE_KEY_ID_AUTO,
	CW_ISSUE_KEY_ID_NONE,
	CW_ISSUE_KEY_ID_ALWAYS,
	CW_ISSUE_KEY_ID_WRONG
};

/** Lists are text, separated by commas; NULL is none. */
struct cw_issue_spec {
	const char *subject; /* "C=US, O=Acme, CN=e1.acme.test", as cw_issue_name reads it */
	const char *issuer;  /* NULL: the subject of the issuer's certificate; else this name instead */
	const char *sans;    /* "DNS:e1.acme.test, IP:10.0.0.1, URI:sip:a@b, email:a@b" */
	cw_time not_before;
	cw_time not_after;
	const char *serial; /* hexadecimal; NULL: 16 random bytes, positive */
	enum cw_issue_constraints constraints;
	bool path_limited; /* pathLenConstraint is there, and is: */
	unsigned path_length;
	uint32_t key_usage; /* KU_* of <openssl/x509v3.h>; 0: no extension */
	const char *eku;    /* "server, client, any", OpenSSL's names or numbers; NULL: no extension */
	const X509_NAME *subject_name;	/* instead of `subject`: from a request, say */
	const GENERAL_NAMES *san_names; /* instead of `sans` */
	bool no_subject_key_id;
	enum cw_issue_key_id authority_key_id;
	/* "SHA256" (NULL), "SHA1", "MD5", "SHA384", "SHA512"; does not count for Ed25519 and Ed448. */
	const char *digest;
	const char *permitted_dns; /* name constraints: "acme.test, example.test" */
	const char *excluded_dns;
	const char *crl_urls;	 /* CRL distribution points */
	const char *issuer_urls; /* Authority Information Access, caIssuers */
	bool unknown_critical;	 /* a critical extension that no software knows */
	bool version_1;		 /* X.509 version 1: no extension at all, whatever is said above */
	bool corrupt_signature;	 /* a bit of the signature is flipped: it parses and does not verify */
	bool end_lacks_seconds;	 /* notAfter is a UTCTime of minutes, which RFC 5280 §4.1.2.5.1 forbids */
};

struct cw_issue_crl_spec {
	cw_time this_update;
	cw_time next_update; /* 0: the list has none */
	/* Of the revoked certificates: hexadecimal, separated by commas; NULL: an empty list. */
	const char *serials;
	unsigned long number;
	const char *digest; /* as above */
	bool corrupt_signature;
};

/**
 * Signs a certificate for the public half of `key`. `issuer` NULL: self-signed with `key` (`issuer_key`
 * does not count). Appends the DER to `ret`, which is untouched on failure. A text that cannot be read is
 * CW_E_USAGE and says which; what OpenSSL refuses (a digest too big for the key) is CW_E_CRYPTO.
 */
CW_MUST_USE bool cw_issue_der(const struct cw_issue_spec *spec, EVP_PKEY *key, X509 *issuer,
	EVP_PKEY *issuer_key, struct cw_buffer *ret, struct cw_error *error);

/** The same as a certificate; the caller owns the reference. */
CW_MUST_USE bool cw_issue(const struct cw_issue_spec *spec, EVP_PKEY *key, const struct cw_cert *issuer,
	EVP_PKEY *issuer_key, struct cw_cert **ret, struct cw_error *error);

/** Signs a CRL in the name of `issuer` and appends its DER to `ret`. Fails like cw_issue_der. */
CW_MUST_USE bool cw_issue_crl_der(const struct cw_issue_crl_spec *spec, const X509 *issuer,
	EVP_PKEY *issuer_key, struct cw_buffer *ret, struct cw_error *error);

/** The serial number in hexadecimal, as the specs take it. The caller frees it; NULL: no memory. */
CW_MUST_USE char *cw_issue_serial(const X509 *cert);

#endif
