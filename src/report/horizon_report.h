/**
 * The horizon as text and JSON: the first date on which something breaks on top.
 */
#ifndef CW_REPORT_HORIZON_REPORT_H
#define CW_REPORT_HORIZON_REPORT_H

#include "base/buffer.h"
#include "plan/horizon.h"
#include "report/text/layout.h"

CW_MUST_USE bool cw_horizon_report_text(const struct cw_deployment *deployment,
	const struct cw_horizon *horizon, struct cw_layout_look look, struct cw_buffer *ret,
	struct cw_error *error);

/** What to do about something that ends: "request a new server certificate for c1.acme.test (causeway csr new) …". */
void cw_horizon_report_todo(struct cw_buffer *ret, const struct cw_horizon_cause *cause);

/** {"causeway":1,"deployment":…,"at":…,"refused_now":…,"breaks":[{"at","causes":[{…,"todo"}],"links":[…],"services":[…]}]} */
CW_MUST_USE bool cw_horizon_report_json(const struct cw_deployment *deployment,
	const struct cw_horizon *horizon, bool one_line, struct cw_buffer *ret, struct cw_error *error);

#endif
