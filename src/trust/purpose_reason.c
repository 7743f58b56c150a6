#include "trust/purpose_reason.h"

#include "base/buffer.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>

struct cw_finding *cw_purpose_reason_add(struct cw_findings *findings, enum cw_code code,
	const struct cw_partial_path *partial, unsigned depth)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].code == code && findings->items[i].depth == depth)
			return NULL;
	const struct cw_step *step = &partial->steps[depth];
	struct cw_finding *finding = cw_findings_add(findings, code, depth, step->cert);
	if (finding)
		finding->place = step->place;
	return finding;
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

static void find_eku(struct cw_findings *findings, enum cw_code code, const struct cw_partial_path *partial,
	unsigned depth, const char *wanted)
{
	struct cw_finding *finding = cw_purpose_reason_add(findings, code, partial, depth);
	if (!finding)
		return;
	AUTO_BUFFER found = {0};
	const struct cw_cert *cert = partial->steps[depth].cert;
	const struct cw_eku *eku = cw_cert_eku(cert);
	for (size_t i = 0; i < eku->oids.count; i++)
		cw_buffer_printf(&found, "%s%s", i ? ", " : "", oid_text(eku->oids.items[i]));
	cw_finding_detail(findings, finding, "wanted %s in the extended key usage of %s; found %s", wanted,
		cw_cert_label(cert), eku->oids.count ? cw_buffer_string(&found) : "an empty list");
	findings->failed |= found.failed;
}

/* anyExtendedKeyUsage does not stand for serverAuth or clientAuth (rules 11, as OpenSSL has it).
 */
static bool explain_eku(struct cw_findings *findings, enum cw_purpose purpose,
	const struct cw_partial_path *partial, unsigned depth)
{
	const struct cw_eku *eku = cw_cert_eku(partial->steps[depth].cert);
	if (!eku->present)
		return false;
	if (purpose == CW_PURPOSE_SERVER && !eku->server_auth)
		find_eku(findings, CW_SERVER_AUTH_MISSING, partial, depth, "serverAuth");
	else if (purpose == CW_PURPOSE_CLIENT && !eku->client_auth)
		find_eku(findings, CW_CLIENT_AUTH_MISSING, partial, depth, "clientAuth");
	else
		return false;
	return true;
}

static void describe_key_usage(struct cw_buffer *text, uint32_t usage)
{
	uint32_t bit;
	const char *name;
	for (size_t i = 0; (name = cw_cert_key_usage_name(i, &bit)); i++)
		if (usage & bit)
			cw_buffer_printf(text, "%s%s", text->length ? ", " : "", name);
}

static void find_key_usage(struct cw_findings *findings, const struct cw_partial_path *partial,
	unsigned depth, const char *wanted)
{
	struct cw_finding *finding = cw_purpose_reason_add(findings, CW_KEY_USAGE_UNFIT, partial, depth);
	if (!finding)
		return;
	AUTO_BUFFER found = {0};
	const struct cw_cert *cert = partial->steps[depth].cert;
	describe_key_usage(&found, cw_cert_key_usage(cert));
	cw_finding_detail(findings, finding, "wanted %s in the key usage of %s; found %s", wanted,
		cw_cert_label(cert), found.length ? cw_buffer_string(&found) : "an empty one");
	findings->failed |= found.failed;
}

/* An EC key that may not sign is tls-unusable (leaf.c), which says the same of it and more. */
static bool tls_tells_it(const struct cw_judge_question *question, const struct cw_cert *leaf)
{
	return question->profile != CW_PROFILE_TUNNEL && cw_cert_key(leaf)->kind == CW_KEY_EC &&
		!(cw_cert_key_usage(leaf) & KU_DIGITAL_SIGNATURE);
}

static bool explain_leaf_key_usage(struct cw_findings *findings, const struct cw_judge_question *question,
	const struct cw_partial_path *partial)
{
	const struct cw_cert *leaf = partial->steps[0].cert;
	uint32_t usage = cw_cert_key_usage(leaf);
	uint32_t client = KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT;
	const char *wanted = NULL;
	if (question->purpose == CW_PURPOSE_SERVER && !(usage & (client | KU_KEY_ENCIPHERMENT)))
		wanted = "digitalSignature, keyEncipherment or keyAgreement";
	else if (question->purpose == CW_PURPOSE_CLIENT && !(usage & client))
		wanted = "digitalSignature or keyAgreement";
	if (!wanted)
		return false;
	if (!tls_tells_it(question, leaf))
		find_key_usage(findings, partial, 0, wanted);
	return true;
}

