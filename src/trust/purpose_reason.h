/**
 * Why a certificate is unfit for what it is used for: OpenSSL's "unsuitable purpose" and "invalid CA" taken
 * apart.
 *
 * Private to the trust layer.
 */
#ifndef CW_TRUST_PURPOSE_REASON_H
#define CW_TRUST_PURPOSE_REASON_H

#include "trust/path.h"

/**
 * A finding about the certificate at this depth of the path, with its place in the list. A cause is told
 * once: NULL where this code stands at this depth already.
 */
struct cw_finding *cw_purpose_reason_add(struct cw_findings *findings, enum cw_code code,
	const struct cw_partial_path *partial, unsigned depth);

/** Adds every reason for X509_V_ERR_INVALID_PURPOSE, _INVALID_CA and the like at this depth, each once. */
void cw_purpose_reason_explain(struct cw_findings *findings, const struct cw_judge_question *question,
	const struct cw_partial_path *partial, unsigned depth, int openssl_error);

/** CW_PURPOSE_EITHER: an extended key usage must hold serverAuth or clientAuth. */
void cw_purpose_reason_check_either(struct cw_findings *findings, const struct cw_partial_path *partial);

/** Server gated crypto is no serverAuth (RFC 5280 §4.2.1.12), though OpenSSL takes it for one. */
void cw_purpose_reason_check_server(struct cw_findings *findings, const struct cw_partial_path *partial);

/** X509_verify_cert does not answer where it is not. tls-unusable or tunnel-key-unfit tells of such a key. */
bool cw_purpose_reason_key_is_readable(const struct cw_cert *leaf);

/**
 * Extensions that OpenSSL could not read (critical-extension). False: there are some, or the leaf's key
 * cannot be read, and OpenSSL does not check such a path.
 */
bool cw_purpose_reason_check_readable(struct cw_findings *findings, const struct cw_partial_path *partial);

#endif
