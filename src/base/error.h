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

/** What kind of trouble it is; the message says the rest. */
enum cw_error_code {
	CW_E_MEMORY,   /* out of memory */
	CW_E_IO,       /* a file or stream cannot be read or written */
	CW_E_LIMIT,    /* more than a named limit allows */
	CW_E_USAGE,    /* what was typed makes no question */
	CW_E_FORMAT,   /* a file of another kind than was wanted */
	CW_E_PEM,      /* broken PEM */
	CW_E_DER,      /* broken DER */
	CW_E_PKCS7,    /* broken PKCS#7 */
	CW_E_PKCS12,   /* broken PKCS#12 */
	CW_E_PASSWORD, /* a password is missing or wrong */
	CW_E_KEY,      /* a key that cannot be read, used or written */
	CW_E_TIME,     /* a time that cannot be read */
	CW_E_YAML,     /* a deployment file with mistakes */
	CW_E_CRYPTO,   /* OpenSSL cannot do it */
	CW_E_CAPTURE,  /* a capture that cannot be made or read on */
	CW_E_NETWORK,  /* a name, connection or answer that failed */
	CW_E_HTTP,     /* an HTTP message that breaks a rule */
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

#endif