static bool explain_ca(struct cw_findings *findings, const struct cw_partial_path *partial, unsigned depth,
	int openssl_error)
{
	struct cw_cert *cert = partial->steps[depth].cert;
	if (cw_cert_has_key_usage(cert) && !(cw_cert_key_usage(cert) & KU_KEY_CERT_SIGN) &&
		cw_cert_is_ca(cert)) {
		find_key_usage(findings, partial, depth, "keyCertSign");
		return true;
	}
	/* X509_check_ca makes do with the key usage of a CA, the check of a chain does not */
	bool unsaid = openssl_error == X509_V_ERR_INVALID_CA && !cw_cert_is_ca(cert);
	if (!unsaid && X509_check_ca(cw_cert_x509(cert)) != 0)
		return false;
	struct cw_finding *finding = cw_purpose_reason_add(findings, CW_NOT_A_CA, partial, depth);
	cw_finding_detail(findings, finding,
		"%s stands as an issuer; wanted CA:TRUE in its basic constraints, and they do not say so",
		cw_cert_label(cert));
	return true;
}

static bool unreadable(const struct cw_cert *cert)
{
	return X509_get_extension_flags(cw_cert_x509(cert)) & EXFLAG_INVALID;
}

void cw_purpose_reason_explain(struct cw_findings *findings, const struct cw_judge_question *question,
	const struct cw_partial_path *partial, unsigned depth, int openssl_error)
{
	struct cw_cert *cert = partial->steps[depth].cert;
	bool explained = explain_eku(findings, question->purpose, partial, depth);
	if (depth == 0)
		explained |= explain_leaf_key_usage(findings, question, partial);
	else
		explained |= explain_ca(findings, partial, depth, openssl_error);
	if (explained)
		return;
	struct cw_finding *finding = cw_purpose_reason_add(findings, CW_KEY_USAGE_UNFIT, partial, depth);
	cw_finding_detail(findings, finding, "%s: OpenSSL says \"%s\"", cw_cert_label(cert),
		X509_verify_cert_error_string(openssl_error));
}

void cw_purpose_reason_check_either(struct cw_findings *findings, const struct cw_partial_path *partial)
{
	for (unsigned i = 0; i < partial->count; i++) {
		const struct cw_eku *eku = cw_cert_eku(partial->steps[i].cert);
		if (eku->present && !eku->server_auth && !eku->client_auth)
			find_eku(findings, CW_CLIENT_AUTH_MISSING, partial, i, "serverAuth or clientAuth");
	}
}

void cw_purpose_reason_check_server(struct cw_findings *findings, const struct cw_partial_path *partial)
{
	for (unsigned i = 0; i < partial->count; i++) {
		const struct cw_eku *eku = cw_cert_eku(partial->steps[i].cert);
		if (eku->present && !eku->server_auth)
			find_eku(findings, CW_SERVER_AUTH_MISSING, partial, i, "serverAuth");
	}
}

bool cw_purpose_reason_key_is_readable(const struct cw_cert *leaf)
{
	const EVP_PKEY *key = X509_get0_pubkey(cw_cert_x509(leaf));
	return key && !EVP_PKEY_missing_parameters(key);
}

bool cw_purpose_reason_check_readable(struct cw_findings *findings, const struct cw_partial_path *partial)
{
	bool readable = cw_purpose_reason_key_is_readable(partial->steps[0].cert);
	for (unsigned i = 0; i < partial->count; i++) {
		const struct cw_cert *cert = partial->steps[i].cert;
		if (!unreadable(cert))
			continue;
		readable = false;
		struct cw_finding *finding =
			cw_purpose_reason_add(findings, CW_CRITICAL_EXTENSION, partial, i);
		cw_finding_detail(findings, finding,
			"%s has an extension that is broken or stands there twice; wanted extensions as RFC "
			"5280 "
			"has them",
			cw_cert_label(cert));
	}
	return readable;
}
