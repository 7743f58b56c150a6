#include "capture/packet/source.h"

#include "capture/capture.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/tls_session.h"

#include <openssl/ssl.h>
#include <zlib.h>
#include <zstd.h>

/* Writes the numbers of a capture file, in either byte order. */
struct writer {
	struct cw_buffer bytes;
	bool swapped;
};

static void put(struct writer *writer, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		size_t shift = writer->swapped ? size - 1 - i : i;
		cw_buffer_char(&writer->bytes, (char)(value >> 8 * shift & 255));
	}
}

static void put_pcap(struct writer *writer, uint32_t magic, const char *packet, size_t length)
{
	put(writer, magic, 4);
	put(writer, 2, 2);
	put(writer, 4, 2);
	put(writer, 0, 8);
	put(writer, 262144, 4);
	put(writer, 101, 4);
	for (int i = 0; i < 2; i++) {
		put(writer, 1795176000, 4);
		put(writer, (uint64_t)500 + (uint64_t)i, 4);
		put(writer, length, 4);
		put(writer, length + 5, 4);
		if (magic == 0xa1b2cd34)
			put(writer, 0, 8);
		cw_buffer_append(&writer->bytes, packet, length);
	}
}

static void put_block(struct writer *writer, uint32_t type, const struct cw_buffer *body)
{
	size_t padding = (4 - body->length % 4) % 4;
	put(writer, type, 4);
	put(writer, body->length + padding + 12, 4);
	cw_buffer_append(&writer->bytes, body->data, body->length);
	cw_buffer_append(&writer->bytes, "\0\0\0", padding);
	put(writer, body->length + padding + 12, 4);
}

static void put_section(struct writer *writer)
{
	struct writer body = {.swapped = writer->swapped};
	put(&body, 0x1a2b3c4d, 4);
	put(&body, 1, 2);
	put(&body, 0, 2);
	put(&body, UINT64_MAX, 8);
	put_block(writer, 0x0a0d0d0a, &body.bytes);
	cw_buffer_finish(&body.bytes);
}

static void put_interface(struct writer *writer, unsigned data_link_type, unsigned resolution)
{
	struct writer body = {.swapped = writer->swapped};
	put(&body, data_link_type, 2);
	put(&body, 0, 2);
	put(&body, 0, 4);
	if (resolution) {
		put(&body, 9, 2);
		put(&body, 1, 2);
		put(&body, writer->swapped ? (uint64_t)resolution << 24 : resolution, 4);
	}
	put_block(writer, 1, &body.bytes);
	cw_buffer_finish(&body.bytes);
}

static void put_packet(
	struct writer *writer, unsigned interface, uint64_t ticks, const void *packet, size_t length)
{
	struct writer body = {.swapped = writer->swapped};
	put(&body, interface, 4);
	put(&body, ticks >> 32, 4);
	put(&body, ticks & 0xffffffff, 4);
	put(&body, length, 4);
	put(&body, length, 4);
	cw_buffer_append(&body.bytes, packet, length);
	put_block(writer, 6, &body.bytes);
	cw_buffer_finish(&body.bytes);
}

static struct cw_source *open_bytes(const struct cw_buffer *bytes)
{
	struct cw_source *source;
	struct cw_error error;
	if (!cw_source_memory(bytes->data, bytes->length, &source, &error))
		fail_msg("%s", error.message);
	return source;
}

static struct cw_pcap_file_item next(struct cw_source *source)
{
	struct cw_pcap_file_item item;
	struct cw_error error;
	if (!cw_source_next(source, &item, &error))
		fail_msg("%s", error.message);
	return item;
}

