/* Lines of an Expressway's own processes: tvcs (SIP, H.323, zones), provisioning, XCP, tunnels. */
#include "observe/log/log_rows.h"

#define HYBRID "TAC \"Webex Hybrid Call Service Connect troubleshooting\", mutual TLS log lines"
#define CONFIGURE "TAC \"Configure MRA\", traversal zone log lines"
#define CLUSTER "TAC 217230 \"Expressway Cluster\""
#define BUSINESS "TAC 213863 \"Business to Business Calls Through Expressway\""
#define ENDPOINTS "TAC 211304 \"Collaboration Edge TC-based Endpoints\""
#define TROUBLE "MRA guide X12.5, chapter Troubleshooting"

#define AT "2026-11-20T12:00:00+01:00 "
#define INBOUND \
	AT "expe tvcs: Event=\"Inbound TLS Negotiation Error\" Service=\"SIP\" Src-ip=\"192.0.2.10\" " \
	   "Src-port=\"25012\" Dst-ip=\"198.51.100.20\" Dst-port=\"7001\" "
#define OUTBOUND \
	AT "expc tvcs: Event=\"Outbound TLS Negotiation Error\" Service=\"SIP\" Src-ip=\"192.0.2.10\" " \
	   "Src-port=\"25012\" Dst-ip=\"198.51.100.20\" Dst-port=\"7001\" "
#define END " Protocol=\"TLS\" Level=\"1\" UTCTime=\"2026-11-20 11:00:00,123\""
#define CLOSED \
	AT "expc tvcs: UTCTime=\"2026-11-20 11:00:00,130\" Module=\"network.tcp\" Level=\"DEBUG\": " \
	   "Src-ip=\"192.0.2.30\" Src-port=\"40342\" Dst-ip=\"192.0.2.10\" Dst-port=\"5061\" Detail=\"TCP " \
	   "Connection Closed\" "
#define SSL \
	AT "expe tvcs: UTCTime=\"2026-11-20 11:00:00,125\" Module=\"developer.ssl\" Level=\"ERROR\" " \
	   "CodeLocation=\"ppcmains/ssl/ttssl/ttssl_openssl.cpp(68)\" Method=\"::TTSSLErrorOutput\" " \
	   "Thread=\"0x7f2a\": TTSSL_continueHandshake: Failed to establish SSL connection iResult=\"-1\" " \
	   "error=\"1\" bServer=\"true\" localAddress=\"['IPv4''TCP''198.51.100.20:7001']\" " \
	   "remoteAddress=\"['IPv4''TCP''192.0.2.10:25012']\""

