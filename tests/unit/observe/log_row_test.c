/* The table of log lines: whole, in its own order, and matched by two machines alike. */
#include "observe/log/log_match.h"

#include "log_neighbours.h"
#include "support/cmocka.h"

#include <regex.h>
#include <stdlib.h>

static struct cw_log_matcher *matcher;
static regex_t *expressions; /* the patterns, as POSIX has them */

static int make_machines(void **state)
{
	(void)state;
	struct cw_error error;
	size_t count = cw_log_row_count();
	expressions = calloc(count, sizeof *expressions);
	if (!expressions || !cw_log_match_new(&matcher, &error))
		return 1;
	for (size_t i = 0; i < count; i++)
		if (regcomp(&expressions[i], cw_log_row(i)->pattern, REG_EXTENDED | REG_NOSUB) != 0)
			return 1;
	return 0;
}

static int free_machines(void **state)
{
	(void)state;
	for (size_t i = 0; i < cw_log_row_count(); i++)
		regfree(&expressions[i]);
	free(expressions);
	cw_log_match_free(matcher);
	return 0;
}

/* The row of the text's last line, with the contexts that the lines before it set; NULL: none. */
static const struct cw_log_row *row_of(const char *text, size_t length)
{
	bool seen[CW_LOG_CONTEXT_COUNT] = {false};
	const struct cw_log_row *row = NULL;
	for (size_t at = 0; at <= length;) {
		const char *newline = memchr(text + at, '\n', length - at);
		size_t end = newline ? (size_t)(newline - text) : length;
		struct cw_log_match match;
		bool found = cw_log_match_find(matcher, text + at, end - at, seen, &match);
		row = found ? match.row : NULL;
		if (row && row->near.sets)
			seen[row->near.sets] = true;
		at = end + 1;
	}
	return row;
}

static const char *last_line(const char *text)
{
	const char *newline = strrchr(text, '\n');
	return newline ? newline + 1 : text;
}

static void every_row_is_whole_and_named_once(void **state)
{
	(void)state;
	size_t told = 0;
	for (size_t i = 0; i < cw_log_row_count(); i++) {
		const struct cw_log_row *row = cw_log_row(i);
		assert_ptr_equal(cw_log_row_find(row->name), row);
		assert_true(*row->component && *row->means && *row->source && *row->example);
		assert_true(row->means[strlen(row->means) - 1] == '.');
		assert_true(row->literals[0] != NULL);
		for (size_t k = 0; k < CW_LOG_LITERALS_A_ROW && row->literals[k]; k++)
			assert_true(strlen(row->literals[k]) >= CW_LOG_LITERAL_MIN);
		/* What is no certificate fault has no code, and nobody refused a certificate there. */
		if (row->kind != CW_LOG_FAULT)
			assert_true(row->code == CW_LOG_NO_CODE && row->refused_by == CW_LOG_NOBODY);
		/* Who refused without a known cause: the reader is told what would tell it. */
		if (row->kind == CW_LOG_FAULT && row->code == CW_LOG_NO_CODE)
			assert_non_null(row->next ? row->next : row->misleads);
		told += row->kind != CW_LOG_UNKNOWN;
	}
	assert_true(told >= 60);
	assert_null(cw_log_row(cw_log_row_count()));
	assert_null(cw_log_row_find("no-such-row"));
}

static void an_example_is_its_own_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < cw_log_row_count(); i++) {
		const struct cw_log_row *row = cw_log_row(i),
					*found = row_of(row->example, strlen(row->example));
		if (found != row)
			print_error("%s: its example is of %s\n", row->name, found ? found->name : "no row");
		assert_ptr_equal(found, row);
	}
}

static char *neighbour_of(const char *example, const char *words, const char *replacement)
{
	const char *at = strstr(example, words);
	if (!at)
		return NULL;
	char *text = malloc(strlen(example) + strlen(replacement) + 1);
	assert_non_null(text);
	sprintf(text, "%.*s%s%s", (int)(at - example), example, replacement, at + strlen(words));
	return text;
}

