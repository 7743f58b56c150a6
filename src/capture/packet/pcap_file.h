/**
 * The two capture file formats: classic pcap and pcapng, each read block by block from an input.
 *
 * Own readers and not libpcap's, because libpcap hands out neither pcapng's decryption secrets nor files
 * whose interfaces are of different data links (docs/decisions.md). Filters and live capture are libpcap's.
 */
#ifndef CW_CAPTURE_PACKET_PCAP_FILE_H
#define CW_CAPTURE_PACKET_PCAP_FILE_H

#include "capture/packet/input.h"
#include "capture/packet/packet.h"

/* Against a length field that asks for gigabytes: libpcap's largest
 * packet is 256 kB, loopback with offload 64 kB. */
#define CW_PACKET_MAX (1024 * 1024)
/* A pcapng block; a secrets block holds a whole key log. */
#define CW_BLOCK_MAX (16 * 1024 * 1024)
/* Against a file that consists of interface descriptions. */
#define CW_INTERFACES_MAX 4096

enum cw_pcap_file_part { CW_PCAP_FILE_PACKET, CW_PCAP_FILE_SECRETS, CW_PCAP_FILE_NOTHING, CW_PCAP_FILE_END };

/** What one step of a source gave. */
struct cw_pcap_file_item {
	enum cw_pcap_file_part kind;
	struct cw_packet packet; /* CW_PCAP_FILE_PACKET; `number` is the source's */
	const uint8_t *secrets;	 /* CW_PCAP_FILE_SECRETS: lines of a key log, borrowed */
	size_t secrets_length;
	bool cut; /* CW_PCAP_FILE_END: the file ends inside a packet */
};

struct cw_pcap {
	bool swapped;
	bool modified; /* 24-byte packet headers (Kuznetzov's Linux patch) */
	uint32_t unit; /* nanoseconds a tick */
	uint32_t data_link_type;
};

/** The input begins with a classic pcap header. */
bool cw_pcap_file_matches(const uint8_t *data, size_t length);
CW_MUST_USE bool cw_pcap_file_start(struct cw_input *input, struct cw_pcap *ret, struct cw_error *error);
/** CW_PCAP_FILE_PACKET or CW_PCAP_FILE_END. Errors name the file and the byte offset (CW_E_CAPTURE). */
CW_MUST_USE bool cw_pcap_file_next(const struct cw_pcap *pcap, struct cw_input *input,
	struct cw_pcap_file_item *ret, struct cw_error *error);

struct cw_pcapng_interface {
	uint32_t data_link_type;
	uint32_t snap_length;
	uint8_t resolution; /* if_tsresol */
	int64_t offset;	    /* seconds, if_tsoffset */
};

struct cw_pcapng {
	bool swapped;
	struct cw_pcapng_interface *interfaces; /* of the section */
	size_t count, capacity;
};

/** The input begins with a section header block. */
bool cw_pcap_file_ng_matches(const uint8_t *data, size_t length);
void cw_pcap_file_ng_finish(struct cw_pcapng *pcapng);
/** CW_PCAP_FILE_PACKET, CW_PCAP_FILE_SECRETS, CW_PCAP_FILE_NOTHING (a block of another kind) or CW_PCAP_FILE_END. */
CW_MUST_USE bool cw_pcap_file_ng_next(struct cw_pcapng *pcapng, struct cw_input *input,
	struct cw_pcap_file_item *ret, struct cw_error *error);

#endif
