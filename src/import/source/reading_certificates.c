#include "import/source/reading.h"

#include "pki/bundle/bundle.h"

#include <string.h>

static bool add_entries(const struct cw_reading *read, const struct cw_bundle *bundle, struct cw_error *error)
{
	/* In PKCS#7 and PKCS#12 the order says nothing: the leaf goes first. */
	size_t leaf = bundle->count ? cw_bundle_leaf(bundle) : 0;
	for (size_t i = 0; i < bundle->count; i++) {
		size_t place = i;
		if (leaf)
			place = i ? i - (i <= leaf) : leaf;
		struct cw_evidence_cert cert = {.source = read->source,
			.line = bundle->entries[place].line,
			.number = i + 1,
			.cert = bundle->entries[place].cert,
			.place = CW_EVIDENCE_LOOSE};
		if (!cw_evidence_add_cert(read->evidence, &cert, error))
			return false;
	}
	return true;
}

static bool add_crls(const struct cw_reading *read, const struct cw_bundle *bundle, struct cw_error *error)
{
	for (size_t i = 0; i < bundle->crl_count; i++)
		if (!cw_evidence_add_crl(read->evidence, read->source, bundle->crls[i], error))
			return false;
	return true;
}

static bool drop_keys(const struct cw_reading *read, const struct cw_bundle *bundle, struct cw_error *error)
{
	return !bundle->key_count || cw_evidence_drop(read->evidence, read->source, 0, "private key", error);
}

/* A file with a key and nothing else is no trouble here: the key is what must not be kept. */
static bool is_key_file(const struct cw_reading *read)
{
	return memmem(read->data, read->length, "PRIVATE KEY-----", 16) &&
		!memmem(read->data, read->length, "-----BEGIN CERTIFICATE", 22);
}

/* An import asks for no passwords: the file is opened before, and its certificates are taken out. */
static bool wants_password(struct cw_error *error)
{
	if (strstr(error->message, CW_BUNDLE_PASSWORD_OPTION))
		cw_error_set(error, error->code,
			"PKCS#12 protected by a password; wanted its certificates: \"causeway cert convert FILE "
			"--password-file PASSWORD -o HOST_server.pem\"");
	return false;
}

bool cw_reading_certificates(const struct cw_reading *read, struct cw_error *error)
{
	if (is_key_file(read))
		return cw_evidence_drop(read->evidence, read->source, 0, "private key", error);
	AUTO_BUNDLE bundle = {0};
	struct cw_evidence_source *source = &read->evidence->sources[read->source];
	struct cw_bundle_file file = {read->data, read->length, source->shown};
	if (!cw_bundle_parse(&file, NULL, read->evidence->pool, &bundle, error))
		return wants_password(error);
	source->der = bundle.format == CW_FORMAT_DER;
	return add_entries(read, &bundle, error) && add_crls(read, &bundle, error) &&
		drop_keys(read, &bundle, error);
}
