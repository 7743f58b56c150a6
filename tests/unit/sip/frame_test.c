/*
 * What comes out of a stream of bytes: each kind of thing, each way in which it is broken, and that nothing
 * of it depends on how the stream was cut.
 */
#include "support/sip.h"
#include "support/sip_torture.h"

#define REQUEST(length) "OPTIONS sip:e1.acme.test SIP/2.0\r\nContent-Length: " length "\r\n\r\n"
#define COOKIE "\x21\x12\xa4\x42"
#define BINDING "\0\1\0\0" COOKIE "123456789012"

/* What came out, one letter a thing, and the sizes: "M53 P R". */
static void drain(struct cw_sip_frame *frame, struct cw_buffer *out)
{
	static const char letters[] = "-PRSMB";
	struct cw_sip_frame_piece piece;
	for (;;) {
		cw_sip_frame_next(frame, &piece);
		if (piece.kind == CW_SIP_FRAME_MORE)
			return;
		cw_buffer_printf(out, "%c%zu", letters[piece.kind], piece.length);
		if (piece.kind == CW_SIP_FRAME_BROKEN) {
			cw_buffer_printf(out, "/%u %s", piece.status, piece.reason);
			return;
		}
		cw_buffer_append(out, piece.data, piece.length < 3 ? piece.length : 3);
	}
}

/* All at once, or `step` bytes at a time, the first piece `first` bytes long. */
static void run(
	const char *data, size_t length, size_t first, size_t step, bool dialled, struct cw_buffer *out)
{
	struct cw_sip_frame frame = {.dialled = dialled};
	struct cw_error error;
	for (size_t at = 0; at < length && !frame.broken;) {
		size_t size = at ? step : first;
		if (size > length - at)
			size = length - at;
		assert_true(cw_sip_frame_feed(&frame, data + at, size, &error));
		drain(&frame, out);
		at += size;
	}
	cw_sip_frame_finish(&frame);
}

struct row {
	bool dialled;
	const char *bytes;
	size_t length;
	const char *want;
};

#define ROW(dialled, bytes, want) \
	{ \
		dialled, bytes, sizeof(bytes) - 1, want \
	}

static const struct row rows[] = {
	ROW(false, REQUEST("0"), "M55OPT"),
	ROW(false, REQUEST("3") "abc" REQUEST("0"), "M58OPTM55OPT"),
	ROW(false, "\r\n" REQUEST("0"), "M55OPT"),
	ROW(false, "\r\n\r\n", "P4\r\n\r"),
	ROW(false, "\r\n\r\n\r\n" REQUEST("0"), "P4\r\n\rM55OPT"),
	ROW(false, "\r\n", ""),
	ROW(true, "\r\n", "R2\r\n"),
	ROW(true, "\r\n\r\n" REQUEST("0"), "R2\r\nR2\r\nM55OPT"),
	ROW(false, BINDING REQUEST("0") BINDING, "S20"),
	ROW(false, "\r\nX\r\n\n", "B0/0 wanted lines that end in CR and LF"),
	ROW(false, "\rX", "B0/0 wanted a SIP message, found a bare CR"),
	ROW(false, "\n", "B0/0 wanted SIP or STUN, found other bytes"),
	ROW(false, "\x16\x03\x01 TLS in TLS", "B0/0 wanted SIP or STUN, found other bytes"),
	ROW(false, "\0\1\0\0" COOKIE "12345678901", ""),
	ROW(false, "\0\1\0\2" COOKIE "123456789012ab", "B0/0 a STUN message of an unfit length"),
	ROW(false, "\0\1\2\x20" COOKIE "123456789012", "B0/0 a STUN message of an unfit length"),
	ROW(false, "\0\1\0\0cake1234567890121234", "B0/0 wanted SIP or STUN, found other bytes"),
	ROW(false, "OPTIONS sip:e1 SIP/2.0\nContent-Length: 0\n\n",
		"B0/0 wanted lines that end in CR and LF"),
	ROW(false, "OPTIONS sip:e1 SIP/2.0\rX: 1\r\nContent-Length: 0\r\n\r\n",
		"B0/0 wanted lines that end in CR and LF"),
	ROW(false, "OPTIONS sip:e1 SIP/2.0\r\n\r\n", "B26/400 a stream needs Content-Length"),
	ROW(false, REQUEST("-1"), "B56/400 Content-Length is no number of bytes"),
	ROW(false, REQUEST("0x10"), "B58/400 Content-Length is no number of bytes"),
	ROW(false, REQUEST("18446744073709551617"), "B74/400 Content-Length is no number of bytes"),
	ROW(false, REQUEST("1, 1"), "B58/400 Content-Length is no number of bytes"),
	ROW(false, REQUEST(""), "B54/400 Content-Length is no number of bytes"),
	ROW(false, REQUEST("65537"), "B59/413 a body of more than 64 KB"),
	ROW(false, "OPTIONS sip:e1 SIP/2.0\r\nl: 0\r\nContent-Length: 0\r\n\r\n",
		"B51/400 Content-Length stands there twice"),
	ROW(false, "OPTIONS sip:e1 SIP/2.0\r\nContent-Length:\r\n 0\r\n\r\n", "M47OPT"),
	ROW(false, "OPTIONS sip:e1 SIP/2.0\r\nContent-Length\t : 1\r\n\r\nx", "M48OPT"),
	ROW(false, "OPTIONS sip:e1 SIP/2.0\r\nContent-Length : 0\r\nX\r\n\r\n",
		"B0/0 wanted a header field, found a line without a colon"),
	ROW(false, "OPTIONS sip:e1 SIP/2.0\r\nContent Length: 0\r\n\r\n",
		"B0/0 wanted a header field's name, found other bytes"),
	ROW(false, "OPTIONS sip:e1 SIP/2.0\r\nX: a\0b\r\nl: 0\r\n\r\n",
		"B0/0 a control byte stands in a header field's value"),
	ROW(false, "OPTIONS sip:\x01 SIP/2.0\r\nl: 0\r\n\r\n",
		"B0/0 a control byte stands in the start line"),
	ROW(false, "OPTIONS sip:e1\r\n  SIP/2.0\r\nl: 0\r\n\r\n",
		"B0/0 the start line goes on in a second line"),
};

