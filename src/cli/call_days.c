#include "cli/call_days.h"

bool cw_call_days(const struct cw_call *call, long *ret, struct cw_error *error)
{
	const char *text = cw_arguments_value(&call->arguments, "days");
	if (!text) {
		*ret = 0;
		return true;
	}
	char *end;
	long days = strtol(text, &end, 10);
	if (end == text || *end || days < 1 || days > CW_DAYS_MAX)
		return cw_error_set(error, CW_E_USAGE, "--days: wanted a number from 1 to %d, found \"%s\"",
			CW_DAYS_MAX, text);
	*ret = days;
	return true;
}
