#include "report/monitor/report_nagios.h"

#include "report/service_groups.h"
#include "report/text/layout.h"

static const char *const words[] = {[CW_NAGIOS_OK] = "OK",
	[CW_NAGIOS_WARNING] = "WARNING",
	[CW_NAGIOS_CRITICAL] = "CRITICAL",
	[CW_NAGIOS_UNKNOWN] = "UNKNOWN"};

static enum cw_service_state worst_service(const struct cw_check *check)
{
	enum cw_service_state worst = CW_SERVICE_WORKS;
	for (size_t i = 0; i < check->service_count; i++)
		if (check->services[i].state > worst)
			worst = check->services[i].state;
	return worst;
}

static bool breaks_within(const struct cw_horizon *horizon, int days)
{
	return horizon->count && horizon->breaks[0].at - horizon->at <= days * CW_DAY;
}

static bool any_service(const struct cw_check *check, enum cw_service_state state)
{
	for (size_t i = 0; i < check->service_count; i++)
		if (check->services[i].state == state)
			return true;
	return false;
}

enum cw_nagios_state cw_report_nagios_state(const struct cw_check *check, const struct cw_horizon *horizon)
{
	if (cw_check_refused(check) || worst_service(check) == CW_SERVICE_DEAD ||
		breaks_within(horizon, CW_NAGIOS_CRITICAL_DAYS))
		return CW_NAGIOS_CRITICAL;
	if (check->verdicts[CW_VERDICT_WARN] || any_service(check, CW_SERVICE_PROMPTS) ||
		any_service(check, CW_SERVICE_DEGRADED) || breaks_within(horizon, CW_NAGIOS_WARNING_DAYS))
		return CW_NAGIOS_WARNING;
	if (check->verdicts[CW_VERDICT_UNKNOWN] || any_service(check, CW_SERVICE_UNKNOWN) ||
		!check->link_count)
		return CW_NAGIOS_UNKNOWN;
	return CW_NAGIOS_OK;
}

/* The first sentence of every other report: who can sign in and who cannot. */
static bool headline(const struct cw_check *check, struct cw_buffer *line, struct cw_error *error)
{
	AUTO_CAUSES causes = {0};
	AUTO_SERVICE_GROUPS groups = {0};
	if (!cw_causes_find(check, &causes, error) || !cw_service_groups_find(check, &causes, &groups, error))
		return false;
	if (!check->link_count)
		cw_buffer_text(line, "no link is described, nothing was judged");
	else if (groups.count)
		return cw_service_group_sentence(line, check, &groups.items[0], error);
	else
		cw_buffer_printf(line, "%zu of %zu links are refused", check->verdicts[CW_VERDICT_REFUSED],
			check->link_count);
	return true;
}

static void first_break(const struct cw_horizon *horizon, struct cw_buffer *line)
{
	char date[CW_TIME_TEXT_SIZE];
	if (!horizon->count)
		return;
	cw_buffer_printf(line, "; next break %s, in %lld days",
		cw_time_format_date(horizon->breaks[0].at, date),
		(long long)((horizon->breaks[0].at - horizon->at) / CW_DAY));
}

/* A bar begins the performance data. */
static void copy_without_bars(struct cw_buffer *ret, const struct cw_buffer *line)
{
	for (const char *at = cw_buffer_string(line); *at; at++)
		cw_buffer_char(ret, *at == '|' || *at == '\n' ? '/' : *at);
	ret->failed |= line->failed;
}

bool cw_report_nagios(const struct cw_check *check, const struct cw_horizon *horizon, struct cw_buffer *ret,
	struct cw_error *error)
{
	AUTO_BUFFER marked = {0};
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&marked, "CAUSEWAY %s - %s: ", words[cw_report_nagios_state(check, horizon)],
		check->deployment->name);
	if (!headline(check, &marked, error))
		return false;
	first_break(horizon, &marked);
	cw_layout_render(&marked, (struct cw_layout_look){0}, &line);
	copy_without_bars(ret, &line);
	cw_buffer_printf(ret, " | refused=%zu;;0;0;%zu unknown=%zu warn=%zu pass=%zu",
		check->verdicts[CW_VERDICT_REFUSED], check->link_count, check->verdicts[CW_VERDICT_UNKNOWN],
		check->verdicts[CW_VERDICT_WARN], check->verdicts[CW_VERDICT_PASS]);
	if (horizon->count)
		cw_buffer_printf(ret, " days_to_break=%lld;%d:;%d:",
			(long long)((horizon->breaks[0].at - horizon->at) / CW_DAY), CW_NAGIOS_WARNING_DAYS,
			CW_NAGIOS_CRITICAL_DAYS);
	cw_buffer_char(ret, '\n');
	return cw_buffer_ok(ret, error);
}

void cw_report_nagios_trouble(struct cw_buffer *ret, const char *path)
{
	AUTO_BUFFER marked = {0};
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&marked,
		"CAUSEWAY UNKNOWN - %s: the question could not be asked; \"causeway check\" on it says why",
		path);
	cw_layout_render(&marked, (struct cw_layout_look){0}, &line);
	copy_without_bars(ret, &line);
	cw_buffer_char(ret, '\n');
}
