/*
 * A node's port whose trust list and identity are replaced while connections come and go.
 */
#include "check/question.h"
#include "net/listener.h"
#include "pki/bundle/pem_write.h"
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/heap.h"

#include <arpa/inet.h>
#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#define CLIENTS 8

struct client {
	struct cw_connection *connection;
	struct cw_connection_report report;
	size_t names; /* CA names that the server sent */
	bool keeps_open, over, answered;
	const char *shows;
};

static struct {
	struct event_base *base;
	struct cw_listener *door;
	struct sockaddr_in address;
	size_t peers_max; /* 0: the default */
	size_t came, left, again, worse, turned_away;
	size_t asked;
	enum cw_verdict before, now;
	struct cw_connection_report ended; /* of the last visitor */
} scene;

static bool judge(void *context, const struct cw_listener_question *asked, struct cw_judgement *ret,
	struct cw_error *error)
{
	(void)context;
	scene.asked += asked->own ? 0 : 1;
	const struct cw_judge_question question = {.chain = asked->chain,
		.chain_count = asked->chain_count,
		.list = asked->list,
		.profile = CW_PROFILE_EXPRESSWAY,
		.purpose = asked->own ? CW_PURPOSE_ANY : CW_PURPOSE_CLIENT,
		.at = TEST_AT,
		.cache = asked->cache};
	return cw_question_ask_alone(CW_ALONE_CLIENT, &question, ret, error);
}

static void on_came(void *context, struct cw_listener_peer *visitor)
{
	(void)context;
	assert_non_null(cw_listener_peer_judgement(visitor));
	scene.came++;
}

static void on_said(void *context, struct cw_listener_peer *visitor, const char *data, size_t length)
{
	(void)context;
	cw_connection_send(cw_listener_peer_connection(visitor), data, length);
}

static void on_left(
	void *context, struct cw_listener_peer *visitor, const struct cw_connection_report *report)
{
	(void)context;
	(void)visitor;
	scene.ended = *report;
	scene.left++;
}

static void on_turned_away(void *context)
{
	(void)context;
	scene.turned_away++;
}

static void on_again(void *context, struct cw_listener_peer *visitor, enum cw_verdict before)
{
	(void)context;
	scene.again++;
	scene.before = before;
	scene.now = cw_listener_peer_judgement(visitor)->verdict;
	scene.worse += scene.now > before;
}

static int accept_all(void *context, struct cw_cert *const *chain, size_t count)
{
	(void)context;
	(void)chain;
	(void)count;
	return CW_TLS_ACCEPT;
}

static void client_up(void *context, struct cw_connection *connection)
{
	struct client *client = context;
	const STACK_OF(X509_NAME) *names = SSL_get0_peer_CA_list(cw_connection_ssl(connection));
	client->names = names ? (size_t)sk_X509_NAME_num(names) : 0;
	cw_connection_send(connection, "hello", 5);
}

static void client_heard(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct client *client = context;
	(void)data;
	(void)length;
	client->answered = true;
	if (client->keeps_open)
		event_base_loopbreak(scene.base);
	else
		cw_connection_close(connection);
}

static void client_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct client *client = context;
	(void)connection;
	client->report = *report;
	client->connection = NULL;
	client->over = true;
	event_base_loopbreak(scene.base);
}

static void start(struct client *client)
{
	struct cw_error error;
	AUTO(SSL_CTX_free) SSL_CTX *tls = NULL;
	const char *shows = client->shows ? client->shows : "client";
	struct cw_cert *chain[] = {test_cert(shows)};
	struct cw_tls_setup setup = {.chain = chain, .chain_count = 1, .key = test_key(shows), .asks = true};
	bool keeps_open = client->keeps_open;
	*client = (struct client){.keeps_open = keeps_open, .shows = client->shows};
	assert_true(cw_tls_context(&setup, &tls, &error));
	struct cw_connection_setup connection = {.base = scene.base,
		.tls = tls,
		.judge = {.ask = accept_all},
		.owner = {client_up, client_heard, client_ended, NULL, client}};
	const struct cw_connection_route route = {
		.to = (struct sockaddr *)&scene.address, .length = sizeof scene.address};
	assert_true(cw_connection_open(&connection, &route, &client->connection, &error));
}

static void run(struct client *client)
{
	start(client);
	while (!client->over && !(client->keeps_open && client->answered))
		assert_int_equal(event_base_dispatch(scene.base), 0);
}

