#include "pki/bundle/pem_write.h"

#include "pki/error_mark.h"

#include <errno.h>
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
bool cw_pem_write_key_draft(const char *path, const EVP_PKEY *key, const char *password,
	struct cw_draft **ret, struct cw_error *error)
{
	AUTO(cw_draft_free) struct cw_draft *draft = NULL;
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
	if (!cw_draft_open(path, &draft, error))
		return false;
	setvbuf(cw_draft_stream(draft), NULL, _IONBF, 0); /* no copy of it stays in memory */
	if (length <= 0 || fwrite(text, 1, (size_t)length, cw_draft_stream(draft)) != (size_t)length)
		return cw_error_set(error, CW_E_IO, "%s: cannot write: %s", path, strerror(errno));
	*ret = TAKE(draft);
	return true;
}

bool cw_pem_write_key(const char *path, const EVP_PKEY *key, const char *password, struct cw_error *error)
{
	AUTO(cw_draft_free) struct cw_draft *draft = NULL;
	return cw_pem_write_key_draft(path, key, password, &draft, error) &&
		cw_draft_commit(draft, 0600, error);
}
