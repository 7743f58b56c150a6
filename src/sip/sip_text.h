/**
 * A run of bytes inside a SIP message, and the smallest rules of the grammar (RFC 3261 §25.1) that it can
 * follow: token, quoted string, number.
 *
 * A text has no NUL at its end and owns nothing: it lives as long as the message that it points into.
 */
#ifndef CW_SIP_SIP_TEXT_H
#define CW_SIP_SIP_TEXT_H

#include "base/memory.h"

#include <stdint.h>

struct cw_sip_text {
	const char *data; /* NULL for none */
	size_t length;
};

/** For printf's "%.*s". */
#define CW_SIP_TEXT_ARGS(text) (int)(text).length, (text).data

/** The text of a C string, which stays the caller's. */
struct cw_sip_text cw_sip_text_of(const char *string);

/** `length` bytes of `text` from `at` on; what is beyond its end is left out. */
struct cw_sip_text cw_sip_text_part(struct cw_sip_text text, size_t at, size_t length);

/** Without spaces and tabs at both ends. */
struct cw_sip_text cw_sip_text_trim(struct cw_sip_text text);

/** This word, upper and lower case alike (ASCII). */
bool cw_sip_text_is(struct cw_sip_text text, const char *word);

/** The same bytes; upper and lower case differ. */
bool cw_sip_text_same(struct cw_sip_text a, struct cw_sip_text b);

/** A byte of a token: letters, digits and -.!%*_+`'~ */
bool cw_sip_text_token_byte(char c);

/** A token: at least one byte, and token bytes only. */
bool cw_sip_text_is_token(struct cw_sip_text text);

/** Decimal digits only (zeros in front are fine), and no more than `max`. */
CW_MUST_USE bool cw_sip_text_number(struct cw_sip_text text, uint64_t max, uint64_t *ret);

/**
 * The length of the quoted string that begins at `at`, with both quotes. 0 where none begins there, none
 * ends, or a byte stands in it that may not (a control byte without a backslash; a line end).
 */
size_t cw_sip_text_quoted(struct cw_sip_text text, size_t at);

/** Where `c` stands outside of quoted strings and angle brackets, from `at` on; the length where it does not.
 */
size_t cw_sip_text_find(struct cw_sip_text text, size_t at, char c);

#endif
