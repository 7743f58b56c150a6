/**
 * File names out of names in certificates: whoever wrote the certificate must not choose where we write.
 */
#ifndef CW_WORKBENCH_FILE_NAME_H
#define CW_WORKBENCH_FILE_NAME_H

#include "base/buffer.h"

/** Appends `text` with everything but letters, digits, ".", "-" and "_" as "_"; at most 80 characters, never
 * hidden, never empty. */
void cw_file_name_append(struct cw_buffer *ret, const char *text);

/** "folder/TEXT.pem", or "folder/TEXT-2.pem" … where there is such a file already. The caller frees it; NULL:
 * no memory. */
CW_MUST_USE char *cw_file_name_for(const char *folder, const char *text, const char *ending);

#endif
