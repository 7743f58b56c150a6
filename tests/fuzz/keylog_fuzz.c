/**
 * Any bytes as a key log: read at once or line by line, it holds the same secrets.
 */
#include "capture/tls/keylog.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(cw_keylog_free) struct cw_keylog *whole = cw_keylog_new();
	AUTO(cw_keylog_free) struct cw_keylog *lines = cw_keylog_new();
	struct cw_error error;
	if (!whole || !lines || !cw_keylog_add(whole, data, size, &error))
		return 0;
	for (size_t at = 0; at < size;) {
		const uint8_t *end = memchr(data + at, '\n', size - at);
		size_t length = end ? (size_t)(end - data) - at + 1 : size - at;
		if (!cw_keylog_add(lines, data + at, length, &error))
			return 0;
		at += length;
	}
	if (cw_keylog_count(whole) != cw_keylog_count(lines) ||
		cw_keylog_bad_lines(whole) != cw_keylog_bad_lines(lines))
		abort();
	return 0;
}