static void classic_files_are_read_in_every_form(void **state)
{
	(void)state;
	static const struct {
		uint32_t magic;
		bool swapped;
		int64_t want;
	} rows[] = {
		{0xa1b2c3d4, false, 1795176000000500000},
		{0xa1b2c3d4, true, 1795176000000500000},
		{0xa1b23c4d, false, 1795176000000000500},
		{0xa1b23c4d, true, 1795176000000000500},
		{0xa1b2cd34, false, 1795176000000500000},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct writer file = {.swapped = rows[i].swapped};
		put_pcap(&file, rows[i].magic, "packet", 6);
		AUTO(cw_source_free) struct cw_source *source = open_bytes(&file.bytes);
		struct cw_pcap_file_item item = next(source);
		assert_int_equal(item.kind, CW_PCAP_FILE_PACKET);
		assert_int_equal(item.packet.time, rows[i].want);
		assert_int_equal(item.packet.length, 6);
		assert_int_equal(item.packet.wire_length, 11);
		assert_int_equal(item.packet.data_link_type, 101);
		assert_memory_equal(item.packet.data, "packet", 6);
		assert_int_equal(next(source).packet.number, 2);
		item = next(source);
		assert_int_equal(item.kind, CW_PCAP_FILE_END);
		assert_false(item.cut);
		cw_buffer_finish(&file.bytes);
	}
}

static void pcapng_interfaces_may_be_of_different_kinds_and_clocks(void **state)
{
	(void)state;
	for (int swapped = 0; swapped < 2; swapped++) {
		struct writer file = {.swapped = swapped};
		put_section(&file);
		put_interface(&file, 1, 0);
		put_interface(&file, 113, 9);
		put_interface(&file, 101, 0x80 | 10);
		put_packet(&file, 1, 1795176000000000007, "b", 1);
		put_packet(&file, 0, 1795176000000001, "aaaaa", 5);
		put_packet(&file, 2, ((uint64_t)1795176000 << 10) + 512, "c", 1);
		AUTO(cw_source_free) struct cw_source *source = open_bytes(&file.bytes);
		struct cw_pcap_file_item item;
		while ((item = next(source)).kind == CW_PCAP_FILE_NOTHING)
			;
		assert_int_equal(item.packet.data_link_type, 113);
		assert_int_equal(item.packet.time, 1795176000000000007);
		item = next(source);
		assert_int_equal(item.packet.data_link_type, 1);
		assert_int_equal(item.packet.time, 1795176000000001000);
		assert_memory_equal(item.packet.data, "aaaaa", 5);
		item = next(source);
		assert_int_equal(item.packet.data_link_type, 101);
		assert_int_equal(item.packet.time, 1795176000500000000);
		assert_int_equal(item.packet.number, 3);
		cw_buffer_finish(&file.bytes);
	}
}

/* A whole TLS 1.3 session as pcapng, with its key log in a secrets block. */
static void secrets_in_the_file_open_what_is_encrypted(void **state)
{
	(void)state;
	struct test_tls spec = {.version = TLS1_3_VERSION, .mutual = true};
	struct test_talk talk = {0};
	struct test_traffic traffic = {0};
	struct writer file = {0}, secrets = {0};
	AUTO_BUFFER keylog = {0};
	test_tls_run(&spec, &talk, &keylog);
	test_traffic_add_talk(&traffic, &talk, &(struct test_tcp){0});
	put_section(&file);
	put_interface(&file, 1, 0);
	put(&secrets, 0x544c534b, 4);
	put(&secrets, keylog.length, 4);
	cw_buffer_append(&secrets.bytes, keylog.data, keylog.length);
	put_block(&file, 10, &secrets.bytes);
	for (size_t i = 0; i < traffic.count; i++)
		put_packet(&file, 0, 1795176000000000 + i, traffic.items[i].data, traffic.items[i].length);
	AUTO(free) char *got = test_file_read(file.bytes.data, file.bytes.length, NULL);
	assert_non_null(strstr(got, "up TLS 1.3 sni=- resumed=0 hidden=0 asked=1"));
	assert_non_null(strstr(got, " client:"));
	cw_buffer_finish(&file.bytes);
	cw_buffer_finish(&secrets.bytes);
	test_traffic_finish(&traffic);
	test_talk_finish(&talk);
}

static void gzip_data(const struct cw_buffer *plain, struct cw_buffer *packed)
{
	z_stream stream = {0};
	unsigned char out[65536];
	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	stream.next_in = (unsigned char *)plain->data;
	stream.avail_in = (unsigned)plain->length;
	stream.next_out = out;
	stream.avail_out = sizeof out;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	cw_buffer_append(packed, out, sizeof out - stream.avail_out);
	deflateEnd(&stream);
}

