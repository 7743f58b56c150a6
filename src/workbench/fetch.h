/**
 * One file over plain HTTP, within limits. Never called from within a judgement.
 *
 * Addresses come out of certificates, that is from outside: no other scheme than http (a CRL is signed, so
 * nothing else protects it), few redirects, a bounded size and time.
 */
#ifndef CW_WORKBENCH_FETCH_H
#define CW_WORKBENCH_FETCH_H

#include "base/buffer.h"

#define CW_FETCH_REDIRECTS_MAX 3

struct cw_fetch_limits {
	size_t bytes;
	long seconds;
};

/** Appends what the server sends. CW_E_NETWORK says what went wrong, CW_E_LIMIT where it is too long,
 * CW_E_USAGE for another scheme. */
CW_MUST_USE bool cw_fetch(
	const char *url, const struct cw_fetch_limits *limits, struct cw_buffer *ret, struct cw_error *error);

#endif
