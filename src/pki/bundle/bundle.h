/**
 * What one file holds: certificates in their order and with their place, CRLs, keys; whatever could be
 * exported.
 *
 * Reads PEM (text between blocks, CRLF, a UTF-8 BOM, TRUSTED CERTIFICATE), DER, PKCS#7 (PEM and DER) and
 * PKCS#12 (also with ciphers of OpenSSL's legacy provider, loaded in a library context of its own). A broken
 * block is an error that names file and line, never skipped. An empty file is an empty bundle. What else a
 * file turns out to be (UTF-16 text, HTML, a request where a certificate was wanted, …) is an error that says
 * so and what to do about it. What OpenSSL reads without a word is read, with a note: bytes behind the end of
 * a certificate, a PKCS#7 labelled CERTIFICATE (as Microsoft's certsrv writes it); so is a file with a private key and no certificate or CRL. A CRL or a key
 * beside certificates is taken along, a well-formed block of another type passed over. White space in front
 * of a BEGIN or END line is an error, since OpenSSL does not see such a block (pki/bundle/pem.h).
 *
 * Does not judge, and does not check that a key fits (cw_key_fits).
 */
#ifndef CW_PKI_BUNDLE_BUNDLE_H
#define CW_PKI_BUNDLE_BUNDLE_H

#include "pki/cert.h"
#include "pki/crl.h"
#include "pki/pool.h"

#include <openssl/evp.h>

/* Debian's system list is 220 kB; ten thousand certificates are enough for any estate's folder. */
#define CW_BUNDLE_FILE_MAX (128 * 1024 * 1024)
#define CW_BUNDLE_ENTRIES_MAX 10000

/* Ends the message where a password is wanted; whoever has another way to give it leaves it out. */
#define CW_BUNDLE_PASSWORD_OPTION " (--password-file FILE)"

enum cw_format { CW_FORMAT_EMPTY, CW_FORMAT_PEM, CW_FORMAT_DER, CW_FORMAT_PKCS7, CW_FORMAT_PKCS12 };

struct cw_entry {
	struct cw_cert *cert;
	size_t number; /* from 1, in the file */
	size_t line;   /* from 1, of its BEGIN line; 0 where the file has no lines */
};

struct cw_bundle {
	char *path; /* as given by the caller */
	enum cw_format format;
	struct cw_entry *entries; /* in the order of the file */
	size_t count;
	size_t capacity;
	struct cw_crl **crls;
	size_t crl_count;
	size_t crl_capacity;
	size_t key_count; /* private keys met on the way; behind the first that opens they are only counted */
	EVP_PKEY *key;	  /* the first that could be read without asking (PKCS#12, plain PEM), or NULL */
	struct cw_strings
		notes; /* what was read over, as OpenSSL does it: sentences with place and next step */
	size_t encrypted_count; /* of them, keys that need a password this caller did not give */
};

void cw_bundle_finish(struct cw_bundle *bundle);
#define AUTO_BUNDLE __attribute__((cleanup(cw_bundle_finish))) struct cw_bundle

/**
 * Reads a file ("-": standard input). `shown` is the path as the person typed it, for errors and places.
 * `password` (may be NULL) opens PKCS#12 and encrypted keys. Certificates come from `pool`, and their path is
 * noted in it.
 */
CW_MUST_USE bool cw_bundle_read(const char *path, const char *shown, const char *password,
	struct cw_pool *pool, struct cw_bundle *ret, struct cw_error *error);

/** A file in memory, and the name that errors call it by. All of it is borrowed. */
struct cw_bundle_file {
	const char *data; /* followed by a NUL that does not count (as in a struct cw_buffer) */
	size_t length;
	const char *shown;
};

/** The same as cw_bundle_read for bytes in memory. */
CW_MUST_USE bool cw_bundle_parse(const struct cw_bundle_file *file, const char *password,
	struct cw_pool *pool, struct cw_bundle *ret, struct cw_error *error);

/**
 * Which entry is the identity itself: the first of a PEM or DER file, or where that is a CA and another is
 * none, as in PKCS#7 and PKCS#12: the one that fits the key, else the one that issued no other. The bundle holds at least one entry.
 */
size_t cw_bundle_leaf(const struct cw_bundle *bundle);

/** "PEM", "DER", "PKCS#7", "PKCS#12", "empty". */
const char *cw_bundle_format_name(enum cw_format format);

#endif
