#include "trust/unfit.h"

#include "base/buffer.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>

struct cw_finding *cw_unfit_add(
	struct cw_findings *findings, enum cw_code code, unsigned depth, struct cw_cert *cert)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].code == code && findings->items[i].depth == depth)
			return NULL;
	return cw_findings_add(findings, code, depth, cert);
}

static const char *oid_text(const char *oid)
{
	static const struct {
		const char *oid, *text;
	} known[] = {
		{"1.3.6.1.5.5.7.3.1", "serverAuth"},
		{"1.3.6.1.5.5.7.3.2", "clientAuth"},
		{"1.3.6.1.5.5.7.3.3", "codeSigning"},
		{"1.3.6.1.5.5.7.3.4", "emailProtection"},
		{"1.3.6.1.5.5.7.3.8", "timeStamping"},
		{"1.3.6.1.5.5.7.3.9", "OCSPSigning"},
		{"2.5.29.37.0", "anyExtendedKeyUsage"},
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(known[i].oid, oid) == 0)
			return known[i].text;
	return oid;
}

static void eku_detail(struct cw_findings *findings, struct cw_finding *finding, const struct cw_cert *cert,
	const char *wanted)
{
	if (!finding)
		return;
	AUTO_BUFFER found = {0};
	const struct cw_eku *eku = cw_cert_eku(cert);
	for (size_t i = 0; i < eku->oids.count; i++)
		cw_buffer_printf(&found, "%s%s", i ? ", " : "", oid_text(eku->oids.items[i]));
	cw_finding_detail(findings, finding, "wanted %s in the extended key usage of %s; found %s", wanted,
		cw_cert_label(cert), eku->oids.count ? cw_buffer_string(&found) : "an empty list");
	findings->failed |= found.failed;
}

/* anyExtendedKeyUsage does not stand for serverAuth or clientAuth (design.md §5 rule 11, as OpenSSL has it).
 */
static bool explain_eku(
	struct cw_findings *findings, enum cw_purpose purpose, struct cw_cert *cert, unsigned depth)
{
	const struct cw_eku *eku = cw_cert_eku(cert);
	if (!eku->present)
		return false;
	if (purpose == CW_PURPOSE_SERVER && !eku->server_auth)
		eku_detail(findings, cw_unfit_add(findings, CW_SERVER_AUTH_MISSING, depth, cert), cert,
			"serverAuth");
	else if (purpose == CW_PURPOSE_CLIENT && !eku->client_auth)
		eku_detail(findings, cw_unfit_add(findings, CW_CLIENT_AUTH_MISSING, depth, cert), cert,
			"clientAuth");
	else
		return false;
	return true;
}

static void key_usage_finding(
	struct cw_findings *findings, struct cw_cert *cert, unsigned depth, const char *wanted)
{
	struct cw_finding *finding = cw_unfit_add(findings, CW_KEY_USAGE_UNFIT, depth, cert);
	cw_finding_detail(findings, finding, "wanted %s in the key usage of %s", wanted, cw_cert_label(cert));
}

static bool explain_leaf_key_usage(
	struct cw_findings *findings, enum cw_purpose purpose, struct cw_cert *cert, unsigned depth)
{
	uint32_t usage = cw_cert_key_usage(cert);
	uint32_t client = KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT;
	if (purpose == CW_PURPOSE_SERVER && !(usage & (client | KU_KEY_ENCIPHERMENT)))
		key_usage_finding(findings, cert, depth, "digitalSignature, keyEncipherment or keyAgreement");
	else if (purpose == CW_PURPOSE_CLIENT && !(usage & client))
		key_usage_finding(findings, cert, depth, "digitalSignature or keyAgreement");
	else
		return false;
	return true;
}

static bool explain_ca(struct cw_findings *findings, struct cw_cert *cert, unsigned depth)
{
	if (cw_cert_has_key_usage(cert) && !(cw_cert_key_usage(cert) & KU_KEY_CERT_SIGN) &&
		cw_cert_is_ca(cert)) {
		key_usage_finding(findings, cert, depth, "keyCertSign");
		return true;
	}
	if (X509_check_ca(cw_cert_x509(cert)) != 0)
		return false;
	struct cw_finding *finding = cw_unfit_add(findings, CW_NOT_A_CA, depth, cert);
	cw_finding_detail(findings, finding,
		"%s stands as an issuer and its basic constraints do not say CA:TRUE", cw_cert_label(cert));
	return true;
}

void cw_unfit_explain(struct cw_findings *findings, enum cw_purpose purpose, const struct cw_trail *trail,
	unsigned depth, int openssl_error)
{
	struct cw_cert *cert = trail->steps[depth].cert;
	bool explained = explain_eku(findings, purpose, cert, depth);
	if (depth == 0)
		explained |= explain_leaf_key_usage(findings, purpose, cert, depth);
	else
		explained |= explain_ca(findings, cert, depth);
	if (explained)
		return;
	struct cw_finding *finding = cw_unfit_add(findings, CW_KEY_USAGE_UNFIT, depth, cert);
	cw_finding_detail(findings, finding, "%s: OpenSSL says \"%s\"", cw_cert_label(cert),
		X509_verify_cert_error_string(openssl_error));
}

void cw_unfit_check_either(struct cw_findings *findings, const struct cw_trail *trail)
{
	for (unsigned i = 0; i < trail->count; i++) {
		struct cw_cert *cert = trail->steps[i].cert;
		const struct cw_eku *eku = cw_cert_eku(cert);
		if (eku->present && !eku->server_auth && !eku->client_auth)
			eku_detail(findings, cw_unfit_add(findings, CW_CLIENT_AUTH_MISSING, i, cert), cert,
				"serverAuth or clientAuth");
	}
}
