#include "report/monitor/horizon_calendar.h"

#include "base/escape.h"
#include "check/service.h"
#include "report/horizon_report.h"

#include <string.h>

/* RFC 5545, section 3.1 "Content Lines": 75 octets without the line break. */
#define FOLD_OCTETS 75
#define LINKS_SHOWN_MAX 8

static const int alarm_days[] = {30, 7};

/* A content line, folded so that no character is cut. */
static void put_line(struct cw_buffer *out, const struct cw_buffer *line)
{
	const char *at = cw_buffer_string(line);
	size_t left = line->length, room = FOLD_OCTETS;
	while (left > room) {
		size_t take = room;
		while (take > 1 && ((unsigned char)at[take] & 0xc0) == 0x80)
			take--;
		cw_buffer_append(out, at, take);
		cw_buffer_text(out, "\r\n ");
		at += take;
		left -= take;
		room = FOLD_OCTETS - 1; /* the space counts */
	}
	cw_buffer_append(out, at, left);
	cw_buffer_text(out, "\r\n");
	out->failed |= line->failed;
}

static void put(struct cw_buffer *out, const char *line)
{
	cw_buffer_text(out, line);
	cw_buffer_text(out, "\r\n");
}

/* RFC 5545, section 3.3.11 "Text". */
static void put_text(struct cw_buffer *out, const char *name, const struct cw_buffer *text)
{
	AUTO_BUFFER line = {0};
	AUTO_BUFFER safe = {0};
	const char *at = cw_buffer_string(text);
	while (*at) {
		size_t length = strcspn(at, "\n");
		cw_escape(&safe, at, length, "");
		at += length;
		if (*at && at[1])
			cw_buffer_char(&safe, '\n');
		at += *at == '\n';
	}
	cw_buffer_printf(&line, "%s:", name);
	for (at = cw_buffer_string(&safe); *at; at++)
		if (*at == '\n')
			cw_buffer_text(&line, "\\n");
		else if (strchr("\\;,", *at))
			cw_buffer_printf(&line, "\\%c", *at);
		else
			cw_buffer_char(&line, *at);
	line.failed |= safe.failed || text->failed;
	put_line(out, &line);
}

static void put_alarms(struct cw_buffer *out, const struct cw_buffer *summary)
{
	for (size_t i = 0; i < sizeof alarm_days / sizeof alarm_days[0]; i++) {
		put(out, "BEGIN:VALARM\r\nACTION:DISPLAY");
		cw_buffer_printf(out, "TRIGGER:-P%dD\r\n", alarm_days[i]);
		put_text(out, "DESCRIPTION", summary);
		put(out, "END:VALARM");
	}
}

static void summarise(
	struct cw_buffer *ret, const struct cw_deployment *deployment, const struct cw_horizon_break *found)
{
	if (found->cause_count)
		cw_buffer_printf(ret, "%s: something in %s of %s ends", deployment->name,
			found->causes[0].store, found->causes[0].node);
	else
		cw_buffer_printf(ret, "%s: something ends", deployment->name);
	if (found->cause_count > 1)
		cw_buffer_printf(ret, " and %zu more", found->cause_count - 1);
	cw_buffer_printf(
		ret, ", %zu %s", found->links.count, found->links.count == 1 ? "link breaks" : "links break");
}

static void describe(struct cw_buffer *ret, const struct cw_horizon_break *found)
{
	for (size_t i = 0; i < found->service_count; i++)
		cw_buffer_printf(ret, "sign-in with %s for %s: %s -> %s\n", found->services[i].endpoint->name,
			found->services[i].domain->name, cw_service_state_name(found->services[i].before),
			cw_service_state_name(found->services[i].after));
	for (size_t i = 0; i < found->cause_count; i++) {
		cw_buffer_printf(ret, "> ");
		cw_horizon_report_todo(ret, &found->causes[i]);
		cw_buffer_char(ret, '\n');
	}
	for (size_t i = 0; i < found->links.count && i < LINKS_SHOWN_MAX; i++)
		cw_buffer_printf(ret, "%s\n", found->links.items[i]);
	if (found->links.count > LINKS_SHOWN_MAX)
		cw_buffer_printf(ret, "and %zu more links\n", found->links.count - LINKS_SHOWN_MAX);
}

/* "20261210" */
static void put_date(struct cw_buffer *out, const char *name, cw_time at)
{
	char date[CW_TIME_TEXT_SIZE];
	cw_time_format_date(at, date);
	cw_buffer_printf(out, "%s;VALUE=DATE:%.4s%.2s%.2s\r\n", name, date, date + 5, date + 8);
}

static void put_stamp(struct cw_buffer *out, cw_time at)
{
	char text[CW_TIME_TEXT_SIZE];
	cw_buffer_text(out, "DTSTAMP:");
	for (const char *c = cw_time_format(at, text); *c; c++)
		if (*c != '-' && *c != ':')
			cw_buffer_char(out, *c);
	cw_buffer_text(out, "\r\n");
}

static void put_uid(
	struct cw_buffer *out, const struct cw_deployment *deployment, const struct cw_horizon_break *found)
{
	AUTO_BUFFER uid = {0};
	cw_buffer_printf(&uid, "%lld-%s@causeway", (long long)found->at, deployment->name);
	put_text(out, "UID", &uid);
}

static void put_event(struct cw_buffer *out, const struct cw_deployment *deployment, cw_time now,
	const struct cw_horizon_break *found)
{
	AUTO_BUFFER summary = {0};
	AUTO_BUFFER description = {0};
	summarise(&summary, deployment, found);
	describe(&description, found);
	put(out, "BEGIN:VEVENT");
	put_uid(out, deployment, found);
	put_stamp(out, now);
	put_date(out, "DTSTART", found->at);
	put_date(out, "DTEND", found->at + CW_DAY);
	put_text(out, "SUMMARY", &summary);
	put_text(out, "DESCRIPTION", &description);
	put(out, "TRANSP:TRANSPARENT");
	put_alarms(out, &summary);
	put(out, "END:VEVENT");
}

bool cw_horizon_calendar(const struct cw_deployment *deployment, const struct cw_horizon *horizon,
	struct cw_buffer *ret, struct cw_error *error)
{
	put(ret, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//causeway//horizon//EN");
	for (size_t i = 0; i < horizon->count; i++)
		put_event(ret, deployment, horizon->at, &horizon->breaks[i]);
	put(ret, "END:VCALENDAR");
	return cw_buffer_ok(ret, error);
}
