/**
 * Any bytes as a connection that requests come on.
 */
#include "http_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_http_message(CW_HTTP_REQUEST, (struct cw_http_text){(const char *)data, size});
	return 0;
}
