#include "support/traffic.h"

#include "capture/packet/segment.h"
#include "capture/packet/source.h"
#include "support/cmocka.h"

#include <stdlib.h>

#define LINKTYPE_ETHERNET 1

static void *copy(const void *data, size_t length)
{
	void *bytes = malloc(length ? length : 1);
	assert_non_null(bytes);
	if (length)
		memcpy(bytes, data, length);
	return bytes;
}

void test_talk_add(struct test_talk *talk, int from, const void *data, size_t length)
{
	assert_true(cw_memory_grow(&talk->items, &talk->capacity, talk->count, sizeof *talk->items));
	talk->items[talk->count++] = (struct test_saying){from, copy(data, length), length};
}

void test_talk_finish(struct test_talk *talk)
{
	for (size_t i = 0; i < talk->count; i++)
		free(talk->items[i].data);
	free(talk->items);
	*talk = (struct test_talk){0};
}

void test_traffic_finish(struct test_traffic *traffic)
{
	for (size_t i = 0; i < traffic->count; i++)
		free(traffic->items[i].data);
	free(traffic->items);
	*traffic = (struct test_traffic){0};
}

static void add_packet(struct test_traffic *traffic, const struct cw_buffer *packet)
{
	assert_false(packet->failed);
	assert_true(
		cw_memory_grow(&traffic->items, &traffic->capacity, traffic->count, sizeof *traffic->items));
	traffic->items[traffic->count++] =
		(struct test_packet){copy(packet->data, packet->length), packet->length};
}

static void put8(struct cw_buffer *out, unsigned value)
{
	cw_buffer_char(out, (char)value);
}

static void put16(struct cw_buffer *out, unsigned value)
{
	put8(out, value >> 8 & 255);
	put8(out, value & 255);
}

static void put32(struct cw_buffer *out, uint32_t value)
{
	put16(out, value >> 16);
	put16(out, value & 0xffff);
}

static void put_address(struct cw_buffer *out, int side, bool ipv6)
{
	uint8_t address[16] = {10, 0, 0, (uint8_t)(side + 1)};
	if (ipv6)
		memcpy(address, (uint8_t[16]){0x20, 1, 0xd, 0xb8, [15] = (uint8_t)(side + 1)}, 16);
	cw_buffer_append(out, address, ipv6 ? 16 : 4);
}

static void add_ip(struct test_traffic *traffic, const struct test_tcp *tcp, int from, const uint8_t *payload,
	size_t length, size_t offset, bool more, unsigned id)
{
	AUTO_BUFFER packet = {0};
	bool fragment = offset || more;
	cw_buffer_append(&packet, "\2\0\0\0\0\2\2\0\0\0\0\1", 12);
	put16(&packet, tcp->ipv6 ? 0x86dd : 0x0800);
	if (tcp->ipv6) {
		put32(&packet, 0x60000000);
		put16(&packet, (unsigned)length + (fragment ? 8 : 0));
		put8(&packet, fragment ? 44 : 6);
		put8(&packet, 64);
	} else {
		put16(&packet, 0x4500);
		put16(&packet, (unsigned)length + 20);
		put16(&packet, id);
		put16(&packet, (unsigned)(more ? 0x2000 : 0) | (unsigned)(offset / 8));
		put32(&packet, 0x40060000);
	}
	put_address(&packet, from, tcp->ipv6);
	put_address(&packet, !from, tcp->ipv6);
	if (tcp->ipv6 && fragment) {
		put16(&packet, 6 << 8);
		put16(&packet, (unsigned)offset | more);
		put32(&packet, id);
	}
	cw_buffer_append(&packet, payload, length);
	add_packet(traffic, &packet);
}

void test_traffic_add_segment(struct test_traffic *traffic, const struct test_tcp *tcp, int from,
	uint8_t flags, uint32_t sequence, const void *data, size_t length)
{
	AUTO_BUFFER segment = {0};
	uint16_t client = tcp->client_port ? tcp->client_port : 40000;
	uint16_t server = tcp->server_port ? tcp->server_port : 7001;
	uint32_t isn = from == 0 ? (tcp->client_isn ? tcp->client_isn : TEST_CLIENT_ISN)
				 : (tcp->server_isn ? tcp->server_isn : TEST_SERVER_ISN);
	uint32_t other = from == 1 ? (tcp->client_isn ? tcp->client_isn : TEST_CLIENT_ISN)
				   : (tcp->server_isn ? tcp->server_isn : TEST_SERVER_ISN);
	static unsigned id;
	put16(&segment, from == 0 ? client : server);
	put16(&segment, from == 0 ? server : client);
	put32(&segment, isn + sequence + (flags & CW_TCP_SYN ? 0 : 1));
	put32(&segment, flags & CW_TCP_ACK ? other + 1 : 0);
	put8(&segment, 0x50);
	put8(&segment, flags);
	put32(&segment, 0x20000000);
	put16(&segment, 0);
	cw_buffer_append(&segment, data, length);
	size_t part = tcp->fragment ? tcp->fragment & ~(size_t)7 : segment.length;
	id++;
	for (size_t at = 0; at < segment.length; at += part) {
		size_t count = segment.length - at < part ? segment.length - at : part;
		add_ip(traffic, tcp, from, (const uint8_t *)segment.data + at, count, at,
			at + count < segment.length, id);
	}
}

