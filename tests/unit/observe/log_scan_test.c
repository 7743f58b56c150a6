/* Lines become incidents: each refusal once, equal ones counted, near lines of one refusal put together. */
#include "observe/log/log_scan.h"

#include "support/cmocka.h"

#include <stdlib.h>

static void feed(struct cw_log_scan *scan, const char *name, const char *data, size_t length, size_t piece)
{
	struct cw_error error;
	assert_true(cw_log_scan_begin(scan, name, &error));
	for (size_t at = 0; at < length;) {
		size_t room;
		char *to = cw_log_scan_room(scan, &room);
		assert_true(room > 0);
		room = room < piece ? room : piece;
		room = room < length - at ? room : length - at;
		memcpy(to, data + at, room);
		assert_true(cw_log_scan_took(scan, room, &error));
		at += room;
	}
	assert_true(cw_log_scan_end(scan, &error));
}

static struct cw_log_scan *make(void)
{
	struct cw_log_scan *scan = NULL;
	struct cw_error error;
	assert_true(cw_log_scan_new(&scan, &error));
	return scan;
}

static struct cw_log_scan *scanned(const char *text, struct cw_log_result *ret)
{
	struct cw_log_scan *scan = make();
	feed(scan, "log", text, strlen(text), SIZE_MAX);
	cw_log_scan_result(scan, ret);
	return scan;
}

static const char *example(const char *row)
{
	return cw_log_row_find(row)->example;
}

#define EVENT(time, port, text) \
	"2026-11-20T12:00:" time \
	"+01:00 expe tvcs: Event=\"Inbound TLS Negotiation Error\" Service=\"SIP\" " \
	"Src-ip=\"192.0.2.10\" Src-port=\"" port \
	"\" Dst-ip=\"198.51.100.20\" Dst-port=\"7001\" Detail=\"" text "\" Protocol=\"TLS\" Level=\"1\"\n"
#define CLOSED(time, port, text) \
	"2026-11-20T12:00:" time "+01:00 expe tvcs: Module=\"network.tcp\" Level=\"DEBUG\": " \
	"Src-ip=\"192.0.2.10\" Src-port=\"" port \
	"\" Dst-ip=\"198.51.100.20\" Dst-port=\"7001\" Detail=\"TCP " \
	"Connection Closed\" Reason=\"" text "\"\n"
#define FAILED(time, port, more) \
	"2026-11-20T12:00:" time \
	"+01:00 expe tvcs: Module=\"developer.ssl\" TTSSL_continueHandshake: Failed to " \
	"establish SSL connection iResult=\"-1\" bServer=\"true\" " \
	"localAddress=\"['IPv4''TCP''198.51.100.20:7001']\" " \
	"remoteAddress=\"['IPv4''TCP''192.0.2.10:" port "']\"" more "\n"
#define VERIFY_FAILED " ssl_error_reason=\"error:14089086:SSL routines:x: certificate verify failed\""
#define ROOT "self signed certificate in certificate chain"
#define IDENTITY "Peer's TLS certificate identity was unacceptable"

static void equal_refusals_are_counted_with_first_and_last(void **state)
{
	(void)state;
	struct cw_log_result result;
	char first[CW_LOG_TIME_SIZE], last[CW_LOG_TIME_SIZE];
	AUTO(cw_log_scan_free)
	struct cw_log_scan *scan = scanned("nothing\n" EVENT("05", "25001", ROOT) EVENT("01", "25002", ROOT)
						   EVENT("59", "25003", ROOT),
		&result);
	assert_int_equal(result.incident_count, 1);
	assert_int_equal(result.lines, 4);
	assert_int_equal(result.faults, 1);
	const struct cw_log_incident *incident = &result.incidents[0];
	assert_string_equal(incident->row->name, "verify-root-missing");
	assert_int_equal(incident->count, 3);
	assert_string_equal(incident->host, "expe");
	assert_string_equal(incident->refused_by, "expe");
	assert_string_equal(incident->peer, "192.0.2.10");
	assert_string_equal(incident->port, "7001");
	assert_string_equal(incident->component, "tvcs");
	assert_null(incident->wanted);
	assert_string_equal(cw_log_line_time(&incident->first, first), "2026-11-20T11:00:01Z");
	assert_string_equal(cw_log_line_time(&incident->last, last), "2026-11-20T11:00:59Z");
	assert_int_equal(incident->place_count, 3);
	assert_int_equal(incident->places[0].line, 2);
	assert_int_equal(incident->places[2].line, 4);
}

