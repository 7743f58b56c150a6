#include "http/http_cookie.h"

#include "base/forward.h"
#include "http/http_host.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

#define YEAR_9999_END ((cw_time)253402300799)

const char *cw_http_cookie_date(cw_time time, char ret[CW_HTTP_DATE_SIZE])
{
	time_t bounded = time < 0 ? 0 : time;
	struct tm tm;
	if (bounded > YEAR_9999_END)
		bounded = YEAR_9999_END;
	gmtime_r(&bounded, &tm);
	snprintf(ret, CW_HTTP_DATE_SIZE, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[tm.tm_wday],
		(unsigned)tm.tm_mday % 100, months[tm.tm_mon], (unsigned)(tm.tm_year + 1900) % 10000,
		(unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);
	return ret;
}

/* `digits` decimal digits at `at`; -1 where they are not. */
static int number(struct cw_http_text text, size_t at, size_t digits)
{
	int value = 0;
	for (size_t i = at; i < at + digits; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return -1;
		value = value * 10 + text.at[i] - '0';
	}
	return value;
}

static int month(struct cw_http_text text)
{
	for (int i = 0; i < 12; i++) {
		if (cw_http_text_equal(text, months[i]))
			return i + 1;
	}
	return 0;
}

/* Reads the numbers where they stand, and takes the time only if it is written back as the same text: so
 * every separator, the day of the week and every range are checked at once. */
bool cw_http_cookie_read_date(struct cw_http_text text, cw_time *ret)
{
	char again[CW_HTTP_DATE_SIZE];
	if (text.length != CW_HTTP_DATE_SIZE - 1)
		return false;
	int day = number(text, 5, 2), year = number(text, 12, 4), hour = number(text, 17, 2);
	int minute = number(text, 20, 2), second = number(text, 23, 2);
	int in_year = month(cw_http_text_part(text, 8, 3));
	if (day < 1 || day > 31 || !in_year || year < 1970 || hour < 0 || minute < 0 || second < 0)
		return false;
	cw_time time = cw_time_from_utc(year, in_year, day, hour, minute, second);
	if (!cw_http_text_equal(text, cw_http_cookie_date(time, again)))
		return false;
	*ret = time;
	return true;
}

static bool begins_with(struct cw_http_text text, const char *start)
{
	return cw_http_text_same_word(cw_http_text_part(text, 0, strlen(start)), start);
}

/* av-octets without blanks: a path of ours. */
static bool is_path(struct cw_http_text path)
{
	return !path.length ||
		(path.at[0] == '/' && cw_http_text_is(path, CW_HTTP_IN_TARGET) &&
			cw_http_text_find(path, ';') == path.length);
}

static bool is_value(struct cw_http_text value)
{
	return cw_http_text_run(value, 0, CW_HTTP_IN_COOKIE) == value.length;
}

/* What a browser would not take, or take as something else (RFC 6265bis 4.1.3). NULL: nothing. */
static const char *fault(const struct cw_http_cookie *cookie)
{
	bool host = begins_with(cookie->name, "__Host-");
	if (!cw_http_text_is(cookie->name, CW_HTTP_IN_TOKEN) || !is_value(cookie->value))
		return "its name is no token, or its value has blanks, quotes, commas, semicolons or "
		       "backslashes";
	if (cookie->name.length + cookie->value.length > CW_HTTP_COOKIE_SIZE_MAX)
		return "it is longer than 4096 bytes";
	if (!is_path(cookie->path) || cookie->path.length > 1024)
		return "its Path is not one";
	if (cookie->domain.length && !cw_http_host_is_domain(cookie->domain))
		return "its Domain is no DNS name of two labels or more";
	if (host && (!cw_http_text_equal(cookie->path, "/") || cookie->domain.length))
		return "__Host- wants Path=/ and no Domain";
	if ((host || begins_with(cookie->name, "__Secure-")) && !cookie->secure)
		return "__Host- and __Secure- want Secure";
	return NULL;
}

static void write_text(struct cw_buffer *buffer, const char *before, struct cw_http_text text)
{
	cw_buffer_text(buffer, before);
	if (text.length)
		cw_buffer_append(buffer, text.at, text.length);
}

static const char *same_site_text(enum cw_http_same_site same_site)
{
	switch (same_site) {
	case CW_HTTP_SAME_SITE_STRICT:
		return "; SameSite=Strict";
	case CW_HTTP_SAME_SITE_LAX:
		return "; SameSite=Lax";
	case CW_HTTP_SAME_SITE_UNSAID:
		break;
	}
	return "";
}

bool cw_http_cookie_write(
	struct cw_buffer *buffer, const struct cw_http_cookie *cookie, struct cw_error *error)
{
	char date[CW_HTTP_DATE_SIZE];
	const char *wrong = fault(cookie);
	if (wrong)
		return cw_error_set(error, CW_E_HTTP, "a cookie cannot be set: %s", wrong);
	write_text(buffer, "", cookie->name);
	write_text(buffer, "=", cookie->value);
	if (cookie->has_expires)
		cw_buffer_printf(buffer, "; Expires=%s", cw_http_cookie_date(cookie->expires, date));
	if (cookie->has_max_age)
		cw_buffer_printf(buffer, "; Max-Age=%u", cookie->max_age);
	if (cookie->domain.length)
		write_text(buffer, "; Domain=", cookie->domain);
	if (cookie->path.length)
		write_text(buffer, "; Path=", cookie->path);
	if (cookie->secure)
		cw_buffer_text(buffer, "; Secure");
	if (cookie->http_only)
		cw_buffer_text(buffer, "; HttpOnly");
	cw_buffer_text(buffer, same_site_text(cookie->same_site));
	return cw_buffer_ok(buffer, error);
}

enum cookie_attribute {
	COOKIE_EXPIRES,
	COOKIE_MAX_AGE,
	COOKIE_DOMAIN,
	COOKIE_PATH,
	COOKIE_SECURE,
	COOKIE_HTTP_ONLY,
	COOKIE_SAME_SITE,
	COOKIE_UNKNOWN
};

static enum cookie_attribute attribute_of(struct cw_http_text name)
{
	static const char *const names[] = {
		[COOKIE_EXPIRES] = "Expires",
		[COOKIE_MAX_AGE] = "Max-Age",
		[COOKIE_DOMAIN] = "Domain",
		[COOKIE_PATH] = "Path",
		[COOKIE_SECURE] = "Secure",
		[COOKIE_HTTP_ONLY] = "HttpOnly",
		[COOKIE_SAME_SITE] = "SameSite",
	};
	for (enum cookie_attribute i = 0; i < COOKIE_UNKNOWN; i++) {
		if (cw_http_text_same_word(name, names[i]))
			return i;
	}
	return COOKIE_UNKNOWN;
}

static bool take_max_age(struct cw_http_text value, struct cw_http_cookie *ret)
{
	uint64_t seconds = 0;
	ret->has_max_age = cw_http_text_number(value, &seconds) && seconds <= UINT32_MAX;
	ret->max_age = (uint32_t)seconds;
	return ret->has_max_age;
}

static bool take_same_site(struct cw_http_text value, struct cw_http_cookie *ret)
{
	if (cw_http_text_same_word(value, "Strict"))
		ret->same_site = CW_HTTP_SAME_SITE_STRICT;
	else if (cw_http_text_same_word(value, "Lax"))
		ret->same_site = CW_HTTP_SAME_SITE_LAX;
	return ret->same_site != CW_HTTP_SAME_SITE_UNSAID;
}

static bool take_attribute(
	enum cookie_attribute attribute, struct cw_http_text value, struct cw_http_cookie *ret)
{
	switch (attribute) {
	case COOKIE_EXPIRES:
		ret->has_expires = cw_http_cookie_read_date(value, &ret->expires);
		return ret->has_expires;
	case COOKIE_MAX_AGE:
		return take_max_age(value, ret);
	case COOKIE_DOMAIN:
		ret->domain = value.length && value.at[0] == '.' ? cw_http_text_part(value, 1, CW_HTTP_REST)
								 : value;
		return ret->domain.length > 0;
	case COOKIE_PATH:
		ret->path = value;
		return value.length > 0;
	case COOKIE_SECURE:
		ret->secure = true;
		return !value.length;
	case COOKIE_HTTP_ONLY:
		ret->http_only = true;
		return !value.length;
	case COOKIE_SAME_SITE:
		return take_same_site(value, ret);
	case COOKIE_UNKNOWN:
		break;
	}
	return true;
}

static bool take_attributes(struct cw_http_text rest, struct cw_http_cookie *ret)
{
	unsigned seen = 0;
	size_t unread = CW_FORWARD_BEGIN;
	while (rest.length && cw_forward(&unread, rest.length)) {
		/* "; " in front of each */
		if (rest.length < 3 || rest.at[0] != ';' || rest.at[1] != ' ')
			return false;
		rest = cw_http_text_part(rest, 2, CW_HTTP_REST);
		struct cw_http_text text = cw_http_text_part(rest, 0, cw_http_text_find(rest, ';'));
		size_t equals = cw_http_text_find(text, '=');
		enum cookie_attribute attribute = attribute_of(cw_http_text_part(text, 0, equals));
		bool again = attribute != COOKIE_UNKNOWN && (seen & 1U << attribute);
		if (again ||
			!take_attribute(attribute, cw_http_text_part(text, equals + 1, CW_HTTP_REST), ret))
			return false;
		seen |= 1U << attribute;
		rest = cw_http_text_part(rest, text.length, CW_HTTP_REST);
	}
	return true;
}

bool cw_http_cookie_parse_set(
	struct cw_http_text value, struct cw_http_cookie *ret, enum cw_http_reason *ret_reason)
{
	struct cw_http_cookie cookie = {0};
	size_t end = cw_http_text_find(value, ';');
	struct cw_http_text pair = cw_http_text_part(value, 0, end);
	size_t equals = cw_http_text_find(pair, '=');
	cookie.name = cw_http_text_part(pair, 0, equals);
	cookie.value = cw_http_text_part(pair, equals + 1, CW_HTTP_REST);
	if (equals == pair.length || !take_attributes(cw_http_text_part(value, end, CW_HTTP_REST), &cookie) ||
		fault(&cookie))
		return cw_http_reason_refuse(ret_reason, CW_HTTP_BAD_COOKIE_FORM);
	*ret = cookie;
	return true;
}
