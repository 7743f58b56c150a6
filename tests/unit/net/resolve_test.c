/*
 * Names asked of a DNS server of the test's own, on one loop: an answer, a change, no such name, silence, and owners
 * that are gone before the answer.
 */
#include "net/resolve.h"
#include "support/cmocka.h"

#include <arpa/inet.h>
#include <unistd.h>

/*
 * A server that answers every question for an A record with `address`, and every one for SRV records with `services`; or
 * with "no such name"; or not at all.
 */
struct service {
	unsigned short priority, weight, port;
	const char *label; /* one label below the root; "": the root itself */
};

static struct {
	struct event_base *base;
	struct event *reads;
	int socket;
	struct sockaddr_in at;
	const char *address; /* NULL: no such name */
	const struct service *services;
	size_t service_count;
	bool silent;
	unsigned asked;
} server;

static size_t put_short(unsigned char *at, unsigned value)
{
	at[0] = (unsigned char)(value >> 8);
	at[1] = (unsigned char)value;
	return 2;
}

/* Name (a pointer to the question), type SRV, class IN, a minute, length, priority, weight, port, target. */
static size_t put_service(unsigned char *at, const struct service *service)
{
	static const unsigned char head[] = {0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60};
	size_t label = strlen(service->label), length = sizeof head;
	memcpy(at, head, sizeof head);
	length += put_short(at + length, (unsigned)(6 + (label ? label + 2 : 1)));
	length += put_short(at + length, service->priority);
	length += put_short(at + length, service->weight);
	length += put_short(at + length, service->port);
	if (label) {
		at[length++] = (unsigned char)label;
		memcpy(at + length, service->label, label);
		length += label;
	}
	at[length++] = 0;
	return length;
}

static void on_question(evutil_socket_t socket, short what, void *context)
{
	unsigned char packet[600];
	struct sockaddr_in from;
	socklen_t size = sizeof from;
	(void)what;
	(void)context;
	ssize_t got = recvfrom(socket, packet, 512, 0, (struct sockaddr *)&from, &size);
	if (got < 12)
		return;
	server.asked++;
	if (server.silent)
		return;
	/* the question's end: labels, a zero, type and class; what follows (EDNS) is left out */
	size_t end = 12;
	while (end < (size_t)got && packet[end])
		end += packet[end] + 1U;
	end += 5;
	bool wants_services = packet[end - 3] == 33;
	packet[2] = 0x81;
	packet[3] = server.address ? 0x80 : 0x83;
	memset(packet + 6, 0, 6);
	for (size_t i = 0; wants_services && i < server.service_count; i++, packet[7]++)
		end += put_service(packet + end, &server.services[i]);
	if (server.address && !wants_services) {
		static const unsigned char record[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4};
		packet[7] = 1;
		memcpy(packet + end, record, sizeof record);
		inet_pton(AF_INET, server.address, packet + end + sizeof record);
		end += sizeof record + 4;
	}
	(void)!sendto(socket, packet, end, 0, (const struct sockaddr *)&from, size);
}

static int begin(void **state)
{
	(void)state;
	socklen_t size = sizeof server.at;
	server.base = event_base_new();
	server.socket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	server.at = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (bind(server.socket, (const struct sockaddr *)&server.at, sizeof server.at) != 0 ||
		getsockname(server.socket, (struct sockaddr *)&server.at, &size) != 0)
		return -1;
	server.reads = event_new(server.base, server.socket, EV_READ | EV_PERSIST, on_question, NULL);
	server.address = "192.0.2.7";
	server.silent = false;
	server.service_count = 0;
	server.asked = 0;
	return event_add(server.reads, NULL);
}

static int end(void **state)
{
	(void)state;
	event_free(server.reads);
	close(server.socket);
	event_base_free(server.base);
	return 0;
}

static struct {
	bool came;
	struct cw_resolve_answer answer;
} got;

static void on_answered(void *context, const struct cw_resolve_answer *answer)
{
	(void)context;
	got.came = true;
	got.answer = *answer;
}

static void on_never(void *context, const struct cw_resolve_answer *answer)
{
	(void)context;
	(void)answer;
	fail_msg("a cancelled query was answered");
}

static struct cw_resolve *make(void)
{
	struct cw_resolve *resolve = NULL;
	struct cw_error error = {0};
	if (!cw_resolve_new(server.base, &server.at, 1, &resolve, &error))
		fail_msg("%s", error.message);
	return resolve;
}

static void ask(struct cw_resolve *resolve)
{
	got.came = false;
	assert_non_null(cw_resolve_ask(resolve, "e1.acme.test", on_answered, NULL));
	assert_false(got.came); /* never from within */
	while (!got.came)
		assert_true(event_base_loop(server.base, EVLOOP_ONCE) >= 0);
}

static void want_address(const char *want)
{
	char text[INET_ADDRSTRLEN];
	assert_int_equal(got.answer.count, 1);
	assert_string_equal(inet_ntop(AF_INET, &got.answer.addresses[0], text, sizeof text), want);
}