static void lines_of_one_refusal_are_one(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t want_incidents;
		const char *want_row; /* of the first */
		uint64_t want_count;
	} rows[] = {
		/* the event after OpenSSL's words, and the closed connection after both */
		{FAILED("01", "25001", VERIFY_FAILED) EVENT("01", "25001", ROOT) CLOSED("01", "25001", ROOT),
			1, "verify-root-missing", 1},
		{CLOSED("01", "25001", ROOT) EVENT("01", "25001", ROOT), 1, "verify-root-missing", 1},
		{CLOSED("01", "25001", IDENTITY) EVENT("02", "25001", IDENTITY), 1, "tvcs-inbound-identity",
			1},
		{EVENT("02", "25001", IDENTITY) CLOSED("03", "25001", IDENTITY), 1, "tvcs-inbound-identity",
			1},
		{FAILED("01", "25001", "") FAILED("01", "25001", VERIFY_FAILED), 1,
			"ssl-certificate-verify-failed", 1},
		{FAILED("01", "25001", ""), 1, "ssl-failed", 1},
		{CLOSED("01", "25001", IDENTITY), 1, "tcp-closed-identity", 1},
		/* another connection, or much later: another refusal */
		{FAILED("01", "25009", VERIFY_FAILED) EVENT("01", "25001", ROOT), 2,
			"ssl-certificate-verify-failed", 1},
		{FAILED("01", "25001", VERIFY_FAILED) EVENT("31", "25001", ROOT), 2,
			"ssl-certificate-verify-failed", 1},
		{EVENT("01", "25001", ROOT) EVENT("31", "25001", ROOT), 1, "verify-root-missing", 2},
		/* two causes on one connection are two */
		{EVENT("01", "25001", ROOT) EVENT("01", "25001", IDENTITY), 2, "verify-root-missing", 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_log_result result;
		AUTO(cw_log_scan_free) struct cw_log_scan *scan = scanned(rows[i].text, &result);
		assert_int_equal(result.incident_count, rows[i].want_incidents);
		assert_string_equal(result.incidents[0].row->name, rows[i].want_row);
		assert_int_equal(result.incidents[0].count, rows[i].want_count);
	}
}

static void families_belong_together_without_sockets(void **state)
{
	(void)state;
	static const struct {
		const char *rows[3];
		const char *want[2];
	} cases[] = {
		{{"endpoint-application-verification", "endpoint-edge-domain"}, {"endpoint-edge-domain"}},
		{{"endpoint-edge-domain", "endpoint-application-verification", "endpoint-curl-untrusted"},
			{"endpoint-edge-domain"}},
		{{"endpoint-untrusted", "endpoint-curl-untrusted"}, {"endpoint-untrusted"}},
		{{"endpoint-curl-untrusted"}, {"endpoint-curl-untrusted"}},
		{{"cucm-x509-name", "jabber-no-home-uds"}, {"cucm-x509-name", "jabber-no-home-uds"}},
		{{"digest-response-differs", "authentication-failed"}, {"digest-response-differs"}},
		{{"jabber-xmpp-handshake", "jabber-leave-session", "jabber-xmpp-certificate"},
			{"jabber-xmpp-certificate"}},
		{{"jabber-srv-query", "jabber-no-srv"}, {"jabber-srv-query"}},
		{{"phone-dot1x-want-read", "phone-dot1x-failed", "phone-dot1x-state"},
			{"phone-dot1x-failed"}},
		{{"traffic-verify-failed", "origin-root-missing"}, {"origin-root-missing"}},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		AUTO_BUFFER text = {0};
		struct cw_log_result result;
		size_t want = cases[i].want[1] ? 2 : 1;
		for (size_t k = 0; k < 3 && cases[i].rows[k]; k++)
			cw_buffer_printf(&text, "%s\n", example(cases[i].rows[k]));
		AUTO(cw_log_scan_free) struct cw_log_scan *scan = scanned(cw_buffer_string(&text), &result);
		assert_int_equal(result.incident_count, want);
		for (size_t k = 0; k < want; k++)
			assert_string_equal(result.incidents[k].row->name, cases[i].want[k]);
	}
}

