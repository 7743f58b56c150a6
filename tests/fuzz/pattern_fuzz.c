/**
 * Any pattern, format and text (with a NUL between each) for client-test: an answer or an error, in bounded
 * time.
 */
#include "workbench/pattern.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(free) char *pattern = strndup((const char *)data, size);
	if (!pattern)
		return 0;
	size_t at = strlen(pattern) + 1;
	AUTO(free) char *format = at < size ? strndup((const char *)data + at, size - at) : strdup("");
	if (!format)
		return 0;
	at += strlen(format) + 1;
	const char *text = at < size ? (const char *)data + at : "";
	AUTO_PATTERN_RESULT result = {0};
	struct cw_error error;
	if (cw_pattern_match(pattern, format, text, at < size ? size - at : 0, &result, &error) &&
		result.matched != (result.username != NULL))
		abort();
	return 0;
}
