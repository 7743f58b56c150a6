#include "capture/packet/source.h"

#include "capture/packet/filter.h"
#include "capture/packet/interface.h"

enum source_kind { SOURCE_PCAP, SOURCE_PCAPNG, SOURCE_LIVE };

struct cw_source {
	enum source_kind kind;
	struct cw_input *input;
	struct cw_pcap pcap;
	struct cw_pcapng pcapng;
	struct cw_interface *live;
	struct cw_filter *filter; /* files only: the kernel filters a live source */
	const volatile sig_atomic_t *stop;
	uint64_t packets;
};

void cw_source_free(struct cw_source *source)
{
	if (!source)
		return;
	cw_pcap_file_ng_finish(&source->pcapng);
	cw_filter_free(source->filter);
	cw_interface_free(source->live);
	cw_input_free(source->input);
	free(source);
}

/* Which format the input is, by its first bytes. */
static bool tell_format(struct cw_source *source, struct cw_error *error)
{
	const uint8_t *data;
	size_t available;
	if (!cw_input_peek(source->input, 4, &data, &available, error))
		return false;
	if (cw_pcap_file_ng_matches(data, available)) {
		source->kind = SOURCE_PCAPNG;
		return true;
	}
	source->kind = SOURCE_PCAP;
	if (cw_pcap_file_matches(data, available))
		return cw_pcap_file_start(source->input, &source->pcap, error);
	const char *found = available ? "is no capture file" : "is empty";
	if (cw_input_cut(source->input))
		found = "ends inside of its packed data";
	return cw_error_set(error, CW_E_FORMAT,
		"%s: %s; wanted pcap or pcapng, plain or packed with gzip or zstd",
		cw_input_name(source->input), found);
}

bool cw_source_open(const struct cw_source_options *options, struct cw_source **ret, struct cw_error *error)
{
	AUTO(cw_source_free) struct cw_source *source = calloc(1, sizeof *source);
	if (!source)
		return cw_error_memory(error);
	source->stop = options->stop;
	if (options->interface) {
		source->kind = SOURCE_LIVE;
		if (!cw_interface_open(options->interface, options->filter, &source->live, error))
			return false;
	} else {
		if (options->filter && !cw_filter_new(options->filter, &source->filter, error))
			return false;
		if (!cw_input_open(options->path, options->stop, &source->input, error) ||
			!tell_format(source, error))
			return false;
	}
	*ret = TAKE(source);
	return true;
}

bool cw_source_memory(const void *data, size_t length, struct cw_source **ret, struct cw_error *error)
{
	AUTO(cw_source_free) struct cw_source *source = calloc(1, sizeof *source);
	if (!source)
		return cw_error_memory(error);
	if (!cw_input_memory(data, length, &source->input, error) || !tell_format(source, error))
		return false;
	*ret = TAKE(source);
	return true;
}

static bool read_item(struct cw_source *source, struct cw_pcap_file_item *item, struct cw_error *error)
{
	switch (source->kind) {
	case SOURCE_PCAP:
		return cw_pcap_file_next(&source->pcap, source->input, item, error);
	case SOURCE_PCAPNG:
		return cw_pcap_file_ng_next(&source->pcapng, source->input, item, error);
	case SOURCE_LIVE:
		break;
	}
	bool got = false;
	if (!cw_interface_next(source->live, &item->packet, &got, error))
		return false;
	item->kind = got ? CW_PCAP_FILE_PACKET : CW_PCAP_FILE_NOTHING;
	return true;
}

bool cw_source_next(struct cw_source *source, struct cw_pcap_file_item *ret, struct cw_error *error)
{
	if (source->stop && *source->stop) {
		*ret = (struct cw_pcap_file_item){.kind = CW_PCAP_FILE_END};
		return true;
	}
	if (!read_item(source, ret, error))
		return false;
	if (ret->kind != CW_PCAP_FILE_PACKET)
		return true;
	ret->packet.number = ++source->packets;
	bool wanted = true;
	if (source->filter && !cw_filter_wants(source->filter, &ret->packet, &wanted, error))
		return false;
	if (!wanted)
		ret->kind = CW_PCAP_FILE_NOTHING;
	return true;
}

void cw_source_progress(const struct cw_source *source, uint64_t *read, uint64_t *size)
{
	*read = *size = 0;
	if (source->input)
		cw_input_progress(source->input, read, size);
}
