/**
 * What a file turns out to be that holds nothing of what was wanted: for a message that helps.
 */
#ifndef CW_PKI_BUNDLE_FILE_CONTENT_H
#define CW_PKI_BUNDLE_FILE_CONTENT_H

#include "base/error.h"

#include <stddef.h>

/** UTF-16 text, which no program of this field reads, by its byte order mark or its zero bytes. */
bool cw_file_content_is_utf16(const char *data, size_t length);

/**
 * Sets CW_E_FORMAT: what `data` is and what to do about it; `wanted` is "certificate" or "private key".
 * Returns false.
 */
bool cw_file_content_error(const char *data, size_t length, const char *wanted, struct cw_error *error);

#endif
