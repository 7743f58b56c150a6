/**
 * The library context of OpenSSL in which handshakes run: the default provider, less what no handshake uses.
 *
 * OpenSSL 3.0 reads the public key of a certificate through its decoders. It collects over a hundred of them
 * anew for each certificate, for every kind of key in every format of file, and this is most of what parsing
 * a certificate costs: with three certificates a peer, a third of a handshake. In this context there are no
 * decoders at all, so the certificates that libssl parses have no key that can be used; net/tls.h puts the
 * same certificate, parsed and known before, in their place. Everything else is the default provider's own
 * code, and nothing about trust is decided here.
 */
#ifndef CW_NET_TLS_LIBRARY_H
#define CW_NET_TLS_LIBRARY_H

#include <openssl/crypto.h>

/**
 * Made at the first call, and there as long as the program. NULL, OpenSSL's own name for its ordinary
 * context: where it cannot be made, where the machine's configuration wants other providers (FIPS, a
 * hardware module), and with any OpenSSL but 3.0.
 */
OSSL_LIB_CTX *cw_tls_library(void);

#endif
