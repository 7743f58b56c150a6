#include "lab/export/lab_export_parts.h"

#include "check/check.h"
#include "model/presented.h"
#include "pki/alert.h"

#include <arpa/inet.h>
#include <string.h>

/*
 * The handshakes of a node's links, as a capture on it would show them up to the last message in clear: hellos,
 * what each side presents, and either the alert of the side that refuses (RFC 5246 section 7.2) or the two
 * Finished messages, which are encrypted and here nothing but their outline. TLS 1.2, since in 1.3 a capture shows
 * no certificates.
 */

enum record { RECORD_CHANGE = 20, RECORD_ALERT = 21, RECORD_HANDSHAKE = 22 };
enum message {
	HELLO_C = 1,
	HELLO_S = 2,
	CERTIFICATE = 11,
	REQUEST = 13,
	HELLO_DONE = 14,
	VERIFY = 15,
	KEY_EXCHANGE = 16
};

#define SEGMENT_MAX ((size_t)1400)

struct wire {
	const struct cw_lab_export *job;
	struct cw_buffer *file;
	uint8_t addresses[2][4]; /* client, server */
	uint16_t ports[2];
	uint32_t sequence[2];
	uint32_t packets;
};

static void put(struct cw_buffer *ret, uint64_t value, size_t bytes)
{
	while (bytes-- > 0)
		cw_buffer_char(ret, (char)(value >> (8 * bytes) & 0xff));
}

static void put_little(struct cw_buffer *ret, uint32_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		cw_buffer_char(ret, (char)(value >> (8 * i) & 0xff));
}

/* --- packets --- */

