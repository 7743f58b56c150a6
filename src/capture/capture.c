#include "capture/capture.h"

#include "capture/packet/data_link.h"
#include "capture/packet/flows.h"
#include "capture/packet/fragments.h"
#include "capture/tls/session_reader.h"

#include <string.h>

#define PROMPT_DELAY 2000000000LL
#define SYN_LATE_MAX ((uint32_t)16 * 1024 * 1024)

struct cw_capture {
	struct cw_capture_options options;
	struct cw_capture_counts counts;
	struct cw_fragments *fragments;
	struct cw_flows *flows;
	struct cw_captured_certs *certs;
	struct cw_keylog *keylog;
	struct cw_budget budget;
	struct cw_session_reader_shared shared;
	uint32_t readers; /* flows with TLS state */
	int64_t last_tick;
};

static void release_flow(struct cw_capture *capture, struct cw_flow *flow)
{
	cw_stream_clear(&flow->streams[0], &capture->budget);
	cw_stream_clear(&flow->streams[1], &capture->budget);
	if (flow->tls)
		capture->readers--;
	cw_session_reader_free(TAKE(flow->tls));
}

void cw_capture_free(struct cw_capture *capture)
{
	if (!capture)
		return;
	/* ends: each turn removes one */
	for (struct cw_flow *flow; capture->flows && (flow = cw_flows_oldest(capture->flows));) {
		release_flow(capture, flow);
		cw_flows_remove(capture->flows, flow);
	}
	cw_flows_free(capture->flows);
	cw_fragments_free(capture->fragments);
	cw_captured_certs_free(capture->certs);
	cw_keylog_free(capture->keylog);
	free(capture->shared.plain);
	free(capture->shared.window);
	free(capture);
}

bool cw_capture_new(const struct cw_capture_options *options, struct cw_capture **ret, struct cw_error *error)
{
	AUTO(cw_capture_free) struct cw_capture *capture = calloc(1, sizeof *capture);
	if (!capture)
		return cw_error_memory(error);
	capture->options = *options;
	if (!capture->options.readers_max)
		capture->options.readers_max = CW_CAPTURE_READERS_MAX;
	capture->budget.limit = CW_CAPTURE_WAITING_MAX;
	capture->fragments = cw_fragments_new();
	capture->flows = cw_flows_new(options->flows_max ? options->flows_max : CW_FLOWS_MAX);
	capture->certs = cw_captured_certs_new();
	capture->keylog = cw_keylog_new();
	capture->shared = (struct cw_session_reader_shared){
		.certs = capture->certs,
		.keylog = capture->keylog,
		.budget = &capture->budget,
		.plain = malloc(CW_RECORD_MAX + 64), /* a block of room for ciphers that want it */
		.window = malloc(CW_RECORD_SEARCH_ROOM),
		.on_cert = options->on_cert,
		.context = options->context,
	};
	if (!capture->fragments || !capture->flows || !capture->certs || !capture->keylog ||
		!capture->shared.plain || !capture->shared.window)
		return cw_error_memory(error);
	*ret = TAKE(capture);
	return true;
}

bool cw_capture_add_keys(struct cw_capture *capture, const char *path, struct cw_error *error)
{
	return cw_keylog_read(capture->keylog, path, error);
}

bool cw_capture_add_secrets(
	struct cw_capture *capture, const uint8_t *lines, size_t length, struct cw_error *error)
{
	return cw_keylog_add(capture->keylog, lines, length, error);
}

static void fill_side(struct cw_session_direction *side, const struct cw_flow *flow, int from)
{
	side->at.version = (uint8_t)flow->key.version;
	memcpy(side->at.address, flow->key.address[from], sizeof side->at.address);
	side->at.port = flow->key.port[from];
	side->missing = flow->streams[from].missing;
	side->conflicting = flow->streams[from].conflicting;
	side->from_middle = flow->streams[from].from_middle;
}

/* Which end is the server, where no hello says it: the one that answered a SYN, else the lower port. */
static int guess_server(const struct cw_flow *flow)
{
	if (flow->syn[0] != flow->syn[1])
		return flow->syn[0] ? 1 : 0;
	return flow->key.port[0] <= flow->key.port[1] ? 0 : 1;
}

