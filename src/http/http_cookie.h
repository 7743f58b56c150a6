/**
 * Cookies: the Cookie field of a request, read by the grammar for servers (RFC 6265 4.2.1) and not by the
 * lenient one for browsers, and Set-Cookie, written and, for a client of ours, read.
 *
 * Does not keep cookies, sign them or decide who may use them.
 */
#ifndef CW_HTTP_COOKIE_H
#define CW_HTTP_COOKIE_H

#include "http/http_reason.h"
#include "http/http_text.h"

#include "base/buffer.h"
#include "base/time.h"

/* Against a table that grows by two bytes a cookie. */
#define CW_HTTP_COOKIES_MAX 50
/* Browsers keep no larger ones (RFC 6265 6.1). */
#define CW_HTTP_COOKIE_SIZE_MAX 4096

struct cw_http_cookie_pair {
	struct cw_http_text name, value; /* as written, quotes too */
};

struct cw_http_cookies {
	size_t count;
	struct cw_http_cookie_pair pairs[CW_HTTP_COOKIES_MAX];
};

/**
 * The value of a Cookie field: pairs with "; " between them, names that differ. The same name twice is
 * refused: which of them counts is told by no standard, and a neighbour in the domain can add one (RFC
 * 6265 8.6).
 */
bool cw_http_cookie_parse(
	struct cw_http_text value, struct cw_http_cookies *ret, enum cw_http_reason *ret_reason);

/** The cookie of that name, upper and lower case apart. False: none. */
bool cw_http_cookie_find(const struct cw_http_cookies *cookies, const char *name, struct cw_http_text *ret);

enum cw_http_same_site { CW_HTTP_SAME_SITE_UNSAID, CW_HTTP_SAME_SITE_STRICT, CW_HTTP_SAME_SITE_LAX };

/* A cookie to be set. All zero but name and value: for the session, this host, this path. */
struct cw_http_cookie {
	struct cw_http_text name, value;
	struct cw_http_text path;   /* empty: not written */
	struct cw_http_text domain; /* empty: host-only */
	bool has_expires, has_max_age;
	cw_time expires;
	uint32_t max_age; /* seconds; 0 takes the cookie back */
	bool secure, http_only;
	enum cw_http_same_site same_site;
};

/**
 * Appends the value of a Set-Cookie field. CW_E_HTTP where a browser would not take it as it is meant: bytes
 * outside the grammar, too large, `__Host-` without Secure, with another Path than "/" or with Domain,
 * `__Secure-` without Secure.
 */
CW_MUST_USE bool cw_http_cookie_write(
	struct cw_buffer *buffer, const struct cw_http_cookie *cookie, struct cw_error *error);

/**
 * The value of a Set-Cookie field as cw_http_cookie_write has it, attributes in any order, each at most once,
 * unknown ones skipped; a dot in front of Domain is dropped. A browser's prefix rules hold here, too.
 */
bool cw_http_cookie_parse_set(
	struct cw_http_text value, struct cw_http_cookie *ret, enum cw_http_reason *ret_reason);

/** Room for "Fri, 20 Nov 2026 12:00:00 GMT". */
#define CW_HTTP_DATE_SIZE 30

/** A time from year 1970 to 9999 as HTTP has it (RFC 9110 5.6.7); others become the nearest of these. Returns
 * `ret`. */
const char *cw_http_cookie_date(cw_time time, char ret[CW_HTTP_DATE_SIZE]);

/** Reads that one form; false for the obsolete ones, too. */
bool cw_http_cookie_read_date(struct cw_http_text text, cw_time *ret);

#endif
