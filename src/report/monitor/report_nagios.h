/**
 * The report for Nagios, Icinga and what runs their plugins: one line and performance data, and the plugin's
 * exit status ("Monitoring Plugins Development Guidelines", sections "Plugin Output for Nagios", "Plugin Return Codes",
 * "Performance data").
 *
 * Critical: something is refused, sign-in is dead, or breaks within CW_NAGIOS_CRITICAL_DAYS. Warning: a link
 * warns, sign-in prompts or is degraded, or something breaks within CW_NAGIOS_WARNING_DAYS. Unknown: a link is
 * not known, or there is no link at all. One deployment a call.
 */
#ifndef CW_REPORT_REPORT_NAGIOS_H
#define CW_REPORT_REPORT_NAGIOS_H

#include "base/buffer.h"
#include "plan/horizon.h"

#define CW_NAGIOS_CRITICAL_DAYS 7
#define CW_NAGIOS_WARNING_DAYS 30

/* The plugin's exit statuses. */
enum cw_nagios_state {
	CW_NAGIOS_OK = 0,
	CW_NAGIOS_WARNING = 1,
	CW_NAGIOS_CRITICAL = 2,
	CW_NAGIOS_UNKNOWN = 3
};

/** `horizon` is the deployment's own, looked at from check->at. */
CW_MUST_USE bool cw_report_nagios(const struct cw_check *check, const struct cw_horizon *horizon,
	struct cw_buffer *ret, struct cw_error *error);

enum cw_nagios_state cw_report_nagios_state(const struct cw_check *check, const struct cw_horizon *horizon);

/** The line of a question that could not be asked. */
void cw_report_nagios_trouble(struct cw_buffer *ret, const char *path);

#endif
