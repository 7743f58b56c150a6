/*
 * Words that a line about TLS or certificates has. A line that only these know is said to be unknown: it is
 * shown, and no cause is made up for it.
 */
#include "observe/log/log_rows.h"

#define ROW(name_, literal, pattern_, example_) \
	{ \
		.name = name_, .component = "unknown", .kind = CW_LOG_UNKNOWN, .code = CW_LOG_NO_CODE, \
		.literals = {literal}, .pattern = pattern_, \
		.means = "About TLS or a certificate; no row of the table knows it.", .source = "(none)", \
		.example = example_ \
	}

static const struct cw_log_row table[] = {
	ROW("suspect-tls-event", "TLS Negotiation Error", "TLS Negotiation Error",
		"2026-11-20T12:00:00+01:00 expe tvcs: Event=\"Inbound TLS Negotiation Error\" Detail=\"never "
		"seen\""),
	ROW("suspect-verify-failed", "certificate verify failed", "certificate verify failed",
		"nginx: upstream SSL certificate verify failed"),
	ROW("suspect-verification-failed", "certificate verification failed",
		"certificate verification failed", "something: certificate verification failed"),
	ROW("suspect-routines", ":SSL routines:", ":SSL routines:",
		"postfix: TLS library problem: error:0A000126:SSL routines::unexpected eof while reading"),
	ROW("suspect-problem", "SSL certificate problem", "SSL certificate problem",
		"curl: SSL certificate problem: something new"),
	ROW("suspect-connection-failed", "SSL connection failed", "SSL connection failed",
		"traffic_server[1]: SSL connection failed for 'x':error:0"),
	ROW("suspect-handshake", "SSL_do_handshake", "SSL_do_handshake", "nginx: SSL_do_handshake() failed"),
	ROW("suspect-handshake-failed", "handshake failed", "handshake failed",
		"a TLS handshake failed here"),
	ROW("suspect-x509", "x509: certificate", "x509: certificate",
		"Get https://x: x509: certificate signed by unknown authority"),
	ROW("suspect-local-issuer", "unable to get local issuer certificate",
		"unable to get local issuer certificate", "num=20:unable to get local issuer certificate"),
	ROW("suspect-expired", "certificate has expired", "certificate has expired",
		"some program: certificate has expired"),
};

const struct cw_log_rows cw_log_rows_suspect = CW_LOG_ROWS(table);
