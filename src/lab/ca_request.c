#include "lab/ca.h"

#include "base/file.h"
#include "pki/openssl_error.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <string.h>

CW_DEFINE_AUTO(BIO *, BIO_free_all)

bool cw_ca_read_request(const char *path, X509_REQ **ret, struct cw_error *error)
{
	AUTO_BUFFER content = {0};
	if (!cw_file_read(path, CW_CA_REQUEST_MAX, &content, error))
		return false;
	AUTO(BIO_free_all) BIO *memory = BIO_new_mem_buf(cw_buffer_string(&content), (int)content.length);
	if (!memory)
		return cw_error_memory(error);
	bool is_pem = strstr(cw_buffer_string(&content), "-----BEGIN ") != NULL;
	X509_REQ *csr =
		is_pem ? PEM_read_bio_X509_REQ(memory, NULL, NULL, NULL) : d2i_X509_REQ_bio(memory, NULL);
	if (!csr)
		return cw_openssl_error(error, is_pem ? CW_E_PEM : CW_E_DER,
			"%s: wanted a certificate request (CSR) in PEM or DER", path);
	*ret = csr;
	return true;
}
