/**
 * The head of one HTTP/1.1 or HTTP/1.0 message: start line and fields, read strictly, and what follows from
 * them: how the body is framed, and whether the connection may be used again.
 *
 * Grammar of RFC 9112, and nothing that it only tolerates: lines end in CR LF, one space separates the words
 * of the start line, no empty line before it, no folded fields, no space before a colon, no second Host,
 * Content-Length or Transfer-Encoding (equal ones neither), Transfer-Encoding is "chunked" or nothing, no
 * body where the method has none, no upgrade, no trailers announced, origin-form targets. Does not buffer
 * (http_reader.h does), read a body or decide who may ask for what.
 */
#ifndef CW_HTTP_HEAD_H
#define CW_HTTP_HEAD_H

#include "http/http_field.h"
#include "http/http_host.h"
#include "http/http_reason.h"
#include "http/http_target.h"

/* Against a head that never ends: 16 KB is what the vendor's clients stay far below, tokens included. */
#define CW_HTTP_HEAD_MAX ((size_t)16384)
/* Against many tiny fields, each of which costs a place in a table. */
#define CW_HTTP_FIELDS_MAX ((size_t)100)
/* Against names that wrap a length somewhere behind; haproxy keeps it in 8 bits. */
#define CW_HTTP_FIELD_NAME_MAX ((size_t)255)
#define CW_HTTP_METHOD_MAX ((size_t)16)

#define CW_HTTP_METHODS(X) X(GET) X(HEAD) X(POST) X(PUT) X(PATCH) X(DELETE) X(OPTIONS)

enum cw_http_method {
#define X(name) CW_HTTP_METHOD_##name,
	CW_HTTP_METHODS(X)
#undef X
};

enum cw_http_framing {
	CW_HTTP_NO_BODY,
	CW_HTTP_BY_LENGTH,
	CW_HTTP_BY_CHUNKS,
	CW_HTTP_BY_CLOSE /* responses alone */
};

enum cw_http_kind { CW_HTTP_REQUEST, CW_HTTP_RESPONSE };

struct cw_http_field {
	struct cw_http_text name, value; /* the value without spaces around it */
	enum cw_http_known known;
};

/* Where in the bytes something stands: 16 bits do for CW_HTTP_HEAD_MAX. */
struct cw_http_place {
	uint16_t at, length;
};

/* What the start line says. */
struct cw_http_start {
	unsigned version_minor; /* HTTP/1.0 or HTTP/1.1 */
	/* requests */
	enum cw_http_method method;
	struct cw_http_text target_text;
	struct cw_http_target target;
	/* responses */
	unsigned status;
	struct cw_http_text phrase;
};

struct cw_http_field_place {
	struct cw_http_place name, value;
	uint8_t known;
};

/* Texts point into the bytes that were parsed last. The caller reads the first part, the rest is the
 * parser's. */
struct cw_http_head {
	struct cw_http_start start;
	struct cw_http_host host; /* of a request */
	enum cw_http_framing framing;
	uint64_t length; /* with CW_HTTP_BY_LENGTH */
	bool keep_alive; /* another message may follow on the connection */
	bool expects_continue;
	size_t field_count;

	enum cw_http_kind kind;
	enum cw_http_method asked; /* of the request that a response answers */
	const char *bytes;
	size_t parsed;			    /* lines before this byte are done */
	uint8_t first[CW_HTTP_FIELD_OTHER]; /* number of the known field, counted from 1; 0: not there */
	struct cw_http_field_place fields[CW_HTTP_FIELDS_MAX];
};

enum cw_http_progress { CW_HTTP_OPEN, CW_HTTP_WHOLE, CW_HTTP_REFUSED };

/** Begins a head. `asked`: the method that a response answers (to HEAD there is no body); of no use for a
 * request. */
void cw_http_head_start(struct cw_http_head *head, enum cw_http_kind kind, enum cw_http_method asked);

/**
 * Goes on with the head, as far as whole lines are there. `bytes` begins with the first byte of the message
 * and may have moved and grown since the last call. CW_HTTP_WHOLE: `head->parsed` bytes are the head, the
 * rest is not looked at, and the head points into `bytes`. CW_HTTP_REFUSED: the reason is written; which one
 * depends on the bytes alone and not on how they were cut.
 */
enum cw_http_progress cw_http_head_parse(
	struct cw_http_head *head, struct cw_http_text bytes, enum cw_http_reason *ret_reason);

/** The field at `index`, counted from 0. */
struct cw_http_field cw_http_head_field(const struct cw_http_head *head, size_t index);

/** The value of a known field (the first one, where several may stand). False: it is not there. */
bool cw_http_head_known(const struct cw_http_head *head, enum cw_http_known known, struct cw_http_text *ret);

/** The same by name, for any field; upper and lower case alike. */
bool cw_http_head_find(const struct cw_http_head *head, const char *name, struct cw_http_text *ret);

/** "GET" */
const char *cw_http_head_method_name(enum cw_http_method method);

/** May a request with this method have a body? GET, HEAD, DELETE and OPTIONS with one are read in several
 * ways. */
bool cw_http_head_method_has_body(enum cw_http_method method);

#endif
