#include "pki/cert_details.h"

#include "base/escape.h"
#include "pki/error_mark.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <string.h>

#define OID_TEXT_MAX 128
#define TREES_SHOWN_MAX 24 /* of constraints that go into the hundreds the first tell enough */

CW_DEFINE_AUTO(NAME_CONSTRAINTS *, NAME_CONSTRAINTS_free)
CW_DEFINE_AUTO(EVP_MD *, EVP_MD_free)

/* Algorithms that this OpenSSL has no name for (NIST CSOR, FIPS 204 and 205; GM/T 0006). */
static const struct {
	const char *oid, *name;
} names[] = {
	{"2.16.840.1.101.3.4.3.17", "ML-DSA-44"},
	{"2.16.840.1.101.3.4.3.18", "ML-DSA-65"},
	{"2.16.840.1.101.3.4.3.19", "ML-DSA-87"},
	{"2.16.840.1.101.3.4.3.20", "SLH-DSA-SHA2-128s"},
	{"2.16.840.1.101.3.4.3.21", "SLH-DSA-SHA2-128f"},
	{"2.16.840.1.101.3.4.3.22", "SLH-DSA-SHA2-192s"},
	{"2.16.840.1.101.3.4.3.24", "SLH-DSA-SHA2-256s"},
	{"2.16.840.1.101.3.4.3.26", "SLH-DSA-SHAKE-128s"},
	{"2.16.840.1.101.3.4.3.10", "ECDSA with SHA3-256"},
	{"2.16.840.1.101.3.4.3.11", "ECDSA with SHA3-384"},
	{"2.16.840.1.101.3.4.3.12", "ECDSA with SHA3-512"},
	{"2.16.840.1.101.3.4.3.14", "RSA with SHA3-256"},
	{"2.16.840.1.101.3.4.3.15", "RSA with SHA3-384"},
	{"2.16.840.1.101.3.4.3.16", "RSA with SHA3-512"},
	{"1.2.156.10197.1.301", "SM2"},
	{"1.2.156.10197.1.501", "SM2 with SM3"},
	{"1.2.643.7.1.1.3.2", "GOST R 34.10-2012 with 256 bits"},
	{"1.2.643.7.1.1.3.3", "GOST R 34.10-2012 with 512 bits"},
};

static void put_algorithm(const ASN1_OBJECT *algorithm, struct cw_buffer *ret)
{
	char oid[OID_TEXT_MAX] = "?";
	OBJ_obj2txt(oid, sizeof oid, algorithm, 1);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(oid, names[i].oid) != 0)
			continue;
		cw_buffer_printf(ret, "%s (%s)", names[i].name, oid);
		return;
	}
	int nid = OBJ_obj2nid(algorithm);
	if (nid == NID_undef)
		cw_buffer_text(ret, oid);
	else
		cw_buffer_printf(ret, "%s (%s)", OBJ_nid2sn(nid), oid);
}

static bool has_digest(int nid)
{
	AUTO(EVP_MD_free) EVP_MD *digest = EVP_MD_fetch(NULL, OBJ_nid2sn(nid), NULL);
	return digest != NULL;
}

/* OpenSSL checks what its table of signature algorithms holds. */
static bool is_checkable(int signature)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	int digest = NID_undef, key = NID_undef;
	if (signature == NID_undef || !OBJ_find_sigid_algs(signature, &digest, &key))
		return false;
	return digest == NID_undef || has_digest(digest);
}

/* RSA, ECDSA and DSA are told by the signer's key; the digest is what differs. */
static bool is_common(int signature)
{
	int digest = NID_undef, key = NID_undef;
	if (!is_checkable(signature) || !OBJ_find_sigid_algs(signature, &digest, &key))
		return false;
	return key == NID_rsaEncryption || key == NID_X9_62_id_ecPublicKey || key == NID_dsa;
}

bool cw_cert_details_checkable(const struct cw_cert *cert)
{
	return is_checkable(X509_get_signature_nid(cw_cert_x509(cert)));
}

bool cw_cert_details_crl_checkable(const X509_CRL *crl)
{
	return is_checkable(X509_CRL_get_signature_nid(crl));
}

void cw_cert_details_signature(const struct cw_cert *cert, struct cw_buffer *ret)
{
	int signature = X509_get_signature_nid(cw_cert_x509(cert));
	const char *digest = cw_cert_digest(cert);
	if (signature == NID_rsassaPss)
		cw_buffer_printf(ret, "RSASSA-PSS%s%s", *digest ? " with " : "", digest);
	else if (signature == NID_ED25519 || signature == NID_ED448)
		cw_buffer_text(ret, OBJ_nid2ln(signature));
	else if (*digest && is_common(signature))
		cw_buffer_text(ret, digest);
	else
		put_algorithm(X509_get0_tbs_sigalg(cw_cert_x509(cert))->algorithm, ret);
}

void cw_cert_details_crl_signature(const X509_CRL *crl, struct cw_buffer *ret)
{
	const X509_ALGOR *algorithm = NULL;
	X509_CRL_get0_signature(crl, NULL, &algorithm);
	put_algorithm(algorithm->algorithm, ret);
}

/* Of a curve with an algorithm of its own (SM2) the curve is the name. */
void cw_cert_details_key(const struct cw_cert *cert, struct cw_buffer *ret)
{
	X509_ALGOR *algorithm = NULL;
	const ASN1_OBJECT *kind = NULL;
	const void *value = NULL;
	int type = V_ASN1_UNDEF;
	X509_PUBKEY_get0_param(NULL, NULL, NULL, &algorithm, X509_get_X509_PUBKEY(cw_cert_x509(cert)));
	X509_ALGOR_get0(&kind, &type, &value, algorithm);
	bool curve = OBJ_obj2nid(kind) == NID_X9_62_id_ecPublicKey && type == V_ASN1_OBJECT;
	put_algorithm(curve ? value : kind, ret);
}

