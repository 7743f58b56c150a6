#include "labrun/lab_packets.h"

#include <pcap/pcap.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define SNAPLEN 65535
/* So that a reader of the file is never far behind. */
#define TIMEOUT_MS 100
/* Several nodes may begin at once while this process is busy. */
#define BUFFER_BYTES (16 * 1024 * 1024)
/* Against one event that never ends. */
#define AT_ONCE 256

struct cw_lab_packets {
	pcap_t *live;
	pcap_dumper_t *file;
	struct event *event;
};

void cw_lab_packets_end(struct cw_lab_packets *packets)
{
	if (!packets)
		return;
	if (packets->event)
		event_free(packets->event);
	struct pollfd last = {.events = POLLIN};
	if (packets->live && packets->file) {
		last.fd = pcap_get_selectable_fd(packets->live);
		(void)poll(&last, 1, 2 * TIMEOUT_MS); /* what the kernel still gathers */
		while (pcap_dispatch(packets->live, AT_ONCE, pcap_dump, (u_char *)packets->file) > 0)
			;
	}
	if (packets->file)
		pcap_dump_close(packets->file);
	if (packets->live)
		pcap_close(packets->live);
	free(packets);
}

CW_DEFINE_AUTO(struct cw_lab_packets *, cw_lab_packets_end)

static void on_packets(evutil_socket_t socket, short what, void *context)
{
	struct cw_lab_packets *packets = context;
	(void)socket;
	(void)what;
	if (pcap_dispatch(packets->live, AT_ONCE, pcap_dump, (u_char *)packets->file) > 0)
		(void)pcap_dump_flush(packets->file);
}

static bool set_filter(pcap_t *live, const struct cw_loopback *loopback)
{
	char text[64];
	struct bpf_program program;
	snprintf(text, sizeof text, "net 127.%u.%u.0/24", loopback->x, loopback->y);
	if (pcap_compile(live, &program, text, 1, PCAP_NETMASK_UNKNOWN) != 0)
		return false;
	bool good = pcap_setfilter(live, &program) == 0;
	pcap_freecode(&program);
	return good;
}

static bool open_live(
	struct cw_lab_packets *packets, const struct cw_loopback *loopback, struct cw_error *error)
{
	char text[PCAP_ERRBUF_SIZE] = "";
	packets->live = pcap_create("lo", text);
	if (!packets->live)
		return cw_error_set(error, CW_E_CAPTURE, "%s", text);
	(void)pcap_set_snaplen(packets->live, SNAPLEN);
	(void)pcap_set_buffer_size(packets->live, BUFFER_BYTES);
	(void)pcap_set_timeout(packets->live, TIMEOUT_MS);
	int status = pcap_activate(packets->live);
	if (status < 0)
		return cw_error_set(error, CW_E_CAPTURE,
			"the loopback interface cannot be captured from: %s; as root it can, or with the "
			"capability CAP_NET_RAW",
			pcap_statustostr(status));
	if (!set_filter(packets->live, loopback) || pcap_setnonblock(packets->live, 1, text) != 0)
		return cw_error_set(error, CW_E_CAPTURE, "%s", pcap_geterr(packets->live));
	return true;
}

bool cw_lab_packets_begin(struct event_base *base, const struct cw_loopback *loopback, const char *path,
	struct cw_lab_packets **ret, struct cw_error *error)
{
	AUTO(cw_lab_packets_end) struct cw_lab_packets *packets = calloc(1, sizeof *packets);
	if (!packets)
		return cw_error_memory(error);
	if (!open_live(packets, loopback, error))
		return false;
	packets->file = pcap_dump_open(packets->live, path);
	if (!packets->file)
		return cw_error_set(error, CW_E_IO, "%s", pcap_geterr(packets->live));
	(void)pcap_dump_flush(packets->file);
	int socket = pcap_get_selectable_fd(packets->live);
	packets->event = event_new(base, socket, EV_READ | EV_PERSIST, on_packets, packets);
	if (socket < 0 || !packets->event || event_add(packets->event, NULL) < 0)
		return cw_error_set(error, CW_E_CAPTURE, "the loopback interface cannot be waited for");
	*ret = TAKE(packets);
	return true;
}
