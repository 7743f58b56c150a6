/*
 * Devices that register over SIP, for bench/run_register: each over a TLS connection of its own.
 *
 *     register_load ADDRESS COUNT PROXY
 *
 * COUNT devices, 5061 of ADDRESS, in the domain PROXY. Then it does what lines say, and prints one for each that is done:
 *
 *     all               those that are not registered register, 64 at a time:         registered, seconds, tries that failed
 *     refresh N RATE    N REGISTER more over the connections that stand, in turn, RATE a second (0: 64 at a time):
 *                                                                                      answered, seconds, 401 among them
 *     fresh N ONE       N times a new connection, REGISTER, its challenge, and again (ONE is 1: no more than the challenge):
 *                                                                                      good, seconds, failed
 *     lose OTHER PIDS   kills the processes; who is cut off comes to OTHER:            registered, seconds, tries that failed
 */
#include "crowd.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PORT 5061
#define AT_ONCE 64
#define NONCE_SIZE 256

struct device {
	struct cw_connection *connection;
	struct event *again;
	struct cw_buffer in;
	size_t number;
	unsigned sequence, count;
	char nonce[NONCE_SIZE], realm[NONCE_SIZE];
	bool registered, asks, leaves;
};

enum what { NOTHING, ALL, REFRESH, FRESH, LOSE };

static struct crowd crowd;

static struct {
	struct event *turn;
	const char *proxy;
	struct device *devices;
	size_t count, up;
	enum what what;
	size_t next, wanted, sent, done, failed, challenged;
	double rate, begun, last;
} load;

static const struct cw_limits limits = {
	.connect = 20000, .handshake = 20000, .first_byte = 600000, .idle = 600000, .drain = 1000};

/* --- one REGISTER --- */

static void md5(const char *text, char ret[33])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned length = 0;
	EVP_Digest(text, strlen(text), digest, &length, EVP_md5(), NULL);
	for (unsigned i = 0; i < 16; i++)
		snprintf(ret + (size_t)(2 * i), 3, "%02x", digest[i]);
}

static void put_credentials(struct device *device, struct cw_buffer *ret)
{
	char text[1000], first[33], second[33], response[33];
	snprintf(text, sizeof text, "user%zu:%s:secret", device->number, device->realm);
	md5(text, first);
	snprintf(text, sizeof text, "REGISTER:sip:%s", load.proxy);
	md5(text, second);
	snprintf(text, sizeof text, "%s:%s:%08x:abc:auth:%s", first, device->nonce, ++device->count, second);
	md5(text, response);
	cw_buffer_printf(ret,
		"Authorization: Digest username=\"user%zu\", realm=\"%s\", nonce=\"%s\", uri=\"sip:%s\", "
		"response=\"%s\", cnonce=\"abc\", nc=%08x, qop=auth, algorithm=MD5\r\n",
		device->number, device->realm, device->nonce, load.proxy, response, device->count);
}

static void ask(struct device *device)
{
	AUTO_BUFFER out = {0};
	size_t number = device->number;
	device->sequence++;
	device->asks = true;
	cw_buffer_printf(&out,
		"REGISTER sip:%s SIP/2.0\r\nVia: SIP/2.0/TLS client.invalid;branch=z9hG4bK%zux%u;rport\r\n"
		"Max-Forwards: 70\r\nFrom: <sip:CSF%zu@%s>;tag=t%zu\r\nTo: <sip:CSF%zu@%s>\r\nCall-ID: c%zu\r\n"
		"CSeq: %u REGISTER\r\nContact: <sip:CSF%zu@127.0.0.1;transport=tls>;+sip.instance=\"<urn:uuid:"
		"00000000-0000-4000-8000-%012zu>\"\r\nSupported: path\r\nExpires: 3600\r\n",
		load.proxy, number, device->sequence, number, load.proxy, number, number, load.proxy, number,
		device->sequence, number, number);
	if (*device->nonce)
		put_credentials(device, &out);
	cw_buffer_text(&out, "Content-Length: 0\r\n\r\n");
	(void)cw_connection_send(device->connection, out.data, out.length);
}

static void take_parameter(const char *head, const char *name, char ret[NONCE_SIZE])
{
	const char *at = strstr(head, name);
	if (at)
		snprintf(ret, NONCE_SIZE, "%.*s", (int)strcspn(at + strlen(name), "\""), at + strlen(name));
}

/* --- what is done --- */

static void begin(struct device *device);
static void next_one(void);

static void finish(void)
{
	static const char *const words[] = {"", "all", "refresh", "fresh", "lose"};
	bool registers = load.what == ALL || load.what == LOSE;
	printf("%s %zu %.3f %zu\n", words[load.what], registers ? load.up : load.done, load.last - load.begun,
		load.what == REFRESH ? load.challenged : load.failed);
	fflush(stdout);
	load.what = NOTHING;
	event_base_loopbreak(crowd.base);
}

static void registered(struct device *device)
{
	load.last = crowd_now();
	load.up += !device->registered;
	device->registered = true;
	load.done++;
	if (load.what == FRESH) {
		device->leaves = true;
		cw_connection_close(device->connection);
	}
	bool all =
		load.what == REFRESH || load.what == FRESH ? load.done >= load.wanted : load.up == load.count;
	if (load.what == LOSE && load.done < load.count)
		all = false; /* some have not seen yet that they are cut off */
	if (load.what != NOTHING && all)
		finish();
	else if (load.what == ALL || (load.what == REFRESH && load.rate == 0))
		next_one();
}

