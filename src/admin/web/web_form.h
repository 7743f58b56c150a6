/**
 * Fields of a form: those of a query, of an application/x-www-form-urlencoded body, and the parts of a
 * multipart/form-data body (http/http_multipart.h reads that).
 *
 * Read strictly: a name is letters, digits, hyphen, underscore, dot; a value is UTF-8 without NUL; a percent sign has its
 * two digits. A name may stand several times (ticked boxes). A part with a file name is a file: any bytes, and the
 * file's name is not kept. Does not know which fields a page wants.
 */
#ifndef CW_ADMIN_WEB_FORM_H
#define CW_ADMIN_WEB_FORM_H

#include "http/http_reason.h"
#include "http/http_text.h"

#include "base/buffer.h"

/* Against work for each of many fields: a trust list has some tens of boxes to tick. */
#define CW_WEB_FORM_FIELDS_MAX 512
#define CW_WEB_FORM_NAME_MAX 64

struct cw_web_form_field {
	char name[CW_WEB_FORM_NAME_MAX + 1];
	size_t at, length; /* in the form's bytes, where a NUL follows */
	bool is_file;
};

/* All zero is a form without fields; with `{.bytes = {.secret = true}}` its bytes are wiped. */
struct cw_web_form {
	struct cw_web_form_field *fields;
	size_t count, capacity;
	struct cw_buffer bytes;
};

void cw_web_form_finish(struct cw_web_form *form);
#define AUTO_WEB_FORM __attribute__((cleanup(cw_web_form_finish))) struct cw_web_form

/** Appends the fields of a query or an urlencoded body; empty text has none. The reason: CW_HTTP_BAD_FORM_FIELDS, or no
 * memory. */
bool cw_web_form_read(struct cw_web_form *form, struct cw_http_text text, enum cw_http_reason *ret_reason);

/** Begins a field whose value comes in pieces (a part of a multipart form). False: too many, or no memory. */
bool cw_web_form_begin(struct cw_web_form *form, struct cw_http_text name, bool is_file);
/** A piece of the field that was begun last. */
void cw_web_form_piece(struct cw_web_form *form, struct cw_http_text piece);
/** The field that was begun last is over. False: its value is none (not a file, and no UTF-8, or with a NUL), or no
 * memory. */
bool cw_web_form_end(struct cw_web_form *form);

/** The value of the field with that name, the `nth` of them, counted from 0. False: there is none. A NUL follows its
 * bytes. */
bool cw_web_form_find(const struct cw_web_form *form, const char *name, size_t nth, struct cw_http_text *ret);

/** The value of the first field with that name as a C string, "" where there is none; of files NULs cut it. */
const char *cw_web_form_value(const struct cw_web_form *form, const char *name);

/** UTF-8 as RFC 3629 has it (no surrogates, nothing written longer than it must be), and no NUL. */
bool cw_web_form_is_text(struct cw_http_text bytes);

#endif
