/**
 * The library context in which certificates are parsed: the default provider with few decoders.
 *
 * OpenSSL 3.0 collects all decoders of a context anew for each public key that it reads, over a hundred in
 * the ordinary one, which is two thirds of what parsing a certificate costs. Here are those for the kinds of
 * keys that certificates have; a certificate whose key they cannot read is parsed again in the ordinary
 * context.
 */
#ifndef CW_PKI_CERT_LIBRARY_H
#define CW_PKI_CERT_LIBRARY_H

#include <openssl/x509.h>

/** Made at the first call. NULL, OpenSSL's own name for its ordinary context, where it cannot be made. */
OSSL_LIB_CTX *cw_cert_library(void);

/** As d2i_X509(NULL, …), with the errors of the last try. */
X509 *cw_cert_library_parse(const unsigned char *der, long length);

#endif
