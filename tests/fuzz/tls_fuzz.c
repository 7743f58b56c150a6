/**
 * Any bytes of two directions as TLS: records, handshake messages, alerts, decryption. The same bytes in
 * pieces of any size give the same record of the connection.
 *
 * Input: a key log up to a NUL, a byte of seed, then runs: two bytes (direction in the highest bit, length
 * below) and so many bytes.
 */
#include "capture/tls/session_reader.h"

#include "support/traffic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct ends {
	struct cw_session_reader *tls;
	struct cw_buffer waiting[2]; /* what a direction could not take yet */
};

static void feed(struct ends *ends, int from, const uint8_t *data, size_t length)
{
	struct cw_error error;
	const struct cw_stream_run run = {data, length, 1, NULL};
	size_t used = 0;
	if (length && !cw_session_reader_waits(ends->tls, from) && !ends->waiting[from].length &&
		!cw_session_reader_feed(ends->tls, from, &run, &used, &error))
		abort();
	cw_buffer_append(&ends->waiting[from], data + used, length - used);
}

/* What waited goes on as soon as it may. */
static void go_on(struct ends *ends)
{
	for (int turn = 0; turn < 4; turn++)
		for (int from = 0; from < 2; from++) {
			struct cw_buffer taken = ends->waiting[from];
			ends->waiting[from] = (struct cw_buffer){0};
			if (taken.length)
				feed(ends, from, (const uint8_t *)taken.data, taken.length);
			cw_buffer_finish(&taken);
		}
}

static void run(struct cw_session_reader_shared *shared, const uint8_t *data, size_t size, unsigned seed,
	struct cw_buffer *line)
{
	struct ends ends = {.tls = cw_session_reader_new(shared)};
	if (!ends.tls)
		abort();
	while (size >= 2) {
		int from = data[0] >> 7;
		size_t length = (size_t)(data[0] & 0x7f) << 8 | data[1];
		data += 2;
		size -= 2;
		if (length > size)
			length = size;
		size -= length;
		while (length) {
			seed = seed * 1103515245U + 12345U;
			size_t count = seed % 7 == 0 ? 1 + (seed >> 16) % 300 : 1 + (seed >> 16) % 9;
			if (count > length || line->capacity == 0)
				count = length;
			feed(&ends, from, data, count);
			data += count;
			length -= count;
		}
		go_on(&ends);
	}
	cw_session_reader_stop_waiting(ends.tls);
	go_on(&ends);
	struct cw_session_reader_ending ending = {-1, -1};
	int client;
	if (cw_session_reader_has_tls(ends.tls)) {
		line->length = 0;
		test_connection_line(line, cw_session_reader_finish(ends.tls, &ending, 1, &client));
	}
	cw_buffer_finish(&ends.waiting[0]);
	cw_buffer_finish(&ends.waiting[1]);
	cw_session_reader_free(ends.tls);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t plain[CW_RECORD_MAX + 64], window[CW_RECORD_SEARCH_ROOM];
	const uint8_t *end = memchr(data, 0, size);
	struct cw_budget budget = {0, 8 * 1024 * 1024};
	AUTO(cw_captured_certs_free) struct cw_captured_certs *certs = cw_captured_certs_new();
	AUTO(cw_keylog_free) struct cw_keylog *keylog = cw_keylog_new();
	AUTO_BUFFER whole = {0};
	AUTO_BUFFER cut = {0};
	struct cw_error error;
	if (!end || size - (size_t)(end - data) < 2 || !certs || !keylog ||
		!cw_keylog_add(keylog, data, (size_t)(end - data), &error))
		return 0;
	struct cw_session_reader_shared shared = {
		.certs = certs, .keylog = keylog, .budget = &budget, .plain = plain, .window = window};
	size -= (size_t)(end - data) + 2;
	run(&shared, end + 2, size, end[1], &whole);
	cw_buffer_char(&cut, ' '); /* tells run() to cut */
	run(&shared, end + 2, size, end[1], &cut);
	const char *got = cut.length && cut.data[0] == ' ' ? "" : cw_buffer_string(&cut);
	if (strcmp(cw_buffer_string(&whole), got) != 0) {
		fprintf(stderr, "whole: %sin pieces: %s", cw_buffer_string(&whole), got);
		abort();
	}
	if (budget.used)
		abort();
	return 0;
}
