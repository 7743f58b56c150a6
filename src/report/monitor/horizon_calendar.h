/**
 * The horizon as a calendar (RFC 5545): a whole-day event on each date on which something breaks, with what
 * breaks, what to do and alarms 30 and 7 days ahead.
 *
 * A date keeps its UID as long as the deployment's name and the date are the same, so that a calendar that
 * imports the file again does not show it twice.
 */
#ifndef CW_REPORT_HORIZON_CALENDAR_H
#define CW_REPORT_HORIZON_CALENDAR_H

#include "base/buffer.h"
#include "plan/horizon.h"

CW_MUST_USE bool cw_horizon_calendar(const struct cw_deployment *deployment, const struct cw_horizon *horizon,
	struct cw_buffer *ret, struct cw_error *error);

#endif
