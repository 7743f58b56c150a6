/*
 * Alerts as tshark prints them, in its summary and as JSON or fields. The sender of an alert is who refused:
 * the first address of a summary line.
 */
#include "observe/log/log_rows.h"

#define SOURCE "RFC 8446, section 6.2 (unrecognized_name: RFC 6066, section 3)"
/* Group 2 is the sender, group 4 the other side. */
#define PATTERN(words, number) \
	"(([0-9A-Fa-f.:]+) (\xe2\x86\x92|->) ([0-9A-Fa-f.:]+) .*)?(Alert \\([^)]*Description: " words \
	"\\)|tls\\.alert_message\\.desc\"?[:= ]+\"?" number "([^0-9]|$))"
#define LITERALS(words) \
	{ \
		"Description: " words ")", "tls.alert_message.desc" \
	}
#define EXAMPLE(words) \
	"  117 12.034567 192.0.2.30 \xe2\x86\x92 192.0.2.10 TLSv1.2 61 Alert (Level: Fatal, " \
	"Description: " words ")"
#define ROW(code_, name_, words, number, means_) \
	{ \
		.name = "wire-" name_, .component = "tshark", .refused_by = CW_LOG_REMOTE, .code = code_, \
		.literals = LITERALS(words), .pattern = PATTERN(words, number), \
		.group = {.peer = 4, .refuser = 2}, .means = means_, \
		.next = "`causeway capture` of the same packets names the certificates.", .source = SOURCE, \
		.example = EXAMPLE(words) \
	}

static const struct cw_log_row table[] = {
	ROW(CW_ROOT_MISSING, "unknown-ca", "Unknown CA", "48",
		"Who sent this alert refused the other side's certificate: its list lacks the other's root "
		"or an "
		"intermediate."),
	ROW(CW_LOG_NO_CODE, "bad-certificate", "Bad Certificate", "42",
		"Who sent this alert refused the other side's certificate: often a name that was wanted, or "
		"a "
		"date."),
	ROW(CW_LOG_NO_CODE, "unsupported-certificate", "Unsupported Certificate", "43",
		"Who sent this alert refused the other side's certificate for its purpose (extended key "
		"usage): a "
		"client's lacks client authentication, or a server's server authentication."),
	ROW(CW_REVOKED, "certificate-revoked", "Certificate Revoked", "44",
		"Who sent this alert refused the other side's certificate: it is revoked."),
	ROW(CW_EXPIRED, "certificate-expired", "Certificate Expired", "45",
		"Who sent this alert refused the other side's certificate: a date of its chain has passed."),
	ROW(CW_LOG_NO_CODE, "certificate-unknown", "Certificate Unknown", "46",
		"Who sent this alert refused the other side's certificate for a reason that it does not "
		"tell."),
	ROW(CW_LOG_NO_CODE, "access-denied", "Access Denied", "49",
		"Who sent this alert found the other side's certificate good and does not let it in."),
	ROW(CW_LOG_NO_CODE, "decrypt-error", "Decrypt Error", "51",
		"Who sent this alert could not verify a signature: it may hold a stale CA certificate of the "
		"same "
		"subject."),
	ROW(CW_LOG_NO_CODE, "unrecognized-name", "Unrecognized Name", "112",
		"Who sent this alert has no certificate for the name that was asked for (SNI)."),
	ROW(CW_LOG_NO_CODE, "certificate-required", "Certificate Required", "116",
		"Who sent this alert asked for a certificate and got none."),
	ROW(CW_LOG_NO_CODE, "handshake-failure", "Handshake Failure", "40",
		"Who sent this alert ended the handshake: it got no certificate where it needs one (up to "
		"TLS "
		"1.2), or the two have no cipher or key kind in common."),
	{.name = "wire-protocol-version",
		.component = "tshark",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"Description: Protocol Version)", "Description: Insufficient Security)",
			"tls.alert_message.desc"},
		.pattern = PATTERN("(Protocol Version|Insufficient Security)", "7[01]"),
		.group = {.peer = 4, .refuser = 2},
		.means = "The two have no TLS version, or no strong enough cipher, in common.",
		.misleads = "The handshake fails as with a bad certificate; none was judged.",
		.next = "Compare minimum protocol and ciphers on both sides.",
		.source = SOURCE,
		.example = EXAMPLE("Protocol Version")},
};

const struct cw_log_rows cw_log_rows_wire = CW_LOG_ROWS(table);
