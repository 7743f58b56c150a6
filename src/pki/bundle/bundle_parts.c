#include "pki/bundle/bundle_parts.h"

#include "pki/bundle/der.h"
#include "pki/key.h"

#include <openssl/x509v3.h>
#include <stdio.h>

bool cw_bundle_place(const struct cw_bundle_reader *reader, struct cw_error *error)
{
	return reader->line ? cw_error_prefix(error, "%s:%zu", reader->shown, reader->line)
			    : cw_error_prefix(error, "%s", reader->shown);
}

bool cw_bundle_note(struct cw_bundle_reader *reader, const char *what, struct cw_error *error)
{
	struct cw_strings *notes = &reader->bundle.notes;
	bool added = reader->line ? cw_strings_addf(notes, "%s:%zu: %s", reader->shown, reader->line, what)
				  : cw_strings_addf(notes, "%s: %s", reader->shown, what);
	return added || cw_error_memory(error);
}

bool cw_bundle_trim(struct cw_bundle_reader *reader, const char *what, const uint8_t *der, size_t *length,
	struct cw_error *error)
{
	struct cw_der rest = {der, *length};
	struct cw_der_item item;
	if (!cw_der_take(&rest, CW_DER_SEQUENCE, &item) || !rest.left)
		return true;
	char note[160];
	snprintf(note, sizeof note,
		"%zu byte%s behind the end of the %s, which nobody reads; causeway cert convert writes it clean",
		rest.left, rest.left == 1 ? "" : "s", what);
	*length = item.length;
	return cw_bundle_note(reader, note, error);
}

/* OpenSSL looks into a delta where it is named and nowhere else, and says nothing of one that it leaves out. */
#define DELTA \
	"a delta of a revocation list: it counts beside its base list, and only where the certificate or the base names a " \
	"freshest CRL (RFC 5280 §5.2.6); what it revokes beyond that is not seen"

static bool too_many(const struct cw_bundle_reader *reader, const char *what, struct cw_error *error)
{
	cw_error_set(error, CW_E_LIMIT, "more than %d %s in one file", CW_BUNDLE_ENTRIES_MAX, what);
	return cw_bundle_place(reader, error);
}

bool cw_bundle_add_cert(
	struct cw_bundle_reader *reader, const uint8_t *der, size_t length, struct cw_error *error)
{
	struct cw_bundle *bundle = &reader->bundle;
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	if (bundle->count == CW_BUNDLE_ENTRIES_MAX)
		return too_many(reader, "certificates", error);
	if (!cw_memory_grow(&bundle->entries, &bundle->capacity, bundle->count, sizeof *bundle->entries))
		return cw_error_memory(error);
	if (!cw_bundle_trim(reader, "certificate", der, &length, error))
		return false;
	if (!cw_pool_parse(reader->pool, der, length, &cert, error)) {
		if (bundle->format != CW_FORMAT_DER)
			cw_error_prefix(error, "certificate %zu", bundle->count + 1);
		return cw_bundle_place(reader, error);
	}
	if (!cw_pool_note(reader->pool, cert, reader->shown))
		return cw_error_memory(error);
	bundle->entries[bundle->count] = (struct cw_entry){TAKE(cert), bundle->count + 1, reader->line};
	bundle->count++;
	return true;
}

bool cw_bundle_add_crl(
	struct cw_bundle_reader *reader, const uint8_t *der, size_t length, struct cw_error *error)
{
	struct cw_bundle *bundle = &reader->bundle;
	struct cw_crl *crl;
	if (bundle->crl_count == CW_BUNDLE_ENTRIES_MAX)
		return too_many(reader, "CRLs", error);
	if (!cw_memory_grow(&bundle->crls, &bundle->crl_capacity, bundle->crl_count, sizeof(struct cw_crl *)))
		return cw_error_memory(error);
	if (!cw_bundle_trim(reader, "revocation list", der, &length, error))
		return false;
	if (!cw_crl_parse(der, length, &crl, error)) {
		if (bundle->format != CW_FORMAT_DER)
			cw_error_prefix(error, "CRL %zu", bundle->crl_count + 1);
		return cw_bundle_place(reader, error);
	}
	bundle->crls[bundle->crl_count++] = crl;
	return X509_CRL_get_ext_by_NID(cw_crl_x509(crl), NID_delta_crl, -1) < 0 ||
		cw_bundle_note(reader, DELTA, error);
}

bool cw_bundle_add_key(struct cw_bundle_reader *reader, bool parsed, EVP_PKEY *key, struct cw_error *error)
{
	struct cw_bundle *bundle = &reader->bundle;
	bool locked = !parsed && error->code == CW_E_PASSWORD && !reader->password;
	if (!parsed && !locked)
		return cw_bundle_place(reader, error);
	bundle->key_count++;
	bundle->encrypted_count += locked;
	if (parsed && !bundle->key)
		bundle->key = key;
	else if (parsed)
		EVP_PKEY_free(key);
	return true;
}
