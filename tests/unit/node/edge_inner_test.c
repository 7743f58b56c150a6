/*
 * Expressway-C's side of the edge's HTTP lane by itself: streams of the tunnel are socket pairs, servers are played here, in
 * the clear and over TLS, and the clock is the test's.
 */
#include "node/cucm_uds.h"
#include "node/edge/edge_inner.h"
#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/folder.h"

#include "http/http_base64.h"
#include "http/http_reader.h"
#include "net/connection.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TURNS 200
#define CONNECTS_MAX 16

#define YAML(switch) \
	"causeway: 1\ndomains: [acme.test]\nexpressway-c:\n  cucm-tls-verify: " switch "\n  verify-origin-server: " switch "\n" \
															   "  traversal: {peers: [e1.acme.test, e2.acme.test], username: traversal, password: secret}\n" \
															   "  nodes: [{fqdn: c1.acme.test, server: c1/server.pem, key: c1/key.pem, trusted-ca: root.pem}]\n" \
															   "cucm:\n  nodes:\n" \
															   "    - {fqdn: pub.acme.test, publisher: true, tomcat: unknown, tomcat-trust: unknown, callmanager: unknown,\n" \
															   "       callmanager-trust: unknown}\n" \
															   "    - {fqdn: sub.acme.test, tomcat: unknown, tomcat-trust: unknown, callmanager: unknown, callmanager-trust: unknown}\n" \
															   "allow: [{url: 'http://web.acme.test:8080/', methods: [GET, POST]}]\n"

static const char keys[] =
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 1794999000 1796000000\n";
static cw_time now;

enum servers { SERVERS_DOWN, SERVERS_SILENT, SERVERS_PLAIN, SERVERS_TLS };

/* A server over TLS that answers User Data Services. */
struct tls_server {
	struct scene *scene;
	struct cw_connection *connection;
	struct cw_http_head head;
	struct cw_buffer in;
	char host[64];
};

struct scene {
	struct event_base *base;
	struct cw_pool *pool;
	struct cw_snapshot *snapshot;
	struct cw_edge_inner *inner;
	enum servers servers;
	SSL_CTX *tls;
	struct tls_server tls_servers[CONNECTS_MAX];
	unsigned ids[CONNECTS_MAX];
	size_t connects, requests; /* to servers over TLS */
	int client, server;
	struct cw_buffer got, came;
	bool client_closed;
	char refused[64], last_user[64];
	unsigned last_status;
	size_t sign_ins;
};

static cw_time clock_of_test(void)
{
	return now;
}

/* --- servers --- */

static void server_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct tls_server *server = context;
	enum cw_http_reason reason;
	struct cw_error error;
	AUTO_STRINGS names = {0};
	AUTO_BUFFER out = {0};
	cw_buffer_append(&server->in, data, length);
	if (cw_http_head_parse(&server->head, (struct cw_http_text){server->in.data, server->in.length},
		    &reason) != CW_HTTP_WHOLE)
		return;
	assert_true(cw_strings_add(&names, server->host));
	server->scene->requests++;
	const struct cw_cucm_uds_box box = {.host = server->host, .servers = &names};
	assert_true(cw_cucm_uds_answer(&server->head, &box, &out, &error));
	cw_connection_send(connection, out.data, out.length);
	server->in.length = 0;
	cw_http_head_start(&server->head, CW_HTTP_REQUEST, CW_HTTP_METHOD_GET);
}

static void server_up(void *context, struct cw_connection *connection)
{
	(void)context;
	(void)connection;
}

static void server_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	(void)connection;
	(void)report;
	((struct tls_server *)context)->connection = NULL;
}

static void begin_tls_server(struct scene *scene, size_t place, const char *host, int socket)
{
	struct tls_server *server = &scene->tls_servers[place];
	struct cw_error error;
	server->scene = scene;
	snprintf(server->host, sizeof server->host, "%s", host);
	cw_http_head_start(&server->head, CW_HTTP_REQUEST, CW_HTTP_METHOD_GET);
	const struct cw_connection_setup setup = {.base = scene->base,
		.tls = scene->tls,
		.owner = {server_up, server_received, server_ended, NULL, server}};
	assert_true(cw_connection_accept(&setup, socket, &server->connection, &error));
}

