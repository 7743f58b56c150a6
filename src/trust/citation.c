#include "trust/citation.h"

#include <string.h>

static const struct cw_citation_document documents[] = {
	{"D1", CW_CITATION_MRA_GUIDE,
		"Cisco, \"Configure and Troubleshoot Collaboration Edge (MRA) Certificates\" (two editions)"},
	{"D2", CW_CITATION_EXPRESSWAY_GUIDE, "Cisco, \"Troubleshoot Expressway Certificates\""},
	{"S1", CW_CITATION_CERT_GUIDE,
		"X15.5 Certificate guide, ch. Managing Expressway Certificates (29-Jul-2026) cisco.com/.../X15-5/cert-creation-use/.../exwy_m_managing-expressway-certificates.html"},
	{"S2", CW_CITATION_CERT_GUIDE,
		"X15.4 Certificate guide, ch. Server Certificate Requirements for UC (9-Feb-2026);  X15.5 twin"},
	{"S3", CW_CITATION_CERT_GUIDE, "X15.4 Certificate guide, ch. Generating a CSR"},
	{"S4", CW_CITATION_CERT_GUIDE, "X14.0.2 Certificate guide, ch. Manage CRLs"},
	{"S5", CW_CITATION_CERT_GUIDE, "X14.3 Certificate guide, ch. Troubleshooting"},
	{"S6", CW_CITATION_CERT_GUIDE, "X14.0.1 Certificate guide, ch. Using ACME on Expressway-E"},
	{"S7", CW_CITATION_ADMIN_GUIDE, "X15.4 Administrator guide, ch. Unified Communications"},
	{"S8", CW_CITATION_DEPLOYMENT_GUIDE,
		"X15.x/X14.x MRA deployment guide, ch. Requirements and Prerequisites"},
	{"S9", "S9", "IP Port Usage guide (X14.3+X15.0), ch. MRA (11-Jan-2024)"},
	{"S10", CW_CITATION_EKU_SUNSET,
		"TAC 225482 \"Prepare Expressway for Client Auth EKU Sunset\" (13-Feb-2026)"},
	{"S11", CW_CITATION_EKU_X15_5,
		"TAC 225693 \"Navigate Client EKU Sunset with Expressway x15.5\" (15-Apr-2026)"},
	{"S12", CW_CITATION_FIELD_NOTICE,
		"Field Notice FN74362 rev 1.2 (1-Jun-2026)   (sister FNs: FN74345 Unified CM, FN74350 CUBE)"},
	{"S13", CW_CITATION_TRAFFIC_SERVER,
		"TAC 225476 \"MRA Certificate Requirements and Apache Traffic Server History\" (20-Jan-2026)"},
	{"S14", CW_CITATION_RENEW, "TAC 218034 \"Renew Expressway Certificate\" (19-Mar-2026)"},
	{"S15", CW_CITATION_ADMIN_GUIDE,
		"X15.0 Administrator guide, ch. Reference Material (event log, alarms, xConfiguration, xCommand; 909k chars)"},
	{"S16", CW_CITATION_ADMIN_GUIDE, "X15.x Admin guide, ch. Status (SSH tunnels, alarms, logs)"},
	{"S17", CW_CITATION_ADMIN_GUIDE,
		"Admin guide, ch. Network and System Settings (client-certificate-based security)"},
	{"S18", "S18", "Cluster guide X14.0, ch. Use FQDNs to Form a Cluster"},
	{"S19", "S19", "TAC \"Webex Hybrid Call Service Connect troubleshooting\" (mTLS log lines)"},
	{"S20", "S20", "TAC \"Configure MRA\" (traversal zone log lines)"},
	{"S21", "S21", "Expressway REST API Summary Guide (June 2020); CSRF list"},
	{"S22", "S22", "py_expressway (GitHub, X8.11-era client library + unit tests)"},
	{"S23", "S23",
		"CUCM certmgr API users on GitHub; developer.cisco.com/docs/certificate-management/ [E]"},
	{"S24", "S24",
		"manualsbrain.com page scans of Expressway/VCS admin guides (1605148 p215, 1604417 p230-232, 1606474 p195-197, VCS 1604755 p11) [E]"},
	{"S25", "S25", "TAC 217415 DST Root CA X3 expiry (Sep 2021)"},
	{"S26", "S26", "Apache Traffic Server source (SSLClientUtils/verify callback)"},
	{"S27", "S27",
		"TAC 218018 \"Troubleshoot Expressway Traffic Server Certificate Verification\" [E: ja/pt/es copies, beginning only]"},
	{"S28", "S28", "Expressway release notes text (X14.2 section)"},
	{"S29", "S29", "TAC upgrade guide"},
	{"S30", CW_CITATION_CUCM_SANS, "cisco.com 200641, on certificates of CUCM that a third party signs"},
	{"R", CW_CITATION_RULES, "Causeway's own rules, where documents are silent or contradict each other"},
};

const struct cw_citation_document *cw_citation_documents(size_t *count)
{
	*count = sizeof documents / sizeof *documents;
	return documents;
}

static bool has(const char *text, size_t length, const char *word)
{
	return memmem(text, length, word, strlen(word)) != NULL;
}

static bool is_known_part(const char *text, size_t length)
{
	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
		if (has(text, length, documents[i].cited))
			return true;
	return has(text, length, "RFC ") || has(text, length, "OpenSSL") ||
		has(text, length, "measured with ");
}

bool cw_citation_is_known(const char *text)
{
	for (const char *end = strchr(text, ';'); end; text = end + 1, end = strchr(text, ';'))
		if (!is_known_part(text, (size_t)(end - text)))
			return false;
	return is_known_part(text, strlen(text));
}

void cw_citation_markdown(struct cw_buffer *ret)
{
	cw_buffer_text(ret, "| key | cited as | document |\n|---|---|---|\n");
	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
		cw_buffer_printf(
			ret, "| %s | %s | %s |\n", documents[i].key, documents[i].cited, documents[i].title);
}
