/**
 * Probes from elsewhere beside this one: what the same server presented there, from the JSON that `probe -f json`
 * wrote. A server that presents one certificate inside and another outside has a front, or another box behind
 * its name.
 */
#ifndef CW_REPORT_OBSERVED_PROBE_BESIDE_H
#define CW_REPORT_OBSERVED_PROBE_BESIDE_H

#include "observe/probed.h"

/* A probe of 4,000 servers with chains of five is 40 MB. */
#define CW_PROBE_BESIDE_MAX ((size_t)64 * 1024 * 1024)

/**
 * Adds a remark to each server of `set` that `path` has too (same host, port and name asked for): from where it
 * was seen, and whether it presented the same. CW_E_IO, CW_E_FORMAT.
 */
CW_MUST_USE bool cw_probe_beside(struct cw_probed_set *set, const char *path, struct cw_error *error);

#endif
