#include "observe/log/log_line.h"

#include "base/forward.h"

#include <stdio.h>
#include <string.h>

#define OUTBOUND_PORT_FIRST 25000
#define OUTBOUND_PORT_LAST 29999
#define DAY 86400

const char *cw_log_line_time(const struct cw_log_time *time, char text[CW_LOG_TIME_SIZE])
{
	char utc[CW_TIME_TEXT_SIZE];
	text[0] = '\0';
	if (time->form == CW_LOG_TIME_NONE)
		return text;
	cw_time_format(time->seconds, utc);
	char *clock = strchr(utc, 'T');
	if (time->form != CW_LOG_TIME_UTC && strchr(utc, 'Z'))
		*strchr(utc, 'Z') = '\0';
	snprintf(text, CW_LOG_TIME_SIZE, "%s", time->form == CW_LOG_TIME_CLOCK && clock ? clock + 1 : utc);
	return text;
}

bool cw_log_line_is(const struct cw_log_text *text, const char *wanted)
{
	size_t length = strlen(wanted);
	return text->length == length && (!length || memcmp(text->data, wanted, length) == 0);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name_char(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
		c == '_';
}

/* Behind `needle`, or NULL. */
static const char *behind(const struct cw_log_text *line, const char *needle)
{
	size_t length = strlen(needle);
	const char *found = line->length ? memmem(line->data, line->length, needle, length) : NULL;
	return found ? found + length : NULL;
}

static struct cw_log_text trimmed(const char *begin, const char *end)
{
	while (begin < end && *begin == ' ')
		begin++;
	while (end > begin && end[-1] == ' ')
		end--;
	return (struct cw_log_text){begin, (size_t)(end - begin)};
}

struct cw_log_text cw_log_line_value(const struct cw_log_text *line, const char *key)
{
	struct cw_log_text rest = *line, none = {0};
	const char *end = line->data + line->length, *at;
	size_t unread = CW_FORWARD_BEGIN;
	while ((at = behind(&rest, key)) && cw_forward(&unread, (size_t)(end - at))) {
		bool begins =
			at - strlen(key) == line->data || !is_name_char(at[-(ptrdiff_t)strlen(key) - 1]);
		rest = (struct cw_log_text){at, (size_t)(end - at)};
		if (!begins || end - at < 2 || at[0] != '=' || at[1] != '"')
			continue;
		const char *quote = memchr(at + 2, '"', (size_t)(end - at - 2));
		return quote ? trimmed(at + 2, quote) : none;
	}
	return none;
}

/* A number of exactly `digits` digits at *at, which moves behind it; -1: none. */
static int number(const char **at, const char *end, int digits)
{
	int value = 0;
	if (end - *at < digits)
		return -1;
	for (int i = 0; i < digits; i++) {
		if (!is_digit((*at)[i]))
			return -1;
		value = value * 10 + ((*at)[i] - '0');
	}
	*at += digits;
	return value;
}

static bool skip(const char **at, const char *end, const char *one_of)
{
	if (*at >= end || !**at || !strchr(one_of, **at))
		return false;
	(*at)++;
	return true;
}

/* HH:MM:SS with or without a fraction; seconds since midnight, or -1. */
static cw_time clock_at(const char **at, const char *end)
{
	int hour = number(at, end, 2);
	if (hour < 0 || hour > 23 || !skip(at, end, ":"))
		return -1;
	int minute = number(at, end, 2);
	if (minute < 0 || minute > 59 || !skip(at, end, ":"))
		return -1;
	int second = number(at, end, 2);
	if (second < 0 || second > 60)
		return -1;
	const char *fraction = *at;
	if (skip(&fraction, end, ".,") && fraction < end && is_digit(*fraction)) {
		while (fraction < end && is_digit(*fraction))
			fraction++;
		*at = fraction;
	}
	return hour * 3600 + minute * 60 + second;
}

/* "Z", "+01:00", "-0500"; the seconds east of Greenwich. False: no zone here. */
static bool zone_at(const char **at, const char *end, cw_time *ret)
{
	*ret = 0;
	if (skip(at, end, "Z"))
		return true;
	if (*at >= end || (**at != '+' && **at != '-'))
		return false;
	int sign = **at == '-' ? -1 : 1;
	const char *from = *at + 1;
	int hours = number(&from, end, 2);
	skip(&from, end, ":");
	int minutes = number(&from, end, 2);
	if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59)
		return false;
	*at = from;
	*ret = sign * (hours * 3600 + minutes * 60);
	return true;
}

