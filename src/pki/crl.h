/**
 * Certificate revocation lists: parsed, kept, described; whether one is good is for the judge to say.
 */
#ifndef CW_PKI_CRL_H
#define CW_PKI_CRL_H

#include "base/error.h"
#include "base/time.h"
#include "pki/cert.h"

#include <openssl/x509.h>

/* Against memory exhaustion; national CAs publish lists of some tens of megabytes. */
#define CW_CRL_DER_MAX (64 * 1024 * 1024)

struct cw_crl;

/** Parses one DER CRL; bytes after it are refused (CW_E_DER). */
CW_MUST_USE bool cw_crl_parse(const uint8_t *der, size_t length, struct cw_crl **ret, struct cw_error *error);
struct cw_crl *cw_crl_ref(struct cw_crl *crl);
void cw_crl_free(struct cw_crl *crl);
CW_DEFINE_AUTO(struct cw_crl *, cw_crl_free)

/** Borrowed; never to be changed. */
X509_CRL *cw_crl_x509(const struct cw_crl *crl);
const struct cw_name *cw_crl_issuer(const struct cw_crl *crl);
const char *cw_crl_issuer_text(const struct cw_crl *crl);
cw_time cw_crl_this_update(const struct cw_crl *crl);
/** As cw_cert_promise: it counts as signed by `issuer`. */
void cw_crl_promise(struct cw_crl *crl, struct cw_cert *issuer);
/** Whether it is such a promise, and `issuer` has that key. */
bool cw_crl_is_promised_by(const struct cw_crl *crl, X509 *issuer);

/** False where the list has no nextUpdate. */
bool cw_crl_next_update(const struct cw_crl *crl, cw_time *ret);

#endif
