/*
 * Requests through the relay of the edge's lane, over socket pairs: what comes out behind it, what comes back, which
 * connections are kept, and what hostile bytes become on their way through two of them.
 */
#include "http/http_reader.h"
#include "node/edge/edge_message.h"
#include "node/edge/edge_relay.h"
#include "support/cmocka.h"
#include "support/http_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TURNS 60
#define DIALS_MAX 16

/* One relay: who asks holds `near`, what it dialled `far`. */
struct node {
	struct cw_edge_pool *pool;
	struct cw_edge_relay *relay;
	struct cw_edge_streams *streams;
	struct event_base *base;
	bool is_outer, ended, late;
	enum cw_edge_fault refuse; /* every request is answered with it */
	int near, far;
	size_t dials, given_up, count;
	unsigned status;
	enum cw_edge_fault fault;
	struct node *behind; /* what is dialled leads there; NULL: to `far` */
};

struct scene {
	struct event_base *base;
	struct cw_edge_streams streams;
	struct node outer, inner;
	struct cw_buffer got;  /* by who asks */
	struct cw_buffer came; /* to the server */
	bool near_closed, far_closed;
};

static void begin_relay(struct node *node);

static void pair(int ret[2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ret), 0);
}

static void on_asked(void *context, const struct cw_http_head *head)
{
	struct node *node = context;
	struct cw_error error;
	AUTO_BUFFER bytes = {0};
	const struct cw_edge_fault_answer answer = {.fault = node->refuse};
	const struct cw_edge_message_request request = {.head = head,
		.target = head->start.target_text,
		.host = "cucm.acme.test:8443",
		.node = node->is_outer ? "e1.acme.test" : "c1.acme.test",
		.client = node->is_outer ? "192.0.2.7" : NULL,
		.tracking = node->is_outer ? "0123456789abcdef" : NULL};
	if (node->refuse != CW_EDGE_FAULT_NOTHING) {
		cw_edge_relay_answer(node->relay, &answer);
		return;
	}
	if (!cw_edge_message_request(&request, &bytes, &error)) {
		const struct cw_edge_fault_answer full = {
			.fault = CW_EDGE_FAULT_MALFORMED, .reason = CW_HTTP_BAD_FIELDS_MANY};
		cw_edge_relay_answer(node->relay, &full);
		return;
	}
	cw_edge_relay_forward(node->relay, "server", &bytes);
}

static void on_dial(void *context)
{
	struct node *node = context;
	struct cw_edge_stream *stream;
	struct cw_error error;
	int ends[2];
	node->dials++;
	if (node->late)
		return;
	pair(ends);
	const struct cw_edge_stream_setup setup = {.base = node->base, .streams = node->streams};
	assert_true(cw_edge_stream_plain(&setup, ends[0], &stream, &error));
	if (node->behind) {
		node->behind->near = ends[1];
		begin_relay(node->behind);
	} else {
		if (node->far >= 0)
			close(node->far);
		node->far = ends[1];
	}
	cw_edge_relay_dialled(node->relay, stream);
}

static void on_gave_up(void *context)
{
	((struct node *)context)->given_up++;
}

static void on_answered(void *context, unsigned status, enum cw_edge_fault fault)
{
	struct node *node = context;
	node->status = status;
	node->fault = fault;
	node->count++;
}

static void on_ended(void *context, const char *reason)
{
	struct node *node = context;
	(void)reason;
	node->ended = true;
	node->relay = NULL;
}

static void begin_relay(struct node *node)
{
	const struct cw_edge_relay_setup setup = {.base = node->base,
		.pool = node->pool,
		.is_outer = node->is_outer,
		.answer = node->late ? 1 : 60000,
		.owner = {on_asked, on_dial, on_gave_up, NULL, on_answered, on_ended, node}};
	struct cw_error error;
	struct cw_edge_stream *stream;
	node->ended = false;
	node->relay = cw_edge_relay_new(&setup);
	assert_non_null(node->relay);
	const struct cw_edge_stream_setup near = {.base = node->base,
		.streams = node->streams,
		.owner = cw_edge_relay_stream_owner(node->relay)};
	assert_true(cw_edge_stream_plain(&near, node->near, &stream, &error));
	cw_edge_relay_begin(node->relay, stream);
	node->near = -1;
}

