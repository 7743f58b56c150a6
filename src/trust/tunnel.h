/**
 * What SSH asks of a certificate's key beyond TLS: the tunnels use the certificate keys as host key and user
 * key.
 *
 * Private to the trust layer.
 */
#ifndef CW_TRUST_TUNNEL_H
#define CW_TRUST_TUNNEL_H

#include "trust/finding.h"

/** tunnel-key-unfit on the leaf. */
void cw_tunnel_check_key(struct cw_cert *leaf, struct cw_findings *findings);

#endif
