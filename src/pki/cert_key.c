#include "pki/cert_details.h"
#include "pki/cert_parts.h"
#include "pki/error_mark.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <stdio.h>
#include <string.h>

static enum cw_key_kind kind_of(const EVP_PKEY *key)
{
	static const struct {
		int id;
		enum cw_key_kind kind;
	} rows[] = {
		{EVP_PKEY_RSA, CW_KEY_RSA},
		{EVP_PKEY_RSA_PSS, CW_KEY_RSA_PSS},
		{EVP_PKEY_EC, CW_KEY_EC},
		{EVP_PKEY_ED25519, CW_KEY_ED25519},
		{EVP_PKEY_ED448, CW_KEY_ED448},
		{EVP_PKEY_DSA, CW_KEY_DSA},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (EVP_PKEY_get_base_id(key) == rows[i].id)
			return rows[i].kind;
	return CW_KEY_OTHER;
}

/* The named curve in the key's algorithm parameters; NULL for explicit parameters. */
static const char *curve_of(const X509 *x509)
{
	X509_ALGOR *algorithm = NULL;
	const void *value = NULL;
	int type = V_ASN1_UNDEF;
	X509_PUBKEY_get0_param(NULL, NULL, NULL, &algorithm, X509_get_X509_PUBKEY(x509));
	X509_ALGOR_get0(NULL, &type, &value, algorithm);
	int nid = type == V_ASN1_OBJECT ? OBJ_obj2nid(value) : NID_undef;
	return nid == NID_undef ? NULL : OBJ_nid2sn(nid);
}

static const char *digest_of(X509 *x509)
{
	int digest = NID_undef;
	if (!X509_get_signature_info(x509, &digest, NULL, NULL, NULL))
		OBJ_find_sigid_algs(X509_get_signature_nid(x509), &digest, NULL);
	return digest == NID_undef ? "" : OBJ_nid2sn(digest);
}

void cw_cert_read_key(struct cw_cert *cert)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	const EVP_PKEY *key = X509_get0_pubkey(cert->x509);
	cert->digest = digest_of(cert->x509);
	cert->key = (struct cw_key_info){.kind = CW_KEY_OTHER};
	if (key)
		cert->key.kind = kind_of(key);
	if (cert->key.kind == CW_KEY_OTHER) {
		AUTO_BUFFER name = {0};
		cw_cert_details_key(cert, &name);
		snprintf(cert->key.other, sizeof cert->key.other, "%s", cw_buffer_string(&name));
	}
	if (!key)
		return;
	cert->key.bits = (unsigned)EVP_PKEY_get_bits(key);
	if (cert->key.kind == CW_KEY_EC)
		cert->key.curve = curve_of(cert->x509);
}

const struct cw_key_info *cw_cert_key(const struct cw_cert *cert)
{
	return &cert->key;
}

const char *cw_cert_digest(const struct cw_cert *cert)
{
	return cert->digest;
}

/* "P-256" where NIST has a name for it. */
static const char *curve_name(const char *curve)
{
	const char *nist = EC_curve_nid2nist(OBJ_sn2nid(curve));
	return nist ? nist : curve;
}

const char *cw_cert_key_text(const struct cw_key_info *key, char text[CW_KEY_TEXT_SIZE])
{
	switch (key->kind) {
	case CW_KEY_RSA:
		snprintf(text, CW_KEY_TEXT_SIZE, "RSA %u", key->bits);
		break;
	case CW_KEY_RSA_PSS:
		snprintf(text, CW_KEY_TEXT_SIZE, "RSA-PSS %u", key->bits);
		break;
	case CW_KEY_EC:
		if (key->curve)
			snprintf(text, CW_KEY_TEXT_SIZE, "EC %s", curve_name(key->curve));
		else
			snprintf(text, CW_KEY_TEXT_SIZE, "EC %u with explicit parameters", key->bits);
		break;
	case CW_KEY_ED25519:
		snprintf(text, CW_KEY_TEXT_SIZE, "Ed25519");
		break;
	case CW_KEY_ED448:
		snprintf(text, CW_KEY_TEXT_SIZE, "Ed448");
		break;
	case CW_KEY_DSA:
		snprintf(text, CW_KEY_TEXT_SIZE, "DSA %u", key->bits);
		break;
	case CW_KEY_OTHER:
		snprintf(text, CW_KEY_TEXT_SIZE, "%s%s",
			*key->other ? "the kind " : "a kind that nobody knows", key->other);
		break;
	}
	return text;
}

bool cw_cert_same_key(const struct cw_cert *a, const struct cw_cert *b)
{
	const ASN1_BIT_STRING *a_bits = X509_get0_pubkey_bitstr(a->x509);
	const ASN1_BIT_STRING *b_bits = X509_get0_pubkey_bitstr(b->x509);
	X509_ALGOR *a_algorithm = NULL, *b_algorithm = NULL;
	X509_PUBKEY_get0_param(NULL, NULL, NULL, &a_algorithm, X509_get_X509_PUBKEY(a->x509));
	X509_PUBKEY_get0_param(NULL, NULL, NULL, &b_algorithm, X509_get_X509_PUBKEY(b->x509));
	return ASN1_STRING_length(a_bits) == ASN1_STRING_length(b_bits) &&
		memcmp(ASN1_STRING_get0_data(a_bits), ASN1_STRING_get0_data(b_bits),
			(size_t)ASN1_STRING_length(a_bits)) == 0 &&
		X509_ALGOR_cmp(a_algorithm, b_algorithm) == 0;
}
