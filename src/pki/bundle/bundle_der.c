#include "pki/bundle/bundle_parts.h"

#include "pki/bundle/der_kind.h"
#include "pki/key_parse.h"

static bool refuse(struct cw_bundle_reader *reader, const char *what, struct cw_error *error)
{
	cw_error_set(error, CW_E_FORMAT, "%s", what);
	return cw_bundle_place(reader, error);
}

bool cw_bundle_read_der(
	struct cw_bundle_reader *reader, const uint8_t *data, size_t length, struct cw_error *error)
{
	reader->bundle.format = CW_FORMAT_DER;
	switch (cw_der_kind(data, length)) {
	case CW_DER_CERT:
		return cw_bundle_add_cert(reader, data, length, error);
	case CW_DER_CRL:
		return cw_bundle_add_crl(reader, data, length, error);
	case CW_DER_PKCS7:
		reader->bundle.format = CW_FORMAT_PKCS7;
		return cw_bundle_read_pkcs7(reader, data, length, error);
	case CW_DER_PKCS12:
		reader->bundle.format = CW_FORMAT_PKCS12;
		return cw_bundle_read_pkcs12(reader, data, length, error);
	case CW_DER_REQUEST:
		return refuse(reader,
			"a certificate request (CSR), not a certificate; wanted what the CA made of it",
			error);
	case CW_DER_KEY:
	case CW_DER_ENCRYPTED_KEY:
		return refuse(
			reader, "a private key and no certificate; wanted the certificate to it", error);
	case CW_DER_PUBLIC_KEY:
		return refuse(reader, "a public key and no certificate; wanted the certificate to it", error);
	}
	return false;
}
