/**
 * A whole capture: packets in, one session record for each TLS connection out.
 *
 * Puts the parts together: data link, IP, fragments, flows, reassembly, TLS. Streaming: a session is reported
 * as soon as its connection is over (at the latest when the capture is), and forgotten. Memory is bounded whatever the
 * capture holds; what had to be given up for that is counted. Judges nothing and prints nothing.
 */
#ifndef CW_CAPTURE_CAPTURE_H
#define CW_CAPTURE_CAPTURE_H

#include "capture/packet/packet.h"
#include "capture/session.h"

/* Connections that are read for TLS at one time: 17 MB. */
#define CW_CAPTURE_READERS_MAX 12000
/* Bytes that wait for others, in all flows together. */
#define CW_CAPTURE_WAITING_MAX ((size_t)8 * 1024 * 1024)

/** What was seen, and what had to be left out. */
struct cw_capture_counts {
	uint64_t packets, bytes;    /* read */
	uint64_t unknown_data_link; /* packets of a data link that is not known here */
	uint64_t no_ip, no_tcp;	    /* packets of other protocols */
	uint64_t broken;	    /* packets whose headers contradict themselves */
	uint64_t cut;		    /* packets that the capture cut short */
	uint64_t fragments_dropped;
	uint64_t flows;	   /* TCP connections */
	uint64_t sessions; /* of them, with TLS */
	uint64_t evicted;  /* given up early, oldest first */
	uint64_t missing;  /* bytes of TLS connections that the capture lacks */
	uint64_t distinct; /* certificates */
	uint64_t distinct_overflow;
	uint32_t unknown_data_link_type; /* the first one met */
};

struct cw_capture_options {
	/* Every TLS session, when its connection is over. The
	 * record is valid during the call. False stops the
	 * run. */
	bool (*on_session)(void *context, const struct cw_session *session, struct cw_error *error);
	/* Every certificate when it is met first; may be NULL. */
	bool (*on_cert)(void *context, const struct cw_captured_cert *cert, struct cw_error *error);
	void *context;
	uint32_t flows_max;   /* 0: CW_FLOWS_MAX */
	uint32_t readers_max; /* 0: CW_LIVE_MAX */
	bool prompt; /* live: report a session two seconds after its handshake, not when it is over */
};

struct cw_capture;

CW_MUST_USE bool cw_capture_new(
	const struct cw_capture_options *options, struct cw_capture **ret, struct cw_error *error);
void cw_capture_free(struct cw_capture *capture);
CW_DEFINE_AUTO(struct cw_capture *, cw_capture_free)

/** Adds the secrets of a key log file, or of lines in memory. See capture/tls/keylog.h. */
CW_MUST_USE bool cw_capture_add_keys(struct cw_capture *capture, const char *path, struct cw_error *error);
CW_MUST_USE bool cw_capture_add_secrets(
	struct cw_capture *capture, const uint8_t *lines, size_t length, struct cw_error *error);

/** Reads one packet. Fails for lack of memory, or where a callback does. */
CW_MUST_USE bool cw_capture_packet(
	struct cw_capture *capture, const struct cw_packet *packet, struct cw_error *error);

/** Live and quiet: reports what is due by now (nanoseconds). */
CW_MUST_USE bool cw_capture_tick(struct cw_capture *capture, int64_t now, struct cw_error *error);

/** The capture is over: reports all that is left, in the order of their last packets. */
CW_MUST_USE bool cw_capture_finish(struct cw_capture *capture, struct cw_error *error);

struct cw_capture_counts cw_capture_counts(const struct cw_capture *capture);

/** All certificates met, for an index; see cw_captured_certs_each. */
const struct cw_captured_certs *cw_capture_certs(const struct cw_capture *capture);

#endif
