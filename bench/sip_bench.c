/*
 * The SIP messages of one sign-in, read and written on to the next hop: ours (cut out of the stream, judged, rebuilt) against
 * osipparser2 alone (osip_message_parse and osip_message_to_str, which neither cuts nor judges).
 *
 * Both do the same messages in one run, in turns, and the quickest turn of each counts.
 */
#include "sip/sip_frame.h"
#include "sip/sip_writer.h"

#include <osipparser2/osip_parser.h>
#include <osipparser2/osip_port.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define TURNS 300
#define REPEATS 20 /* in a turn */

#define DEVICE_CONTACT \
	"Contact: <sip:1f0a@10.15.20.77:58980;transport=tls>;+sip.instance=\"<urn:uuid:00000000-0000-0000-0000-4487fc9d0b7a>\"" \
	";+u.sip!devicename.ccm.cisco.com=\"CSFMRA01\";+u.sip!model.ccm.cisco.com=\"503\";video;x-cisco-mra-ha=AR_SK\r\n"
#define CREDENTIALS \
	"Authorization: Digest nonce=\"4f5d6e0c9f0b4d2b8a77\", realm=\"traversal (cluster 1)\", opaque=\"AQ\", algorithm=MD5, " \
	"uri=\"sip:e1.acme.test:7001;transport=tls\", username=\"traversal\", response=\"6629fae49393a05397450978507c4ef1\", " \
	"qop=auth, cnonce=\"0a4f113b\", nc=00000001\r\n"
#define REGISTER(vias, more) \
	"REGISTER sip:cucm.acme.test SIP/2.0\r\n" vias "Max-Forwards: 70\r\n" \
	"Route: <sip:192.168.2.100:5061;transport=tls;zone-id=3;directed;lr>\r\n" \
	"From: <sip:1001@cucm.acme.test>;tag=0011aabb\r\nTo: <sip:1001@cucm.acme.test>\r\n" \
	"Call-ID: 00505689-0a1b-4c2d@10.15.20.77\r\nCSeq: 101 REGISTER\r\n" DEVICE_CONTACT \
	"Supported: replaces,join,path,outbound,X-cisco-srtp-fallback,X-cisco-sis-9.2.0\r\nExpires: 120\r\n" \
	"User-Agent: Cisco-CSF\r\n" more "Content-Length: 0\r\n\r\n"
#define CLIENT "Via: SIP/2.0/TLS 10.15.20.77:58980;branch=z9hG4bK00001f0a;rport\r\n"
#define EDGE \
	"Via: SIP/2.0/TLS e1.acme.test:7001;egress-zone=UCTraversal;branch=z9hG4bK9aa1;proxy-call-id=1b-2c;rport\r\n" \
	"Via: SIP/2.0/TLS 10.15.20.77:58980;branch=z9hG4bK00001f0a;received=203.0.113.7;rport=4711;" \
	"ingress-zone=CollaborationEdgeZone\r\n"
#define ANSWER(status, more) \
	"SIP/2.0 " status "\r\n" EDGE \
	"From: <sip:1001@cucm.acme.test>;tag=0011aabb\r\nTo: <sip:1001@cucm.acme.test>;tag=99\r\n" \
	"Call-ID: 00505689-0a1b-4c2d@10.15.20.77\r\nCSeq: 101 REGISTER\r\n" more "Content-Length: 0\r\n\r\n"

