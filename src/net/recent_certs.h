/**
 * Certificates that peers showed lately, parsed: most peers come again, and parsing one costs 79 µs.
 *
 * Bounded, so that nobody fills a node's memory with certificates: a newer one takes the slot of an older
 * one. Nothing is trusted for being here. Not for several threads at once.
 */
#ifndef CW_NET_RECENT_CERTS_H
#define CW_NET_RECENT_CERTS_H

#include "pki/cert.h"

struct cw_recent_certs;

/** NULL: no memory. */
CW_MUST_USE struct cw_recent_certs *cw_recent_certs_new(void);
void cw_recent_certs_free(struct cw_recent_certs *seen);
CW_DEFINE_AUTO(struct cw_recent_certs *, cw_recent_certs_free)

/**
 * The certificate with these bytes; parsed where it is not known, with a NULL `seen` always. The caller owns
 * the reference. NULL: it cannot be parsed, or no memory.
 */
CW_MUST_USE struct cw_cert *cw_recent_certs_parse(
	struct cw_recent_certs *seen, const uint8_t *der, size_t length);

#endif
