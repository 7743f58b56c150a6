#include "http/http_field.h"

static const struct {
	const char *name;
	uint8_t length;
	bool once, connection;
} table[] = {
#define X(code, name, once, connection) [CW_HTTP_FIELD_##code] = {name, sizeof name - 1, once, connection},
	CW_HTTP_FIELDS(X)
#undef X
};

#define ROWS (sizeof table / sizeof *table)

enum cw_http_known cw_http_field_known(struct cw_http_text name)
{
	for (size_t i = 0; i < ROWS && table[i].length <= name.length; i++) {
		/* one letter tells most rows apart */
		if (table[i].length == name.length && ((table[i].name[0] ^ name.at[0]) & ~0x20) == 0 &&
			cw_http_text_same_word(name, table[i].name))
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
