/* The verb `log`: what lines mean, beside a deployment that has the fault and one that no longer has it. */
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/verb.h"

#include <jansson.h>
#include <stdio.h>

#define AT "2026-11-20T12:00:00+01:00 "
#define EVENT(host, direction, text) \
	AT host " tvcs: Event=\"" direction \
		" TLS Negotiation Error\" Service=\"SIP\" Src-ip=\"192.0.2.10\" " \
		"Src-port=\"25012\" Dst-ip=\"198.51.100.20\" Dst-port=\"7001\" Detail=\"" text "\" " \
		"Protocol=\"TLS\" Level=\"1\"\n"
#define CALLED(name, text) \
	AT "c1 tvcs: Event=\"Outbound TLS Negotiation Error\" Service=\"SIP\" Src-ip=\"192.0.2.10\" " \
	   "Src-port=\"25012\" Dst-ip=\"198.51.100.20\" Dst-port=\"7001\" Detail=\"" text "\" " \
	   "Protocol=\"TLS\" Common-name=\"" name "\" Level=\"1\"\n"
#define ORIGIN_OF(name, text) \
	AT "c1 traffic_server[2030]: [ET_NET 0] WARNING: Core server certificate verification failed for " \
	   "(" name "). Action=Terminate Error=" text " server=" name "(192.0.2.30) depth=0\n"
#define ORIGIN(text) ORIGIN_OF("pub.acme.test", text)
#define ENDPOINT(text) AT "appl[2150]: " text "\n"

/* The first incident of the answer; the answer itself is freed by the caller. */
static json_t *first_incident(const struct test_answer *answer, json_t **ret_whole)
{
	json_error_t error;
	*ret_whole = json_loads(answer->out, 0, &error);
	assert_non_null(*ret_whole);
	return json_array_get(json_object_get(*ret_whole, "incidents"), 0);
}

