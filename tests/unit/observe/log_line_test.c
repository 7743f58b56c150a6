/* Time, writer and ends of a log line, as different software writes them. */
#include "observe/log/log_line.h"

#include "support/cmocka.h"

static void times_are_read_as_they_are_written(void **state)
{
	(void)state;
	static const struct {
		const char *line, *want_time, *want_host, *want_process;
	} rows[] = {
		{"2026-11-20T12:00:00+01:00 expe tvcs: x", "2026-11-20T11:00:00Z", "expe", "tvcs"},
		{"2026-11-20T06:00:00.123-05:00 expe tvcs: x", "2026-11-20T11:00:00Z", "expe", "tvcs"},
		{"2026-11-20T11:00:00Z expc traffic_server[2030]: x", "2026-11-20T11:00:00Z", "expc",
			"traffic_server"},
		{"2026-11-20T12:00:00+01:00 expe tvcs: UTCTime=\"2026-11-20 11:00:01,500\" x",
			"2026-11-20T11:00:01Z", "expe", "tvcs"},
		{"2026-11-20 12:00:00,123 INFO [csf.cert] x", "2026-11-20T12:00:00", "", ""},
		{"2026-11-20T12:00:00.1+01:00 appl[2150]: x", "2026-11-20T11:00:00Z", "", "appl"},
		{"Nov 20 12:00:00 host sshd[1]: x", "12:00:00", "host", "sshd"},
		{"Nov  2 12:00:00 host sshd[1]: x", "12:00:00", "host", "sshd"},
		{"Nov 20 2026 11:00:00.123 UTC :  %UC-3-x", "2026-11-20T11:00:00Z", "", ""},
		{"Nov 20 2026 11:00:00.123 : x", "2026-11-20T11:00:00", "", ""},
		{"04530161.009 |19:59:21.185 |AppInfo  |x", "19:59:21", "", ""},
		{"00001234 | 26/02/2026 07:30:00.123 | SdlSig | x", "2026-02-26T07:30:00", "", ""},
		{"2026-13-20T12:00:00Z a b: x", "", "", ""},
		{"2026-11-20T25:00:00Z a b: x", "", "", ""},
		{"2026-11-20T12:00:0", "", "", ""},
		{"00001234 | 99/99/2026 07:30:00.123 | x", "", "", ""},
		{"no time at all", "", "", ""},
		{"2026-11-20T11:00:00Z one two three: x", "2026-11-20T11:00:00Z", "", ""},
		{"UTCTime=\"2026-11-20 11:00:01\"", "2026-11-20T11:00:01Z", "", ""},
		{"UTCTime=\"yesterday\"", "", "", ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_log_line line;
		char text[CW_LOG_TIME_SIZE];
		cw_log_line_read(rows[i].line, strlen(rows[i].line), &line);
		assert_string_equal(cw_log_line_time(&line.time, text), rows[i].want_time);
		assert_true(cw_log_line_is(&line.host, rows[i].want_host));
		assert_true(cw_log_line_is(&line.process, rows[i].want_process));
	}
}

static void ends_are_told_apart(void **state)
{
	(void)state;
	static const struct {
		const char *line, *want_remote, *want_remote_port, *want_local_port;
	} rows[] = {
		{"Event=\"Inbound TLS\" Src-ip=\"192.0.2.1\" Src-port=\"4\" Dst-ip=\"192.0.2.2\" "
		 "Dst-port=\"7001\"",
			"192.0.2.1", "4", "7001"},
		{"Event=\"Outbound TLS\" Src-ip=\"192.0.2.1\" Src-port=\"4\" Dst-ip=\"192.0.2.2\" "
		 "Dst-port=\"7001\"",
			"192.0.2.2", "7001", "4"},
		{"Src-ip=\" 192.0.2.1 \" Src-port=\"25012\" Dst-ip=\"2001:db8::1\" Dst-port=\"7001\"",
			"2001:db8::1", "7001", "25012"},
		{"Src-ip=\"192.0.2.1\" Src-port=\"40000\" Dst-ip=\"192.0.2.2\" Dst-port=\"5061\"",
			"192.0.2.1", "40000", "5061"},
		{"localAddress=\"['IPv4''TCP''192.0.2.2:7001']\" "
		 "remoteAddress=\"['IPv4''TCP''192.0.2.1:25012']\"",
			"192.0.2.1", "25012", "7001"},
		{"remoteAddress=\"['IPv6''TCP''2001:db8::1:25012']\"", "2001:db8::1", "25012", ""},
		{"remoteAddress=\"[]\"", "", "", ""},
		{"Other-Src-ip=\"192.0.2.1\"", "", "", ""},
		{"Src-ip=\"192.0.2.1", "", "", ""},
		{"Src-ip=", "", "", ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_log_line line;
		cw_log_line_read(rows[i].line, strlen(rows[i].line), &line);
		assert_true(cw_log_line_is(&line.remote.address, rows[i].want_remote));
		assert_true(cw_log_line_is(&line.remote.port, rows[i].want_remote_port));
		assert_true(cw_log_line_is(&line.local.port, rows[i].want_local_port));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_read_as_they_are_written),
		cmocka_unit_test(ends_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