void test_traffic_add_talk(
	struct test_traffic *traffic, const struct test_talk *talk, const struct test_tcp *tcp)
{
	uint32_t sent[2] = {0, 0};
	size_t segment = tcp->segment ? tcp->segment : 1448;
	if (!tcp->no_syn) {
		test_traffic_add_segment(traffic, tcp, 0, CW_TCP_SYN, 0, "", 0);
		test_traffic_add_segment(traffic, tcp, 1, CW_TCP_SYN | CW_TCP_ACK, 0, "", 0);
		test_traffic_add_segment(traffic, tcp, 0, CW_TCP_ACK, 0, "", 0);
	}
	for (size_t i = 0; i < talk->count; i++) {
		const struct test_saying *saying = &talk->items[i];
		for (size_t at = 0; at < saying->length; at += segment) {
			size_t count = saying->length - at < segment ? saying->length - at : segment;
			test_traffic_add_segment(traffic, tcp, saying->from, CW_TCP_ACK, sent[saying->from],
				saying->data + at, count);
			sent[saying->from] += (uint32_t)count;
		}
	}
	if (tcp->reset)
		test_traffic_add_segment(traffic, tcp, 1, CW_TCP_RST | CW_TCP_ACK, sent[1], "", 0);
	else if (!tcp->no_fin)
		for (int from = 0; from < 2; from++)
			test_traffic_add_segment(
				traffic, tcp, from, CW_TCP_FIN | CW_TCP_ACK, sent[from], "", 0);
}

static unsigned draw(unsigned *seed)
{
	*seed = *seed * 1103515245U + 12345U;
	return *seed >> 8;
}

void test_traffic_shuffle(struct test_traffic *traffic, unsigned seed, size_t distance)
{
	for (size_t i = 0; i + 1 < traffic->count; i++) {
		size_t room = traffic->count - i < distance ? traffic->count - i : distance;
		size_t other = i + draw(&seed) % room;
		struct test_packet packet = traffic->items[i];
		traffic->items[i] = traffic->items[other];
		traffic->items[other] = packet;
	}
}

void test_traffic_double(struct test_traffic *traffic, unsigned seed)
{
	size_t count = traffic->count;
	for (size_t i = 0; i < count; i++) {
		size_t at = draw(&seed) % count;
		AUTO_BUFFER packet = {0};
		cw_buffer_append(&packet, traffic->items[at].data, traffic->items[at].length);
		add_packet(traffic, &packet);
		size_t to = draw(&seed) % traffic->count;
		struct test_packet last = traffic->items[traffic->count - 1];
		memmove(traffic->items + to + 1, traffic->items + to,
			(traffic->count - 1 - to) * sizeof *traffic->items);
		traffic->items[to] = last;
	}
}

void test_traffic_drop(struct test_traffic *traffic, size_t index)
{
	assert_true(index < traffic->count);
	free(traffic->items[index].data);
	memmove(traffic->items + index, traffic->items + index + 1,
		(traffic->count - index - 1) * sizeof *traffic->items);
	traffic->count--;
}

static void put_file32(struct cw_buffer *out, uint32_t value)
{
	for (int i = 0; i < 4; i++, value >>= 8)
		put8(out, value & 255);
}

void test_traffic_pcap(const struct test_traffic *traffic, struct cw_buffer *file)
{
	put_file32(file, 0xa1b2c3d4);
	put_file32(file, 0x00040002);
	put_file32(file, 0);
	put_file32(file, 0);
	put_file32(file, 262144);
	put_file32(file, traffic->data_link_type ? traffic->data_link_type : LINKTYPE_ETHERNET);
	for (size_t i = 0; i < traffic->count; i++) {
		put_file32(file, 1795176000U + (uint32_t)(i / 1000));
		put_file32(file, (uint32_t)(i % 1000) * 1000);
		put_file32(file, (uint32_t)traffic->items[i].length);
		put_file32(file, (uint32_t)traffic->items[i].length);
		cw_buffer_append(file, traffic->items[i].data, traffic->items[i].length);
	}
}

