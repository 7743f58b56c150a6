#include "pki/bundle/pem_write.h"

#include "base/file.h"
#include "pki/error_mark.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <string.h>

CW_DEFINE_AUTO(BIO *, BIO_free_all)

bool cw_pem_write_block(
	struct cw_buffer *ret, const char *label, const void *der, size_t length, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(BIO_free_all) BIO *memory = BIO_new(BIO_s_mem());
	if (!memory || length > LONG_MAX || PEM_write_bio(memory, label, "", der, (long)length) <= 0)
		return cw_error_mark_report(&mark, error, CW_E_MEMORY, "cannot write PEM");
	char *text;
	long text_length = BIO_get_mem_data(memory, &text);
	cw_buffer_append(ret, text, (size_t)text_length);
	return cw_buffer_ok(ret, error);
}

bool cw_pem_write_cert(struct cw_buffer *ret, const struct cw_cert *cert, struct cw_error *error)
{
	size_t length;
	const uint8_t *der = cw_cert_der(cert, &length);
	return cw_pem_write_block(ret, "CERTIFICATE", der, length, error);
}

/* The memory of BIO_s_secmem is wiped when it is released. */
bool cw_pem_write_key(const char *path, const EVP_PKEY *key, const char *password, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(BIO_free_all) BIO *memory = BIO_new(BIO_s_secmem());
	const EVP_CIPHER *cipher = password ? EVP_aes_256_cbc() : NULL;
	int length_of_password = password ? (int)strlen(password) : 0;
	if (!memory ||
		PEM_write_bio_PKCS8PrivateKey(
			memory, key, cipher, password, length_of_password, NULL, NULL) != 1)
		return cw_error_mark_report(&mark, error, CW_E_KEY, "%s: cannot write the private key", path);
	char *text;
	long length = BIO_get_mem_data(memory, &text);
	return cw_file_write(path, text, (size_t)length, 0600, error);
}