static void zstd_data(const struct cw_buffer *plain, struct cw_buffer *packed)
{
	unsigned char out[65536];
	size_t length = ZSTD_compress(out, sizeof out, plain->data, plain->length, 3);
	assert_false(ZSTD_isError(length));
	cw_buffer_append(packed, out, length);
}

static size_t count_packets(const char *path, bool *cut)
{
	struct cw_source_options options = {.path = path};
	AUTO(cw_source_free) struct cw_source *source = NULL;
	struct cw_error error;
	if (!cw_source_open(&options, &source, &error))
		fail_msg("%s", error.message);
	size_t count = 0;
	struct cw_pcap_file_item item;
	while ((item = next(source)).kind != CW_PCAP_FILE_END)
		count += item.kind == CW_PCAP_FILE_PACKET;
	*cut = item.cut;
	return count;
}

static void packed_files_are_unpacked_and_told_by_their_content(void **state)
{
	(void)state;
	struct writer file = {0};
	put_pcap(&file, 0xa1b2c3d4, "packet", 6);
	static void (*const packers[])(const struct cw_buffer *, struct cw_buffer *) = {gzip_data, zstd_data};
	for (size_t i = 0; i < 2; i++) {
		AUTO_BUFFER packed = {0};
		bool cut;
		packers[i](&file.bytes, &packed);
		const char *path = test_folder_write("packed.pcap", packed.data, packed.length);
		assert_int_equal(count_packets(path, &cut), 2);
		assert_false(cut);
	}
	cw_buffer_finish(&file.bytes);
}

static void packed_data_that_ends_early_is_said_to(void **state)
{
	(void)state;
	struct writer file = {0};
	AUTO_BUFFER packed = {0};
	bool cut;
	put_pcap(&file, 0xa1b2c3d4, "packet", 6);
	gzip_data(&file.bytes, &packed);
	const char *path = test_folder_write("cut.pcap", packed.data, packed.length - 9);
	assert_true(count_packets(path, &cut) <= 2);
	assert_true(cut);
	packed.length = 0;
	zstd_data(&file.bytes, &packed);
	path = test_folder_write("cut.pcap", packed.data, packed.length - 3);
	struct cw_source_options options = {.path = path};
	struct cw_source *source;
	struct cw_error error;
	assert_false(cw_source_open(&options, &source, &error));
	assert_non_null(strstr(error.message, "ends inside of its packed data"));
	cw_buffer_finish(&file.bytes);
}

static void a_file_that_ends_in_a_packet_gives_those_before_it(void **state)
{
	(void)state;
	struct writer file = {0};
	bool cut;
	put_pcap(&file, 0xa1b2c3d4, "packet", 6);
	const char *path = test_folder_write("cut.pcap", file.bytes.data, file.bytes.length - 2);
	assert_int_equal(count_packets(path, &cut), 1);
	assert_true(cut);
	cw_buffer_finish(&file.bytes);
}

static void what_is_no_capture_is_refused_with_what_is_wanted(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t length;
		enum cw_error_code code;
		const char *want;
	} rows[] = {
		{"", 0, CW_E_FORMAT, "is empty; wanted pcap or pcapng"},
		{"-----BEGIN CERTIFICATE-----", 27, CW_E_FORMAT, "is no capture file; wanted pcap or pcapng"},
		{"\xd4\xc3\xb2\xa1\2\0", 6, CW_E_CAPTURE, "a pcap file has a header of 24"},
		{"\x1f\x8b\x08\0broken!!!!!!!!!!!!", 22, CW_E_FORMAT, "broken gzip data"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *path = test_folder_write("file", rows[i].bytes, rows[i].length);
		struct cw_source_options options = {.path = path};
		struct cw_source *source;
		struct cw_error error;
		assert_false(cw_source_open(&options, &source, &error));
		assert_int_equal(error.code, rows[i].code);
		if (!strstr(error.message, rows[i].want) || !strstr(error.message, path))
			fail_msg("%s", error.message);
	}
}

