#include "base/escape.h"
#include "pki/cert_parts.h"
#include "pki/error_mark.h"

#include <openssl/x509v3.h>
#include <string.h>

#define OID_TEXT_MAX 256

CW_DEFINE_AUTO(EXTENDED_KEY_USAGE *, EXTENDED_KEY_USAGE_free)
CW_DEFINE_AUTO(CRL_DIST_POINTS *, CRL_DIST_POINTS_free)
CW_DEFINE_AUTO(AUTHORITY_INFO_ACCESS *, AUTHORITY_INFO_ACCESS_free)

static bool add_purpose(struct cw_eku *eku, const ASN1_OBJECT *purpose)
{
	char dotted[OID_TEXT_MAX] = "?";
	int nid = OBJ_obj2nid(purpose);
	eku->server_auth |= nid == NID_server_auth;
	eku->client_auth |= nid == NID_client_auth;
	eku->any |= nid == NID_anyExtendedKeyUsage;
	OBJ_obj2txt(dotted, sizeof dotted, purpose, 1);
	return cw_strings_add(&eku->oids, dotted);
}

static bool read_eku(X509 *x509, struct cw_eku *eku)
{
	int critical = -1;
	AUTO(EXTENDED_KEY_USAGE_free)
	EXTENDED_KEY_USAGE *usage = X509_get_ext_d2i(x509, NID_ext_key_usage, &critical, NULL);
	eku->present = usage || critical != -1; /* there, but broken or twice: fit for nothing */
	for (int i = 0; usage && i < sk_ASN1_OBJECT_num(usage); i++)
		if (!add_purpose(eku, sk_ASN1_OBJECT_value(usage, i)))
			return false;
	return true;
}

static bool add_url(struct cw_strings *urls, const GENERAL_NAME *name)
{
	int type;
	const ASN1_STRING *value = GENERAL_NAME_get0_value(name, &type);
	if (type != GEN_URI)
		return true;
	AUTO(free)
	char *url = cw_escape_copy(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
	return url && cw_strings_add(urls, url);
}

static bool read_crl_urls(X509 *x509, struct cw_strings *urls)
{
	AUTO(CRL_DIST_POINTS_free)
	CRL_DIST_POINTS *points = X509_get_ext_d2i(x509, NID_crl_distribution_points, NULL, NULL);
	for (int i = 0; points && i < sk_DIST_POINT_num(points); i++) {
		const DIST_POINT_NAME *place = sk_DIST_POINT_value(points, i)->distpoint;
		if (!place || place->type != 0) /* 0: fullName */
			continue;
		for (int j = 0; j < sk_GENERAL_NAME_num(place->name.fullname); j++)
			if (!add_url(urls, sk_GENERAL_NAME_value(place->name.fullname, j)))
				return false;
	}
	return true;
}

static bool read_issuer_urls(X509 *x509, struct cw_strings *urls)
{
	AUTO(AUTHORITY_INFO_ACCESS_free)
	AUTHORITY_INFO_ACCESS *access = X509_get_ext_d2i(x509, NID_info_access, NULL, NULL);
	for (int i = 0; access && i < sk_ACCESS_DESCRIPTION_num(access); i++) {
		const ACCESS_DESCRIPTION *way = sk_ACCESS_DESCRIPTION_value(access, i);
		if (OBJ_obj2nid(way->method) == NID_ad_ca_issuers && !add_url(urls, way->location))
			return false;
	}
	return true;
}

/* What OpenSSL keeps in its extension cache. */
static void read_cached(struct cw_cert *cert)
{
	X509 *x509 = cert->x509;
	uint32_t flags = X509_get_extension_flags(x509);
	cert->has_key_usage = flags & EXFLAG_KUSAGE;
	cert->key_usage = X509_get_key_usage(x509);
	cert->is_ca = flags & EXFLAG_CA;
	cert->path_length = X509_get_pathlen(x509);
	cert->subject_key_id = X509_get0_subject_key_id(x509);
	cert->authority_key_id = X509_get0_authority_key_id(x509);
}

bool cw_cert_read_extensions(struct cw_cert *cert, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	read_cached(cert);
	if (!cw_cert_read_sans(cert->x509, &cert->sans, error))
		return false;
	if (!read_eku(cert->x509, &cert->eku) || !read_crl_urls(cert->x509, &cert->crl_urls) ||
		!read_issuer_urls(cert->x509, &cert->issuer_urls) || cw_error_mark_out_of_memory(&mark))
		return cw_error_memory(error);
	return true;
}

const struct cw_eku *cw_cert_eku(const struct cw_cert *cert)
{
	return &cert->eku;
}

bool cw_cert_has_key_usage(const struct cw_cert *cert)
{
	return cert->has_key_usage;
}

uint32_t cw_cert_key_usage(const struct cw_cert *cert)
{
	return cert->key_usage;
}

bool cw_cert_is_ca(const struct cw_cert *cert)
{
	return cert->is_ca;
}

long cw_cert_path_length(const struct cw_cert *cert)
{
	return cert->path_length;
}

static const uint8_t *bytes_of(const ASN1_OCTET_STRING *string, size_t *length)
{
	*length = string ? (size_t)ASN1_STRING_length(string) : 0;
	return *length ? ASN1_STRING_get0_data(string) : NULL;
}

const uint8_t *cw_cert_subject_key_id(const struct cw_cert *cert, size_t *length)
{
	return bytes_of(cert->subject_key_id, length);
}

const uint8_t *cw_cert_authority_key_id(const struct cw_cert *cert, size_t *length)
{
	return bytes_of(cert->authority_key_id, length);
}

const struct cw_strings *cw_cert_crl_urls(const struct cw_cert *cert)
{
	return &cert->crl_urls;
}

const struct cw_strings *cw_cert_issuer_urls(const struct cw_cert *cert)
{
	return &cert->issuer_urls;
}
