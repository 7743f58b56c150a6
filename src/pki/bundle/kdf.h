/**
 * What it costs to turn a password into a key, before it is paid.
 */
#ifndef CW_PKI_BUNDLE_KDF_H
#define CW_PKI_BUNDLE_KDF_H

#include "base/error.h"

#include <openssl/x509.h>
#include <stdint.h>

/*
 * Against a file whose password takes hours to try: the iteration counts of one file added up. Firefox and NSS's
 * pk12util write 600,000 three times (checksum, certificates, key) and once more for each further key; OpenSSL writes
 * 2048, Windows 2000, Java 10,000. Five million take two to three seconds.
 */
#define CW_KDF_COST_MAX 5000000

/** Adds the iterations that `algorithm` (PBES1, PBES2 with PBKDF2 or scrypt) asks for to `*spent`. CW_E_LIMIT
 * when it is too much. */
CW_MUST_USE bool cw_kdf_spend(const X509_ALGOR *algorithm, uint64_t *spent, struct cw_error *error);

/** The same for a count that is known. */
CW_MUST_USE bool cw_kdf_spend_count(uint64_t iterations, uint64_t *spent, struct cw_error *error);

#endif