static void damage_is_told_with_its_place(void **state)
{
	(void)state;
	struct writer file = {0};
	struct cw_pcap_file_item item;
	struct cw_error error;
	put_pcap(&file, 0xa1b2c3d4, "packet", 6);
	put(&file, 0, 8);
	put(&file, 0x7fffffff, 4);
	put(&file, 0, 4);
	AUTO(cw_source_free) struct cw_source *source = open_bytes(&file.bytes);
	next(source);
	next(source);
	assert_false(cw_source_next(source, &item, &error));
	assert_int_equal(error.code, CW_E_CAPTURE);
	assert_non_null(strstr(error.message, "byte 68: a packet of 2147483647 bytes"));
	cw_buffer_finish(&file.bytes);
}

/* Clocks beside those above: finer than a nanosecond, an offset of seconds, and one that is none. */
static void pcapng_clocks_may_be_finer_or_begin_elsewhere(void **state)
{
	(void)state;
	static const struct {
		unsigned resolution;
		uint64_t offset, ticks;
		int64_t want;
	} rows[] = {
		{12, 0, 1795176000007999, 1795176000007},
		{0x80 | 64, 0, 77, 0},
		{0, 1795176000, 5, 1795176005000000000},
		{6, 1795176000, 5000001, 1795176005000001000},
	};
	for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
		bool swapped = i % 2;
		size_t row = i / 2;
		struct writer file = {.swapped = swapped}, body = {.swapped = swapped};
		put_section(&file);
		put(&body, 101, 2);
		put(&body, 0, 6);
		put(&body, 9, 2);
		put(&body, 1, 2);
		put(&body, swapped ? (uint64_t)rows[row].resolution << 24 : rows[row].resolution, 4);
		put(&body, 14, 2);
		put(&body, 8, 2);
		put(&body, rows[row].offset, 8);
		put(&body, 0, 4);
		put_block(&file, 1, &body.bytes);
		put_packet(&file, 0, rows[row].ticks, "a", 1);
		AUTO(cw_source_free) struct cw_source *source = open_bytes(&file.bytes);
		struct cw_pcap_file_item item;
		while ((item = next(source)).kind == CW_PCAP_FILE_NOTHING)
			;
		assert_int_equal(item.packet.time, rows[row].want);
		cw_buffer_finish(&body.bytes);
		cw_buffer_finish(&file.bytes);
	}
}

/* It has no time, and no length of its own but that on the wire. */
static void a_simple_packet_is_cut_where_its_interface_cuts(void **state)
{
	(void)state;
	struct writer file = {0}, interface = {0}, packet = {0};
	put_section(&file);
	put(&interface, 101, 2);
	put(&interface, 0, 2);
	put(&interface, 4, 4);
	put_block(&file, 1, &interface.bytes);
	put(&packet, 1500, 4);
	cw_buffer_append(&packet.bytes, "abcdefgh", 8);
	put_block(&file, 3, &packet.bytes);
	AUTO(cw_source_free) struct cw_source *source = open_bytes(&file.bytes);
	struct cw_pcap_file_item item;
	while ((item = next(source)).kind == CW_PCAP_FILE_NOTHING)
		;
	assert_int_equal(item.packet.length, 4);
	assert_int_equal(item.packet.wire_length, 1500);
	assert_int_equal(item.packet.time, 0);
	assert_memory_equal(item.packet.data, "abcd", 4);
	cw_buffer_finish(&interface.bytes);
	cw_buffer_finish(&packet.bytes);
	cw_buffer_finish(&file.bytes);
}

static void want_damage(const struct writer *file, const char *want)
{
	struct cw_pcap_file_item item = {0};
	struct cw_error error;
	AUTO(cw_source_free) struct cw_source *source = open_bytes(&file->bytes);
	for (int i = 0; i < 3; i++)
		if (!cw_source_next(source, &item, &error)) {
			assert_int_equal(error.code, CW_E_CAPTURE);
			if (!strstr(error.message, want) ||
				!strstr(error.message, "the file is damaged here"))
				fail_msg("wanted %s, got %s", want, error.message);
			return;
		}
	fail_msg("wanted %s, and nothing was refused", want);
}