static const char *const messages[] = {
	"OPTIONS sip:e1.acme.test:7001;transport=tls SIP/2.0\r\nVia: SIP/2.0/TLS c1.acme.test:5061;branch=z9hG4bK11;rport\r\n"
	"Call-ID: 7d@c1.acme.test\r\nCSeq: 9 OPTIONS\r\nFrom: <sip:c1.acme.test>;tag=8\r\nTo: <sip:e1.acme.test:7001>\r\n"
	"Max-Forwards: 0\r\n" CREDENTIALS
	"Supported: com.tandberg.vcs.resourceusage\r\nContent-Type: text/xml\r\nContent-Length: 67\r\n\r\n"
	"<resourceusageinfo><calls>249</calls><regs>2494</regs></resourcexx>",
	REGISTER(CLIENT, ""),
	REGISTER(EDGE, "Path: <sip:AQABAAAAAAAAAAAH@e1.acme.test:7001;transport=tls;lr;ob>\r\n"),
	ANSWER("401 Unauthorized",
		"WWW-Authenticate: Digest realm=\"cucm\", nonce=\"d1\", algorithm=MD5, qop=\"auth\"\r\n"),
	REGISTER(EDGE, CREDENTIALS "Path: <sip:AQABAAAAAAAAAAAH@e1.acme.test:7001;transport=tls;lr;ob>\r\n"),
	ANSWER("200 OK", DEVICE_CONTACT "Expires: 120\r\nDate: Fri, 20 Nov 2026 12:00:00 GMT\r\n"),
};

#define COUNT (sizeof messages / sizeof messages[0])

static void die(const char *what, size_t i)
{
	fprintf(stderr, "bench: %s, message %zu\n", what, i);
	exit(2);
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void do_ours(struct cw_sip_frame *frame, struct cw_buffer *out, size_t i)
{
	static const struct cw_sip_forward hop = {.via = "SIP/2.0/TLS c1.acme.test:7001;branch=z9hG4bK0102",
		.received = "203.0.113.7",
		.rport = 4711,
		.path = "<sip:AQABAAAAAAAAAAAI@c1.acme.test:7001;transport=tls;lr>",
		.drop_route = true};
	struct cw_sip_writer writer = {.out = out};
	struct cw_sip_frame_piece piece;
	struct cw_error error;
	AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
	if (!cw_sip_frame_feed(frame, messages[i], strlen(messages[i]), &error) ||
		cw_sip_frame_next(frame, &piece) != CW_SIP_FRAME_MESSAGE ||
		!cw_sip_message_parse(piece.data, piece.length, piece.head, &message, &error))
		die("ours does not read it", i);
	if (message->refusal.status)
		die(message->refusal.reason, i);
	out->length = 0;
	if (message->start.status)
		cw_sip_writer_return(&writer, message);
	else
		cw_sip_writer_forward(&writer, message, &hop);
	if (!cw_sip_writer_end(&writer, NULL, message->body, &error))
		die(error.message, i);
}

static void do_theirs(size_t i)
{
	osip_message_t *message;
	char *text;
	size_t length;
	if (osip_message_init(&message) != 0 ||
		osip_message_parse(message, messages[i], strlen(messages[i])) != 0)
		die("osipparser2 does not read it", i);
	osip_message_force_update(message);
	if (osip_message_to_str(message, &text, &length) != 0)
		die("osipparser2 does not write it", i);
	osip_free(text);
	osip_message_free(message);
}

int main(void)
{
	double ours = 1e9, theirs = 1e9;
	struct cw_sip_frame frame = {0};
	AUTO_BUFFER out = {0};
	parser_init();
	for (unsigned turn = 0; turn < TURNS; turn++) {
		double start = now();
		for (size_t i = 0; i < COUNT * REPEATS; i++)
			do_ours(&frame, &out, i % COUNT);
		double middle = now();
		for (size_t i = 0; i < COUNT * REPEATS; i++)
			do_theirs(i % COUNT);
		double end = now();
		ours = middle - start < ours ? middle - start : ours;
		theirs = end - middle < theirs ? end - middle : theirs;
	}
	printf("bench: sip-parse %.2f goal 0.5 (read and rebuild a sign-in's %zu messages: ours %.2f us, osipparser2 %.2f us)\n",
		theirs / ours, COUNT, ours / REPEATS, theirs / REPEATS);
	cw_sip_frame_finish(&frame);
	return 0;
}
