#include "observe/log/log_row.h"

#include "observe/log/log_rows.h"

#include <string.h>

/* In the order in which they are tried. */
static const struct cw_log_rows *const parts[] = {
	&cw_log_rows_expressway,
	&cw_log_rows_traffic,
	&cw_log_rows_verify,
	&cw_log_rows_alarm,
	&cw_log_rows_alert,
	&cw_log_rows_endpoint,
	&cw_log_rows_jabber,
	&cw_log_rows_cucm,
	&cw_log_rows_phone,
	&cw_log_rows_page,
	&cw_log_rows_wire,
	&cw_log_rows_suspect,
};

#define PARTS (sizeof parts / sizeof parts[0])

const struct cw_log_row *cw_log_row(size_t index)
{
	for (size_t i = 0; i < PARTS; i++) {
		if (index < parts[i]->count)
			return &parts[i]->items[index];
		index -= parts[i]->count;
	}
	return NULL;
}

size_t cw_log_row_count(void)
{
	size_t count = 0;
	for (size_t i = 0; i < PARTS; i++)
		count += parts[i]->count;
	return count;
}

const struct cw_log_row *cw_log_row_find(const char *name)
{
	size_t count = cw_log_row_count();
	for (size_t i = 0; i < count; i++)
		if (strcmp(cw_log_row(i)->name, name) == 0)
			return cw_log_row(i);
	return NULL;
}

bool cw_log_row_is_fault(const struct cw_log_row *row)
{
	return row->kind == CW_LOG_FAULT;
}
