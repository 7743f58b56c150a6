/**
 * multipart/form-data (RFC 7578), read strictly and piece by piece: no part is kept here, and no file name is
 * used.
 *
 * The body begins with its boundary (nothing before the first one), ends with its last (nothing behind but
 * one CR LF), and each part says Content-Disposition: form-data with a name of its own; no nested parts, no
 * transfer encodings, no backslashes inside quotes. The file name is only told to have been there: it is the
 * sender's. Cut in any way, a form gives the same parts.
 */
#ifndef CW_HTTP_MULTIPART_H
#define CW_HTTP_MULTIPART_H

#include "http/http_head.h"

/* Of a boundary (RFC 2046 5.1.1). */
#define CW_HTTP_BOUNDARY_MAX 70
/* A certificate, a key, a password and some choices. Against work for each of many parts. */
#define CW_HTTP_PARTS_MAX 8
#define CW_HTTP_PART_HEAD_MAX 1024
#define CW_HTTP_PART_NAME_MAX 64

enum cw_http_form_step {
	CW_HTTP_FORM_MORE, /* all of the input is used */
	CW_HTTP_FORM_PART, /* a part begins */
	CW_HTTP_FORM_DATA, /* a piece of it, never empty */
	CW_HTTP_FORM_REFUSED
};

enum cw_http_form_place {
	CW_HTTP_FORM_AT_START,
	CW_HTTP_FORM_AT_BOUNDARY_END,
	CW_HTTP_FORM_AT_BOUNDARY_LF,
	CW_HTTP_FORM_AT_LAST_HYPHEN,
	CW_HTTP_FORM_AT_HEAD,
	CW_HTTP_FORM_AT_DATA,
	CW_HTTP_FORM_AT_LAST_CR,
	CW_HTTP_FORM_AT_LAST_LF,
	CW_HTTP_FORM_AT_END,
	CW_HTTP_FORM_AT_FAULT
};

/* The reader's own, but for `name` to `has_type`, which are those of the present part. */
struct cw_http_multipart {
	struct cw_http_text name; /* points into `head` */
	bool has_file_name;
	bool has_type;

	enum cw_http_form_place place;
	enum cw_http_reason reason;
	size_t matched; /* bytes of `boundary` met so far */
	size_t part_count;
	size_t boundary_length;
	size_t head_length;
	char boundary[CW_HTTP_BOUNDARY_MAX + 4]; /* CR LF, two hyphens and the boundary */
	char head[CW_HTTP_PART_HEAD_MAX];
};

/** Begins a form by its request's Content-Type. */
bool cw_http_multipart_start(
	struct cw_http_multipart *form, struct cw_http_text content_type, enum cw_http_reason *ret_reason);

/**
 * Takes bytes from the front of `*input`. A piece points into the input or into the form itself, and is good
 * until the next call. `form->reason` says why it was refused.
 */
enum cw_http_form_step cw_http_multipart_read(
	struct cw_http_multipart *form, struct cw_http_text *input, struct cw_http_text *ret_piece);

/** The body is over: was the form? The reason is CW_HTTP_BAD_CUT_SHORT, or why it was refused before. */
bool cw_http_multipart_end(struct cw_http_multipart *form, enum cw_http_reason *ret_reason);

#endif
