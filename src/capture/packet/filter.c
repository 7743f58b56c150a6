#include "capture/packet/filter.h"

#include "capture/packet/pcap_file.h"

#include <pcap/pcap.h>
#include <string.h>

#define LINK_TYPES_MAX 8 /* of one run; more kinds of interfaces than any capture has */
#define LINKTYPE_RAW 101

struct program {
	uint32_t data_link_type;
	struct bpf_program code;
};

struct cw_filter {
	char *expression;
	struct program programs[LINK_TYPES_MAX];
	size_t count;
};

void cw_filter_free(struct cw_filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->count; i++)
		pcap_freecode(&filter->programs[i].code);
	free(filter->expression);
	free(filter);
}

static bool compile(struct cw_filter *filter, uint32_t data_link_type, struct cw_error *error)
{
	if (filter->count == LINK_TYPES_MAX)
		return cw_error_set(error, CW_E_LIMIT, "filter: more than %d link types", LINK_TYPES_MAX);
	/* The one data link type whose number in files is not libpcap's own on every system. */
	int own = data_link_type == LINKTYPE_RAW ? DLT_RAW : (int)data_link_type;
	pcap_t *dead = pcap_open_dead(own, CW_PACKET_MAX);
	if (!dead)
		return cw_error_memory(error);
	struct program *program = &filter->programs[filter->count];
	bool good = pcap_compile(dead, &program->code, filter->expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!good)
		cw_error_set(error, CW_E_USAGE, "filter \"%s\": %s", filter->expression, pcap_geterr(dead));
	pcap_close(dead);
	if (!good)
		return false;
	program->data_link_type = data_link_type;
	filter->count++;
	return true;
}

bool cw_filter_new(const char *expression, struct cw_filter **ret, struct cw_error *error)
{
	AUTO(cw_filter_free) struct cw_filter *filter = calloc(1, sizeof *filter);
	if (!filter || !(filter->expression = strdup(expression)))
		return cw_error_memory(error);
	if (!compile(filter, DLT_EN10MB, error))
		return false;
	*ret = TAKE(filter);
	return true;
}

bool cw_filter_wants(
	struct cw_filter *filter, const struct cw_packet *packet, bool *ret, struct cw_error *error)
{
	size_t i = 0;
	while (i < filter->count && filter->programs[i].data_link_type != packet->data_link_type)
		i++;
	if (i == filter->count && !compile(filter, packet->data_link_type, error))
		return false;
	struct pcap_pkthdr header = {
		.caplen = (bpf_u_int32)packet->length,
		.len = (bpf_u_int32)packet->wire_length,
	};
	*ret = pcap_offline_filter(&filter->programs[i].code, &header, packet->data) != 0;
	return true;
}
