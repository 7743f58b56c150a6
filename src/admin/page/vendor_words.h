/**
 * Every label, button, page name and message that the boxes have, in one table, with where it was read.
 *
 * A row whose source is NULL was read nowhere: general knowledge of the boxes' pages, or an inference. Whoever has a box can
 * correct it here, and only here. "Causeway" marks what the boxes do not have.
 */
#ifndef CW_ADMIN_PAGE_VENDOR_WORDS_H
#define CW_ADMIN_PAGE_VENDOR_WORDS_H

#include <stddef.h>

/* Keys of docs/sources.md (D1, S3 …), or a document by its number at the vendor. */
#define CW_VENDOR_WORD_LIST(X) \
	/* page names */ \
	X(TITLE_LOG_IN, "Log in", NULL) \
	X(TITLE_FIRST_PASSWORD, "Set the administrator's password", "Causeway") \
	X(TITLE_OVERVIEW, "Overview", NULL) \
	X(TITLE_ALARMS, "Alarms", "S16") \
	X(TITLE_ZONES, "Zones", "S16") \
	X(TITLE_EDIT_ZONE, "Edit zone", NULL) \
	X(TITLE_TUNNELS, "SSH tunnels status", "S16") \
	X(TITLE_UC, "Unified Communications status", "S16") \
	X(TITLE_SESSIONS, "Provisioning sessions", "S16") \
	X(VIEW_SESSIONS, "View provisioning sessions", "S16") \
	X(TITLE_SERVER_CERTIFICATE, "Server certificate", "D2") \
	X(TITLE_CLIENT_CERTIFICATE, "Client certificate", "S11") \
	X(TITLE_GENERATE_CSR, "Generate CSR", "TAC 215405") \
	X(TITLE_TRUSTED_CA, "Trusted CA certificate", "D2") \
	X(TITLE_VIEW_CERTIFICATE, "Trusted CA certificate (decoded)", NULL) \
	X(TITLE_CRL, "CRL management", "S4") \
	X(TITLE_CLIENT_TEST, "Client certificate testing", "D1") \
	X(TITLE_CBA, "Certificate-based authentication configuration", "S24") \
	X(TITLE_TRAVERSAL_TEST, "Secure traversal test", "S7") \
	X(TITLE_CUCM_SERVERS, "Unified CM servers", NULL) \
	X(TITLE_DOMAINS, "Domains", "S7") \
	X(TITLE_RESTART, "Restart options", NULL) \
	X(TITLE_EVENT_LOG, "Event Log", "S15") \
	X(TITLE_ADMINISTRATORS, "Administrator accounts", NULL) \
	X(TITLE_EFFECT, "What this changes", "Causeway") \
	X(TITLE_REFUSAL, "Not done", "Causeway") \
	X(TITLE_CERTIFICATE_LIST, "Certificate Management", "D1") \
	X(TITLE_CERTIFICATE_POPUP, "Certificate Details", "D1") \
	X(TITLE_CUCM_UPLOAD, "Upload Certificate/Certificate chain", "D1") \
	X(TITLE_CUCM_CSR, "Generate Certificate Signing Request", NULL) \
	X(TITLE_CUCM_DOWNLOAD_CSR, "Download Certificate Signing Request", NULL) \
	X(TITLE_LAB, "Lab", "Causeway") \
	X(TITLE_CA, "Submit a Certificate Request or Renewal Request", NULL) \
	X(TITLE_EXERCISE, "Exercise", "Causeway") \
	/* every page */ \
	X(USERNAME, "Username", "S20") \
	X(PASSWORD, "Password", "S20") \
	X(NEW_PASSWORD, "New password", NULL) \
	X(CONFIRM_PASSWORD, "Confirm password", NULL) \
	X(LOG_IN_BUTTON, "Login", NULL) \
	X(LOG_OUT, "Log out", NULL) \
	X(SAVE, "Save", "S4") \
	X(DELETE, "Delete", NULL) \
	X(UPLOAD, "Upload", "S13") \
	X(DOWNLOAD, "Download", "TAC 215405") \
	X(ACTIONS, "Actions", "S16") \
	X(ADDRESS, "address", "TAC 217230") \
	/* zones and Unified Communications */ \
	X(ZONE_NAME, "Name", "S16") \
	X(ZONE_TYPE, "Type", "S16") \
	X(SIP_STATUS, "SIP status", "S16") \
	X(VIEW_EDIT, "View/Edit", "S16") \
	X(PEER, "Peer", "TAC 217230") \
	X(PORT, "Port", "S20") \
	X(TLS_VERIFY_MODE, "TLS verify mode", "S7") \
	X(TLS_VERIFY_SUBJECT_NAME, "TLS verify subject name", "S7") \
	X(SSH_TUNNELS, "SSH tunnels", "S16") \
	X(NO_TUNNELS, "No SSH tunnels have been established", "D2") \
	X(CUCM_SERVERS, "Unified CM servers", NULL) \
	X(CUCM_PUBLISHER, "Unified CM publisher address", NULL) \
	X(ADD_ADDRESS, "Add address", NULL) \
	X(REFRESH_SERVERS, "Refresh servers", NULL) \
	X(DOMAIN_NAME, "Domain name", NULL) \
	X(ADD_DOMAIN, "Create domain", NULL) \
	X(TRAVERSAL_FQDN, "Expressway-E FQDN", "S7") \
	X(RUN_TEST, "Run test", NULL) \
	X(RESTART, "Restart", NULL) \
	/* server and client certificate */ \
	X(SERVER_DATA, "Server certificate data", "TAC 215405") \
	X(CLIENT_DATA, "Client certificate data", NULL) \
	X(SHOW_DECODED, "Show (decoded)", "D1") \
	X(SHOW_PEM, "Show (PEM file)", "D1") \
	X(EXPIRES_ON, "Currently loaded certificate expires on", "TAC 215405") \
	X(CSR_SECTION, "Certificate signing request (CSR)", "TAC 215405") \
	X(NO_CSR, "There is no certificate signing request in progress", NULL) \
	X(CSR_IN_PROGRESS, "A certificate signing request is in progress", NULL) \
	X(GENERATE_CSR, "Generate CSR", "TAC 215405") \
	X(DISCARD_CSR, "Discard CSR", "TAC 215405") \
	X(UPLOAD_NEW, "Upload new certificate", "TAC 215405") \
	X(SELECT_SERVER_KEY, "Select the server private key file", NULL) \
	X(SELECT_SERVER_CERTIFICATE, "Select the server certificate file", "TAC 215405") \
	X(UPLOAD_SERVER_DATA, "Upload server certificate data", "TAC 215405") \
	X(UPLOAD_AS_CLIENT, "Upload server certificate file as client certificate", "S11") \
	X(SELECT_CLIENT_KEY, "Select the client private key file", NULL) \
	X(SELECT_CLIENT_CERTIFICATE, "Select the client certificate file", NULL) \
	X(UPLOAD_CLIENT_DATA, "Upload client certificate data", NULL) \
	/* Generate CSR */ \
	X(COMMON_NAME, "Common name", "TAC 215405") \
	X(ADDITIONAL_NAMES, "Additional alternative names (comma separated)", "TAC 215405") \
	X(UCM_DOMAINS, "Unified CM registrations domains", "S3") \
	X(PHONE_PROFILES, "Unified CM phone security profile names", "S3") \
	X(CHAT_ALIASES, "IM and Presence chat node aliases (federated group chat)", "S3") \
	X(FEDERATION_DOMAINS, "XMPP federation domains", "S3") \
	X(SAN_AS_IT_APPEARS, "Alternative name as it will appear", "TAC 215405") \
	X(KEY_ALGORITHM, "Public key algorithm", "S3") \
	X(KEY_LENGTH, "Key length (in bits)", "TAC 215405") \
	X(DIGEST_ALGORITHM, "Digest algorithm", "S3") \
	X(COUNTRY, "Country", "TAC 215405") \
	X(STATE, "State or province", "TAC 215405") \
	X(LOCALITY, "Locality (town name)", "TAC 215405") \
	X(ORGANIZATION, "Organization (company name)", "TAC 215405") \
	X(UNIT, "Organizational unit", "TAC 215405") \
	X(EMAIL, "Email address", NULL) \
	/* trusted CA list */ \
	X(CA_TYPE, "Type", NULL) \
	X(CA_ISSUER, "Issuer", NULL) \
	X(CA_SUBJECT, "Subject", NULL) \
	X(CA_EXPIRATION, "Expiration date", NULL) \
	X(CA_VIEW, "View", NULL) \
	X(VIEW_DECODED, "View (decoded)", NULL) \
	X(SELECT_CA_FILE, "Select the file containing trusted CA certificates", "S19") \
	X(APPEND_CA, "Append CA certificate", "S19") \
	X(RESET_CA, "Reset to default CA certificate", "S19") \
	X(SHOW_ALL_DECODED, "Show all (decoded)", "S24") \
	X(SHOW_ALL_PEM, "Show all (PEM file)", "S24") \
	X(DELETE_TICKED, "Delete", "S24") \
	X(MOVE_ENTRY, "Move", "Causeway") \
	/* CRL management */ \
	X(AUTOMATIC_CRL, "Automatic CRL updates", "S4") \
	X(DISTRIBUTION_POINTS, "HTTP(S) distribution points", "S4") \
	X(DAILY_UPDATE, "Daily update time (in UTC)", "S4") \
	X(MANUAL_CRL, "Manual CRL update", NULL) \
	X(SELECT_CRL, "Select the file containing CRLs", NULL) \
	X(UPLOAD_CRL, "Upload CRL file", "S4") \
	X(REVOCATION_MODE, "Certificate revocation checking mode", "S4") \
	X(FALLBACK, "Fallback behavior", "S4") \
	/* client certificate testing and certificate-based authentication */ \
	X(CLIENT_TESTING, "Client certificate testing", "D1") \
	X(CLIENT_CERTIFICATE, "Client certificate", "D1") \
	X(TESTS_WHETHER, \
		"This tests whether a client certificate is valid when checked against this node's trusted CA list", \
		NULL) \
	X(CERTIFICATE_SOURCE, "Certificate source", "D1") \
	X(UPLOADED_TEST_FILE, "Uploaded test file (PEM format)", "D1") \
	X(CURRENT_BROWSER, "Certificate currently loaded into browser", NULL) \
	X(SELECT_TEST_FILE, "Select the file you want to test", "D1") \
	X(CBA_PATTERN, "Certificate-based authentication pattern", "D1") \
	X(REGEX, "Regex to match against certificate", "D1") \
	X(USERNAME_FORMAT, "Username format", "D1") \
	X(CRL_CHECKING, "CRL checking", "S17") \
	X(MAKE_PERMANENT, "Make these settings permanent", "D1") \
	X(CHECK_CERTIFICATE, "Check certificate", "D1") \
	X(TEST_RESULTS, "Certificate test results", "D1") \
	X(VALID_CERTIFICATE, "Valid certificate:", "D1") \
	X(RESULTING_STRING, "Resulting string:", "S24") \
	X(CBA_MODE, "Client certificate-based security", "S17") \
	X(CBA_NOT_REQUIRED, "Not required", "S17") \
	X(CBA_VALIDATION, "Certificate validation", "S17") \
	X(CBA_AUTHENTICATION, "Certificate-based authentication", "S17") \
	/* CUCM */ \
	X(FIND, "Find", "D1") \
	X(CUCM_UPLOAD_CHAIN, "Upload Certificate/Certificate chain", "D1") \
	X(DOWNLOAD_CSR, "Download CSR", NULL) \
	X(COLUMN_CERTIFICATE, "Certificate", NULL) \
	X(COLUMN_COMMON_NAME, "Common Name", NULL) \
	X(COLUMN_TYPE, "Type", NULL) \
	X(COLUMN_KEY_TYPE, "Key Type", NULL) \
	X(COLUMN_DISTRIBUTION, "Distribution", NULL) \
	X(COLUMN_ISSUED_BY, "Issued By", NULL) \
	X(COLUMN_EXPIRATION, "Expiration", "TAC 225746") \
	X(COLUMN_DESCRIPTION, "Description", "TAC 214231") \
	X(CUCM_UPLOAD, "Upload", "S13") \
	X(CERTIFICATE_PURPOSE, "Certificate Purpose", "D1") \
	X(CUCM_DESCRIPTION, "Description(friendly name)", "D1") \
	X(UPLOAD_FILE, "Upload File", "S13") \
	X(CERTIFICATE_SETTINGS, "Certificate Settings", "D1") \
	X(LOCALLY_UPLOADED, "Locally Uploaded", "D1") \
	X(FILE_NAME, "File Name", "D1") \
	X(CERTIFICATE_TYPE, "Certificate Type", "D1") \
	X(CERTIFICATE_GROUP, "Certificate Group", "D1") \
	X(CERTIFICATE_FILE_DATA, "Certificate File Data", "D1") \
	X(REGENERATE, "Regenerate", "D1") \
	X(DOWNLOAD_PEM_FILE, "Download .PEM File", "D1") \
	X(DOWNLOAD_DER_FILE, "Download .DER File", "D1") \
	X(AUTO_POPULATED, "Auto-populated Domains", "TAC 225746") \
	X(CUCM_KEY_LENGTH, "Key Length", NULL) \
	X(HASH_ALGORITHM, "Hash Algorithm", NULL) \
	/* a Microsoft CA's web enrolment */ \
	X(CA_SAVED_REQUEST, "Saved Request", NULL) \
	X(CA_TEMPLATE, "Certificate Template", NULL) \
	X(CA_SUBMIT, "Submit >", NULL) \
	X(CA_ISSUED, "Certificate Issued", NULL) \
	X(CA_ISSUED_TO_YOU, "The certificate you requested was issued to you.", NULL) \
	X(CA_BASE64, "Download certificate (Base 64 encoded)", NULL) \
	X(CA_DER, "Download certificate (DER encoded)", NULL) \
	X(CA_CHAIN, "Download certificate chain", NULL)

enum cw_vendor_word {
#define X(name, text, source) CW_WORD_##name,
	CW_VENDOR_WORD_LIST(X)
#undef X
		CW_WORD_COUNT
};

const char *cw_vendor_word(enum cw_vendor_word word);
/** Where it was read; NULL: nowhere. */
const char *cw_vendor_word_source(enum cw_vendor_word word);

#endif
