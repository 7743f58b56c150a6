/**
 * Where packets come from: a capture file (pcap, pcapng; plain, gzip, zstd; `-` for standard input) or a live
 * interface, with an optional libpcap filter. Reads no packet's content.
 */
#ifndef CW_CAPTURE_PACKET_SOURCE_H
#define CW_CAPTURE_PACKET_SOURCE_H

#include "capture/packet/pcap_file.h"

struct cw_source;

struct cw_source_options {
	const char *path;		   /* a file or "-"; NULL with an interface */
	const char *interface;		   /* live; NULL with a path */
	const char *filter;		   /* libpcap's language (pcap-filter(7)), or NULL */
	const volatile sig_atomic_t *stop; /* may be NULL: set by a signal handler to end early */
};

/**
 * Opens the source. Errors name the file or the interface: CW_E_IO, CW_E_FORMAT (neither pcap nor pcapng),
 * CW_E_CAPTURE (libpcap's own words for an interface or a filter).
 */
CW_MUST_USE bool cw_source_open(
	const struct cw_source_options *options, struct cw_source **ret, struct cw_error *error);

/** A capture file in memory, unfiltered: for tests and fuzzing. */
CW_MUST_USE bool cw_source_memory(
	const void *data, size_t length, struct cw_source **ret, struct cw_error *error);

void cw_source_free(struct cw_source *source);
CW_DEFINE_AUTO(struct cw_source *, cw_source_free)

/**
 * The next packet, secrets block, nothing (live: none came for 100 ms; also a packet that the filter does not
 * want), or the end. What it points to is valid until the next call. Frame numbers count every packet of the
 * file, those too that the filter does not want.
 */
CW_MUST_USE bool cw_source_next(
	struct cw_source *source, struct cw_pcap_file_item *ret, struct cw_error *error);

/** For a progress bar; both 0 for a live source. */
void cw_source_progress(const struct cw_source *source, uint64_t *read, uint64_t *size);

#endif
