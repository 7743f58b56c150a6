/**
 * Certificate requests (CSR, PKCS#10): read and described; what becomes of one is for the CA to say.
 *
 * Whatever a request states has the shape of a certificate, so a request is read into one: cw_request_shape
 * answers every question of pki/cert.h about names, key and usage. Dates, issuer and signature of that shape
 * mean nothing.
 */
#ifndef CW_PKI_REQUEST_H
#define CW_PKI_REQUEST_H

#include "pki/cert.h"
#include "pki/key.h"

/* A request with 4096 names is under 200 kB. */
#define CW_REQUEST_MAX (1024 * 1024)

struct cw_request;

/** Parses one DER request; bytes after it are refused (CW_E_DER). The caller frees it. */
CW_MUST_USE bool cw_request_parse(
	const uint8_t *der, size_t length, struct cw_request **ret, struct cw_error *error);

/** The same from PEM or DER. What the bytes are instead is said (CW_E_FORMAT, CW_E_PEM). */
CW_MUST_USE bool cw_request_parse_any(
	const char *data, size_t length, struct cw_request **ret, struct cw_error *error);

/** Reads a file ("-": standard input), PEM or DER. Errors name the path. */
CW_MUST_USE bool cw_request_read(const char *path, struct cw_request **ret, struct cw_error *error);

void cw_request_free(struct cw_request *request);
CW_DEFINE_AUTO(struct cw_request *, cw_request_free)

/** Borrowed; never to be changed. */
X509_REQ *cw_request_x509(const struct cw_request *request);
/** Subject, names, key, key usage and extended key usage that it asks for. */
const struct cw_cert *cw_request_shape(const struct cw_request *request);
/** "SHA256"; "" where its signature has no digest. */
const char *cw_request_digest(const struct cw_request *request);
/** It is signed with its own key: its maker has that key. */
bool cw_request_verified(const struct cw_request *request);

#endif
