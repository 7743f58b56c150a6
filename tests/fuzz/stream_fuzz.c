/**
 * Any segments of one text, in any order, with repetitions: what is read is the text from its beginning, and
 * nothing stays behind.
 *
 * Input: four bytes of first sequence number, then segments: two bytes of place and one of length.
 */
#include "capture/packet/stream.h"

#include <stdlib.h>
#include <string.h>

#define TEXT 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t text_at(size_t place)
{
	return (uint8_t)(place * 31 + place / 256);
}

static size_t check(const struct cw_stream_run *run, size_t read)
{
	for (size_t i = 0; i < run->length; i++)
		if (run->data[i] != text_at(read + i))
			abort();
	return read + run->length;
}

static size_t take_all(struct cw_stream *stream, struct cw_budget *budget, size_t read)
{
	struct cw_stream_run run;
	while (cw_stream_take(stream, budget, &run)) {
		read = check(&run, read);
		cw_stream_piece_free(run.piece);
	}
	return read;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cw_stream stream = {0};
	struct cw_budget budget = {0, 1 << 24};
	struct cw_error error;
	uint8_t text[TEXT + 256], seen[TEXT + 256] = {0};
	if (size < 4)
		return 0;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = text_at(i);
	uint32_t first;
	memcpy(&first, data, 4);
	cw_stream_start(&stream, &budget, first);
	size_t read = 0, wanted = 0;
	for (size_t at = 4; at + 3 <= size; at += 3) {
		size_t place = ((size_t)data[at] << 8 | data[at + 1]) % TEXT, length = data[at + 2];
		struct cw_stream_run run;
		const struct cw_stream_part part = {first + (uint32_t)place, text + place, length, at};
		if (!cw_stream_add(&stream, &budget, &part, data[at] & 0x80, &run, &error))
			abort();
		read = take_all(&stream, &budget, check(&run, read));
		memset(seen + place, 1, length);
		while (wanted < sizeof seen && seen[wanted])
			wanted++;
		if (read != wanted || stream.conflicting)
			abort();
	}
	for (uint32_t hole; (hole = cw_stream_skip_hole(&stream));)
		read = take_all(&stream, &budget, read + hole);
	if (stream.waiting || budget.used)
		abort();
	return 0;
}
