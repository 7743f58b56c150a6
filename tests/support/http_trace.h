/**
 * What a reader answers to the bytes of a connection, as text: for comparing two ways to cut them, and for
 * messages.
 *
 *     GET /x?y minor=1 host=e1.acme.test:8443 framing=none length=0 keep=1 continue=0
 *     Host: e1.acme.test:8443
 *     body=5 hello
 *     end
 *     refused bare-lf          or, behind the last byte: cut-short, closed
 */
#ifndef TEST_SUPPORT_HTTP_TRACE_H
#define TEST_SUPPORT_HTTP_TRACE_H

#include "base/buffer.h"
#include "http/http_reader.h"

#define TEST_BODY_MAX 100000

/* How bytes are cut: the first piece, and each one behind it. 0: all that is left. */
struct test_cut {
	size_t first, then;
};

/** Reads a connection to its end. Each piece is a block of its own on the heap. */
void test_http_trace(
	enum cw_http_kind kind, struct cw_http_text bytes, struct test_cut cut, struct cw_buffer *ret);

/** Why the bytes are refused; CW_HTTP_BAD_NOTHING where every message in them is taken. */
enum cw_http_reason test_http_reason(enum cw_http_kind kind, struct cw_http_text bytes);

/**
 * Reads a connection and writes each of its messages again, fields for one connection dropped and bodies in
 * one piece, framed by length. False: it is refused, or outgrows a bound by that, and `ret` has no meaning.
 */
bool test_http_rebuild(enum cw_http_kind kind, struct cw_http_text bytes, struct cw_buffer *ret);

#endif
