/* The bytes below every parser: elements that go on beyond what there is. */
#include "pki/bundle/der.h"

#include "support/cmocka.h"

#define BYTES(text) text, sizeof text - 1

static void an_element_that_goes_beyond_its_bytes_is_none(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t length;
		bool want;
		size_t want_content;
	} rows[] = {
		{BYTES("\x04\x02xy"), true, 2},
		{BYTES("\x04\x81\x02xy"), true, 2},
		{BYTES("\x1f\x87\x68\x01x"), true, 1},	      /* a tag number of two bytes */
		{BYTES("\x30\x80\x04\x01x\0\0"), true, 3},    /* indefinite */
		{BYTES("\x30\x80\x30\x80\0\0\0\0"), true, 4}, /* within another one */
		{BYTES(""), false, 0},
		{BYTES("\x04"), false, 0},
		{BYTES("\x04\x03xy"), false, 0},
		{BYTES("\x04\x82\x01"), false, 0},		 /* a length that is cut off */
		{BYTES("\x04\x89\1\1\1\1\1\1\1\1\1"), false, 0}, /* and one of nine bytes */
		{BYTES("\x04\x80xy\0\0"), false, 0},		 /* only what is constructed has no length */
		{BYTES("\x30\x80\x04\x01x"), false, 0},		 /* without its end */
		{BYTES("\x30\x80\x04\x05x\0\0"), false, 0},	 /* what is inside is cut off */
		{BYTES("\x1f\x87"), false, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cw_der der = {(const uint8_t *)rows[i].bytes, rows[i].length};
		struct cw_der_item item = {0};
		if (cw_der_next(&der, &item) != rows[i].want || item.content.left != rows[i].want_content)
			fail_msg("row %zu: %zu bytes", i, item.content.left);
		assert_int_equal(der.left, rows[i].want ? 0 : rows[i].length);
	}
}

static void elements_within_elements_come_to_an_end(void **state)
{
	(void)state;
	uint8_t bytes[4 * (CW_DER_DEPTH_MAX + 2)] = {0};
	for (unsigned depth = CW_DER_DEPTH_MAX - 1; depth <= CW_DER_DEPTH_MAX + 2; depth++) {
		for (unsigned i = 0; i < depth; i++) {
			bytes[2 * i] = 0x30;
			bytes[2 * i + 1] = 0x80;
			bytes[2 * depth + 2 * i] = bytes[2 * depth + 2 * i + 1] = 0;
		}
		struct cw_der der = {bytes, 4 * (size_t)depth};
		struct cw_der_item item;
		assert_int_equal(cw_der_next(&der, &item), depth <= CW_DER_DEPTH_MAX);
	}
}

static void what_must_stand_alone_says_why_it_does_not(void **state)
{
	(void)state;
	struct cw_error error;
	assert_true(cw_der_check_alone((const uint8_t *)"\x30\x01x", 3, "request", &error));
	assert_false(cw_der_check_alone((const uint8_t *)"", 0, "request", &error));
	assert_string_equal(error.message, "no bytes at all; wanted a DER request");
	assert_int_equal(error.code, CW_E_DER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_element_that_goes_beyond_its_bytes_is_none),
		cmocka_unit_test(elements_within_elements_come_to_an_end),
		cmocka_unit_test(what_must_stand_alone_says_why_it_does_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
