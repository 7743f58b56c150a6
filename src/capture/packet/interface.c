#include "capture/packet/interface.h"

#include <pcap/pcap.h>
#include <poll.h>
#include <string.h>

#define SNAP_LENGTH 262144
#define WAIT_MS 100
#define KERNEL_BUFFER (8 * 1024 * 1024)

struct cw_interface {
	char *interface;
	pcap_t *pcap;
	uint32_t data_link_type;
};

void cw_interface_free(struct cw_interface *live)
{
	if (!live)
		return;
	if (live->pcap)
		pcap_close(live->pcap);
	free(live->interface);
	free(live);
}

static bool refuse(const struct cw_interface *live, const char *what, struct cw_error *error)
{
	return cw_error_set(error, CW_E_CAPTURE, "%s: %s", live->interface, what);
}

static bool set_filter(struct cw_interface *live, const char *filter, struct cw_error *error)
{
	struct bpf_program code;
	if (pcap_compile(live->pcap, &code, filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
		return cw_error_set(error, CW_E_USAGE, "filter \"%s\": %s", filter, pcap_geterr(live->pcap));
	bool good = pcap_setfilter(live->pcap, &code) == 0;
	pcap_freecode(&code);
	return good || refuse(live, pcap_geterr(live->pcap), error);
}

static bool activate(struct cw_interface *live, struct cw_error *error)
{
	char message[PCAP_ERRBUF_SIZE] = "";
	live->pcap = pcap_create(live->interface, message);
	if (!live->pcap)
		return refuse(live, message, error);
	pcap_set_snaplen(live->pcap, SNAP_LENGTH);
	pcap_set_promisc(live->pcap, 1);
	pcap_set_timeout(live->pcap, WAIT_MS);
	pcap_set_buffer_size(live->pcap, KERNEL_BUFFER);
	int result = pcap_activate(live->pcap);
	if (result < 0) {
		const char *detail = pcap_geterr(live->pcap);
		return refuse(live, *detail ? detail : pcap_statustostr(result), error);
	}
	if (pcap_setnonblock(live->pcap, 1, message) != 0)
		return refuse(live, message, error);
	live->data_link_type = (uint32_t)pcap_datalink(live->pcap);
	return true;
}

bool cw_interface_open(
	const char *interface, const char *filter, struct cw_interface **ret, struct cw_error *error)
{
	AUTO(cw_interface_free) struct cw_interface *live = calloc(1, sizeof *live);
	if (!live || !(live->interface = strdup(interface)))
		return cw_error_memory(error);
	if (!activate(live, error) || (filter && !set_filter(live, filter, error)))
		return false;
	*ret = TAKE(live);
	return true;
}

bool cw_interface_next(struct cw_interface *live, struct cw_packet *packet, bool *got, struct cw_error *error)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	int result = pcap_next_ex(live->pcap, &header, &data);
	if (result == 0) { /* a poll beside libpcap's, because a signal must end the wait */
		struct pollfd wait = {.fd = pcap_get_selectable_fd(live->pcap), .events = POLLIN};
		poll(&wait, 1, WAIT_MS);
		result = pcap_next_ex(live->pcap, &header, &data);
	}
	if (result < 0)
		return refuse(live, pcap_geterr(live->pcap), error);
	*got = result == 1;
	if (*got)
		*packet = (struct cw_packet){
			.data = data,
			.length = header->caplen,
			.wire_length = header->len,
			.time = (int64_t)header->ts.tv_sec * 1000000000 + (int64_t)header->ts.tv_usec * 1000,
			.number = packet->number,
			.data_link_type = live->data_link_type,
		};
	return true;
}
