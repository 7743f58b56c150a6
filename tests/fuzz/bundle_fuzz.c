/**
 * Any bytes as a file of certificates, CRLs and keys (PEM, DER, PKCS#7, PKCS#12): it is read, or the error
 * names the file; what was read can be shown; the same bytes are read the same twice.
 */
#include "base/buffer.h"
#include "pki/bundle/bundle.h"
#include "report/cert_report.h"
#include "support/instant.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What there is to say about the bytes: the whole content, or the error. */
static void describe(const struct cw_buffer *file, struct cw_buffer *text)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	struct cw_error error;
	if (!cw_bundle_parse(&(struct cw_bundle_file){cw_buffer_string(file), file->length, "file"}, "secret",
		    pool, &bundle, &error)) {
		if (strncmp(error.message, "file", 4) != 0 || strchr(error.message, '\n'))
			abort();
		cw_buffer_text(text, error.message);
		return;
	}
	if (bundle.count && cw_bundle_leaf(&bundle) >= bundle.count)
		abort();
	cw_cert_report_text(text, &bundle, TEST_AT);
	json_t *json = cw_cert_report_json(&bundle);
	if (!json)
		abort();
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_BUFFER file = {0};
	AUTO_BUFFER first = {0};
	AUTO_BUFFER second = {0};
	cw_buffer_append(&file, data, size);
	describe(&file, &first);
	describe(&file, &second);
	if (strcmp(cw_buffer_string(&first), cw_buffer_string(&second)) != 0 || ERR_peek_error())
		abort();
	return 0;
}
