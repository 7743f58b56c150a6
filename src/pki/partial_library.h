/**
 * Library contexts of OpenSSL 3.0 that hold a part of the default provider.
 *
 * OpenSSL 3.0 searches everything that a context has whenever it reads a public key; a context with less
 * in it is quicker. The algorithms are the default provider's own, and so are their answers.
 */
#ifndef CW_PKI_PARTIAL_LIBRARY_H
#define CW_PKI_PARTIAL_LIBRARY_H

#include "base/memory.h"

#include <openssl/core_dispatch.h>
#include <openssl/provider.h>

/**
 * The default provider. NULL where it is not to be taken apart: with other versions of OpenSSL, which
 * remember their decoders, and where the machine's configuration wants other providers (FIPS, a hardware
 * module).
 */
OSSL_PROVIDER *cw_partial_library_whole(void);

/** Copies those algorithms of the operation whose first name is among `names`; `ret` has room for `count` and
 * an empty one, the end. `property` (may be NULL) must stand in their properties. */
void cw_partial_library_pick(
	int operation, const char *const names[], size_t count, const char *property, OSSL_ALGORITHM *ret);

#define CW_PARTIAL_FUNCTIONS 3

/** The body of a provider's beginning; `query` says what it has. `functions` stay as long as the program. */
int cw_partial_library_begin(OSSL_FUNC_provider_query_operation_fn *query,
	OSSL_DISPATCH functions[CW_PARTIAL_FUNCTIONS], const OSSL_DISPATCH **ret, void **context);

/** A context whose only provider begins with `begin`, for as long as the program. NULL: it cannot be made. */
OSSL_LIB_CTX *cw_partial_library(const char *name, OSSL_provider_init_fn *begin);

#endif
