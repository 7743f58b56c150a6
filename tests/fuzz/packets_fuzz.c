/**
 * Any bytes as packets of any link type: link layers, IP, fragments, TCP, reassembly and TLS behind them.
 * What memory is held is given back, and every connection told has its two ends.
 *
 * Input: packets, each a byte of link type, two of length, and so many bytes.
 */
#include "capture/capture.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool on_session(void *context, const struct cw_session *connection, struct cw_error *error)
{
	(void)context;
	(void)error;
	for (int end = 0; end < 2; end++)
		if (connection->sides[end].at.version != 4 && connection->sides[end].at.version != 6)
			abort();
	if ((connection->outcome == CW_OUTCOME_REFUSED) != (connection->refusal != NULL))
		abort();
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t data_link_types[] = {0, 1, 12, 101, 108, 113, 228, 229, 276, 127};
	struct cw_capture_options options = {.on_session = on_session, .flows_max = 16, .readers_max = 8};
	AUTO(cw_capture_free) struct cw_capture *capture = NULL;
	struct cw_error error;
	if (!cw_capture_new(&options, &capture, &error))
		return 0;
	struct cw_packet packet = {0};
	while (size >= 3) {
		packet.data_link_type = data_link_types[data[0] % 10];
		packet.length = (size_t)data[1] << 8 | data[2];
		data += 3;
		size -= 3;
		if (packet.length > size)
			packet.length = size;
		packet.wire_length = packet.length;
		packet.data = data;
		packet.number++;
		if (!cw_capture_packet(capture, &packet, &error))
			abort();
		data += packet.length;
		size -= packet.length;
	}
	if (!cw_capture_finish(capture, &error))
		abort();
	return 0;
}