static const char *text_of(json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void same_text(json_t *object, const char *key, const char *want)
{
	const char *got = text_of(object, key);
	if (want && got)
		assert_string_equal(got, want);
	else
		assert_true(!want && !got);
}

/*
 * What each fault of the lab makes a box write, with the code, the link and the end that refuses. Then the same
 * line beside a deployment without the fault: repaired since.
 */
static void lines_of_planted_faults_lead_to_their_code_and_link(void **state)
{
	(void)state;
	static const struct {
		const char *fault, *line, *want_code, *want_link, *want_refused_by, *want_finding;
	} rows[] = {
		{"root-missing", EVENT("c1", "Outbound", "self signed certificate in certificate chain"),
			"root-missing", "traversal c1.acme.test e1.acme.test", "c1.acme.test",
			"root-missing"},
		{"root-missing", EVENT("e1", "Inbound", "tlsv1 alert unknown ca"), "root-missing",
			"traversal c1.acme.test e1.acme.test", "c1.acme.test", "root-missing"},
		{"issuer-missing", "No SSH tunnels have been established\n", NULL,
			"tunnel c1.acme.test e1.acme.test", NULL, "issuer-missing"},
		{"expired", EVENT("c1", "Outbound", "certificate has expired"), "expired",
			"traversal c1.acme.test e1.acme.test", "c1.acme.test", "expired"},
		{"expired", ENDPOINT("SSL certificate problem: certificate has expired"), "expired", NULL,
			NULL, NULL},
		{"not-yet-valid", EVENT("c1", "Outbound", "certificate is not yet valid"), "not-yet-valid",
			"traversal c1.acme.test e1.acme.test", "c1.acme.test", "not-yet-valid"},
		{"revoked", EVENT("c1", "Outbound", "certificate revoked"), "revoked",
			"traversal c1.acme.test e1.acme.test", "c1.acme.test", "revoked"},
		{"crl-missing", EVENT("c1", "Outbound", "unable to get certificate CRL"), "crl-missing",
			"traversal c1.acme.test e1.acme.test", "c1.acme.test", "crl-missing"},
		{"crl-expired", EVENT("c1", "Outbound", "CRL has expired"), "crl-expired",
			"traversal c1.acme.test e1.acme.test", "c1.acme.test", "crl-expired"},
		{"server-auth-missing", ORIGIN_OF("sub1.acme.test", "unsupported certificate purpose"),
			"server-auth-missing", "tomcat c1.acme.test sub1.acme.test", "c1.acme.test",
			"server-auth-missing"},
		{"client-auth-missing", EVENT("e1", "Inbound", "unsupported certificate purpose"),
			"client-auth-missing", "traversal c1.acme.test e1.acme.test", "e1.acme.test",
			"client-auth-missing"},
		{"client-auth-missing", EVENT("c1", "Outbound", "sslv3 alert unsupported certificate"), NULL,
			"traversal c1.acme.test e1.acme.test", "e1.acme.test", "client-auth-missing"},
		{"verify-name-mismatch",
			EVENT("e1", "Inbound", "Peer's TLS certificate identity was unacceptable"),
			"verify-name-mismatch", "traversal c1.acme.test e1.acme.test", "e1.acme.test",
			"verify-name-mismatch"},
		{"self-signed-untrusted", ORIGIN("self signed certificate"), "self-signed-untrusted",
			"tomcat c1.acme.test pub.acme.test", "c1.acme.test", "self-signed-untrusted"},
		{"signature-invalid", ORIGIN("certificate signature failure"), "signature-invalid",
			"tomcat c1.acme.test pub.acme.test", "c1.acme.test", "signature-invalid"},
		{"peer-name-mismatch",
			CALLED("mra.acme.test", "Peer's TLS certificate identity was unacceptable"),
			"peer-name-mismatch", "traversal c1.acme.test mra.acme.test", "c1.acme.test",
			"peer-name-mismatch"},
		{"phone-profile-missing",
			"00001234.001 |12:00:00.123 |AppInfo  |did not find matching SAN either, "
			"Rcvd=c1.acme.test, Expected=secure-jabber.acme.test\n",
			"phone-profile-missing", NULL, "c1.acme.test", "phone-profile-missing"},
	};
	TEST_ANSWER healthy_made = {0};
	RUN(&healthy_made, "lab", "new", test_folder_path("healthy"));
	assert_int_equal(healthy_made.status, CW_EXIT_GOOD);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char folder[32], file[32];
		json_t *whole, *incident;
		snprintf(folder, sizeof folder, "lab%zu", i);
		snprintf(file, sizeof file, "log%zu.txt", i);
		const char *log = test_folder_write(file, rows[i].line, strlen(rows[i].line));
		TEST_ANSWER made = {0}, faulty = {0}, healthy = {0};
		RUN(&made, "lab", "new", test_folder_path(folder), "--fault", rows[i].fault);
		assert_int_equal(made.status, CW_EXIT_GOOD);
		RUN(&faulty, "log", log, "-d", test_folder_path(folder), "-f", "json");
		assert_int_equal(faulty.status, CW_EXIT_REFUSED);
		incident = first_incident(&faulty, &whole);
		same_text(incident, "code", rows[i].want_code);
		if (rows[i].want_link) {
			same_text(incident, "link", rows[i].want_link);
			same_text(incident, "now", "same");
			same_text(json_object_get(incident, "finding"), "code", rows[i].want_finding);
		}
		if (rows[i].want_link && rows[i].want_refused_by)
			same_text(incident, "refused_by", rows[i].want_refused_by);
		json_decref(whole);
		RUN(&healthy, "log", log, "-d", test_folder_path("healthy"), "-f", "json");
		incident = first_incident(&healthy, &whole);
		same_text(incident, "code", rows[i].want_code);
		if (rows[i].want_link)
			same_text(incident, "now", "repaired");
		assert_true(json_is_null(json_object_get(incident, "finding")));
		json_decref(whole);
	}
}

/*
 * Some incident of the answer is on this link and leads to this code: the line says it, and none says another; or,
 * where a line cannot say it (`by_files`), the present files do.
 */
static bool is_explained(json_t *whole, const char *code, const char *link, bool by_files)
{
	bool found = false;
	size_t i;
	json_t *incident;
	json_array_foreach(json_object_get(whole, "incidents"), i, incident)
	{
		const char *got = text_of(incident, "code"), *on = text_of(incident, "link");
		if (by_files) {
			const char *file = text_of(json_object_get(incident, "finding"), "code");
			found = found || (on && file && strcmp(on, link) == 0 && strcmp(file, code) == 0);
			continue;
		}
		if (got && strcmp(got, code) != 0)
			fail_msg("%s: an incident says %s: %s", code, got, text_of(incident, "text"));
		bool same = got && on && strcmp(on, link) == 0;
		found = found || (same && strcmp(text_of(incident, "now"), "same") == 0);
	}
	return found;
}

