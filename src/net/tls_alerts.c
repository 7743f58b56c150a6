#include "net/tls_alerts.h"

#include "net/tls.h"

#include <openssl/x509_vfy.h>

/* Which result of a verification OpenSSL answers with which alert (ssl_x509err2alert). */
static const struct {
	int alert;
	int error;
} alerts[] = {
	{SSL_AD_HANDSHAKE_FAILURE, X509_V_ERR_APPLICATION_VERIFICATION},
	{SSL_AD_BAD_CERTIFICATE, X509_V_ERR_CERT_REJECTED},
	{SSL_AD_UNSUPPORTED_CERTIFICATE, X509_V_ERR_INVALID_PURPOSE},
	{SSL_AD_CERTIFICATE_REVOKED, X509_V_ERR_CERT_REVOKED},
	{SSL_AD_CERTIFICATE_EXPIRED, X509_V_ERR_CERT_HAS_EXPIRED},
	{SSL_AD_CERTIFICATE_UNKNOWN, X509_V_ERR_PERMITTED_VIOLATION},
	{SSL_AD_UNKNOWN_CA, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
	{SSL_AD_DECRYPT_ERROR, X509_V_ERR_CERT_SIGNATURE_FAILURE},
	{SSL_AD_INTERNAL_ERROR, X509_V_ERR_OUT_OF_MEM},
};

int cw_tls_alerts_verify_error(int alert)
{
	for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++)
		if (alerts[i].alert == alert)
			return alerts[i].error;
	return X509_V_ERR_CERT_REJECTED;
}
