#include "http/http_field.h"

static const struct {
	const char *name;
	bool once, connection;
} table[] = {
#define X(code, name, once, connection) [CW_HTTP_FIELD_##code] = {name, once, connection},
	CW_HTTP_FIELDS(X)
#undef X
};

#define ROWS (sizeof table / sizeof *table)

/* The rows of each length: number of the first, and how many. */
static const struct {
	uint8_t from, count;
} by_length[] = {
	[2] = {CW_HTTP_FIELD_TE, 1},
	[4] = {CW_HTTP_FIELD_HOST, 3},
	[5] = {CW_HTTP_FIELD_RANGE, 1},
	[6] = {CW_HTTP_FIELD_COOKIE, 4},
	[7] = {CW_HTTP_FIELD_REFERER, 3},
	[8] = {CW_HTTP_FIELD_LOCATION, 1},
	[10] = {CW_HTTP_FIELD_CONNECTION, 4},
	[12] = {CW_HTTP_FIELD_CONTENT_TYPE, 1},
	[13] = {CW_HTTP_FIELD_AUTHORIZATION, 3},
	[14] = {CW_HTTP_FIELD_HTTP2_SETTINGS, 3},
	[16] = {CW_HTTP_FIELD_PROXY_CONNECTION, 3},
	[17] = {CW_HTTP_FIELD_IF_MODIFIED_SINCE, 2},
	[18] = {CW_HTTP_FIELD_PROXY_AUTHENTICATE, 1},
	[19] = {CW_HTTP_FIELD_PROXY_AUTHORIZATION, 1},
};

/* A difference in the bit of small letters alone is none: where the wanted byte is a digit or a hyphen, the
 * other one would be a control byte, which no name has. */
static bool same_name(struct cw_http_text name, const char *wanted)
{
	unsigned differ = 0;
	for (size_t i = 0; i < name.length; i++)
		differ |= (unsigned)(name.at[i] ^ wanted[i]) & ~0x20U;
	return !differ;
}

enum cw_http_known cw_http_field_known(struct cw_http_text name)
{
	if (name.length >= sizeof by_length / sizeof *by_length)
		return CW_HTTP_FIELD_OTHER;
	size_t from = by_length[name.length].from, end = from + by_length[name.length].count;
	for (size_t i = from; i < end; i++) {
		/* one letter tells most of them apart */
		if (((table[i].name[0] ^ name.at[0]) & ~0x20) == 0 && same_name(name, table[i].name))
			return (enum cw_http_known)i;
	}
	return CW_HTTP_FIELD_OTHER;
}

const char *cw_http_field_name(enum cw_http_known known)
{
	return known < ROWS ? table[known].name : NULL;
}

bool cw_http_field_stands_once(enum cw_http_known known)
{
	return known < ROWS && table[known].once;
}

bool cw_http_field_is_for_connection(enum cw_http_known known)
{
	return known < ROWS && table[known].connection;
}