/* Reports the session, where there was TLS, and keeps no more than its place in the table. */
static bool report(struct cw_capture *capture, struct cw_flow *flow, bool evicted, struct cw_error *error)
{
	bool good = true;
	flow->over = true;
	if (flow->tls && cw_session_reader_has_tls(flow->tls)) {
		struct cw_session_reader_ending ending = {flow->reset_by, flow->ended_by};
		int client;
		struct cw_session *session =
			cw_session_reader_finish(flow->tls, &ending, guess_server(flow), &client);
		fill_side(&session->sides[CW_SESSION_CLIENT], flow, client);
		fill_side(&session->sides[CW_SESSION_SERVER], flow, !client);
		session->first_time = flow->first_time;
		session->last_time = flow->last_time;
		session->first_frame = flow->first_frame;
		session->last_frame = flow->last_frame;
		session->evicted = evicted;
		capture->counts.sessions++;
		capture->counts.missing += session->sides[0].missing + session->sides[1].missing;
		good = capture->options.on_session(capture->options.context, session, error);
	}
	release_flow(capture, flow);
	return good;
}

static bool feed(struct cw_capture *capture, struct cw_flow *flow, int from, struct cw_stream_run *run,
	struct cw_error *error)
{
	size_t used = 0;
	bool good = cw_session_reader_feed(flow->tls, from, run, &used, error);
	if (good && used < run->length)
		good = cw_stream_give_back(&flow->streams[from], &capture->budget, run->data + used,
			run->length - used, run->frame, error);
	cw_stream_piece_free(run->piece);
	return good;
}

/* Reads what waits in one direction, as far as it goes. */
static bool drain(struct cw_capture *capture, struct cw_flow *flow, int from, struct cw_error *error)
{
	struct cw_stream_run run;
	while (!cw_session_reader_waits(flow->tls, from) &&
		cw_stream_take(&flow->streams[from], &capture->budget, &run))
		if (!feed(capture, flow, from, &run, error))
			return false;
	return true;
}

static bool drain_both(struct cw_capture *capture, struct cw_flow *flow, int from, struct cw_error *error)
{
	if (!drain(capture, flow, from, error))
		return false;
	/* One direction's hello may be what the other one waits for, and the other way round. */
	/* ends: each turn takes a piece away, or breaks */
	while (flow->streams[!from].pieces && !cw_session_reader_waits(flow->tls, !from)) {
		const struct cw_stream_piece *before = flow->streams[!from].pieces;
		if (!drain(capture, flow, !from, error))
			return false;
		if (flow->streams[!from].pieces == before)
			break;
	}
	return !flow->streams[from].pieces || drain(capture, flow, from, error);
}

/* A direction whose beginning was not seen starts with what came first. */
static void start_anywhere(struct cw_flow *flow, int from)
{
	if (cw_stream_start_anywhere(&flow->streams[from]))
		cw_session_reader_from_middle(flow->tls, from);
}

/* Gives up the first hole of a direction and reads on behind it. */
static bool skip_hole(struct cw_capture *capture, struct cw_flow *flow, int from, struct cw_error *error)
{
	uint32_t hole = cw_stream_skip_hole(&flow->streams[from]);
	if (hole)
		cw_session_reader_hole(flow->tls, from, hole);
	return drain_both(capture, flow, from, error);
}

/* Too much waits in this direction: for bytes that the capture lacks, or for the other direction. */
static bool limit_waiting(struct cw_capture *capture, struct cw_flow *flow, int from, struct cw_error *error)
{
	const struct cw_stream *stream = &flow->streams[from];
	/* ends: each turn gives up a hole, of which there are as many as pieces */
	while (stream->pieces &&
		(stream->waiting > CW_STREAM_WAITING_MAX || capture->budget.used > capture->budget.limit)) {
		start_anywhere(flow, from);
		if (cw_session_reader_waits(flow->tls, from))
			cw_session_reader_stop_waiting(flow->tls);
		if (!skip_hole(capture, flow, from, error))
			return false;
	}
	return true;
}

/* The end of the flow: nothing is waited for any longer. */
static bool end_flow(struct cw_capture *capture, struct cw_flow *flow, bool evicted, struct cw_error *error)
{
	if (flow->over)
		return true;
	if (flow->tls)
		cw_session_reader_stop_waiting(flow->tls);
	for (int from = 0; flow->tls && from < 2; from++) {
		start_anywhere(flow, from);
		if (!drain_both(capture, flow, from, error))
			return false;
	}
	for (int from = 0; flow->tls && from < 2; from++)
		while (flow->streams[from].pieces)
			if (!skip_hole(capture, flow, from, error))
				return false;
	cw_stream_skip_hole(&flow->streams[0]); /* what is missing before the end */
	cw_stream_skip_hole(&flow->streams[1]);
	return report(capture, flow, evicted, error);
}