static void on_connect(void *context, unsigned id, const char *host, unsigned port)
{
	struct scene *scene = context;
	int ends[2];
	size_t place = scene->connects++;
	assert_in_range(place, 0, CONNECTS_MAX - 1);
	assert_true(port == 8443 || port == 8080);
	scene->ids[place] = id;
	if (scene->servers == SERVERS_DOWN) {
		cw_edge_inner_unconnected(scene->inner, id, "nobody listens there");
		return;
	}
	if (scene->servers == SERVERS_SILENT)
		return;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	if (scene->servers == SERVERS_PLAIN)
		scene->server = ends[1];
	else
		begin_tls_server(scene, place, host, ends[1]);
	cw_edge_inner_connected(scene->inner, id, ends[0]);
}

static void on_refused(void *context, const char *link, const char *host, const char *subject,
	const struct cw_snapshot_answer *answer, const char *reason)
{
	struct scene *scene = context;
	(void)link;
	(void)host;
	(void)subject;
	(void)reason;
	snprintf(scene->refused, sizeof scene->refused, "%s", answer ? answer->code : "-");
}

static void on_signed_in(void *context, const struct cw_edge_inner_sign_in *sign_in)
{
	struct scene *scene = context;
	scene->sign_ins++;
	scene->last_status = sign_in->status;
	snprintf(scene->last_user, sizeof scene->last_user, "%s", sign_in->user);
	/* through which Expressway-E is known by the tunnel, whatever the request says */
	assert_string_equal(sign_in->edge, "e1.acme.test");
	assert_int_equal(sign_in->until, now + 480 * 60);
	assert_true(strlen(sign_in->agent) < 128);
}

/* --- the scene --- */

static struct cw_snapshot *read_snapshot(const char *yaml, unsigned number)
{
	struct cw_snapshot *snapshot = NULL;
	AUTO_STRINGS problems = {0};
	test_folder_write("node.yaml", yaml, strlen(yaml));
	if (!cw_snapshot_read(test_folder_path(""), number, now, &snapshot, &problems))
		fail_msg("%s", problems.items[0]);
	return snapshot;
}

static void make_tls(struct scene *scene)
{
	struct cw_error error;
	struct cw_cert *leaf = NULL;
	EVP_PKEY *key = NULL;
	AUTO_BUFFER pem = {0};
	scene->pool = cw_pool_new();
	AUTO(cw_node_file_free) struct cw_node_file *file = NULL;
	AUTO_STRINGS problems = {0};
	static const char yaml[] =
		"causeway: 1\nexpressway-e:\n  traversal: {username: u, password: p}\n"
		"  nodes: [{fqdn: pub.acme.test, server: pub/server.pem, key: pub/key.pem, trusted-ca: root.pem}]\n";
	test_folder_write("node.yaml", yaml, sizeof yaml - 1);
	if (!cw_node_file_load(test_folder_path(""), scene->pool, &file, &problems))
		fail_msg("%s", problems.items[0]);
	leaf = file->node->identities[CW_IDENTITY_SERVER].leaf;
	key = file->node->identities[CW_IDENTITY_SERVER].private_key;
	const struct cw_tls_setup setup = {.server = true, .chain = &leaf, .chain_count = 1, .key = key};
	assert_true(cw_tls_context(&setup, &scene->tls, &error));
}

static void begin(struct scene *scene, enum servers servers, const char *yaml)
{
	struct cw_error error;
	struct cw_edge_key_told told[CW_EDGE_KEY_OWN_MAX];
	struct cw_edge_key_signer signer;
	now = 1795000000;
	*scene = (struct scene){.base = event_base_new(), .servers = servers, .client = -1, .server = -1};
	make_tls(scene);
	scene->snapshot = read_snapshot(yaml, 1);
	const struct cw_edge_inner_setup setup = {.base = scene->base,
		.clock = clock_of_test,
		.owner = {on_connect, on_refused, on_signed_in, scene}};
	assert_true(cw_edge_inner_new(&setup, scene->snapshot, &scene->inner, &error));
	assert_true(cw_edge_inner_set_signer(scene->inner, keys, sizeof keys - 1, &error));
	assert_true(cw_edge_key_signer_read(keys, sizeof keys - 1, &signer, &error));
	size_t count = cw_edge_key_signer_told(&signer, told);
	assert_true(cw_edge_key_ring_take(cw_edge_inner_ring(scene->inner), "c1", told, count, now));
	cw_edge_key_signer_finish(&signer);
}

