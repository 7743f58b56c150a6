#include "pki/alert.h"

#include <stdio.h>
#include <string.h>

#define BAD_CERTIFICATE 42

/* Numbers and names: IANA "TLS Alerts". Causes: RFC 8446 §6.2, RFC 5246 §7.2.2, and what the field's
 * software sends them for. */
static const struct cw_alert_kind kinds[] = {
	{0, false, "close_notify", "closed the connection in order"},
	{10, false, "unexpected_message", "got a message that had no place there"},
	{20, false, "bad_record_mac", "could not authenticate a record"},
	{21, false, "decryption_failed", "could not decrypt a record"},
	{22, false, "record_overflow", "got a record that is too long"},
	{30, false, "decompression_failure", "could not unpack a record"},
	{40, false, "handshake_failure",
		"found no parameters in common, or wants a client certificate and got none"},
	{41, true, "no_certificate", "has no certificate to send"},
	{42, true, "bad_certificate", "could not read the peer's certificate or verify its signature"},
	{43, true, "unsupported_certificate",
		"does not take the peer's certificate for this purpose or of this kind"},
	{44, true, "certificate_revoked", "found the peer's certificate revoked"},
	{45, true, "certificate_expired", "found the peer's certificate expired or not yet valid"},
	{46, true, "certificate_unknown", "refused the peer's certificate and does not say why"},
	{47, false, "illegal_parameter", "got a value that is out of range or contradicts another"},
	{48, true, "unknown_ca",
		"does not trust the CA of the peer's certificate: a certificate is missing from its list"},
	{49, true, "access_denied", "accepted the peer's certificate as valid and does not let it in"},
	{50, false, "decode_error", "could not read a message"},
	{51, true, "decrypt_error",
		"could not verify a signature: of the handshake, or of a certificate by another key"},
	{60, false, "export_restriction", "refused an export cipher"},
	{70, false, "protocol_version", "does not speak this version of TLS"},
	{71, false, "insufficient_security", "wants stronger ciphers"},
	{80, false, "internal_error", "failed for a reason of its own"},
	{86, false, "inappropriate_fallback", "saw a version fallback that should not be"},
	{90, false, "user_canceled", "ended the handshake for no reason of TLS"},
	{100, false, "no_renegotiation", "does not renegotiate"},
	{109, false, "missing_extension", "missed an extension that must be there"},
	{110, false, "unsupported_extension", "got an extension that it did not offer"},
	{111, true, "certificate_unobtainable", "could not fetch the peer's certificate"},
	{112, false, "unrecognized_name", "has no service of the name that the client asked for (SNI)"},
	{113, true, "bad_certificate_status_response", "did not accept the OCSP answer"},
	{114, true, "bad_certificate_hash_value", "found another certificate than announced"},
	{115, false, "unknown_psk_identity", "does not know the pre-shared key"},
	{116, true, "certificate_required", "wants a client certificate and got none"},
	{120, false, "no_application_protocol", "speaks none of the offered application protocols (ALPN)"},
};

const struct cw_alert_kind *cw_alert_kind(uint8_t code)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].code == code)
			return &kinds[i];
	return NULL;
}

int cw_alert_number(const char *name)
{
	for (size_t i = 0; name && i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return kinds[i].code;
	return BAD_CERTIFICATE;
}

const char *cw_alert_text(int alert, char text[CW_ALERT_TEXT_SIZE])
{
	const struct cw_alert_kind *kind =
		alert >= 0 && alert <= UINT8_MAX ? cw_alert_kind((uint8_t)alert) : NULL;
	if (kind)
		snprintf(text, CW_ALERT_TEXT_SIZE, "%s", kind->name);
	else
		snprintf(text, CW_ALERT_TEXT_SIZE, "alert %d", alert);
	return text;
}
