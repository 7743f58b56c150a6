/**
 * Makes what the fuzz targets of src/capture begin with: real TLS sessions, as bytes, as packets and as
 * capture files.
 *
 *     capture_seeds FOLDER
 */
#include "base/file.h"
#include "support/cmocka.h"
#include "support/tls_session.h"

#include <openssl/ssl.h>
#include <stdio.h>

static const char *target;

static void write_seed(const char *fuzz, const char *name, const struct cw_buffer *bytes)
{
	char path[512];
	struct cw_error error;
	snprintf(path, sizeof path, "%s/%s", target, fuzz);
	if (!cw_file_make_folder(path, &error))
		fail_msg("%s", error.message);
	snprintf(path, sizeof path, "%s/%s/%s", target, fuzz, name);
	if (!cw_file_write(path, cw_buffer_string(bytes), bytes->length, 0644, &error))
		fail_msg("%s", error.message);
}

static void seed_tls(const char *name, const struct test_talk *talk, const struct cw_buffer *keylog)
{
	AUTO_BUFFER bytes = {0};
	cw_buffer_append(&bytes, keylog->data, keylog->length);
	cw_buffer_append(&bytes, "\0\7", 2);
	for (size_t i = 0; i < talk->count; i++) {
		const struct test_saying *saying = &talk->items[i];
		cw_buffer_char(&bytes, (char)(saying->from << 7 | (int)(saying->length >> 8)));
		cw_buffer_char(&bytes, (char)(saying->length & 255));
		cw_buffer_append(&bytes, saying->data, saying->length);
	}
	write_seed("tls", name, &bytes);
	write_seed("keylog", name, keylog);
}

static void seed_packets(const char *name, const struct test_traffic *traffic)
{
	AUTO_BUFFER bytes = {0};
	AUTO_BUFFER file = {0};
	for (size_t i = 0; i < traffic->count; i++) {
		cw_buffer_char(&bytes, 1);
		cw_buffer_char(&bytes, (char)(traffic->items[i].length >> 8));
		cw_buffer_char(&bytes, (char)(traffic->items[i].length & 255));
		cw_buffer_append(&bytes, traffic->items[i].data, traffic->items[i].length);
	}
	write_seed("packets", name, &bytes);
	test_traffic_pcap(traffic, &file);
	write_seed("source", name, &file);
}

static void seeds(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct test_tls tls;
		struct test_tcp tcp;
	} rows[] = {
		{"tls12", {.mutual = true, .data = true, .sni = "e1.acme.test"}, {0}},
		{"tls10", {.version = TLS1_VERSION, .mutual = true, .data = true}, {.segment = 300}},
		{"tls13", {.version = TLS1_3_VERSION, .mutual = true, .retry = true, .data = true},
			{.ipv6 = true}},
		{"refused", {.server_refuses = true, .mutual = true}, {.segment = 100, .fragment = 64}},
		{"starttls", {.preface = {"EHLO a\r\n", "250 STARTTLS\r\n", "STARTTLS\r\n", "220\r\n"}},
			{.no_syn = true}},
		{"resumed", {.resume = true}, {.ipv6 = true, .fragment = 128}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct test_talk talk = {0};
		struct test_traffic traffic = {0};
		AUTO_BUFFER keylog = {0};
		test_tls_run(&rows[i].tls, &talk, &keylog);
		test_traffic_add_talk(&traffic, &talk, &rows[i].tcp);
		seed_tls(rows[i].name, &talk, &keylog);
		seed_packets(rows[i].name, &traffic);
		test_talk_finish(&talk);
		test_traffic_finish(&traffic);
	}
	AUTO_BUFFER segments = {0};
	for (int i = 0; i < 60; i++)
		cw_buffer_printf(&segments, "%c%c%c", i % 3, (i * 37) % 256, 20 + i);
	write_seed("stream", "some", &segments);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(seeds)};
	if (argc != 2)
		return 2;
	target = argv[1];
	return cmocka_run_group_tests(tests, test_tls_certs_make, test_tls_certs_free);
}
