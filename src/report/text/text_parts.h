/**
 * The parts of the text report, for its files (text*.c) only. Each appends marked text (report/text/layout.h).
 */
#ifndef CW_REPORT_TEXT_TEXT_PARTS_H
#define CW_REPORT_TEXT_TEXT_PARTS_H

#include "report/causes.h"
#include "report/text/layout.h"
#include "report/text/report_text.h"

struct cw_text {
	struct cw_buffer out;
	const struct cw_check *check;
	struct cw_causes causes;
	const struct cw_text_options *options;
};

/** The links as a table. */
void cw_text_links(struct cw_text *text);
/** The causes that links suffer from; first those that are reached, then what would have failed next. */
void cw_text_causes(struct cw_text *text);

/** No line is broken inside the names of these certificates (NULL: none), nor inside those of a complaint. */
void cw_text_keep_cert(struct cw_buffer *words, const struct cw_cert *cert);
void cw_text_keep_complaint(struct cw_buffer *words, const struct cw_complaint *complaint);

/** A heading in bold, after an empty line where something stands before it. */
void cw_text_heading(struct cw_text *text, const char *heading);
/** The number that a cause is told by, from 1; causes of boxes by themselves have one too. */
size_t cw_text_cause_number(const struct cw_text *text, const struct cw_cause *cause);
/** "To do" with every remedy of the cause, each line after `prefix`; the row's advice where there is none. */
void cw_text_remedies(struct cw_text *text, const struct cw_cause *cause, size_t indent);

#endif
