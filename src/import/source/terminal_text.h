/**
 * What a person saw on a terminal, out of what a terminal program wrote to its log or a clipboard: without
 * escape sequences, backspaces, carriage returns and the prompts of the pager.
 *
 * Keeps the number of lines, so that places stay right. Does not join lines that the terminal broke.
 */
#ifndef CW_IMPORT_SOURCE_TERMINAL_TEXT_H
#define CW_IMPORT_SOURCE_TERMINAL_TEXT_H

#include "base/buffer.h"

/** Appends the clean text to `ret` (which remembers a failed allocation). */
void cw_terminal_text_clean(const char *data, size_t length, struct cw_buffer *ret);

#endif