/* The PEM of these certificates as a new list. */
static bool replace(const char *names, struct cw_error *error)
{
	struct cw_cert *certs[8];
	AUTO_BUFFER pem = {0};
	size_t count = test_certs(names, certs, 8);
	for (size_t i = 0; i < count; i++)
		assert_true(cw_pem_write_cert(&pem, certs[i], error));
	return cw_listener_set_trust(scene.door, cw_buffer_string(&pem), pem.length, error);
}

static void open_door_that(size_t peers_max, bool makes_room)
{
	struct cw_error error;
	AUTO_TRUST_LIST list = {0};
	memset(&scene, 0, sizeof scene);
	scene.peers_max = peers_max;
	scene.base = event_base_new();
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	test_list("root", &list);
	struct cw_listener_setup setup = {.base = scene.base,
		.address = (struct sockaddr *)&any,
		.length = sizeof any,
		.leaf = test_cert("server"),
		.key = test_key("server"),
		.list = &list,
		.profile = CW_PROFILE_EXPRESSWAY,
		.asks = true,
		.peers_max = scene.peers_max,
		.makes_room = makes_room,
		.owner = {on_came, on_said, on_left, on_again, NULL, on_turned_away, judge, NULL}};
	if (!cw_listener_open(&setup, &scene.door, &error))
		fail_msg("%s", error.message);
	scene.address = any;
	scene.address.sin_port = htons((uint16_t)cw_listener_port(scene.door));
}

static void open_door_for(size_t peers_max)
{
	open_door_that(peers_max, false);
}

static void open_door(void)
{
	open_door_for(0);
}

static void close_door(void)
{
	cw_listener_free(scene.door);
	event_base_free(scene.base);
}

static void a_visitor_is_judged_by_the_list(void **state)
{
	(void)state;
	struct client good = {0}, bad = {.shows = "stranger"};
	open_door();
	run(&good);
	assert_int_equal(good.report.end, CW_END_CLOSED);
	run(&bad);
	assert_int_equal(bad.report.alert_received, SSL_AD_UNKNOWN_CA);
	assert_int_equal(scene.came, 1);
	close_door();
}

static void more_peers_than_there_may_be_are_closed_at_once(void **state)
{
	(void)state;
	struct client first = {.keeps_open = true}, second = {.keeps_open = true}, third = {0}, fourth = {0};
	open_door_for(2);
	run(&first);
	run(&second);
	run(&third);
	assert_false(third.answered);
	assert_int_equal(third.report.end, CW_END_PEER_CLOSED);
	assert_int_equal(scene.turned_away, 1);
	cw_connection_free(first.connection);
	while (!scene.left)
		event_base_loop(scene.base, EVLOOP_ONCE);
	run(&fourth);
	assert_int_equal(scene.turned_away, 1);
	assert_int_equal(fourth.report.end, CW_END_CLOSED);
	cw_connection_free(second.connection);
	close_door();
}

/* A connection that never says a word, once the listener has it. */
static int connect_silently(void)
{
	int silent = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(silent, (const struct sockaddr *)&scene.address, sizeof scene.address), 0);
	event_base_loop(scene.base, EVLOOP_NONBLOCK);
	return silent;
}

static void who_says_nothing_makes_room_and_who_came_in_does_not(void **state)
{
	(void)state;
	struct client first = {.keeps_open = true}, second = {0};
	char byte;
	open_door_that(3, true);
	run(&first);
	int older = connect_silently(), newer = connect_silently();
	run(&second);
	assert_int_equal(second.report.end, CW_END_CLOSED);
	assert_int_equal(scene.turned_away, 0);
	assert_int_equal(recv(older, &byte, 1, 0), 0);
	assert_int_equal(recv(newer, &byte, 1, MSG_DONTWAIT), -1);
	assert_int_equal(first.over, 0);
	close(older);
	close(newer);
	cw_connection_free(first.connection);
	close_door();
}

static void a_new_list_counts_at_once_and_its_names_are_sent(void **state)
{
	(void)state;
	struct cw_error error;
	struct client first = {0}, second = {.shows = "stranger"}, third = {.shows = "stranger"};
	open_door();
	run(&first);
	assert_int_equal(first.names, 1);
	assert_true(replace("root other", &error));
	run(&second);
	assert_int_equal(second.report.end, CW_END_CLOSED);
	assert_int_equal(second.names, 2);
	assert_true(replace("root", &error));
	run(&third);
	assert_int_equal(third.report.end, CW_END_PEER_ALERT);
	close_door();
}

