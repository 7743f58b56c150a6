/**
 * OpenSSL's reasons as Causeway errors.
 *
 * OpenSSL keeps its reasons in a queue of the thread; one that is left there makes the next SSL_get_error
 * lie. Whoever calls OpenSSL and sees it fail ends with cw_openssl_error, which takes the whole queue away.
 */
#ifndef CW_PKI_OPENSSL_ERROR_H
#define CW_PKI_OPENSSL_ERROR_H

#include "base/error.h"

/**
 * Sets `code` and what printf would print, followed by OpenSSL's innermost reason where it gave one
 * ("cannot sign: digest too big for rsa key"). A failed allocation becomes CW_E_MEMORY. Empties the queue.
 * Returns false.
 */
bool cw_openssl_error(struct cw_error *error, enum cw_error_code code, const char *format, ...)
	CW_PRINTF(3, 4);

#endif
