#include "report/report_format.h"

#include "report/html/report_html.h"
#include "report/monitor/report_nagios.h"
#include "report/monitor/report_openmetrics.h"
#include "report/report_json.h"
#include "report/report_junit.h"
#include "report/text/report_text.h"

#include <string.h>

static bool write_text(const struct cw_check *check, const struct cw_report_options *options,
	struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_text_options text = {.look = options->look,
		.all = options->all,
		.quiet = options->quiet,
		.title = options->several};
	if (options->several && ret->length && !options->quiet)
		cw_buffer_char(ret, '\n');
	return cw_report_text(check, &text, ret, error);
}

static bool write_json(const struct cw_check *check, const struct cw_report_options *options,
	struct cw_buffer *ret, struct cw_error *error)
{
	return cw_report_json(check, options->several, ret, error);
}

static bool write_html(const struct cw_check *check, const struct cw_report_options *options,
	struct cw_buffer *ret, struct cw_error *error)
{
	return cw_report_html(check, options->number, ret, error);
}

static bool write_junit(const struct cw_check *check, const struct cw_report_options *options,
	struct cw_buffer *ret, struct cw_error *error)
{
	(void)options;
	return cw_report_junit(check, ret, error);
}

static bool write_openmetrics(const struct cw_check *check, const struct cw_report_options *options,
	struct cw_buffer *ret, struct cw_error *error)
{
	return cw_report_openmetrics(check, options->horizon, ret, error);
}

static bool write_nagios(const struct cw_check *check, const struct cw_report_options *options,
	struct cw_buffer *ret, struct cw_error *error)
{
	return cw_report_nagios(check, options->horizon, ret, error);
}

static int nagios_status(const struct cw_check *check, const struct cw_report_options *options)
{
	return (int)cw_report_nagios_state(check, options->horizon);
}

static const struct cw_report_format table[] = {
	{.name = "text", .write = write_text, .has_room = true},
	{.name = "json", .write = write_json, .has_room = true},
	{.name = "html",
		.write = write_html,
		.begin = cw_report_html_begin,
		.end = cw_report_html_end,
		.has_room = true},
	{.name = "junit", .write = write_junit, .begin = cw_report_junit_begin, .end = cw_report_junit_end},
	{.name = "openmetrics",
		.write = write_openmetrics,
		.end = cw_report_openmetrics_end,
		.looks_ahead = true},
	{.name = "nagios",
		.write = write_nagios,
		.looks_ahead = true,
		.status = nagios_status,
		.trouble = cw_report_nagios_trouble,
		.trouble_status = CW_NAGIOS_UNKNOWN,
		.one = true},
};

const struct cw_report_format *cw_report_format(const char *name)
{
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}
