/**
 * Errors: the question could not be asked (an unreadable file, a YAML typo, no memory).
 *
 * An error is not a verdict: that a certificate is refused is an answer and lives in a judgement.
 * A struct cw_error stands on the caller's stack and is written only when a function returns false. Its
 * message grows outward: the innermost says what was wanted and found, each caller that knows the place
 * puts it in front.
 *
 *     deployment.yaml:41:7: unknown key "trused-ca"; did you mean "trusted-ca"?
 */
#ifndef CW_BASE_ERROR_H
#define CW_BASE_ERROR_H

#include "base/memory.h"

#include <stdbool.h>

/* Code, and what kind of trouble it is in a word or two (for logs and tests). */
#define CW_ERROR_LIST(X) \
	X(CW_E_MEMORY, "out of memory") \
	X(CW_E_IO, "input/output") \
	X(CW_E_LIMIT, "over a limit") \
	X(CW_E_USAGE, "usage") \
	X(CW_E_FORMAT, "unknown format") \
	X(CW_E_PEM, "broken PEM") \
	X(CW_E_DER, "broken DER") \
	X(CW_E_PKCS7, "broken PKCS#7") \
	X(CW_E_PKCS12, "broken PKCS#12") \
	X(CW_E_PASSWORD, "password") \
	X(CW_E_KEY, "private key") \
	X(CW_E_TIME, "time") \
	X(CW_E_YAML, "deployment file") \
	X(CW_E_CRYPTO, "OpenSSL") \
	X(CW_E_CAPTURE, "capture") \
	X(CW_E_NETWORK, "network")

enum cw_error_code {
#define X(code, text) code,
	CW_ERROR_LIST(X)
#undef X
};

#define CW_ERROR_MESSAGE_MAX 2048

struct cw_error {
	enum cw_error_code code;
	char message[CW_ERROR_MESSAGE_MAX]; /* a longer one is cut; always terminated */
};

/** Sets code and message. Returns false, so that a function can end with `return cw_error_set(…)`. */
bool cw_error_set(struct cw_error *error, enum cw_error_code code, const char *format, ...) CW_PRINTF(3, 4);

/** The error for a failed allocation. Returns false. */
bool cw_error_memory(struct cw_error *error);

/** Puts "prefix: " in front of the message. Returns false. */
bool cw_error_prefix(struct cw_error *error, const char *format, ...) CW_PRINTF(2, 3);

/** The kind of trouble, from CW_ERROR_LIST. */
const char *cw_error_kind(enum cw_error_code code);

#endif
