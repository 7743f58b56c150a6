/**
 * Tables of messages in tests/http: one row a line, three columns with tabs between them.
 *
 *     NAME <tab> WANT <tab> BYTES
 *
 * WANT is the reason's name or "taken". In BYTES, \r \n \t \0 \\ and \xHH stand for bytes, and {TEXT*N} for N
 * times TEXT (its escapes too; a brace itself is \x7b). Lines that are empty or begin with # are skipped.
 */
#ifndef TEST_SUPPORT_HTTP_ROWS_H
#define TEST_SUPPORT_HTTP_ROWS_H

#include "base/buffer.h"
#include "http/http_text.h"

struct test_row {
	const char *name, *want;
	struct cw_http_text bytes;
};

/** Calls `each` with every row of a file; the row is gone afterwards. How many there were; aborts where it
 * cannot read. */
size_t test_http_rows(
	const char *path, void (*each)(const struct test_row *row, void *context), void *context);

#endif