static const struct cw_log_row table[] = {
	{.name = "tvcs-inbound-identity",
		.component = "tvcs",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_VERIFY_NAME_MISMATCH,
		.literals = {"certificate identity was unacceptable"},
		.pattern = "Inbound TLS Negotiation Error.*Detail=\"[ ]*Peer's TLS certificate identity was "
			   "unacceptable",
		.means = "This box is the server and has no fault with the chain: the zone's TLS verify "
			 "subject "
			 "name is not among the names of the certificate that the client showed.",
		.misleads = "It reads like an untrusted certificate; the list has nothing to do with it.",
		.source = HYBRID,
		.example = INBOUND "Detail=\"Peer's TLS certificate identity was unacceptable\"" END},
	{.name = "tvcs-outbound-identity-ip",
		.component = "tvcs",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_ADDRESS_IS_IP,
		.literals = {"certificate identity was unacceptable"},
		.pattern = "Outbound TLS Negotiation Error.*Detail=\"[ ]*Peer's TLS certificate identity was "
			   "unacceptable.*Common-name=\"[ ]*([0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+)[ ]*\"",
		.group = {.wanted = 1},
		.means = "This box is the client, and the zone's peer address is an IP address that the "
			 "server's "
			 "certificate does not hold.",
		.misleads = "It reads like an untrusted certificate; the list has nothing to do with it.",
		.source = CONFIGURE,
		.example = OUTBOUND "Detail=\"Peer's TLS certificate identity was unacceptable\" "
				    "Protocol=\"TLS\" Common-name=\"198.51.100.20\" Level=\"1\" "
				    "UTCTime=\"2026-11-20 11:00:00,123\""},
	{.name = "tvcs-outbound-identity",
		.component = "tvcs",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_PEER_NAME_MISMATCH,
		.literals = {"certificate identity was unacceptable"},
		.pattern = "Outbound TLS Negotiation Error.*Detail=\"[ ]*Peer's TLS certificate identity was "
			   "unacceptable(.*Common-name=\"[ ]*([^\" ]*))?",
		.group = {.wanted = 2},
		.means = "This box is the client, and the zone's peer address is not among the names of the "
			 "certificate that the server showed.",
		.misleads = "It reads like an untrusted certificate; the list has nothing to do with it.",
		.source = CONFIGURE,
		.example = OUTBOUND "Detail=\"Peer's TLS certificate identity was unacceptable\" "
				    "Protocol=\"TLS\" Common-name=\"expe.acme.test\" Level=\"1\" "
				    "UTCTime=\"2026-11-20 11:00:00,123\""},
	{.name = "tcp-closed-identity",
		.component = "network.tcp",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_LOG_NO_CODE,
		.literals = {"certificate identity was unacceptable"},
		.pattern = "(Detail|Reason)=\"[ ]*Peer's TLS certificate identity was unacceptable",
		.near = {.companion = true},
		.means = "A name that this box wanted is not in the other side's certificate. The event line "
			 "beside it tells whether it is the TLS verify subject name (inbound) or the peer "
			 "address (outbound).",
		.next = "Look for the TLS Negotiation Error of the same second.",
		.source = HYBRID,
		.example = CLOSED "Reason=\"Peer's TLS certificate identity was unacceptable\""},
	{.name = "tvcs-remote-disconnect",
		.component = "tvcs",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"probably remote disconnect"},
		.pattern = "No SSL error available, probably remote disconnect",
		.means =
			"The connection was reset in the middle of the handshake: no certificate was refused "
			"with an alert. A firewall that inspects SIP or TLS does this.",
		.misleads =
			"It stands where certificate faults stand, and is none that this line could prove.",
		.next = "Switch off inspection of the port on the firewall between the two, then capture on "
			"both sides.",
		.source = HYBRID,
		.example = INBOUND "Detail=\"No SSL error available, probably remote disconnect\"" END},
	{.name = "tcp-closed-no-certificate",
		.component = "network.tcp",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_CLIENT_AUTH_MISSING,
		.literals = {"no certificate returned"},
		.pattern =
			"(TCP Connection Closed|TLS Negotiation Error).*(Reason|Detail)=\"[ ]*no certificate "
			"returned",
		.means = "The client sent no certificate when this box asked for one. From CUCM on 5061: its "
			 "CallManager certificate lacks client authentication, so it has none to send (shown "
			 "for a "
			 "trunk; that the MRA line side behaves alike is an inference).",
		.source = BUSINESS,
		.example = CLOSED "Reason=\"no certificate returned\""},
	{.name = "tcp-closed-eof",
		.component = "network.tcp",
		.kind = CW_LOG_EVIDENCE,
		.code = CW_LOG_NO_CODE,
		.literals = {"Got EOF on socket"},
		.pattern = "TCP Connection Closed.*Reason=\"[ ]*Got EOF on socket",
		.means = "The other side closed the connection.",
		.source = HYBRID,
		.example = CLOSED "Reason=\"Got EOF on socket\""},
	{.name = "ssl-certificate-verify-failed",
		.component = "developer.ssl",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_LOG_NO_CODE,
		.literals = {"certificate verify failed"},
		.pattern = "ssl_error_reason=\"[ ]*error:[0-9A-Fa-f]*:[^\"]*certificate verify failed",
		.near = {.companion = true},
		.means = "This box refused the certificate that the other side sent: trust, purpose or date. "
			 "This "
			 "line does not say which.",
		.next = "Look for the TLS Negotiation Error of the same second; where there is none, "
			"`causeway "
			"check` with both boxes' files tells.",
		.source = HYBRID,
		.example = SSL " ssl_error_reason=\"error:14089086:SSL routines:ssl3_get_client_certificate: "
			       "certificate verify failed\""},
	{.name = "ssl-handshake-progress",
		.component = "developer.ssl",
		.kind = CW_LOG_EVIDENCE,
		.code = CW_LOG_NO_CODE,
		.literals = {"Handshake in progress"},
		.pattern = "ttssl_continueHandshake.*Detail=\"[ ]*Handshake in progress",
		.means = "A TLS handshake is under way.",
		.source = HYBRID,
		.example = AT "expe tvcs: UTCTime=\"2026-11-20 11:00:00,120\" Module=\"developer.ssl\" "
			      "Level=\"DEBUG\" CodeLocation=\"ppcmains/ssl/ttssl/ttssl.cpp(837)\" "
			      "Method=\"::ttssl_continueHandshake\" Thread=\"0x7f2a\": Detail=\"Handshake in "
			      "progress\" Reason=\"want read/write\""},
	{.name = "zone-by-identities",
		.component = "developer.zone.zonemgr",
		.kind = CW_LOG_EVIDENCE,
		.code = CW_LOG_NO_CODE,
		.literals = {"getZoneByIdentities"},
		.pattern = "ZoneManager::getZoneByIdentities.*Identitites=\"[ ]*\\{CN: ([^,}]*)",
		.group = {.peer = 1},
		.means = "The names of the certificate that the other side showed, and the zone that they "
			 "led to.",
		.source = HYBRID,
		.example =
			AT "expe tvcs: UTCTime=\"2026-11-20 11:00:00,140\" "
			   "Module=\"developer.zone.zonemgr\" Level=\"DEBUG\" "
			   "CodeLocation=\"ppcmains/oak/zones/ZoneManager.cpp(1226)\" "
			   "Method=\"ZoneManager::getZoneByIdentities\" Thread=\"0x7f2a\": this=\"0x55\" "
			   "getZoneByIdentities, match complete Identitites=\"{CN: expc.acme.test, Alt-DNS: "
			   "c1.acme.test}\" MatchMechanism=\"SanDNS\" MatchedZone=\"traversal\""},
	{.name = "digest-response-differs",
		.component = "tvcs",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"calculated response does not match"},
		.pattern = "calculated response does not match supplied response",
		.near = {.family = "digest"},
		.means = "User name or password of the traversal zone differ between Expressway-C and "
			 "Expressway-E. TLS came up before.",
		.misleads = "The zone fails as it does with a bad certificate; no certificate is at fault.",
		.next = "Type the same user name and password on both sides (finding credentials-differ).",
		.source = CONFIGURE,
		.example =
			AT "expe tvcs: UTCTime=\"2026-11-20 11:00:01,120\" Module=\"developer.sip.digest\" "
			   "Level=\"INFO\": Method=\"SipAuthenticator\": calculated response does not match "
			   "supplied response, calculatedResponse=769c8f48"},
	{.name = "authentication-failed",
		.component = "tvcs",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"Incorrect authentication credential"},
		.pattern = "Event=\"Authentication Failed\".*Detail=\"[ ]*Incorrect authentication "
			   "credential for "
			   "user",
		.near = {.companion = true, .family = "digest"},
		.means = "A user name or password was wrong; from a traversal client, that of the zone. TLS "
			 "came "
			 "up before.",
		.misleads = "The zone fails as it does with a bad certificate; no certificate is at fault.",
		.next = "Type the same user name and password on both sides (finding credentials-differ).",
		.source = CONFIGURE,
		.example = AT "expe tvcs: Event=\"Authentication Failed\" Service=\"SIP\" "
			      "Src-ip=\"192.0.2.10\" Src-port=\"25012\" Detail=\"Incorrect authentication "
			      "credential for user\" Protocol=\"TLS\" Method=\"OPTIONS\" Level=\"1\" "
			      "UTCTime=\"2026-11-20 11:00:01,121\""},
	{.name = "gatekeeper-timed-out",
		.component = "tvcs",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"gatekeeper timed out"},
		.pattern = "External Server Communications Failure.*gatekeeper timed out",
		.means = "An H.323 neighbour or a cluster peer does not answer (port 1719).",
		.misleads = "Cluster faults are often certificates; this one is not: nothing answered.",
		.next = "Look at the firewall and at the other box.",
		.source = CLUSTER,
		.example =
			AT "expc tvcs: Event=\"External Server Communications Failure\" Reason=\"gatekeeper "
			   "timed out\" Service=\"NeighbourGatekeeper\" Dst-ip=\"192.0.2.12\" "
			   "Dst-port=\"1719\" Detail=\"name:c2.acme.test\" Protocol=\"UDP\" Level=\"1\""},
	{.name = "uds-request",
		.component = "edgeconfigprovisioning",
		.kind = CW_LOG_EVIDENCE,
		.code = CW_LOG_NO_CODE,
		.literals = {"network.http.edgeconfigprovisioning"},
		.pattern =
			"network\\.http\\.edgeconfigprovisioning.*Action=\"[ ]*(Received|Sent).*Request-url="
			"\"[ ]*https://([^:/\"]+)",
		.group = {.peer = 2},
		.near = {.sets = CW_LOG_UDS_REQUEST},
		.means = "Expressway-C asked CUCM's user data services.",
		.source = ENDPOINTS,
		.example = AT "expc edgeconfigprovisioning: UTCTime=\"2026-11-20 11:00:02,100\" "
			      "Module=\"network.http.edgeconfigprovisioning\" Level=\"DEBUG\": "
			      "Action=\"Received\" "
			      "Request-url=\"https://pub.acme.test:8443/cucm-uds/user/kim\""},
	{.name = "uds-answered-401",
		.component = "edgeconfigprovisioning",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"HTTP/1.1 401"},
		.pattern = "HTTP/1\\.1 401( |$)",
		.near = {.after = CW_LOG_UDS_REQUEST, .sets = CW_LOG_HTTP_401},
		.means = "CUCM answered 401: user name or password. Trust from Expressway-C to CUCM works, "
			 "since "
			 "there was an answer.",
		.misleads = "Sign-in fails as it does with an untrusted tomcat certificate.",
		.next = "Sign in to CUCM's own page with the same user.",
		.source = ENDPOINTS,
		.example = AT
		"expc edgeconfigprovisioning: UTCTime=\"2026-11-20 11:00:02,100\" "
		"Module=\"network.http.edgeconfigprovisioning\" Level=\"DEBUG\": "
		"Action=\"Received\" "
		"Request-url=\"https://pub.acme.test:8443/cucm-uds/user/kim\"\nHTTPMSG:\n|HTTP/1.1 "
		"401 Unauthorized"},
	{.name = "http-401",
		.component = "http",
		.kind = CW_LOG_EVIDENCE,
		.code = CW_LOG_NO_CODE,
		.literals = {"HTTP/1.1 401"},
		.pattern = "HTTP/1\\.1 401( |$)",
		.near = {.sets = CW_LOG_HTTP_401},
		.means = "A server answered 401.",
		.source = ENDPOINTS,
		.example = "|HTTP/1.1 401 Unauthorized"},
	{.name = "provisioning-wrong-password",
		.component = "edgeconfigprovisioning",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"Failed to authenticate user against server"},
		.pattern =
			"Failed to authenticate user against server(.*Server=\"[ ]*\\('https', '([^']*)')?",
		.group = {.peer = 2},
		.near = {.after = CW_LOG_HTTP_401},
		.means = "CUCM answered 401 before this line: user name or password.",
		.misleads = "Sign-in fails as it does with an untrusted tomcat certificate.",
		.next = "Sign in to CUCM's own page with the same user.",
		.source = ENDPOINTS,
		.example =
			"|HTTP/1.1 401 Unauthorized\n" AT
			"expc edgeconfigprovisioning: Level=\"ERROR\" Detail=\"Failed to authenticate user "
			"against server\" Username=\"kim\" Server=\"('https', '192.0.2.30', 8443)\" "
			"Reason=\"<twisted.python.failure.Failure>\""},
	{.name = "provisioning-refused",
		.component = "edgeconfigprovisioning",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_LOG_NO_CODE,
		.literals = {"Failed to authenticate user against server"},
		.pattern =
			"Failed to authenticate user against server(.*Server=\"[ ]*\\('https', '([^']*)')?",
		.group = {.peer = 2},
		.means = "Expressway-C got no HTTP answer from CUCM before this line, so the connection "
			 "failed "
			 "before the password counted: most likely CUCM's tomcat certificate (an inference).",
		.misleads = "It reads like a wrong password.",
		.next = "Look for the traffic server's line of the same second, or probe CUCM on 8443.",
		.source = ENDPOINTS,
		.example = AT
		"expc edgeconfigprovisioning: Level=\"ERROR\" Detail=\"Failed to authenticate user "
		"against server\" Username=\"kim\" Server=\"('https', '192.0.2.30', 8443)\" "
		"Reason=\"<twisted.python.failure.Failure>\""},
	{.name = "xcp-port-7400",
		.component = "XCP",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"Unable to connect to host"},
		.pattern = "XCP_.*Unable to connect to host '([^']*)', port 7400.*Connection refused",
		.group = {.peer = 1},
		.near = {.family = "xcp"},
		.means = "XMPP between the Expressways is blocked, or goes to the wrong interface of an "
			 "Expressway-E with two of them.",
		.misleads = "Chat fails after a renewal for other reasons too; this line names none of them.",
		.next = "Give the zone the FQDN of the internal interface, and open port 7400.",
		.source = CONFIGURE,
		.example = AT "expe XCP_JABBERD[23843]: UTCTime=\"2026-11-20 11:00:00,120\" "
			      "ThreadID=\"139882696623872\" Module=\"Jabber\" Level=\"WARN \" "
			      "CodeLocation=\"cvsservice.cpp:409\" Detail=\"Unable to connect to host "
			      "'192.0.2.20', port 7400 :(111) Connection refused\""},
	{.name = "xcp-jabberd-port",
		.component = "XCP",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"Failed to connect to component jabberd-port"},
		.pattern = "Failed to connect to component jabberd-port",
		.near = {.companion = true, .family = "xcp"},
		.means = "XMPP between the Expressways is blocked, or goes to the wrong interface of an "
			 "Expressway-E with two of them.",
		.next = "Give the zone the FQDN of the internal interface, and open port 7400.",
		.source = CONFIGURE,
		.example =
			AT "expe XCP_JABBERD[23843]: UTCTime=\"2026-11-20 11:00:00,121\" Module=\"Jabber\" "
			   "Level=\"ERROR\" Detail=\"Failed to connect to component "
			   "jabberd-port-1.expe-acme-test\""},
	{.name = "portforwarding-failed",
		.component = "portforwarding",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"portforwarding.pyc"},
		.pattern = "unexpected software error was detected in portforwarding\\.pyc",
		.means = "The SSH tunnels are down because Expressway-E's host name has an underscore.",
		.misleads = "Tunnels that are down after a renewal are mostly a missing CA; not here.",
		.next = "Give Expressway-E a host name of letters, digits and hyphens (finding "
			"tunnel-name-unfit).",
		.source = TROUBLE,
		.example =
			AT "expe system: Event=\"Application failed\" Detail=\"An unexpected software error "
			   "was detected in portforwarding.pyc\" Level=\"1\""},
	{.name = "tunnels-none",
		.component = "tunnels",
		.refused_by = CW_LOG_NOBODY,
		.code = CW_LOG_NO_CODE,
		.literals = {"No SSH tunnels have been established"},
		.pattern = "No SSH tunnels have been established",
		.means = "The tunnels judge more strictly than the zone: the whole chain must stand in both "
			 "lists, client authentication counts always, key kinds and unknown attributes of "
			 "names "
			 "too. Port 2222, DNS forward and reverse, and NTP are the other causes.",
		.misleads = "The zone is active, so the certificates seem right.",
		.next = "`causeway check` with both boxes' files tells which of them it is.",
		.source = "\"Troubleshoot Expressway Certificates\", Mobile and Remote Access log in fails; "
			  "Admin guide X15, chapter "
			  "Status, SSH tunnels",
		.example = "No SSH tunnels have been established"},
};

const struct cw_log_rows cw_log_rows_expressway = CW_LOG_ROWS(table);
