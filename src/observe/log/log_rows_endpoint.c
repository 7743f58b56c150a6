/* TelePresence endpoints (TC and CE software). */
#include "observe/log/log_rows.h"

#define SOURCE "TAC 211304 \"Collaboration Edge TC-based Endpoints\""
#define CURL "curl's words for OpenSSL X509_verify_cert_error_string(3), as in TAC 211304"
#define AT "2026-11-20T12:00:00.123+01:00 appl[2150]: "

static const struct cw_log_row table[] = {
	{.name = "endpoint-untrusted",
		.component = "endpoint",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_DEVICE_LIST_LACKS_CA,
		.literals = {"SSL certificate problem: self"},
		.pattern = "SSL certificate problem: self[- ]signed certificate",
		.near = {.family = "endpoint-tls"},
		.means = "Expressway-E's root is not in the endpoint's list.",
		.misleads =
			"The text sounds as if Expressway-E had a self-signed certificate; it is the root's "
			"absence from the endpoint's list that is meant.",
		.source = SOURCE,
		.example = AT
		"CertificateVerification INFO: SSL certificate problem: self signed certificate in "
		"certificate chain"},
	{.name = "endpoint-issuer-missing",
		.component = "endpoint",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_ISSUER_MISSING,
		.literals = {"SSL certificate problem: unable"},
		.pattern = "SSL certificate problem: unable to get (local )?issuer certificate",
		.near = {.family = "endpoint-tls"},
		.means =
			"The CA that signed Expressway-E's certificate is neither in the endpoint's list nor "
			"sent by Expressway-E: its own list must hold its intermediates.",
		.source = CURL,
		.example = AT "SSL certificate problem: unable to get local issuer certificate"},
	{.name = "endpoint-expired",
		.component = "endpoint",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_EXPIRED,
		.literals = {"SSL certificate problem: certificate has expired"},
		.pattern = "SSL certificate problem: certificate has expired",
		.near = {.family = "endpoint-tls"},
		.means = "A certificate of Expressway-E's chain has expired.",
		.source = CURL,
		.example = AT "SSL certificate problem: certificate has expired"},
	{.name = "endpoint-not-yet-valid",
		.component = "endpoint",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_NOT_YET_VALID,
		.literals = {"SSL certificate problem: certificate is not yet valid"},
		.pattern = "SSL certificate problem: certificate is not yet valid",
		.near = {.family = "endpoint-tls"},
		.means = "A certificate of Expressway-E's chain is not valid yet, or the endpoint's clock is "
			 "slow.",
		.source = CURL,
		.example = AT "SSL certificate problem: certificate is not yet valid"},
	{.name = "endpoint-edge-domain",
		.component = "endpoint",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_EDGE_DOMAIN_MISSING,
		.literals = {"verify_edge_domain_in_san"},
		.pattern = "verify_edge_domain_in_san\\]: Edge TLS verification failed: Edge domain "
			   "'([^']*)' and "
			   "corresponding SRVName '[^']*' not found",
		.group = {.wanted = 1},
		.near = {.family = "endpoint-tls"},
		.means =
			"The edge domain is not among the names of Expressway-E's certificate, neither plain "
			"nor as SRVName; or the endpoint's domain is mistyped.",
		.source = SOURCE,
		.example = AT
		"CertificateVerification ERROR: [verify_edge_domain_in_san]: Edge TLS verification "
		"failed: Edge domain 'acme.test' and corresponding SRVName "
		"'_collab-edge._tls.acme.test' not found in certificate SAN list"},
	{.name = "endpoint-application-verification",
		.component = "endpoint",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_LOG_NO_CODE,
		.literals = {"application verification failure"},
		.pattern = "SSL certificate problem: application verification failure",
		.near = {.companion = true, .family = "endpoint-tls"},
		.means = "The endpoint's own check of Expressway-E's certificate failed; the line "
			 "\"verify_edge_domain_in_san\" beside it says why.",
		.next = "Look for verify_edge_domain_in_san.",
		.source = SOURCE,
		.example = AT "SSL certificate problem: application verification failure"},
	{.name = "endpoint-curl-untrusted",
		.component = "endpoint",
		.refused_by = CW_LOG_LOCAL,
		.code = CW_LOG_NO_CODE,
		.literals = {"HTTPClientCurl error"},
		.pattern = "HTTPClientCurl error \\(https://([^:/)]*)[^)]*\\).*Peer certificate cannot be "
			   "authenticated",
		.group = {.peer = 1},
		.near = {.companion = true, .family = "endpoint-tls"},
		.means = "The endpoint refused Expressway-E's certificate. The line \"SSL certificate "
			 "problem\" "
			 "beside it says why.",
		.next = "Look for SSL certificate problem.",
		.source = SOURCE,
		.example =
			AT "HTTPClientCurl error "
			   "(https://expe.acme.test:8443/YWNtZS50ZXN0/get_edge_config/): 'Peer certificate "
			   "cannot be authenticated with given CA certificates'"},
	{.name = "endpoint-no-name",
		.component = "endpoint",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"ProvisionRequest failed: 4"},
		.pattern = "ProvisionRequest failed: 4 \\(Couldn't resolve host name\\)",
		.means = "The endpoint could not resolve a name.",
		.misleads = "It did not get as far as a certificate.",
		.next = "Look at DNS: _collab-edge._tls of the domain, and the host that it names.",
		.source = SOURCE,
		.example = AT "PROV ProvisionRequest failed: 4 (Couldn't resolve host name)"},
	{.name = "endpoint-401",
		.component = "endpoint",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"ProvisionRequest failed: 5"},
		.pattern = "ProvisionRequest failed: 5 \\(HTTP code=401\\)",
		.means = "User name or password was wrong.",
		.misleads = "TLS came up; no certificate is at fault.",
		.next = "Type the password again, and try it on CUCM's own page.",
		.source = SOURCE,
		.example = AT "PROV ProvisionRequest failed: 5 (HTTP code=401)"},
	{.name = "endpoint-no-uds-server",
		.component = "endpoint",
		.kind = CW_LOG_OTHER,
		.code = CW_LOG_NO_CODE,
		.literals = {"contain UDS server address"},
		.pattern = "XML didn't contain UDS server address",
		.means = "The answer named no user data server: the service profile or the home cluster of "
			 "the "
			 "user is not set.",
		.misleads = "TLS came up; no certificate is at fault.",
		.next = "Look at the user's service profile and home cluster on CUCM.",
		.source = SOURCE,
		.example = AT "PROV ProvisionRequest failed: XML didn't contain UDS server address"},
};

const struct cw_log_rows cw_log_rows_endpoint = CW_LOG_ROWS(table);
