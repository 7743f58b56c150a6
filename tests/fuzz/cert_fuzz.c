/**
 * Any bytes as one certificate in DER: it parses or there is an error, and whatever parsed states things that
 * fit together. Names of every kind are looked for in it.
 */
#include "pki/cert.h"
#include "pki/cert_details.h"
#include "trust/names.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_texts(const struct cw_cert *cert)
{
	char text[CW_KEY_TEXT_SIZE];
	if (!cw_cert_subject_text(cert) || !cw_cert_issuer_text(cert) || !*cw_cert_label(cert))
		abort();
	if (!*cw_cert_key_text(cw_cert_key(cert), text) || strlen(cw_cert_sha256_text(cert)) != 64)
		abort();
	(void)cw_cert_is_temporary(cert);
}

/* What people are shown beside it: no control character gets out, and nothing is left in OpenSSL's queue. */
static void check_details(const struct cw_cert *cert)
{
	AUTO_BUFFER text = {0};
	cw_cert_details_signature(cert, &text);
	if (!text.length)
		abort();
	cw_cert_details_key(cert, &text);
	cw_cert_details_critical(cert, &text);
	cw_cert_details_constraints(cert, &text);
	(void)cw_cert_details_is_precertificate(cert);
	if (!cw_cert_details_checkable(cert) && cw_cert_self_signed(cert))
		abort();
	for (size_t i = 0; i < text.length; i++)
		if ((unsigned char)text.data[i] < ' ')
			abort();
}

static void check_names(const struct cw_cert *cert)
{
	static const char *const wanted[] = {
		"e1.acme.test", "10.0.0.1", "2001:db8::1", "*.acme.test", "", "."};
	const struct cw_sans *sans = cw_cert_sans(cert);
	struct cw_name_rule rule = {.common_name_counts = true, .san_is_cut = true};
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		(void)cw_name_find(cert, wanted[i], rule);
	for (size_t i = 0; i < sans->count; i++) {
		if (!sans->items[i].text || sans->items[i].ip_length > sizeof sans->items[i].ip)
			abort();
		(void)cw_name_find(cert, sans->items[i].text, rule);
	}
}

static void check_signature(const struct cw_cert *cert)
{
	if (cw_cert_self_signed(cert) && (!cw_cert_self_issued(cert) || !cw_cert_signed_by(cert, cert)))
		abort();
	size_t length;
	const uint8_t *id = cw_cert_subject_key_id(cert, &length);
	if (!id != !length && length)
		abort();
	(void)cw_cert_authority_key_id(cert, &length);
	if (!cw_cert_same_key(cert, cert) || !cw_cert_same(cert, cert))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	struct cw_error error;
	if (cw_cert_parse(data, size, &cert, &error)) {
		size_t length;
		const uint8_t *der = cw_cert_der(cert, &length);
		if (length != size || memcmp(der, data, size) != 0)
			abort();
		check_texts(cert);
		check_names(cert);
		check_details(cert);
		check_signature(cert);
	} else if (!*error.message) {
		abort();
	}
	if (ERR_peek_error())
		abort();
	return 0;
}
