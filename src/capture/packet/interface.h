/**
 * Packets from a network interface, by libpcap. Never raises privileges; says what is missing.
 */
#ifndef CW_CAPTURE_PACKET_INTERFACE_H
#define CW_CAPTURE_PACKET_INTERFACE_H

#include "capture/packet/packet.h"

#include "base/error.h"

struct cw_interface;

/** Opens the interface ("any" too) with a filter (may be NULL). CW_E_CAPTURE in libpcap's words. */
CW_MUST_USE bool cw_interface_open(
	const char *interface, const char *filter, struct cw_interface **ret, struct cw_error *error);
void cw_interface_free(struct cw_interface *live);
CW_DEFINE_AUTO(struct cw_interface *, cw_interface_free)

/** The next packet (`*got`), or none within 100 ms or when a signal came. `number` is left alone. */
CW_MUST_USE bool cw_interface_next(
	struct cw_interface *live, struct cw_packet *packet, bool *got, struct cw_error *error);

#endif