static void begin_node(struct scene *scene, struct node *node, bool is_outer)
{
	*node = (struct node){.base = scene->base,
		.streams = &scene->streams,
		.is_outer = is_outer,
		.near = -1,
		.far = -1,
		.pool = cw_edge_pool_new()};
	assert_non_null(node->pool);
}

/* The client's end is scene->outer.near once the relay has begun. */
static void begin_client(struct scene *scene)
{
	int ends[2];
	pair(ends);
	scene->outer.near = ends[0];
	begin_relay(&scene->outer);
	scene->outer.near = ends[1];
	scene->near_closed = false;
	scene->got.length = 0;
}

static void begin(struct scene *scene, bool two)
{
	*scene = (struct scene){.base = event_base_new()};
	begin_node(scene, &scene->outer, true);
	begin_node(scene, &scene->inner, false);
	if (two)
		scene->outer.behind = &scene->inner;
}

static void finish(struct scene *scene)
{
	struct node *nodes[] = {&scene->outer, &scene->inner};
	for (size_t i = 0; i < 2; i++) {
		cw_edge_relay_free(nodes[i]->relay);
		cw_edge_pool_free(nodes[i]->pool);
		if (nodes[i]->far >= 0)
			close(nodes[i]->far);
	}
	if (scene->outer.near >= 0)
		close(scene->outer.near);
	cw_edge_streams_finish(&scene->streams);
	event_base_free(scene->base);
	cw_buffer_finish(&scene->got);
	cw_buffer_finish(&scene->came);
}

static void drain(int socket, struct cw_buffer *ret, bool *closed)
{
	char bytes[65536];
	ssize_t got;
	while (socket >= 0 && (got = recv(socket, bytes, sizeof bytes, 0)) > 0)
		cw_buffer_append(ret, bytes, (size_t)got);
	if (socket >= 0 && (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)))
		*closed = true;
}

static void run(struct scene *scene)
{
	struct node *last = scene->outer.behind ? &scene->inner : &scene->outer;
	for (int i = 0; i < TURNS; i++) {
		event_base_loop(scene->base, EVLOOP_NONBLOCK);
		drain(scene->outer.near, &scene->got, &scene->near_closed);
		drain(last->far, &scene->came, &scene->far_closed);
	}
}

static void say(int socket, const char *text)
{
	assert_int_equal(send(socket, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void ask(struct scene *scene, const char *text)
{
	say(scene->outer.near, text);
	run(scene);
}

/* The server's word. */
static void tell(struct scene *scene, const char *text)
{
	say(scene->outer.behind ? scene->inner.far : scene->outer.far, text);
	run(scene);
}

#define GET "GET /x HTTP/1.1\r\nHost: e1\r\n\r\n"
#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

static void a_request_is_made_anew(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, true);
	begin_client(&scene);
	ask(&scene,
		"GET /x?q HTTP/1.1\r\nHost: e1.acme.test:8443\r\nX-Forwarded-For: 1.2.3.4\r\nvia:   evil\r\n"
		"Forwarded: for=1.2.3.4\r\nKeep-Alive: 5\r\nTE: trailers\r\nClient-ip: 6.6.6.6\r\nAccept:  a,b \r\n"
		"Cookie: a=1; X-Auth=secret; b=2\r\nAuthorization: Basic eDp5\r\n\r\n");
	assert_string_equal(cw_buffer_string(&scene.came),
		"GET /x?q HTTP/1.1\r\nHost: cucm.acme.test:8443\r\nAccept: a,b\r\nCookie: a=1; b=2\r\n"
		"Authorization: Basic eDp5\r\nVia: https/1.1 e1.acme.test (Causeway), http/1.1 c1.acme.test (Causeway)\r\n"
		"X-Forwarded-For: 192.0.2.7, 127.0.0.1\r\nClient-ip: 192.0.2.7\r\nTrackingID: 0123456789abcdef\r\n\r\n");
	tell(&scene,
		"HTTP/1.1 200 Fine by me\r\nServer: tomcat\r\nAlt-Svc: h2=\"evil:443\"\r\nKeep-Alive: 7\r\n"
		"Set-Cookie: X-Auth=mine; Path=/\r\nSet-Cookie: JSESSIONID=1\r\nContent-Length: 2\r\n\r\nok");
	assert_string_equal(cw_buffer_string(&scene.got),
		"HTTP/1.1 200 OK\r\nServer: tomcat\r\nSet-Cookie: JSESSIONID=1\r\nContent-Length: 2\r\n\r\nok");
	finish(&scene);
}

static void connections_are_kept_for_the_next_request(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, true);
	begin_client(&scene);
	for (size_t i = 1; i <= 3; i++) {
		ask(&scene, GET);
		tell(&scene, OK);
		assert_int_equal(scene.outer.count, i);
		assert_int_equal(cw_edge_pool_count(scene.outer.pool), 1);
		assert_int_equal(cw_edge_pool_count(scene.inner.pool), 1);
	}
	assert_int_equal(scene.outer.dials, 1);
	assert_int_equal(scene.inner.dials, 1);
	assert_false(scene.near_closed);
	finish(&scene);
}

static void requests_that_come_together_go_one_at_a_time(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, true);
	begin_client(&scene);
	ask(&scene, GET "POST /y HTTP/1.1\r\nHost: e1\r\nContent-Length: 3\r\n\r\nabc" GET);
	assert_null(strstr(cw_buffer_string(&scene.came), "/y"));
	tell(&scene, OK);
	assert_non_null(strstr(cw_buffer_string(&scene.came), "POST /y"));
	assert_non_null(strstr(cw_buffer_string(&scene.came), "abc"));
	tell(&scene, OK);
	tell(&scene, OK);
	assert_int_equal(scene.outer.count, 3);
	finish(&scene);
}

