#include "pki/key_parse.h"

#include "pki/bundle/der_kind.h"
#include "pki/bundle/kdf.h"
#include "pki/bundle/legacy.h"
#include "pki/error_mark.h"

#include <openssl/decoder.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

CW_DEFINE_AUTO(X509_SIG *, X509_SIG_free)
CW_DEFINE_AUTO(PKCS8_PRIV_KEY_INFO *, PKCS8_PRIV_KEY_INFO_free)
CW_DEFINE_AUTO(OSSL_DECODER_CTX *, OSSL_DECODER_CTX_free)

bool cw_key_parse_knows_label(const char *label)
{
	static const char end[] = "PRIVATE KEY";
	size_t length = strlen(label), end_length = sizeof end - 1;
	return length >= end_length && strcmp(label + length - end_length, end) == 0;
}

static bool password_error(const char *password, struct cw_error *error)
{
	if (!password)
		return cw_error_set(
			error, CW_E_PASSWORD, "the private key is encrypted; wanted its password");
	return cw_error_set(error, CW_E_PASSWORD, "the password does not open the private key");
}

/* OpenSSL tries one decoder after the other and has nothing to say in the end. */
static bool unreadable(const struct cw_error_mark *mark, struct cw_error *error)
{
	if (cw_error_mark_out_of_memory(mark))
		return cw_error_memory(error);
	return cw_error_set(
		error, CW_E_KEY, "broken private key, or one of a kind that OpenSSL does not know");
}

#define OID_TEXT_SIZE 80

/*
 * PKCS#8 says which kind of key it is: asking OpenSSL for that decoder alone takes a quarter of the time of
 * letting it try all of them. NULL: not PKCS#8, or not to be had so.
 */
static EVP_PKEY *decode_pkcs8(const uint8_t *data, size_t length, const uint8_t **end)
{
	const unsigned char *at = data;
	const ASN1_OBJECT *kind;
	char oid[OID_TEXT_SIZE];
	EVP_PKEY *key = NULL;
	AUTO(PKCS8_PRIV_KEY_INFO_free)
	PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)length);
	if (!info || !PKCS8_pkey_get0(&kind, NULL, NULL, NULL, info) ||
		OBJ_obj2txt(oid, sizeof oid, kind, 1) <= 0)
		return NULL;
	AUTO(OSSL_DECODER_CTX_free)
	OSSL_DECODER_CTX *decoder = OSSL_DECODER_CTX_new_for_pkey(
		&key, "DER", "PrivateKeyInfo", oid, EVP_PKEY_KEYPAIR, NULL, NULL);
	const unsigned char *input = data;
	size_t left = length;
	if (!decoder || !OSSL_DECODER_from_data(decoder, &input, &left))
		return NULL;
	*end = at;
	return key;
}

static bool parse_plain(const uint8_t *data, size_t length, EVP_PKEY **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	const unsigned char *at = data;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = decode_pkcs8(data, length, &at);
	if (!key)
		key = d2i_AutoPrivateKey(NULL, &at, (long)length);
	if (!key)
		return unreadable(&mark, error);
	if (at != data + length)
		return cw_error_set(
			error, CW_E_KEY, "bytes after the end of the private key; wanted nothing there");
	*ret = TAKE(key);
	return true;
}

static bool parse_encrypted(const uint8_t *data, size_t length, const char *password, uint64_t *spent,
	EVP_PKEY **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO_LEGACY legacy = {0};
	const unsigned char *at = data;
	const X509_ALGOR *algorithm;
	AUTO(X509_SIG_free) X509_SIG *sealed = d2i_X509_SIG(NULL, &at, (long)length);
	if (!sealed)
		return cw_error_mark_report(&mark, error, CW_E_KEY, "broken encrypted private key");
	if (!password)
		return password_error(password, error);
	X509_SIG_get0(sealed, &algorithm, NULL);
	if (!cw_kdf_spend(algorithm, spent, error))
		return false;
	if (!cw_legacy_open(&legacy))
		return cw_error_memory(error);
	AUTO(PKCS8_PRIV_KEY_INFO_free)
	PKCS8_PRIV_KEY_INFO *info =
		PKCS8_decrypt_ex(sealed, password, (int)strlen(password), legacy.context, NULL);
	if (!info)
		return cw_error_mark_out_of_memory(&mark) ? cw_error_memory(error)
							  : password_error(password, error);
	/* In the default context: the key lives longer than the other one. */
	*ret = EVP_PKCS82PKEY(info);
	return *ret ? true : unreadable(&mark, error);
}

bool cw_key_parse_der(const uint8_t *data, size_t length, const char *password, uint64_t *spent,
	EVP_PKEY **ret, struct cw_error *error)
{
	if (length > CW_KEY_FILE_MAX)
		return cw_error_set(error, CW_E_LIMIT, "private key of %zu bytes; wanted at most %d", length,
			CW_KEY_FILE_MAX);
	if (cw_der_kind(data, length) == CW_DER_ENCRYPTED_KEY)
		return parse_encrypted(data, length, password, spent, ret, error);
	return parse_plain(data, length, ret, error);
}

/* For PEM_do_header: never asks at the terminal. */
static int give_password(char *buffer, int size, int writing, void *password)
{
	(void)writing;
	size_t length = strlen(password);
	if (length > (size_t)size)
		return -1;
	memcpy(buffer, password, length);
	return (int)length;
}

/* The encryption of old OpenSSL: "Proc-Type: 4,ENCRYPTED" above
 * the base64 text. One round of MD5: costs nothing. */
static bool parse_with_headers(
	const struct cw_pem_block *block, const char *password, EVP_PKEY **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	EVP_CIPHER_INFO cipher;
	AUTO(free) char *headers = strdup(block->headers);
	AUTO(free) unsigned char *data = malloc(block->length);
	long length = (long)block->length;
	if (!headers || !data)
		return cw_error_memory(error);
	memcpy(data, block->data, block->length);
	if (!PEM_get_EVP_CIPHER_INFO(headers, &cipher))
		return cw_error_mark_report(
			&mark, error, CW_E_KEY, "the headers of the private key cannot be read");
	if (cipher.cipher && !password)
		return password_error(password, error);
	bool decrypted = PEM_do_header(&cipher, data, &length, give_password, (void *)password) &&
		parse_plain(data, (size_t)length, ret, error);
	OPENSSL_cleanse(data, block->length);
	if (decrypted || !cipher.cipher)
		return decrypted;
	return cw_error_mark_out_of_memory(&mark) ? cw_error_memory(error) : password_error(password, error);
}

bool cw_key_parse_block(const struct cw_pem_block *block, const char *password, uint64_t *spent,
	EVP_PKEY **ret, struct cw_error *error)
{
	if (strcmp(block->label, "OPENSSH PRIVATE KEY") == 0)
		return cw_error_set(error, CW_E_KEY,
			"a private key in OpenSSH's own format; "
			"convert a copy with ssh-keygen -p -m PKCS8 -f FILE");
	if (*block->headers)
		return parse_with_headers(block, password, ret, error);
	return cw_key_parse_der(block->data, block->length, password, spent, ret, error);
}