static void each_thing_in_a_stream_is_told_and_each_fault_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER got = {0};
		run(rows[i].bytes, rows[i].length, rows[i].length, 1, rows[i].dialled, &got);
		if (strncmp(rows[i].want, "S20", 3) == 0) { /* its bytes are no text */
			assert_memory_equal(got.data, "S20\0\1\0M55OPTS20\0\1\0", 18);
			continue;
		}
		if (strcmp(cw_buffer_string(&got), rows[i].want) != 0)
			fail_msg("row %zu: wanted \"%s\", found \"%s\"", i, rows[i].want,
				cw_buffer_string(&got));
	}
}

static void check_cut(const char *data, size_t length, size_t first, size_t step, bool dialled,
	const struct cw_buffer *want)
{
	AUTO_BUFFER got = {0};
	run(data, length, first, step, dialled, &got);
	assert_int_equal(got.length, want->length);
	if (want->length)
		assert_memory_equal(got.data, want->data, want->length);
}

static void check_cuts(const char *data, size_t length, bool dialled)
{
	AUTO_BUFFER want = {0};
	run(data, length, length, 1, dialled, &want);
	for (size_t cut = 1; cut < length; cut++)
		check_cut(data, length, cut, length, dialled, &want);
	for (size_t step = 1; step < 8; step++)
		check_cut(data, length, step, step, dialled, &want);
}

static void however_a_stream_is_cut_the_same_comes_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		check_cuts(rows[i].bytes, rows[i].length, rows[i].dialled);
	for (size_t i = 0; i < test_torture_count; i++) {
		AUTO_BUFFER bytes = {0};
		test_torture_write(&test_torture[i], &bytes);
		check_cuts(bytes.data, bytes.length, false);
	}
}