static void companions_of_another_peer_stay(void **state)
{
	(void)state;
	struct cw_log_result result;
	AUTO(cw_log_scan_free)
	struct cw_log_scan *scan = scanned(
		"expc traffic_server[1]: SSL connection failed for 'sub.acme.test':error:1416F086:SSL "
		"routines:x:certificate verify failed\n"
		"traffic_server[1]: Core server certificate verification failed for (pub.acme.test). "
		"Action=Terminate Error=certificate has expired server=pub.acme.test(192.0.2.1) depth=0\n",
		&result);
	assert_int_equal(result.incident_count, 2);
	assert_string_equal(result.incidents[0].peer, "sub.acme.test");
	assert_string_equal(result.incidents[1].peer, "pub.acme.test");
}

static void the_port_is_that_of_the_request_before(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	struct cw_log_result result;
	cw_buffer_printf(&text, "%s\n%s\n", example("traffic-request-sent"), example("traffic-unknown-ca"));
	AUTO(cw_log_scan_free) struct cw_log_scan *scan = scanned(cw_buffer_string(&text), &result);
	assert_int_equal(result.incident_count, 1);
	assert_string_equal(result.incidents[0].port, "6972");
	assert_string_equal(result.incidents[0].peer, "pub.acme.test");
	assert_string_equal(result.incidents[0].refused_by, "pub.acme.test");
	assert_int_equal(result.incidents[0].row->code, CW_ROOT_MISSING);
}

static void what_hangs_on_an_answer_waits_for_it(void **state)
{
	(void)state;
	AUTO_BUFFER near = {0}, far = {0};
	struct cw_log_result result;
	cw_buffer_text(&near, "|HTTP/1.1 401 Unauthorized\n");
	cw_buffer_text(&far, "|HTTP/1.1 401 Unauthorized\n");
	for (size_t i = 0; i < CW_LOG_NEAR_LINES + 1; i++)
		cw_buffer_text(&far, "a line between\n");
	cw_buffer_text(&near, example("provisioning-refused"));
	cw_buffer_text(&far, example("provisioning-refused"));
	AUTO(cw_log_scan_free) struct cw_log_scan *one = scanned(cw_buffer_string(&near), &result);
	assert_string_equal(result.incidents[0].row->name, "provisioning-wrong-password");
	assert_int_equal(result.faults, 0);
	AUTO(cw_log_scan_free) struct cw_log_scan *two = scanned(cw_buffer_string(&far), &result);
	assert_string_equal(result.incidents[0].row->name, "provisioning-refused");
	assert_int_equal(result.faults, 1);
}