static bool evict_oldest(struct cw_capture *capture, struct cw_error *error)
{
	struct cw_flow *oldest = cw_flows_oldest(capture->flows);
	bool reported = oldest->over;
	uint64_t before = capture->counts.sessions;
	if (!end_flow(capture, oldest, true, error))
		return false;
	if (!reported && capture->counts.sessions != before)
		capture->counts.evicted++;
	release_flow(capture, oldest);
	cw_flows_remove(capture->flows, oldest);
	return true;
}

/* The first payload of a flow: from here on it may be TLS. */
static bool begin_tls(struct cw_capture *capture, struct cw_flow *flow, struct cw_error *error)
{
	/* ends: each turn removes a flow, down to this one */
	while (capture->readers >= capture->options.readers_max) {
		if (cw_flows_oldest(capture->flows) == flow)
			break;
		if (!evict_oldest(capture, error))
			return false;
	}
	flow->tls = cw_session_reader_new(&capture->shared);
	if (!flow->tls)
		return cw_error_memory(error);
	capture->readers++;
	return true;
}

static struct cw_flow *begin_flow(struct cw_capture *capture, const struct cw_flow_key *key,
	const struct cw_packet *packet, struct cw_error *error)
{
	while (cw_flows_full(capture->flows))
		if (!evict_oldest(capture, error))
			return NULL;
	struct cw_flow *flow = cw_flows_add(capture->flows, key);
	flow->first_time = packet->time;
	flow->first_frame = packet->number;
	capture->counts.flows++;
	return flow;
}

/* A SYN on a flow that is over, or with another sequence number: the ports are used again. */
static bool is_new_connection(const struct cw_flow *flow, int from, const struct cw_segment *segment)
{
	if (!(segment->flags & CW_TCP_SYN))
		return false;
	const struct cw_stream *stream = &flow->streams[from];
	uint32_t apart = stream->first - (segment->sequence + 1);
	if (!stream->started || apart == 0)
		return false;
	/* Of a connection begun in the middle, a SYN that belongs a little before it only came late. */
	return flow->over || !stream->from_middle || apart > SYN_LATE_MAX;
}

/* What the flags say of both directions. */
static void read_flags(
	struct cw_capture *capture, struct cw_flow *flow, int from, const struct cw_segment *segment)
{
	uint32_t sequence = segment->sequence;
	if (segment->flags & CW_TCP_SYN) {
		flow->syn[from] = !(segment->flags & CW_TCP_ACK);
		cw_stream_start(&flow->streams[from], &capture->budget, sequence + 1);
		if (segment->flags & CW_TCP_ACK)
			cw_stream_start(&flow->streams[!from], &capture->budget, segment->acknowledged);
	}
	if (segment->flags & CW_TCP_FIN) {
		uint32_t syn = segment->flags & CW_TCP_SYN ? 1 : 0;
		cw_stream_end_at(&flow->streams[from], sequence + syn + (uint32_t)segment->wire_length);
		if (flow->ended_by < 0)
			flow->ended_by = (int8_t)from;
	}
	if ((segment->flags & CW_TCP_RST) && flow->reset_by < 0)
		flow->reset_by = (int8_t)from;
}

static bool read_payload(struct cw_capture *capture, struct cw_flow *flow, int from,
	const struct cw_segment *segment, uint64_t frame, struct cw_error *error)
{
	struct cw_stream *stream = &flow->streams[from];
	struct cw_stream_run run;
	if (!flow->tls && !begin_tls(capture, flow, error))
		return false;
	const struct cw_stream_part part = {
		.sequence = segment->sequence + (segment->flags & CW_TCP_SYN ? 1 : 0),
		.data = segment->data,
		.length = segment->length,
		.frame = frame,
	};
	bool waits = cw_session_reader_waits(flow->tls, from);
	if (!cw_stream_add(stream, &capture->budget, &part, waits, &run, error))
		return false;
	if (run.length && !feed(capture, flow, from, &run, error))
		return false;
	if (!stream->started && stream->early >= CW_STREAM_START_WAIT)
		start_anywhere(flow, from);
	if (!stream->pieces && !flow->streams[!from].pieces)
		return true;
	return drain_both(capture, flow, from, error) && limit_waiting(capture, flow, from, error);
}

