/**
 * Points in time. Only main loops ask what time it is; everything else gets the time as a parameter.
 */
#ifndef CW_BASE_TIME_H
#define CW_BASE_TIME_H

#include "base/error.h"

#include <stdint.h>

/** Seconds since 1970-01-01T00:00:00Z; negative before. */
typedef int64_t cw_time;

#define CW_DAY ((cw_time)86400)
#define CW_TIME_TEXT_SIZE 32

/** The present time. */
cw_time cw_time_now(void);

/** The time of a proleptic Gregorian UTC date; the caller checked the ranges. Month and day count from 1. */
cw_time cw_time_from_utc(int year, int month, int day, int hour, int minute, int second);

/** "2026-11-20T12:00:00Z". Years outside 0000..9999 are printed as they are. Returns `text`. */
const char *cw_time_format(cw_time time, char text[CW_TIME_TEXT_SIZE]);

/** "2026-11-20". Returns `text`. */
const char *cw_time_format_date(cw_time time, char text[CW_TIME_TEXT_SIZE]);

/**
 * What `--at` takes: RFC 3339 ("2026-11-20T12:00:00Z", an offset "+02:00" too), a date (its first second,
 * UTC), "now", or days from now ("+30d", "-1d"). CW_E_TIME names what was found and what is wanted.
 */
CW_MUST_USE bool cw_time_parse(const char *text, cw_time now, cw_time *ret, struct cw_error *error);

#endif