/* What a server does, and whether its connection is kept. */
static void only_what_went_well_is_kept(void **state)
{
	(void)state;
	static const struct {
		const char *request, *answer;
		bool closes;	  /* the server, behind its answer */
		const char *want; /* a part of what the client gets */
		size_t want_kept;
		bool want_closed; /* the client's connection */
	} rows[] = {
		{GET, OK, false, "\r\n\r\nok", 1, false},
		{GET, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", false,
			"2\r\nok\r\n0\r\n\r\n", 1, false},
		{GET, "HTTP/1.1 204 No Content\r\n\r\n", false, "HTTP/1.1 204", 1, false},
		{GET, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", false, "Content-Length: 9", 1,
			false},
		{"HEAD /x HTTP/1.1\r\nHost: e1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
			false, "Content-Length: 2\r\n\r\n", 1, false},
		{GET, "HTTP/1.1 100 Continue\r\n\r\n" OK, false, "HTTP/1.1 200 OK", 1, false},
		{GET, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" OK, false,
			"HTTP/1.1 200 OK", 1, false},
		/* not kept */
		{GET, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", true,
			"\r\n\r\nok", 0, false},
		{GET, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", false, "\r\n\r\nok", 0, false},
		{GET, OK "X", false, "\r\n\r\nok", 0, false},
		{GET, OK OK, false, "\r\n\r\nok", 0, false},
		{GET, "HTTP/1.1 200 OK\r\n\r\nall there is", true, "c\r\nall there is\r\n0\r\n\r\n", 0,
			false},
		{"GET /x HTTP/1.0\r\nHost: e1\r\n\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", false,
			"Connection: close\r\n\r\nok", 1, true},
		{"GET /x HTTP/1.1\r\nHost: e1\r\nConnection: close\r\n\r\n", OK, false,
			"Connection: close\r\n\r\nok", 1, true},
		/* an early answer: the request is not sent to its end */
		{"POST /x HTTP/1.1\r\nHost: e1\r\nContent-Length: 10\r\n\r\nabc", OK, false,
			"Connection: close\r\n\r\nok", 0, true},
		{"POST /x HTTP/1.1\r\nHost: e1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", OK, false,
			"Connection: close\r\n\r\nok", 0, true},
		/* broken answers */
		{GET, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", false,
			"HTTP/1.1 502 Next Hop Connection Failed", 0, true},
		{GET, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", false, "HTTP/1.1 502 ",
			0, true},
		{GET, "HTTP/1.1 200 OK\nContent-Length: 0\n\n", false, "HTTP/1.1 502 ", 0, true},
		{GET, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", false, "HTTP/1.1 502 ", 0,
			true},
		{GET, "SSH-2.0-OpenSSH\r\n", false, "HTTP/1.1 502 ", 0, true},
		{GET, "", true, "HTTP/1.1 502 ", 0, true},
		{GET, "HTTP/1.1 200 OK\r\nContent-Le", true, "HTTP/1.1 502 ", 0, true},
		/* within an answer: what the client has is cut, and nothing more is said */
		{GET, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", true, "Content-Length: 9\r\n\r\nok",
			0, true},
		{GET, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokX", false, "2\r\nok\r\n",
			0, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;
		begin(&scene, false);
		begin_client(&scene);
		ask(&scene, rows[i].request);
		if (*rows[i].answer)
			say(scene.outer.far, rows[i].answer);
		if (rows[i].closes)
			shutdown(scene.outer.far, SHUT_WR);
		run(&scene);
		const char *got = cw_buffer_string(&scene.got);
		if (!strstr(got, rows[i].want) || cw_edge_pool_count(scene.outer.pool) != rows[i].want_kept ||
			scene.near_closed != rows[i].want_closed)
			fail_msg("row %zu: kept %zu, closed %d: %s", i, cw_edge_pool_count(scene.outer.pool),
				scene.near_closed, got);
		assert_null(strstr(rows[i].closes || rows[i].want_closed ? "" : got, "502"));
		finish(&scene);
	}
}

static void an_answer_of_the_owners_own_ends_what_is_not_read(void **state)
{
	(void)state;
	static const struct {
		const char *request;
		enum cw_edge_fault fault;
		bool want_closed;
	} rows[] = {
		{GET, CW_EDGE_FAULT_DOMAIN, false},
		{GET, CW_EDGE_FAULT_NO_TUNNEL, false},
		{"POST /x HTTP/1.1\r\nHost: e1\r\nContent-Length: 0\r\n\r\n", CW_EDGE_FAULT_DOMAIN, false},
		{"POST /x HTTP/1.1\r\nHost: e1\r\nContent-Length: 3\r\n\r\nabc", CW_EDGE_FAULT_DOMAIN, true},
		{"POST /x HTTP/1.1\r\nHost: e1\r\nContent-Length: 3\r\n\r\n", CW_EDGE_FAULT_NO_SESSION, true},
		{"GET /x HTTP/1.0\r\nHost: e1\r\n\r\n", CW_EDGE_FAULT_NO_SESSION, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;
		begin(&scene, false);
		scene.outer.refuse = rows[i].fault;
		begin_client(&scene);
		ask(&scene, rows[i].request);
		assert_int_equal(scene.outer.fault, rows[i].fault);
		assert_int_equal(scene.near_closed, rows[i].want_closed);
		assert_int_equal(scene.outer.dials, 0);
		assert_int_equal(strstr(cw_buffer_string(&scene.got), "Connection: close") != NULL,
			rows[i].want_closed);
		finish(&scene);
	}
}

static void a_kept_connection_that_ended_is_not_used(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, false);
	begin_client(&scene);
	ask(&scene, GET);
	tell(&scene, OK);
	assert_int_equal(cw_edge_pool_count(scene.outer.pool), 1);
	shutdown(scene.outer.far, SHUT_WR); /* the loop has not heard of it */
	say(scene.outer.near, GET);
	run(&scene);
	assert_int_equal(scene.outer.dials, 2);
	tell(&scene, OK);
	assert_int_equal(scene.outer.status, 200);
	finish(&scene);
}

static void a_kept_connection_that_speaks_is_closed(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, false);
	begin_client(&scene);
	ask(&scene, GET);
	tell(&scene, OK);
	tell(&scene, OK);
	assert_int_equal(cw_edge_pool_count(scene.outer.pool), 0);
	ask(&scene, GET);
	assert_int_equal(scene.outer.dials, 2);
	finish(&scene);
}

static void an_answer_that_does_not_come_is_told_late(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, false);
	scene.outer.late = true;
	begin_client(&scene);
	say(scene.outer.near, GET);
	while (!scene.outer.count)
		event_base_loop(scene.base, EVLOOP_ONCE);
	run(&scene);
	assert_int_equal(scene.outer.given_up, 1);
	assert_int_equal(scene.outer.status, 504);
	finish(&scene);
}