static void a_neighbour_is_not(void **state)
{
	(void)state;
	size_t *counts = calloc(cw_log_row_count(), sizeof *counts);
	assert_non_null(counts);
	for (size_t i = 0; i < sizeof neighbours / sizeof neighbours[0]; i++) {
		const struct cw_log_row *row = cw_log_row_find(neighbours[i].row);
		assert_non_null(row);
		char *text = neighbour_of(row->example, neighbours[i].words, neighbours[i].replacement);
		if (!text || row_of(text, strlen(text)) == row)
			print_error("%s: %s\n", row->name, text ? text : neighbours[i].words);
		assert_non_null(text);
		assert_ptr_not_equal(row_of(text, strlen(text)), row);
		free(text);
		for (size_t k = 0; k < cw_log_row_count(); k++)
			counts[k] += cw_log_row(k) == row;
	}
	for (size_t i = 0; i < cw_log_row_count(); i++)
		if (cw_log_row(i)->kind != CW_LOG_UNKNOWN && counts[i] < 2)
			fail_msg("%s has %zu neighbours", cw_log_row(i)->name, counts[i]);
	free(counts);
}

/* The filter may only leave out what the pattern would: with its literals broken, no example matches. */
static void a_pattern_needs_one_of_its_literals(void **state)
{
	(void)state;
	for (size_t i = 0; i < cw_log_row_count(); i++) {
		const struct cw_log_row *row = cw_log_row(i);
		char *text = strdup(last_line(row->example));
		assert_non_null(text);
		assert_int_equal(regexec(&expressions[i], text, 0, NULL, 0), 0);
		for (size_t k = 0; k < CW_LOG_LITERALS_A_ROW && row->literals[k]; k++)
			for (char *at; (at = strstr(text, row->literals[k]));)
				at[strlen(row->literals[k]) / 2] = '~';
		assert_int_not_equal(regexec(&expressions[i], text, 0, NULL, 0), 0);
		free(text);
	}
}

/* PCRE with the filter in front, and POSIX: over all examples and neighbours the same first row. */
static void two_machines_agree(const char *line)
{
	static const bool seen[CW_LOG_CONTEXT_COUNT] = {true, true, true, true};
	struct cw_log_match match;
	size_t want = 0, count = cw_log_row_count();
	while (want < count && regexec(&expressions[want], line, 0, NULL, 0) != 0)
		want++;
	bool found = cw_log_match_find(matcher, line, strlen(line), seen, &match);
	assert_int_equal(found, want < count);
	if (found)
		assert_string_equal(match.row->name, cw_log_row(want)->name);
}

static void pcre_and_posix_find_the_same_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < cw_log_row_count(); i++)
		two_machines_agree(last_line(cw_log_row(i)->example));
	for (size_t i = 0; i < sizeof neighbours / sizeof neighbours[0]; i++) {
		const struct cw_log_row *row = cw_log_row_find(neighbours[i].row);
		char *text = neighbour_of(row->example, neighbours[i].words, neighbours[i].replacement);
		assert_non_null(text);
		two_machines_agree(last_line(text));
		free(text);
	}
}

/* A name that was cut off may look like another kind of name; it is a fault of names all the same. */
static bool is_less_of(const struct cw_log_row *cut, const struct cw_log_row *whole)
{
	return cut->code == CW_LOG_NO_CODE || cut->code == whole->code ||
		(cut->code == CW_PEER_NAME_MISMATCH && whole->code == CW_ADDRESS_IS_IP);
}

static void a_line_that_is_cut_gets_no_other_cause(void **state)
{
	(void)state;
	for (size_t i = 0; i < cw_log_row_count(); i++) {
		const struct cw_log_row *row = cw_log_row(i);
		size_t first = (size_t)(last_line(row->example) - row->example);
		for (size_t length = first; length < strlen(row->example); length++) {
			const struct cw_log_row *cut = row_of(row->example, length);
			if (cut && !is_less_of(cut, row))
				fail_msg("%s, cut after %zu, is %s", row->name, length, cut->name);
		}
	}
}