static void put_extension(X509_EXTENSION *extension, struct cw_buffer *ret)
{
	char oid[OID_TEXT_MAX] = "?";
	ASN1_OBJECT *object = X509_EXTENSION_get_object(extension);
	OBJ_obj2txt(oid, sizeof oid, object, 1);
	cw_buffer_text(ret, ret->length ? ", " : "");
	int nid = OBJ_obj2nid(object);
	if (nid == NID_ct_precert_poison)
		cw_buffer_printf(ret, "the poison of a precertificate (%s)", oid);
	else if (nid != NID_undef)
		cw_buffer_printf(ret, "%s (%s)", OBJ_nid2ln(nid), oid);
	else
		cw_buffer_text(ret, oid);
}

void cw_cert_details_critical(const struct cw_cert *cert, struct cw_buffer *ret)
{
	X509 *x509 = cw_cert_x509(cert);
	for (int i = 0; i < X509_get_ext_count(x509); i++) {
		X509_EXTENSION *extension = X509_get_ext(x509, i);
		if (X509_EXTENSION_get_critical(extension) && !X509_supported_extension(extension))
			put_extension(extension, ret);
	}
}

/* What OpenSSL's code for lists knows: the distribution point, the base of a delta, the signer's key. */
static bool crl_knows(X509_EXTENSION *extension)
{
	int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
	return nid == NID_issuing_distribution_point || nid == NID_authority_key_identifier ||
		nid == NID_delta_crl;
}

void cw_cert_details_crl_critical(const X509_CRL *crl, struct cw_buffer *ret)
{
	for (int i = 0; i < X509_CRL_get_ext_count(crl); i++) {
		X509_EXTENSION *extension = X509_CRL_get_ext(crl, i);
		if (X509_EXTENSION_get_critical(extension) && !crl_knows(extension))
			put_extension(extension, ret);
	}
}

bool cw_cert_details_is_precertificate(const struct cw_cert *cert)
{
	return X509_get_ext_by_NID(cw_cert_x509(cert), NID_ct_precert_poison, -1) >= 0;
}

static void put_network(const ASN1_OCTET_STRING *value, struct cw_buffer *ret)
{
	char address[INET6_ADDRSTRLEN] = "", mask[INET6_ADDRSTRLEN] = "";
	int length = ASN1_STRING_length(value), family = length == 8 ? AF_INET : AF_INET6;
	const unsigned char *bytes = ASN1_STRING_get0_data(value);
	if (length != 8 && length != 32) {
		cw_buffer_printf(ret, "<IP network of %d bytes>", length);
		return;
	}
	inet_ntop(family, bytes, address, sizeof address);
	inet_ntop(family, bytes + length / 2, mask, sizeof mask);
	cw_buffer_printf(ret, "IP %s/%s", address, mask);
}

static void put_name(const X509_NAME *name, struct cw_buffer *ret)
{
	AUTO(free) char *text = cw_name_text(name);
	ret->failed |= !text;
	cw_buffer_printf(ret, "subjects below \"%s\"", text ? text : "");
}

static void put_string(const char *kind, const ASN1_STRING *value, struct cw_buffer *ret)
{
	AUTO(free)
	char *text = cw_escape_copy(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
	ret->failed |= !text;
	cw_buffer_printf(ret, "%s%s", kind, text && *text ? text : "(every name)");
}

static void put_tree(const GENERAL_NAME *base, struct cw_buffer *ret)
{
	switch (base->type) {
	case GEN_DNS:
		put_string("", base->d.dNSName, ret);
		break;
	case GEN_EMAIL:
		put_string("email ", base->d.rfc822Name, ret);
		break;
	case GEN_URI:
		put_string("URI ", base->d.uniformResourceIdentifier, ret);
		break;
	case GEN_IPADD:
		put_network(base->d.iPAddress, ret);
		break;
	case GEN_DIRNAME:
		put_name(base->d.directoryName, ret);
		break;
	default:
		cw_buffer_text(ret, "names of another kind");
		break;
	}
}

static void put_trees(const char *what, const STACK_OF(GENERAL_SUBTREE) * trees, struct cw_buffer *ret)
{
	int count = sk_GENERAL_SUBTREE_num(trees);
	if (count <= 0)
		return;
	cw_buffer_printf(ret, "%s%s ", ret->length ? "; " : "", what);
	for (int i = 0; i < count && i < TREES_SHOWN_MAX; i++) {
		cw_buffer_text(ret, i ? ", " : "");
		put_tree(sk_GENERAL_SUBTREE_value(trees, i)->base, ret);
	}
	if (count > TREES_SHOWN_MAX)
		cw_buffer_printf(ret, " and %d more", count - TREES_SHOWN_MAX);
}

void cw_cert_details_constraints(const struct cw_cert *cert, struct cw_buffer *ret)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	int critical = -1;
	AUTO(NAME_CONSTRAINTS_free)
	NAME_CONSTRAINTS *constraints =
		X509_get_ext_d2i(cw_cert_x509(cert), NID_name_constraints, &critical, NULL);
	if (!constraints) {
		if (critical != -1)
			cw_buffer_text(ret, "there, and cannot be read");
		return;
	}
	put_trees("permitted", constraints->permittedSubtrees, ret);
	put_trees("excluded", constraints->excludedSubtrees, ret);
	if (!ret->length)
		cw_buffer_text(ret, "empty");
}
