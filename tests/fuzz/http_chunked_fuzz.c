/**
 * Any bytes as a chunked body: whole and byte by byte it is the same body or the same reason, and its size is
 * that of what its chunks announced.
 */
#include "base/buffer.h"
#include "http/http_chunked.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	enum cw_http_progress progress;
	enum cw_http_reason reason;
	size_t left;
	uint64_t announced;
	struct cw_buffer body;
};

static void read_piece(struct cw_http_chunked *chunked, struct cw_http_text *input, struct outcome *outcome)
{
	struct cw_http_text piece;
	do {
		outcome->progress = cw_http_chunked_read(chunked, input, &piece, &outcome->reason);
		if (chunked->announced)
			outcome->announced += chunked->size;
		chunked->announced = false;
		if (piece.length)
			cw_buffer_append(&outcome->body, piece.at, piece.length);
	} while (outcome->progress == CW_HTTP_OPEN && input->length);
}

static void read_body(struct cw_http_text bytes, size_t step, struct outcome *outcome)
{
	struct cw_http_chunked chunked = {0};
	size_t at = 0;
	while (at < bytes.length && outcome->progress == CW_HTTP_OPEN) {
		struct cw_http_text piece = cw_http_text_part(bytes, at, step);
		size_t length = piece.length;
		read_piece(&chunked, &piece, outcome);
		at += length - piece.length;
	}
	outcome->left = bytes.length - at;
	bool whole = outcome->progress == CW_HTTP_WHOLE;
	if (outcome->body.length > outcome->announced ||
		(whole && outcome->body.length != outcome->announced))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cw_http_text bytes = {(const char *)data, size};
	struct outcome whole = {0}, cut = {0};
	read_body(bytes, CW_HTTP_REST, &whole);
	read_body(bytes, 1, &cut);
	if (whole.progress != cut.progress || whole.reason != cut.reason || whole.left != cut.left ||
		whole.body.length != cut.body.length ||
		(cut.body.length && memcmp(whole.body.data, cut.body.data, cut.body.length) != 0))
		abort();
	cw_buffer_finish(&whole.body);
	cw_buffer_finish(&cut.body);
	return 0;
}