static bool date_fits(int year, int month, int day)
{
	return year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* "2026-11-20T12:00:00+01:00", "2026-11-20 12:00:00,123". */
static bool iso_at(const char **at, const char *end, struct cw_log_time *ret)
{
	int year = number(at, end, 4);
	if (year < 0 || !skip(at, end, "-"))
		return false;
	int month = number(at, end, 2);
	if (month < 0 || !skip(at, end, "-"))
		return false;
	int day = number(at, end, 2);
	if (day < 0 || !skip(at, end, "T ") || !date_fits(year, month, day))
		return false;
	cw_time clock = clock_at(at, end), east = 0;
	if (clock < 0)
		return false;
	bool zone = zone_at(at, end, &east);
	ret->form = zone ? CW_LOG_TIME_UTC : CW_LOG_TIME_LOCAL;
	ret->seconds = cw_time_from_utc(year, month, day, 0, 0, 0) + clock - east;
	return true;
}

static int month_at(const char **at, const char *end)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	for (int i = 0; i < 12 && end - *at >= 3; i++)
		if (memcmp(*at, names + (size_t)i * 3, 3) == 0) {
			*at += 3;
			return i + 1;
		}
	return -1;
}

/* "Nov 20 11:00:00" (no year: a time of day is all that is certain), "Nov 20 2026 11:00:00.123 UTC". */
static bool syslog_at(const char **at, const char *end, struct cw_log_time *ret)
{
	int month = month_at(at, end);
	if (month < 0 || !skip(at, end, " "))
		return false;
	skip(at, end, " ");
	int day = *at < end && end - *at > 1 && is_digit((*at)[1]) ? number(at, end, 2) : number(at, end, 1);
	if (day < 0 || !skip(at, end, " "))
		return false;
	const char *from = *at;
	int year = number(&from, end, 4);
	if (year >= 0 && skip(&from, end, " "))
		*at = from;
	else
		year = -1;
	cw_time clock = clock_at(at, end);
	if (clock < 0)
		return false;
	ret->form = CW_LOG_TIME_CLOCK;
	ret->seconds = clock;
	if (!date_fits(year, month, day))
		return true;
	ret->form = end - *at >= 4 && memcmp(*at, " UTC", 4) == 0 ? CW_LOG_TIME_UTC : CW_LOG_TIME_LOCAL;
	ret->seconds = cw_time_from_utc(year, month, day, 0, 0, 0) + clock;
	return true;
}

/* "00001234 | 26/02/2026 07:30:00.123 | SdlSig |", "04530161.009 |19:59:21.185 |AppInfo  |". */
static bool sdl_at(const struct cw_log_text *line, struct cw_log_time *ret)
{
	const char *end = line->data + line->length;
	size_t head = line->length < 32 ? line->length : 32;
	const char *at = head ? memchr(line->data, '|', head) : NULL;
	if (!at)
		return false;
	at++;
	skip(&at, end, " ");
	const char *from = at;
	int day = number(&from, end, 2), month = -1, year = -1;
	if (day >= 0 && skip(&from, end, "/") && (month = number(&from, end, 2)) >= 0 &&
		skip(&from, end, "/"))
		year = number(&from, end, 4);
	bool dated = date_fits(year, month, day) && skip(&from, end, " ");
	cw_time clock = clock_at(dated ? &from : &at, end);
	if (clock < 0)
		return false;
	ret->form = dated ? CW_LOG_TIME_LOCAL : CW_LOG_TIME_CLOCK;
	ret->seconds = clock + (dated ? cw_time_from_utc(year, month, day, 0, 0, 0) : 0);
	return true;
}

