/**
 * Any bytes as a form with the boundary "B1": whole and in small pieces it has the same parts or the same
 * reason; and any text as the Content-Type of one.
 */
#include "base/buffer.h"
#include "http/http_multipart.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Appends names, "|" and data; true until it is refused. */
static bool read_piece(struct cw_http_multipart *form, struct cw_http_text input, struct cw_buffer *ret)
{
	struct cw_http_text piece;
	for (;;) {
		switch (cw_http_multipart_read(form, &input, &piece)) {
		case CW_HTTP_FORM_MORE:
			if (input.length)
				abort();
			return true;
		case CW_HTTP_FORM_PART:
			cw_buffer_printf(
				ret, "\n%zu %d %d ", form->part_count, form->has_file_name, form->has_type);
			cw_buffer_append(ret, form->name.at, form->name.length);
			cw_buffer_char(ret, '|');
			break;
		case CW_HTTP_FORM_DATA:
			if (!piece.length)
				abort();
			cw_buffer_append(ret, piece.at, piece.length);
			break;
		case CW_HTTP_FORM_REFUSED:
			return false;
		}
	}
}

static void read_form(struct cw_http_text bytes, size_t step, struct cw_buffer *ret)
{
	struct cw_http_multipart form;
	enum cw_http_reason reason = CW_HTTP_BAD_NOTHING;
	if (!cw_http_multipart_start(&form, cw_http_text("multipart/form-data; boundary=B1"), &reason))
		abort();
	bool open = true;
	for (size_t at = 0; at < bytes.length && open; at += step) {
		open = read_piece(&form, cw_http_text_part(bytes, at, step), ret);
		if (step == CW_HTTP_REST)
			break;
	}
	if (!cw_http_multipart_end(&form, &reason) && reason == CW_HTTP_BAD_NOTHING)
		abort();
	cw_buffer_printf(ret, "\n%s", cw_http_reason_name(reason));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t steps[] = {1, 2, 7};
	const struct cw_http_text bytes = {(const char *)data, size};
	AUTO_BUFFER whole = {0};
	struct cw_http_multipart form;
	enum cw_http_reason reason;
	read_form(bytes, CW_HTTP_REST, &whole);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		AUTO_BUFFER cut = {0};
		read_form(bytes, steps[i], &cut);
		if (whole.length != cut.length || memcmp(whole.data, cut.data, cut.length) != 0)
			abort();
	}
	if (cw_http_multipart_start(&form, bytes, &reason) && form.boundary_length > CW_HTTP_BOUNDARY_MAX + 4)
		abort();
	return 0;
}
