/* A refusal in the log and in the packets beside it is one; in the packets alone it is told from them. */
#include "observe/log/log_source.h"

#include "support/cmocka.h"
#include "support/tls_session.h"

/* What test_traffic makes: from port 40000, at this time. */
#define CLIENT "10.0.0.1"
#define SERVER "10.0.0.2"
#define TIME "2026-11-20T12:00:00Z"
#define LINE(port, time) \
	time " e1 tvcs: Event=\"Inbound TLS Negotiation Error\" Service=\"SIP\" Src-ip=\"" CLIENT \
	     "\" Src-port=\"" port "\" Dst-ip=\"" SERVER \
	     "\" Dst-port=\"7001\" Detail=\"tlsv1 alert unknown ca\" Protocol=\"TLS\"\n"

static struct cw_buffer refused_session(bool by_client)
{
	struct test_talk talk = {0};
	struct test_traffic traffic = {0};
	struct cw_buffer keylog = {0}, file = {0};
	const struct test_tls spec = {
		.mutual = true, .client_refuses = by_client, .server_refuses = !by_client};
	const struct test_tcp tcp = {0};
	test_tls_run(&spec, &talk, &keylog);
	test_traffic_add_talk(&traffic, &talk, &tcp);
	test_traffic_pcap(&traffic, &file);
	test_talk_finish(&talk);
	test_traffic_finish(&traffic);
	cw_buffer_finish(&keylog);
	return file;
}

static struct cw_log_scan *read(const char *line, bool packets_first, struct cw_log_result *ret)
{
	struct cw_log_scan *scan = NULL;
	struct cw_error error;
	AUTO_STRINGS troubles = {0};
	AUTO_BUFFER packets = refused_session(true);
	assert_true(cw_log_scan_new(&scan, &error));
	for (int step = 0; step < 2; step++) {
		if ((step == 0) == packets_first)
			assert_true(cw_log_source_bytes(
				scan, "eth0.pcap", packets.data, packets.length, &troubles, &error));
		else
			assert_true(cw_log_source_bytes(scan, "log", line, strlen(line), &troubles, &error));
	}
	assert_int_equal(troubles.count, 0);
	assert_true(cw_log_scan_finish(scan, &error));
	cw_log_scan_result(scan, ret);
	return scan;
}

static void the_same_refusal_is_one_incident(void **state)
{
	(void)state;
	for (int first = 0; first < 2; first++) {
		struct cw_log_result result;
		AUTO(cw_log_scan_free) struct cw_log_scan *scan = read(LINE("40000", TIME), first, &result);
		assert_int_equal(result.incident_count, 1);
		assert_string_equal(result.incidents[0].row->name, "alert-unknown-ca");
		assert_int_equal(result.incidents[0].count, 1);
		assert_int_equal(result.incidents[0].captured, 1);
		assert_true(result.incidents[0].captured_at.line > 0);
		assert_string_equal(result.streams->items[result.incidents[0].captured_at.file], "eth0.pcap");
	}
}

static void another_connection_or_time_is_another_refusal(void **state)
{
	(void)state;
	static const char *const lines[] = {LINE("40001", TIME), LINE("40000", "2031-01-01T00:00:00Z"), ""};
	static const size_t want[] = {2, 2, 1};
	for (size_t i = 0; i < 3; i++) {
		struct cw_log_result result;
		AUTO(cw_log_scan_free) struct cw_log_scan *scan = read(lines[i], false, &result);
		assert_int_equal(result.incident_count, want[i]);
		const struct cw_log_incident *seen = &result.incidents[want[i] - 1];
		if (seen->row->group.refuser == 0)
			seen = &result.incidents[0];
		assert_true(strncmp(seen->row->name, "wire-", 5) == 0);
		assert_string_equal(seen->refused_by, CLIENT);
		assert_string_equal(seen->peer, SERVER);
		assert_string_equal(seen->port, "7001");
		assert_int_equal(seen->captured, 0);
	}
}

static void a_damaged_capture_is_no_error(void **state)
{
	(void)state;
	struct cw_log_refusals refusals = {0};
	struct cw_error error;
	AUTO_BUFFER packets = refused_session(false);
	for (size_t length = 0; length < packets.length; length += 7)
		assert_true(cw_log_captured_read(packets.data, length, 0, &refusals, &error));
	refusals.count = 0;
	assert_true(cw_log_captured_read(packets.data, packets.length, 3, &refusals, &error));
	assert_int_equal(refusals.count, 1);
	assert_string_equal(refusals.items[0].sender, SERVER);
	assert_int_equal(refusals.items[0].sender_port, 7001);
	assert_int_equal(refusals.items[0].file, 3);
	cw_log_captured_finish(&refusals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_refusal_is_one_incident),
		cmocka_unit_test(another_connection_or_time_is_another_refusal),
		cmocka_unit_test(a_damaged_capture_is_no_error),
	};
	return cmocka_run_group_tests(tests, test_tls_certs_make, test_tls_certs_free);
}
