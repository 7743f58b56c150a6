#include "observe/log/log_scan.h"

#include "base/forward.h"

#include <stdlib.h>
#include <string.h>

/* As much as stays in a core's own cache while it is looked at twice (newlines, literals). */
#define READ_SIZE ((size_t)256 * 1024)
#define BUFFER_SIZE (CW_LOG_LINE_MAX + READ_SIZE)

struct cw_log_scan {
	struct cw_log_matcher *matcher;
	struct cw_log_incidents incidents;
	struct cw_strings streams;
	uint64_t lines, bytes, matched_lines, unknown_lines;
	struct cw_log_sample samples[CW_LOG_SAMPLES_MAX];
	size_t sample_count;
	struct cw_log_refusals captured;
	/* of the stream at hand */
	uint64_t line;				/* newlines before the buffer */
	uint64_t context[CW_LOG_CONTEXT_COUNT]; /* the line (from 1) that set it last; 0: none */
	char request_port[8];			/* of the last request, for CW_LOG_REQUEST_SENT */
	char *buffer;
	size_t used;
};

bool cw_log_scan_new(struct cw_log_scan **ret, struct cw_error *error)
{
	AUTO(cw_log_scan_free) struct cw_log_scan *scan = calloc(1, sizeof *scan);
	if (!scan || !(scan->buffer = malloc(BUFFER_SIZE)))
		return cw_error_memory(error);
	if (!cw_log_match_new(&scan->matcher, error))
		return false;
	*ret = TAKE(scan);
	return true;
}

void cw_log_scan_free(struct cw_log_scan *scan)
{
	if (!scan)
		return;
	cw_log_match_free(scan->matcher);
	cw_log_incidents_finish(&scan->incidents);
	cw_strings_finish(&scan->streams);
	cw_log_captured_finish(&scan->captured);
	for (size_t i = 0; i < scan->sample_count; i++)
		free(scan->samples[i].text);
	free(scan->buffer);
	free(scan);
}

bool cw_log_scan_begin(struct cw_log_scan *scan, const char *name, struct cw_error *error)
{
	scan->line = 0;
	scan->used = 0;
	memset(scan->context, 0, sizeof scan->context);
	return cw_strings_add(&scan->streams, name) || cw_error_memory(error);
}

char *cw_log_scan_room(struct cw_log_scan *scan, size_t *ret_size)
{
	size_t left = BUFFER_SIZE - scan->used;
	*ret_size = left < READ_SIZE ? left : READ_SIZE;
	return scan->buffer + scan->used;
}

/* Newlines, eight bytes at a time: of each byte that is one, one bit is left. */
static uint64_t newlines(const char *data, size_t length)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), low = UINT64_C(0x7f7f7f7f7f7f7f7f);
	uint64_t count = 0, word;
	size_t at = 0;
	size_t unread = CW_FORWARD_BEGIN;
	while (length - at >= sizeof word && cw_forward(&unread, length - at)) {
		uint64_t lanes = 0; /* a counter in each byte, good for 255 words */
		for (unsigned i = 0; i < 255 && length - at >= sizeof word; i++, at += sizeof word) {
			memcpy(&word, data + at, sizeof word);
			word ^= ones * '\n';
			lanes += ~(((word & low) + low) | word | low) >> 7;
		}
		for (; lanes; lanes >>= 8)
			count += lanes & 0xff;
	}
	for (; at < length; at++)
		count += data[at] == '\n';
	return count;
}

static bool keep_sample(struct cw_log_scan *scan, const struct cw_log_line *line,
	const struct cw_log_place *place, struct cw_error *error)
{
	scan->unknown_lines++;
	if (scan->sample_count == CW_LOG_SAMPLES_MAX)
		return true;
	AUTO_BUFFER shown = {0};
	cw_log_incidents_shown(&shown, &line->text);
	struct cw_log_sample *sample = &scan->samples[scan->sample_count];
	sample->place = *place;
	sample->text = cw_buffer_steal(&shown);
	if (!sample->text)
		return cw_error_memory(error);
	scan->sample_count++;
	return true;
}

/* A line of evidence may tell the port that a later line leaves out. */
static void set_context(struct cw_log_scan *scan, const struct cw_log_row *row,
	const struct cw_log_line *line, uint64_t number)
{
	enum cw_log_context sets = row->near.sets;
	if (!sets)
		return;
	scan->context[sets] = number;
	if (sets != CW_LOG_REQUEST_SENT)
		return;
	struct cw_log_text port = cw_log_line_value(&line->text, "Dst-port");
	size_t length = port.length < sizeof scan->request_port ? port.length : 0;
	if (length)
		memcpy(scan->request_port, port.data, length);
	scan->request_port[length] = '\0';
}

static void find_context(const struct cw_log_scan *scan, uint64_t number, bool seen[CW_LOG_CONTEXT_COUNT])
{
	for (size_t i = 0; i < CW_LOG_CONTEXT_COUNT; i++)
		seen[i] = scan->context[i] && number - scan->context[i] <= CW_LOG_NEAR_LINES;
}

