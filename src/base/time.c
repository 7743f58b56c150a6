#include "base/time.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define RELATIVE_DAYS_MAX 100000 /* 273 years: beyond it is a typing error */

cw_time cw_time_now(void)
{
	return (cw_time)time(NULL);
}

/* Days from 1970-01-01 to the date, proleptic Gregorian; years
 * counted from March so that leap days come last. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

cw_time cw_time_from_utc(int year, int month, int day, int hour, int minute, int second)
{
	return days_from_civil(year, month, day) * CW_DAY + hour * 3600 + minute * 60 + second;
}

static bool to_utc(cw_time when, struct tm *utc)
{
	time_t seconds = (time_t)when;
	return gmtime_r(&seconds, utc) != NULL;
}

const char *cw_time_format(cw_time when, char text[CW_TIME_TEXT_SIZE])
{
	struct tm utc;
	char date[CW_TIME_TEXT_SIZE];
	if (to_utc(when, &utc))
		snprintf(text, CW_TIME_TEXT_SIZE, "%.18sT%02u:%02u:%02uZ", cw_time_format_date(when, date),
			(unsigned)utc.tm_hour % 100, (unsigned)utc.tm_min % 100, (unsigned)utc.tm_sec % 100);
	else
		snprintf(text, CW_TIME_TEXT_SIZE, "@%lld", (long long)when);
	return text;
}

const char *cw_time_format_date(cw_time when, char text[CW_TIME_TEXT_SIZE])
{
	struct tm utc;
	if (to_utc(when, &utc)) /* strftime's %Y leaves the zeros of year 0033 out */
		snprintf(text, CW_TIME_TEXT_SIZE, "%04lld-%02u-%02u", (long long)utc.tm_year + 1900,
			((unsigned)utc.tm_mon + 1) % 100, (unsigned)utc.tm_mday % 100);
	else
		snprintf(text, CW_TIME_TEXT_SIZE, "@%lld", (long long)when);
	return text;
}

static bool leap_year(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool date_exists(int year, int month, int day)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (month < 1 || month > 12)
		return false;
	int length = lengths[month - 1] + (month == 2 && leap_year(year));
	return day >= 1 && day <= length;
}

/* `count` decimal digits at *text; moves *text behind them. */
static bool digits(const char **text, int count, int *ret)
{
	int value = 0;
	for (int i = 0; i < count; i++, (*text)++) {
		if (**text < '0' || **text > '9')
			return false;
		value = value * 10 + (**text - '0');
	}
	*ret = value;
	return true;
}

static bool literal(const char **text, const char *choices)
{
	if (!**text || !strchr(choices, **text))
		return false;
	(*text)++;
	return true;
}

/* "Z", "+02:00" or "-05:30", to the end of the text; seconds east of UTC. */
static bool parse_offset(const char *text, int *ret)
{
	if ((text[0] == 'Z' || text[0] == 'z') && !text[1]) {
		*ret = 0;
		return true;
	}
	int sign = text[0] == '-' ? -1 : 1;
	int hours, minutes;
	if (!literal(&text, "+-") || !digits(&text, 2, &hours) || !literal(&text, ":") ||
		!digits(&text, 2, &minutes))
		return false;
	*ret = sign * (hours * 3600 + minutes * 60);
	return !*text && hours < 24 && minutes < 60;
}

/* RFC 3339 §5.6; a fraction of a second is read and dropped. */
static bool parse_rfc3339(const char *text, cw_time *ret)
{
	int year, month, day, hour = 0, minute = 0, second = 0, offset = 0;
	if (!digits(&text, 4, &year) || !literal(&text, "-") || !digits(&text, 2, &month) ||
		!literal(&text, "-") || !digits(&text, 2, &day) || !date_exists(year, month, day))
		return false;
	if (*text) {
		if (!literal(&text, "Tt ") || !digits(&text, 2, &hour) || !literal(&text, ":") ||
			!digits(&text, 2, &minute) || !literal(&text, ":") || !digits(&text, 2, &second))
			return false;
		if (*text == '.') {
			text++;
			text += strspn(text, "0123456789");
		}
		if (hour > 23 || minute > 59 || second > 60 || !parse_offset(text, &offset))
			return false;
	}
	*ret = cw_time_from_utc(year, month, day, hour, minute, second) - offset;
	return true;
}

static bool parse_relative(const char *text, cw_time now, cw_time *ret)
{
	if (*text != '+' && *text != '-')
		return false;
	char *end;
	errno = 0;
	long days = strtol(text, &end, 10);
	if (errno || end == text + 1 || strcmp(end, "d") != 0 || days > RELATIVE_DAYS_MAX ||
		days < -RELATIVE_DAYS_MAX)
		return false;
	*ret = now + days * CW_DAY;
	return true;
}

bool cw_time_parse(const char *text, cw_time now, cw_time *ret, struct cw_error *error)
{
	if (strcmp(text, "now") == 0) {
		*ret = now;
		return true;
	}
	if (parse_rfc3339(text, ret) || parse_relative(text, now, ret))
		return true;
	return cw_error_set(error, CW_E_TIME,
		"\"%s\" is no time; wanted 2026-11-20T12:00:00Z, 2026-11-20, now, or days from now like +30d",
		text);
}
