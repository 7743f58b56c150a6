/* What pages of the boxes answer to an upload or a test, pasted into a ticket. */
#include "observe/log/log_rows.h"

#define RENEWAL "\"Troubleshoot Expressway Certificates\", upload of a server certificate"
#define TEST \
	"\"Configure and Troubleshoot Collaboration Edge (MRA) Certificates\", Test to Know If A " \
	"Certificate " \
	"Is Trusted"
#define UPLOAD "TAC 118855 \"UCCX Certificate Management\""
#define EXPRESSWAY "Hosted Collaboration Solution Smart Licensing Operation Guide 12.5, Troubleshooting"

static const struct cw_log_row table[] = {
	{.name = "page-not-pem",
		.component = "expressway page",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_NOT_PEM,
		.literals = {"is not a valid X.509 PEM certificate file"},
		.pattern = "The file provided is not a valid X\\.509 PEM certificate file",
		.means = "The file that was uploaded is not PEM: DER, PKCS#7 or PKCS#12, whatever its name "
			 "ends in.",
		.next = "`causeway cert convert` makes PEM of it.",
		.source = RENEWAL,
		.example =
			"Invalid certificate: The file provided is not a valid X.509 PEM certificate file."},
	{.name = "page-not-signed-by-list",
		.component = "expressway page",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_LOG_NO_CODE,
		.literals = {"is not signed by a CA in the trusted CA list"},
		.pattern = "certificate is not signed by a CA in the trusted CA list",
		.means = "The chain of the certificate that was tested does not end in this box's trusted CA "
			 "list: "
			 "its root or an intermediate is missing there.",
		.next = "`causeway client-test` names the certificate that is missing.",
		.source = TEST,
		.example = "Invalid: The client certificate is not signed by a CA in the trusted CA list."},
	{.name = "page-crl",
		.component = "expressway page",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_CRL_MISSING,
		.literals = {"please ensure that you have uploaded a CRL"},
		.pattern = "unable to get certificate CRL, please ensure that you have uploaded a CRL",
		.means = "Revocation is checked, and there is no list of a CA in the chain. Where this box "
			 "does not "
			 "use revocation, the answer means that everything else passed: the certificate is "
			 "trusted.",
		.misleads = "It is read as \"not trusted\" and often means the opposite.",
		.source = TEST,
		.example =
			"Invalid: unable to get certificate CRL, please ensure that you have uploaded a CRL"},
	{.name = "page-csr-san",
		.component = "cucm page",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_LOG_NO_CODE,
		.literals = {"CSR SAN and Certificate SAN"},
		.pattern = "CSR SAN and Certificate SAN does not match",
		.means = "The CA left names of the request out of the certificate, or put others in.",
		.next = "Have it issued with exactly the names of the request; `causeway cert diff` shows "
			"them.",
		.source = UPLOAD,
		.example = "Error: CSR SAN and Certificate SAN does not match"},
	{.name = "page-csr-exists",
		.component = "expressway page",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"CSR already exist in Expressway"},
		.pattern = "CSR already exist in Expressway",
		.means = "There is a request under way on this box; only one can be.",
		.misleads =
			"It is no fault: discarding it would throw away the key of a certificate that may "
			"already be ordered.",
		.source = EXPRESSWAY,
		.example = "CAA1029: CSR already exist in Expressway"},
	{.name = "page-ca-not-available",
		.component = "expressway page",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_LOG_NO_CODE,
		.literals = {"Verify the CA certificate is available in the trust"},
		.pattern = "Verify the CA certificate is available in the trust",
		.means = "The certificate was not taken: the CA that signed it, or one above, is not in this "
			 "box's "
			 "own trusted CA list, or the file is bad.",
		.next = "Append root and intermediates first; `causeway cert accept` names them.",
		.source = EXPRESSWAY,
		.example = "CAA1031: invalid certificate. Verify the CA certificate is available in the "
			   "trust store"},
};

const struct cw_log_rows cw_log_rows_page = CW_LOG_ROWS(table);
