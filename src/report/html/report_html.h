/**
 * The report as one page: who is cut off, the plan as cards to tick off, with what is uploaded in them, the map of
 * the deployment with every link to click on, each cause with what repairs it, every link with its chain and its
 * handshake, the boxes by themselves, what the codes mean.
 *
 * The page is one file that asks nothing of anybody: no address outside it, no script that is not in it (a
 * Content-Security-Policy says so). It works without scripts. All words are those of the text report.
 */
#ifndef CW_REPORT_HTML_REPORT_HTML_H
#define CW_REPORT_HTML_REPORT_HTML_H

#include "base/buffer.h"
#include "check/check.h"
#include "plan/renewal.h"
#include "plan/repair.h"
#include "report/html/map.h"

/** What stands before the first and behind the last report. */
void cw_report_html_begin(struct cw_buffer *ret);
void cw_report_html_end(struct cw_buffer *ret);

/** Who signs in and who does not, alone; what cw_report_html_rest then leaves out. */
CW_MUST_USE bool cw_report_html_people(
	const struct cw_check *check, struct cw_buffer *ret, struct cw_error *error);
CW_MUST_USE bool cw_report_html_rest(
	const struct cw_check *check, struct cw_buffer *ret, struct cw_error *error);

/** One deployment's part; `number` (from 0) tells its anchors from those of other parts. */
CW_MUST_USE bool cw_report_html(
	const struct cw_check *check, size_t number, struct cw_buffer *ret, struct cw_error *error);

/**
 * The map with its links to click on, alone, for a page that has more: no beginning and no end, no style and no script in it.
 * `live` (or NULL) says how links are now; what is told of each link is what was judged.
 */
CW_MUST_USE bool cw_report_html_map(const struct cw_check *check, const struct cw_map_live *live,
	struct cw_buffer *ret, struct cw_error *error);

/** The plan alone (the answer of `fix`), between the same beginning and end. */
CW_MUST_USE bool cw_report_html_plan(const struct cw_check *check, const struct cw_repair *plan,
	struct cw_buffer *ret, struct cw_error *error);

/** A renewal (the answer of `renew`), likewise; `check` is of the deployment as it is. */
CW_MUST_USE bool cw_report_html_renewal(const struct cw_check *check, const struct cw_renewal *renewal,
	struct cw_buffer *ret, struct cw_error *error);

#endif
