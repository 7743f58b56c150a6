/**
 * The parts of the table of log lines, one file for each kind of software. For observe/log/log_row.c only.
 */
#ifndef CW_OBSERVE_LOG_LOG_ROWS_H
#define CW_OBSERVE_LOG_LOG_ROWS_H

#include "observe/log/log_row.h"

struct cw_log_rows {
	const struct cw_log_row *items;
	size_t count;
};

#define CW_LOG_ROWS(table) \
	{ \
		(table), sizeof(table) / sizeof(table)[0] \
	}

extern const struct cw_log_rows cw_log_rows_expressway;
extern const struct cw_log_rows cw_log_rows_verify;
extern const struct cw_log_rows cw_log_rows_traffic;
extern const struct cw_log_rows cw_log_rows_alarm;
extern const struct cw_log_rows cw_log_rows_alert;
extern const struct cw_log_rows cw_log_rows_endpoint;
extern const struct cw_log_rows cw_log_rows_jabber;
extern const struct cw_log_rows cw_log_rows_cucm;
extern const struct cw_log_rows cw_log_rows_phone;
extern const struct cw_log_rows cw_log_rows_page;
extern const struct cw_log_rows cw_log_rows_wire;
extern const struct cw_log_rows cw_log_rows_suspect;

#endif
