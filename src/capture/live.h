/**
 * Packets from a network interface, by libpcap. Never raises privileges; says what is missing.
 */
#ifndef CW_CAPTURE_LIVE_H
#define CW_CAPTURE_LIVE_H

#include "capture/packet.h"

#include "base/error.h"

struct cw_live;

/** Opens the interface ("any" too) with a filter (may be NULL). CW_E_CAPTURE in libpcap's words. */
CW_MUST_USE bool cw_live_open(
	const char *interface, const char *filter, struct cw_live **ret, struct cw_error *error);
void cw_live_free(struct cw_live *live);
CW_DEFINE_AUTO(struct cw_live *, cw_live_free)

/** The next packet (`*got`), or none within 100 ms or when a signal came. `number` is left alone. */
CW_MUST_USE bool cw_live_next(
	struct cw_live *live, struct cw_packet *packet, bool *got, struct cw_error *error);

#endif