static void who_leaves_gives_up_what_was_begun(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, false);
	begin_client(&scene);
	ask(&scene, "POST /x HTTP/1.1\r\nHost: e1\r\nContent-Length: 9\r\n\r\nab");
	assert_non_null(strstr(cw_buffer_string(&scene.came), "\r\n\r\nab"));
	shutdown(scene.outer.near, SHUT_RDWR);
	run(&scene);
	assert_true(scene.outer.ended);
	assert_true(scene.far_closed);
	finish(&scene);
}

/* 32 MB each way, while one side does not read: what waits in between is bounded, and all of it comes. */
static void bodies_stream_with_flow_control(void **state)
{
	(void)state;
	enum { SIZE = 32 * 1024 * 1024, PIECE = 64 * 1024 };
	struct scene scene;
	static char piece[PIECE];
	size_t sent = 0, held = 0;
	begin(&scene, true);
	begin_client(&scene);
	ask(&scene, GET);
	cw_buffer_finish(&scene.came);
	say(scene.inner.far, "HTTP/1.1 200 OK\r\nContent-Length: 33554432\r\n\r\n");
	memset(piece, 'a', sizeof piece);
	for (int still = 0; still < 20;) { /* ends: nobody reads */
		ssize_t put = send(scene.inner.far, piece, sizeof piece, MSG_NOSIGNAL);
		still = put > 0 ? 0 : still + 1;
		held += put > 0 ? (size_t)put : 0;
		event_base_loop(scene.base, EVLOOP_NONBLOCK);
	}
	assert_in_range(held, 1, 4 * 1024 * 1024);
	sent = held;
	while (scene.got.length < SIZE) {
		size_t left = SIZE - sent < PIECE ? SIZE - sent : PIECE;
		ssize_t put = left ? send(scene.inner.far, piece, left, MSG_NOSIGNAL) : 0;
		sent += put > 0 ? (size_t)put : 0;
		event_base_loop(scene.base, EVLOOP_NONBLOCK);
		drain(scene.outer.near, &scene.got, &scene.near_closed);
		assert_false(scene.near_closed);
	}
	run(&scene);
	assert_int_equal(scene.outer.count, 1);
	assert_int_equal(scene.outer.status, 200);
	finish(&scene);
}

