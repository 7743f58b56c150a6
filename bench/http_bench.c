/*
 * The HTTP parser against picohttpparser (inside h2o) and http-parser, on the requests of one sign-in: each
 * is parsed and written again for the server behind, with another Host and without the fields of the
 * connection.
 *
 * The peers only split a head into names and values; what a relay needs besides (which fields are the
 * connection's, and the body's framing) is done for them by the shortest code there is. All are asked the
 * same in one run, in turns, and the quickest turn of each counts: what else runs on the machine slows all
 * and decides nothing.
 */
#include "http/http_reader.h"
#include "http/http_write.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define TURNS 400
#define REPEATS 100 /* of all requests in a turn */
#define FIELDS_MAX 100

#define HOST "Host: expe.acme.test:8443\r\n"
#define AGENT "User-Agent: Jabber-Win-472\r\n"
#define TOKEN \
	"Cookie: " \
	"X-Auth=eyJhbGciOiJFZERTQSIsImtpZCI6IjIwMjYtMTEtMjAifQ.eyJzdWIiOiJ1c2VyQGFjbWUudGVzdCIsImtpbmQiOi" \
	"JqYWJiZXIiLCJpYXQiOjE3OTUxNzYwMDAsImV4cCI6MTc5NTIwNDgwMH0." \
	"c2lnbmF0dXJlLW9mLXNpeHR5LWZvdXItYnl0ZXMtaW4t" \
	"YmFzZTY0LXVybC1zYWZlLWZvcm0tMDEyMw\r\n"
#define INNER "YWNtZS50ZXN0L2h0dHBzL2N1Y20xLmFjbWUudGVzdC84NDQz"
#define REQUEST(target, more) \
	"GET /" target " HTTP/1.1\r\n" HOST "Accept: */*\r\n" AGENT more "Connection: keep-alive\r\n\r\n"
#define BASIC "Authorization: Basic dXNlckBhY21lLnRlc3Q6Y29ycmVjdCBob3JzZSBiYXR0ZXJ5IHN0YXBsZQ==\r\n"

static const char *const requests[] = {
	REQUEST("YWNtZS50ZXN0/get_edge_sso?email=user@acme.test", ""),
	REQUEST("YWNtZS50ZXN0/get_edge_config?service_name=_cisco-uds&service_name=_cuplogin",
		BASIC "Accept-Language: en-US,en;q=0.5\r\n"),
	REQUEST(INNER "/cucm-uds/version", TOKEN),
	REQUEST(INNER "/cucm-uds/clusterUser?username=user", TOKEN),
	REQUEST(INNER "/cucm-uds/servers", TOKEN),
	REQUEST(INNER "/cucm-uds/user/user", TOKEN BASIC),
	REQUEST(INNER "/cucm-uds/user/user/devices", TOKEN BASIC),
	REQUEST(INNER "/cucm-uds/user/user/device/9c1e7a52-53a1-4d0e-8a46-0d6f1a1b2c3d", TOKEN BASIC),
	REQUEST("YWNtZS50ZXN0L2h0dHAvY3VjbTEuYWNtZS50ZXN0LzY5NzA/SPDefault.cnf.xml", TOKEN),
	REQUEST("YWNtZS50ZXN0L2h0dHAvY3VjbTEuYWNtZS50ZXN0LzY5NzA/CSFMRA01.cnf.xml", TOKEN),
	"POST /" INNER "/cucm-uds/user/user/device/status HTTP/1.1\r\n" HOST AGENT TOKEN
	"Content-Type: application/xml\r\nContent-Length: 31\r\n\r\n<status>registered</status>    \n",
};

#define COUNT (sizeof requests / sizeof *requests)
#define TO_HOST "cucm1.acme.test:8443"

