/**
 * The words for a cause and for what repairs it: the one wording of every report for people.
 *
 * Everything is appended as marked text (report/text/layout.h) without line breaks, so that each report lays it
 * out in its own way. The order of what is told is the report's too.
 */
#ifndef CW_REPORT_CAUSE_WORDS_H
#define CW_REPORT_CAUSE_WORDS_H

#include "base/buffer.h"
#include "report/causes.h"

/** "issuer-missing refuses 4 links and warns on 2" */
void cw_cause_words_title(struct cw_buffer *ret, const struct cw_cause *cause);

/** " refuses 4 links and warns on 2": what stands behind the code in the title. */
void cw_cause_words_effect(struct cw_buffer *ret, const struct cw_cause *cause);

/** "c1.acme.test: wanted the CA … in the list" */
void cw_cause_words_complaint(struct cw_buffer *ret, const struct cw_complaint *complaint);

/** The whole line: "c1.acme.test trusted-ca: issuer-missing (refused, depth 1): wanted the CA … in the list" */
void cw_cause_words_line(struct cw_buffer *ret, const struct cw_complaint *complaint);

/** "c1.acme.test, c2.acme.test: ca-not-needed (warn): entry 1 of trusted-ca …" */
void cw_cause_words_on_boxes(struct cw_buffer *ret, const struct cw_cause *cause);

/** The boxes that have the cause by themselves, separated by commas; nothing where there are none. */
void cw_cause_words_boxes(struct cw_buffer *ret, const struct cw_cause *cause);

/** "The server certificate of e1.acme.test as c1.acme.test sees it:" */
void cw_cause_words_caption(struct cw_buffer *ret, const struct cw_question *question);

/** "The box shows "TLS Negotiation Error"."; nothing where it shows nothing of its own. */
void cw_cause_words_vendor(struct cw_buffer *ret, const struct cw_complaint *complaint);

/** A list of what to do is told line by line. */
enum cw_todo_kind {
	CW_TODO_STEP, /* on which page of which box to do what */
	CW_TODO_THEN, /* what must follow the steps before it */
	CW_TODO_SAME, /* "as for cause 1": instead of steps */
};
typedef void (*cw_todo_line)(void *user, enum cw_todo_kind kind, const char *words);

/** Tells every remedy of the cause; the advice of its row where there is none. False: no memory. */
CW_MUST_USE bool cw_cause_words_todo(const struct cw_causes *causes, const struct cw_cause *cause,
	const struct cw_deployment *deployment, cw_todo_line line, void *user);

/** Tells the remedy of one complaint alone. */
CW_MUST_USE bool cw_cause_words_complaint_todo(const struct cw_complaint *complaint,
	const struct cw_link *link, const struct cw_deployment *deployment, cw_todo_line line, void *user);

#endif