static void an_upload_waits_for_its_server(void **state)
{
	(void)state;
	enum { SIZE = 16 * 1024 * 1024, PIECE = 64 * 1024 };
	struct scene scene;
	static char piece[PIECE];
	size_t sent = 0;
	begin(&scene, true);
	begin_client(&scene);
	ask(&scene,
		"PUT /x HTTP/1.1\r\nHost: e1\r\nExpect: 100-continue\r\nContent-Length: 16777216\r\n\r\n");
	assert_string_equal(cw_buffer_string(&scene.got), "HTTP/1.1 100 Continue\r\n\r\n");
	scene.came.length = 0;
	for (int still = 0; still < 20;) { /* ends: the server does not read */
		ssize_t put = send(scene.outer.near, piece, sizeof piece, MSG_NOSIGNAL);
		still = put > 0 ? 0 : still + 1;
		sent += put > 0 ? (size_t)put : 0;
		event_base_loop(scene.base, EVLOOP_NONBLOCK);
	}
	assert_in_range(sent, 1, 4 * 1024 * 1024);
	while (scene.came.length < SIZE) {
		size_t left = SIZE - sent < PIECE ? SIZE - sent : PIECE;
		ssize_t put = left ? send(scene.outer.near, piece, left, MSG_NOSIGNAL) : 0;
		sent += put > 0 ? (size_t)put : 0;
		event_base_loop(scene.base, EVLOOP_NONBLOCK);
		drain(scene.inner.far, &scene.came, &scene.far_closed);
	}
	tell(&scene, OK);
	assert_int_equal(scene.outer.status, 200);
	finish(&scene);
}

/* --- smuggling --- */

