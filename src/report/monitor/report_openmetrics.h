/**
 * The report for a metrics collector: OpenMetrics text ("OpenMetrics, a cloud-native, highly scalable metrics
 * protocol", version 1.0, section "Text format"), as node_exporter's textfile collector reads it.
 *
 * Names and labels are a contract: they do not change, and a link, service or certificate keeps its lines when
 * it is refused, dead or expired. Verdicts and states are numbers that grow with the harm, days until a break
 * are 0 where it is broken already and +Inf where no date breaks it.
 */
#ifndef CW_REPORT_REPORT_OPENMETRICS_H
#define CW_REPORT_REPORT_OPENMETRICS_H

#include "base/buffer.h"
#include "plan/horizon.h"

/** Appends the samples of one deployment. `horizon` is its own, looked at from check->at. */
CW_MUST_USE bool cw_report_openmetrics(const struct cw_check *check, const struct cw_horizon *horizon,
	struct cw_buffer *ret, struct cw_error *error);

/** Sorts the samples of all deployments in `ret` by metric, puts the descriptions in and ends the exposition. */
void cw_report_openmetrics_end(struct cw_buffer *ret);

#endif