static void chains_line(struct cw_buffer *line, const struct cw_session *connection, enum cw_session_end end)
{
	for (size_t i = 0; i < connection->chain_count; i++) {
		const struct cw_session_chain *chain = &connection->chains[i];
		if (chain->from != end)
			continue;
		cw_buffer_printf(line, " %s:", cw_session_end_name(end));
		for (size_t k = 0; k < chain->count; k++)
			cw_buffer_printf(line, "%s%.8s", k ? "," : "", chain->certs[k]->sha256_text);
		if (chain->broken)
			cw_buffer_text(line, "!");
	}
}

/* By side, for the order between sides is that of the packets. */
static void alerts_line(struct cw_buffer *line, const struct cw_session *connection, enum cw_session_end end)
{
	for (size_t i = 0; i < connection->alert_count; i++) {
		const struct cw_session_alert *alert = &connection->alerts[i];
		if (alert->from != end)
			continue;
		if (alert->hidden)
			cw_buffer_printf(line, " alert:%s/hidden", cw_session_end_name(alert->from));
		else
			cw_buffer_printf(line, " alert:%s/%u", cw_session_end_name(alert->from), alert->code);
	}
}

void test_connection_line(struct cw_buffer *line, const struct cw_session *connection)
{
	cw_buffer_text(line, cw_session_outcome_name(connection->outcome));
	if (connection->outcome != CW_OUTCOME_UP && connection->outcome != CW_OUTCOME_UNFINISHED &&
		connection->outcome != CW_OUTCOME_MIDDLE)
		cw_buffer_printf(line, " by %s", cw_session_end_name(connection->refused_by));
	cw_buffer_printf(line, " %s sni=%s resumed=%d hidden=%d asked=%d ca=%zu missing=%llu,%llu",
		connection->version ? cw_hello_version_name(connection->version) : "-",
		connection->sni ? connection->sni : "-", connection->resumed, connection->hidden,
		connection->asked, connection->names ? connection->names->names.count : 0,
		(unsigned long long)connection->sides[0].missing,
		(unsigned long long)connection->sides[1].missing);
	chains_line(line, connection, CW_SESSION_SERVER);
	chains_line(line, connection, CW_SESSION_CLIENT);
	alerts_line(line, connection, CW_SESSION_CLIENT);
	alerts_line(line, connection, CW_SESSION_SERVER);
	if (connection->starttls)
		cw_buffer_printf(line, " after %s", connection->starttls);
	cw_buffer_char(line, '\n');
}

static bool on_session(void *context, const struct cw_session *connection, struct cw_error *error)
{
	test_connection_line(context, connection);
	return cw_buffer_ok(context, error);
}

static void must(bool good, const struct cw_error *error)
{
	if (!good)
		fail_msg("%s", error->message);
}

char *test_file_read(const void *data, size_t length, const char *keylog)
{
	struct cw_buffer lines = {0};
	struct cw_error error;
	struct cw_pcap_file_item item = {0};
	struct cw_capture_options options = {.on_session = on_session, .context = &lines};
	AUTO(cw_source_free) struct cw_source *source = NULL;
	AUTO(cw_capture_free) struct cw_capture *capture = NULL;
	must(cw_source_memory(data, length, &source, &error), &error);
	must(cw_capture_new(&options, &capture, &error), &error);
	if (keylog)
		must(cw_capture_add_secrets(capture, (const uint8_t *)keylog, strlen(keylog), &error),
			&error);
	while (item.kind != CW_PCAP_FILE_END) {
		must(cw_source_next(source, &item, &error), &error);
		if (item.kind == CW_PCAP_FILE_PACKET)
			must(cw_capture_packet(capture, &item.packet, &error), &error);
		if (item.kind == CW_PCAP_FILE_SECRETS)
			must(cw_capture_add_secrets(capture, item.secrets, item.secrets_length, &error),
				&error);
	}
	must(cw_capture_finish(capture, &error), &error);
	char *text = cw_buffer_steal(&lines);
	assert_non_null(text);
	return text;
}

char *test_traffic_read(const struct test_traffic *traffic, const char *keylog)
{
	AUTO_BUFFER file = {0};
	test_traffic_pcap(traffic, &file);
	assert_false(file.failed);
	return test_file_read(file.data, file.length, keylog);
}
