/**
 * Any bytes as a source of an import: whatever its kind, it is read within bounds or told to be of no use,
 * the same twice, and no secret of it is kept. The first byte chooses a reader, or 0: by the content,
 * archives too.
 */
#include "support/evidence.h"

#include "import/source/gather.h"
#include "import/source/reading.h"

#include <openssl/err.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool (*const readers[])(const struct cw_reading *, struct cw_error *) = {
	cw_reading_settings,
	cw_reading_xml,
	cw_reading_json,
	cw_reading_session,
	cw_reading_showcerts,
	cw_reading_signed_list,
	cw_reading_certificates,
	cw_reading_capture,
};

static const char *name_of(const struct cw_cert *cert)
{
	return cw_cert_sha256_text(cert);
}

static void read_bytes(const struct cw_buffer *file, struct cw_buffer *text)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_EVIDENCE evidence = {.pool = pool};
	struct cw_error error;
	const char *bytes = cw_buffer_string(file);
	size_t choice = file->length ? (unsigned char)*bytes - (size_t)'0' : 0;
	size_t count = sizeof readers / sizeof readers[0];
	if (choice >= 1 && choice <= count) {
		struct cw_reading reading = {
			.evidence = &evidence, .data = bytes + 1, .length = file->length - 1};
		if (!cw_evidence_add_source(&evidence, "f", "f", &reading.source, &error))
			abort();
		if (!readers[choice - 1](&reading, &error))
			cw_buffer_text(text, error.message);
	} else if (!cw_gather_bytes(&evidence, "f", bytes, file->length, &error)) {
		cw_buffer_text(text, error.message);
	}
	test_evidence_text(&evidence, name_of, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUFFER file = {0};
	AUTO_BUFFER first = {0};
	AUTO_BUFFER second = {0};
	cw_buffer_append(&file, data, size);
	read_bytes(&file, &first);
	read_bytes(&file, &second);
	const char *text = cw_buffer_string(&first);
	if (strcmp(text, cw_buffer_string(&second)) != 0 || strstr(text, "{cipher}") || strchr(text, '\033'))
		abort();
	ERR_clear_error();
	return 0;
}
