/**
 * OpenSSL's checks of RFC 5280 §6, bound to one given path.
 *
 * Private to the trust layer. OpenSSL neither searches nor asks the time here: the path is put in the place
 * of the chain that it would build, the signatures are those that the search has verified, the dates are left
 * to the caller. It may be used again and again, which is what makes it quick.
 */
#ifndef CW_TRUST_OPENSSL_PATH_H
#define CW_TRUST_OPENSSL_PATH_H

#include "trust/path.h"

struct cw_openssl_path;

/** NULL: no memory. */
CW_MUST_USE struct cw_openssl_path *cw_openssl_path_new(void);
void cw_openssl_path_free(struct cw_openssl_path *checker);
CW_DEFINE_AUTO(struct cw_openssl_path *, cw_openssl_path_free)

/** Called for each X509_V_ERR_* about the certificate at `depth`, several times for one if OpenSSL says so.
 */
typedef void (*cw_openssl_path_report)(int error, unsigned depth, void *context);

/**
 * Lets OpenSSL check the path. False where OpenSSL itself failed (CW_E_MEMORY, CW_E_CRYPTO): what it has
 * reported until then is then no answer.
 */
CW_MUST_USE bool cw_openssl_path_check(struct cw_openssl_path *checker,
	const struct cw_judge_question *question, const struct cw_partial_path *partial,
	cw_openssl_path_report report, void *context, struct cw_error *error);

#endif
