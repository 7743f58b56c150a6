/* The traffic server of Expressway-C (to CUCM, IM&P, Unity) and of Expressway-E. */
#include "observe/log/log_rows.h"

#define RENEWAL "TAC 225746 \"Certificate Renewal in CUCM\""
#define ATS "Apache Traffic Server source and tests, verification of the origin server's certificate"
#define CONFIGURE "TAC \"Configure MRA\", log lines"
#define AT "2026-11-20T12:00:00+01:00 expc traffic_server[2030]: "
#define FAILED AT "[ET_NET 1]ERROR:SSL connection failed for 'pub.acme.test':error:"
#define CORE "Core server certificate verification failed for \\(([^)]*)\\)\\. Action=Terminate Error=[ ]*"
#define CORE_EXAMPLE(text, depth) \
	AT "[ET_NET 0] WARNING: Core server certificate verification failed for (pub.acme.test). " \
	   "Action=Terminate Error=" text " server=pub.acme.test(192.0.2.30) depth=" depth
#define NOT_CHECKED \
	"Nobody refused: verification of the origin server is off or permissive. The connection breaks as " \
	"soon as it is enforced (by default from X14.2 on)."

static const struct cw_log_row table[] = {
	{.name = "traffic-request-sent",
		.component = "traffic_server",
		.kind = CW_LOG_EVIDENCE,
		.code = CW_LOG_NO_CODE,
		.literals = {"Detail=\"Sending Request\""},
		.pattern = "traffic_server.*Detail=\"Sending Request\"",
		.near = {.sets = CW_LOG_REQUEST_SENT},
		.means = "The traffic server sent a request; its port names the service.",
		.source = RENEWAL,
		.example =
			AT "UTCTime=\"2026-11-20 11:00:00,100\" Module=\"network.http.trafficserver\" "
			   "Level=\"INFO\": Detail=\"Sending Request\" Txn-id=\"17\" Dst-ip=\"192.0.2.30\" "
			   "Dst-port=\"6972\" Msg=\"GET https://pub.acme.test:6972/SEP.cnf.xml\""},
	{.name = "traffic-unknown-ca",
		.component = "traffic_server",
		.refused_by = CW_LOG_REMOTE,
		.code = CW_ROOT_MISSING,
		.literals = {"alert unknown ca"},
		.pattern = "SSL connection failed for '([^']*)'.*alert unknown ca",
		.group = {.peer = 1},
		.means = "The CUCM node refused Expressway-C's certificate: C's root or an intermediate is "
			 "not in "
			 "its tomcat-trust (8443) or CallManager-trust and tomcat-trust (6972, 5061).",
		.misleads = "It reads as if Expressway-C did not know CUCM's CA; it is the other way round.",
		.next = "Upload C's CA chain on CUCM's publisher to tomcat-trust and CallManager-trust, "
			"restart "
			"Tomcat, CallManager and TFTP.",
		.source = RENEWAL,
		.example = FAILED "14094418: SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca"},
	{.name = "traffic-alert-other",
		.component = "traffic_server",
		.refused_by = CW_LOG_REMOTE,
		.code = CW_LOG_NO_CODE,
		.literals = {"alert bad certificate", "alert certificate unknown",
			"alert unsupported certificate", "alert certificate expired"},
		.pattern = "SSL connection failed for '([^']*)'.*alert (bad certificate|certificate "
			   "unknown|unsupported certificate|certificate expired)",
		.group = {.peer = 1},
		.means = "The CUCM node refused Expressway-C's certificate. The alert tells no more than "
			 "this.",
		.next = "`causeway check` with both boxes' files tells; a capture of the connection shows "
			"what "
			"was sent.",
		.source = RENEWAL,
		.example = FAILED "14094416: SSL routines:ssl3_read_bytes:sslv3 alert certificate unknown"},
	{.name = "traffic-verify-failed",
		.component = "traffic_server",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_LOG_NO_CODE,
		.literals = {"certificate verify failed"},
		.pattern = "SSL connection failed for '([^']*)'.*certificate verify failed",
		.group = {.peer = 1},
		.near = {.companion = true, .family = "origin"},
		.means = "Expressway-C refused the certificate of a CUCM, IM&P or Unity node. This line does "
			 "not "
			 "say why.",
		.next = "Look for \"Core server certificate verification failed\" beside it.",
		.source = RENEWAL,
		.example = FAILED
		"1416F086:SSL routines:tls_process_server_certificate:certificate verify failed"},
	{.name = "origin-root-missing",
		.component = "traffic_server",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_ROOT_MISSING,
		.literals = {"signed certificate in certificate chain"},
		.pattern = CORE "self[- ]signed certificate in certificate chain",
		.group = {.peer = 1},
		.near = {.family = "origin"},
		.means = "Expressway-C's trusted CA list does not hold the root of this server's tomcat "
			 "(8443) or "
			 "CallManager (6972) certificate.",
		.misleads = "The text sounds as if a self-signed certificate were in use; it is the root's "
			    "absence "
			    "from the list that is meant.",
		.source = ATS,
		.example = CORE_EXAMPLE("self signed certificate in certificate chain", "1")},
	{.name = "origin-self-signed",
		.component = "traffic_server",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_SELF_SIGNED_UNTRUSTED,
		.literals = {"Core server certificate verification failed"},
		.pattern = CORE "self[- ]signed certificate server=",
		.group = {.peer = 1},
		.near = {.family = "origin"},
		.means = "This server has a self-signed certificate that Expressway-C's list does not hold, "
			 "or "
			 "holds below another of the same subject.",
		.source = ATS,
		.example = CORE_EXAMPLE("self signed certificate", "0")},
	{.name = "origin-local-issuer",
		.component = "traffic_server",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_ISSUER_MISSING,
		.literals = {"Core server certificate verification failed"},
		.pattern = CORE
		"(unable to get local issuer certificate|unable to verify the first certificate)",
		.group = {.peer = 1},
		.near = {.family = "origin"},
		.means = "Expressway-C's list does not hold the CA that signed this server's certificate, "
			 "and the "
			 "server does not send it.",
		.source = ATS,
		.example = CORE_EXAMPLE("unable to get local issuer certificate", "0")},
	{.name = "origin-issuer",
		.component = "traffic_server",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_ROOT_MISSING,
		.literals = {"Core server certificate verification failed"},
		.pattern = CORE "unable to get issuer certificate",
		.group = {.peer = 1},
		.near = {.family = "origin"},
		.means = "Expressway-C's list holds an intermediate CA of this server and not what is above "
			 "it.",
		.source = ATS,
		.example = CORE_EXAMPLE("unable to get issuer certificate", "1")},
	{.name = "origin-expired",
		.component = "traffic_server",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_EXPIRED,
		.literals = {"Core server certificate verification failed"},
		.pattern = CORE "certificate has expired",
		.group = {.peer = 1},
		.near = {.family = "origin"},
		.means = "A certificate of this server's chain has expired (depth 0: its own).",
		.source = ATS,
		.example = CORE_EXAMPLE("certificate has expired", "0")},
	{.name = "origin-not-yet-valid",
		.component = "traffic_server",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_NOT_YET_VALID,
		.literals = {"Core server certificate verification failed"},
		.pattern = CORE "certificate is not yet valid",
		.group = {.peer = 1},
		.near = {.family = "origin"},
		.means = "A certificate of this server's chain is not valid yet, or Expressway-C's clock is "
			 "slow.",
		.source = ATS,
		.example = CORE_EXAMPLE("certificate is not yet valid", "0")},
	{.name = "origin-purpose",
		.component = "traffic_server",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_SERVER_AUTH_MISSING,
		.literals = {"Core server certificate verification failed"},
		.pattern = CORE "uns(uitable|upported) certificate purpose",
		.group = {.peer = 1},
		.near = {.family = "origin"},
		.means = "This server's certificate may not be used by a server.",
		.source = ATS,
		.example = CORE_EXAMPLE("unsupported certificate purpose", "0")},
	{.name = "origin-signature",
		.component = "traffic_server",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_SIGNATURE_INVALID,
		.literals = {"Core server certificate verification failed"},
		.pattern = CORE "certificate signature failure",
		.group = {.peer = 1},
		.near = {.family = "origin"},
		.means =
			"The list's entry of the issuer's name has another key than the CA that signed this "
			"server's certificate: mostly tomcat and CallManager, self-signed, with one subject.",
		.source = ATS,
		.example = CORE_EXAMPLE("certificate signature failure", "0")},
	{.name = "origin-other",
		.component = "traffic_server",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_LOG_NO_CODE,
		.literals = {"Core server certificate verification failed"},
		.pattern = CORE "([^=]*) server=",
		.group = {.peer = 1, .wanted = 2},
		.near = {.family = "origin"},
		.means = "Expressway-C refused this server's certificate for the reason that stands behind "
			 "\"Error=\".",
		.next = "`causeway cert verify` with the server's certificate and C's list tells more.",
		.source = ATS,
		.example = CORE_EXAMPLE("invalid purpose of the moon", "0")},
	{.name = "origin-name-ip",
		.component = "traffic_server",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_ADDRESS_IS_IP,
		.literals = {"not in certificate. Action=Terminate"},
		.pattern = "(SNI|Origin hostname) \\(([0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+)\\) not in "
			   "certificate\\. "
			   "Action=Terminate",
		.group = {.peer = 2, .wanted = 2},
		.near = {.family = "origin"},
		.means =
			"The server was added on Expressway-C by an IP address that its certificate does not "
			"hold.",
		.source = ATS,
		.example = AT "[ET_NET 0] WARNING: SNI (192.0.2.30) not in certificate. Action=Terminate "
			      "server=192.0.2.30(192.0.2.30)"},
	{.name = "origin-name",
		.component = "traffic_server",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_PEER_NAME_MISMATCH,
		.literals = {"not in certificate. Action=Terminate"},
		.pattern = "(SNI|Origin hostname) \\(([^)]*)\\) not in certificate\\. Action=Terminate",
		.group = {.peer = 2, .wanted = 2},
		.near = {.family = "origin"},
		.means = "The name by which the server was added on Expressway-C is not among the names of "
			 "its "
			 "certificate.",
		.source = ATS,
		.example =
			AT "[ET_NET 0] WARNING: Origin hostname (pub) not in certificate. Action=Terminate "
			   "server=pub(192.0.2.30)"},
	{.name = "origin-permitted",
		.component = "traffic_server",
		.refused_by = CW_LOG_NOBODY,
		.code = CW_LOG_NO_CODE,
		.literals = {"Core server certificate verification failed"},
		.pattern = "Core server certificate verification failed for \\(([^)]*)\\)\\. Action=Continue",
		.group = {.peer = 1},
		.means = NOT_CHECKED,
		.misleads = "It reads like a refusal; the request went through.",
		.next = "Repair the trust named behind \"Error=\" before verification is switched on.",
		.source = ATS,
		.example = AT "[ET_NET 0] WARNING: Core server certificate verification failed for "
			      "(pub.acme.test). Action=Continue Error=self signed certificate "
			      "server=pub.acme.test(192.0.2.30) depth=0"},
	{.name = "origin-name-permitted",
		.component = "traffic_server",
		.refused_by = CW_LOG_NOBODY,
		.code = CW_PEER_NAME_MISMATCH,
		.literals = {"not in certificate. Action=Continue"},
		.pattern = "(SNI|Origin hostname) \\(([^)]*)\\) not in certificate\\. Action=Continue",
		.group = {.peer = 2, .wanted = 2},
		.means = NOT_CHECKED,
		.misleads = "It reads like a refusal; the request went through.",
		.source = ATS,
		.example = AT "[ET_NET 0] WARNING: SNI (pub) not in certificate. Action=Continue "
			      "server=pub(192.0.2.30)"},
	{.name = "traffic-403",
		.component = "traffic_server",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"Sending HTTP error response"},
		.pattern = "Event=\"Sending HTTP error response\".*Status=\"[ ]*403",
		.means = "Expressway-E answered 403: the domain is not enabled for Mobile and Remote Access.",
		.misleads = "TLS came up; no certificate is at fault.",
		.next = "Switch the domain on: Configuration > Domains on Expressway-C, SIP registrations "
			"and "
			"provisioning on Unified CM.",
		.source = CONFIGURE,
		.example = "2026-11-20T12:00:00+01:00 expe traffic_server[3122]: Event=\"Sending HTTP error "
			   "response\" Status=\"403\" Reason=\"Forbidden\" Dst-ip=\"203.0.113.9\" "
			   "Dst-port=\"50314\""},
};

const struct cw_log_rows cw_log_rows_traffic = CW_LOG_ROWS(table);
