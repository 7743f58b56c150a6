#include "http/http_reason.h"

static const struct {
	const char *name;
	int status;
	const char *text;
} table[] = {
#define X(code, name, status, text) [CW_HTTP_BAD_##code] = {name, status, text},
	CW_HTTP_REASONS(X)
#undef X
};

const char *cw_http_reason_name(enum cw_http_reason reason)
{
	return table[reason].name;
}

int cw_http_reason_status(enum cw_http_reason reason)
{
	return table[reason].status;
}

const char *cw_http_reason_text(enum cw_http_reason reason)
{
	return table[reason].text;
}

bool cw_http_reason_refuse(enum cw_http_reason *ret_reason, enum cw_http_reason reason)
{
	*ret_reason = reason;
	return false;
}