static void a_changed_record_counts_with_the_next_question(void **state)
{
	(void)state;
	struct cw_resolve *resolve = make();
	ask(resolve);
	want_address("192.0.2.7");
	server.address = "192.0.2.8";
	ask(resolve);
	want_address("192.0.2.8");
	assert_true(server.asked >= 2);
	cw_resolve_free(resolve);
}

static void no_such_name_is_told(void **state)
{
	(void)state;
	struct cw_resolve *resolve = make();
	server.address = NULL;
	ask(resolve);
	assert_int_equal(got.answer.count, 0);
	assert_true(got.answer.absent);
	assert_non_null(got.answer.why);
	cw_resolve_free(resolve);
}

static void a_silent_server_is_told_of(void **state)
{
	(void)state;
	struct cw_resolve *resolve = make();
	server.silent = true;
	ask(resolve);
	assert_int_equal(got.answer.count, 0);
	assert_false(got.answer.absent);
	assert_true(server.asked >= 2);
	cw_resolve_free(resolve);
}

static void a_cancelled_query_is_not_answered(void **state)
{
	(void)state;
	struct cw_resolve *resolve = make();
	cw_resolve_cancel(cw_resolve_ask(resolve, "e2.acme.test", on_never, NULL));
	ask(resolve); /* by its answer, the other's has come too */
	want_address("192.0.2.7");
	assert_int_equal(server.asked, 2);
	cw_resolve_cancel(NULL);
	cw_resolve_free(resolve);
}

static void what_is_out_goes_with_its_resolver(void **state)
{
	(void)state;
	struct cw_resolve *resolve = make();
	server.silent = true;
	got.came = false;
	assert_non_null(cw_resolve_ask(resolve, "e1.acme.test", on_answered, NULL));
	cw_resolve_free(resolve);
	assert_false(got.came);
}

static struct {
	bool came;
	struct cw_resolve_servers answer;
} served;

static void on_served(void *context, const struct cw_resolve_servers *answer)
{
	(void)context;
	served.came = true;
	served.answer = *answer;
}

static void ask_servers(struct cw_resolve *resolve)
{
	served.came = false;
	assert_non_null(cw_resolve_ask_servers(resolve, "_collab-edge._tls.acme.test", on_served, NULL));
	assert_false(served.came);
	while (!served.came)
		assert_true(event_base_loop(server.base, EVLOOP_ONCE) >= 0);
}

static void servers_come_by_priority_and_then_by_weight(void **state)
{
	(void)state;
	static const struct service services[] = {
		{20, 0, 8443, "spare"}, {10, 1, 8443, "light"}, {10, 9, 8444, "heavy"}};
	struct cw_resolve *resolve = make();
	server.services = services;
	server.service_count = 3;
	ask_servers(resolve);
	assert_int_equal(served.answer.count, 3);
	assert_string_equal(served.answer.items[0].name, "heavy");
	assert_int_equal(served.answer.items[0].port, 8444);
	assert_string_equal(served.answer.items[1].name, "light");
	assert_string_equal(served.answer.items[2].name, "spare");
	cw_resolve_free(resolve);
}

static void a_service_that_is_decidedly_not_there_has_no_server(void **state)
{
	(void)state;
	static const struct service none[] = {{0, 0, 0, ""}};
	struct cw_resolve *resolve = make();
	server.services = none;
	server.service_count = 1;
	ask_servers(resolve);
	assert_int_equal(served.answer.count, 0);
	assert_string_equal(served.answer.why, "it has no server");
	assert_true(served.answer.absent);
	server.address = NULL;
	server.service_count = 0;
	ask_servers(resolve);
	assert_int_equal(served.answer.count, 0);
	assert_string_not_equal(served.answer.why, "it has no server");
	cw_resolve_free(resolve);
}

static void a_question_for_servers_goes_with_its_resolver(void **state)
{
	(void)state;
	struct cw_resolve *resolve = make();
	server.silent = true;
	served.came = false;
	assert_non_null(cw_resolve_ask_servers(resolve, "_sips._tcp.acme.test", on_served, NULL));
	cw_resolve_free(resolve);
	assert_false(served.came);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_changed_record_counts_with_the_next_question, begin, end),
		cmocka_unit_test_setup_teardown(no_such_name_is_told, begin, end),
		cmocka_unit_test_setup_teardown(a_silent_server_is_told_of, begin, end),
		cmocka_unit_test_setup_teardown(a_cancelled_query_is_not_answered, begin, end),
		cmocka_unit_test_setup_teardown(servers_come_by_priority_and_then_by_weight, begin, end),
		cmocka_unit_test_setup_teardown(
			a_service_that_is_decidedly_not_there_has_no_server, begin, end),
		cmocka_unit_test_setup_teardown(a_question_for_servers_goes_with_its_resolver, begin, end),
		cmocka_unit_test_setup_teardown(what_is_out_goes_with_its_resolver, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
