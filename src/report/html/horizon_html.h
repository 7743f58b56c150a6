/**
 * The horizon as a page: what is dead already, then a card for each date with what breaks on it and what is to be
 * done before.
 *
 * One file that asks nothing of anybody, with the style and script of the report (report/html/report_html.h); its
 * words are those of the text.
 */
#ifndef CW_REPORT_HTML_HORIZON_HTML_H
#define CW_REPORT_HTML_HORIZON_HTML_H

#include "base/buffer.h"
#include "plan/horizon.h"

CW_MUST_USE bool cw_horizon_html(const struct cw_deployment *deployment, const struct cw_horizon *horizon,
	struct cw_buffer *ret, struct cw_error *error);

#endif
