/**
 * The report for build servers: JUnit XML, a test suite for each deployment, a test case for each service,
 * each link and each node.
 *
 * What is refused (a dead service, a refused link, a node finding that is refused) is a failure, what is
 * unknown is skipped, a warning passes and is told in <system-out>.
 */
#ifndef CW_REPORT_REPORT_JUNIT_H
#define CW_REPORT_REPORT_JUNIT_H

#include "base/buffer.h"
#include "check/check.h"

/** What stands before the first and behind the last suite. */
void cw_report_junit_begin(struct cw_buffer *ret);
void cw_report_junit_end(struct cw_buffer *ret);

CW_MUST_USE bool cw_report_junit(const struct cw_check *check, struct cw_buffer *ret, struct cw_error *error);

#endif
