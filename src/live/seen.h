/**
 * Certificates that peers showed lately, parsed: most peers come again, and parsing one costs 79 µs.
 *
 * Bounded, so that nobody fills a node's memory with certificates: a newer one takes the slot of an older
 * one. Nothing is trusted for being here. Not for several threads at once.
 */
#ifndef CW_LIVE_SEEN_H
#define CW_LIVE_SEEN_H

#include "pki/cert.h"

struct cw_seen;

/** NULL: no memory. */
CW_MUST_USE struct cw_seen *cw_seen_new(void);
void cw_seen_free(struct cw_seen *seen);
CW_DEFINE_AUTO(struct cw_seen *, cw_seen_free)

/**
 * The certificate with these bytes; parsed where it is not known, with a NULL `seen` always. The caller owns
 * the reference. NULL: it cannot be parsed, or no memory.
 */
CW_MUST_USE struct cw_cert *cw_seen_parse(struct cw_seen *seen, const uint8_t *der, size_t length);

#endif
