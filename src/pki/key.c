#include "pki/key.h"

#include "base/file.h"
#include "pki/bundle/der_kind.h"
#include "pki/bundle/file_content.h"
#include "pki/bundle/pem_line.h"
#include "pki/error_mark.h"
#include "pki/key_parse.h"

#include <openssl/crypto.h>
#include <string.h>

/* The first private key among the blocks of a PEM text. */
static bool read_pem(const struct cw_buffer *text, const char *path, const char *password, EVP_PKEY **ret,
	struct cw_error *error)
{
	AUTO_PEM pem;
	struct cw_pem_block block;
	char other[CW_PEM_LABEL_MAX + 1] = "";
	uint64_t spent = 0;
	bool found = true;
	cw_pem_start(&pem, text->data, text->length);
	while (cw_pem_next(&pem, &block, &found, error)) {
		if (!found && !*other) {
			cw_file_content_error(text->data, text->length, "private key", error);
			return cw_error_prefix(error, "%s", path);
		}
		if (!found)
			return cw_error_set(error, CW_E_KEY,
				"%s: no private key in it; wanted \"-----BEGIN PRIVATE KEY-----\", "
				"found \"-----BEGIN %s-----\"",
				path, other);
		if (cw_key_parse_knows_label(block.label)) {
			if (cw_key_parse_block(&block, password, &spent, ret, error))
				return true;
			return cw_error_prefix(error, "%s:%zu", path, block.line);
		}
		if (!*other)
			memcpy(other, block.label, sizeof other);
	}
	return cw_error_prefix(error, "%s:%zu", path, pem.line);
}

static bool not_a_key(enum cw_der_kind kind, struct cw_error *error)
{
	static const char *const names[] = {
		[CW_DER_CERT] = "a certificate, or no DER at all",
		[CW_DER_CRL] = "a CRL",
		[CW_DER_REQUEST] = "a certificate request (CSR)",
		[CW_DER_PKCS7] = "PKCS#7, which holds no keys",
		[CW_DER_PKCS12] = "PKCS#12; take the key out with openssl pkcs12 -nocerts",
		[CW_DER_PUBLIC_KEY] = "a public key",
	};
	return cw_error_set(error, CW_E_KEY, "no private key: this is %s", names[kind]);
}

static bool read_der(
	const struct cw_buffer *data, const char *password, EVP_PKEY **ret, struct cw_error *error)
{
	uint64_t spent = 0;
	enum cw_der_kind kind = cw_der_kind((const uint8_t *)data->data, data->length);
	if (kind != CW_DER_KEY && kind != CW_DER_ENCRYPTED_KEY)
		return not_a_key(kind, error);
	return cw_key_parse_der((const uint8_t *)data->data, data->length, password, &spent, ret, error);
}

bool cw_key_parse_file(const struct cw_buffer *file, const char *path, const char *password, EVP_PKEY **ret,
	struct cw_error *error)
{
	if (!file->length)
		return cw_error_set(error, CW_E_KEY, "%s: the file is empty; wanted a private key", path);
	if (cw_file_content_is_utf16(file->data, file->length)) {
		cw_file_content_error(file->data, file->length, "private key", error);
		return cw_error_prefix(error, "%s", path);
	}
	if (file->data[0] == 0x30 && file->length > 1 &&
		(file->data[1] & 0x80 || memchr(file->data, 0, file->length)))
		return read_der(file, password, ret, error) || cw_error_prefix(error, "%s", path);
	return read_pem(file, path, password, ret, error);
}

bool cw_key_read(const char *path, const char *password, EVP_PKEY **ret, struct cw_error *error)
{
	AUTO_BUFFER file = {0};
	if (!cw_file_read(path, CW_KEY_FILE_MAX, &file, error))
		return false;
	bool worked = cw_key_parse_file(&file, path, password, ret, error);
	OPENSSL_cleanse(file.data, file.capacity);
	return worked;
}

bool cw_key_fits(const EVP_PKEY *key, const struct cw_cert *cert)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	const EVP_PKEY *own = X509_get0_pubkey(cw_cert_x509(cert));
	return own && EVP_PKEY_eq(own, key) == 1;
}

bool cw_key_id_of_cert(const struct cw_cert *cert, char ret[CW_SHA256_TEXT_SIZE], struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	unsigned char *der = NULL;
	int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cw_cert_x509(cert)), &der);
	if (length <= 0)
		return cw_error_mark_report(&mark, error, CW_E_KEY, "the public key cannot be written");
	uint8_t sha256[CW_SHA256_SIZE];
	bool hashed = SHA256(der, (size_t)length, sha256);
	OPENSSL_free(der);
	if (!hashed)
		return cw_error_memory(error);
	for (size_t i = 0; i < sizeof sha256; i++)
		snprintf(ret + 2 * i, 3, "%02x", sha256[i]);
	return true;
}
