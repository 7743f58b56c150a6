/**
 * The option --days.
 */
#ifndef CW_CLI_CALL_DAYS_H
#define CW_CLI_CALL_DAYS_H

#include "cli/call.h"

/* A certificate may not outlive the year 9999; a hundred years are more than any lab needs. */
#define CW_DAYS_MAX 36500

/** The number of days of --days; 0 where it was not given. CW_E_USAGE for what is no number from 1 on. */
CW_MUST_USE bool cw_call_days(const struct cw_call *call, long *ret, struct cw_error *error);

#endif