static void a_head_of_16_kb_fits_and_one_byte_more_does_not(void **state)
{
	(void)state;
	for (unsigned more = 0; more < 2; more++) {
		AUTO_BUFFER head = {0};
		AUTO_BUFFER got = {0};
		cw_buffer_text(&head, "OPTIONS sip:e1 SIP/2.0\r\nl: 0\r\nX: ");
		while (head.length < CW_SIP_HEAD_MAX - 4 + more)
			cw_buffer_char(&head, 'x');
		cw_buffer_text(&head, "\r\n\r\n");
		run(head.data, head.length, head.length, 1, false, &got);
		assert_string_equal(got.data,
			more ? "B0/0 start line and header fields of more than 16 KB" : "M16384OPT");
		AUTO_BUFFER want = {0};
		cw_buffer_append(&want, got.data, got.length);
		check_cut(head.data, head.length, 1000, 777, false, &want);
	}
}

static void a_hundred_header_fields_fit_and_one_more_does_not(void **state)
{
	(void)state;
	for (unsigned more = 0; more < 2; more++) {
		AUTO_BUFFER head = {0};
		AUTO_BUFFER got = {0};
		cw_buffer_text(&head, "OPTIONS sip:e1 SIP/2.0\r\nl: 0\r\n");
		for (unsigned i = 1; i < CW_SIP_FIELDS_MAX + more; i++)
			cw_buffer_text(&head, "X: 1\r\n");
		cw_buffer_text(&head, "\r\n");
		run(head.data, head.length, head.length, 1, false, &got);
		assert_string_equal(got.data, more ? "B0/0 more than 100 header fields" : "M626OPT");
	}
}

static void header_fields_without_end_are_held_to_16_kb(void **state)
{
	(void)state;
	struct cw_sip_frame frame = {0};
	struct cw_sip_frame_piece piece;
	struct cw_error error;
	assert_true(cw_sip_frame_feed(&frame, "OPTIONS sip:e1 SIP/2.0\r\n", 24, &error));
	for (unsigned i = 0; i < 10000 && !frame.broken; i++) {
		assert_true(cw_sip_frame_feed(&frame, "X-Header: 0123456789\r\n", 22, &error));
		cw_sip_frame_next(&frame, &piece);
	}
	assert_true(frame.broken);
	assert_true(frame.in.length < CW_SIP_HEAD_MAX + 22);
	assert_true(cw_sip_frame_feed(&frame, "more", 4, &error)); /* and nothing is kept after that */
	assert_int_equal(cw_sip_frame_next(&frame, &piece), CW_SIP_FRAME_BROKEN);
	assert_true(frame.in.length < CW_SIP_HEAD_MAX + 22);
	cw_sip_frame_finish(&frame);
}

static void who_feeds_and_never_takes_is_stopped(void **state)
{
	(void)state;
	struct cw_sip_frame frame = {0};
	struct cw_error error;
	static const char bytes[4096] = {'O'};
	unsigned fed = 0;
	while (fed < 100 && cw_sip_frame_feed(&frame, bytes, sizeof bytes, &error))
		fed++;
	assert_int_equal(error.code, CW_E_LIMIT);
	assert_int_equal(fed, 36);
	cw_sip_frame_finish(&frame);
}

static void a_stream_may_end_between_messages_only(void **state)
{
	(void)state;
	struct cw_sip_frame frame = {0};
	struct cw_sip_frame_piece piece;
	struct cw_error error;
	assert_true(cw_sip_frame_is_clean(&frame));
	assert_true(cw_sip_frame_feed(&frame, "OPT", 3, &error));
	cw_sip_frame_next(&frame, &piece);
	assert_false(cw_sip_frame_is_clean(&frame));
	assert_true(cw_sip_frame_feed(&frame, "IONS sip:e1 SIP/2.0\r\nl: 0\r\n\r\n", 29, &error));
	assert_int_equal(cw_sip_frame_next(&frame, &piece), CW_SIP_FRAME_MESSAGE);
	assert_true(cw_sip_frame_is_clean(&frame));
	cw_sip_frame_finish(&frame);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_thing_in_a_stream_is_told_and_each_fault_named),
		cmocka_unit_test(however_a_stream_is_cut_the_same_comes_out),
		cmocka_unit_test(a_head_of_16_kb_fits_and_one_byte_more_does_not),
		cmocka_unit_test(a_hundred_header_fields_fit_and_one_more_does_not),
		cmocka_unit_test(header_fields_without_end_are_held_to_16_kb),
		cmocka_unit_test(who_feeds_and_never_takes_is_stopped),
		cmocka_unit_test(a_stream_may_end_between_messages_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