static uint16_t checksum(const uint8_t *data, size_t length)
{
	uint32_t sum = 0;
	for (size_t i = 0; i + 1 < length; i += 2)
		sum += (uint32_t)data[i] << 8 | data[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void put_ip(struct wire *wire, unsigned from, size_t length)
{
	AUTO_BUFFER header = {0};
	put(&header, 0x4500, 2);
	put(&header, 20 + length, 2);
	put(&header, wire->packets, 2);
	put(&header, 0x4000, 2);
	put(&header, 0x4006, 2);
	put(&header, 0, 2);
	cw_buffer_append(&header, wire->addresses[from], 4);
	cw_buffer_append(&header, wire->addresses[!from], 4);
	if (header.failed) {
		wire->file->failed = true;
		return;
	}
	uint16_t sum = checksum((const uint8_t *)header.data, header.length);
	header.data[10] = (char)(sum >> 8);
	header.data[11] = (char)(sum & 0xff);
	cw_buffer_append(wire->file, header.data, header.length);
}

/* One segment on Ethernet, a millisecond after the one before. */
static void put_segment(struct wire *wire, unsigned from, unsigned flags, const void *data, size_t length)
{
	size_t whole = 14 + 20 + 20 + length;
	put_little(wire->file, (uint32_t)wire->job->at + wire->packets / 1000, 4);
	put_little(wire->file, wire->packets % 1000 * 1000, 4);
	put_little(wire->file, (uint32_t)whole, 4);
	put_little(wire->file, (uint32_t)whole, 4);
	put(wire->file, 0x02000000000aULL + !from, 6);
	put(wire->file, 0x02000000000aULL + from, 6);
	put(wire->file, 0x0800, 2);
	put_ip(wire, from, 20 + length);
	put(wire->file, wire->ports[from], 2);
	put(wire->file, wire->ports[!from], 2);
	put(wire->file, wire->sequence[from], 4);
	put(wire->file, wire->sequence[!from], 4);
	put(wire->file, 0x5000 | flags, 2);
	put(wire->file, 0xffff0000, 4); /* window; the checksum was left to the network card */
	put(wire->file, 0, 2);
	cw_buffer_append(wire->file, data, length);
	wire->sequence[from] += (uint32_t)length + ((flags & 3) != 0);
	wire->packets++;
}

static void say(struct wire *wire, unsigned from, const struct cw_buffer *data)
{
	for (size_t at = 0; at < data->length; at += SEGMENT_MAX) {
		size_t left = data->length - at;
		put_segment(wire, from, 0x18, data->data + at, left < SEGMENT_MAX ? left : SEGMENT_MAX);
	}
	wire->file->failed |= data->failed;
}

/* --- TLS --- */

static void put_record(struct cw_buffer *ret, unsigned type, const struct cw_buffer *body)
{
	for (size_t at = 0; at < body->length; at += 16384) {
		size_t length = body->length - at < 16384 ? body->length - at : 16384;
		put(ret, type, 1);
		put(ret, 0x0303, 2);
		put(ret, length, 2);
		cw_buffer_append(ret, body->data + at, length);
	}
	ret->failed |= body->failed;
}

static void put_message(struct cw_buffer *ret, unsigned type, const struct cw_buffer *body)
{
	AUTO_BUFFER message = {0};
	put(&message, type, 1);
	put(&message, body->length, 3);
	cw_buffer_append(&message, body->data, body->length);
	message.failed |= body->failed;
	put_record(ret, RECORD_HANDSHAKE, &message);
}

static void put_hello(struct cw_buffer *ret, bool client)
{
	AUTO_BUFFER body = {0};
	put(&body, 0x0303, 2);
	for (unsigned i = 0; i < 32; i++)
		put(&body, client ? i : 255 - i, 1);
	put(&body, 0, 1); /* no session */
	if (client)
		put(&body, 2, 2);
	put(&body, 0xc02f, 2); /* ECDHE-RSA-AES128-GCM-SHA256 */
	if (client)
		put(&body, 1, 1);
	put(&body, 0, 1); /* no compression */
	put_message(ret, client ? HELLO_C : HELLO_S, &body);
}

static void put_chain(struct cw_buffer *ret, const struct cw_node *node, enum cw_identity_kind kind)
{
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	AUTO_BUFFER certs = {0};
	AUTO_BUFFER body = {0};
	size_t count = node->identities[kind].state == CW_KNOWN ? cw_presented_chain(node, kind, chain) : 0;
	for (size_t i = 0; i < count; i++) {
		size_t length;
		const uint8_t *der = cw_cert_der(chain[i], &length);
		put(&certs, length, 3);
		cw_buffer_append(&certs, der, length);
	}
	put(&body, certs.length, 3);
	cw_buffer_append(&body, certs.data, certs.length);
	body.failed |= certs.failed;
	put_message(ret, CERTIFICATE, &body);
}

static void put_empty(struct cw_buffer *ret, unsigned type)
{
	AUTO_BUFFER body = {0};
	if (type == REQUEST) {
		put(&body, 0x0101, 2);	   /* rsa_sign */
		put(&body, 0x00020401, 4); /* rsa_pkcs1_sha256 */
		put(&body, 0, 2);	   /* no names of CAs, as Expressways do not send any */
	} else if (type != HELLO_DONE) {
		put(&body, 0x0002aaaa, 4);
	}
	put_message(ret, type, &body);
}

static void put_finished(struct cw_buffer *ret)
{
	AUTO_BUFFER change = {0};
	AUTO_BUFFER finished = {0};
	put(&change, 1, 1);
	put_record(ret, RECORD_CHANGE, &change);
	for (unsigned i = 0; i < 40; i++)
		put(&finished, 0xa5 ^ i, 1);
	put_record(ret, RECORD_HANDSHAKE, &finished);
}

/* The alert of the first refusal in TLS; 0: none. */
static int alert_of(const struct cw_link *link, bool *by_client)
{
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_finding *finding = &link->complaints.items[i].finding;
		const struct cw_finding_row *row = cw_finding_row(finding->code);
		if (finding->severity != CW_SEVERITY_REFUSED || !finding->reached ||
			finding->layer != CW_LAYER_TLS || !row->alert)
			continue;
		*by_client =
			link->complaints.items[i].question && link->complaints.items[i].question->by_client;
		return cw_alert_number(row->alert);
	}
	return 0;
}

static void put_alert(struct cw_buffer *ret, int alert)
{
	AUTO_BUFFER body = {0};
	put(&body, 2, 1);
	put(&body, (uint64_t)alert, 1);
	put_record(ret, RECORD_ALERT, &body);
}

static void say_alert(struct wire *wire, unsigned from, int alert)
{
	AUTO_BUFFER data = {0};
	put_alert(&data, alert);
	say(wire, from, &data);
}

static void say_server_flight(struct wire *wire, const struct cw_link_ends *ends, bool asks)
{
	AUTO_BUFFER data = {0};
	enum cw_identity_kind kind;
	put_hello(&data, false);
	if (cw_presented_identity(ends, true, &kind))
		put_chain(&data, ends->server.node, kind);
	if (asks)
		put_empty(&data, REQUEST);
	put_empty(&data, HELLO_DONE);
	say(wire, 1, &data);
}

static void say_client_flight(struct wire *wire, const struct cw_link_ends *ends, bool asked)
{
	AUTO_BUFFER data = {0};
	enum cw_identity_kind kind;
	if (asked && cw_presented_identity(ends, false, &kind))
		put_chain(&data, ends->client.node, kind);
	put_empty(&data, KEY_EXCHANGE);
	if (asked)
		put_empty(&data, VERIFY);
	put_finished(&data);
	say(wire, 0, &data);
}

static void say_handshake(struct wire *wire, const struct cw_link *link, const struct cw_link_ends *ends)
{
	AUTO_BUFFER hello = {0};
	bool by_client = false;
	int alert = alert_of(link, &by_client);
	bool asks = cw_presented_asked(ends, true);
	put_hello(&hello, true);
	say(wire, 0, &hello);
	say_server_flight(wire, ends, asks);
	if (alert && by_client) {
		say_alert(wire, 0, alert);
		return;
	}
	say_client_flight(wire, ends, asks);
	if (alert) {
		say_alert(wire, 1, alert);
		return;
	}
	AUTO_BUFFER data = {0};
	put_finished(&data);
	say(wire, 1, &data);
}

/* --- links --- */

static void address_of(const struct cw_lab_export *job, const struct cw_node *node, uint8_t ret[4])
{
	uint8_t place = 1;
	for (size_t i = 0; i < node->addresses.count; i++)
		if (inet_pton(AF_INET, node->addresses.items[i], ret) == 1)
			return;
	for (size_t i = 0; i < job->deployment->group_count; i++)
		for (size_t j = 0; j < job->deployment->groups[i]->count; j++, place++)
			if (job->deployment->groups[i]->nodes[j] == node) {
				memcpy(ret, (const uint8_t[]){198, 51, 100, place}, 4);
				return;
			}
}

const char *cw_lab_export_address(
	const struct cw_lab_export *job, const struct cw_node *node, char text[CW_LAB_EXPORT_ADDRESS_SIZE])
{
	uint8_t address[4] = {198, 51, 100, 254}; /* an endpoint's */
	if (node)
		address_of(job, node, address);
	inet_ntop(AF_INET, address, text, CW_LAB_EXPORT_ADDRESS_SIZE);
	return text;
}

/* A tunnel is SSH, a registration's check has no connection of its own. */
static bool is_tls(const struct cw_link *link)
{
	return link->port && link->port != 2222 && link->client.node && link->server.node;
}

static void put_connection(struct wire *wire, const struct cw_link *link, unsigned port)
{
	struct cw_link_ends ends = {.kind = link->kind,
		.client = link->client,
		.server = link->server,
		.address = link->address,
		.zone = link->zone};
	address_of(wire->job, link->client.node, wire->addresses[0]);
	address_of(wire->job, link->server.node, wire->addresses[1]);
	wire->ports[0] = (uint16_t)port;
	wire->ports[1] = (uint16_t)link->port;
	wire->sequence[0] = wire->sequence[1] = 1000;
	put_segment(wire, 0, 0x02, NULL, 0);
	put_segment(wire, 1, 0x12, NULL, 0);
	put_segment(wire, 0, 0x10, NULL, 0);
	say_handshake(wire, link, &ends);
	put_segment(wire, 0, 0x11, NULL, 0);
	put_segment(wire, 1, 0x11, NULL, 0);
}

bool cw_lab_export_capture(const struct cw_lab_export *job, const struct cw_node *node, struct cw_buffer *ret)
{
	const struct cw_check *check = job->check;
	struct wire wire = {.job = job, .file = ret};
	put_little(ret, 0xa1b2c3d4, 4);
	put_little(ret, 0x00040002, 4);
	put_little(ret, 0, 4);
	put_little(ret, 0, 4);
	put_little(ret, 262144, 4);
	put_little(ret, 1, 4);
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		if (is_tls(link) && (link->client.node == node || link->server.node == node))
			put_connection(&wire, link, CW_LAB_EXPORT_PORT(i));
	}
	return cw_buffer_ok(ret, job->error);
}
