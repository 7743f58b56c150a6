#include "pki/bundle/bundle_parts.h"

#include "pki/bundle/der.h"
#include "pki/bundle/kdf.h"
#include "pki/bundle/legacy.h"
#include "pki/error_mark.h"
#include "pki/key.h"

#include <openssl/pkcs12.h>
#include <string.h>

/* Against stack exhaustion by safes within safes; real files do not nest them. */
#define SAFE_DEPTH_MAX 4

typedef STACK_OF(PKCS7) safes;
typedef STACK_OF(PKCS12_SAFEBAG) bags;

static void free_safes(safes *list)
{
	sk_PKCS7_pop_free(list, PKCS7_free);
}

static void free_bags(bags *list)
{
	sk_PKCS12_SAFEBAG_pop_free(list, PKCS12_SAFEBAG_free);
}

CW_DEFINE_AUTO(safes *, free_safes)
CW_DEFINE_AUTO(bags *, free_bags)
CW_DEFINE_AUTO(PKCS12 *, PKCS12_free)
CW_DEFINE_AUTO(PKCS8_PRIV_KEY_INFO *, PKCS8_PRIV_KEY_INFO_free)

struct opening {
	struct cw_bundle_reader *reader;
	struct cw_error_mark mark;
	OSSL_LIB_CTX *context;
	const char *password; /* the form of "none" that fits: NULL or "" */
	int password_length;
	bool verified; /* the file's checksum says that the password is right */
};

static bool broken(struct opening *opening, const char *what, struct cw_error *error)
{
	cw_error_mark_report(&opening->mark, error, CW_E_PKCS12, "%s", what);
	return cw_bundle_place(opening->reader, error);
}

static bool refuse(struct opening *opening, const char *what, struct cw_error *error)
{
	cw_error_set(error, CW_E_PKCS12, "%s", what);
	return cw_bundle_place(opening->reader, error);
}

static bool wrong_password(struct opening *opening, struct cw_error *error)
{
	if (cw_error_mark_out_of_memory(&opening->mark))
		return cw_error_memory(error);
	cw_error_set(error, CW_E_PASSWORD, "%s",
		opening->reader->password
			? "the password does not open the PKCS#12 file (or the file is damaged)"
			: "PKCS#12 protected by a password; wanted the password" CW_BUNDLE_PASSWORD_OPTION);
	return cw_bundle_place(opening->reader, error);
}

/* Without a checksum a wrong password shows only here. */
static bool cannot_decrypt(struct opening *opening, const char *what, struct cw_error *error)
{
	return opening->verified ? broken(opening, what, error) : wrong_password(opening, error);
}

static bool try_password(struct opening *opening, PKCS12 *file, const char *password)
{
	opening->password = password;
	opening->password_length = password ? (int)strlen(password) : 0;
	opening->verified = PKCS12_verify_mac(file, password, opening->password_length) == 1;
	return opening->verified;
}

/* Finds the password by the file's own checksum. RFC 7292 leaves
 * open whether no password is "" or nothing at all. */
static bool check_password(struct opening *opening, PKCS12 *file, struct cw_error *error)
{
	const ASN1_INTEGER *iterations = NULL;
	uint64_t count = 1;
	opening->password = opening->reader->password;
	opening->password_length = opening->password ? (int)strlen(opening->password) : 0;
	if (!PKCS12_mac_present(file))
		return true;
	PKCS12_get0_mac(NULL, NULL, NULL, &iterations, file);
	if (iterations && ASN1_INTEGER_get_uint64(&count, iterations) != 1)
		count = UINT64_MAX;
	if (!cw_kdf_spend_count(count, &opening->reader->spent, error))
		return cw_bundle_place(opening->reader, error);
	if (try_password(opening, file, opening->reader->password) ||
		(!opening->reader->password && try_password(opening, file, "")))
		return true;
	return wrong_password(opening, error);
}

/* RFC 7292 §4.2.3: the certificate's bytes out of SafeBag { id,
 * [0] { CertBag { id, [0] { OCTET STRING } } } }. */
static bool read_cert_bag(struct opening *opening, const PKCS12_SAFEBAG *bag, struct cw_error *error)
{
	unsigned char *encoded = NULL;
	int length = i2d_PKCS12_SAFEBAG(bag, &encoded);
	if (length < 0)
		return broken(opening, "broken PKCS#12: a certificate in it cannot be taken out", error);
	struct cw_der der = {encoded, (size_t)length};
	struct cw_der_item outer, id, wrapped, inner, type, wrapped_value, value;
	bool found = cw_der_take(&der, CW_DER_SEQUENCE, &outer) &&
		cw_der_take(&outer.content, CW_DER_OID, &id) &&
		cw_der_take(&outer.content, CW_DER_CONTEXT_0, &wrapped) &&
		cw_der_take(&wrapped.content, CW_DER_SEQUENCE, &inner) &&
		cw_der_take(&inner.content, CW_DER_OID, &type) &&
		cw_der_take(&inner.content, CW_DER_CONTEXT_0, &wrapped_value) &&
		cw_der_take(&wrapped_value.content, CW_DER_OCTET_STRING, &value);
	bool added =
		found && cw_bundle_add_cert(opening->reader, value.content.at, value.content.left, error);
	OPENSSL_free(encoded);
	return found ? added
		     : refuse(opening, "broken PKCS#12: a certificate in it cannot be taken out", error);
}

