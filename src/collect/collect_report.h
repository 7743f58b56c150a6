/**
 * What a collect tells the person who ran it: of each box how much was had, what was not, and why.
 */
#ifndef CW_COLLECT_COLLECT_REPORT_H
#define CW_COLLECT_COLLECT_REPORT_H

#include "base/buffer.h"
#include "collect/collect.h"

/** "c1.acme.test: 11 answers, 1 not had", in one line. */
void cw_collect_report_line(
	const struct cw_collect *collect, const struct cw_collect_box *box, struct cw_buffer *ret);

/** As text: every box, what was not had and why, and where an answer of a former run stands in for it. */
void cw_collect_report_write(const struct cw_collect *collect, struct cw_buffer *ret);

/** Answers that were had, of all boxes; and those that are missing (a box that was not asked counts as one). */
size_t cw_collect_report_had(const struct cw_collect *collect);
size_t cw_collect_report_missing(const struct cw_collect *collect);

#endif
