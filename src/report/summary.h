/**
 * The count of a check in one sentence.
 */
#ifndef CW_REPORT_SUMMARY_H
#define CW_REPORT_SUMMARY_H

#include "base/buffer.h"
#include "check/check.h"

/* What to add where links are unknown. */
#define CW_SUMMARY_UNKNOWN \
	"Unknown is no pass: export what is missing from the box and name it in the deployment file."

/** "acme, judged as of 2026-11-20T12:00:00Z: 16 links, 15 pass, …", as marked text. */
void cw_summary_sentence(struct cw_buffer *ret, const struct cw_check *check);

/** Boxes with something refused by itself: they make the exit status 1 even where all links pass. */
size_t cw_summary_refused_boxes(const struct cw_check *check);

#endif