/* In the default context: the key lives longer than the one of this file. */
static bool keep_key(struct opening *opening, const PKCS8_PRIV_KEY_INFO *info, struct cw_error *error)
{
	EVP_PKEY *key = EVP_PKCS82PKEY(info);
	if (!key)
		return broken(opening, "broken private key in PKCS#12", error);
	return cw_bundle_add_key(opening->reader, true, key, error);
}

static bool read_shrouded_key(struct opening *opening, const PKCS12_SAFEBAG *bag, struct cw_error *error)
{
	const X509_ALGOR *algorithm = NULL;
	X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &algorithm, NULL);
	if (!cw_kdf_spend(algorithm, &opening->reader->spent, error))
		return cw_bundle_place(opening->reader, error);
	AUTO(PKCS8_PRIV_KEY_INFO_free)
	PKCS8_PRIV_KEY_INFO *info = PKCS12_decrypt_skey_ex(
		bag, opening->password, opening->password_length, opening->context, NULL);
	if (!info)
		return cannot_decrypt(opening, "the private key in the PKCS#12 file cannot be opened", error);
	return keep_key(opening, info, error);
}

static bool read_bags(struct opening *opening, const bags *list, unsigned depth, struct cw_error *error);

static bool read_bag(
	struct opening *opening, const PKCS12_SAFEBAG *bag, unsigned depth, struct cw_error *error)
{
	switch (PKCS12_SAFEBAG_get_nid(bag)) {
	case NID_certBag:
		return PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate
			? read_cert_bag(opening, bag, error)
			: true;
	case NID_keyBag:
		return keep_key(opening, PKCS12_SAFEBAG_get0_p8inf(bag), error);
	case NID_pkcs8ShroudedKeyBag:
		return read_shrouded_key(opening, bag, error);
	case NID_safeContentsBag:
		return read_bags(opening, PKCS12_SAFEBAG_get0_safes(bag), depth + 1, error);
	default: /* secrets and CRLs: of no use here */
		return true;
	}
}

static bool read_bags(struct opening *opening, const bags *list, unsigned depth, struct cw_error *error)
{
	if (depth > SAFE_DEPTH_MAX) {
		cw_error_set(
			error, CW_E_LIMIT, "PKCS#12 with safes nested more than %d deep", SAFE_DEPTH_MAX);
		return cw_bundle_place(opening->reader, error);
	}
	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(list); i++)
		if (!read_bag(opening, sk_PKCS12_SAFEBAG_value(list, i), depth, error))
			return false;
	return true;
}

static bool decrypt_safe(struct opening *opening, PKCS7 *safe, bags **ret, struct cw_error *error)
{
	PKCS7_ENCRYPT *encrypted = safe->d.encrypted;
	if (!encrypted || !encrypted->enc_data || !encrypted->enc_data->algorithm)
		return refuse(opening, "broken PKCS#12: encrypted part without content", error);
	if (!cw_kdf_spend(encrypted->enc_data->algorithm, &opening->reader->spent, error))
		return cw_bundle_place(opening->reader, error);
	*ret = PKCS12_unpack_p7encdata(safe, opening->password, opening->password_length);
	return *ret
		? true
		: cannot_decrypt(opening, "the encrypted part of the PKCS#12 file cannot be opened", error);
}

static bool read_safe(struct opening *opening, PKCS7 *safe, struct cw_error *error)
{
	AUTO(free_bags) bags *list = NULL;
	switch (OBJ_obj2nid(safe->type)) {
	case NID_pkcs7_data:
		list = safe->d.data ? PKCS12_unpack_p7data(safe)
				    : NULL; /* NULL: OpenSSL before 3.0.13 crashed */
		if (!list)
			return broken(opening, "broken PKCS#12", error);
		break;
	case NID_pkcs7_encrypted:
		if (!decrypt_safe(opening, safe, &list, error))
			return false;
		break;
	default:
		return refuse(opening, "PKCS#12 sealed with a public key, which is not supported", error);
	}
	return read_bags(opening, list, 0, error);
}

static bool read_file(struct opening *opening, const uint8_t *data, size_t length, struct cw_error *error)
{
	const unsigned char *at = data;
	AUTO(PKCS12_free) PKCS12 *file = PKCS12_init_ex(NID_pkcs7_data, opening->context, NULL);
	if (!file)
		return cw_error_memory(error);
	if (!d2i_PKCS12(&file, &at, (long)length)) {
		file = NULL; /* OpenSSL released it */
		return broken(opening, "broken PKCS#12", error);
	}
	if (at != data + length)
		return refuse(opening, "bytes after the end of the PKCS#12; wanted nothing there", error);
	if (!check_password(opening, file, error))
		return false;
	AUTO(free_safes) safes *list = PKCS12_unpack_authsafes(file);
	if (!list)
		return broken(opening, "broken PKCS#12", error);
	for (int i = 0; i < sk_PKCS7_num(list); i++)
		if (!read_safe(opening, sk_PKCS7_value(list, i), error))
			return false;
	return true;
}

bool cw_bundle_read_pkcs12(
	struct cw_bundle_reader *reader, const uint8_t *data, size_t length, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO_LEGACY legacy = {0};
	if (!cw_legacy_open(&legacy))
		return cw_error_memory(error);
	struct opening opening = {.reader = reader, .mark = mark, .context = legacy.context};
	if (!read_file(&opening, data, length, error))
		return false;
	if (!reader->bundle.count) {
		cw_error_set(error, CW_E_PKCS12, "PKCS#12 without any certificate in it");
		return cw_bundle_place(reader, error);
	}
	return true;
}
