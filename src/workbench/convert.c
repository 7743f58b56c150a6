#include "workbench/convert.h"

#include "pki/bundle/pem_write.h"
#include "pki/error_mark.h"
#include "pki/key.h"

#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <string.h>
#include <strings.h>

CW_DEFINE_AUTO(PKCS7 *, PKCS7_free)
CW_DEFINE_AUTO(PKCS12 *, PKCS12_free)

static void free_stack(STACK_OF(X509) * certs)
{
	sk_X509_free(certs); /* the certificates are borrowed */
}
typedef STACK_OF(X509) x509_stack;
CW_DEFINE_AUTO(x509_stack *, free_stack)

const char cw_windows_export[] =
	"If the certificate does open, follow this steps:\n"
	"\n"
	"  Step 1. Open the certificate and Navigate to the Details tab.\n"
	"  Step 2. Select Copy to File.\n"
	"  Step 3. Follow the wizard and ensure Base-64 encoded is selected.\n"
	"  Step 4. Once saved, upload the new file on the Expressway.\n"
	"\n"
	"If the CA Certificates are not available, they can be obtained from the server certificate. Follow "
	"these\n"
	"steps:\n"
	"\n"
	"  Step 1. Open the server certificate.\n"
	"  Step 2. Navigate to the Certification Path tab. The top certificate is considered the Root CA\n"
	"          certificate. The bottom one is the server certificate and all in between are considered\n"
	"          Intermediate CA certificates.\n"
	"  Step 3. Choose a CA certificate and select View Certificate.\n"
	"  Step 4. Navigate to the Details tab and follow the previous steps in order to save the "
	"certificate into\n"
	"          a separate file.\n"
	"  Step 5. Repeat these steps for all the CA certificates present.\n"
	"\n"
	"Once all the CA certificates are available, upload them on the Expressway Trusted CA Certificate "
	"list:\n"
	"\n"
	"  Step 6. Navigate to Maintenance > Security > Trusted CA Certificate on the Expressway server.\n"
	"  Step 7. Select Choose File and upload.\n"
	"  Step 8. Repeat steps 7 for each CA certificate.\n"
	"  Step 9. Once all CA certificates are uploaded on the trust list, upload the server certificate on "
	"the\n"
	"          server.\n";

static const struct {
	const char *word;
	enum cw_format format;
} words[] = {
	{"pem", CW_FORMAT_PEM},
	{"crt", CW_FORMAT_PEM},
	{"cer", CW_FORMAT_PEM},
	{"der", CW_FORMAT_DER},
	{"pkcs7", CW_FORMAT_PKCS7},
	{"p7b", CW_FORMAT_PKCS7},
	{"p7c", CW_FORMAT_PKCS7},
	{"pkcs12", CW_FORMAT_PKCS12},
	{"p12", CW_FORMAT_PKCS12},
	{"pfx", CW_FORMAT_PKCS12},
};

bool cw_convert_format(const char *name, const char *path, enum cw_format *ret)
{
	const char *dot = path ? strrchr(path, '.') : NULL;
	const char *ending = dot ? dot + 1 : "";
	const char *word = name ? name : ending;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcasecmp(words[i].word, word) != 0)
			continue;
		*ret = words[i].format;
		return true;
	}
	return false;
}

static bool append_der(unsigned char *der, int length, struct cw_buffer *ret, struct cw_error *error)
{
	if (length <= 0)
		return cw_error_memory(error);
	cw_buffer_append(ret, der, (size_t)length);
	OPENSSL_free(der);
	return cw_buffer_ok(ret, error);
}

static bool to_pkcs7(const struct cw_bundle *bundle, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(PKCS7_free) PKCS7 *pkcs7 = PKCS7_new();
	if (!pkcs7 || !PKCS7_set_type(pkcs7, NID_pkcs7_signed) || !PKCS7_content_new(pkcs7, NID_pkcs7_data))
		return cw_error_memory(error);
	for (size_t i = 0; i < bundle->count; i++)
		if (!PKCS7_add_certificate(pkcs7, cw_cert_x509(bundle->entries[i].cert)))
			return cw_error_memory(error);
	unsigned char *der = NULL;
	int length = i2d_PKCS7(pkcs7, &der);
	return append_der(der, length, ret, error);
}

static bool to_pkcs12(const struct cw_bundle *bundle, EVP_PKEY *key, const char *password,
	struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(free_stack) STACK_OF(X509) *others = sk_X509_new_null();
	X509 *leaf = NULL;
	if (!key || !password)
		return cw_error_set(error, CW_E_USAGE,
			"PKCS#12 holds a private key: wanted --key FILE and --password-file FILE");
	if (!others)
		return cw_error_memory(error);
	for (size_t i = 0; i < bundle->count; i++) {
		struct cw_cert *cert = bundle->entries[i].cert;
		if (!leaf && cw_key_fits(key, cert))
			leaf = cw_cert_x509(cert);
		else if (!sk_X509_push(others, cw_cert_x509(cert)))
			return cw_error_memory(error);
	}
	if (!leaf)
		return cw_error_set(
			error, CW_E_KEY, "%s: no certificate in it belongs to this key", bundle->path);
	AUTO(PKCS12_free)
	PKCS12 *pkcs12 = PKCS12_create(password, NULL, key, leaf, others, 0, 0, 0, 0, 0);
	if (!pkcs12)
		return cw_error_mark_report(&mark, error, CW_E_PKCS12, "cannot write PKCS#12");
	unsigned char *der = NULL;
	int length = i2d_PKCS12(pkcs12, &der);
	return append_der(der, length, ret, error);
}

static bool to_der(const struct cw_bundle *bundle, struct cw_buffer *ret, struct cw_error *error)
{
	size_t length;
	if (bundle->count != 1)
		return cw_error_set(error, CW_E_USAGE,
			"%s: holds %zu certificates, and a DER file holds one; split it first (causeway "
			"cert split %s --dir DIR)",
			bundle->path, bundle->count, bundle->path);
	const uint8_t *der = cw_cert_der(bundle->entries[0].cert, &length);
	cw_buffer_append(ret, der, length);
	return cw_buffer_ok(ret, error);
}

bool cw_convert(const struct cw_bundle *bundle, enum cw_format format, EVP_PKEY *key, const char *password,
	struct cw_buffer *ret, struct cw_error *error)
{
	switch (format) {
	case CW_FORMAT_PEM:
		for (size_t i = 0; i < bundle->count; i++)
			if (!cw_pem_write_cert(ret, bundle->entries[i].cert, error))
				return false;
		return true;
	case CW_FORMAT_DER:
		return to_der(bundle, ret, error);
	case CW_FORMAT_PKCS7:
		return to_pkcs7(bundle, ret, error);
	case CW_FORMAT_PKCS12:
		return to_pkcs12(bundle, key, password, ret, error);
	case CW_FORMAT_EMPTY:
		break;
	}
	return cw_error_set(error, CW_E_USAGE, "there is no such form");
}
