/**
 * What holds for any bytes as a connection: cut in any way the answer is the same, and what is taken is
 * written, read and written again as the same bytes.
 */
#ifndef FUZZ_HTTP_MESSAGE_H
#define FUZZ_HTTP_MESSAGE_H

#include "http/http_head.h"

/** Aborts where it does not hold. */
void fuzz_http_message(enum cw_http_kind kind, struct cw_http_text bytes);

#endif
