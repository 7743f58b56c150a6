/**
 * Whether the certificate of a box that is visited is taken: by its SHA-256, or by a list of CAs. Private to
 * collect.
 *
 * A pin counts for itself: a box may show what is expired or has another name, as long as it is the very
 * certificate that a person named. Without a pin the one judge decides, as for any web server.
 */
#ifndef CW_COLLECT_COLLECT_TRUST_H
#define CW_COLLECT_COLLECT_TRUST_H

#include "collect/collect.h"

/** The judge of a connection (net/tls.h): `context` is the box. Keeps the leaf, and says in it why not. */
int cw_collect_trust_ask(void *context, struct cw_cert *const *chain, size_t count);

#endif
