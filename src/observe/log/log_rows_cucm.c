/* CUCM: SDL traces, alarms, registration causes, single sign-on, the command line. */
#include "observe/log/log_rows.h"

#define ENDPOINTS "TAC 211304 \"Collaboration Edge TC-based Endpoints\""
#define MIB "Managed Services Guide 12.5(1), chapter CISCO-CCM-MIB"
#define BUSINESS "TAC 213863 \"Business to Business Calls Through Expressway\""
#define RENEWAL "TAC 225746 \"Certificate Renewal in CUCM\""
#define TRUNK "TAC 200180 \"SIP TLS Trunk\""
#define MIXED "TAC 118892 \"Mixed Mode to Non-Secure\""
#define SDL "00001234.001 |12:00:00.123 |AppInfo  |"

static const struct cw_log_row table[] = {
	{.name = "cucm-profile-name",
		.component = "cucm",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_PHONE_PROFILE_MISSING,
		.literals = {"did not find matching SAN either"},
		.pattern = "did not find matching SAN either, Rcvd=([^,]*[^ ,])? *, *Expected=([^ ,.]+(\\.[^ "
			   ",.]+)*)",
		.group = {.peer = 1, .wanted = 2},
		.near = {.family = "cucm-profile"},
		.means = "The phone security profile's name is not among the names of Expressway-C's "
			 "certificate, "
			 "so CUCM refuses the secure registration. A very long list of names can have the "
			 "same "
			 "effect (CSCuq86376).",
		.misleads = "TLS itself came up; it is not a question of trust.",
		.source = ENDPOINTS,
		.example = SDL
		"SIPStationInit: validTLSConnection:TLS InvalidX509NameInCertificate Error , did "
		"not find matching SAN either, Rcvd=expc.acme.test, Expected=secure-dx.acme.test"},
	{.name = "cucm-x509-name",
		.component = "cucm",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_LOG_NO_CODE,
		.literals = {"TLS InvalidX509NameInCertificate"},
		.pattern = "validTLSConnection:TLS InvalidX509NameInCertificate, Rcvd=([^,]*[^ ,])? *, "
			   "*Expected=([^ ,.]+)",
		.group = {.peer = 1, .wanted = 2},
		.near = {.companion = true, .family = "cucm-profile"},
		.means = "CUCM did not find the device's name as common name and looks among the other names "
			 "next. Only the line \"did not find matching SAN either\" is a refusal.",
		.misleads = "With Mobile and Remote Access this line is written for each secure registration "
			    "that "
			    "works, too.",
		.source = ENDPOINTS,
		.example = SDL "SIPStationInit: validTLSConnection:TLS InvalidX509NameInCertificate, "
			       "Rcvd=expc.acme.test , Expected=SEP0011223344FF. Will check SAN the next"},
	{.name = "cucm-connection-name",
		.component = "cucm",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_PHONE_PROFILE_MISSING,
		.literals = {"ConnectionFailure"},
		.pattern = "ConnectionFailure.*[^A-Za-z]Reason( code)? ?: ?2([^0-9]|$)",
		.near = {.family = "cucm-profile"},
		.means = "CUCM could not set up the TLS connection because of a name in the certificate "
			 "(reason "
			 "2: the name; an inference from the trace line beside it).",
		.source = ENDPOINTS,
		.example = "Nov 20 2026 11:00:00.123 UTC :  %UC_CALLMANAGER-3-ConnectionFailure: "
			   "%[DeviceName=SEP0011223344FF][IPAddress=192.0.2.10][AppID=Cisco "
			   "CallManager]: AlarmName: ConnectionFailure - Unified CM failed to open a TLS "
			   "connection for the indicated device, Reason code:2"},
	{.name = "cucm-connection-authentication",
		.component = "cucm",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_LOG_NO_CODE,
		.literals = {"ConnectionFailure"},
		.pattern = "ConnectionFailure.*[^A-Za-z]Reason( code)? ?: ?1([^0-9]|$)",
		.means = "CUCM could not set up the TLS connection because the other side could not be "
			 "authenticated (reason 1; not confirmed by a document): its chain in "
			 "CallManager-trust, or the security mode of the device.",
		.next = "`causeway check` says whether CUCM trusts Expressway-C.",
		.source = ENDPOINTS,
		.example = "Nov 20 2026 11:00:00.123 UTC :  %UC_CALLMANAGER-3-ConnectionFailure: AlarmName: "
			   "ConnectionFailure - Unified CM failed to open a TLS connection, Reason:1"},
	{.name = "cucm-connection-cipher",
		.component = "cucm",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"ConnectionFailure"},
		.pattern = "ConnectionFailure.*[^A-Za-z]Reason( code)? ?: ?4([^0-9]|$)",
		.means = "CUCM and the other side have no cipher in common (reason 4; not confirmed by a "
			 "document).",
		.misleads = "The line is that of a refused name but for its number.",
		.next = "Compare the TLS ciphers: Enterprise Parameters on CUCM, Ciphers on Expressway-C.",
		.source = ENDPOINTS,
		.example = "Nov 20 2026 11:00:00.123 UTC :  %UC_CALLMANAGER-3-ConnectionFailure: AlarmName: "
			   "ConnectionFailure - Unified CM failed to open a TLS connection, Reason:4"},
	{.name = "cucm-cause-name",
		.component = "cucm",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_PHONE_PROFILE_MISSING,
		.literals = {"invalidX509NameInCertificate"},
		.pattern = "(^|[^A-Za-z])invalidX509NameInCertificate",
		.means = "A registration failed with cause 11: the name that CUCM wanted (the phone security "
			 "profile) is not in the certificate that came.",
		.source = MIB,
		.example = "ccmPhoneFailCauseCode.7 = INTEGER: invalidX509NameInCertificate(11)"},
	{.name = "cucm-cause-authentication",
		.component = "cucm",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"authenticationError"},
		.pattern = "(^|[^A-Za-z])authenticationError(\\(10\\)|[^A-Za-z(]|$)",
		.means = "A registration failed with cause 10: the device's security mode is not the one "
			 "that is "
			 "configured for it.",
		.misleads = "It sounds like a certificate; it is a setting of the phone security profile.",
		.next = "Compare the device's profile with how it connects (5060, 5061, 5091).",
		.source = MIB,
		.example = "ccmPhoneFailCauseCode.7 = INTEGER: authenticationError(10)"},
	{.name = "cucm-cause-cipher",
		.component = "cucm",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"invalidTLSCipher"},
		.pattern = "(^|[^A-Za-z])invalidTLSCipher",
		.means = "A registration failed with cause 12: no TLS cipher in common.",
		.misleads = "It fails as with a bad certificate; none was judged.",
		.next = "Compare the TLS ciphers: Enterprise Parameters on CUCM, Ciphers on Expressway-C.",
		.source = MIB,
		.example = "ccmPhoneFailCauseCode.7 = INTEGER: invalidTLSCipher(12)"},
	{.name = "cucm-large-message",
		.component = "cucm",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"Ignoring large message from"},
		.pattern = "SIPTcp - Ignoring large message from",
		.means = "CUCM dropped a SIP message that is longer than SIP Max Incoming Message Size "
			 "(CSCts00642).",
		.misleads = "The connection drops as it does when a certificate is refused.",
		.next = "Raise SIP Max Incoming Message Size: System > Service Parameters > Cisco "
			"CallManager.",
		.source = BUSINESS,
		.example = "04530161.009 |12:00:00.123 |AppInfo  |SIPTcp - Ignoring large message from "
			   "192.0.2.10:[5060]. Only allow up to 5000 bytes. Resetting connection."},
	{.name = "cucm-saml-key",
		.component = "cucm",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_LOG_NO_CODE,
		.literals = {"Failed to decrypt the secret key"},
		.pattern = "SAMLAuthenticator.*Error while processing saml response.*Failed to decrypt the "
			   "secret "
			   "key",
		.means = "CUCM's tomcat certificate was renewed and the identity provider still encrypts for "
			 "the "
			 "old one.",
		.misleads = "It sounds like a damaged key.",
		.next = "Export CUCM's SAML metadata again and give it to the identity provider.",
		.source = RENEWAL,
		.example = "2026-11-20 12:00:00,123 ERROR [http-bio-8443-exec-25] "
			   "authentication.SAMLAuthenticator - "
			   "Error while processing saml response Failed to decrypt the secret key."},
	{.name = "cucm-peer-certificate",
		.component = "cucm",
		.kind = CW_LOG_EVIDENCE,
		.code = CW_LOG_NO_CODE,
		.literals = {"SIPCertificateInd"},
		.pattern = "SIPCertificateInd.*--remoteIP= ?([0-9A-Fa-f.:]+).*X509SubjectName ?([^ ].*) "
			   "--Cipher",
		.group = {.peer = 1, .wanted = 2},
		.means = "The subject and names of the other side's certificate, as CUCM saw them.",
		.source = TRUNK,
		.example =
			"04530218.002 |12:00:00.123 |AppInfo  |SIPCertificateInd - Received, --remoteIP= "
			"192.0.2.10 --remotePort = 25001 -- X509SubjectName /C=US/CN=expc.acme.test --Cipher "
			"ECDHE-RSA-AES256-GCM-SHA384 --SubjectAltname =expc.acme.test"},
	{.name = "cucm-ctl-missing",
		.component = "cucm",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"CTL File not found"},
		.pattern = "CTL File not found",
		.means = "There is no CTL file: the cluster is not in mixed mode.",
		.misleads = "It is no fault by itself.",
		.source = MIXED,
		.example = "CTL File not found. Error parsing the file."},
	{.name = "cucm-ctl-unreadable",
		.component = "cucm",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"Error parsing the CTL File"},
		.pattern = "Error parsing the CTL File",
		.means = "The CTL file could not be read: none is there, or it is damaged.",
		.misleads = "Without mixed mode it is no fault.",
		.next = "In mixed mode: `utils ctl update CTLFile`, then restart CallManager and TFTP, reset "
			"phones.",
		.source = MIXED,
		.example = "Error parsing the CTL File."},
	{.name = "cucm-ctl-good",
		.component = "cucm",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"The CTL file was verified successfully"},
		.pattern = "The CTL file was verified successfully",
		.means = "The CTL file's signature is good.",
		.source = MIXED,
		.example = "The CTL file was verified successfully."},
	{.name = "cucm-etoken",
		.component = "cucm",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"This etoken was not used to sign the CTL file"},
		.pattern = "This etoken was not used to sign the CTL file",
		.means = "One of the tokens listed did not sign this file; another one did.",
		.misleads = "It is written for each token that did not sign, in good files as well.",
		.source = MIXED,
		.example = "This etoken was not used to sign the CTL file."},
};

const struct cw_log_rows cw_log_rows_cucm = CW_LOG_ROWS(table);