static void who_refused_is_told_as_far_as_the_line_does(void **state)
{
	(void)state;
	static const struct {
		const char *row, *want_refused_by, *want_peer, *want_wanted;
	} rows[] = {
		{"tvcs-outbound-identity", "expc", "198.51.100.20", "expe.acme.test"},
		{"alert-unknown-ca", "198.51.100.20", "198.51.100.20", NULL},
		{"wire-unknown-ca", "192.0.2.30", "192.0.2.10", NULL},
		{"cucm-profile-name", "local", "expc.acme.test", "secure-dx.acme.test"},
		{"endpoint-edge-domain", "local", NULL, "acme.test"},
		{"jabber-bind-conflict", NULL, NULL, NULL},
		{"origin-name", "expc", "pub", "pub"},
		{"phone-dot1x-failed", "remote", NULL, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_log_result result;
		AUTO(cw_log_scan_free) struct cw_log_scan *scan = scanned(example(rows[i].row), &result);
		assert_int_equal(result.incident_count, 1);
		const char *got[] = {
			result.incidents[0].refused_by, result.incidents[0].peer, result.incidents[0].wanted};
		const char *want[] = {rows[i].want_refused_by, rows[i].want_peer, rows[i].want_wanted};
		for (size_t k = 0; k < 3; k++) {
			assert_int_equal(got[k] != NULL, want[k] != NULL);
			if (want[k])
				assert_string_equal(got[k], want[k]);
		}
	}
}

static void unknown_lines_are_counted_and_shown(void **state)
{
	(void)state;
	struct cw_log_result result;
	AUTO(cw_log_scan_free)
	struct cw_log_scan *scan = scanned("quiet\nnginx: SSL_do_handshake() failed once\nquiet\n", &result);
	assert_int_equal(result.incident_count, 0);
	assert_int_equal(result.unknown_lines, 1);
	assert_int_equal(result.sample_count, 1);
	assert_int_equal(result.samples[0].place.line, 2);
	assert_string_equal(result.samples[0].text, "nginx: SSL_do_handshake() failed once");
}

static void passwords_and_cookies_are_not_shown(void **state)
{
	(void)state;
	static const char line[] = "No SSL error available, probably remote disconnect Authorization: Basic "
				   "c2VjcmV0OnNlY3JldA== "
				   "x|Cookie: X-Auth=s3cret; a=s3cret\" password=\"s3cret\" Password=s3cret, "
				   "\"{cipher}s3cret\" end";
	struct cw_log_result result;
	AUTO(cw_log_scan_free) struct cw_log_scan *scan = scanned(line, &result);
	const char *text = result.incidents[0].text;
	assert_null(strstr(text, "s3cret"));
	assert_null(strstr(text, "c2VjcmV0"));
	assert_non_null(strstr(text, "remote disconnect"));
	assert_non_null(strstr(text, "end"));
}

static void pieces_change_nothing(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	size_t wanted_incidents = 0;
	uint64_t wanted_lines = 0, wanted_matched = 0;
	for (size_t i = 0; i < cw_log_row_count(); i++)
		cw_buffer_printf(&text, "%s%s", cw_log_row(i)->example, i % 2 ? "\n" : "\r\n\r\n");
	static const size_t pieces[] = {SIZE_MAX, 1, 7, 1000};
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		AUTO(cw_log_scan_free) struct cw_log_scan *scan = make();
		struct cw_log_result result;
		feed(scan, "log", text.data, text.length, pieces[i]);
		cw_log_scan_result(scan, &result);
		if (i == 0) {
			wanted_incidents = result.incident_count;
			wanted_lines = result.lines;
			wanted_matched = result.matched_lines;
		}
		assert_true(result.matched_lines >= cw_log_row_count());
		assert_int_equal(result.incident_count, wanted_incidents);
		assert_int_equal(result.lines, wanted_lines);
		assert_int_equal(result.matched_lines, wanted_matched);
	}
}

static void long_lines_and_rubbish_are_read(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	struct cw_log_result result;
	uint32_t seed = 3;
	for (size_t i = 0; i < 100000; i++)
		cw_buffer_char(&text, 'x');
	cw_buffer_text(&text, "No SSL error available, probably remote disconnect\n");
	for (size_t i = 0; i < 300000; i++) { /* some of it newlines */
		seed = seed * 1664525U + 1013904223U;
		cw_buffer_char(&text, (char)(seed >> 24));
	}
	cw_buffer_text(&text, "\n");
	for (size_t i = 0; i < CW_LOG_LINE_MAX * 3; i++)
		cw_buffer_char(&text, 'y');
	cw_buffer_text(&text, "\n" EVENT("01", "25001", ROOT));
	AUTO(cw_log_scan_free) struct cw_log_scan *scan = make();
	feed(scan, "log", text.data, text.length, SIZE_MAX);
	cw_log_scan_result(scan, &result);
	size_t newlines = 0;
	for (size_t i = 0; i < text.length; i++)
		newlines += text.data[i] == '\n';
	assert_int_equal(result.lines, newlines);
	assert_int_equal(result.bytes, text.length);
	assert_int_equal(result.incident_count, 2);
	assert_string_equal(result.incidents[0].row->name, "verify-root-missing");
	assert_int_equal(result.incidents[0].places[0].line, newlines);
	assert_int_equal(result.incidents[1].places[0].line, 1);
}

