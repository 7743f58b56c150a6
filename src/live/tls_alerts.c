#include "live/tls_alerts.h"

#include "live/tls.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

/* RFC 8446 §6, RFC 5246 §7.2. `error` 0: OpenSSL sends it for no result of a verification. */
static const struct {
	int alert;
	const char *name;
	int error;
} alerts[] = {
	{SSL_AD_CLOSE_NOTIFY, "close_notify", 0},
	{SSL_AD_UNEXPECTED_MESSAGE, "unexpected_message", 0},
	{SSL_AD_BAD_RECORD_MAC, "bad_record_mac", 0},
	{SSL_AD_RECORD_OVERFLOW, "record_overflow", 0},
	{SSL_AD_HANDSHAKE_FAILURE, "handshake_failure", X509_V_ERR_APPLICATION_VERIFICATION},
	{SSL_AD_BAD_CERTIFICATE, "bad_certificate", X509_V_ERR_CERT_REJECTED},
	{SSL_AD_UNSUPPORTED_CERTIFICATE, "unsupported_certificate", X509_V_ERR_INVALID_PURPOSE},
	{SSL_AD_CERTIFICATE_REVOKED, "certificate_revoked", X509_V_ERR_CERT_REVOKED},
	{SSL_AD_CERTIFICATE_EXPIRED, "certificate_expired", X509_V_ERR_CERT_HAS_EXPIRED},
	{SSL_AD_CERTIFICATE_UNKNOWN, "certificate_unknown", X509_V_ERR_PERMITTED_VIOLATION},
	{SSL_AD_ILLEGAL_PARAMETER, "illegal_parameter", 0},
	{SSL_AD_UNKNOWN_CA, "unknown_ca", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
	{SSL_AD_ACCESS_DENIED, "access_denied", 0},
	{SSL_AD_DECODE_ERROR, "decode_error", 0},
	{SSL_AD_DECRYPT_ERROR, "decrypt_error", X509_V_ERR_CERT_SIGNATURE_FAILURE},
	{SSL_AD_PROTOCOL_VERSION, "protocol_version", 0},
	{SSL_AD_INSUFFICIENT_SECURITY, "insufficient_security", 0},
	{SSL_AD_INTERNAL_ERROR, "internal_error", X509_V_ERR_OUT_OF_MEM},
	{SSL_AD_USER_CANCELLED, "user_canceled", 0},
	{SSL_AD_NO_RENEGOTIATION, "no_renegotiation", 0},
	{SSL_AD_MISSING_EXTENSION, "missing_extension", 0},
	{SSL_AD_UNSUPPORTED_EXTENSION, "unsupported_extension", 0},
	{SSL_AD_UNRECOGNIZED_NAME, "unrecognized_name", 0},
	{SSL_AD_CERTIFICATE_REQUIRED, "certificate_required", 0},
	{SSL_AD_NO_APPLICATION_PROTOCOL, "no_application_protocol", 0},
};

#define ALERT_COUNT (sizeof alerts / sizeof alerts[0])

int cw_tls_verify_error(int alert)
{
	for (size_t i = 0; i < ALERT_COUNT; i++)
		if (alerts[i].alert == alert && alerts[i].error)
			return alerts[i].error;
	return X509_V_ERR_CERT_REJECTED;
}

int cw_tls_alert(const char *name)
{
	for (size_t i = 0; name && i < ALERT_COUNT; i++)
		if (strcmp(alerts[i].name, name) == 0)
			return alerts[i].alert;
	return SSL_AD_BAD_CERTIFICATE;
}

const char *cw_tls_alert_text(int alert, char text[CW_TLS_ALERT_TEXT_SIZE])
{
	for (size_t i = 0; i < ALERT_COUNT; i++) {
		if (alerts[i].alert == alert) {
			snprintf(text, CW_TLS_ALERT_TEXT_SIZE, "%s", alerts[i].name);
			return text;
		}
	}
	snprintf(text, CW_TLS_ALERT_TEXT_SIZE, "alert %d", alert);
	return text;
}
