/**
 * What it costs to turn a password into a key, before it is paid.
 */
#ifndef CW_PKI_BUNDLE_KDF_H
#define CW_PKI_BUNDLE_KDF_H

#include "base/error.h"

#include <openssl/x509.h>
#include <stdint.h>

/*
 * Against a file whose password takes hours to try: the iteration counts of one file added up. A million take
 * half a second, and a folder may hold many such files.
 */
#define CW_KDF_COST_MAX 1000000

/** Adds the iterations that `algorithm` (PBES1, PBES2 with PBKDF2 or scrypt) asks for to `*spent`. CW_E_LIMIT
 * when it is too much. */
CW_MUST_USE bool cw_kdf_spend(const X509_ALGOR *algorithm, uint64_t *spent, struct cw_error *error);

/** The same for a count that is known. */
CW_MUST_USE bool cw_kdf_spend_count(uint64_t iterations, uint64_t *spent, struct cw_error *error);

#endif
