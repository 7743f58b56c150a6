/**
 * Any bytes as a certificate request: refused with a message, or described without a fault.
 */
#include "pki/request.h"
#include "workbench/request_text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(cw_request_free) struct cw_request *request = NULL;
	AUTO_BUFFER copy = {0}, text = {0};
	struct cw_error error;
	char key_id[CW_SHA256_TEXT_SIZE];
	cw_buffer_append(&copy, data, size);
	if (copy.failed || !cw_request_parse_any(cw_buffer_string(&copy), copy.length, &request, &error))
		return 0;
	cw_request_text(&text, "request", request);
	json_decref(cw_request_text_json("request", request));
	if (!cw_key_id_of_cert(cw_request_shape(request), key_id, &error) && error.code != CW_E_KEY)
		abort();
	return !cw_request_text_openssl(&text, request, &error) && error.code == CW_E_IO;
}