static void a_damaged_pcapng_block_is_told(void **state)
{
	(void)state;
	static const struct {
		uint32_t type;
		const char *body;
		size_t length;
		const char *want;
	} rows[] = {
		{1, "\x65\0\0\0", 4, "an interface block that is too short"},
		{6, "\0\0\0\0\0\0\0\0", 8, "a packet block that is too short"},
		{6, "\7\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0aaaa", 24,
			"a packet of an interface that was not described"},
		{6, "\0\0\0\0\0\0\0\0\0\0\0\0\5\0\0\0\5\0\0\0aaaa", 24, "a packet longer than its block"},
		{3, "", 0, "a packet block that is too short"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct writer file = {0};
		struct cw_buffer body = {0};
		put_section(&file);
		put_interface(&file, 101, 0);
		cw_buffer_append(&body, rows[i].body, rows[i].length);
		put_block(&file, rows[i].type, &body);
		want_damage(&file, rows[i].want);
		cw_buffer_finish(&body);
		cw_buffer_finish(&file.bytes);
	}
}

static void a_pcapng_block_of_impossible_form_is_told(void **state)
{
	(void)state;
	static const struct {
		uint32_t type, length, again;
		const char *want;
	} rows[] = {
		{6, 13, 13, "a block of an impossible length"},
		{6, 8, 8, "a block of an impossible length"},
		{5, 12, 16, "a block whose two lengths differ"},
		{0x0a0d0d0a, 12, 12, "a section without its byte order mark"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct writer file = {0};
		put_section(&file);
		put(&file, rows[i].type, 4);
		put(&file, rows[i].length, 4);
		put(&file, rows[i].again, 4);
		put(&file, 0, 4);
		want_damage(&file, rows[i].want);
		cw_buffer_finish(&file.bytes);
	}
}

static void a_filter_leaves_frame_numbers_as_they_are(void **state)
{
	(void)state;
	struct test_traffic traffic = {0};
	AUTO_BUFFER file = {0};
	struct test_tcp other = {.server_port = 443}, wanted = {.server_port = 7001};
	test_traffic_add_segment(&traffic, &other, 0, 0x10, 0, "x", 1);
	test_traffic_add_segment(&traffic, &wanted, 0, 0x10, 0, "y", 1);
	test_traffic_pcap(&traffic, &file);
	const char *path = test_folder_write("file.pcap", file.data, file.length);
	struct cw_source_options options = {.path = path, .filter = "port 7001"};
	AUTO(cw_source_free) struct cw_source *source = NULL;
	struct cw_error error;
	assert_true(cw_source_open(&options, &source, &error));
	assert_int_equal(next(source).kind, CW_PCAP_FILE_NOTHING);
	struct cw_pcap_file_item item = next(source);
	assert_int_equal(item.kind, CW_PCAP_FILE_PACKET);
	assert_int_equal(item.packet.number, 2);
	options.filter = "port banana";
	struct cw_source *none;
	assert_false(cw_source_open(&options, &none, &error));
	assert_int_equal(error.code, CW_E_USAGE);
	assert_non_null(strstr(error.message, "filter \"port banana\": "));
	test_traffic_finish(&traffic);
}

static int set_up(void **state)
{
	test_folder_make();
	return test_tls_certs_make(state);
}

static int tear_down(void **state)
{
	test_folder_remove();
	return test_tls_certs_free(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classic_files_are_read_in_every_form),
		cmocka_unit_test(pcapng_interfaces_may_be_of_different_kinds_and_clocks),
		cmocka_unit_test(secrets_in_the_file_open_what_is_encrypted),
		cmocka_unit_test(packed_files_are_unpacked_and_told_by_their_content),
		cmocka_unit_test(packed_data_that_ends_early_is_said_to),
		cmocka_unit_test(a_file_that_ends_in_a_packet_gives_those_before_it),
		cmocka_unit_test(what_is_no_capture_is_refused_with_what_is_wanted),
		cmocka_unit_test(damage_is_told_with_its_place),
		cmocka_unit_test(pcapng_clocks_may_be_finer_or_begin_elsewhere),
		cmocka_unit_test(a_simple_packet_is_cut_where_its_interface_cuts),
		cmocka_unit_test(a_damaged_pcapng_block_is_told),
		cmocka_unit_test(a_pcapng_block_of_impossible_form_is_told),
		cmocka_unit_test(a_filter_leaves_frame_numbers_as_they_are),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
