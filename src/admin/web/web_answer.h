/**
 * What a request is answered with: status, type, body, and fields besides those that every answer has.
 *
 * Every answer says: Content-Security-Policy without anything from elsewhere and without inline script or style,
 * nosniff, no referrer, no store, no frame, no other origin; over TLS that the browser comes back over TLS alone. Writes
 * no body itself (the pages do).
 */
#ifndef CW_ADMIN_WEB_WEB_ANSWER_H
#define CW_ADMIN_WEB_WEB_ANSWER_H

#include "http/http_cookie.h"
#include "http/http_head.h"

#include "base/buffer.h"

/* What it may do in a browser. */
enum cw_web_answer_kind {
	CW_WEB_ANSWER_PAGE,
	CW_WEB_ANSWER_FRAME, /* has pages of this site in frames */
	/* A page that was made to be mailed, with style and script in it: in a frame of this site, in a sandbox without an
	 * origin, from which neither this site nor its cookies can be reached. */
	CW_WEB_ANSWER_FRAMED
};

struct cw_web_answer {
	enum cw_web_answer_kind kind;
	unsigned status;       /* 0: 200 */
	const char *type;      /* Content-Type, borrowed; NULL: "text/html; charset=utf-8" */
	struct cw_buffer body; /* empty: the answer has none */

	struct cw_buffer fields; /* lines, written by the functions below */
	bool unfit;		 /* a field could not be written: the answer becomes a 500 */
};

void cw_web_answer_finish(struct cw_web_answer *answer);
#define AUTO_WEB_ANSWER __attribute__((cleanup(cw_web_answer_finish))) struct cw_web_answer

/** A further field. What would not be read back as it is (a line end in it) makes the answer a 500. */
void cw_web_answer_field(struct cw_web_answer *answer, const char *name, const char *value);
void cw_web_answer_cookie(struct cw_web_answer *answer, const struct cw_http_cookie *cookie);
/** 303 to a path of this site: what a POST is answered with, so that reloading does not repeat it. Anything else than a
 * path (another site) makes the answer a 500. */
void cw_web_answer_redirect(struct cw_web_answer *answer, const char *path);
/** The file as a download; the name is letters, digits, hyphen, underscore, dot. */
void cw_web_answer_download(struct cw_web_answer *answer, const char *file_name);

/** How the head is written. */
struct cw_web_answer_how {
	bool is_head; /* HEAD: no body, the length that it would have */
	bool closes;
	bool secure;  /* over TLS */
	bool streams; /* of unknown length, by chunks */
};

/** Appends the whole answer; where it is unfit or memory is short, a 500 without a body (and false). */
bool cw_web_answer_write(
	const struct cw_web_answer *answer, const struct cw_web_answer_how *how, struct cw_buffer *ret);

#endif