/* Lines that others write: what they mean for MRA is not known, and nothing is made up. */
static void other_softwares_lines_are_no_incidents(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"2026/11/20 12:00:00 [crit] 71#71: *5 SSL_do_handshake() failed (SSL: error:0A000418:SSL "
		"routines::tlsv1 alert unknown ca:SSL alert number 48) while SSL handshaking, client: "
		"192.0.2.9",
		"2026/11/20 12:00:00 [error] 71#71: *9 upstream SSL certificate verify error: (20:unable to "
		"get "
		"local issuer certificate) while SSL handshaking to upstream",
		"Nov 20 12:00:00 mail postfix/smtpd[99]: warning: TLS library problem: error:14094416:SSL "
		"routines:ssl3_read_bytes:sslv3 alert certificate unknown:../ssl/record/rec_layer_s3.c:1544:",
		"Nov 20 12:00:00 mail postfix/smtp[98]: certificate verification failed for mx.example: "
		"untrusted "
		"issuer",
		"Nov 20 12:00:00 host sshd[123]: Failed password for invalid user admin from 192.0.2.9 port "
		"22 ssh2",
		"Nov 20 12:00:00 host haproxy[12]: 192.0.2.9:40001 [20/Nov/2026:12:00:00] web/1: SSL client "
		"certificate not trusted",
		"2026-11-20T12:00:00Z host stunnel: LOG4[1]: CERT: Pre-verification error: self signed "
		"certificate "
		"in certificate chain",
		"verify error:num=19:self-signed certificate in certificate chain",
		"curl: (60) SSL: no alternative certificate subject name matches target host name "
		"'x.example'",
		"Get \"https://x.example/\": x509: certificate signed by unknown authority",
		"Nov 20 12:00:00 vpn openvpn[7]: VERIFY ERROR: depth=1, error=certificate has expired: CN=CA",
		"Nov 20 12:00:00 ldap slapd[7]: conn=1 fd=12 closed (TLS negotiation failure)",
		"Nov 20 12:00:00 host dovecot: imap-login: Disconnected: TLS handshaking: SSL_accept() "
		"failed: "
		"error:0A000412:SSL routines::sslv3 alert bad certificate: SSL alert number 42",
		"javax.net.ssl.SSLHandshakeException: PKIX path building failed",
		"Nov 20 12:00:00 host kernel: [ 1.0] Loaded X.509 cert 'Debian Secure Boot CA: "
		"6ccece7e4c6c0d1f'",
		"Nov 20 12:00:00 host systemd[1]: certbot.service: Failed with result 'exit-code'.",
		"192.0.2.9 - - [20/Nov/2026:12:00:00 +0000] \"GET /x HTTP/1.1\" 401 123 \"-\" \"curl/7.88\"",
		"HTTP/1.1 401 Unauthorized",
		"Nov 20 12:00:00 host chronyd[1]: Selected source 192.0.2.1",
		"org.apache.http.conn.HttpHostConnectException: Connect to cucm:8443 failed: Connection "
		"refused",
		"getaddrinfo: Couldn't resolve host name",
		"SSL_connect: SSL_ERROR_WANT_READ",
		"rsyslogd: action 'action 0' suspended, authenticationError(s) in module",
		"npm ERR! code SELF_SIGNED_CERT_IN_CHAIN",
		"fatal: unable to access 'https://x/': server certificate verification failed. CAfile: none",
		"The firmware update failed; trust list unchanged",
		"[ERROR] gatekeeper: request timed out",
	};
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		const struct cw_log_row *row = row_of(lines[i], strlen(lines[i]));
		if (row && row->kind != CW_LOG_UNKNOWN && row->kind != CW_LOG_EVIDENCE)
			fail_msg("%s: %s", row->name, lines[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_whole_and_named_once),
		cmocka_unit_test(an_example_is_its_own_row),
		cmocka_unit_test(a_neighbour_is_not),
		cmocka_unit_test(a_pattern_needs_one_of_its_literals),
		cmocka_unit_test(pcre_and_posix_find_the_same_rows),
		cmocka_unit_test(a_line_that_is_cut_gets_no_other_cause),
		cmocka_unit_test(other_softwares_lines_are_no_incidents),
	};
	return cmocka_run_group_tests(tests, make_machines, free_machines);
}