static void fail(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(2);
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* One way to do it: reads a request, writes it again into the buffer. */
struct relay {
	const char *name;
	void (*run)(struct cw_http_text request, struct cw_buffer *out);
	double best; /* nanoseconds a request */
};

static struct cw_http_reader *reader;

static void run_ours(struct cw_http_text input, struct cw_buffer *out)
{
	static const enum cw_http_known without[] = {CW_HTTP_FIELD_HOST, CW_HTTP_FIELD_OTHER};
	struct cw_error error;
	struct cw_http_text piece;
	if (cw_http_reader_read(reader, &input, &piece) != CW_HTTP_READ_HEAD)
		fail("a request was not taken");
	const struct cw_http_head *head = cw_http_reader_head(reader);
	if (!cw_http_write_request(out, head->start.method, head->start.target_text, &error) ||
		!cw_http_write_named(out, "Host", TO_HOST, &error) ||
		!cw_http_write_fields(out, head, without, &error))
		fail(error.message);
	cw_http_write_framing(out, head);
	if (!cw_http_write_head_end(out, 0, &error))
		fail(error.message);
	while (cw_http_reader_read(reader, &input, &piece) == CW_HTTP_READ_BODY)
		cw_buffer_append(out, piece.at, piece.length);
	cw_http_reader_next(reader);
}

/* For the peers: what they give, and what is written from it. */
struct span {
	struct cw_http_text name, value;
};

static bool is_dropped(struct cw_http_text name)
{
	static const char *const names[] = {
		"Host", "Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Upgrade"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (name.length == strlen(names[i]) && strncasecmp(name.at, names[i], name.length) == 0)
			return true;
	}
	return false;
}

static void add(struct cw_buffer *out, struct cw_http_text text)
{
	cw_buffer_append(out, text.at, text.length);
}

static void rebuild(struct cw_buffer *out, struct cw_http_text method, struct cw_http_text target,
	const struct span *fields, size_t count)
{
	add(out, method);
	cw_buffer_char(out, ' ');
	add(out, target);
	add(out, cw_http_text(" HTTP/1.1\r\nHost: " TO_HOST "\r\n"));
	for (size_t i = 0; i < count; i++) {
		if (is_dropped(fields[i].name))
			continue;
		add(out, fields[i].name);
		add(out, cw_http_text(": "));
		add(out, fields[i].value);
		add(out, cw_http_text("\r\n"));
	}
	add(out, cw_http_text("\r\n"));
}

#ifdef HAVE_PICOHTTPPARSER
/* As in picohttpparser.h, which the package leaves out. */
struct phr_header {
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
};
int phr_parse_request(const char *buf, size_t len, const char **method, size_t *method_len, const char **path,
	size_t *path_len, int *minor_version, struct phr_header *headers, size_t *num_headers,
	size_t last_len);

static void run_pico(struct cw_http_text input, struct cw_buffer *out)
{
	struct phr_header headers[FIELDS_MAX];
	struct span fields[FIELDS_MAX];
	struct cw_http_text method, target;
	size_t count = FIELDS_MAX;
	int minor;
	int used = phr_parse_request(input.at, input.length, &method.at, &method.length, &target.at,
		&target.length, &minor, headers, &count, 0);
	if (used < 0)
		fail("picohttpparser does not take a request");
	for (size_t i = 0; i < count; i++)
		fields[i] = (struct span){
			{headers[i].name, headers[i].name_len}, {headers[i].value, headers[i].value_len}};
	rebuild(out, method, target, fields, count);
	add(out, cw_http_text_part(input, (size_t)used, CW_HTTP_REST));
}
#endif

#ifdef HAVE_HTTP_PARSER
#include <http_parser.h>

struct gathered {
	struct cw_http_text target, body;
	struct span fields[FIELDS_MAX];
	size_t count;
};

static int on_url(http_parser *parser, const char *at, size_t length)
{
	((struct gathered *)parser->data)->target = (struct cw_http_text){at, length};
	return 0;
}

static int on_name(http_parser *parser, const char *at, size_t length)
{
	struct gathered *gathered = parser->data;
	if (gathered->count == FIELDS_MAX)
		return 1;
	gathered->fields[gathered->count++].name = (struct cw_http_text){at, length};
	return 0;
}

static int on_value(http_parser *parser, const char *at, size_t length)
{
	struct gathered *gathered = parser->data;
	gathered->fields[gathered->count - 1].value = (struct cw_http_text){at, length};
	return 0;
}

static int on_body(http_parser *parser, const char *at, size_t length)
{
	((struct gathered *)parser->data)->body = (struct cw_http_text){at, length};
	return 0;
}

static void run_http_parser(struct cw_http_text input, struct cw_buffer *out)
{
	static const http_parser_settings settings = {.on_url = on_url,
		.on_header_field = on_name,
		.on_header_value = on_value,
		.on_body = on_body};
	struct gathered gathered;
	http_parser parser;
	gathered.count = 0;
	gathered.body.length = 0;
	http_parser_init(&parser, HTTP_REQUEST);
	parser.data = &gathered;
	if (http_parser_execute(&parser, &settings, input.at, input.length) != input.length)
		fail("http-parser does not take a request");
	rebuild(out, cw_http_text(http_method_str((enum http_method)parser.method)), gathered.target,
		gathered.fields, gathered.count);
	if (gathered.body.length)
		add(out, gathered.body);
}
#endif

static void take_turn(struct relay *relay, struct cw_buffer *out)
{
	size_t lengths[COUNT];
	for (size_t i = 0; i < COUNT; i++)
		lengths[i] = strlen(requests[i]);
	double start = now();
	for (size_t repeat = 0; repeat < REPEATS; repeat++) {
		for (size_t i = 0; i < COUNT; i++) {
			out->length = 0;
			relay->run((struct cw_http_text){requests[i], lengths[i]}, out);
		}
	}
	double took = (now() - start) / (REPEATS * COUNT);
	if (relay->best == 0.0 || took < relay->best)
		relay->best = took;
}

int main(void)
{
	struct relay relays[] = {
		{"causeway", run_ours, 0},
#ifdef HAVE_PICOHTTPPARSER
		{"picohttpparser", run_pico, 0},
#endif
#ifdef HAVE_HTTP_PARSER
		{"http-parser", run_http_parser, 0},
#endif
	};
	AUTO_BUFFER out = {0};
	reader = cw_http_reader_new(CW_HTTP_REQUEST, 65536);
	if (!reader)
		fail("out of memory");
	for (size_t turn = 0; turn < TURNS; turn++) {
		for (size_t i = 0; i < sizeof relays / sizeof *relays; i++)
			take_turn(&relays[i], &out);
	}
	for (size_t i = 1; i < sizeof relays / sizeof *relays; i++)
		printf("bench: http-parse%s %.2f goal 0.5 (a sign-in's requests parsed and rebuilt, causeway "
		       "%.0f ns "
		       "each, %s %.0f ns)\n",
			i > 1 ? "-old" : "", relays[i].best / relays[0].best, relays[0].best, relays[i].name,
			relays[i].best);
	if (sizeof relays / sizeof *relays == 1)
		printf("bench: http-parse skipped (neither libh2o-evloop-dev nor libhttp-parser-dev is "
		       "installed)\n");
	cw_http_reader_free(reader);
	return 0;
}
