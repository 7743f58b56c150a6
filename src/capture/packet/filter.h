/**
 * A libpcap filter expression, compiled for each type of data link that turns up.
 */
#ifndef CW_CAPTURE_PACKET_FILTER_H
#define CW_CAPTURE_PACKET_FILTER_H

#include "capture/packet/packet.h"

#include "base/error.h"

struct cw_filter;

/** Checks the expression (for Ethernet) and keeps a copy. CW_E_USAGE in libpcap's words. */
CW_MUST_USE bool cw_filter_new(const char *expression, struct cw_filter **ret, struct cw_error *error);
void cw_filter_free(struct cw_filter *filter);
CW_DEFINE_AUTO(struct cw_filter *, cw_filter_free)

/** Whether the filter wants the packet. Fails where the expression
 * makes no sense for its data link (CW_E_USAGE). */
CW_MUST_USE bool cw_filter_wants(
	struct cw_filter *filter, const struct cw_packet *packet, bool *ret, struct cw_error *error);

#endif