/* Whole archives of both peers, log and packets: each planted fault is explained to its code, on its link. */
static void archives_of_planted_faults_are_explained(void **state)
{
	(void)state;
	static const struct {
		const char *fault, *want_link;
		const char *want_code; /* NULL: the fault's own */
		bool by_files;
	} rows[] = {
		{"root-missing", "traversal c1.acme.test e1.acme.test", NULL, false},
		{"expired", "traversal c1.acme.test e1.acme.test", NULL, false},
		{"revoked", "traversal c1.acme.test e1.acme.test", NULL, false},
		{"crl-missing", "traversal c1.acme.test e1.acme.test", NULL, false},
		{"client-auth-missing", "traversal c1.acme.test e1.acme.test", NULL, false},
		{"verify-name-mismatch", "traversal c1.acme.test e1.acme.test", NULL, false},
		{"peer-name-mismatch", "traversal c1.acme.test mra.acme.test", NULL, false},
		{"self-signed-untrusted", "tomcat c1.acme.test pub.acme.test", NULL, false},
		{"signature-invalid", "tomcat c1.acme.test pub.acme.test", NULL, false},
		{"server-auth-missing", "tomcat c1.acme.test sub1.acme.test", NULL, false},
		{"address-is-ip", "tomcat c1.acme.test 10.0.0.11", NULL, false},
		{"crl-expired", "traversal c1.acme.test e1.acme.test", NULL, false},
		{"critical-extension", "tomcat c1.acme.test pub.acme.test", NULL, false},
		{"name-constraint", "tomcat c1.acme.test pub.acme.test", NULL, false},
		{"not-a-ca", "tftp c1.acme.test pub.acme.test", NULL, false},
		{"not-yet-valid", "traversal c1.acme.test e1.acme.test", NULL, false},
		{"path-too-long", "tomcat c1.acme.test sub1.acme.test", NULL, false},
		/* one text stands for several reasons, and an alert for more */
		{"issuer-shadowed", "traversal c1.acme.test e1.acme.test", .by_files = true},
		{"same-subject-conflict", "tftp c1.acme.test pub.acme.test", "issuer-shadowed", true},
		{"ecdsa-twin-untrusted", "tomcat c1.acme.test pub.acme.test", .by_files = true},
		{"key-usage-unfit", "tftp c1.acme.test sub1.acme.test", .by_files = true},
		{"tls-unusable", "tftp c1.acme.test pub.acme.test", .by_files = true},
		{"device-list-lacks-ca", "edge-https desk e1.acme.test", .by_files = true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char lab[32], out[32];
		snprintf(lab, sizeof lab, "archived%zu", i);
		snprintf(out, sizeof out, "archives%zu", i);
		TEST_ANSWER made = {0}, exported = {0}, answer = {0};
		const char *code = rows[i].want_code ? rows[i].want_code : rows[i].fault;
		bool twins = strcmp(rows[i].fault, "ecdsa-twin-untrusted") == 0;
		RUN(&made, "lab", "new", test_folder_path(lab), "--fault", rows[i].fault, "--key",
			twins ? "rsa" : "ec");
		RUN(&exported, "lab", "export", test_folder_path(lab), "--as", "bundle", "-o",
			test_folder_path(out));
		assert_int_equal(exported.status, CW_EXIT_GOOD);
		RUN(&answer, "log", test_folder_path(out), "-d", test_folder_path(lab), "-f", "json");
		assert_int_equal(answer.status, CW_EXIT_REFUSED);
		json_t *whole = json_loads(answer.out, 0, NULL);
		assert_non_null(whole);
		if (!is_explained(whole, code, rows[i].want_link, rows[i].by_files))
			fail_msg("%s is not explained on %s: %s", rows[i].fault, rows[i].want_link,
				answer.out);
		json_decref(whole);
	}
}

static void json_has_the_keys_that_programs_rely_on(void **state)
{
	(void)state;
	static const char *const keys[] = {"code", "certificate_fault", "component", "refused_by", "peer",
		"first", "last", "count", "text", "means", "link", "at"};
	static const char text[] = "quiet\n" EVENT("e1", "Inbound", "tlsv1 alert unknown ca") EVENT("e1",
		"Inbound",
		"No SSL error available, probably remote disconnect") "nginx: SSL_do_handshake() failed\n";
	json_t *whole;
	TEST_ANSWER answer = {0};
	RUN(&answer, "log", test_folder_write("keys.txt", text, sizeof text - 1), "--format", "json");
	assert_int_equal(answer.status, CW_EXIT_REFUSED);
	json_t *incident = first_incident(&answer, &whole);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		assert_non_null(json_object_get(incident, keys[i]));
	assert_int_equal(json_integer_value(json_object_get(whole, "causeway")), 1);
	assert_int_equal(json_integer_value(json_object_get(whole, "lines")), 4);
	assert_int_equal(json_integer_value(json_object_get(whole, "unknown_lines")), 1);
	assert_true(json_is_true(json_object_get(incident, "certificate_fault")));
	same_text(incident, "first", "2026-11-20T11:00:00Z");
	json_t *at = json_array_get(json_object_get(incident, "at"), 0);
	assert_int_equal(json_integer_value(json_object_get(at, "line")), 2);
	assert_non_null(strstr(text_of(at, "file"), "keys.txt"));
	json_t *other = json_array_get(json_object_get(whole, "incidents"), 1);
	assert_true(json_is_false(json_object_get(other, "certificate_fault")));
	assert_true(json_is_null(json_object_get(other, "code")));
	assert_true(json_is_null(json_object_get(other, "refused_by")));
	json_decref(whole);
}

static void a_certificate_fault_is_exit_1_and_nothing_else(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum cw_exit want;
		const char *want_words;
	} rows[] = {
		{"hello\n", CW_EXIT_GOOD, "None of these lines is known here"},
		{"", CW_EXIT_GOOD, "0 certificate faults"},
		{EVENT("e1", "Inbound", "No SSL error available, probably remote disconnect"), CW_EXIT_GOOD,
			"No certificate fault"},
		{"nginx: SSL_do_handshake() failed\n", CW_EXIT_GOOD, "no cause is made up"},
		{EVENT("e1", "Inbound", "certificate has expired"), CW_EXIT_REFUSED,
			"expired: e1 refused 192.0.2.10"},
		{ORIGIN("unable to get local issuer certificate"), CW_EXIT_REFUSED,
			"issuer-missing: c1 refused"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		TEST_ANSWER answer = {0};
		RUN(&answer, "log", test_folder_write("exit.txt", rows[i].text, strlen(rows[i].text)));
		assert_int_equal(answer.status, rows[i].want);
		assert_non_null(strstr(answer.out, rows[i].want_words));
	}
	TEST_ANSWER absent = {0}, none = {0};
	RUN(&absent, "log", test_folder_path("absent.txt"));
	assert_int_equal(absent.status, CW_EXIT_TROUBLE);
	assert_non_null(strstr(absent.err, "absent.txt"));
	RUN(&none, "log");
	assert_int_equal(none.status, CW_EXIT_TROUBLE);
}

static void a_line_does_not_write_on_the_terminal(void **state)
{
	(void)state;
	static const char text[] =
		"e1 \033[2J\001tvcs: No SSL error available, probably remote disconnect \x80\n"
		"SSL connection failed for '\033]0;x\a': tlsv1 alert unknown ca\n";
	TEST_ANSWER answer = {0}, json = {0};
	const char *path = test_folder_write("hostile.txt", text, sizeof text - 1);
	RUN(&answer, "log", path);
	assert_non_null(strstr(answer.out, "\\x1b[2J\\x01tvcs"));
	for (size_t i = 0; i < answer.out_length; i++)
		assert_true((unsigned char)answer.out[i] >= ' ' || answer.out[i] == '\n');
	RUN(&json, "log", path, "-f", "json");
	json_t *whole;
	assert_non_null(first_incident(&json, &whole));
	json_decref(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_planted_faults_lead_to_their_code_and_link),
		cmocka_unit_test(archives_of_planted_faults_are_explained),
		cmocka_unit_test(json_has_the_keys_that_programs_rely_on),
		cmocka_unit_test(a_certificate_fault_is_exit_1_and_nothing_else),
		cmocka_unit_test(a_line_does_not_write_on_the_terminal),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