/* What a strict reader makes of bytes: methods, targets and bodies, one after the other. */
static void read_all(struct cw_http_text input, bool ends_connection, struct cw_buffer *ret)
{
	AUTO(cw_http_reader_free)
	struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_REQUEST, CW_EDGE_RELAY_REQUEST_MAX);
	AUTO_BUFFER one = {0};
	struct cw_http_text piece;
	enum cw_http_read step = CW_HTTP_READ_HEAD;
	while (step != CW_HTTP_READ_REFUSED && step != CW_HTTP_READ_MORE) {
		const struct cw_http_head *head = cw_http_reader_head(reader);
		step = cw_http_reader_read(reader, &input, &piece);
		if (step == CW_HTTP_READ_HEAD)
			cw_buffer_printf(&one, "%s %.*s:", cw_http_head_method_name(head->start.method),
				(int)head->start.target_text.length, head->start.target_text.at);
		if (step == CW_HTTP_READ_BODY)
			cw_buffer_append(&one, piece.at, piece.length);
		if (step != CW_HTTP_READ_END)
			continue;
		cw_buffer_append(ret, one.data, one.length);
		cw_buffer_char(ret, '|');
		one.length = 0;
		if (ends_connection && !head->keep_alive)
			return;
		cw_http_reader_next(reader);
	}
}

/*
 * A connection's bytes through both nodes, answered one request at a time: what reaches the server is what the strict
 * reader took, each request whole, and not a byte more.
 */
static void send_hostile(const struct test_row *row, void *context)
{
	struct scene scene;
	AUTO_BUFFER wanted = {0}, found = {0};
	size_t *count = context;
	begin(&scene, true);
	begin_client(&scene);
	size_t sent = 0;
	for (int i = 0; i < 30; i++) {
		ssize_t put =
			send(scene.outer.near, row->bytes.at + sent, row->bytes.length - sent, MSG_NOSIGNAL);
		sent += put > 0 ? (size_t)put : 0;
		for (int k = 0; k < 8; k++)
			event_base_loop(scene.base, EVLOOP_NONBLOCK);
		drain(scene.outer.near, &scene.got, &scene.near_closed);
		size_t before = scene.came.length;
		drain(scene.inner.far, &scene.came, &scene.far_closed);
		if (scene.came.length != before &&
			memmem(scene.came.data + before, scene.came.length - before, "\r\n", 2))
			(void)!send(scene.inner.far, OK, strlen(OK), MSG_NOSIGNAL);
	}
	read_all(row->bytes, true, &wanted);
	read_all((struct cw_http_text){scene.came.data, scene.came.length}, false, &found);
	/* a request that breaks off is the last one, and never whole behind */
	if (strncmp(cw_buffer_string(&wanted), cw_buffer_string(&found), found.length) != 0 ||
		found.length > wanted.length)
		fail_msg("%s: wanted \"%s\", at the server \"%s\"", row->name, cw_buffer_string(&wanted),
			cw_buffer_string(&found));
	bool full = strcmp(row->name, "100 fields") == 0; /* with those of this lane there are too many */
	assert_int_equal(
		full, strstr(cw_buffer_string(&scene.got), "HTTP/1.1 431") && !found.length && wanted.length);
	if (!full && strcmp(row->want, "taken") == 0 && found.length != wanted.length)
		fail_msg("%s: wanted \"%s\", at the server \"%s\"", row->name, cw_buffer_string(&wanted),
			cw_buffer_string(&found));
	++*count;
	finish(&scene);
}

static void nothing_reaches_a_server_that_both_nodes_do_not_read_alike(void **state)
{
	(void)state;
	size_t count = 0;
	test_http_rows("tests/http/requests.txt", send_hostile, &count);
	assert_true(count > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_made_anew),
		cmocka_unit_test(connections_are_kept_for_the_next_request),
		cmocka_unit_test(requests_that_come_together_go_one_at_a_time),
		cmocka_unit_test(only_what_went_well_is_kept),
		cmocka_unit_test(an_answer_of_the_owners_own_ends_what_is_not_read),
		cmocka_unit_test(a_kept_connection_that_ended_is_not_used),
		cmocka_unit_test(a_kept_connection_that_speaks_is_closed),
		cmocka_unit_test(an_answer_that_does_not_come_is_told_late),
		cmocka_unit_test(who_leaves_gives_up_what_was_begun),
		cmocka_unit_test(bodies_stream_with_flow_control),
		cmocka_unit_test(an_upload_waits_for_its_server),
		cmocka_unit_test(nothing_reaches_a_server_that_both_nodes_do_not_read_alike),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