static void begin_client(struct scene *scene)
{
	int ends[2];
	if (scene->client >= 0)
		close(scene->client);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	scene->client = ends[1];
	scene->client_closed = false;
	cw_edge_inner_take(scene->inner, ends[0], "e1.acme.test");
}

static void finish(struct scene *scene)
{
	cw_edge_inner_free(scene->inner);
	for (size_t i = 0; i < CONNECTS_MAX; i++) {
		cw_connection_free(scene->tls_servers[i].connection);
		cw_buffer_finish(&scene->tls_servers[i].in);
	}
	cw_snapshot_free(scene->snapshot);
	SSL_CTX_free(scene->tls);
	cw_pool_free(scene->pool);
	if (scene->client >= 0)
		close(scene->client);
	if (scene->server >= 0)
		close(scene->server);
	cw_buffer_finish(&scene->got);
	cw_buffer_finish(&scene->came);
	event_base_free(scene->base);
}

static void drain(int socket, struct cw_buffer *ret, bool *closed)
{
	char bytes[65536];
	ssize_t got;
	while (socket >= 0 && (got = recv(socket, bytes, sizeof bytes, 0)) > 0)
		cw_buffer_append(ret, bytes, (size_t)got);
	if (socket >= 0 && got == 0)
		*closed = true;
}

static void run(struct scene *scene)
{
	bool ignored;
	for (int i = 0; i < TURNS; i++) {
		event_base_loop(scene->base, EVLOOP_NONBLOCK);
		drain(scene->client, &scene->got, &scene->client_closed);
		drain(scene->server, &scene->came, &ignored);
	}
}

static void ask(
	struct scene *scene, const char *method, const char *prefix, const char *rest, const char *fields)
{
	AUTO_BUFFER bytes = {0};
	cw_buffer_printf(&bytes, "%s /", method);
	cw_http_base64_encode(&bytes, cw_http_text(prefix), CW_HTTP_BASE64_URL);
	cw_buffer_printf(&bytes,
		"%s HTTP/1.1\r\nHost: e1.acme.test\r\nVia: https/1.1 e1.acme.test (Causeway)\r\n"
		"X-Forwarded-For: 192.0.2.7\r\nClient-ip: 192.0.2.7\r\n%s\r\n",
		rest, fields);
	scene->got.length = 0;
	assert_int_equal(send(scene->client, bytes.data, bytes.length, MSG_NOSIGNAL), bytes.length);
	run(scene);
}

#define BASIC "Authorization: Basic YW5uYTpzZWNyZXQ=\r\n" /* anna:secret */
#define WRONG "Authorization: Basic YW5uYTp3cm9uZw==\r\n" /* anna:wrong */
#define NOBODY "Authorization: Basic bm9ib2R5Ong=\r\n"	  /* nobody:x */

static void sign_in(struct scene *scene, const char *credentials)
{
	ask(scene, "GET", "acme.test", "/get_edge_config?service_name=_cisco-uds", credentials);
}

static void wants(const struct scene *scene, const char *part)
{
	if (!strstr(cw_buffer_string(&scene->got), part))
		fail_msg("wanted %s in %s", part, cw_buffer_string(&scene->got));
}

/* "Cookie: X-Auth=…" of a sign-in that just went well. */
static void cookie_of(const struct scene *scene, struct cw_buffer *ret)
{
	const char *at = strstr(cw_buffer_string(&scene->got), "X-Auth=");
	assert_non_null(at);
	cw_buffer_printf(ret, "Cookie: a=b; %.*s\r\n", (int)strcspn(at, ";"), at);
}

/* --- tests --- */