static bool look(struct cw_log_scan *scan, const struct cw_log_text *text, const struct cw_log_place *place,
	struct cw_error *error)
{
	bool seen[CW_LOG_CONTEXT_COUNT];
	struct cw_log_match match;
	struct cw_log_line line;
	find_context(scan, place->line, seen);
	if (!cw_log_match_find(scan->matcher, text->data, text->length, seen, &match))
		return true;
	scan->matched_lines++;
	cw_log_line_read(text->data, text->length, &line);
	set_context(scan, match.row, &line, place->line);
	if (match.row->kind == CW_LOG_EVIDENCE)
		return true;
	if (match.row->kind == CW_LOG_UNKNOWN)
		return keep_sample(scan, &line, place, error);
	if (seen[CW_LOG_REQUEST_SENT] && strcmp(match.row->component, "traffic_server") == 0 &&
		!line.remote.port.length)
		line.remote.port = (struct cw_log_text){scan->request_port, strlen(scan->request_port)};
	return cw_log_incidents_add(&scan->incidents, &match, &line, place, error);
}

/* All lines of the first `length` bytes of the buffer; the last one ends there. */
static bool scan_lines(struct cw_log_scan *scan, size_t length, struct cw_error *error)
{
	const struct cw_log_filter *filter = cw_log_match_filter(scan->matcher);
	const char *data = scan->buffer;
	size_t counted = 0; /* newlines up to here are in scan->line */
	size_t unread = CW_FORWARD_BEGIN;
	for (size_t at = 0; (at = cw_log_filter_next(filter, data, length, at)) < length &&
		cw_forward(&unread, length - at);) {
		const char *before = at > counted ? memrchr(data + counted, '\n', at - counted) : NULL;
		size_t begin = before ? (size_t)(before - data) + 1 : counted;
		const char *after = memchr(data + at, '\n', length - at);
		size_t end = after ? (size_t)(after - data) : length;
		scan->line += newlines(data + counted, begin - counted);
		counted = begin;
		size_t shown = end - begin;
		if (shown && data[begin + shown - 1] == '\r')
			shown--;
		const struct cw_log_text text = {data + begin, shown};
		const struct cw_log_place place = {scan->streams.count - 1, scan->line + 1};
		if (!look(scan, &text, &place, error))
			return false;
		at = end;
	}
	scan->line += newlines(data + counted, length - counted);
	return true;
}

bool cw_log_scan_took(struct cw_log_scan *scan, size_t length, struct cw_error *error)
{
	/* What was there before has no newline, or it would have been looked at. */
	const char *last = length ? memrchr(scan->buffer + scan->used, '\n', length) : NULL;
	scan->bytes += length;
	scan->used += length;
	size_t ready = last ? (size_t)(last - scan->buffer) + 1 : 0;
	if (!ready && scan->used > CW_LOG_LINE_MAX)
		ready = scan->used;
	if (!ready)
		return true;
	uint64_t before = scan->line;
	if (!scan_lines(scan, ready, error))
		return false;
	scan->lines += scan->line - before;
	scan->used -= ready;
	memmove(scan->buffer, scan->buffer + ready, scan->used);
	return true;
}

bool cw_log_scan_end(struct cw_log_scan *scan, struct cw_error *error)
{
	if (scan->used) {
		if (!scan_lines(scan, scan->used, error))
			return false;
		scan->lines++;
		scan->used = 0;
	}
	return cw_log_incidents_flush(&scan->incidents, error);
}

bool cw_log_scan_capture(
	struct cw_log_scan *scan, const char *name, const void *data, size_t length, struct cw_error *error)
{
	if (!cw_strings_add(&scan->streams, name))
		return cw_error_memory(error);
	return cw_log_captured_read(data, length, scan->streams.count - 1, &scan->captured, error);
}

/* A refusal that no line told, written as tshark would: the table's own rows say what it means. */
static bool look_at_refusal(
	struct cw_log_scan *scan, const struct cw_log_refusal *refusal, struct cw_error *error)
{
	char time[CW_TIME_TEXT_SIZE];
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line,
		"%s tshark: Src-ip=\"%s\" Src-port=\"%u\" Dst-ip=\"%s\" Dst-port=\"%u\" %s -> %s "
		"tls.alert_message.desc: %d",
		cw_time_format(refusal->at, time), refusal->sender, refusal->sender_port, refusal->other,
		refusal->other_port, refusal->sender, refusal->other, refusal->alert);
	if (!cw_buffer_ok(&line, error))
		return false;
	const struct cw_log_place place = {refusal->file, refusal->frame};
	return look(scan, &(struct cw_log_text){line.data, line.length}, &place, error);
}

bool cw_log_scan_finish(struct cw_log_scan *scan, struct cw_error *error)
{
	memset(scan->context, 0, sizeof scan->context);
	for (size_t i = 0; i < scan->captured.count; i++) {
		const struct cw_log_refusal *refusal = &scan->captured.items[i];
		if (cw_log_incidents_captured(&scan->incidents, refusal) || refusal->alert < 0)
			continue;
		if (!look_at_refusal(scan, refusal, error))
			return false;
	}
	if (!cw_log_incidents_flush(&scan->incidents, error))
		return false;
	cw_log_incidents_join(&scan->incidents);
	return true;
}

void cw_log_scan_result(struct cw_log_scan *scan, struct cw_log_result *ret)
{
	cw_log_incidents_sort(&scan->incidents);
	*ret = (struct cw_log_result){
		.incidents = scan->incidents.items,
		.incident_count = scan->incidents.count,
		.incidents_left_out = scan->incidents.left_out,
		.streams = &scan->streams,
		.lines = scan->lines,
		.bytes = scan->bytes,
		.matched_lines = scan->matched_lines,
		.unknown_lines = scan->unknown_lines,
		.samples = scan->samples,
		.sample_count = scan->sample_count,
	};
	for (size_t i = 0; i < scan->incidents.count; i++)
		ret->faults += cw_log_row_is_fault(scan->incidents.items[i].row);
}
