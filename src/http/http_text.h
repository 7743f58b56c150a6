/**
 * Runs of bytes inside a message, and which bytes may stand where (RFC 9110 and 9112, Appendix A).
 *
 * A run points into somebody else's bytes and is never terminated: what came from outside is looked at by
 * length.
 */
#ifndef CW_HTTP_TEXT_H
#define CW_HTTP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cw_http_text {
	const char *at; /* NULL only where the length is 0 */
	size_t length;
};

/* What a byte may be part of; bits of cw_http_text_class. */
enum cw_http_bytes {
	CW_HTTP_IN_TOKEN = 1,	  /* token: methods, names (RFC 9110 5.6.2) */
	CW_HTTP_IN_NAME = 2,	  /* letters, digits, hyphen: names that every implementation reads alike */
	CW_HTTP_IN_TARGET = 4,	  /* path and query (RFC 3986 3.3, 3.4), the percent sign too */
	CW_HTTP_IN_VALUE = 8,	  /* field values: no controls but the tab */
	CW_HTTP_IN_COOKIE = 16,	  /* cookie-octet (RFC 6265 4.1.1) */
	CW_HTTP_IN_HOST = 32,	  /* a host name or an IPv4 address */
	CW_HTTP_IN_BOUNDARY = 64, /* bcharsnospace (RFC 2046 5.1.1) */
	CW_HTTP_IN_TOKEN68 = 128  /* without the padding (RFC 9110 11.2) */
};

extern const uint8_t cw_http_text_class[256];

/** The whole of a C string, which must live as long as the run. */
struct cw_http_text cw_http_text(const char *string);

/** Has this byte one of these properties? */
static inline bool cw_http_text_byte_is(char byte, enum cw_http_bytes bytes)
{
	return cw_http_text_class[(uint8_t)byte] & bytes;
}

/** How many bytes from `from` on, which is at most the length, have the property, one after the other. */
size_t cw_http_text_run(struct cw_http_text text, size_t from, enum cw_http_bytes bytes);

/** Not empty, and every byte has the property. */
bool cw_http_text_is(struct cw_http_text text, enum cw_http_bytes bytes);

/** The same bytes. */
bool cw_http_text_equal(struct cw_http_text text, const char *wanted);

/** The same bytes, upper and lower case alike (ASCII, whatever the locale). */
bool cw_http_text_same_word(struct cw_http_text text, const char *wanted);

/* As the length of a part: all that is left. */
#define CW_HTTP_REST ((size_t)-1)

/** The part from `from` on, of at most `length` bytes; empty where there is none. */
static inline struct cw_http_text cw_http_text_part(struct cw_http_text text, size_t from, size_t length)
{
	if (from >= text.length)
		return (struct cw_http_text){0};
	size_t left = text.length - from;
	return (struct cw_http_text){text.at + from, length < left ? length : left};
}

/** Without spaces and tabs at both ends. */
struct cw_http_text cw_http_text_trim(struct cw_http_text text);

/** Where the byte stands first; the length where it stands nowhere. */
size_t cw_http_text_find(struct cw_http_text text, char byte);

/** 1 to 18 decimal digits without a zero in front ("0" itself is one). False for everything else. */
bool cw_http_text_number(struct cw_http_text text, uint64_t *ret);

/** The value of a hexadecimal digit, or -1. */
int cw_http_text_hex(char byte);

#endif
