/**
 * Any bytes as a capture file: pcap, pcapng, gzip, zstd. Every packet lies inside of the input and is no
 * longer than it may be; the end comes.
 */
#include "capture/packet/source.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned sum;

static void look_at(const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length; i++) /* a sanitizer sees each byte that is not there */
		sum += data[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(cw_source_free) struct cw_source *source = NULL;
	struct cw_error error;
	if (!cw_source_memory(data, size, &source, &error))
		return 0;
	struct cw_pcap_file_item item = {0};
	for (size_t total = 0; item.kind != CW_PCAP_FILE_END && total < 64 * 1024 * 1024; total += 16) {
		if (!cw_source_next(source, &item, &error))
			return 0;
		if (item.kind == CW_PCAP_FILE_PACKET) {
			if (item.packet.length > CW_PACKET_MAX && item.packet.length > size)
				abort();
			look_at(item.packet.data, item.packet.length);
			total += item.packet.length;
		}
		if (item.kind == CW_PCAP_FILE_SECRETS)
			look_at(item.secrets, item.secrets_length);
	}
	return 0;
}
