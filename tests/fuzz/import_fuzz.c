/**
 * Any bytes as a source of an import: whatever its kind, it is read within bounds or told to be of no use,
 * the same twice, and no secret of it is kept. The first byte chooses a reader, or 0: by the content,
 * archives too.
 */
#include "support/evidence.h"

#include "import/describe.h"
#include "import/merge.h"
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

/* As if they lay beside each other in a folder. */
static void gather(struct cw_evidence *evidence, const char *bytes, size_t length, struct cw_buffer *text)
{
	static const char *const names[] = {"x/c1_server.pem", "x/c1_ca.pem", "x/tomcat-trust/1.pem",
		"y/dump.txt", "y/server.pem", "z.json", "x/pub_tomcat.pem", "e1.pem"};
	size_t at = 0;
	for (size_t i = 0; i < sizeof names / sizeof names[0] && at <= length; i++) {
		AUTO_BUFFER one = {0};
		struct cw_error error;
		const char *stop = memchr(bytes + at, 0x1e, length - at);
		size_t end = stop ? (size_t)(stop - bytes) : length;
		cw_buffer_append(&one, bytes + at, end - at);
		if (!cw_gather_bytes(evidence, names[i], cw_buffer_string(&one), one.length, &error))
			cw_buffer_text(text, error.message);
		at = end + 1;
	}
}

/* The deployment that they become, and the files of it: all below the folder of the import. */
static void merge(const struct cw_evidence *evidence, struct cw_buffer *text)
{
	AUTO_IMPORTED imported = {0};
	AUTO(cw_document_free) struct cw_document *document = NULL;
	AUTO_DESCRIBE_FILES files = {0};
	struct cw_error error;
	if (!cw_merge_run(evidence, &imported, &error) ||
		!cw_describe_run(&imported, &document, &files, &error))
		abort(); /* only for lack of memory */
	cw_document_write(document, text);
	for (size_t i = 0; i < files.count; i++)
		if (files.items[i].path[0] == '/' || strstr(files.items[i].path, ".."))
			abort();
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
	} else {
		gather(&evidence, bytes, file->length, text);
	}
	test_evidence_text(&evidence, name_of, text);
	merge(&evidence, text);
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