/* Host and process behind the time: "expe tvcs:", "expe traffic_server[2030]:", "appl[2150]:". */
static void read_writer(const char *at, const char *end, struct cw_log_line *ret)
{
	struct cw_log_text words[2] = {{0}, {0}};
	size_t count = 0;
	while (count < 2) { /* ends: each turn adds a word, or returns */
		while (at < end && *at == ' ')
			at++;
		const char *begin = at;
		while (at < end && is_name_char(*at))
			at++;
		if (at == begin)
			return;
		words[count++] = (struct cw_log_text){begin, (size_t)(at - begin)};
		if (at < end && (*at == '[' || *at == ':'))
			break;
		if (at >= end || *at != ' ')
			return;
	}
	if (at >= end || (*at != '[' && *at != ':'))
		return;
	ret->process = words[count - 1];
	if (count == 2)
		ret->host = words[0];
}

static void read_head(struct cw_log_line *ret)
{
	const char *end = ret->text.data + ret->text.length, *at = ret->text.data;
	struct cw_log_time time = {0};
	if (iso_at(&at, end, &time)) {
		if (time.form == CW_LOG_TIME_UTC)
			read_writer(at, end, ret);
	} else {
		at = ret->text.data;
		if (syslog_at(&at, end, &time))
			read_writer(at, end, ret);
		else if (!sdl_at(&ret->text, &time))
			time.form = CW_LOG_TIME_NONE;
	}
	ret->time = time;
	struct cw_log_text utc = cw_log_line_value(&ret->text, "UTCTime");
	at = utc.data;
	if (utc.length && iso_at(&at, utc.data + utc.length, &time))
		ret->time = (struct cw_log_time){CW_LOG_TIME_UTC, time.seconds};
}

/* "['IPv4''TCP''192.0.2.10:25012']" behind `key`. */
static struct cw_log_end address_list(const struct cw_log_text *line, const char *key)
{
	struct cw_log_end none = {{0}, {0}};
	struct cw_log_text value = cw_log_line_value(line, key);
	if (value.length < 2)
		return none;
	const char *quote = value.data + value.length;
	while (quote > value.data && (quote[-1] == ']' || quote[-1] == '\''))
		quote--;
	const char *begin = quote;
	while (begin > value.data && begin[-1] != '\'')
		begin--;
	const char *colon = quote;
	while (colon > begin && colon[-1] != ':')
		colon--;
	if (colon == begin)
		return none;
	return (struct cw_log_end){trimmed(begin, colon - 1), trimmed(colon, quote)};
}

static bool is_outbound_port(const struct cw_log_text *port)
{
	int value = 0;
	for (size_t i = 0; i < port->length && i < 6; i++)
		value = value * 10 + (port->data[i] - '0');
	return value >= OUTBOUND_PORT_FIRST && value <= OUTBOUND_PORT_LAST;
}

static void read_ends(struct cw_log_line *ret)
{
	const struct cw_log_text *text = &ret->text;
	struct cw_log_end source = {cw_log_line_value(text, "Src-ip"), cw_log_line_value(text, "Src-port")};
	struct cw_log_end target = {cw_log_line_value(text, "Dst-ip"), cw_log_line_value(text, "Dst-port")};
	if (!source.address.length && !target.address.length) {
		ret->local = address_list(text, "localAddress");
		ret->remote = address_list(text, "remoteAddress");
		return;
	}
	bool outbound = behind(text, "Event=\"Outbound") ||
		(!behind(text, "Event=\"Inbound") && is_outbound_port(&source.port)) ||
		!source.address.length;
	ret->remote = outbound ? target : source;
	ret->local = outbound ? source : target;
}

void cw_log_line_read(const char *data, size_t length, struct cw_log_line *ret)
{
	*ret = (struct cw_log_line){.text = {data, length}};
	if (!length)
		return;
	read_head(ret);
	read_ends(ret);
}
