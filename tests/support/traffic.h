/**
 * TCP traffic made in memory: what two sides say becomes packets, which can be reordered, doubled, overlapped
 * and lost as real captures do to them, and go through src/capture. Nothing touches a network.
 */
#ifndef TEST_SUPPORT_TRAFFIC_H
#define TEST_SUPPORT_TRAFFIC_H

#include "base/buffer.h"
#include "capture/capture.h"

/** What was said, in its order. */
struct test_saying {
	int from; /* 0: client */
	uint8_t *data;
	size_t length;
};

struct test_talk {
	struct test_saying *items;
	size_t count, capacity;
};

void test_talk_add(struct test_talk *talk, int from, const void *data, size_t length);
void test_talk_finish(struct test_talk *talk);

struct test_packet {
	uint8_t *data;
	size_t length;
};

struct test_traffic {
	struct test_packet *items;
	size_t count, capacity;
	uint32_t data_link_type; /* 0: Ethernet */
};

void test_traffic_finish(struct test_traffic *traffic);

/** How a talk becomes packets. Zero: IPv4, 1448 bytes a segment, first sequence numbers 1000 and 5000000. */
struct test_tcp {
	size_t segment;
	uint32_t client_isn, server_isn;
	uint16_t client_port, server_port; /* 0: 40000 and 7001 */
	bool ipv6;
	bool no_syn; /* begins in the middle */
	bool no_fin;
	bool reset;	 /* the server ends it with RST */
	size_t fragment; /* of IP payload; 0: not fragmented */
};

#define TEST_CLIENT_ISN 1000U
#define TEST_SERVER_ISN 5000000U

void test_traffic_add_talk(
	struct test_traffic *traffic, const struct test_talk *talk, const struct test_tcp *tcp);

/** One segment; `sequence` counts from the first byte of the side's data. */
void test_traffic_add_segment(struct test_traffic *traffic, const struct test_tcp *tcp, int from,
	uint8_t flags, uint32_t sequence, const void *data, size_t length);

/** What happens to captures. `seed` makes it repeatable. */
void test_traffic_shuffle(struct test_traffic *traffic, unsigned seed, size_t distance);
void test_traffic_double(struct test_traffic *traffic, unsigned seed);
void test_traffic_drop(struct test_traffic *traffic, size_t index);

/** Appends a classic pcap file. */
void test_traffic_pcap(const struct test_traffic *traffic, struct cw_buffer *file);

/**
 * What src/capture says of it, a line for each connection:
 * "up TLS 1.2 sni=a resumed=0 hidden=0 asked=1 ca=1 missing=0,0 server:sha,sha client:sha alert:client/48".
 * Allocated.
 */
char *test_traffic_read(const struct test_traffic *traffic, const char *keylog);

/** The same, of a whole file in memory. */
char *test_file_read(const void *data, size_t length, const char *keylog);

/** One line for a connection. */
void test_connection_line(struct cw_buffer *line, const struct cw_session *connection);

#endif