static void endless_peers_are_bounded(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	struct cw_log_result result;
	for (unsigned i = 0; i < CW_LOG_INCIDENTS_MAX + 100; i++)
		cw_buffer_printf(&text, "DNS _collab-edge._tls.d%u.test. has failed\n", i);
	AUTO(cw_log_scan_free) struct cw_log_scan *scan = scanned(cw_buffer_string(&text), &result);
	assert_int_equal(result.incident_count, CW_LOG_INCIDENTS_MAX);
	assert_int_equal(result.incidents_left_out, 100);
}

static void logs_of_both_ends_tell_one_refusal(void **state)
{
	(void)state;
	static const char here[] = EVENT("01", "25001", ROOT) EVENT("40", "25002", ROOT);
	static const char there[] =
		"2026-11-20T12:00:02+01:00 expc tvcs: Event=\"Outbound TLS Negotiation Error\" "
		"Src-ip=\"192.0.2.10\" Src-port=\"25001\" Dst-ip=\"198.51.100.20\" Dst-port=\"7001\" "
		"Detail=\"tlsv1 alert unknown ca\"\n";
	for (int first = 0; first < 2; first++) {
		AUTO(cw_log_scan_free) struct cw_log_scan *scan = make();
		struct cw_log_result result;
		struct cw_error error;
		if (first)
			feed(scan, "expc", there, sizeof there - 1, SIZE_MAX);
		feed(scan, "expe", here, sizeof here - 1, SIZE_MAX);
		if (!first)
			feed(scan, "expc", there, sizeof there - 1, SIZE_MAX);
		assert_true(cw_log_scan_finish(scan, &error));
		cw_log_scan_result(scan, &result);
		assert_int_equal(result.incident_count, 1);
		assert_string_equal(result.incidents[0].row->name, "verify-root-missing");
		assert_int_equal(result.incidents[0].count, 2);
		assert_int_equal(result.incidents[0].both_sides, 1);
	}
}

static void streams_do_not_run_into_each_other(void **state)
{
	(void)state;
	AUTO(cw_log_scan_free) struct cw_log_scan *scan = make();
	struct cw_log_result result;
	static const char event[] = EVENT("01", "25001", ROOT);
	feed(scan, "messages.1", "|HTTP/1.1 401 Unauthorized\nhalf a line: No SSL err", 50, SIZE_MAX);
	feed(scan, "messages", event, sizeof event - 1, SIZE_MAX);
	feed(scan, "empty", "", 0, SIZE_MAX);
	const char *refused = example("provisioning-refused");
	feed(scan, "other", refused, strlen(refused), SIZE_MAX);
	cw_log_scan_result(scan, &result);
	assert_int_equal(result.incident_count, 2);
	assert_int_equal(result.lines, 4);
	assert_string_equal(result.streams->items[result.incidents[0].places[0].file], "messages");
	assert_string_equal(result.incidents[1].row->name, "provisioning-refused");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_refusals_are_counted_with_first_and_last),
		cmocka_unit_test(lines_of_one_refusal_are_one),
		cmocka_unit_test(families_belong_together_without_sockets),
		cmocka_unit_test(companions_of_another_peer_stay),
		cmocka_unit_test(the_port_is_that_of_the_request_before),
		cmocka_unit_test(what_hangs_on_an_answer_waits_for_it),
		cmocka_unit_test(who_refused_is_told_as_far_as_the_line_does),
		cmocka_unit_test(unknown_lines_are_counted_and_shown),
		cmocka_unit_test(passwords_and_cookies_are_not_shown),
		cmocka_unit_test(pieces_change_nothing),
		cmocka_unit_test(long_lines_and_rubbish_are_read),
		cmocka_unit_test(endless_peers_are_bounded),
		cmocka_unit_test(logs_of_both_ends_tell_one_refusal),
		cmocka_unit_test(streams_do_not_run_into_each_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