static void a_list_that_cannot_be_used_changes_nothing(void **state)
{
	(void)state;
	struct cw_error error;
	struct client client = {0};
	static const char broken[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
	open_door();
	assert_false(cw_listener_set_trust(scene.door, broken, sizeof broken - 1, &error));
	assert_false(cw_listener_set_trust(scene.door, "", 0, &error));
	assert_non_null(strstr(error.message, "own certificate would not be trusted"));
	assert_false(replace("other", &error));
	assert_non_null(strstr(error.message, "issuer-missing"));
	run(&client);
	assert_int_equal(client.report.end, CW_END_CLOSED);
	assert_int_equal(client.names, 1);
	close_door();
}

static void who_is_in_already_is_judged_again_and_told_of(void **state)
{
	(void)state;
	struct cw_error error;
	struct client client = {.keeps_open = true, .shows = "stranger"};
	open_door();
	assert_true(replace("root other", &error));
	run(&client);
	assert_true(client.answered);
	assert_int_equal(scene.again, 0);
	assert_true(replace("root", &error));
	assert_int_equal(scene.again, 1);
	assert_int_equal(scene.before, CW_VERDICT_PASS);
	assert_int_equal(scene.now, CW_VERDICT_REFUSED);
	assert_true(replace("root other", &error));
	assert_int_equal(scene.now, CW_VERDICT_PASS);
	assert_false(client.over); /* judged, not closed */
	cw_connection_free(client.connection);
	close_door();
}

/* A client whose second flight can be held back: TLS in memory, the socket by hand. */
struct slow {
	SSL_CTX *context;
	SSL *ssl;
	int raw;
};

static void slow_open(struct slow *slow)
{
	slow->context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_use_certificate(slow->context, cw_cert_x509(test_cert("stranger")));
	SSL_CTX_use_PrivateKey(slow->context, test_key("stranger"));
	slow->ssl = SSL_new(slow->context);
	SSL_set_bio(slow->ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	SSL_set_connect_state(slow->ssl);
	slow->raw = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(slow->raw, (struct sockaddr *)&scene.address, sizeof scene.address), 0);
}

static void slow_close(struct slow *slow)
{
	close(slow->raw);
	SSL_free(slow->ssl);
	SSL_CTX_free(slow->context);
}

/* Sends what TLS has written, but for the last `held` bytes. */
static void slow_send(struct slow *slow, size_t held)
{
	char *bytes;
	size_t length = (size_t)BIO_get_mem_data(SSL_get_wbio(slow->ssl), &bytes);
	assert_true(length > held);
	assert_int_equal(send(slow->raw, bytes, length - held, MSG_NOSIGNAL), (ssize_t)(length - held));
	char sent[16384];
	assert_int_equal(BIO_read(SSL_get_wbio(slow->ssl), sent, (int)(length - held)), (int)(length - held));
}

/* Lets the door work until there is something to read, and gives it to TLS. */
static void slow_receive(struct slow *slow)
{
	char bytes[16384];
	ssize_t got = -1;
	while (got < 0) {
		assert_int_equal(event_base_loop(scene.base, EVLOOP_NONBLOCK), 0);
		got = recv(slow->raw, bytes, sizeof bytes, MSG_DONTWAIT);
	}
	BIO_write(SSL_get_rbio(slow->ssl), bytes, (int)got);
}

/* The record of TLS 1.3's Finished with SHA-384: header, message header, digest, type, tag. */
#define FINISHED_RECORD (5 + 4 + 48 + 1 + 16)

static void who_is_in_its_handshake_does_not_come_in_by_the_old_list(void **state)
{
	(void)state;
	struct cw_error error;
	struct slow slow;
	open_door();
	assert_true(replace("root other", &error));
	slow_open(&slow);
	assert_int_equal(SSL_do_handshake(slow.ssl), -1);
	slow_send(&slow, 0);
	while (SSL_do_handshake(slow.ssl) != 1)
		slow_receive(&slow);
	slow_send(&slow, FINISHED_RECORD);
	size_t asked = scene.asked;
	while (scene.asked == asked)
		assert_int_equal(event_base_loop(scene.base, EVLOOP_ONCE), 0);
	assert_true(replace("root", &error));
	slow_send(&slow, 0);
	while (!scene.left)
		assert_int_equal(event_base_loop(scene.base, EVLOOP_ONCE), 0);
	assert_int_equal(scene.came, 0);
	assert_int_equal(scene.again, 0);
	assert_int_equal(scene.ended.end, CW_END_OWNER_REFUSED);
	assert_string_equal(
		scene.ended.reason, "refused by the trust list that came meanwhile: issuer-missing");
	slow_close(&slow);
	close_door();
}

static void without_descriptors_the_door_waits_and_opens_again(void **state)
{
	(void)state;
	struct client client = {0};
	struct rlimit limit, none;
	size_t turns = 0;
	open_door();
	start(&client);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = (struct rlimit){.rlim_cur = 3, .rlim_max = limit.rlim_max}; /* what is open stays open */
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	struct timeval while_ = {0, 50000};
	event_base_loopexit(scene.base, &while_);
	while (!event_base_got_exit(scene.base) && turns++ < 100)
		assert_int_equal(event_base_loop(scene.base, EVLOOP_ONCE), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_true(turns < 100);
	assert_int_equal(scene.came, 0);
	while (!client.over)
		assert_int_equal(event_base_dispatch(scene.base), 0);
	assert_int_equal(client.report.end, CW_END_CLOSED);
	close_door();
}

static void an_identity_is_replaced_where_key_and_list_fit(void **state)
{
	(void)state;
	struct cw_error error;
	struct client client = {0};
	open_door();
	assert_false(cw_listener_set_identity(scene.door, test_cert("renewed"), test_key("server"), &error));
	assert_int_equal(error.code, CW_E_KEY);
	assert_false(
		cw_listener_set_identity(scene.door, test_cert("stranger"), test_key("stranger"), &error));
	assert_true(cw_listener_set_identity(scene.door, test_cert("renewed"), test_key("renewed"), &error));
	run(&client);
	assert_int_equal(client.report.end, CW_END_CLOSED);
	close_door();
}

/* 10,000 with CAUSEWAY_RELOADS=10000: `make endurance`. */
static void reloads_under_load_fail_nobody(void **state)
{
	(void)state;
	const char *wish = getenv("CAUSEWAY_RELOADS");
	size_t rounds = wish ? (size_t)strtoul(wish, NULL, 10) : 500, done = 0, early = 0;
	struct client clients[CLIENTS] = {{0}};
	struct cw_error error;
	open_door();
	for (size_t i = 0; i < CLIENTS; i++)
		start(&clients[i]);
	while (done < rounds) {
		assert_int_equal(event_base_loop(scene.base, EVLOOP_ONCE), 0);
		assert_true(replace(done % 2 ? "root other" : "other root", &error));
		done++;
		for (size_t i = 0; i < CLIENTS; i++) {
			if (!clients[i].over)
				continue;
			if (clients[i].report.end != CW_END_CLOSED || !clients[i].answered)
				fail_msg("after %zu reloads: %s", done, clients[i].report.reason);
			start(&clients[i]);
		}
		if (done == rounds / 10)
			early = test_heap();
	}
	size_t late = test_heap();
	print_message("reloads: %zu, visitors: %zu, heap at a tenth: %zu, at the end: %zu\n", done,
		scene.came, early, late);
	assert_true(late <= early + early / 10);
	assert_int_equal(scene.worse, 0);
	assert_true(scene.came > 0);
	for (size_t i = 0; i < CLIENTS; i++)
		cw_connection_free(clients[i].connection);
	close_door();
}

static int make_all(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	test_make_certs("root ca; other ca; server by=root eku=server,client san=DNS:e1.acme.test; "
			"client by=root eku=server,client; stranger by=other eku=server,client; "
			"renewed by=root eku=server,client san=DNS:e1.acme.test");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_visitor_is_judged_by_the_list),
		cmocka_unit_test(more_peers_than_there_may_be_are_closed_at_once),
		cmocka_unit_test(who_says_nothing_makes_room_and_who_came_in_does_not),
		cmocka_unit_test(a_new_list_counts_at_once_and_its_names_are_sent),
		cmocka_unit_test(a_list_that_cannot_be_used_changes_nothing),
		cmocka_unit_test(who_is_in_already_is_judged_again_and_told_of),
		cmocka_unit_test(who_is_in_its_handshake_does_not_come_in_by_the_old_list),
		cmocka_unit_test(without_descriptors_the_door_waits_and_opens_again),
		cmocka_unit_test(an_identity_is_replaced_where_key_and_list_fit),
		cmocka_unit_test(reloads_under_load_fail_nobody),
	};
	return cmocka_run_group_tests(tests, make_all, test_certs_teardown);
}
