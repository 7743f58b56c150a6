#include "trust/key_identifiers.h"

#include "base/buffer.h"
#include "trust/purpose_reason.h"

#include <openssl/x509v3.h>
#include <string.h>

CW_DEFINE_AUTO(AUTHORITY_KEYID *, AUTHORITY_KEYID_free)

#define BYTES_SHOWN_MAX 20 /* a SHA-1, or the longest serial number (RFC 5280 §4.1.2.2) */

static void put_bytes(struct cw_buffer *text, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length && i < BYTES_SHOWN_MAX; i++)
		cw_buffer_printf(text, "%02x", bytes[i]);
	if (length > BYTES_SHOWN_MAX)
		cw_buffer_text(text, "…");
}

static bool same_bytes(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
	return a_length == b_length && (!a_length || memcmp(a, b, a_length) == 0);
}

/* The directory name among the names of the issuer's issuer: the first one, as OpenSSL takes it. */
static const X509_NAME *named_issuer(const AUTHORITY_KEYID *wanted)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(wanted->issuer); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(wanted->issuer, i);
		if (name->type == GEN_DIRNAME)
			return name->d.directoryName;
	}
	return NULL;
}

static void describe_name(struct cw_buffer *text, const X509_NAME *name)
{
	char line[160];
	cw_buffer_text(text, X509_NAME_oneline(name, line, sizeof line) ? line : "?");
}

static void put_integer(struct cw_buffer *text, const ASN1_INTEGER *integer)
{
	put_bytes(text, ASN1_STRING_get0_data(integer), (size_t)ASN1_STRING_length(integer));
}

/* What the identifier names and the issuer has instead; false where nothing differs. */
static bool describe(const struct cw_cert *cert, const struct cw_cert *issuer, struct cw_buffer *text)
{
	AUTO(AUTHORITY_KEYID_free)
	AUTHORITY_KEYID *wanted =
		X509_get_ext_d2i(cw_cert_x509(cert), NID_authority_key_identifier, NULL, NULL);
	X509 *x509 = cw_cert_x509(issuer);
	if (!wanted || X509_check_akid(x509, wanted) == X509_V_OK)
		return false;
	size_t length, found_length;
	const uint8_t *id = cw_cert_authority_key_id(cert, &length);
	const uint8_t *found = cw_cert_subject_key_id(issuer, &found_length);
	if (id && found && !same_bytes(id, length, found, found_length)) {
		cw_buffer_text(text, "the key identifier ");
		put_bytes(text, id, length);
		cw_buffer_text(text, ", and that one's is ");
		put_bytes(text, found, found_length);
		return true;
	}
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x509);
	if (wanted->serial && ASN1_INTEGER_cmp(serial, wanted->serial) != 0) {
		cw_buffer_text(text, "the serial number ");
		put_integer(text, wanted->serial);
		cw_buffer_text(text, ", and that one's is ");
		put_integer(text, serial);
		return true;
	}
	const X509_NAME *name = named_issuer(wanted);
	cw_buffer_text(text, "one that ");
	if (name)
		describe_name(text, name);
	cw_buffer_text(text, " issued, and that one was issued by ");
	describe_name(text, X509_get_issuer_name(x509));
	return true;
}

static void check_pair(struct cw_findings *findings, const struct cw_partial_path *partial, unsigned depth,
	const struct cw_cert *issuer)
{
	const struct cw_cert *cert = partial->steps[depth].cert;
	if (X509_get_ext_by_NID(cw_cert_x509(cert), NID_authority_key_identifier, -1) < 0)
		return;
	AUTO_BUFFER text = {0};
	if (describe(cert, issuer, &text)) {
		struct cw_finding *finding =
			cw_purpose_reason_add(findings, CW_KEY_IDENTIFIER_DIFFERS, partial, depth);
		const char *other = cert == issuer ? "itself" : cw_cert_label(issuer);
		cw_finding_detail(findings, finding,
			"the authority key identifier of %s names another certificate than %s: %s; OpenSSL does "
			"not take it for the issuer",
			cw_cert_label(cert), other, cw_buffer_string(&text));
	}
	findings->failed |= text.failed;
}

void cw_key_identifiers_check(struct cw_findings *findings, const struct cw_partial_path *partial)
{
	for (unsigned i = 0; i < partial->count; i++) {
		const struct cw_cert *cert = partial->steps[i].cert;
		if (i + 1 < partial->count)
			check_pair(findings, partial, i, partial->steps[i + 1].cert);
		else if (partial->end == CW_PATH_END_COMPLETE)
			check_pair(findings, partial, i, cert);
	}
}
