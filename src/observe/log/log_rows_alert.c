/*
 * TLS alerts that the other side sent, in OpenSSL's words, on an Expressway. The sender of the alert is who
 * refused. OpenSSL's numbers differ by version (14094418, 0A000418), so the words count.
 */
#include "observe/log/log_rows.h"

#define HYBRID "TAC \"Webex Hybrid Call Service Connect troubleshooting\", mutual TLS log lines"
#define RFC "RFC 8446, section 6.2; OpenSSL SSL_alert_desc_string_long(3)"
#define BOX "(TLS Negotiation Error|TCP Connection Closed|ssl_error_reason|traffic_server|tvcs|XCP_).*"
#define EXAMPLE(text) \
	"2026-11-20T12:00:00+01:00 expc tvcs: Event=\"Outbound TLS Negotiation Error\" Service=\"SIP\" " \
	"Src-ip=\"192.0.2.10\" Src-port=\"25012\" Dst-ip=\"198.51.100.20\" Dst-port=\"7001\" Detail=\"" text \
	"\" Protocol=\"TLS\" Level=\"1\" UTCTime=\"2026-11-20 11:00:00,123\""
#define TELLS "`causeway check` with both boxes' files tells which; the other box's own log says it too."

static const struct cw_log_row table[] = {
	{.name = "alert-certificate-unknown",
		.component = "tvcs",
		.refused_by = CW_LOG_REMOTE,
		.code = CW_LOG_NO_CODE,
		.literals = {"alert certificate unknown"},
		.pattern = BOX "alert certificate unknown",
		.means = "The other side refused this box's certificate: mostly because this box's "
			 "intermediates "
			 "are missing in its own list, so that it does not send them, or because the other "
			 "side "
			 "holds a stale copy.",
		.misleads = "It reads as if this box did not know a certificate; it is the other one that "
			    "refused.",
		.next = TELLS,
		.source = HYBRID,
		.example = EXAMPLE("sslv3 alert certificate unknown")},
	{.name = "alert-unknown-ca",
		.component = "tvcs",
		.refused_by = CW_LOG_REMOTE,
		.code = CW_ROOT_MISSING,
		.literals = {"alert unknown ca"},
		.pattern = BOX "alert unknown ca",
		.means = "The other side refused this box's certificate: this box's root, or an "
			 "intermediate, is "
			 "not in its list.",
		.misleads = "It reads as if this box did not know a CA; it is the other one that refused.",
		.source = RFC,
		.example = EXAMPLE("tlsv1 alert unknown ca")},
	{.name = "alert-bad-certificate",
		.component = "tvcs",
		.refused_by = CW_LOG_REMOTE,
		.code = CW_LOG_NO_CODE,
		.literals = {"alert bad certificate"},
		.pattern = BOX "alert bad certificate",
		.means = "The other side refused this box's certificate: often a name that it wanted and did "
			 "not "
			 "find, or a date.",
		.next = TELLS,
		.source = RFC,
		.example = EXAMPLE("sslv3 alert bad certificate")},
	{.name = "alert-unsupported-certificate",
		.component = "tvcs",
		.refused_by = CW_LOG_REMOTE,
		.code = CW_LOG_NO_CODE,
		.literals = {"alert unsupported certificate"},
		.pattern = BOX "alert unsupported certificate",
		.means = "The other side refused this box's certificate for its purpose: the extended key "
			 "usage "
			 "lacks client authentication (where this box called) or server authentication "
			 "(where it "
			 "was called).",
		.next = TELLS,
		.source = RFC,
		.example = EXAMPLE("sslv3 alert unsupported certificate")},
	{.name = "alert-certificate-expired",
		.component = "tvcs",
		.refused_by = CW_LOG_REMOTE,
		.code = CW_EXPIRED,
		.literals = {"alert certificate expired"},
		.pattern = BOX "alert certificate expired",
		.means = "The other side refused this box's certificate: it, or a CA above it in the other "
			 "side's "
			 "list, has expired.",
		.source = RFC,
		.example = EXAMPLE("sslv3 alert certificate expired")},
	{.name = "alert-certificate-revoked",
		.component = "tvcs",
		.refused_by = CW_LOG_REMOTE,
		.code = CW_REVOKED,
		.literals = {"alert certificate revoked"},
		.pattern = BOX "alert certificate revoked",
		.means = "The other side refused this box's certificate: it is on a revocation list.",
		.source = RFC,
		.example = EXAMPLE("sslv3 alert certificate revoked")},
	{.name = "alert-decrypt-error",
		.component = "tvcs",
		.refused_by = CW_LOG_REMOTE,
		.code = CW_LOG_NO_CODE,
		.literals = {"alert decrypt error"},
		.pattern = BOX "alert decrypt error",
		.means = "The other side could not verify a signature: it may hold a stale CA certificate of "
			 "the "
			 "same subject, or this box's key and certificate do not fit.",
		.misleads = "It sounds like encryption.",
		.next = TELLS,
		.source = RFC,
		.example = EXAMPLE("tlsv1 alert decrypt error")},
	{.name = "alert-handshake-failure",
		.component = "tvcs",
		.refused_by = CW_LOG_REMOTE,
		.code = CW_LOG_NO_CODE,
		.literals = {"alert handshake failure"},
		.pattern = BOX "alert handshake failure",
		.means = "The other side ended the handshake: this box showed no certificate where one is "
			 "needed "
			 "(up to TLS 1.2), or the two have no cipher or key kind in common.",
		.next = "`causeway probe` shows what the other side asks for.",
		.source = RFC,
		.example = EXAMPLE("sslv3 alert handshake failure")},
	{.name = "alert-certificate-required",
		.component = "tvcs",
		.refused_by = CW_LOG_REMOTE,
		.code = CW_LOG_NO_CODE,
		.literals = {"alert certificate required"},
		.pattern = BOX "alert certificate required",
		.means =
			"The other side asked for a certificate and this box sent none: it has none for that "
			"purpose, or none of the CAs that were asked for.",
		.next = "Look at this box's certificate: does it have client authentication?",
		.source = RFC,
		.example = EXAMPLE("tlsv13 alert certificate required")},
	{.name = "alert-protocol-version",
		.component = "tvcs",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"alert protocol version", "unsupported protocol\"",
			"alert inappropriate fallback"},
		.pattern = BOX "(alert protocol version|unsupported protocol\"|alert inappropriate fallback)",
		.means = "The two have no TLS version in common.",
		.misleads = "The handshake fails as with a bad certificate; none was looked at.",
		.next = "Compare the minimum protocol on both: Maintenance > Security > Ciphers.",
		.source = RFC,
		.example = EXAMPLE("tlsv1 alert protocol version")},
	{.name = "no-shared-cipher",
		.component = "tvcs",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"no shared cipher"},
		.pattern = BOX "no shared cipher",
		.means =
			"The two have no cipher in common; with an ECDSA certificate, one side may allow RSA "
			"ciphers alone.",
		.misleads = "The handshake fails as with a bad certificate; none was judged.",
		.next = "Compare the cipher lists: Maintenance > Security > Ciphers.",
		.source = RFC,
		.example = EXAMPLE("no shared cipher")},
	{.name = "ssl-failed",
		.component = "developer.ssl",
		.refused_by = CW_LOG_NOBODY,
		.code = CW_LOG_NO_CODE,
		.literals = {"TTSSL_continueHandshake: Failed"},
		.pattern = "TTSSL_continueHandshake: Failed to establish SSL "
			   "connection.*bServer=\"(true|false)\"",
		.near = {.companion = true},
		.means = "A TLS handshake failed; bServer says whether this box was the server. This line "
			 "alone "
			 "does not say why.",
		.next = "Look for the TLS Negotiation Error of the same second.",
		.source = HYBRID,
		.example =
			"2026-11-20T12:00:00+01:00 expe tvcs: UTCTime=\"2026-11-20 11:00:00,125\" "
			"Module=\"developer.ssl\" Level=\"ERROR\" "
			"CodeLocation=\"ppcmains/ssl/ttssl/ttssl_openssl.cpp(68)\" "
			"Method=\"::TTSSLErrorOutput\" Thread=\"0x7f2a\": TTSSL_continueHandshake: Failed to "
			"establish SSL connection iResult=\"-1\" error=\"1\" bServer=\"true\" "
			"localAddress=\"['IPv4''TCP''198.51.100.20:7001']\" "
			"remoteAddress=\"['IPv4''TCP''192.0.2.10:25012']\""},
};

const struct cw_log_rows cw_log_rows_alert = CW_LOG_ROWS(table);