static void on_answer(struct device *device, const char *head)
{
	unsigned status = (unsigned)strtoul(head + strlen("SIP/2.0 "), NULL, 10);
	device->asks = false;
	bool enough = load.what == FRESH && load.rate > 0 && status == 401;
	if (status == 200 || enough) {
		registered(device);
	} else if (status == 401) {
		load.challenged++;
		device->count = 0;
		take_parameter(head, "nonce=\"", device->nonce);
		take_parameter(head, "realm=\"", device->realm);
		ask(device);
	} else {
		if (getenv("REGISTER_LOAD_SAYS"))
			fprintf(stderr, "register_load: %.60s\n", head);
		cw_connection_refuse(device->connection, "another answer");
	}
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct device *device = context;
	cw_buffer_append(&device->in, data, length);
	char *end = memmem(device->in.data, device->in.length, "\r\n\r\n", 4);
	if (!end)
		return;
	AUTO_BUFFER head = device->in;
	device->in = (struct cw_buffer){0};
	*end = '\0';
	cw_connection_touch(connection);
	on_answer(device, head.data);
}

static void on_up(void *context, struct cw_connection *connection)
{
	(void)connection;
	ask(context);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct device *device = context;
	(void)connection;
	if (getenv("REGISTER_LOAD_SAYS") && !device->leaves)
		fprintf(stderr, "register_load: %s\n", report->reason);
	load.up -= device->registered;
	bool at_once = device->registered && load.what == LOSE;
	device->connection = NULL;
	device->registered = device->asks = false;
	*device->nonce = 0;
	device->count = 0;
	cw_buffer_finish(&device->in);
	if (device->leaves) {
		device->leaves = false;
		next_one();
		return;
	}
	load.failed += !at_once;
	crowd_after(device->again, at_once ? 0 : 1 + (double)(device->number % 100) / 100);
}

static void on_again(evutil_socket_t none, short what, void *context)
{
	(void)none, (void)what;
	begin(context);
}

static void begin(struct device *device)
{
	struct cw_error error;
	const struct sockaddr_in from = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(0x7f4e0001U + (unsigned)(device->number / 200 % 250 << 8) +
			(unsigned)(device->number % 200))};
	const struct cw_connection_setup setup = {.base = crowd.base,
		.tls = crowd.tls,
		.judge = {.ask = crowd_accept, .seen = crowd.seen},
		.limits = &limits,
		.owner = {on_up, on_received, on_ended, NULL, device}};
	const struct cw_connection_route route = {.from = (const struct sockaddr *)&from,
		.to = (const struct sockaddr *)&crowd.at,
		.length = sizeof crowd.at};
	if (!device->connection && !cw_connection_open(&setup, &route, &device->connection, &error))
		crowd_after(device->again, 1);
}

/* The next that has nothing to do, over a connection that stands (or, for `all` and `fresh`, over a new one). */
static void next_one(void)
{
	bool stands = load.what == REFRESH;
	if (load.what != ALL && load.sent == load.wanted)
		return;
	for (size_t tries = 0; tries < load.count; tries++) {
		struct device *device = &load.devices[load.next++ % load.count];
		if (device->registered != stands || device->asks || (!stands && device->connection))
			continue;
		load.sent++;
		if (stands)
			ask(device);
		else
			begin(device);
		return;
	}
}

static void on_turn(evutil_socket_t none, short what, void *context)
{
	(void)none, (void)what, (void)context;
	if (load.what != REFRESH || load.sent == load.wanted)
		return;
	double due = (crowd_now() - load.begun) * load.rate;
	for (size_t before = load.wanted; load.sent != before && (double)load.sent < due;) {
		before = load.sent; /* ends: where nobody is free nothing is sent */
		next_one();
	}
	crowd_after(load.turn, 0.005);
}

static void obey(char *line)
{
	char word[16] = "", first[64] = "", second[2000] = "";
	load.next = load.sent = load.done = load.failed = load.challenged = 0;
	load.begun = load.last = crowd_now();
	if (sscanf(line, "%15s %63s %1999s", word, first, second) < 1)
		return;
	load.wanted = strtoul(first, NULL, 10);
	load.rate = strtod(second, NULL);
	if (strcmp(word, "refresh") == 0 && load.rate > 0) {
		load.what = REFRESH;
		crowd_after(load.turn, 0);
	} else if (strcmp(word, "lose") == 0 && crowd_set_address(&crowd, first, PORT)) {
		load.what = LOSE;
		crowd_kill(second);
	} else {
		load.what = strcmp(word, "fresh") == 0 ? FRESH : ALL;
		if (strcmp(word, "refresh") == 0)
			load.what = REFRESH;
		for (size_t i = 0; i < AT_ONCE; i++)
			next_one();
	}
	event_base_dispatch(crowd.base);
}

static bool prepare(size_t count)
{
	load.count = count;
	load.devices = calloc(count, sizeof load.devices[0]);
	if (!crowd_begin(&crowd) || !load.devices)
		return false;
	load.turn = evtimer_new(crowd.base, on_turn, NULL);
	for (size_t i = 0; i < count; i++) {
		load.devices[i].number = i;
		load.devices[i].again = evtimer_new(crowd.base, on_again, &load.devices[i]);
	}
	return load.turn != NULL;
}

int main(int argc, char **argv)
{
	char line[4096];
	signal(SIGPIPE, SIG_IGN);
	if (argc != 4 || !crowd_set_address(&crowd, argv[1], PORT) || !prepare(strtoul(argv[2], NULL, 10)))
		return 2;
	load.proxy = argv[3];
	while (fgets(line, sizeof line, stdin))
		obey(line);
	return 0;
}