static void a_failure_is_remembered_for_five_seconds_and_no_longer(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, SERVERS_DOWN, YAML("off"));
	begin_client(&scene);
	sign_in(&scene, BASIC);
	wants(&scene, "HTTP/1.1 502 Could Not Connect\r\n");
	assert_int_equal(scene.connects, 2); /* both servers */
	now += 4;
	sign_in(&scene, BASIC);
	wants(&scene, "HTTP/1.1 502 ");
	assert_int_equal(scene.connects, 2);
	now += 1;
	scene.servers = SERVERS_TLS;
	sign_in(&scene, BASIC);
	wants(&scene, "HTTP/1.1 200 OK\r\n");
	assert_int_equal(scene.sign_ins, 3);
	finish(&scene);
}

static void who_is_known_is_not_asked_again_for_a_while(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, SERVERS_TLS, YAML("off"));
	begin_client(&scene);
	sign_in(&scene, BASIC);
	wants(&scene, "HTTP/1.1 200 OK\r\nServer: CE_C ECS\r\n");
	wants(&scene, "; Domain=acme.test; "); /* two Expressway-E peers */
	wants(&scene, "<address>pub.acme.test</address>");
	assert_string_equal(scene.last_user, "anna");
	size_t before = scene.requests;
	now += 200;
	sign_in(&scene, BASIC);
	wants(&scene, "HTTP/1.1 200 OK\r\n");
	assert_int_equal(scene.requests, before);
	sign_in(&scene, WRONG); /* another password is another question */
	wants(&scene, "HTTP/1.1 401 Unauthorized\r\n");
	assert_true(scene.requests > before);
	before = scene.requests;
	now += 200;
	sign_in(&scene, BASIC);
	assert_true(scene.requests > before);
	finish(&scene);
}

static void passwords_and_users_are_refused_alike(void **state)
{
	(void)state;
	struct scene scene;
	AUTO_BUFFER wrong = {0};
	begin(&scene, SERVERS_TLS, YAML("off"));
	begin_client(&scene);
	sign_in(&scene, WRONG);
	cw_buffer_text(&wrong, cw_buffer_string(&scene.got));
	assert_non_null(strstr(cw_buffer_string(&wrong), "WWW-Authenticate: Basic realm=\"Cisco-Edge\"\r\n"));
	sign_in(&scene, NOBODY);
	assert_string_equal(cw_buffer_string(&wrong), cw_buffer_string(&scene.got));
	finish(&scene);
}

static void a_server_is_judged_in_the_handshake(void **state)
{
	(void)state;
	struct scene scene;
	begin(&scene, SERVERS_TLS, YAML("on")); /* its certificate has no name in a SAN */
	begin_client(&scene);
	sign_in(&scene, BASIC);
	wants(&scene, "HTTP/1.1 502 Could Not Connect\r\n");
	assert_string_not_equal(scene.refused, "");
	assert_string_not_equal(scene.refused, "-");
	assert_null(strstr(cw_buffer_string(&scene.got), scene.refused));
	finish(&scene);
}

