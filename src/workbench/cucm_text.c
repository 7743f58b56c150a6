#include "workbench/cucm_text.h"

#include "pki/error_mark.h"

#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <string.h>

/* The seed's page breaks the key's hexadecimal text after so many digits. */
#define KEY_LINE 84
#define OID_TEXT_MAX 128

/* Names that the page gives extensions. "ExtKeyUsageSyntax" is the seed's; the others follow the names of its
 * library (RSA BSAFE), OpenSSL's where that is not known. */
static const struct {
	int nid;
	const char *name;
} names[] = {
	{NID_ext_key_usage, "ExtKeyUsageSyntax"},
	{NID_key_usage, "KeyUsage"},
	{NID_subject_alt_name, "SubjectAltName"},
	{NID_basic_constraints, "BasicConstraints"},
	{NID_subject_key_identifier, "SubjectKeyIdentifier"},
	{NID_authority_key_identifier, "AuthorityKeyIdentifier"},
	{NID_crl_distribution_points, "CRLDistributionPoints"},
	{NID_info_access, "AuthorityInfoAccessSyntax"},
	{NID_certificate_policies, "CertificatePolicies"},
};

static const char *extension_name(int nid)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].nid == nid)
			return names[i].name;
	return nid == NID_undef ? "Unknown" : OBJ_nid2sn(nid);
}

static const char *key_name(const struct cw_key_info *key)
{
	switch (key->kind) {
	case CW_KEY_RSA:
		return "RSA";
	case CW_KEY_RSA_PSS:
		return "RSA-PSS";
	case CW_KEY_EC:
		return "EC";
	case CW_KEY_ED25519:
		return "Ed25519";
	case CW_KEY_ED448:
		return "Ed448";
	case CW_KEY_DSA:
		return "DSA";
	case CW_KEY_OTHER:
		break;
	}
	return "Unknown";
}

static void key(struct cw_buffer *ret, const struct cw_cert *cert)
{
	ASN1_OBJECT *algorithm = NULL;
	const unsigned char *bytes = NULL;
	int length = 0;
	char oid[OID_TEXT_MAX] = "";
	X509_PUBKEY_get0_param(&algorithm, &bytes, &length, NULL, X509_get_X509_PUBKEY(cw_cert_x509(cert)));
	OBJ_obj2txt(oid, sizeof oid, algorithm, 1);
	cw_buffer_printf(ret, "Key: %s (%s)\nKey value:\n", key_name(cw_cert_key(cert)), oid);
	for (int i = 0; i < length; i += KEY_LINE / 2) {
		cw_buffer_hex(
			ret, bytes + i, (size_t)(length - i < KEY_LINE / 2 ? length - i : KEY_LINE / 2));
		cw_buffer_char(ret, '\n');
	}
}

static void key_usages(struct cw_buffer *ret, const struct cw_cert *cert)
{
	uint32_t mask;
	const char *name;
	cw_buffer_text(ret, "  Usages: ");
	for (size_t bit = 0; (name = cw_cert_key_usage_name(bit, &mask)); bit++)
		if (cw_cert_key_usage(cert) & mask)
			cw_buffer_printf(ret, "%s, ", name);
	cw_buffer_char(ret, '\n');
}

static void key_identifier(struct cw_buffer *ret, const uint8_t *id, size_t length)
{
	cw_buffer_text(ret, "  keyIdentifier: ");
	cw_buffer_hex(ret, id, length);
	cw_buffer_char(ret, '\n');
}

static const char *kind_of_name(const struct cw_san *san)
{
	if (san->kind == CW_SAN_DNS)
		return "dNSName";
	return san->kind == CW_SAN_IP ? "iPAddress" : "other";
}

static void alternative_names(struct cw_buffer *ret, const struct cw_cert *cert)
{
	const struct cw_sans *sans = cw_cert_sans(cert);
	for (size_t i = 0; i < sans->count; i++)
		cw_buffer_printf(ret, "  %s (%s)\n", sans->items[i].text, kind_of_name(&sans->items[i]));
}

static void value(struct cw_buffer *ret, const struct cw_cert *cert, int nid)
{
	const struct cw_strings *oids = &cw_cert_eku(cert)->oids;
	size_t length;
	const uint8_t *id;
	switch (nid) {
	case NID_ext_key_usage:
		cw_buffer_text(ret, "  Usage oids: ");
		for (size_t i = 0; i < oids->count; i++)
			cw_buffer_printf(ret, "%s, ", oids->items[i]);
		ret->length--; /* the page ends with a comma and no space */
		cw_buffer_char(ret, '\n');
		break;
	case NID_key_usage:
		key_usages(ret, cert);
		break;
	case NID_subject_alt_name:
		alternative_names(ret, cert);
		break;
	case NID_subject_key_identifier:
		id = cw_cert_subject_key_id(cert, &length);
		key_identifier(ret, id, length);
		break;
	case NID_authority_key_identifier:
		id = cw_cert_authority_key_id(cert, &length);
		key_identifier(ret, id, length);
		break;
	case NID_basic_constraints:
		cw_buffer_printf(ret, "  CA: %s\n", cw_cert_is_ca(cert) ? "true" : "false");
		break;
	default: /* numbers of OpenSSL, without end */
		break;
	}
}

static void extensions(struct cw_buffer *ret, const struct cw_cert *cert)
{
	const X509 *x509 = cw_cert_x509(cert);
	cw_buffer_printf(ret, "Extensions: %d present\n", X509_get_ext_count(x509));
	for (int i = 0; i < X509_get_ext_count(x509); i++) {
		X509_EXTENSION *extension = X509_get_ext(x509, i);
		char oid[OID_TEXT_MAX] = "";
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
		OBJ_obj2txt(oid, sizeof oid, X509_EXTENSION_get_object(extension), 1);
		cw_buffer_printf(ret, "[\n  Extension: %s (OID.%s)\n  Critical: %s\n", extension_name(nid),
			oid, X509_EXTENSION_get_critical(extension) ? "true" : "false");
		value(ret, cert, nid);
		cw_buffer_text(ret, "]\n");
	}
}

bool cw_cucm_text(struct cw_buffer *ret, const struct cw_cert *cert, const char *path, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	const char *slash = strrchr(path, '/');
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text,
		"Certificate Settings\n"
		"File Name                   %s\n"
		"Description(friendly name)  ",
		slash ? slash + 1 : path);
	if (cw_cert_self_signed(cert))
		cw_buffer_text(&text, "Self-signed certificate");
	else
		cw_buffer_printf(&text, "Certificate Signed by %s", cw_cert_issuer_text(cert));
	cw_buffer_text(&text, "\n\nCertificate File Data\n");
	cw_buffer_printf(&text, "Issuer Name: %s\nSubject Name: %s\n", cw_cert_issuer_text(cert),
		cw_cert_subject_text(cert));
	key(&text, cert);
	extensions(&text, cert);
	if (!cw_buffer_ok(&text, error))
		return false;
	cw_buffer_append(ret, text.data, text.length);
	return cw_buffer_ok(ret, error);
}
