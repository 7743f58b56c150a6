/**
 * The fields that this layer, or whoever forwards a message, must know: which may stand only once, and which
 * belong to one connection and are never forwarded (RFC 9110 7.6.1).
 */
#ifndef CW_HTTP_FIELD_H
#define CW_HTTP_FIELD_H

#include "http/http_text.h"

/* Name, may stand once only, for one connection only. Twice is an attack on whoever takes the other one. */
#define CW_HTTP_FIELDS(X) \
	X(TE, "TE", true, true) \
	X(HOST, "Host", true, false) \
	X(DATE, "Date", true, false) \
	X(ETAG, "ETag", true, false) \
	X(RANGE, "Range", true, false) \
	X(COOKIE, "Cookie", true, false) \
	X(EXPECT, "Expect", true, true) \
	X(ORIGIN, "Origin", true, false) \
	X(SERVER, "Server", true, false) \
	X(REFERER, "Referer", true, false) \
	X(TRAILER, "Trailer", true, true) \
	X(UPGRADE, "Upgrade", true, true) \
	X(LOCATION, "Location", true, false) \
	X(CONNECTION, "Connection", true, true) \
	X(KEEP_ALIVE, "Keep-Alive", true, true) \
	X(SET_COOKIE, "Set-Cookie", false, false) \
	X(USER_AGENT, "User-Agent", true, false) \
	X(CONTENT_TYPE, "Content-Type", true, false) \
	X(AUTHORIZATION, "Authorization", true, false) \
	X(CONTENT_RANGE, "Content-Range", true, false) \
	X(X_CSRF_HEADER, "X-CSRF-Header", true, false) \
	X(HTTP2_SETTINGS, "HTTP2-Settings", true, true) \
	X(CONTENT_LENGTH, "Content-Length", true, true) \
	X(SEC_FETCH_SITE, "Sec-Fetch-Site", true, false) \
	X(PROXY_CONNECTION, "Proxy-Connection", true, true) \
	X(CONTENT_ENCODING, "Content-Encoding", true, false) \
	X(WWW_AUTHENTICATE, "WWW-Authenticate", false, false) \
	X(IF_MODIFIED_SINCE, "If-Modified-Since", true, false) \
	X(TRANSFER_ENCODING, "Transfer-Encoding", true, true) \
	X(PROXY_AUTHENTICATE, "Proxy-Authenticate", false, true) \
	X(PROXY_AUTHORIZATION, "Proxy-Authorization", true, true)

/* In the order of the table, which is that of the names' lengths. */
enum cw_http_known {
#define X(code, name, once, connection) CW_HTTP_FIELD_##code,
	CW_HTTP_FIELDS(X)
#undef X
		CW_HTTP_FIELD_OTHER
};

/** Which field it is, upper and lower case alike; the name was found to be a token (CW_HTTP_IN_TOKEN). */
enum cw_http_known cw_http_field_known(struct cw_http_text name);

/** The name as it is usually written; NULL for CW_HTTP_FIELD_OTHER. */
const char *cw_http_field_name(enum cw_http_known known);

bool cw_http_field_stands_once(enum cw_http_known known);

/**
 * It says something about one connection or about how this message is framed there; a forwarded message has
 * its own. Content-Length counts: the writer states the length of what it writes.
 */
bool cw_http_field_is_for_connection(enum cw_http_known known);

#endif
