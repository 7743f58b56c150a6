#include "base/log.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static cw_time at_noon(void *context)
{
	(void)context;
	return 1795176000; /* 2026-11-20T12:00:00Z */
}

static const struct cw_log_field fields[] = {
	{"PEER", "c1.acme.test"}, {"CODE", NULL}, {"SUBJECT", "CN=a\nb\033[31m"}};

static void a_line_on_standard_error_has_level_time_and_fields(void **state)
{
	(void)state;
	int ends[2];
	char text[512];
	struct cw_error error;
	AUTO(cw_log_free) struct cw_log *log = NULL;
	assert_int_equal(pipe(ends), 0);
	const struct cw_log_setup setup = {.most = CW_LOG_INFO,
		.identifier = "causeway-test",
		.descriptor = ends[1],
		.with_levels = true,
		.now = at_noon};
	assert_true(cw_log_open(&setup, &log, &error));
	cw_log_event(log, CW_LOG_DEBUG, NULL, 0, "not written");
	cw_log_event(log, CW_LOG_WARNING, fields, 3, "a handshake was refused: %s", "expired\n");
	cw_log_event(log, CW_LOG_INFO, NULL, 0, "no fields");
	ssize_t got = read(ends[0], text, sizeof text - 1);
	assert_true(got > 0);
	text[got] = '\0';
	assert_string_equal(text,
		"<4>2026-11-20T12:00:00Z warning: a handshake was refused: expired\\x0a "
		"[PEER=c1.acme.test SUBJECT=CN=a\\x0ab\\x1b[31m]\n"
		"<6>2026-11-20T12:00:00Z info: no fields\n");
	close(ends[0]);
	close(ends[1]);
}

static int receiver;

static const char *open_receiver(void)
{
	const char *path = test_folder_path("log");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	unlink(path);
	receiver = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_int_equal(bind(receiver, (struct sockaddr *)&address, sizeof address), 0);
	return path;
}

static const char *received(void)
{
	static char text[CW_LOG_LINE_MAX * 2];
	ssize_t got = recv(receiver, text, sizeof text - 1, MSG_DONTWAIT);
	text[got > 0 ? got : 0] = '\0';
	return text;
}

static void the_journal_gets_its_own_fields(void **state)
{
	(void)state;
	struct cw_error error;
	AUTO(cw_log_free) struct cw_log *log = NULL;
	const struct cw_log_setup setup = {.receiver = CW_LOG_JOURNAL,
		.most = CW_LOG_INFO,
		.identifier = "causeway-test",
		.path = open_receiver()};
	assert_true(cw_log_open(&setup, &log, &error));
	cw_log_event(log, CW_LOG_ERROR, fields, 3, "refused");
	assert_string_equal(received(),
		"MESSAGE=refused\nPRIORITY=3\nSYSLOG_IDENTIFIER=causeway-test\nCAUSEWAY_PEER=c1.acme.test\n"
		"CAUSEWAY_SUBJECT=CN=a\\x0ab\\x1b[31m\n");
	close(receiver);
}

static void syslog_gets_one_line(void **state)
{
	(void)state;
	char want[128];
	struct cw_error error;
	AUTO(cw_log_free) struct cw_log *log = NULL;
	const struct cw_log_setup setup = {.receiver = CW_LOG_SYSLOG,
		.most = CW_LOG_INFO,
		.identifier = "causeway-test",
		.path = open_receiver()};
	assert_true(cw_log_open(&setup, &log, &error));
	cw_log_event(log, CW_LOG_NOTICE, fields, 1, "zone %s", "Active");
	snprintf(
		want, sizeof want, "<29>causeway-test[%ld]: zone Active [PEER=c1.acme.test]", (long)getpid());
	assert_string_equal(received(), want);
	close(receiver);
}

static void what_is_not_taken_is_counted_and_never_waited_for(void **state)
{
	(void)state;
	struct cw_error error;
	AUTO(cw_log_free) struct cw_log *log = NULL;
	const struct cw_log_setup setup = {.receiver = CW_LOG_JOURNAL,
		.most = CW_LOG_INFO,
		.identifier = "causeway-test",
		.path = open_receiver()};
	assert_true(cw_log_open(&setup, &log, &error));
	for (int i = 0; i < 5000; i++)
		cw_log_event(log, CW_LOG_INFO, NULL, 0, "line %d", i);
	size_t taken = 0;
	while (*received())
		taken++;
	assert_in_range(taken, 1, 4999);
	cw_log_event(log, CW_LOG_INFO, NULL, 0, "the next");
	char want[64];
	snprintf(want, sizeof want, "MESSAGE=%zu lines before this one were lost\n", 5000 - taken);
	assert_memory_equal(received(), want, strlen(want));
	assert_memory_equal(received(), "MESSAGE=the next\n", 17);
	close(receiver);
}

static void a_long_line_is_cut(void **state)
{
	(void)state;
	static char much[3 * CW_LOG_LINE_MAX];
	struct cw_error error;
	AUTO(cw_log_free) struct cw_log *log = NULL;
	const struct cw_log_setup setup = {.receiver = CW_LOG_SYSLOG,
		.most = CW_LOG_INFO,
		.identifier = "causeway-test",
		.path = open_receiver()};
	memset(much, 'x', sizeof much - 1);
	assert_true(cw_log_open(&setup, &log, &error));
	cw_log_event(log, CW_LOG_INFO, NULL, 0, "%s", much);
	assert_int_equal(strlen(received()), CW_LOG_LINE_MAX);
	close(receiver);
}

static void without_a_receiver_the_path_is_named(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_log *log;
	const struct cw_log_setup setup = {
		.receiver = CW_LOG_SYSLOG, .identifier = "causeway-test", .path = test_folder_path("nobody")};
	assert_false(cw_log_open(&setup, &log, &error));
	assert_non_null(strstr(error.message, "nobody: no log is taken there"));
	cw_log_event(NULL, CW_LOG_ERROR, NULL, 0, "nowhere");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_on_standard_error_has_level_time_and_fields),
		cmocka_unit_test(the_journal_gets_its_own_fields),
		cmocka_unit_test(syslog_gets_one_line),
		cmocka_unit_test(what_is_not_taken_is_counted_and_never_waited_for),
		cmocka_unit_test(a_long_line_is_cut),
		cmocka_unit_test(without_a_receiver_the_path_is_named),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
