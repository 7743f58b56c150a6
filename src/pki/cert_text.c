#include "pki/cert_parts.h"

#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <string.h>

const char *cw_cert_subject_text(const struct cw_cert *cert)
{
	return cert->subject_text;
}

const char *cw_cert_issuer_text(const struct cw_cert *cert)
{
	return cert->issuer_text;
}

const char *cw_cert_common_name(const struct cw_cert *cert)
{
	return cert->common_name;
}

const char *cw_cert_label(const struct cw_cert *cert)
{
	if (cert->common_name && *cert->common_name)
		return cert->common_name;
	if (*cert->subject_text)
		return cert->subject_text;
	return cert->sans.count ? cert->sans.items[0].text : "(no name)";
}

const struct cw_strings *cw_cert_unknown_oids(const struct cw_cert *cert)
{
	return &cert->unknown_oids;
}

static bool starts_with(const ASN1_STRING *value, const char *start)
{
	size_t length = strlen(start);
	return (size_t)ASN1_STRING_length(value) >= length &&
		memcmp(ASN1_STRING_get0_data(value), start, length) == 0;
}

bool cw_cert_is_temporary(const struct cw_cert *cert)
{
	const X509_NAME *subject = cert->subject.x509;
	for (int i = 0; i < X509_NAME_entry_count(subject); i++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(subject, i);
		int type = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
		const ASN1_STRING *value = X509_NAME_ENTRY_get_data(entry);
		bool named = type == NID_organizationName || type == NID_organizationalUnitName ||
			type == NID_commonName;
		if (named &&
			(starts_with(value, "Temporary CA ") || starts_with(value, "Temporary Certificate ")))
			return true;
	}
	return false;
}

const char *cw_cert_key_usage_name(size_t bit, uint32_t *mask)
{
	static const struct {
		uint32_t mask;
		const char *name;
	} rows[] = {
		{KU_DIGITAL_SIGNATURE, "digitalSignature"},
		{KU_NON_REPUDIATION, "nonRepudiation"},
		{KU_KEY_ENCIPHERMENT, "keyEncipherment"},
		{KU_DATA_ENCIPHERMENT, "dataEncipherment"},
		{KU_KEY_AGREEMENT, "keyAgreement"},
		{KU_KEY_CERT_SIGN, "keyCertSign"},
		{KU_CRL_SIGN, "cRLSign"},
		{KU_ENCIPHER_ONLY, "encipherOnly"},
		{KU_DECIPHER_ONLY, "decipherOnly"},
	};
	if (bit >= sizeof rows / sizeof rows[0])
		return NULL;
	*mask = rows[bit].mask;
	return rows[bit].name;
}
