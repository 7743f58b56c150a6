/**
 * What OpenSSL has to be told before its first use by a program.
 *
 * Two things it does not do by itself. It does not always say that memory ran out: a key that could not be
 * copied makes a signature that "does not verify". So its allocations go through functions of this module, which
 * count those that fail (pki/error_mark.h). And what OpenSSL 3.0 builds at first use it builds without
 * testing whether there was memory, and crashes; here it is built at the start, when there is.
 *
 * A program that does not call it works the same as long as memory lasts.
 */
#ifndef CW_PKI_OPENSSL_START_H
#define CW_PKI_OPENSSL_START_H

#include "base/memory.h"

/** To be called first in main, before any other OpenSSL function. False: no memory. */
CW_MUST_USE bool cw_openssl_start(void);

#endif