static bool read_segment(struct cw_capture *capture, const struct cw_packet *packet,
	const struct cw_datagram *datagram, const struct cw_segment *segment, struct cw_error *error)
{
	struct cw_flow_key key;
	int from;
	cw_flows_key(datagram, segment, &key, &from);
	struct cw_flow *flow = cw_flows_find(capture->flows, &key);
	if (flow && is_new_connection(flow, from, segment)) {
		if (!end_flow(capture, flow, false, error))
			return false;
		cw_flows_remove(capture->flows, flow);
		flow = NULL;
	}
	if (!flow && !(flow = begin_flow(capture, &key, packet, error)))
		return false;
	if (flow->over)
		return true;
	flow->last_time = packet->time;
	flow->last_frame = packet->number;
	read_flags(capture, flow, from, segment);
	/* The payload of a reset is a text for a reader, if anything (RFC 9293 §3.5.3). */
	if (segment->length && !(segment->flags & CW_TCP_RST) &&
		!read_payload(capture, flow, from, segment, packet->number, error))
		return false;
	if (cw_stream_over(&flow->streams[0]) && cw_stream_over(&flow->streams[1]))
		return end_flow(capture, flow, false, error);
	return true;
}

static bool read_datagram(struct cw_capture *capture, const struct cw_packet *packet,
	struct cw_datagram *datagram, struct cw_error *error)
{
	bool whole = true;
	if (datagram->fragment && !cw_fragments_add(capture->fragments, datagram, &whole, error))
		return false;
	if (!whole || datagram->fragment)
		return true;
	struct cw_segment segment;
	if (datagram->protocol != CW_IP_TCP) {
		capture->counts.no_tcp++;
		return true;
	}
	if (!cw_segment_read(datagram, &segment)) {
		capture->counts.broken++;
		return true;
	}
	return read_segment(capture, packet, datagram, &segment, error);
}

bool cw_capture_packet(struct cw_capture *capture, const struct cw_packet *packet, struct cw_error *error)
{
	const uint8_t *ip;
	size_t length;
	struct cw_datagram datagram;
	capture->counts.packets++;
	capture->counts.bytes += packet->length;
	capture->counts.cut += packet->length < packet->wire_length;
	if (!cw_data_link_find_ip(packet, &ip, &length)) {
		bool known = cw_data_link_known(packet->data_link_type);
		capture->counts.no_ip += known;
		if (!known && capture->counts.unknown_data_link++ == 0)
			capture->counts.unknown_data_link_type = packet->data_link_type;
		return true;
	}
	if (!cw_ip_read(ip, length, &datagram)) {
		capture->counts.broken++;
		return true;
	}
	if (!read_datagram(capture, packet, &datagram, error))
		return false;
	return !capture->options.prompt || cw_capture_tick(capture, packet->time, error);
}

bool cw_capture_tick(struct cw_capture *capture, int64_t now, struct cw_error *error)
{
	if (now - capture->last_tick < PROMPT_DELAY / 2)
		return true;
	capture->last_tick = now;
	for (struct cw_flow *flow = cw_flows_oldest(capture->flows); flow;
		flow = cw_flows_newer(capture->flows, flow)) {
		bool due = flow->tls && now - flow->first_time > PROMPT_DELAY &&
			cw_session_reader_has_tls(flow->tls) &&
			(flow->reset_by >= 0 || cw_session_reader_settled(flow->tls));
		if (due && !end_flow(capture, flow, false, error))
			return false;
	}
	return true;
}

bool cw_capture_finish(struct cw_capture *capture, struct cw_error *error)
{
	for (struct cw_flow *flow = cw_flows_oldest(capture->flows); flow;
		flow = cw_flows_newer(capture->flows, flow))
		if (!end_flow(capture, flow, false, error))
			return false;
	return true;
}

struct cw_capture_counts cw_capture_counts(const struct cw_capture *capture)
{
	struct cw_capture_counts counts = capture->counts;
	counts.fragments_dropped =
		cw_fragments_dropped(capture->fragments) + cw_fragments_waiting(capture->fragments);
	counts.distinct = cw_captured_certs_count(capture->certs);
	counts.distinct_overflow = cw_captured_certs_overflow(capture->certs);
	return counts;
}

const struct cw_captured_certs *cw_capture_certs(const struct cw_capture *capture)
{
	return capture->certs;
}
