/**
 * The report for people: who is cut off, which links are refused by whom, each cause once with what repairs
 * it in the words of the box, what the boxes have by themselves, and the count.
 */
#ifndef CW_REPORT_TEXT_REPORT_TEXT_H
#define CW_REPORT_TEXT_REPORT_TEXT_H

#include "base/buffer.h"
#include "check/check.h"
#include "report/text/layout.h"

struct cw_text_options {
	struct cw_layout_look look;
	bool all;   /* every link, every box, notes too; else long lists of the same are cut short */
	bool quiet; /* the answer in one line, whatever its length */
	bool title; /* begin with the deployment's name: one report among several */
};

/** Appends the report: lines of the look's width, UTF-8 as far as the certificates' names are. */
CW_MUST_USE bool cw_report_text(const struct cw_check *check, const struct cw_text_options *options,
	struct cw_buffer *ret, struct cw_error *error);

/** Appends its first lines alone, as marked text (report/text/layout.h): who signs in and who does not;
 * without the numbers of causes, which stand further down there. */
CW_MUST_USE bool cw_report_text_people(
	const struct cw_check *check, struct cw_buffer *ret, struct cw_error *error);

#endif
