#include "pki/bundle/bundle.h"

#include "base/file.h"
#include "pki/bundle/bundle_parts.h"
#include "pki/bundle/file_content.h"
#include "pki/key.h"

#include <openssl/crypto.h>
#include <string.h>

void cw_bundle_finish(struct cw_bundle *bundle)
{
	for (size_t i = 0; i < bundle->count; i++)
		cw_cert_free(bundle->entries[i].cert);
	for (size_t i = 0; i < bundle->crl_count; i++)
		cw_crl_free(bundle->crls[i]);
	cw_strings_finish(&bundle->notes);
	free(bundle->entries);
	free(bundle->crls);
	free(bundle->path);
	EVP_PKEY_free(bundle->key);
	*bundle = (struct cw_bundle){0};
}

static bool is_blank(const char *data, size_t length)
{
	size_t start = length >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	for (size_t i = start; i < length; i++)
		if (!strchr(" \t\r\n\f\v", data[i]) || !data[i])
			return false;
	return true;
}

/* A SEQUENCE: of a length that no text has in second place, or with zero bytes. */
static bool is_der(const char *data, size_t length)
{
	return length > 1 && data[0] == 0x30 && ((data[1] & 0x80) || memchr(data, 0, length));
}

static bool read_any(struct cw_bundle_reader *reader, const char *data, size_t length, struct cw_error *error)
{
	if (is_blank(data, length))
		return true;
	if (cw_file_content_is_utf16(data, length)) {
		cw_file_content_error(data, length, "certificate", error);
		return cw_bundle_place(reader, error);
	}
	if (is_der(data, length))
		return cw_bundle_read_der(reader, (const uint8_t *)data, length, error);
	return cw_bundle_read_pem(reader, data, length, error);
}

bool cw_bundle_parse(const struct cw_bundle_file *file, const char *password, struct cw_pool *pool,
	struct cw_bundle *ret, struct cw_error *error)
{
	struct cw_bundle_reader reader = {.pool = pool, .password = password, .shown = file->shown};
	if (file->length > CW_BUNDLE_FILE_MAX)
		return cw_error_set(error, CW_E_LIMIT, "%s: %zu bytes; wanted at most %d", file->shown,
			file->length, CW_BUNDLE_FILE_MAX);
	reader.bundle.path = strdup(file->shown);
	if (!reader.bundle.path)
		return cw_error_memory(error);
	if (!read_any(&reader, file->data, file->length, error)) {
		cw_bundle_finish(&reader.bundle);
		return false;
	}
	*ret = reader.bundle;
	return true;
}

/* The person typed `shown`: the message names that and not where the file was found. */
static bool read_file(const char *path, const char *shown, struct cw_buffer *ret, struct cw_error *error)
{
	if (cw_file_read(path, CW_BUNDLE_FILE_MAX, ret, error))
		return true;
	size_t length = strlen(path);
	if (strncmp(error->message, path, length) != 0 || strncmp(error->message + length, ": ", 2) != 0)
		return false;
	struct cw_error inner = *error;
	return cw_error_set(error, inner.code, "%s%s", shown, inner.message + length);
}

bool cw_bundle_read(const char *path, const char *shown, const char *password, struct cw_pool *pool,
	struct cw_bundle *ret, struct cw_error *error)
{
	AUTO_BUFFER file = {0};
	if (!read_file(path, shown, &file, error))
		return false;
	bool worked = cw_bundle_parse(&(struct cw_bundle_file){cw_buffer_string(&file), file.length, shown},
		password, pool, ret, error);
	if (worked && ret->key_count)
		OPENSSL_cleanse(file.data, file.capacity);
	return worked;
}

static bool issued_another(const struct cw_bundle *bundle, size_t index)
{
	const struct cw_cert *cert = bundle->entries[index].cert;
	for (size_t i = 0; i < bundle->count; i++) {
		const struct cw_cert *other = bundle->entries[i].cert;
		if (!cw_cert_same(cert, other) && cw_name_equal(cw_cert_subject(cert), cw_cert_issuer(other)))
			return true;
	}
	return false;
}

static bool fits_key(const struct cw_bundle *bundle, size_t index)
{
	return bundle->key && cw_key_fits(bundle->key, bundle->entries[index].cert);
}

static bool is_last_in_line(const struct cw_bundle *bundle, size_t index)
{
	return !cw_cert_is_ca(bundle->entries[index].cert) && !issued_another(bundle, index);
}

static bool issued_none(const struct cw_bundle *bundle, size_t index)
{
	return !issued_another(bundle, index);
}

/* An export turned round: a CA first, and a certificate behind it that is none. Where the key that came along
 * fits the first, that is the one. */
static bool begins_with_issuer(const struct cw_bundle *bundle)
{
	if (!cw_cert_is_ca(bundle->entries[0].cert) || fits_key(bundle, 0))
		return false;
	for (size_t i = 1; i < bundle->count; i++)
		if (!cw_cert_is_ca(bundle->entries[i].cert))
			return true;
	return false;
}

size_t cw_bundle_leaf(const struct cw_bundle *bundle)
{
	static bool (*const choices[])(const struct cw_bundle *, size_t) = {
		fits_key, is_last_in_line, issued_none};
	bool ordered = bundle->format != CW_FORMAT_PKCS7 && bundle->format != CW_FORMAT_PKCS12;
	if (ordered && (bundle->count < 2 || !begins_with_issuer(bundle)))
		return 0;
	for (size_t choice = 0; choice < sizeof choices / sizeof *choices; choice++)
		for (size_t i = 0; i < bundle->count; i++)
			if (choices[choice](bundle, i))
				return i;
	return 0;
}

const char *cw_bundle_format_name(enum cw_format format)
{
	switch (format) {
	case CW_FORMAT_EMPTY:
		return "empty";
	case CW_FORMAT_PEM:
		return "PEM";
	case CW_FORMAT_DER:
		return "DER";
	case CW_FORMAT_PKCS7:
		return "PKCS#7";
	case CW_FORMAT_PKCS12:
		return "PKCS#12";
	}
	return "unknown";
}
