/**
 * Every packet of a running lab into a capture file, by libpcap from the loopback interface.
 *
 * Needs the right to capture (root, or CAP_NET_RAW); says so where it is not there. The file is written as packets come
 * and can be opened while it grows.
 */
#ifndef CW_LABRUN_LAB_PACKETS_H
#define CW_LABRUN_LAB_PACKETS_H

#include "net/loopback.h"

#include <event2/event.h>

struct cw_lab_packets;

/** Captures what goes through this network into `path`. CW_E_CAPTURE in libpcap's words, CW_E_IO. */
CW_MUST_USE bool cw_lab_packets_begin(struct event_base *base, const struct cw_loopback *loopback,
	const char *path, struct cw_lab_packets **ret, struct cw_error *error);
/** Writes what is left. */
void cw_lab_packets_end(struct cw_lab_packets *packets);

#endif
