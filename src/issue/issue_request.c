#include "issue/issue_request.h"

#include "issue/issue_extensions.h"
#include "issue/issue_name.h"
#include "issue/issue_parts.h"
#include "pki/error_mark.h"

#include <string.h>

CW_DEFINE_AUTO(X509_NAME *, X509_NAME_free)
CW_DEFINE_AUTO(X509_REQ *, X509_REQ_free)

static bool describe(
	X509_REQ *request, const struct cw_issue_spec *spec, EVP_PKEY *key, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(X509_NAME_free) X509_NAME *subject = NULL;
	AUTO(cw_issue_extensions_free) X509_EXTENSIONS *extensions = NULL;
	if (!cw_issue_name(spec->subject, &subject, error) || !cw_issue_extensions(spec, &extensions, error))
		return false;
	if (!X509_REQ_set_version(request, X509_REQ_VERSION_1) ||
		!X509_REQ_set_subject_name(request, subject) || !X509_REQ_set_pubkey(request, key) ||
		(extensions && !X509_REQ_add_extensions(request, extensions)))
		return cw_error_mark_report(&mark, error, CW_E_CRYPTO, "cannot make the request");
	return true;
}

bool cw_issue_request(
	const struct cw_issue_spec *spec, EVP_PKEY *key, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	const EVP_MD *digest;
	AUTO(X509_REQ_free) X509_REQ *request = X509_REQ_new();
	if (!request)
		return cw_error_memory(error);
	if (!cw_issue_digest(spec->digest, key, &digest, error) || !describe(request, spec, key, error))
		return false;
	if (X509_REQ_sign(request, key, digest) <= 0)
		return cw_error_mark_report(&mark, error, CW_E_CRYPTO, "cannot sign the request");
	unsigned char *der = NULL;
	int length = i2d_X509_REQ(request, &der);
	if (length <= 0)
		return cw_error_memory(error);
	bool good = cw_issue_append(der, length, false, ret, error);
	OPENSSL_free(der);
	return good;
}
