/*
 * Forms: the table of tests/http, whole and cut at every place, and what a Content-Type must be.
 */
#include "http/http_multipart.h"

#include "support/cmocka.h"
#include "support/http_rows.h"

#include <stdlib.h>

struct form {
	struct cw_http_multipart reader;
	struct cw_buffer *trace, data;
	bool over;
};

static void end_part(struct form *form)
{
	if (form->reader.part_count && form->data.length)
		cw_buffer_append(form->trace, form->data.data, form->data.length);
	form->data.length = 0;
}

static void feed(struct form *form, struct cw_http_text bytes)
{
	AUTO(free) char *copy = malloc(bytes.length ? bytes.length : 1);
	assert_non_null(copy);
	memcpy(copy, bytes.at, bytes.length);
	struct cw_http_text input = {copy, bytes.length}, piece;
	while (!form->over) {
		switch (cw_http_multipart_read(&form->reader, &input, &piece)) {
		case CW_HTTP_FORM_MORE:
			assert_int_equal(input.length, 0);
			return;
		case CW_HTTP_FORM_PART:
			end_part(form);
			cw_buffer_printf(form->trace, "\npart %.*s file=%d type=%d\n",
				(int)form->reader.name.length, form->reader.name.at,
				form->reader.has_file_name, form->reader.has_type);
			break;
		case CW_HTTP_FORM_DATA:
			assert_true(piece.length > 0);
			cw_buffer_append(&form->data, piece.at, piece.length);
			break;
		case CW_HTTP_FORM_REFUSED:
			form->over = true;
			break;
		}
	}
}

/* Appends what the form was to the trace; why it was refused. */
static enum cw_http_reason read_form(
	struct cw_http_text bytes, size_t first, size_t then, struct cw_buffer *ret)
{
	static struct form form;
	enum cw_http_reason reason = CW_HTTP_BAD_NOTHING;
	form.trace = ret;
	form.over = false;
	assert_true(cw_http_multipart_start(
		&form.reader, cw_http_text("multipart/form-data; boundary=B1"), &reason));
	for (size_t at = 0, size = first; at < bytes.length && !form.over; size = then) {
		struct cw_http_text piece = cw_http_text_part(bytes, at, size ? size : CW_HTTP_REST);
		feed(&form, piece);
		at += piece.length;
	}
	if (!cw_http_multipart_end(&form.reader, &reason))
		assert_int_not_equal(reason, CW_HTTP_BAD_NOTHING);
	end_part(&form);
	cw_buffer_finish(&form.data);
	cw_buffer_printf(ret, "\n%s", cw_http_reason_name(reason));
	return reason;
}

static void check(const struct test_row *row, void *context)
{
	AUTO_BUFFER whole = {0};
	size_t *wrong = context;
	enum cw_http_reason reason = read_form(row->bytes, 0, 0, &whole);
	const char *got = reason == CW_HTTP_BAD_NOTHING ? "taken" : cw_http_reason_name(reason);
	if (strcmp(got, row->want) != 0) {
		print_error("%s: wanted %s, got %s\n", row->name, row->want, got);
		++*wrong;
	}
	for (size_t at = 1; at <= row->bytes.length; at++) {
		AUTO_BUFFER cut = {0};
		read_form(row->bytes, at, at == row->bytes.length ? 1 : 0, &cut);
		if (cut.length == whole.length && memcmp(cut.data, whole.data, whole.length) == 0)
			continue;
		print_error("%s: cut at %zu\n%s\nwhole\n%s\n", row->name, at, cw_buffer_string(&cut),
			cw_buffer_string(&whole));
		++*wrong;
	}
}

static void forms_are_taken_or_refused_with_their_reason_however_they_are_cut(void **state)
{
	(void)state;
	size_t wrong = 0;
	assert_true(test_http_rows("tests/http/forms.txt", check, &wrong) > 40);
	assert_int_equal(wrong, 0);
}

static void parts_come_with_their_names_and_bytes(void **state)
{
	(void)state;
	static const char bytes[] =
		"--B1\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nabc\r\n"
		"--B1\r\nContent-Disposition: form-data; name=file; filename=\"C.pem\"\r\n"
		"Content-Type: text/plain\r\n\r\n\r\n--B\r\n\r\n--B1--\r\n";
	AUTO_BUFFER trace = {0};
	assert_int_equal(read_form(cw_http_text(bytes), 1, 1, &trace), CW_HTTP_BAD_NOTHING);
	assert_string_equal(cw_buffer_string(&trace),
		"\npart token file=0 type=0\nabc"
		"\npart file file=1 type=1\n\r\n--B\r\n\nnothing");
}

static void a_form_is_one_with_one_boundary_of_its_bytes(void **state)
{
	(void)state;
	static const struct {
		const char *type;
		bool want;
	} rows[] = {
		{"multipart/form-data; boundary=B1", true},
		{"Multipart/Form-Data;boundary=\"B 1\"", false},
		{"multipart/form-data; boundary=\"B:1\"", true},
		{"multipart/form-data; boundary=----WebKitFormBoundaryAbC0123456789xyz", true},
		{"multipart/form-data; "
		 "boundary=0123456789012345678901234567890123456789012345678901234567890123456789",
			true},
		{"multipart/form-data; "
		 "boundary=01234567890123456789012345678901234567890123456789012345678901234567891",
			false},
		{"multipart/form-data; boundary=", false},
		{"multipart/form-data; boundary=\"\"", false},
		{"multipart/form-data", false},
		{"multipart/form-data; ", false},
		{"multipart/form-data; charset=utf-8; boundary=B1", false},
		{"multipart/form-data; boundary=B1; boundary=B2", false},
		{"multipart/form-data; boundary=B1;", false},
		{"multipart/form-data; boundary=B1 ", false},
		{"multipart/form-data; boundary=\"B1", false},
		{"multipart/form-data boundary=B1", false},
		{"multipart/mixed; boundary=B1", false},
		{"application/x-www-form-urlencoded", false},
		{"", false},
	};
	static struct cw_http_multipart form;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum cw_http_reason reason = CW_HTTP_BAD_NOTHING;
		if (cw_http_multipart_start(&form, cw_http_text(rows[i].type), &reason) != rows[i].want)
			fail_msg("%s", rows[i].type);
		assert_int_equal(reason, rows[i].want ? CW_HTTP_BAD_NOTHING : CW_HTTP_BAD_FORM_TYPE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_are_taken_or_refused_with_their_reason_however_they_are_cut),
		cmocka_unit_test(parts_come_with_their_names_and_bytes),
		cmocka_unit_test(a_form_is_one_with_one_boundary_of_its_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
