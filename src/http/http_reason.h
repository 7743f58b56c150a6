/**
 * Why a message is refused: one table of reasons, each with the status to answer.
 *
 * A refused message is an answer about what came from outside and no error (base/error.h): functions of this
 * layer that read return false and write the reason. A reason is about bytes, never about who sent them or
 * what they ask for. Messages are never repaired: wherever two implementations are known to read the same
 * bytes in two ways, the bytes are refused.
 */
#ifndef CW_HTTP_REASON_H
#define CW_HTTP_REASON_H

#include <stdbool.h>

/* Code, name (for logs, stable), status to answer a request with, what is wrong. */
#define CW_HTTP_REASONS(X) \
	X(NOTHING, "nothing", 0, "nothing is wrong") \
	X(BARE_LF, "bare-lf", 400, "a line ends in LF without CR before it") \
	X(CONTROL, "control-byte", 400, \
		"a control byte (NUL, CR inside a line, DEL ...) stands in the head") \
	X(START_LINE, "start-line", 400, "the first line is not three words with one space between them") \
	X(METHOD_FORM, "method-form", 400, "the method is no token of at most 16 bytes") \
	X(METHOD_UNKNOWN, "method-unknown", 501, \
		"the method is none of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS") \
	X(VERSION_FORM, "version-form", 400, "the version is missing or is not HTTP/ and two digits") \
	X(VERSION_UNKNOWN, "version-unknown", 505, "the version is neither HTTP/1.1 nor HTTP/1.0") \
	X(STATUS_FORM, "status-form", 502, "the status is not three digits from 100 to 599") \
	X(TARGET_FORM, "target-form", 400, \
		"the target does not begin with one slash (absolute, authority and asterisk forms are " \
		"refused)") \
	X(TARGET_BYTE, "target-byte", 400, "a byte in the target that RFC 3986 has no place for") \
	X(TARGET_PERCENT, "target-percent", 400, \
		"a percent sign without two hexadecimal digits, or one that hides a control byte, or a " \
		"slash, backslash or dot of the path") \
	X(TARGET_DOTS, "target-dots", 400, "the path has a segment . or ..") \
	X(TARGET_LONG, "target-long", 414, "the target is longer than 8192 bytes") \
	X(HEAD_LONG, "head-long", 431, "the head is longer than 16384 bytes") \
	X(FIELDS_MANY, "fields-many", 431, "more than 100 fields") \
	X(FIELD_FOLDED, "field-folded", 400, "a field line begins with a space or a tab") \
	X(FIELD_COLON, "field-colon", 400, "a field line without a colon") \
	X(FIELD_SPACE, "field-space", 400, "a space or a tab between a field's name and the colon") \
	X(FIELD_TAB, "field-tab", 400, "a tab before or behind a field's value") \
	X(FIELD_NAME, "field-name", 400, \
		"a field's name is empty or has a byte that is no letter, digit or hyphen") \
	X(FIELD_NAME_LONG, "field-name-long", 431, "a field's name is longer than 255 bytes") \
	X(FIELD_TWICE, "field-twice", 400, "a field that may stand once stands twice") \
	X(HOST_MISSING, "host-missing", 400, "no Host field") \
	X(HOST_FORM, "host-form", 400, "Host is not one host name or address with or without a port") \
	X(LENGTH_FORM, "length-form", 400, \
		"Content-Length is not one decimal number below 10^18 without zeros in front") \
	X(LENGTH_MISSING, "length-missing", 411, \
		"a method with a body, and neither Content-Length nor chunked") \
	X(LENGTH_AND_CODING, "length-and-coding", 400, "both Content-Length and Transfer-Encoding") \
	X(CODING_FORM, "coding-form", 400, "Transfer-Encoding is a list, is empty, or is malformed") \
	X(CODING_UNKNOWN, "coding-unknown", 501, "Transfer-Encoding is not chunked") \
	X(CODING_VERSION, "coding-version", 400, "Transfer-Encoding in HTTP/1.0") \
	X(BODY_UNWANTED, "body-unwanted", 400, "a body where the method or the status has none") \
	X(BODY_LONG, "body-long", 413, "the body is longer than is taken here") \
	X(CONNECTION_OPTION, "connection-option", 400, \
		"Connection has another option than close or keep-alive, or both") \
	X(UPGRADE, "upgrade", 501, "an upgrade is asked for") \
	X(EXPECTATION, "expectation", 417, "Expect is not 100-continue") \
	X(CHUNK_SIZE, "chunk-size", 400, "a chunk does not begin with 1 to 8 hexadecimal digits and CR LF") \
	X(CHUNK_EXTENSION, "chunk-extension", 400, "a chunk has an extension") \
	X(CHUNK_END, "chunk-end", 400, "a chunk's data does not end in CR LF") \
	X(TRAILER, "trailer", 400, "fields behind the last chunk") \
	X(CUT_SHORT, "cut-short", 400, "the connection ended inside a message") \
	X(NO_MEMORY, "no-memory", 503, "out of memory") \
	X(FORM_TYPE, "form-type", 415, \
		"Content-Type is not multipart/form-data with one boundary of 1 to 70 bytes") \
	X(FORM_START, "form-start", 400, "the form does not begin with its boundary") \
	X(FORM_BOUNDARY, "form-boundary", 400, "something else than CR LF or -- behind a boundary") \
	X(FORM_HEAD, "form-head", 400, \
		"a part's head is not Content-Disposition: form-data; name=\"...\", with or without file " \
		"name and Content-Type") \
	X(FORM_HEAD_LONG, "form-head-long", 413, "a part's head is longer than 1024 bytes") \
	X(FORM_NAME, "form-name", 400, \
		"a part's name is empty, longer than 64 bytes, or not letters, digits, hyphen, underscore, " \
		"dot") \
	X(FORM_MANY, "form-many", 413, "more than 8 parts") \
	X(FORM_AFTER, "form-after", 400, "bytes behind the form's end") \
	X(FORM_FIELDS, "form-fields", 400, \
		"the fields are not name=value pairs with \"&\" between them, values of UTF-8 without NUL, or " \
		"there are too many") \
	X(COOKIE_FORM, "cookie-form", 400, "Cookie is not name=value pairs with \"; \" between them") \
	X(COOKIE_MANY, "cookie-many", 431, "more than 50 cookies") \
	X(COOKIE_TWICE, "cookie-twice", 400, "a cookie stands twice") \
	X(BASE64, "base64", 400, "not the one base64 text of its bytes") \
	X(PREFIX_FORM, "prefix-form", 404, \
		"the first segment is not base64 of DOMAIN or DOMAIN/PROTOCOL/HOST/PORT") \
	X(PREFIX_DOMAIN, "prefix-domain", 404, \
		"the first segment's domain is no DNS name of two labels or more") \
	X(PREFIX_PROTOCOL, "prefix-protocol", 404, "the first segment's protocol is neither http nor https") \
	X(PREFIX_HOST, "prefix-host", 404, "the first segment's host is no DNS name and no IPv4 address") \
	X(PREFIX_PORT, "prefix-port", 404, "the first segment's port is not 1 to 65535") \
	X(PREFIX_REST, "prefix-rest", 404, \
		"what stands behind the first segment is neither get_edge_config nor get_edge_sso, or no " \
		"path at all") \
	X(AUTH_FORM, "auth-form", 400, "Authorization is not a scheme, one space and its credentials") \
	X(AUTH_SCHEME, "auth-scheme", 401, "the scheme is neither Basic nor Bearer") \
	X(AUTH_LONG, "auth-long", 431, "the credentials are longer than is taken here")

enum cw_http_reason {
#define X(code, name, status, text) CW_HTTP_BAD_##code,
	CW_HTTP_REASONS(X)
#undef X
		CW_HTTP_REASON_COUNT
};

/** "bare-lf": the name in logs. */
const char *cw_http_reason_name(enum cw_http_reason reason);

/**
 * The status that a request with this fault is answered with. Of a response from the server behind, there is
 * nobody to tell; what stood in front of it answers 502 (RFC 9110 15.6.3) whatever this says.
 */
int cw_http_reason_status(enum cw_http_reason reason);

/** What is wrong, a sentence without its full stop. */
const char *cw_http_reason_text(enum cw_http_reason reason);

/** Writes the reason. Returns false, so that a function can end with `return cw_http_reason_refuse(…)`. */
bool cw_http_reason_refuse(enum cw_http_reason *ret_reason, enum cw_http_reason reason);

#endif