static void a_request_goes_to_its_server_without_its_session(void **state)
{
	(void)state;
	struct scene scene;
	AUTO_BUFFER cookie = {0};
	begin(&scene, SERVERS_TLS, YAML("off"));
	begin_client(&scene);
	sign_in(&scene, BASIC);
	cookie_of(&scene, &cookie);
	scene.servers = SERVERS_PLAIN;
	size_t before = scene.connects;
	for (int i = 0; i < 3; i++) {
		scene.came.length = 0;
		ask(&scene, "GET", "acme.test/http/web.acme.test/8080", "/x?y", cw_buffer_string(&cookie));
		assert_string_equal(cw_buffer_string(&scene.came),
			"GET /x?y HTTP/1.1\r\nHost: web.acme.test:8080\r\nCookie: a=b\r\n"
			"Via: https/1.1 e1.acme.test (Causeway), http/1.1 c1.acme.test (Causeway)\r\n"
			"X-Forwarded-For: 192.0.2.7, 127.0.0.1\r\nClient-ip: 192.0.2.7\r\n\r\n");
		static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
		assert_int_equal(
			send(scene.server, answer, sizeof answer - 1, MSG_NOSIGNAL), sizeof answer - 1);
		run(&scene);
		wants(&scene, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
	}
	assert_int_equal(scene.connects, before + 1); /* kept */
	ask(&scene, "PUT", "acme.test/http/web.acme.test/8080", "/x", cw_buffer_string(&cookie));
	wants(&scene, "HTTP/1.1 411 ");
	finish(&scene);
}

static void what_is_not_allowed_is_not_dialled(void **state)
{
	(void)state;
	static const struct {
		const char *method, *prefix, *rest;
		bool signed_in;
		const char *want;
	} rows[] = {
		{"GET", "acme.test/http/web.acme.test/8080", "/", false, "HTTP/1.1 401 "},
		{"DELETE", "acme.test/http/web.acme.test/8080", "/", true, "HTTP/1.1 403 "},
		{"GET", "acme.test/https/web.acme.test/8080", "/", true, "HTTP/1.1 403 "},
		{"GET", "acme.test/https/pub.acme.test/8443", "/cmplatform", true, "HTTP/1.1 403 "},
		{"GET", "acme.test/https/c1.acme.test/8443", "/cucm-uds/x", true, "HTTP/1.1 403 "},
		{"GET", "other.test/http/web.acme.test/8080", "/", true, "HTTP/1.1 403 "},
	};
	struct scene scene;
	AUTO_BUFFER cookie = {0};
	begin(&scene, SERVERS_TLS, YAML("off"));
	begin_client(&scene);
	sign_in(&scene, BASIC);
	cookie_of(&scene, &cookie);
	size_t before = scene.connects;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *fields = rows[i].signed_in ? cw_buffer_string(&cookie) : "";
		ask(&scene, rows[i].method, rows[i].prefix, rows[i].rest, fields);
		wants(&scene, rows[i].want);
	}
	assert_int_equal(scene.connects, before);
	assert_true(cw_edge_inner_may_connect(scene.snapshot, "WEB.acme.test", 8080));
	assert_true(cw_edge_inner_may_connect(scene.snapshot, "pub.acme.test", 8443));
	assert_false(cw_edge_inner_may_connect(scene.snapshot, "pub.acme.test", 22));
	assert_false(cw_edge_inner_may_connect(scene.snapshot, "127.0.0.1", 8443));
	finish(&scene);
}

static void another_snapshot_judges_what_is_on_its_way(void **state)
{
	(void)state;
	struct scene scene;
	struct cw_error error;
	int ends[2];
	begin(&scene, SERVERS_SILENT, YAML("off"));
	begin_client(&scene);
	sign_in(&scene, BASIC);
	assert_int_equal(scene.connects, 1);
	struct cw_snapshot *before = scene.snapshot;
	scene.snapshot = read_snapshot(YAML("on"), 2);
	assert_true(cw_edge_inner_set_snapshot(scene.inner, scene.snapshot, &error));
	cw_snapshot_free(before);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	begin_tls_server(&scene, 0, "pub.acme.test", ends[1]);
	cw_edge_inner_connected(scene.inner, scene.ids[0], ends[0]);
	run(&scene);
	assert_string_not_equal(scene.refused, "");
	finish(&scene);
}

static void who_leaves_is_not_waited_for(void **state)
{
	(void)state;
	struct scene scene;
	int ends[2];
	begin(&scene, SERVERS_SILENT, YAML("off"));
	begin_client(&scene);
	sign_in(&scene, BASIC);
	assert_int_equal(scene.connects, 1);
	/* the stream is not read while it waits: its end is seen once there is an answer */
	close(scene.client);
	scene.client = -1;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	cw_edge_inner_unconnected(scene.inner, scene.ids[0], "gone");
	cw_edge_inner_connected(scene.inner, scene.ids[0], ends[0]); /* nobody's any more: closed */
	close(ends[1]);
	run(&scene);
	begin_client(&scene);
	sign_in(&scene, NOBODY);
	finish(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_is_remembered_for_five_seconds_and_no_longer),
		cmocka_unit_test(who_is_known_is_not_asked_again_for_a_while),
		cmocka_unit_test(passwords_and_users_are_refused_alike),
		cmocka_unit_test(a_server_is_judged_in_the_handshake),
		cmocka_unit_test(a_request_goes_to_its_server_without_its_session),
		cmocka_unit_test(what_is_not_allowed_is_not_dialled),
		cmocka_unit_test(another_snapshot_judges_what_is_on_its_way),
		cmocka_unit_test(who_leaves_is_not_waited_for),
	};
	return cmocka_run_group_tests(tests, test_deployment_setup, test_folder_teardown);
}
