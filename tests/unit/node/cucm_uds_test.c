/*
 * What a CUCM stand-in's ports answer to a sign-in, and to what asks wrongly.
 */
#include "node/cucm_uds.h"

#include "http/http_reader.h"
#include "support/cmocka.h"

#include <string.h>

#define GET(target) "GET " target " HTTP/1.1\r\nHost: pub.acme.test\r\n\r\n"
#define GET_AS_USER(target) \
	"GET " target " HTTP/1.1\r\nHost: pub.acme.test\r\nAuthorization: Basic YW5uYTp4\r\n\r\n"

static void ask(const char *request, bool tftp, bool secure, struct cw_buffer *ret)
{
	static char *names[] = {"pub.acme.test", "sub1.acme.test"};
	const struct cw_strings servers = {.items = names, .count = 2};
	const struct cw_cucm_uds_box box = {"pub.acme.test", &servers, tftp, secure};
	AUTO(cw_http_reader_free) struct cw_http_reader *reader = cw_http_reader_new(CW_HTTP_REQUEST, 1000);
	struct cw_http_text bytes = {request, strlen(request)}, piece;
	struct cw_error error;
	assert_non_null(reader);
	assert_int_equal(cw_http_reader_read(reader, &bytes, &piece), CW_HTTP_READ_HEAD);
	if (!cw_cucm_uds_answer(cw_http_reader_head(reader), &box, ret, &error))
		fail_msg("%s", error.message);
}

static void each_resource_answers_what_a_sign_in_reads(void **state)
{
	(void)state;
	static const struct {
		const char *request;
		bool tftp, secure;
		const char *want_status, *want;
	} rows[] = {
		{GET("/cucm-uds/version"), false, false, "200", "<version>14.0.0</version>"},
		{GET("/cucm-uds/clusterUser?username=anna"), false, false, "200", "pub.acme.test"},
		{GET("/cucm-uds/servers"), false, false, "200", "sub1.acme.test"},
		{GET("/cucm-uds/user/anna"), false, false, "401", "WWW-Authenticate: Basic realm="},
		{GET_AS_USER("/cucm-uds/user/anna"), false, false, "200", "<userName>anna</userName>"},
		{GET_AS_USER("/cucm-uds/user/a&b"), false, false, "200", "<userName>a&#38;b</userName>"},
		{GET_AS_USER("/cucm-uds/user/anna/devices"), false, false, "200", "<name>CSFANNA</name>"},
		{GET_AS_USER("/cucm-uds/user/anna/device/1"), false, false, "200", "<name>CSFANNA</name>"},
		{GET_AS_USER("/cucm-uds/user/"), false, false, "404", "Content-Length: 0"},
		{GET_AS_USER("/cucm-uds/user/anna/other"), false, false, "404", "Content-Length: 0"},
		{GET("/other"), false, false, "404", "Content-Length: 0"},
		{"POST /cucm-uds/version HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", false, false,
			"405", "Allow: GET"},
		{GET("/SPDefault.cnf.xml"), true, false, "200", "<UCServiceProfile>"},
		{GET("/CSFANNA.cnf.xml"), true, false, "200", "<deviceSecurityMode>1<"},
		{GET("/CSFANNA.cnf.xml"), true, true, "200", "<deviceSecurityMode>3<"},
		{GET("/CSFANNA.cnf.xml"), true, true, "200", "<name>sub1.acme.test</name>"},
		{GET("/other.txt"), true, false, "404", "Content-Length: 0"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER answer = {0};
		ask(rows[i].request, rows[i].tftp, rows[i].secure, &answer);
		if (strncmp(answer.data, "HTTP/1.1 ", 9) != 0 ||
			strncmp(answer.data + 9, rows[i].want_status, 3) != 0 ||
			!strstr(answer.data, rows[i].want))
			fail_msg("row %zu: wanted %s and %s, got\n%s", i, rows[i].want_status, rows[i].want,
				answer.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_resource_answers_what_a_sign_in_reads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
